using AccessHive.Core.Kernel;
using AccessHive.Tests.World;
using AccessHive.Web.Features.Shared;
using AccessHive.Web.Shell;
using Bunit;
using Fluxor;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AccessHive.Tests.Shell;

public sealed class CommandPaletteTests
{
    [Fact]
    public async Task The_keyboard_leads_to_an_identity()
    {
        await using var agency = await TestAgency.FoundAsync();
        await using var world = await PageWorld.OpenAsync(agency, agency.Max);
        var palette = Open(world);

        palette.Find("input").Input("bergm");
        palette.WaitForAssertion(() => Assert.Equal(["Bergmann – Google Ads"], Options(palette)));
        Assert.Equal("palette-0", palette.Find("input").GetAttribute("aria-activedescendant"));
        palette.Find("input").KeyDown(new KeyboardEventArgs { Key = "Enter" });

        Assert.EndsWith($"/identities/{agency.Ads}", world.Page.Services.GetRequiredService<NavigationManager>().Uri, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_eligible_person_breaks_the_glass_from_anywhere()
    {
        await using var agency = await TestAgency.FoundAsync();
        await using var world = await PageWorld.OpenAsync(agency, agency.Adam);
        EmergencyAccessWanted? wanted = null;
        world.Page.Services.GetRequiredService<IActionSubscriber>().SubscribeToAction<EmergencyAccessWanted>(this, action => wanted = action);
        var palette = Open(world);

        palette.Find("input").Input("emergency berg");
        palette.WaitForAssertion(() => Assert.Equal(["Emergency access: Bergmann – Google Ads", "Bergmann – Google Ads"], Options(palette)));
        palette.Find("input").KeyDown(new KeyboardEventArgs { Key = "Enter" });

        Assert.Equal(agency.Ads, wanted!.Identity);
    }

    [Fact]
    public async Task With_nothing_typed_it_offers_the_pages_and_the_arrows_go_round()
    {
        await using var agency = await TestAgency.FoundAsync();
        await using var world = await PageWorld.OpenAsync(agency, agency.Max);
        var palette = Open(world);
        Assert.Equal("Home", Options(palette)[0]);
        Assert.Contains("Inbox", Options(palette));

        palette.Find("input").KeyDown(new KeyboardEventArgs { Key = "ArrowUp" });

        Assert.Equal(Options(palette)[^1], palette.Find("[aria-selected=true] span").TextContent);
    }

    [Fact]
    public async Task Forty_thousand_characters_find_nothing_and_break_nothing()
    {
        await using var agency = await TestAgency.FoundAsync();
        await using var world = await PageWorld.OpenAsync(agency, agency.Adam);
        var palette = Open(world);

        palette.Find("input").Input(new string('x', 40_000));

        palette.WaitForAssertion(() => Assert.Contains("Nothing by that name.", palette.Markup, StringComparison.Ordinal));
        Assert.Equal("100", palette.Find("input").GetAttribute("maxlength"));
    }

    private static IRenderedComponent<CommandPalette> Open(PageWorld world)
    {
        var palette = world.Render<CommandPalette>();
        palette.Find("button").Click();
        palette.WaitForElement("input");
        return palette;
    }

    private static List<string> Options(IRenderedComponent<CommandPalette> palette) => [.. palette.FindAll("[role=option] span.ah-truncate").Select(o => o.TextContent)];
}
