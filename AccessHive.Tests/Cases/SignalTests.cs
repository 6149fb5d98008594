using AccessHive.Core.Agency;
using AccessHive.Core.Cases.Signals;
using AccessHive.Core.Kernel;
using AccessHive.Core.Requests;
using AccessHive.Web.Features.Shared;
using NodaTime;
using Xunit;

namespace AccessHive.Tests.Cases;

/// <summary>Each signal on its edge: what is just enough fires, what is just not enough does not, and both name their entries.</summary>
public sealed class SignalTests
{
    private static readonly DateTimeZone Berlin = DateTimeZoneProviders.Tzdb["Europe/Berlin"];
    private static readonly Instant Noon = Instant.FromUtc(2026, 11, 25, 11, 0);
    private static readonly (PersonId Id, string Name) Max = (PersonId.New(), "Max");
    private static readonly (PersonId Id, string Name) Priya = (PersonId.New(), "Priya");
    private static readonly CredentialId Ads = CredentialId.New();
    private long seq;

    [Fact]
    public void Four_emergencies_of_a_person_within_seven_days_fire_and_say_what_is_usual()
    {
        var old = Ask(Noon - Duration.FromDays(30));
        List<EmergencyFact> all = [old, .. new[] { 6.9, 4, 2, 0 }.Select(days => Ask(Noon - Duration.FromDays(days), credential: CredentialId.New()))];

        var signal = new PersonOften().Find(all[^1], all)!;

        Assert.Equal(all.Skip(1).Select(e => e.Raised), signal.Entries);
        Assert.Equal("4 emergencies by Max in 7 days; usual is less than 1.", SignalWords.Sentence(signal));
        Assert.Null(new PersonOften().Find(all[^2], all));
        Assert.Null(new CredentialOften().Find(all[^1], all));
    }

    [Fact]
    public void Who_always_has_many_is_not_pointed_out_until_it_is_twice_as_many()
    {
        var weekly = Enumerable.Range(0, 8).SelectMany(week => Enumerable.Range(0, 3).Select(i => Ask(Noon - Duration.FromDays(62 - week * 7 - i)))).ToList();
        List<EmergencyFact> five = [.. weekly, .. Enumerable.Range(0, 5).Select(i => Ask(Noon - Duration.FromHours(5 - i)))];
        List<EmergencyFact> six = [.. weekly, .. Enumerable.Range(0, 6).Select(i => Ask(Noon - Duration.FromHours(6 - i)))];

        Assert.Null(new PersonOften().Find(five[^1], five));
        Assert.Equal("6 emergencies by Max in 7 days; usual is 3.", SignalWords.Sentence(new PersonOften().Find(six[^1], six)!));
    }

    [Fact]
    public void Three_credentials_within_half_an_hour_fire_and_the_same_one_three_times_does_not()
    {
        List<EmergencyFact> broad = [.. new[] { 29, 10, 0 }.Select(m => Ask(Noon - Duration.FromMinutes(m), credential: CredentialId.New()))];
        List<EmergencyFact> slow = [.. new[] { 30, 10, 0 }.Select(m => Ask(Noon - Duration.FromMinutes(m), credential: CredentialId.New()))];
        List<EmergencyFact> same = [.. new[] { 29, 10, 0 }.Select(m => Ask(Noon - Duration.FromMinutes(m)))];

        Assert.Equal(3, new Breadth().Find(broad[^1], broad)!.Entries.Count);
        Assert.Null(new Breadth().Find(slow[^1], slow));
        Assert.Null(new Breadth().Find(same[^1], same));
    }

    [Fact]
    public void The_same_approver_four_times_of_five_fires_and_of_six_does_not()
    {
        var olivia = (PersonId.New(), "Olivia");
        List<EmergencyFact> pair = [.. Enumerable.Range(0, 5).Select(i => Approve(Ask(Noon - Duration.FromDays(10 - i)), i == 0 ? olivia : Priya, 60))];
        List<EmergencyFact> mixed = [Approve(Ask(Noon - Duration.FromDays(11)), olivia, 60), .. pair];

        Assert.Equal("Priya approved 4 of 5 emergencies of Max within 4 weeks.", SignalWords.Sentence(new SamePair().Find(pair[^1], pair)!));
        Assert.Null(new SamePair().Find(mixed[^1], mixed));
    }

    [Fact]
    public void An_approval_within_five_seconds_fires_and_one_without_a_person_does_not()
    {
        var (fast, slow, none) = (Approve(Ask(Noon), Priya, 5), Approve(Ask(Noon), Priya, 5.001), Ask(Noon));

        Assert.Equal([fast.Raised, fast.Approved!.Entry], new FastApproval().Find(fast, [fast])!.Entries);
        Assert.Null(new FastApproval().Find(slow, [slow]));
        Assert.Null(new FastApproval().Find(none, [none]));
    }

    [Fact]
    public void The_same_words_fire_however_they_are_dressed_up_and_other_words_do_not()
    {
        var before = Ask(Noon - Duration.FromDays(80), words: "The client's ad account shows spend that we did not book, incident 4711.");
        var again = Ask(Noon, words: "the clients ad-account shows spend, that we did NOT book! (Incident 4712)");
        var other = Ask(Noon, words: "The client's mail server rejects our newsletter since this morning and support is closed.");
        var longAgo = before with { Raised = before.Raised with { At = Noon - Duration.FromDays(91) } };

        Assert.Equal([before.Raised, again.Raised], new SameWords().Find(again, [before, again])!.Entries);
        Assert.Null(new SameWords().Find(other, [before, other]));
        Assert.Null(new SameWords().Find(again, [longAgo, again]));
        Assert.Null(new SameWords().Find(again, [before with { Requester = Priya.Id }, again]));
    }

