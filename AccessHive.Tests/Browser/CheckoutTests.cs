using AccessHive.Core.Kernel;
using AccessHive.Tests.World;
using Microsoft.Playwright;
using NodaTime;
using Xunit;

namespace AccessHive.Tests.Browser;

/// <summary>A checkout as people live through it: asked, approved elsewhere, extended, checked in.</summary>
[Collection<BrowserTests>]
public sealed class CheckoutTests(Chromium chromium)
{
    [Fact]
    public async Task Two_people_live_through_a_checkout_from_the_ask_to_the_check_in()
    {
        await using var house = await RunningHouse.OpenAsync();
        await using var priya = await Person.SignedInAsync(chromium, house.Url, "Priya", "/inbox");
        await using var olivia = await Person.SignedInAsync(chromium, house.Url, "Olivia", "/sessions");
        await using var max = await Person.SignedInAsync(chromium, house.Url, "Max", $"/identities/{house.Ads}");

        await max.Page.GetByRole(AriaRole.Button, new() { Name = "Check out" }).First.ClickAsync();
        await Assertions.Expect(max.Page.GetByLabel("What for")).ToBeFocusedAsync();
        await max.Page.GetByLabel("What for").FillAsync(StandardCast.Purpose);
        await max.Page.GetByRole(AriaRole.Button, new() { Name = "Ask to check out for 1 h" }).ClickAsync();
        await max.Page.WaitForURLAsync("**/requests/*");
        await Assertions.Expect(olivia.Page.Locator("#main")).ToContainTextAsync("Waiting for approval (1)");
        await Assertions.Expect(max.Page.Locator("#main")).ToContainTextAsync("Seen by 1 of 3.");
        await Assertions.Expect(priya.Page.GetByRole(AriaRole.Alertdialog)).ToHaveCountAsync(0);

        await priya.Page.GetByRole(AriaRole.Button, new() { Name = "Approve Max" }).ClickAsync();
        await max.Page.WaitForURLAsync("**/sessions/*");
        await Assertions.Expect(max.Page.GetByRole(AriaRole.Timer).First).ToContainTextAsync("59:");
        await Assertions.Expect(olivia.Page.Locator("#main")).ToContainTextAsync("Running (1)");

        await max.Page.GetByRole(AriaRole.Button, new() { Name = "Reveal Password" }).ClickAsync();
        await max.Page.Locator(".ah-glass[data-glass=shown]").WaitForAsync();
        await max.Page.GetByRole(AriaRole.Button, new() { Name = "Extend by 2 h" }).ClickAsync();
        await Assertions.Expect(max.Page.Locator(".ah-ring")).ToContainTextAsync("2:59:");
        await Assertions.Expect(max.Page.Locator(".ah-pill")).ToContainTextAsync("2:59:");
        await Assertions.Expect(max.Page.Locator(".ah-glass[data-glass=shown]")).ToBeVisibleAsync();

        await max.Page.GetByRole(AriaRole.Button, new() { Name = "Check in" }).ClickAsync();
        await Assertions.Expect(max.Page.Locator("#main")).ToContainTextAsync("You checked it in at");
        Assert.DoesNotContain(Cast.Secret, await max.VisibleTreeAsync(), StringComparison.Ordinal);
        await Assertions.Expect(max.Page.Locator(".ah-pill")).ToHaveCountAsync(0);
        await Assertions.Expect(olivia.Page.Locator("#main")).ToContainTextAsync("No session is running");
        await Assertions.Expect(olivia.Page.Locator("#main")).ToContainTextAsync("1 check-in");
        Assert.Equal(["session.started", "session.secret-revealed", "session.extended", "session.checked-in"], await house.TrailAsync("session."));
    }

    [Fact]
    public async Task A_session_extended_in_one_tab_lets_the_open_glass_of_the_other_live_on()
    {
        var time = new FakeTime();
        await using var house = await RunningHouse.OpenAsync(new HouseWish(Time: time));
        var session = await house.HoldAsync(house.Max, minutes: 5);
        time.Advance(Duration.FromMinutes(5) - Duration.FromSeconds(8));
        await using var max = await Person.SignedInAsync(chromium, house.Url, "Max", $"/sessions/{session}");
        await max.Page.GetByRole(AriaRole.Button, new() { Name = "Reveal Password" }).ClickAsync();
        await max.Page.Locator(".ah-glass[data-glass=shown]").WaitForAsync();

        var other = await max.OpenTabAsync($"/sessions/{session}");
        await other.GetByRole(AriaRole.Button, new() { Name = "Extend by 2 h" }).ClickAsync();

        await Assertions.Expect(max.Page.Locator(".ah-ring")).ToContainTextAsync("2:00:0");
        await max.Page.WaitForFunctionAsync("since => performance.now() - since > 9000", await max.Page.EvaluateAsync<double>("() => performance.now()"));
        await Assertions.Expect(max.Page.Locator(".ah-glass[data-glass=shown]")).ToBeVisibleAsync();
        Assert.Contains(Cast.Secret, await max.VisibleTreeAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_cannot_wait_makes_an_emergency_of_it_and_the_approver_is_called()
    {
        await using var house = await RunningHouse.OpenAsync();
        var usual = (await house.CheckOutAsync(house.Adam)).Require().Request;
        await using var adam = await Person.SignedInAsync(chromium, house.Url, "Adam", $"/requests/{usual}");
        await using var priya = await Person.SignedInAsync(chromium, house.Url, "Priya", "/people");

        await adam.Page.GetByRole(AriaRole.Button, new() { Name = "Make it an emergency" }).ClickAsync();
        await Assertions.Expect(adam.Page.Locator(".mud-dialog")).ToContainTextAsync("You wait for this in the usual way.");
        await adam.Page.GetByLabel("Justification").FillAsync(Cast.GoodReason);
        await adam.Page.GetByRole(AriaRole.Button, new() { Name = "Request emergency access" }).ClickAsync();

        await Assertions.Expect(priya.Page.GetByRole(AriaRole.Alertdialog)).ToContainTextAsync(Cast.GoodReason);
        await Assertions.Expect(adam.Page.Locator("#main")).ToContainTextAsync("a request in the usual way");
        await Assertions.Expect(priya.Page.Locator(".ah-side .ah-count")).ToHaveTextAsync("1");
    }
}
