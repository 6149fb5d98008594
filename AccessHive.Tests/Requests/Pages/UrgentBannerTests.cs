using AccessHive.Core.Requests;
using AccessHive.Core.Requests.UseCases;
using AccessHive.Tests.World;
using AccessHive.Web.Features.Requests;
using Bunit;
using Microsoft.AspNetCore.Components;
using Xunit;

namespace AccessHive.Tests.Requests.Pages;

public sealed class UrgentBannerTests
{
    [Fact]
    public async Task A_request_appears_over_the_approvers_page_with_its_words_in_full()
    {
        await using var agency = await TestAgency.FoundAsync();
        await using var world = await PageWorld.OpenAsync(agency, agency.Priya);
        var banners = Banners(world);
        Assert.Empty(banners.FindAll(".ah-banner"));

        await agency.RaiseAsync(agency.Adam);
        await world.HearAsync();

        banners.WaitForElement(".ah-banner");
        Assert.Contains("Adam asks for emergency access to Bergmann – Google Ads", banners.Markup, StringComparison.Ordinal);
        Assert.Contains("shows spend we did not book.", banners.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Once_it_is_on_their_screen_the_requester_can_see_so()
    {
        await using var agency = await TestAgency.FoundAsync();
        agency.Presence.Enters(agency.Priya);
        await using var world = await PageWorld.OpenAsync(agency, agency.Priya);
        var banners = Banners(world);
        var raised = (await agency.RaiseAsync(agency.Adam)).Require();
        await world.HearAsync();
        banners.WaitForElement(".ah-banner");

        var page = (await agency.Get<RequestQueries>().PageAsync(agency.Adam, raised.Request))!;
        Assert.NotNull(Assert.Single(page.Asks).ShownAt);
    }

    [Fact]
    public async Task The_requester_sees_no_banner_of_their_own_request()
    {
        await using var agency = await TestAgency.FoundAsync();
        await using var world = await PageWorld.OpenAsync(agency, agency.Adam);
        var banners = Banners(world);

        await agency.RaiseAsync(agency.Adam);
        await world.HearAsync();

        Assert.Empty(banners.FindAll(".ah-banner"));
    }

    [Fact]
    public async Task Approving_on_the_banner_starts_the_session()
    {
        await using var agency = await TestAgency.FoundAsync();
        await using var world = await PageWorld.OpenAsync(agency, agency.Priya);
        var banners = Banners(world);
        await agency.RaiseAsync(agency.Adam);
        await world.HearAsync();

        await banners.WaitForElement("button.is-primary").ClickAsync(new());

        Assert.Equal(["session.started"], await agency.TrailAsync("session."));
    }

    [Fact]
    public async Task Decided_by_somebody_else_it_turns_into_one_line_that_says_by_whom()
    {
        await using var agency = await TestAgency.FoundAsync();
        await using var world = await PageWorld.OpenAsync(agency, agency.Priya);
        var banners = Banners(world);
        var raised = (await agency.RaiseAsync(agency.Adam)).Require();
        await world.HearAsync();
        banners.WaitForElement(".ah-banner");

        await agency.DecideAsync(agency.Olivia, raised.Request, Verdict.Deny);
        await world.HearAsync();

        var settled = banners.WaitForElement(".ah-banner.is-settled");
        Assert.Contains("Denied by Olivia: Adam, Bergmann – Google Ads", settled.TextContent, StringComparison.Ordinal);
        await banners.Find(".is-settled button").ClickAsync(new());
        Assert.Empty(banners.FindAll(".ah-banner"));
    }

    private static IRenderedComponent<UrgentBanners> Banners(PageWorld world)
        => world.Render<UrgentBanners>(p => p.Add(b => b.Main, default(ElementReference)));
}
