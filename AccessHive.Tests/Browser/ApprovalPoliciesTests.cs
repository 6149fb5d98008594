using AccessHive.Tests.World;
using Microsoft.Playwright;
using Xunit;

namespace AccessHive.Tests.Browser;

/// <summary>Two admins on the page of approval policies: what one types is previewed there, what one saves is on the other's screen.</summary>
[Collection<BrowserTests>]
public sealed class ApprovalPoliciesTests(Chromium chromium)
{
    [Fact]
    public async Task What_one_admin_saves_the_other_ones_open_page_and_preview_say()
    {
        await using var house = await RunningHouse.OpenAsync();
        await using var adam = await Person.SignedInAsync(chromium, house.Url, "Adam", $"/settings/approvals?identity={house.Ads}");
        await using var olivia = await Person.SignedInAsync(chromium, house.Url, "Olivia", $"/settings/approvals?identity={house.Ads}");
        var (page, other) = (adam.Page, olivia.Page.Locator("#main"));
        await Assertions.Expect(other.Locator("#preview .people")).ToContainTextAsync("Adam");

        await page.Locator("#approval-edit").ClickAsync();
        await page.GetByRole(AriaRole.Radio, new() { Name = "No Approval", Exact = true }).CheckAsync();
        await page.GetByRole(AriaRole.Switch, new() { Name = "Shared credentials require approval" }).UncheckAsync();
        await Assertions.Expect(page.Locator("#preview .answer")).ToContainTextAsync("Adam checks it out at once");
        await Assertions.Expect(other.Locator("#preview .people")).ToContainTextAsync("Priya");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true }).DblClickAsync();

        await Assertions.Expect(other).ToContainTextAsync("Last edited by Adam");
        await Assertions.Expect(other.Locator("#preview .answer")).ToContainTextAsync("Olivia checks it out at once");
        Assert.Equal(["policy.approval-edited"], await house.TrailAsync("policy."));

        await olivia.Page.GetByRole(AriaRole.Combobox, new() { Name = "Client" }).FillAsync("berg");
        await Assertions.Expect(olivia.Page.GetByRole(AriaRole.Option, new() { Name = "Bergmann Bikes" })).ToHaveAttributeAsync("aria-selected", "true");
        await olivia.Page.Keyboard.PressAsync("Enter");
        // The editor that opens takes the focus; what is typed before it has would lose it again.
        await Assertions.Expect(olivia.Page.Locator("#approvers-named")).ToBeFocusedAsync();
        await olivia.Page.GetByRole(AriaRole.Combobox, new() { Name = "Add a person" }).FillAsync("pri");
        await Assertions.Expect(olivia.Page.GetByRole(AriaRole.Option, new() { Name = "Priya" })).ToHaveAttributeAsync("aria-selected", "true");
        await olivia.Page.Keyboard.PressAsync("Enter");
        await olivia.Page.GetByRole(AriaRole.Button, new() { Name = "Save list" }).ClickAsync();

        await Assertions.Expect(other).ToContainTextAsync("Saved the list of client Bergmann Bikes: Priya.");
        await Assertions.Expect(page.Locator("#main")).ToContainTextAsync("Client Bergmann Bikes");
        Assert.Equal(["policy.approval-edited", "policy.approvers-changed"], await house.TrailAsync("policy."));
    }
}
