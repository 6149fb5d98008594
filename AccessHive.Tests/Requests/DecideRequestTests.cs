using AccessHive.Core.Agency;
using AccessHive.Core.Agency.UseCases;
using AccessHive.Core.Kernel;
using AccessHive.Core.Policies.UseCases;
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

public sealed class DecideRequestTests : IAsyncLifetime
{
    private static readonly Duration OneTick = Duration.FromMilliseconds(1);
    private TestAgency agency = null!;

    public async ValueTask InitializeAsync() => agency = await TestAgency.FoundAsync();

    public ValueTask DisposeAsync() => agency.DisposeAsync();

    [Fact]
    public async Task Nobody_decides_their_own_request_by_any_path()
    {
        (await agency.SaveRulesAsync(r => r with { EligibleRoles = RolePermissions.CanBeEligible })).Require();
        var twoRoles = await agency.InviteAsync("Tara", Roles.Approver | Roles.IdentityManager);
        var allRoles = await agency.InviteAsync("Uma", RolePermissions.All);

        foreach (var requester in new[] { agency.Olivia, agency.Adam, agency.Priya, twoRoles, allRoles })
        {
            agency.Presence.Enters(requester);
            var raised = (await agency.RaiseAsync(requester)).Require();
            foreach (var verdict in Enum.GetValues<Verdict>())
                Assert.Equal(RequestRefusals.OwnRequest, (await agency.DecideAsync(requester, raised.Request, verdict)).Refusal);
            var page = (await agency.Get<RequestQueries>().PageAsync(requester, raised.Request))!;
            Assert.False(page.MayDecide);
            Assert.DoesNotContain(page.Asks, a => a.Person == requester);
            Assert.Empty(await agency.Get<RequestQueries>().InboxAsync(requester));
            Assert.Equal(RequestRefusals.OwnRequest, (await ShownAsync(requester, raised.Request)).Refusal);
            (await agency.Get<DecideRequestHandler>().WithdrawAsync(requester, raised.Request)).Require();
        }

        Assert.Equal(10, (await agency.TrailAsync("attempt.refused")).Count);
        Assert.Empty(await agency.TrailAsync("session."));
    }

    [Fact]
    public async Task The_sole_approver_does_not_decide_their_own_request_either()
    {
        foreach (var other in new[] { agency.Adam, agency.Priya })
            (await agency.Get<ManagePeople>().DisableAsync(agency.Olivia, other)).Require();
        var raised = (await agency.RaiseAsync(agency.Olivia)).Require();

        Assert.Equal(RequestRefusals.OwnRequest, (await agency.DecideAsync(agency.Olivia, raised.Request)).Refusal);
        agency.Time.AdvanceMinutes(15);
        await agency.SettleAsync();

        Assert.Equal(RequestState.Lapsed, await StateAsync(raised.Request));
        Assert.Empty(await agency.TrailAsync("session."));
    }

    [Fact]
    public async Task Owner_Admin_and_Approver_decide_and_nobody_else()
    {
        (await agency.SaveRulesAsync(r => r with { EligibleRoles = Roles.Member })).Require();
        var raised = (await agency.RaiseAsync(agency.Max)).Require();
        foreach (var nobody in new[] { agency.Ian, agency.Sofia, agency.Aiko })
        {
            Assert.Equal(RequestRefusals.NotApprover, (await agency.DecideAsync(nobody, raised.Request)).Refusal);
            Assert.Equal(RequestRefusals.NotApprover, (await ShownAsync(nobody, raised.Request)).Refusal);
            Assert.Empty(await agency.Get<RequestQueries>().InboxAsync(nobody));
        }

        Assert.Equal(RequestRefusals.OwnRequest, (await agency.DecideAsync(agency.Max, raised.Request)).Refusal);
        (await agency.DecideAsync(agency.Olivia, raised.Request, Verdict.Deny)).Require();
        foreach (var decider in new[] { agency.Adam, agency.Priya })
        {
            var again = (await agency.RaiseAsync(agency.Max)).Require();
            (await agency.DecideAsync(decider, again.Request, Verdict.Deny, "Use the standard way.")).Require();
        }
    }

