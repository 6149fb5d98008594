using AccessHive.Core.Agency.UseCases;
using AccessHive.Core.Kernel;
using AccessHive.Core.Requests;
using AccessHive.Core.Requests.UseCases;
using AccessHive.Tests.World;
using AccessHive.Web.Features.Requests;
using AccessHive.Web.Features.Shared;
using AccessHive.Web.Shell;
using Bunit;
using Fluxor;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AccessHive.Tests.Requests.Pages;

/// <summary>What people see of a request that goes the usual way: calm, and only for those who may decide it.</summary>
public sealed class StandardRequestTests
{
    [Fact]
    public async Task The_inbox_shows_it_without_banner_and_bolt_and_the_count_is_calm()
    {
        await using var agency = await TestAgency.FoundAsync();
        await using var world = await PageWorld.OpenAsync(agency, agency.Priya);
        var (inbox, side, banners) = (Inbox(world), world.Render<SideNavigation>(), world.Render<UrgentBanners>());

        var request = (await agency.CheckOutAsync(agency.Max)).Require().Request;
        await world.HearAsync();

        inbox.WaitForAssertion(() => Assert.Contains("Max → Bergmann – Google Ads", inbox.Markup, StringComparison.Ordinal));
        Assert.Empty(inbox.FindAll("article.is-emergency, article .is-emergency"));
        Assert.Empty(banners.FindAll(".ah-banner"));
        Assert.DoesNotContain("is-emergency", side.Find(".ah-count").ClassName, StringComparison.Ordinal);
        Assert.NotNull((await agency.Get<RequestQueries>().PageAsync(agency.Max, request))!.Asks.Single(a => a.Name == "Priya").ShownAt);
    }

    [Fact]
    public async Task With_an_emergency_beside_it_the_count_is_urgent_and_the_emergency_stands_first()
    {
        await using var agency = await TestAgency.FoundAsync();
        (await agency.CheckOutAsync(agency.Max)).Require();
        (await agency.RaiseAsync(agency.Adam)).Require();
        await using var world = await PageWorld.OpenAsync(agency, agency.Priya);
        var (inbox, side) = (Inbox(world), world.Render<SideNavigation>());

        inbox.WaitForAssertion(() => Assert.Equal(2, inbox.FindAll("article").Count));
        Assert.Contains("is-emergency", inbox.FindAll("article")[0].ClassName, StringComparison.Ordinal);
        Assert.Contains("is-emergency", side.Find(".ah-count").ClassName, StringComparison.Ordinal);
        Assert.Equal("2", side.Find(".ah-count").TextContent);
    }

    [Fact]
    public async Task Who_is_taken_off_the_list_loses_it_from_the_open_inbox()
    {
        await using var agency = await TestAgency.FoundAsync();
        (await agency.CheckOutAsync(agency.Max)).Require();
        await using var world = await PageWorld.OpenAsync(agency, agency.Priya);
        var inbox = Inbox(world);
        inbox.WaitForElement("article");

        await agency.ApproversAsync(agency.Adam);
        await world.HearAsync();

        inbox.WaitForAssertion(() => Assert.Empty(inbox.FindAll("article")));
    }

    [Fact]
    public async Task Half_approved_it_stays_with_what_is_still_missing_and_counts_no_more_for_who_said_yes()
    {
        await using var agency = await TestAgency.FoundAsync();
        var request = (await agency.CheckOutAsync(agency.Max, await agency.CriticalAsync())).Require().Request;
        await using var world = await PageWorld.OpenAsync(agency, agency.Priya);
        var (inbox, side) = (Inbox(world), world.Render<SideNavigation>());
        inbox.WaitForElement("article");
        Assert.Contains("Two different people have to approve it.", inbox.Markup, StringComparison.Ordinal);

        (await agency.DecideAsync(agency.Priya, request)).Require();
        await world.HearAsync();

        inbox.WaitForAssertion(() => Assert.Contains("1 of 2 approvals, by Priya.", inbox.Markup, StringComparison.Ordinal));
        Assert.Contains("You said yes. Somebody else has to say it too.", inbox.Markup, StringComparison.Ordinal);
        Assert.Empty(inbox.FindAll("article button"));
        Assert.Empty(side.FindAll(".ah-count"));
    }

