using AccessHive.Core.Agency.UseCases;
using AccessHive.Core.Kernel;
using AccessHive.Core.Policies;
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

/// <summary>The standard path from the ask to the check-in (product.md, 15).</summary>
public sealed class CheckOutTests : IAsyncLifetime
{
    private TestAgency agency = null!;

    public async ValueTask InitializeAsync() => agency = await TestAgency.FoundAsync();

    public ValueTask DisposeAsync() => agency.DisposeAsync();

    [Fact]
    public async Task A_checkout_goes_from_the_ask_over_the_approval_to_the_check_in()
    {
        var raised = (await agency.CheckOutAsync(agency.Max)).Require();
        Assert.Null(raised.Session);
        var session = (await agency.DecideAsync(agency.Priya, raised.Request)).Require().Session!.Value;
        Assert.Equal(Cast.Secret, (await agency.RevealAsync(agency.Max, session)).Require());
        (await agency.ExtendAsync(agency.Max, session)).Require();
        (await agency.CheckInAsync(agency.Max, session)).Require();

        Assert.Equal(["request.raised", "request.routed", "request.approved"], await agency.TrailAsync("request."));
        Assert.Equal(["session.started", "session.secret-revealed", "session.extended", "session.checked-in"], await agency.TrailAsync("session."));
        await using var db = await agency.ReadAsync();
        Assert.False(await db.Trail.AnyAsync(e => e.Emergency));
    }

    [Fact]
    public async Task Where_nobody_has_to_approve_it_is_checked_out_in_the_same_breath()
    {
        await agency.PolicyAsync(r => r with { Mode = ApprovalMode.None, SharedNeedApproval = false });

        var raised = (await agency.CheckOutAsync(agency.Max)).Require();

        Assert.Equal(Cast.Secret, (await agency.RevealAsync(agency.Max, raised.Session!.Value)).Require());
    }

    [Fact]
    public async Task A_key_is_revealed_for_fifteen_minutes_and_never_extended()
    {
        var (_, key) = await agency.KeepAsync("Mail API", IdentityType.ApiKey);
        Assert.Equal("duration-out-of-range", (await agency.CheckOutAsync(agency.Max, key, minutes: 16)).Refusal?.Code);

        var session = await agency.HoldAsync(agency.Max, key, minutes: 15);

        Assert.Equal("extension-not-offered", (await agency.ExtendAsync(agency.Max, session)).Refusal?.Code);
        agency.Time.AdvanceMinutes(15);
        Assert.Equal("session-over", (await agency.RevealAsync(agency.Max, session)).Refusal?.Code);
    }

    [Fact]
    public async Task Who_is_only_an_auditor_never_checks_out()
    {
        Assert.Equal("auditor-holds-nothing", (await agency.CheckOutAsync(agency.Aiko)).Refusal?.Code);
        Assert.Equal("attempt.refused", (await agency.TrailAsync("attempt."))[^1]);
    }

    [Theory]
    [InlineData("no", "purpose-too-short")]
    [InlineData("  no  ", "purpose-too-short")]
    [InlineData("yes", null)]
    public async Task The_purpose_is_at_least_three_characters(string purpose, string? code)
        => Assert.Equal(code, (await agency.CheckOutAsync(agency.Max, purpose: purpose)).Refusal?.Code);

    [Fact]
    public async Task The_purpose_is_at_most_a_thousand_characters()
    {
        Assert.Equal("justification-too-long", (await agency.CheckOutAsync(agency.Max, purpose: new string('a', 1001))).Refusal?.Code);
        Assert.Null((await agency.CheckOutAsync(agency.Max, purpose: new string('a', 1000))).Refusal);
    }

    [Fact]
    public async Task One_request_each_and_one_session_each_per_credential_and_two_people_overlap()
    {
        (await agency.CheckOutAsync(agency.Max)).Require();
        Assert.Equal("already-pending", (await agency.CheckOutAsync(agency.Max)).Refusal?.Code);
        var adams = await agency.HoldAsync(agency.Adam);
        Assert.Equal("already-running", (await agency.CheckOutAsync(agency.Adam)).Refusal?.Code);

        var sofias = await agency.HoldAsync(agency.Sofia);
        (await agency.CheckInAsync(agency.Adam, adams)).Require();

        Assert.Equal(Cast.Secret, (await agency.RevealAsync(agency.Sofia, sofias)).Require());
        Assert.Equal("session-over", (await agency.RevealAsync(agency.Adam, adams)).Refusal?.Code);
    }

