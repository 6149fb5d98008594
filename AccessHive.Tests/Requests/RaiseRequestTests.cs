using AccessHive.Core.Agency;
using AccessHive.Core.Agency.UseCases;
using AccessHive.Core.Audit.UseCases;
using AccessHive.Core.Kernel;
using AccessHive.Core.Requests;
using AccessHive.Core.Requests.UseCases;
using AccessHive.Core.Sessions;
using AccessHive.Core.Sessions.UseCases;
using AccessHive.Core.Vault;
using AccessHive.Core.Vault.UseCases;
using AccessHive.Tests.World;
using Microsoft.EntityFrameworkCore;
using NodaTime;
using Xunit;

namespace AccessHive.Tests.Requests;

public sealed class RaiseRequestTests : IAsyncLifetime
{
    private const string OtherReason = "The launch was moved and the campaign still has to go live tonight.";
    private TestAgency agency = null!;

    public async ValueTask InitializeAsync() => agency = await TestAgency.FoundAsync();

    public ValueTask DisposeAsync() => agency.DisposeAsync();

    [Fact]
    public async Task Who_is_not_eligible_learns_which_roles_are_and_which_they_have()
    {
        foreach (var who in new[] { agency.Priya, agency.Ian, agency.Sofia, agency.Aiko, agency.Max })
        {
            var refused = (await agency.RaiseAsync(who)).Refusal;
            Assert.Equal(RequestRefusals.NotEligible, refused);
            Assert.Equal("Owner, Admin", refused!.Facts["eligible"]);
        }

        var refusedMax = (await agency.RaiseAsync(agency.Max)).Refusal!;
        Assert.Equal("Member", refusedMax.Facts["yours"]);
        Assert.Equal(6, (await agency.TrailAsync("attempt.refused")).Count);
    }

    [Fact]
    public async Task Each_guard_speaks_before_the_next_one_in_the_order_a_person_would_ask()
    {
        // Everything is wrong at once; each step puts one thing right, and the next refusal is heard.
        var archive = agency.Get<KeepIdentities>();
        var (foreign, foreignCredential) = await agency.KeepAsync("Nordwind – Meta");
        var foreignSession = await agency.GrantAsync(agency.Olivia, agency.Adam, foreignCredential);
        (await archive.ArchiveAsync(agency.Ian, agency.Ads, archived: true)).Require();

        await RefusedAsync("not-eligible", agency.Max, "short", (ReasonCategory)99, new string('r', 101), 4, foreignSession);
        await RefusedAsync("archived", agency.Adam, "short", (ReasonCategory)99, new string('r', 101), 4, foreignSession);
        (await archive.ArchiveAsync(agency.Ian, agency.Ads, archived: false)).Require();
        await RefusedAsync("justification-too-short", agency.Adam, "short", (ReasonCategory)99, new string('r', 101), 4, foreignSession);
        await RefusedAsync("justification-too-long", agency.Adam, new string('x', 1001), (ReasonCategory)99, new string('r', 101), 4, foreignSession);
        await RefusedAsync("reason-missing", agency.Adam, OtherReason, (ReasonCategory)99, new string('r', 101), 4, foreignSession);
        await RefusedAsync("reference-too-long", agency.Adam, OtherReason, ReasonCategory.Other, new string('r', 101), 4, foreignSession);
        await RefusedAsync("duration-out-of-range", agency.Adam, OtherReason, ReasonCategory.Other, "", 4, foreignSession);
        await RefusedAsync("not-yours-to-continue", agency.Adam, OtherReason, ReasonCategory.Other, "", 5, foreignSession);

        var own = await agency.GrantAsync(agency.Adam);
        (await agency.Get<EndSessionHandler>().EndAsync(agency.Adam, own)).Require();
        await RefusedAsync("justification-not-updated", agency.Adam, TestAgency.GoodReason, ReasonCategory.Other, "", 5, own);
        var pending = (await agency.RaiseAsync(agency.Adam)).Require().Request;
        await RefusedAsync("already-pending", agency.Adam, OtherReason, ReasonCategory.Other, "", 5, own);
        (await agency.DecideAsync(agency.Priya, pending)).Require();
        await RefusedAsync("already-running", agency.Adam, OtherReason, ReasonCategory.Other, "", 5, own);
        Assert.NotEqual(foreign, agency.Ads);
    }

