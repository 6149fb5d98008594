using AccessHive.Core.Kernel;
using AccessHive.Core.Requests;
using AccessHive.Tests.World;
using AccessHive.Web.Features.Requests;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AccessHive.Tests.Requests.Pages;

public sealed class RequestViewTests
{
    [Fact]
    public async Task The_waiting_requester_is_taken_to_the_session_the_moment_it_is_granted()
    {
        await using var agency = await TestAgency.FoundAsync();
        var raised = (await agency.RaiseAsync(agency.Adam)).Require();
        await using var world = await PageWorld.OpenAsync(agency, agency.Adam);
        var view = View(world, raised.Request);
        Assert.Contains("Waiting for a decision.", view.Markup, StringComparison.Ordinal);

        var session = (await agency.DecideAsync(agency.Priya, raised.Request)).Require().Session;
        await world.HearAsync();

        view.WaitForAssertion(() => Assert.EndsWith($"sessions/{session}", world.Page.Services.GetRequiredService<NavigationManager>().Uri, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_denial_is_seen_at_once_with_by_whom_and_why()
    {
        await using var agency = await TestAgency.FoundAsync();
        var raised = (await agency.RaiseAsync(agency.Adam)).Require();
        await using var world = await PageWorld.OpenAsync(agency, agency.Adam);
        var view = View(world, raised.Request);

        await agency.DecideAsync(agency.Priya, raised.Request, Verdict.Deny, "Wait for the client.");
        await world.HearAsync();

        view.WaitForAssertion(() => Assert.Contains("Denied by Priya.", view.Markup, StringComparison.Ordinal));
        Assert.Contains("Wait for the client.", view.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_window_that_has_closed_reads_as_lapsed_before_the_loop_has_said_so()
    {
        await using var agency = await TestAgency.FoundAsync();
        var raised = (await agency.RaiseAsync(agency.Adam)).Require();
        agency.Time.AdvanceMinutes(15);
        await using var world = await PageWorld.OpenAsync(agency, agency.Adam);

        var view = View(world, raised.Request);

        Assert.Contains("This request lapsed", view.Markup, StringComparison.Ordinal);
        Assert.Contains("Ask again", view.Markup, StringComparison.Ordinal);
        Assert.DoesNotContain("Withdraw", view.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Somebody_it_is_not_meant_for_sees_nothing_of_it()
    {
        await using var agency = await TestAgency.FoundAsync();
        var raised = (await agency.RaiseAsync(agency.Adam)).Require();
        await using var world = await PageWorld.OpenAsync(agency, agency.Max);

        var view = View(world, raised.Request);

        Assert.Contains("No such request", view.Markup, StringComparison.Ordinal);
        Assert.DoesNotContain("spend", view.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_approver_decides_on_the_page_and_a_requester_never_their_own()
    {
        await using var agency = await TestAgency.FoundAsync();
        var raised = (await agency.RaiseAsync(agency.Adam)).Require();
        await using var priyas = await PageWorld.OpenAsync(agency, agency.Priya);
        await using var adams = await PageWorld.OpenAsync(agency, agency.Adam);

        Assert.Contains("Your decision", View(priyas, raised.Request).Markup, StringComparison.Ordinal);
        Assert.DoesNotContain("Your decision", View(adams, raised.Request).Markup, StringComparison.Ordinal);
    }

    private static IRenderedComponent<RequestView> View(PageWorld world, RequestId request)
    {
        var view = world.Render<RequestView>(p => p.Add(v => v.Id, request.Value));
        view.WaitForElement("h1");
        return view;
    }
}
