using AccessHive.Tests.World;
using AccessHive.Web.Demo;
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

    [Fact]
    public async Task In_the_demo_somebody_is_chosen_by_a_click()
    {
        await using var house = await RunningHouse.OpenAsync(new HouseWish(Demo: true));
        await using var visitor = await Person.AtAsync(chromium, house.Url);
        await visitor.Page.GotoAsync("/inbox");
        var chosen = DemoCast.All[0];

        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = $"Sign in as {chosen.Name}" }).ClickAsync();

        await Person.ReadyAsync(visitor.Page);
        Assert.Equal("/inbox", new Uri(visitor.Page.Url).AbsolutePath);
        await Assertions.Expect(visitor.Page.Locator(".ah-ribbon")).ToContainTextAsync(chosen.Name);
    }

    [Fact]
    public async Task What_a_page_complains_about_is_heard()
    {
        await using var house = await RunningHouse.OpenAsync();
        await using var olivia = await Person.SignedInAsync(chromium, house.Url, "Olivia", wish: new BrowserWish(FaultsAreExpected: true));
        var thrown = new TaskCompletionSource();
        olivia.Page.PageError += (_, _) => thrown.TrySetResult();

        await olivia.Page.EvaluateAsync("() => { setTimeout(() => { throw new Error('uncaught'); }); }");
        await thrown.Task.WaitAsync(TimeSpan.FromSeconds(10));
        await olivia.Page.RunAndWaitForConsoleMessageAsync(
            () => olivia.Page.EvaluateAsync("() => { const own = document.createElement('script'); own.textContent = 'window.ran = true'; document.body.append(own); }"));

        Assert.Contains(olivia.Faults, f => f.Contains("uncaught", StringComparison.Ordinal));
        Assert.Contains(olivia.Faults, f => f.Contains("Content Security Policy", StringComparison.Ordinal));
        Assert.False(await olivia.Page.EvaluateAsync<bool>("() => window.ran === true"));
    }
}