    [Fact]
    public async Task One_tick_before_the_window_closes_an_approval_counts()
    {
        var raised = (await agency.RaiseAsync(agency.Adam)).Require();
        agency.Time.Advance(Duration.FromMinutes(15) - OneTick);

        var session = (await agency.DecideAsync(agency.Priya, raised.Request)).Require().Session!.Value;

        var page = await agency.Get<SessionQueries>().PageAsync(agency.Adam, session);
        Assert.Equal((agency.Now, agency.Now + Duration.FromMinutes(30)), (page!.Row.StartedAt, page.Row.EndsAt));
    }

    [Fact]
    public async Task At_the_end_of_the_window_it_is_too_late_for_everybody_without_any_sweeper()
    {
        var raised = (await agency.RaiseAsync(agency.Adam)).Require();
        agency.Time.AdvanceMinutes(15);

        Assert.Equal(RequestRefusals.WindowClosed, (await agency.DecideAsync(agency.Priya, raised.Request)).Refusal);
        Assert.Equal(RequestRefusals.WindowClosed, (await agency.DecideAsync(agency.Priya, raised.Request, Verdict.Deny)).Refusal);
        Assert.Equal(RequestRefusals.WindowClosed, (await agency.Get<DecideRequestHandler>().WithdrawAsync(agency.Adam, raised.Request)).Refusal);

        Assert.Equal(RequestState.Lapsed, await StateAsync(raised.Request));
        Assert.Empty(await agency.Get<RequestQueries>().InboxAsync(agency.Priya));
        Assert.Empty(await agency.Get<RequestQueries>().MinePendingAsync(agency.Adam));
        Assert.Empty(await agency.TrailAsync("session."));
    }

    [Fact]
    public async Task A_wall_clock_set_back_opens_no_window_again()
    {
        var raised = (await agency.RaiseAsync(agency.Adam)).Require();
        agency.Time.AdvanceMinutes(15);
        _ = agency.Now;
        agency.Time.SetWallClockBack(Duration.FromHours(1));

        Assert.Equal(RequestRefusals.WindowClosed, (await agency.DecideAsync(agency.Priya, raised.Request)).Refusal);
    }

