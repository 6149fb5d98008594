using AccessHive.Tests.World;
using Microsoft.Playwright;
using Xunit;

namespace AccessHive.Tests.Browser;

[Collection<BrowserTests>]
public sealed class FirstPageTests(Chromium chromium)
{
    [Fact]
    public async Task Somebody_signs_in_looks_at_every_page_and_signs_out()
    {
        await using var house = await RunningHouse.OpenAsync();
        await using var olivia = await Person.SignedInAsync(chromium, house.Url, "Olivia");
        foreach (var (link, heading) in new[] { ("Identities", "Identities"), ("Inbox", "Inbox"), ("Sessions", "Sessions"), ("Audit trail", "Audit trail"), ("People", "People"), ("Settings", "Settings"), ("Home", "Home") })
        {
            await olivia.Page.GetByRole(AriaRole.Navigation, new() { Name = "Main" }).GetByRole(AriaRole.Link, new() { Name = link }).ClickAsync();
            await Assertions.Expect(olivia.Page.Locator("#main h1")).ToContainTextAsync(heading);
            await Person.ReadyAsync(olivia.Page);
        }

        var account = olivia.Page.GetByRole(AriaRole.Button, new() { Name = "Account of Olivia" });
        await account.ClickAsync();
        await olivia.Page.GetByRole(AriaRole.Button, new() { Name = "Dark" }).ClickAsync();
        await Assertions.Expect(olivia.Page.Locator("html[data-theme=dark]")).ToBeVisibleAsync();
        await account.ClickAsync();
        await olivia.Page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await Assertions.Expect(olivia.Page.GetByRole(AriaRole.Heading, new() { Name = "Sign in" })).ToBeVisibleAsync();
        await olivia.Page.GotoAsync("/people");
        await Assertions.Expect(olivia.Page.GetByRole(AriaRole.Heading, new() { Name = "Sign in" })).ToBeVisibleAsync();
    }
}
