using AccessHive.Core.Agency.UseCases;
using AccessHive.Core.Kernel;
using AccessHive.Core.Requests;
using AccessHive.Core.Requests.UseCases;
using AccessHive.Tests.World;
using NodaTime;
using Xunit;

namespace AccessHive.Tests.Requests;

public sealed class ApproverRoutingTests : IAsyncLifetime
{
    private TestAgency agency = null!;

    public async ValueTask InitializeAsync()
    {
        agency = await TestAgency.FoundAsync();
        (await agency.SaveRulesAsync(r => r with { EligibleRoles = Roles.Member, ApprovalWindow = Duration.FromMinutes(16) })).Require();
    }

    public ValueTask DisposeAsync() => agency.DisposeAsync();

    [Fact]
    public async Task Who_is_here_is_asked_at_once_and_then_a_wider_circle_each_quarter_of_the_window()
    {
        var second = await agency.InviteAsync("Paul", Roles.Approver);
        agency.Presence.Enters(agency.Priya, agency.Aiko, agency.Max);

        var request = (await agency.RaiseAsync(agency.Max)).Require().Request;

        await AskedAsync(request, 4, (agency.Priya, 1));
        await LaterAsync(3.999);
        await AskedAsync(request, 4, (agency.Priya, 1));
        await LaterAsync(0.001);
        await AskedAsync(request, 8, (agency.Priya, 1), (second, 2));
        await LaterAsync(4);
        await AskedAsync(request, 12, (agency.Priya, 1), (second, 2), (agency.Adam, 3));
        await LaterAsync(4);
        await AskedAsync(request, null, (agency.Priya, 1), (second, 2), (agency.Adam, 3), (agency.Olivia, 4));
        await LaterAsync(4);
        Assert.Equal(["request.raised", "request.routed", "request.routed", "request.routed", "request.routed", "request.lapsed"], await agency.TrailAsync("request."));
    }

    [Fact]
    public async Task A_circle_that_would_add_nobody_is_passed_over_and_no_quarter_is_lost()
    {
        var request = (await agency.RaiseAsync(agency.Max)).Require().Request;
        await AskedAsync(request, 8, (agency.Priya, 2));

        await LaterAsync(8);
        await AskedAsync(request, 12, (agency.Priya, 2), (agency.Adam, 3));
    }

    [Fact]
    public async Task Without_any_approver_the_admins_are_asked_at_once_and_without_any_admin_the_owners()
    {
        (await agency.Get<ManagePeople>().DisableAsync(agency.Olivia, agency.Priya)).Require();
        var first = (await agency.RaiseAsync(agency.Max)).Require().Request;
        await AskedAsync(first, 12, (agency.Adam, 3));
        (await agency.DecideAsync(agency.Adam, first, Verdict.Deny)).Require();

        (await agency.Get<ManagePeople>().DisableAsync(agency.Olivia, agency.Adam)).Require();
        var second = (await agency.RaiseAsync(agency.Max)).Require().Request;

        await AskedAsync(second, null, (agency.Olivia, 4));
    }

    [Fact]
    public async Task With_nobody_to_ask_it_waits_and_lapses_and_silence_grants_nothing()
    {
        (await agency.SaveRulesAsync(r => r with { EligibleRoles = Roles.Owner })).Require();
        foreach (var other in new[] { agency.Priya, agency.Adam })
            (await agency.Get<ManagePeople>().DisableAsync(agency.Olivia, other)).Require();

        var request = (await agency.RaiseAsync(agency.Olivia)).Require().Request;

        await AskedAsync(request, null);
        await LaterAsync(16);
        Assert.Equal(RequestState.Lapsed, (await agency.Get<RequestQueries>().PageAsync(agency.Olivia, request))!.State);
    }

    [Fact]
    public async Task Who_may_decide_and_who_is_here_are_read_anew_for_each_circle()
    {
        agency.Presence.Enters(agency.Adam);
        var request = (await agency.RaiseAsync(agency.Max)).Require().Request;
        await AskedAsync(request, 4, (agency.Adam, 1));

        (await agency.Get<ManagePeople>().ChangeRolesAsync(agency.Olivia, agency.Ian, Roles.Approver)).Require();
        (await agency.Get<ManagePeople>().DisableAsync(agency.Olivia, agency.Priya)).Require();
        await LaterAsync(4);

        await AskedAsync(request, 8, (agency.Adam, 1), (agency.Ian, 2));
    }

    [Fact]
    public async Task A_loop_that_slept_through_several_quarters_asks_each_circle_it_owes_and_then_is_quiet()
    {
        var second = await agency.InviteAsync("Paul", Roles.Approver);
        agency.Presence.Enters(agency.Priya);
        var request = (await agency.RaiseAsync(agency.Max)).Require().Request;

        await LaterAsync(13);
        for (var settled = 0; settled < 5; settled++)
            await agency.SettleAsync();

        await AskedAsync(request, null, (agency.Priya, 1), (second, 2), (agency.Adam, 3), (agency.Olivia, 4));
        Assert.Equal(4, (await agency.TrailAsync("request.routed")).Count);
    }

    private async Task LaterAsync(double minutes)
    {
        agency.Time.AdvanceMinutes(minutes);
        await agency.SettleAsync();
    }

    private async Task AskedAsync(RequestId id, int? nextAfterMinutes, params (PersonId, int)[] expected)
    {
        var page = (await agency.Get<RequestQueries>().PageAsync(agency.Aiko, id))!;
        Assert.Equal(expected, page.Asks.OrderBy(a => a.Circle).Select(a => (a.Person, a.Circle)));
        Assert.Equal(nextAfterMinutes is { } m ? page.RaisedAt + Duration.FromMinutes(m) : null, page.NextCircleAt);
    }
}
