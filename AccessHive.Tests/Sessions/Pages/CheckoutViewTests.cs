using AccessHive.Core.Kernel;
using AccessHive.Core.Sessions.UseCases;
using AccessHive.Core.Vault;
using AccessHive.Tests.World;
using AccessHive.Web.Features.Sessions;
using AccessHive.Web.Features.Shared;
using Bunit;
using Fluxor;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AccessHive.Tests.Sessions.Pages;

/// <summary>The pages of a checkout: its words, its one extension, its check-in.</summary>
public sealed class CheckoutViewTests
{
    [Fact]
    public async Task The_holder_extends_once_and_reads_why_not_twice_then_checks_in()
    {
        await using var agency = await TestAgency.FoundAsync();
        var session = await agency.HoldAsync(agency.Max);
        await using var world = await PageWorld.OpenAsync(agency, agency.Max);
        var view = View(world, session);
        Assert.Contains("Checked out until", view.Markup, StringComparison.Ordinal);
        Assert.Empty(view.FindAll(".is-emergency"));

        await Button(view, "Extend by 2 h").ClickAsync(new());

        view.WaitForAssertion(() => Assert.Contains("that is possible once.", view.Markup, StringComparison.Ordinal));
        Assert.Equal("true", Button(view, "Extend").GetAttribute("aria-disabled"));
        await Button(view, "Check in").ClickAsync(new());
        view.WaitForAssertion(() => Assert.Contains("You checked it in at", view.Markup, StringComparison.Ordinal));
        Assert.Empty(view.FindAll(".ah-glass"));
        Assert.Equal(["session.started", "session.extended", "session.checked-in"], await agency.TrailAsync("session."));
    }

    [Fact]
    public async Task An_extension_in_one_tab_reaches_the_other()
    {
        await using var agency = await TestAgency.FoundAsync();
        var session = await agency.HoldAsync(agency.Max);
        await using var world = await PageWorld.OpenAsync(agency, agency.Max);
        var (view, pill) = (View(world, session), world.Render<HoldingPill>());
        var before = view.FindComponents<Countdown>()[0].Instance.Until;

        (await agency.ExtendAsync(agency.Max, session)).Require();
        await world.HearAsync();

        view.WaitForAssertion(() => Assert.True(view.FindComponents<Countdown>()[0].Instance.Until > before));
        pill.WaitForAssertion(() => Assert.True(pill.FindComponent<Countdown>().Instance.Until > before));
        Assert.DoesNotContain("is-emergency", pill.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Over_it_can_be_checked_out_again_in_the_usual_way()
    {
        await using var agency = await TestAgency.FoundAsync();
        var session = await agency.HoldAsync(agency.Max);
        agency.Time.AdvanceMinutes(60);
        await using var world = await PageWorld.OpenAsync(agency, agency.Max);
        CheckoutWanted? wanted = null;
        world.Page.Services.GetRequiredService<IActionSubscriber>().SubscribeToAction<CheckoutWanted>(this, asked => wanted = asked);
        var view = View(world, session);

        await Button(view, "Check out again").ClickAsync(new());

        Assert.Equal(new CheckoutWanted(agency.Ads, agency.AdsPassword), wanted);
    }

    [Fact]
    public async Task A_revealed_key_has_nothing_to_check_in_and_nothing_to_extend()
    {
        await using var agency = await TestAgency.FoundAsync();
        var (_, key) = await agency.KeepAsync("Mail API", IdentityType.ApiKey);
        var session = await agency.HoldAsync(agency.Max, key, minutes: 15);
        await using var world = await PageWorld.OpenAsync(agency, agency.Max);

        var view = View(world, session);

        Assert.DoesNotContain("Check in", view.Markup, StringComparison.Ordinal);
        Assert.DoesNotContain(view.FindAll("button"), b => b.TextContent.Contains("Extend", StringComparison.Ordinal));
        Assert.NotNull(Button(view, "Done"));
    }

    [Fact]
    public async Task The_dashboard_follows_what_happens()
    {
        await using var agency = await TestAgency.FoundAsync();
        await using var world = await PageWorld.OpenAsync(agency, agency.Olivia);
        var page = world.Render<SessionsPage>();
        page.WaitForAssertion(() => Assert.Contains("No session is running", page.Markup, StringComparison.Ordinal));

        var raised = (await agency.CheckOutAsync(agency.Max)).Require().Request;
        await world.HearAsync();
        page.WaitForElement($"a[href='requests/{raised}']");
        var session = (await agency.DecideAsync(agency.Priya, raised)).Require().Session!.Value;
        await world.HearAsync();
        page.WaitForElement($"article a[href='sessions/{session}']");
        (await agency.CheckInAsync(agency.Max, session)).Require();
        await world.HearAsync();

        page.WaitForAssertion(() => Assert.Contains("1 check-in", page.FindAll(".counts li").Select(Words)));
        Assert.Contains("Checked in", page.Find("table").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_address_says_which_way_is_shown()
    {
        await using var agency = await TestAgency.FoundAsync();
        await agency.HoldAsync(agency.Max);
        await using var world = await PageWorld.OpenAsync(agency, agency.Olivia);
        world.Page.Services.GetRequiredService<NavigationManager>().NavigateTo("sessions?kind=emergency");

        var page = world.Render<SessionsPage>();

        page.WaitForAssertion(() => Assert.Contains("No emergency is running", page.Markup, StringComparison.Ordinal));
        Assert.Equal("Emergencies", page.Find("nav a[aria-current]").TextContent);
    }

    private static string Words(AngleSharp.Dom.IElement element) => string.Join(' ', element.TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private static AngleSharp.Dom.IElement Button(IRenderedComponent<SessionView> view, string words)
        => view.FindAll("button").Single(b => b.TextContent.Trim() == words);

    private static IRenderedComponent<SessionView> View(PageWorld world, SessionId session)
    {
        var view = world.Render<SessionView>(p => p.Add(v => v.Id, session.Value));
        view.WaitForElement(".ah-crumbs");
        return view;
    }
}