    [Theory]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaa", true)]
    [InlineData("urgent urgent urgent urgent", true)]
    [InlineData("12345 67890 12345 67890 ...", true)]
    [InlineData("asdf asdf asdf asdf asdf", true)]
    [InlineData("Shop is down, client on phone.", false)]
    [InlineData("広告アカウントに身に覚えのない支出があります。今すぐ停止が必要です。", false)]
    public void Words_that_say_nothing_are_told_from_words(string words, bool empty) => Assert.Equal(empty, Likeness.IsEmpty(words));

    [Fact]
    public void Outside_working_hours_is_reckoned_in_the_agencys_zone()
    {
        var signal = new OutsideHours(WorkingHours.Default, Berlin);

        Assert.Null(signal.Find(Ask(Instant.FromUtc(2026, 11, 25, 8, 0)), []));
        Assert.Contains("Wed 18:00", SignalWords.Sentence(signal.Find(Ask(Instant.FromUtc(2026, 11, 25, 17, 0)), [])!), StringComparison.Ordinal);
        Assert.NotNull(signal.Find(Ask(Instant.FromUtc(2026, 11, 28, 11, 0)), []));
    }

    [Fact]
    public void The_third_session_in_a_row_fires_with_all_their_minutes()
    {
        var first = Hold(Ask(Noon), 60);
        var second = Hold(Ask(Noon + Duration.FromHours(1)) with { Continues = first.Request }, 60);
        var third = Hold(Ask(Noon + Duration.FromHours(2)) with { Continues = second.Request }, 30);

        Assert.Equal("3 sessions in a row by Max on Ads, 150 minutes in all.", SignalWords.Sentence(new Continuations().Find(third, [first, second, third])!));
        Assert.Null(new Continuations().Find(second, [first, second, third]));
    }

    [Fact]
    public void A_session_that_its_holder_ended_within_a_minute_fires_with_a_look_or_without()
    {
        var (looked, idle, longer) = (Hold(Ask(Noon), 1, reveals: 1), Hold(Ask(Noon), 0.5), Hold(Ask(Noon), 1.1, reveals: 1));
        var ranOut = looked with { Session = looked.Session! with { ByHolder = false } };

        Assert.Equal(3, new Needless().Find(looked, [looked])!.Entries.Count);
        Assert.Contains("without looking at anything", SignalWords.Sentence(new Needless().Find(idle, [idle])!), StringComparison.Ordinal);
        Assert.Null(new Needless().Find(longer, [longer]));
        Assert.Null(new Needless().Find(ranOut, [ranOut]));
    }

    [Fact]
    public void Verdicts_without_a_look_and_in_bulk_are_pointed_out()
    {
        var judged = Ask(Noon) with { Verdicts = [new VerdictFact(Priya.Id, "Priya", Entry(Noon, "case.reviewed"), Duration.FromSeconds(29), 2)] };
        var calm = Ask(Noon) with { Verdicts = [new VerdictFact(Priya.Id, "Priya", Entry(Noon, "case.reviewed"), Duration.FromSeconds(30), 1)] };

        Assert.NotNull(new InstantVerdict().Find(judged, [judged]));
        Assert.Equal("Priya gave 3 verdicts within a minute.", SignalWords.Sentence(new BulkVerdicts().Find(judged, [judged])!));
        Assert.Null(new InstantVerdict().Find(calm, [calm]));
        Assert.Null(new BulkVerdicts().Find(calm, [calm]));
    }

    [Fact]
    public void What_shows_at_several_emergencies_is_said_once_with_all_its_entries()
    {
        List<EmergencyFact> all = [.. Enumerable.Range(0, 6).Select(i => Ask(Noon - Duration.FromHours(6 - i), credential: CredentialId.New(), words: $"{(char)('a' + i)} quite different reason {new string((char)('b' + i), i + 3)} number {i}"))];

        var found = MisuseSignals.Find(all, all, MisuseSignals.All(WorkingHours.Default, Berlin));

        Assert.Equal(6, Assert.Single(found, s => s.Kind == SignalKind.PersonOften).Entries.Count);
        Assert.All(found, s => Assert.NotEmpty(s.Entries));
        Assert.All(Enum.GetValues<SignalKind>(), kind => Assert.NotEqual(kind.ToString(), SignalWords.Title(kind)));
    }

    private EmergencyFact Ask(Instant at, CredentialId? credential = null, string words = "Something that nobody else ever wrote")
        => new(RequestId.New(), Max.Id, Max.Name, IdentityId.New(), "Ads", credential ?? Ads, words, Entry(at, "request.raised"), RequestState.Approved);

    private EmergencyFact Approve(EmergencyFact asked, (PersonId Id, string Name) by, double seconds)
        => asked with { Approved = new DecisionFact(by.Id, by.Name, Entry(asked.Raised.At + Duration.FromSeconds(seconds), "request.approved")) };

    private EmergencyFact Hold(EmergencyFact asked, double minutes, int reveals = 0)
    {
        var (from, until) = (asked.Raised.At, asked.Raised.At + Duration.FromMinutes(minutes));
        return asked with
        {
            Session = new SessionFact(
                Entry(from, "session.started"), Entry(until, "session.ended-by-holder"), ByHolder: true, Duration.FromHours(1), [.. Enumerable.Range(0, reveals).Select(_ => Entry(from, "session.secret-revealed"))]),
        };
    }

    private FiredBy Entry(Instant at, string type) => new(++seq, at, type);
}
