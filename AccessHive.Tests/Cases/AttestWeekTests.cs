using AccessHive.Core.Cases;
using AccessHive.Core.Cases.UseCases;
using AccessHive.Core.Cases.Weeks;
using AccessHive.Core.Kernel;
using AccessHive.Tests.World;
using Microsoft.EntityFrameworkCore;
using NodaTime;
using Xunit;

namespace AccessHive.Tests.Cases;

/// <summary>The test agency is founded on Monday 23 November 2026, 04:00 in Berlin, so week 48 is its first.</summary>
public sealed class AttestWeekTests
{
    private static readonly ReviewWeek Week = new(2026, 48);
    private static readonly Duration UntilItIsOver = Duration.FromDays(7);

    [Fact]
    public async Task An_empty_week_is_attested_by_name_once_it_is_over_and_never_again()
    {
        await using var agency = await TestAgency.FoundAsync();
        Assert.Equal(WeekRefusals.WeekNotOver, await AttestAsync(agency, agency.Sofia, "Sofia"));
        agency.Time.Advance(UntilItIsOver);

        Assert.Equal(WeekRefusals.NameNotYours, await AttestAsync(agency, agency.Sofia, "Olivia"));
        Assert.Equal(WeekRefusals.NotReviewer, await AttestAsync(agency, agency.Aiko, "Aiko"));
        Assert.Equal(WeekRefusals.WeekUnknown, await AttestAsync(agency, agency.Sofia, "Sofia", Week.Before));
        Assert.Equal(WeekRefusals.AttestationTooLong, await AttestAsync(agency, agency.Sofia, "Sofia", text: new string('x', 2001)));
        Assert.Null(await AttestAsync(agency, agency.Sofia, "  sofia ", text: "Nothing happened."));
        Assert.Equal(WeekRefusals.AttestedAlready, await AttestAsync(agency, agency.Olivia, "Olivia"));

        var page = (await agency.Get<WeekQueries>().PageAsync(agency.Aiko, Week))!;
        Assert.Equal(new WeekAnswer("Sofia", agency.Now, "Nothing happened.", 0, 0), page.Row.Answer);
        Assert.Contains("week.attested", await agency.TrailAsync("week."));
    }

    [Fact]
    public async Task Nobody_closes_a_week_over_their_own_emergency_until_somebody_else_has_reviewed_it()
    {
        await using var agency = await TestAgency.FoundAsync();
        var session = await agency.GrantAsync(agency.Olivia, agency.Adam);
        (await agency.Get<Core.Sessions.UseCases.EndSessionHandler>().EndAsync(agency.Olivia, session)).Require();
        agency.Time.Advance(UntilItIsOver);

        Assert.Equal(WeekRefusals.OwnEmergencyUnreviewed, await AttestAsync(agency, agency.Olivia, "Olivia"));
        Assert.Equal(WeekRefusals.OwnEmergencyUnreviewed, await AttestAsync(agency, agency.Adam, "Adam"));
        await ReviewAsync(agency);
        Assert.Null(await AttestAsync(agency, agency.Olivia, "Olivia"));
    }

    [Fact]
    public async Task What_comes_after_the_attestation_is_shown_as_later_and_changes_nothing_of_it()
    {
        await using var agency = await TestAgency.FoundAsync();
        (await agency.RaiseAsync(agency.Olivia)).Require();
        agency.Time.Advance(Duration.FromHours(1));
        await agency.SettleAsync();
        Assert.NotNull((await agency.RaiseAsync(agency.Max)).Refusal);
        agency.Time.Advance(UntilItIsOver);
        Assert.Null(await AttestAsync(agency, agency.Sofia, "Sofia"));
        agency.Time.Advance(Duration.FromHours(1));
        await ReviewAsync(agency);

        var page = (await agency.Get<WeekQueries>().PageAsync(agency.Sofia, Week))!;

        Assert.Equal((1, 1), (page.Row.Answer!.Emergencies, page.Row.Answer.Unreviewed));
        Assert.Equal(0, page.Row.Unreviewed);
        Assert.Equal(["case.reviewed", "case.closed"], page.Later.Select(l => l.Type));
        Assert.Equal("Max", Assert.Single(page.Refused).Who);
        Assert.Empty(page.StillOpen);
        await Assert.ThrowsAnyAsync<Exception>(() => agency.SqlAsync("UPDATE \"WeekAttestations\" SET \"Text\" = 'better'"));
        await Assert.ThrowsAnyAsync<Exception>(() => agency.SqlAsync("DELETE FROM \"WeekAttestations\""));
    }

    [Fact]
    public async Task Two_who_attest_at_once_make_one_attestation()
    {
        await using var agency = await TestAgency.FoundAsync();
        agency.Time.Advance(UntilItIsOver);

        var both = await Task.WhenAll(AttestAsync(agency, agency.Sofia, "Sofia"), AttestAsync(agency, agency.Olivia, "Olivia"));

        Assert.Single(both, refused => refused is null);
        Assert.Single(both, refused => refused == WeekRefusals.AttestedAlready);
    }

    [Fact]
    public async Task The_list_has_every_week_since_the_founding_and_only_readers_of_cases_see_it()
    {
        await using var agency = await TestAgency.FoundAsync();
        (await agency.RaiseAsync(agency.Olivia)).Require();
        agency.Time.Advance(Duration.FromDays(30));

        var list = (await agency.Get<WeekQueries>().ListAsync(agency.Aiko))!;

        Assert.Equal(["2026-W52", "2026-W51", "2026-W50", "2026-W49", "2026-W48"], list.Rows.Select(r => r.Week.ToString()));
        Assert.Equal([0, 0, 0, 0, 1], list.Rows.Select(r => r.Emergencies));
        Assert.Equal((4, false), (list.ToAttest, list.Rows[0].IsOver));
        Assert.Null(await agency.Get<WeekQueries>().ListAsync(agency.Max));
        Assert.Null(await agency.Get<WeekQueries>().PageAsync(agency.Priya, Week));
        var patterns = (await agency.Get<PatternQueries>().ReadAsync(agency.Aiko))!;
        Assert.Equal((5, 1), (patterns.Weeks.Count, patterns.All));
    }

    private static async Task<Refusal?> AttestAsync(TestAgency agency, PersonId who, string name, ReviewWeek? week = null, string text = "")
        => (await agency.Get<AttestWeekHandler>().HandleAsync(who, new AttestWeek(week ?? Week, name, text))).Refusal;

    private static async Task ReviewAsync(TestAgency agency)
    {
        await using var db = await agency.ReadAsync();
        var id = await db.Cases.Select(c => c.Id).SingleAsync();
        (await agency.Get<ReviewCases>().ReviewAsync(agency.Sofia, new ReviewCase(id, CaseVerdict.Genuine, new ReviewAnswers(WasGenuine: true, "", DurationRight: true, "", NeedsFollowUp: false)))).Require();
    }
}