    [Fact]
    public async Task The_waiting_requester_reads_who_can_approve_and_can_make_an_emergency_of_it()
    {
        await using var agency = await TestAgency.FoundAsync();
        await agency.ApproversAsync(agency.Priya);
        var request = (await agency.CheckOutAsync(agency.Adam)).Require().Request;
        await using var world = await PageWorld.OpenAsync(agency, agency.Adam);
        EmergencyAccessWanted? wanted = null;
        world.Page.Services.GetRequiredService<IActionSubscriber>().SubscribeToAction<EmergencyAccessWanted>(this, asked => wanted = asked);
        var view = View(world, request);
        Assert.Contains("Priya can approve it, until", view.Markup, StringComparison.Ordinal);
        Assert.Contains("Checkout of Bergmann", view.Markup, StringComparison.Ordinal);

        await view.Find("button.is-emergency-outline").ClickAsync(new());

        Assert.Equal(new EmergencyAccessWanted(agency.Ads, agency.AdsPassword), wanted);
    }

    [Fact]
    public async Task Who_is_not_eligible_reads_why_it_cannot_become_an_emergency()
    {
        await using var agency = await TestAgency.FoundAsync();
        var request = (await agency.CheckOutAsync(agency.Max)).Require().Request;
        await using var world = await PageWorld.OpenAsync(agency, agency.Max);

        var view = View(world, request);

        Assert.Empty(view.FindAll("button.is-emergency-outline"));
        Assert.Contains("Only Owner and Admin can start emergency access. You are Member.", view.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Turned_into_an_emergency_both_ends_lead_to_each_other()
    {
        await using var agency = await TestAgency.FoundAsync();
        var usual = (await agency.CheckOutAsync(agency.Adam)).Require().Request;
        await using var world = await PageWorld.OpenAsync(agency, agency.Adam);
        var view = View(world, usual);

        var urgent = (await agency.RaiseAsync(agency.Adam)).Require().Request;
        await world.HearAsync();

        view.WaitForElement($"a[href='requests/{urgent}']");
        Assert.Contains("Became an emergency", view.Markup, StringComparison.Ordinal);
        Assert.NotNull(View(world, urgent).Find($"a[href='requests/{usual}']"));
    }

    [Fact]
    public async Task Granted_the_waiting_requester_is_taken_to_the_session()
    {
        await using var agency = await TestAgency.FoundAsync();
        var request = (await agency.CheckOutAsync(agency.Max)).Require().Request;
        await using var world = await PageWorld.OpenAsync(agency, agency.Max);
        View(world, request);

        var session = (await agency.DecideAsync(agency.Priya, request)).Require().Session;
        await world.HearAsync();

        await world.Page.Renderer.Dispatcher.InvokeAsync(() => { });
        Assert.EndsWith($"sessions/{session}", world.Page.Services.GetRequiredService<NavigationManager>().Uri, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_decider_who_may_not_decide_this_one_reads_why_and_who_could()
    {
        await using var agency = await TestAgency.FoundAsync();
        await agency.ApproversAsync(agency.Adam);
        var request = (await agency.CheckOutAsync(agency.Max)).Require().Request;
        await using var world = await PageWorld.OpenAsync(agency, agency.Priya);

        var view = View(world, request);

        Assert.Contains("You are not on the list of approvers for this identity.", view.Markup, StringComparison.Ordinal);
        Assert.Contains("Adam could.", view.Markup, StringComparison.Ordinal);
        Assert.DoesNotContain("Your decision", view.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_yes_that_counts_no_more_is_shown_as_such()
    {
        await using var agency = await TestAgency.FoundAsync();
        var request = (await agency.CheckOutAsync(agency.Max, await agency.CriticalAsync())).Require().Request;
        (await agency.DecideAsync(agency.Priya, request)).Require();
        (await agency.Get<ManagePeople>().ChangeRolesAsync(agency.Olivia, agency.Priya, Roles.Member)).Require();
        await using var world = await PageWorld.OpenAsync(agency, agency.Max);

        Assert.Contains("Doesn't count any more: Priya may not approve this now.", View(world, request).Markup, StringComparison.Ordinal);
    }

    private static IRenderedComponent<InboxPage> Inbox(PageWorld world)
    {
        var page = world.Render<InboxPage>();
        page.WaitForElement("h1");
        return page;
    }

    private static IRenderedComponent<RequestView> View(PageWorld world, RequestId request)
    {
        var view = world.Render<RequestView>(p => p.Add(v => v.Id, request.Value));
        view.WaitForElement(".ah-crumbs");
        return view;
    }
}