    [Fact]
    public async Task It_lapses_at_the_end_of_the_window_and_says_how_many_were_asked_and_saw_it()
    {
        agency.Presence.Enters(agency.Priya, agency.Olivia);
        var raised = (await agency.RaiseAsync(agency.Adam)).Require();
        (await ShownAsync(agency.Priya, raised.Request)).Require();
        agency.Time.Advance(Duration.FromMinutes(15) - OneTick);
        await agency.SettleAsync();
        Assert.Equal(RequestState.Pending, await StateAsync(raised.Request));

        agency.Time.Advance(OneTick);
        await agency.SettleAsync();
        await agency.SettleAsync();

        await using var db = await agency.ReadAsync();
        var request = await db.Requests.SingleAsync();
        Assert.Equal((RequestState.Lapsed, agency.Now, (PersonId?)null), (request.State, request.ClosedAt!.Value, request.DecidedBy));
        Assert.Single(await agency.TrailAsync("request.lapsed"));
        var payload = System.Text.Encoding.UTF8.GetString((await db.Trail.SingleAsync(e => e.Type == "request.lapsed")).Payload);
        Assert.Contains("\"asked\":\"2\",\"seen\":\"1\"", payload, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_is_late_learns_who_was_faster_and_what_they_said()
    {
        var raised = (await agency.RaiseAsync(agency.Adam)).Require();
        (await agency.DecideAsync(agency.Priya, raised.Request, Verdict.Deny)).Require();

        var late = (await agency.DecideAsync(agency.Olivia, raised.Request)).Refusal!;

        Assert.Equal(RequestRefusals.AlreadyDecided, late);
        Assert.Equal(("Denied", "Priya"), (late.Facts["state"], late.Facts["by"]));
        Assert.Equal(RequestRefusals.AlreadyDecided, (await agency.Get<DecideRequestHandler>().WithdrawAsync(agency.Adam, raised.Request)).Refusal);
        Assert.Equal(RequestRefusals.AlreadyDecided, (await ShownAsync(agency.Olivia, raised.Request)).Refusal);
    }

    [Fact]
    public async Task Only_the_requester_withdraws()
    {
        var raised = (await agency.RaiseAsync(agency.Adam)).Require();

        Assert.Equal(RequestRefusals.NotYourRequest, (await agency.Get<DecideRequestHandler>().WithdrawAsync(agency.Olivia, raised.Request)).Refusal);
        (await agency.Get<DecideRequestHandler>().WithdrawAsync(agency.Adam, raised.Request)).Require();

        Assert.Equal(RequestRefusals.AlreadyDecided, (await agency.DecideAsync(agency.Priya, raised.Request)).Refusal);
        Assert.Equal(RequestState.Withdrawn, await StateAsync(raised.Request));
    }

    [Theory]
    [InlineData(500, true)]
    [InlineData(501, false)]
    public async Task A_comment_has_at_most_500_characters_after_trimming(int length, bool good)
    {
        var raised = (await agency.RaiseAsync(agency.Adam)).Require();

        var decided = await agency.DecideAsync(agency.Priya, raised.Request, comment: $"  {new string('c', length)}  ");

        Assert.Equal(good ? null : RequestRefusals.CommentTooLong, decided.Refusal);
    }

    [Fact]
    public async Task Who_was_disabled_or_demoted_since_asking_gets_no_access_but_can_be_denied()
    {
        var raised = (await agency.RaiseAsync(agency.Adam)).Require();
        (await agency.Get<ManagePeople>().DisableAsync(agency.Olivia, agency.Adam)).Require();
        Assert.Equal(RequestRefusals.RequesterNotEligible, (await agency.DecideAsync(agency.Priya, raised.Request)).Refusal);

        (await agency.Get<ManagePeople>().EnableAsync(agency.Olivia, agency.Adam)).Require();
        (await agency.Get<ManagePeople>().ChangeRolesAsync(agency.Olivia, agency.Adam, Roles.Member)).Require();
        Assert.Equal(RequestRefusals.RequesterNotEligible, (await agency.DecideAsync(agency.Priya, raised.Request)).Refusal);
        Assert.Equal(RequestState.Pending, await StateAsync(raised.Request));

        (await agency.DecideAsync(agency.Priya, raised.Request, Verdict.Deny)).Require();
    }

    [Fact]
    public async Task Who_is_no_longer_eligible_by_the_card_gets_no_access()
    {
        var raised = (await agency.RaiseAsync(agency.Adam)).Require();
        (await agency.SaveRulesAsync(r => r with { EligibleRoles = Roles.Owner })).Require();

        Assert.Equal(RequestRefusals.RequesterNotEligible, (await agency.DecideAsync(agency.Priya, raised.Request)).Refusal);
    }

    [Fact]
    public async Task An_approver_who_was_demoted_or_disabled_decides_nothing_any_more()
    {
        var raised = (await agency.RaiseAsync(agency.Adam)).Require();
        (await agency.Get<ManagePeople>().ChangeRolesAsync(agency.Olivia, agency.Priya, Roles.Member)).Require();
        Assert.Equal(RequestRefusals.NotApprover, (await agency.DecideAsync(agency.Priya, raised.Request)).Refusal);

        (await agency.Get<ManagePeople>().DisableAsync(agency.Olivia, agency.Priya)).Require();
        Assert.Equal(AgencyRefusals.CallerNotActive, (await agency.DecideAsync(agency.Priya, raised.Request)).Refusal);
    }

    [Fact]
    public async Task Access_to_something_archived_is_not_granted()
    {
        var archive = agency.Get<KeepIdentities>();
        var raised = (await agency.RaiseAsync(agency.Adam)).Require();

        (await archive.ArchiveAsync(agency.Ian, agency.Ads, archived: true)).Require();
        Assert.Equal(VaultRefusals.Archived, (await agency.DecideAsync(agency.Priya, raised.Request)).Refusal);
        (await archive.ArchiveAsync(agency.Ian, agency.Ads, archived: false)).Require();
        (await archive.ArchiveCredentialAsync(agency.Ian, agency.AdsPassword)).Require();
        Assert.Equal(VaultRefusals.Archived, (await agency.DecideAsync(agency.Priya, raised.Request)).Refusal);

        Assert.Empty(await agency.TrailAsync("session."));
        Assert.Empty(await agency.TrailAsync("request.approved"));
        (await agency.DecideAsync(agency.Priya, raised.Request, Verdict.Deny)).Require();
    }

    [Fact]
    public async Task A_request_that_needed_approval_when_it_was_raised_still_needs_it_when_the_card_no_longer_asks_for_it()
    {
        var raised = (await agency.RaiseAsync(agency.Adam)).Require();

        (await agency.SaveRulesAsync(r => r with { RequireApproval = false })).Require();
        await agency.SettleAsync();

        Assert.Equal(RequestState.Pending, await StateAsync(raised.Request));
    }

    [Fact]
    public async Task An_unknown_request_is_not_found()
    {
        Assert.Equal(RequestRefusals.RequestNotFound, (await agency.DecideAsync(agency.Priya, RequestId.New())).Refusal);
        Assert.Equal(RequestRefusals.RequestNotFound, (await ShownAsync(agency.Priya, RequestId.New())).Refusal);
        Assert.Null(await agency.Get<RequestQueries>().PageAsync(agency.Priya, RequestId.New()));
    }

    [Fact]
    public async Task A_receipt_is_written_once_also_for_who_looked_without_being_asked()
    {
        agency.Presence.Enters(agency.Priya);
        var raised = (await agency.RaiseAsync(agency.Adam)).Require();
        Assert.Equal([(agency.Priya, (Instant?)null)], await ReceiptsAsync());

        agency.Time.AdvanceMinutes(1);
        var seen = agency.Now;
        (await ShownAsync(agency.Priya, raised.Request)).Require();
        agency.Time.AdvanceMinutes(1);
        (await ShownAsync(agency.Priya, raised.Request)).Require();
        (await ShownAsync(agency.Olivia, raised.Request)).Require();

        Assert.Equal([(agency.Priya, seen), (agency.Olivia, (Instant?)agency.Now)], await ReceiptsAsync());
        Assert.Equal(2, (await agency.TrailAsync("request.shown")).Count);

        async Task<IEnumerable<(PersonId, Instant?)>> ReceiptsAsync()
            => (await agency.Get<RequestQueries>().PageAsync(agency.Adam, raised.Request))!.Asks.Select(a => (a.Person, a.ShownAt));
    }

    [Fact]
    public async Task A_request_is_shown_to_its_requester_to_deciders_and_to_readers_of_the_trail()
    {
        (await agency.SaveRulesAsync(r => r with { EligibleRoles = Roles.IdentityManager })).Require();
        var raised = (await agency.RaiseAsync(agency.Ian)).Require();

        foreach (var seeing in new[] { agency.Ian, agency.Olivia, agency.Adam, agency.Priya, agency.Sofia, agency.Aiko })
            Assert.NotNull(await agency.Get<RequestQueries>().PageAsync(seeing, raised.Request));
        Assert.Null(await agency.Get<RequestQueries>().PageAsync(agency.Max, raised.Request));
        Assert.Null(await agency.Get<RequestQueries>().PageAsync(PersonId.New(), raised.Request));
        Assert.Empty(await agency.Get<RequestQueries>().DecidedAsync(agency.Max));
    }

    private Task<Result<Done>> ShownAsync(PersonId who, RequestId request) => agency.Get<DecideRequestHandler>().ShownAsync(who, request);

    private async Task<RequestState> StateAsync(RequestId request) => (await agency.Get<RequestQueries>().PageAsync(agency.Aiko, request))!.State;
}