    [Fact]
    public async Task What_time_has_ended_already_is_in_nobodys_way_whether_or_not_anybody_has_said_so()
    {
        (await agency.CheckOutAsync(agency.Max)).Require();
        agency.Time.AdvanceMinutes(24 * 60);
        var session = await agency.HoldAsync(agency.Max);
        agency.Time.AdvanceMinutes(60);

        (await agency.CheckOutAsync(agency.Max)).Require();

        await using var db = await agency.ReadAsync();
        Assert.Equal(EndReason.Expired, (await db.Sessions.SingleAsync(s => s.Id == session)).EndReason);
        Assert.Equal(["request.lapsed"], await agency.TrailAsync("request.lapsed"));
    }

    [Fact]
    public async Task A_hundred_clicks_at_once_are_one_request()
    {
        var clicks = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => Task.Run(() => agency.CheckOutAsync(agency.Max))));

        Assert.Single(clicks, c => !c.IsRefused);
        Assert.All(clicks.Where(c => c.IsRefused), c => Assert.Equal("already-pending", c.Refusal?.Code));
        await using var db = await agency.ReadAsync();
        Assert.Equal(1, await db.Requests.CountAsync());
    }

    [Fact]
    public async Task Everybody_on_the_list_is_asked_at_once_and_nobody_else_sees_it_in_their_inbox()
    {
        await agency.ApproversAsync(agency.Olivia);

        var request = (await agency.CheckOutAsync(agency.Max)).Require().Request;

        var page = (await Queries.PageAsync(agency.Max, request))!;
        Assert.Equal(["Olivia"], page.Asks.Select(a => a.Name));
        Assert.Equal(["Olivia"], page.CouldApprove);
        Assert.Single(await Queries.InboxAsync(agency.Olivia));
        Assert.Empty(await Queries.InboxAsync(agency.Priya));
        Assert.Equal("not-on-the-list", (await Queries.PageAsync(agency.Priya, request))!.Approval.WhyNot?.Code);
        Assert.Equal("not-on-the-list", (await agency.DecideAsync(agency.Priya, request)).Refusal?.Code);
        Assert.Equal("not-on-the-list", (await agency.DecideAsync(agency.Priya, request, Verdict.Deny)).Refusal?.Code);
    }

    [Fact]
    public async Task Who_leaves_the_list_between_asking_and_deciding_decides_no_more_and_who_joins_it_does()
    {
        var request = (await agency.CheckOutAsync(agency.Max)).Require().Request;
        Assert.Single(await Queries.InboxAsync(agency.Priya));

        await agency.ApproversAsync(agency.Adam);

        Assert.Empty(await Queries.InboxAsync(agency.Priya));
        Assert.Equal("not-on-the-list", (await agency.DecideAsync(agency.Priya, request)).Refusal?.Code);
        Assert.NotNull((await agency.DecideAsync(agency.Adam, request)).Require().Session);
    }

    [Fact]
    public async Task An_empty_list_is_nobody_and_the_offer_says_so()
    {
        await agency.ApproversAsync();

        var offer = (await agency.Get<CheckoutOffers>().ReadAsync(agency.Max, agency.Ads))!;
        var request = (await agency.CheckOutAsync(agency.Max)).Require().Request;

        Assert.True(offer.NobodyCould);
        foreach (var person in new[] { agency.Olivia, agency.Adam, agency.Priya })
            Assert.Equal("not-on-the-list", (await agency.DecideAsync(person, request)).Refusal?.Code);
    }

    [Fact]
    public async Task Nobody_approves_their_own_checkout_and_the_only_owner_and_admin_cannot_be_their_own_senior()
    {
        await agency.PolicyAsync(r => r with { Mode = ApprovalMode.RiskBased });
        var (identity, high) = await agency.KeepAsync("Bergmann – shop", IdentityType.ExternalShared, RiskLevel.High);
        var request = (await agency.CheckOutAsync(agency.Adam, high)).Require().Request;

        Assert.Equal("own-request", (await agency.DecideAsync(agency.Adam, request)).Refusal?.Code);
        Assert.Equal("senior-needed", (await agency.DecideAsync(agency.Priya, request)).Refusal?.Code);
        Assert.Equal(["Olivia"], (await agency.Get<CheckoutOffers>().ReadAsync(agency.Adam, identity))!.Approvers);
        Assert.NotNull((await agency.DecideAsync(agency.Olivia, request)).Require().Session);
    }

    [Fact]
    public async Task A_critical_checkout_takes_two_different_people()
    {
        var critical = await agency.CriticalAsync();
        var request = (await agency.CheckOutAsync(agency.Max, critical)).Require().Request;

        Assert.Null((await agency.DecideAsync(agency.Adam, request, comment: "Fine.")).Require().Session);
        Assert.Equal("approved-by-you-already", (await agency.DecideAsync(agency.Adam, request)).Refusal?.Code);
        var seen = Assert.Single(await Queries.InboxAsync(agency.Priya));
        Assert.Equal((2, "Adam"), (seen.Approval.Need.Approvals, Assert.Single(seen.Approval.By)));
        Assert.True(Assert.Single(await Queries.InboxAsync(agency.Adam)).Approval.ByMe);
        Assert.NotNull((await agency.DecideAsync(agency.Priya, request)).Require().Session);

        Assert.Equal(["request.raised", "request.routed", "request.approved-by-one", "request.approved"], await agency.TrailAsync("request."));
    }

    [Fact]
    public async Task A_yes_of_somebody_who_has_lost_the_right_to_say_it_counts_no_more()
    {
        var critical = await agency.CriticalAsync();
        var request = (await agency.CheckOutAsync(agency.Max, critical)).Require().Request;
        (await agency.DecideAsync(agency.Priya, request)).Require();
        (await agency.Get<ManagePeople>().ChangeRolesAsync(agency.Olivia, agency.Priya, Roles.Member)).Require();
        agency.Time.AdvanceMinutes(1);

        Assert.Null((await agency.DecideAsync(agency.Adam, request)).Require().Session);
        var page = (await Queries.PageAsync(agency.Max, request))!;
        Assert.Equal(["Adam"], page.Approval.By);
        Assert.Equal([false, true], page.Given.Select(g => g.Counts));
        Assert.NotNull((await agency.DecideAsync(agency.Olivia, request)).Require().Session);
    }

    [Fact]
    public async Task A_policy_that_became_stricter_reaches_what_still_waits_and_a_laxer_one_does_not()
    {
        var request = (await agency.CheckOutAsync(agency.Max)).Require().Request;
        await agency.PolicyAsync(r => r with { Mode = ApprovalMode.RiskBased });
        var details = (await agency.Get<IdentityQueries>().PageAsync(agency.Ian, agency.Ads))!;
        (await agency.Get<KeepIdentities>().EditAsync(agency.Ian, agency.Ads, details.Details with { Risk = RiskLevel.Critical }, details.Version)).Require();

        Assert.Null((await agency.DecideAsync(agency.Adam, request)).Require().Session);
        await agency.PolicyAsync(r => r with { Mode = ApprovalMode.Single });

        var late = (await agency.DecideAsync(agency.Priya, request)).Require();
        Assert.NotNull(late.Session);
        var strict = (await agency.CheckOutAsync(agency.Sofia, await agency.CriticalAsync())).Require().Request;
        await agency.PolicyAsync(r => r with { Mode = ApprovalMode.None, SharedNeedApproval = false });
        Assert.Null((await agency.DecideAsync(agency.Priya, strict)).Require().Session);
    }

    [Fact]
    public async Task Archived_meanwhile_it_is_not_granted_and_not_even_half_approved()
    {
        var request = (await agency.CheckOutAsync(agency.Max)).Require().Request;
        var half = (await agency.CheckOutAsync(agency.Sofia, await agency.CriticalAsync())).Require().Request;
        await using (var db = await agency.ReadAsync())
        {
            foreach (var identity in await db.Requests.Select(r => r.IdentityId).Distinct().ToListAsync())
                (await agency.Get<KeepIdentities>().ArchiveAsync(agency.Ian, identity, archived: true)).Require();
        }

        Assert.Equal("archived", (await agency.DecideAsync(agency.Priya, request)).Refusal?.Code);
        Assert.Equal("archived", (await agency.DecideAsync(agency.Priya, half)).Refusal?.Code);
        Assert.Equal("archived", (await agency.CheckOutAsync(agency.Adam)).Refusal?.Code);
        Assert.False((await agency.DecideAsync(agency.Priya, request, Verdict.Deny)).IsRefused);
    }

    [Fact]
    public async Task A_requester_who_became_only_an_auditor_is_granted_nothing()
    {
        var request = (await agency.CheckOutAsync(agency.Max)).Require().Request;
        (await agency.Get<ManagePeople>().ChangeRolesAsync(agency.Olivia, agency.Max, Roles.Auditor)).Require();

        Assert.Equal("requester-not-eligible", (await agency.DecideAsync(agency.Priya, request)).Refusal?.Code);
    }

    [Fact]
    public async Task Turning_it_into_an_emergency_ends_one_where_the_other_begins()
    {
        var usual = (await agency.CheckOutAsync(agency.Adam)).Require().Request;

        var urgent = (await agency.RaiseAsync(agency.Adam)).Require().Request;

        var (before, after) = ((await Queries.PageAsync(agency.Priya, usual))!, (await Queries.PageAsync(agency.Priya, urgent))!);
        Assert.Equal((RequestState.Withdrawn, (RequestId?)urgent), (before.State, before.TurnedInto));
        Assert.Equal((RequestState.Pending, (RequestId?)usual), (after.State, after.TurnedFrom));
        Assert.Equal("already-decided", (await agency.DecideAsync(agency.Priya, usual)).Refusal?.Code);
        Assert.Equal("already-pending", (await agency.CheckOutAsync(agency.Adam)).Refusal?.Code);
        Assert.NotNull((await agency.DecideAsync(agency.Priya, urgent)).Require().Session);
    }

    [Fact]
    public async Task A_refused_emergency_leaves_what_waits_in_the_usual_way_as_it_was()
    {
        var usual = (await agency.CheckOutAsync(agency.Max)).Require().Request;

        Assert.Equal("not-eligible", (await agency.RaiseAsync(agency.Max)).Refusal?.Code);

        Assert.Equal(RequestState.Pending, (await Queries.PageAsync(agency.Max, usual))!.State);
    }

    [Fact]
    public async Task Emergencies_stand_before_what_can_wait()
    {
        await agency.PolicyAsync(r => r with { Window = Duration.FromHours(1) });
        var usual = (await agency.CheckOutAsync(agency.Max)).Require().Request;
        agency.Time.AdvanceMinutes(55);
        var urgent = (await agency.RaiseAsync(agency.Adam)).Require().Request;

        Assert.Equal([urgent, usual], (await Queries.InboxAsync(agency.Priya)).Select(i => i.Id));
    }

    [Fact]
    public async Task The_window_closes_to_the_millisecond_and_a_clock_set_back_opens_it_never_again()
    {
        var request = (await agency.CheckOutAsync(agency.Max)).Require().Request;
        agency.Time.Advance(Duration.FromHours(24) - Duration.FromMilliseconds(1));
        Assert.Single(await Queries.InboxAsync(agency.Priya));
        agency.Time.Advance(Duration.FromMilliseconds(1));

        Assert.Equal("window-closed", (await agency.DecideAsync(agency.Priya, request)).Refusal?.Code);
        agency.Time.SetWallClockBack(Duration.FromHours(3));
        Assert.Equal("window-closed", (await agency.DecideAsync(agency.Priya, request)).Refusal?.Code);
        Assert.Equal(RequestState.Lapsed, (await Queries.PageAsync(agency.Max, request))!.State);
    }

    private RequestQueries Queries => agency.Get<RequestQueries>();
}