    [Theory]
    [InlineData(4, 0, false)]
    [InlineData(5, 0, true)]
    [InlineData(60, 0, true)]
    [InlineData(61, 0, false)]
    [InlineData(5, 30, false)]
    [InlineData(0, 0, false)]
    [InlineData(-5, 0, false)]
    public async Task Five_minutes_up_to_the_maximum_of_the_card_can_be_asked_for_in_whole_minutes(int minutes, int seconds, bool good)
    {
        var command = new RaiseRequest(
            agency.AdsPassword, new Justification(OtherReason, ReasonCategory.Outage, ""), Duration.FromMinutes(minutes) + Duration.FromSeconds(seconds));

        var raised = await agency.Get<RaiseRequestHandler>().HandleAsync(agency.Adam, command);

        Assert.Equal(good ? null : RequestRefusals.DurationOutOfRange, raised.Refusal);
    }

    [Fact]
    public async Task The_words_are_kept_trimmed()
    {
        var raised = (await agency.RaiseAsync(agency.Adam, reason: $"  {OtherReason}\n")).Require();

        var page = await agency.Get<RequestQueries>().PageAsync(agency.Adam, raised.Request);
        Assert.Equal(OtherReason, page!.Justification.Text);
    }

    [Fact]
    public async Task Nothing_in_the_words_breaks_the_request()
    {
        foreach (var odd in new[] { "\ud800 half a surrogate in the text", "zero \0 in the middle of the text", "\"quotes\" -- ; DROP TABLE Trail; and 🔥🔥🔥" })
        {
            var raised = (await agency.RaiseAsync(agency.Olivia, reason: odd)).Require();
            (await agency.Get<DecideRequestHandler>().WithdrawAsync(agency.Olivia, raised.Request)).Require();
        }

        Assert.Equal(3, (await agency.TrailAsync("request.raised")).Count);
    }

    [Fact]
    public async Task An_unknown_credential_an_archived_one_and_an_unknown_session_are_refused()
    {
        Assert.Equal(VaultRefusals.CredentialNotFound, (await agency.RaiseAsync(agency.Adam, CredentialId.New())).Refusal);
        Assert.Equal(SessionRefusals.SessionNotFound, (await agency.RaiseAsync(agency.Adam, continues: SessionId.New())).Refusal);
        (await agency.Get<KeepIdentities>().ArchiveCredentialAsync(agency.Ian, agency.AdsPassword)).Require();
        Assert.Equal(VaultRefusals.Archived, (await agency.RaiseAsync(agency.Adam)).Refusal);
    }

    [Fact]
    public async Task Nobody_disabled_uninvited_or_not_yet_joined_raises_anything()
    {
        var link = (await agency.Get<ManagePeople>().InviteAsync(agency.Olivia, new InvitePerson("Nora", "nora@agency.example", Roles.Admin))).Require();
        (await agency.Get<ManagePeople>().DisableAsync(agency.Olivia, agency.Adam)).Require();

        foreach (var who in new[] { link.Person, agency.Adam, PersonId.New() })
            Assert.Equal(AgencyRefusals.CallerNotActive, (await agency.RaiseAsync(who)).Refusal);
        Assert.Empty(await agency.TrailAsync("request."));
    }

    [Fact]
    public async Task With_approval_off_access_is_granted_at_once_and_nobody_is_said_to_have_approved_it()
    {
        (await agency.SaveRulesAsync(r => r with { RequireApproval = false })).Require();

        var raised = (await agency.RaiseAsync(agency.Adam)).Require();

        Assert.Equal(TestAgency.Secret, (await agency.RevealAsync(agency.Adam, raised.Session!.Value)).Require());
        var page = await agency.Get<SessionQueries>().PageAsync(agency.Adam, raised.Session.Value);
        Assert.Null(page!.ApprovedBy);
        Assert.Equal(Duration.FromMinutes(30), page.Remaining);
        Assert.Equal(["request.raised", "request.approved", "case.opened", "session.started", "session.secret-revealed"], (await agency.TrailAsync()).TakeLast(5));
    }

    [Fact]
    public async Task A_parallel_double_click_raises_one_request()
    {
        var results = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Task.Run(() => agency.RaiseAsync(agency.Adam))));

        Assert.Single(results, r => !r.IsRefused);
        Assert.Equal(9, results.Count(r => r.Refusal == RequestRefusals.AlreadyPending));
        Assert.Single(await agency.Get<RequestQueries>().MinePendingAsync(agency.Adam));
        Assert.Single(await agency.TrailAsync("request.raised"));
    }

    [Fact]
    public async Task A_parallel_double_click_with_approval_off_starts_one_session()
    {
        (await agency.SaveRulesAsync(r => r with { RequireApproval = false })).Require();

        var results = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Task.Run(() => agency.RaiseAsync(agency.Adam))));

        Assert.Single(results, r => !r.IsRefused);
        Assert.Equal(9, results.Count(r => r.Refusal == RequestRefusals.AlreadyRunning));
        Assert.Single(await agency.TrailAsync("session.started"));
    }

    [Fact]
    public async Task Five_requests_an_hour_are_enough_for_everybody_but_the_last_owner()
    {
        foreach (var who in new[] { agency.Adam, agency.Olivia })
        {
            for (var i = 0; i < 5; i++)
                await RaiseAndWithdrawAsync(who);
        }

        Assert.Equal(RequestRefusals.TooManyRequests, (await agency.RaiseAsync(agency.Adam)).Refusal);
        await RaiseAndWithdrawAsync(agency.Olivia);
        var second = await agency.InviteAsync("Oscar", Roles.Owner);
        Assert.Equal(RequestRefusals.TooManyRequests, (await agency.RaiseAsync(agency.Olivia)).Refusal);
        (await agency.Get<ManagePeople>().DisableAsync(agency.Olivia, second)).Require();
        await RaiseAndWithdrawAsync(agency.Olivia);
    }

    [Fact]
    public async Task A_request_counts_for_an_hour_and_not_at_the_end_of_it()
    {
        for (var i = 0; i < 5; i++)
            await RaiseAndWithdrawAsync(agency.Adam);
        agency.Time.Advance(Duration.FromHours(1) - Duration.FromMilliseconds(1));
        Assert.Equal(RequestRefusals.TooManyRequests, (await agency.RaiseAsync(agency.Adam)).Refusal);

        agency.Time.Advance(Duration.FromMilliseconds(1));

        (await agency.RaiseAsync(agency.Adam)).Require();
    }

    [Fact]
    public async Task Three_running_sessions_are_enough()
    {
        for (var i = 0; i < 3; i++)
            await agency.GrantAsync(agency.Adam, credential: (await agency.KeepAsync($"Client {i}")).Credential);

        Assert.Equal(RequestRefusals.TooManySessions, (await agency.RaiseAsync(agency.Adam)).Refusal);
        agency.Time.AdvanceMinutes(30);
        (await agency.RaiseAsync(agency.Adam)).Require();
    }

    [Fact]
    public async Task Waiting_requests_that_are_approved_one_after_the_other_give_no_fourth_session_either()
    {
        var waiting = new List<RequestId>();
        for (var i = 0; i < 4; i++)
            waiting.Add((await agency.RaiseAsync(agency.Adam, (await agency.KeepAsync($"Client {i}")).Credential)).Require().Request);
        foreach (var request in waiting.Take(3))
            (await agency.DecideAsync(agency.Priya, request)).Require();

        Assert.Equal(RequestRefusals.TooManySessions, (await agency.DecideAsync(agency.Priya, waiting[3])).Refusal);

        Assert.Equal(3, (await agency.Get<SessionQueries>().MineAsync(agency.Adam)).Count);
        Assert.Equal(RequestState.Pending, (await agency.Get<RequestQueries>().PageAsync(agency.Adam, waiting[3]))!.State);
    }

    [Fact]
    public async Task A_session_is_continued_by_its_holder_on_the_same_credential_with_new_words()
    {
        var first = await agency.GrantAsync(agency.Adam);
        var elsewhere = (await agency.KeepAsync("Nordwind – Meta")).Credential;
        agency.Time.AdvanceMinutes(30);
        await agency.SettleAsync();

        Assert.Equal(RequestRefusals.NotYoursToContinue, (await agency.RaiseAsync(agency.Olivia, reason: OtherReason, continues: first)).Refusal);
        Assert.Equal(RequestRefusals.NotYoursToContinue, (await agency.RaiseAsync(agency.Adam, elsewhere, OtherReason, continues: first)).Refusal);
        Assert.Equal(RequestRefusals.JustificationNotUpdated, (await agency.RaiseAsync(agency.Adam, reason: $" {TestAgency.GoodReason.ToUpperInvariant()}  ", continues: first)).Refusal);
        var next = (await agency.RaiseAsync(agency.Adam, reason: OtherReason, continues: first)).Require();
        var second = (await agency.DecideAsync(agency.Priya, next.Request)).Require().Session!.Value;

        Assert.Equal(first, (await agency.Get<SessionQueries>().PageAsync(agency.Adam, second))!.Continues);
        Assert.Equal(second, (await agency.Get<SessionQueries>().PageAsync(agency.Adam, first))!.ContinuedBy);
    }

    [Fact]
    public async Task With_the_deadline_loop_dead_a_session_whose_time_is_used_up_stands_in_nobodys_way()
    {
        (await agency.SaveRulesAsync(r => r with { RequireApproval = false })).Require();
        var first = (await agency.RaiseAsync(agency.Adam)).Require().Session!.Value;
        agency.Time.AdvanceMinutes(30);

        var second = (await agency.RaiseAsync(agency.Adam, reason: OtherReason, continues: first)).Require().Session!.Value;

        Assert.Equal(TestAgency.Secret, (await agency.RevealAsync(agency.Adam, second)).Require());
        Assert.Equal(["session.started", "session.expired", "session.started"], (await agency.TrailAsync("session.")).Take(3));
    }

    [Fact]
    public async Task With_the_deadline_loop_dead_an_approval_is_not_stopped_by_a_session_whose_time_is_used_up()
    {
        var first = await agency.GrantAsync(agency.Adam, minutes: 5);
        agency.Time.AdvanceMinutes(5);
        var raised = (await agency.RaiseAsync(agency.Adam, reason: OtherReason)).Require();

        var second = (await agency.DecideAsync(agency.Priya, raised.Request)).Require().Session!.Value;

        Assert.Equal(TestAgency.Secret, (await agency.RevealAsync(agency.Adam, second)).Require());
        await using var db = await agency.ReadAsync();
        Assert.Equal(EndReason.Expired, (await db.Sessions.SingleAsync(s => s.Id == first)).EndReason);
    }

    [Fact]
    public async Task With_the_deadline_loop_dead_a_request_that_nobody_decided_in_time_stands_in_nobodys_way()
    {
        var first = (await agency.RaiseAsync(agency.Adam)).Require().Request;
        agency.Time.AdvanceMinutes(15);

        var second = (await agency.RaiseAsync(agency.Adam)).Require().Request;

        Assert.Equal(RequestState.Lapsed, (await agency.Get<RequestQueries>().PageAsync(agency.Adam, first))!.State);
        Assert.Equal(["request.raised", "request.routed", "request.lapsed", "request.raised", "request.routed"], await agency.TrailAsync("request."));
        (await agency.DecideAsync(agency.Priya, second)).Require();
    }

    [Fact]
    public async Task A_refused_attempt_is_an_entry_with_its_code_and_belongs_to_the_emergency()
    {
        await agency.RaiseAsync(agency.Max);

        var page = await agency.Get<ReadTrail>().PageAsync(agency.Aiko, new TrailFilter(Emergency: true, Type: "attempt.refused", Identity: agency.Ads, Person: agency.Max));
        var detail = await agency.Get<ReadTrail>().DetailAsync(agency.Aiko, Assert.Single(page.Rows).Seq);
        Assert.Equal([new("attempt", "raise an emergency request"), new("refusal", "not-eligible"), new("by", "Max")], detail!.Facts);
    }

    private async Task RefusedAsync(string code, PersonId who, string reason, ReasonCategory category, string reference, int minutes, SessionId continues)
    {
        var command = new RaiseRequest(agency.AdsPassword, new Justification(reason, category, reference), Duration.FromMinutes(minutes), continues);
        Assert.Equal(code, (await agency.Get<RaiseRequestHandler>().HandleAsync(who, command)).Refusal?.Code);
    }

    private async Task RaiseAndWithdrawAsync(PersonId who)
    {
        var raised = (await agency.RaiseAsync(who)).Require();
        (await agency.Get<DecideRequestHandler>().WithdrawAsync(who, raised.Request)).Require();
    }
}
