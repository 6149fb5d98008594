using AccessHive.Tests.World;
using Microsoft.Playwright;
using Xunit;

namespace AccessHive.Tests.Browser;

/// <summary>Real double clicks on what matters, the back button after it, and a second tab beside it: everything happens once.</summary>
[Collection<BrowserTests>]
public sealed class ClickTests(Chromium chromium)
{
    private static readonly string[] receipts = ["request.routed", "request.shown", "person.signed-in"];

    [Fact]
    public async Task A_double_click_asks_approves_and_ends_once_and_going_back_repeats_nothing()
    {
        await using var house = await RunningHouse.OpenAsync();
        await using var priya = await Person.SignedInAsync(chromium, house.Url, "Priya", "/sessions");
        await using var adam = await Person.SignedInAsync(chromium, house.Url, "Adam", $"/identities/{house.Ads}");
        var page = adam.Page;
        var other = await adam.OpenTabAsync($"/identities/{house.Ads}");
        await page.GetByRole(AriaRole.Button, new() { Name = "Emergency Access" }).First.DblClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(1);
        await Assertions.Expect(page.GetByLabel("Justification")).ToBeFocusedAsync();
        await page.GetByLabel("Justification").FillAsync(Cast.GoodReason);

        var asked = await AddedAsync(house, async () =>
        {
            await Button(page, "Request emergency access").DblClickAsync();
            await page.WaitForURLAsync("**/requests/*");
            await Assertions.Expect(other.Locator("#main")).ToContainTextAsync("Waiting for a decision – open");
            await page.GoBackAsync();
            await Assertions.Expect(page.Locator("#main h1")).ToContainTextAsync("Bergmann");
            await Assertions.Expect(page.Locator("#main")).ToContainTextAsync("Waiting for a decision – open");
            await Assertions.Expect(page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
            await page.GoForwardAsync();
            await Assertions.Expect(Button(page, "Withdraw")).ToBeVisibleAsync();
            await RoundTripAsync(page);
        });
        Assert.Equal(["request.raised", "case.opened"], asked);

        var approved = await AddedAsync(house, async () =>
        {
            await Button(priya.Page, "Approve Adam").DblClickAsync();
            await page.WaitForURLAsync("**/sessions/*");
            await Assertions.Expect(priya.Page.GetByRole(AriaRole.Alertdialog)).ToHaveCountAsync(0);
            await Assertions.Expect(other.Locator("#main")).ToContainTextAsync("Open your session");
            await RoundTripAsync(priya.Page);
            await priya.Page.GoBackAsync();
            await page.GoBackAsync();
            await Assertions.Expect(page.Locator("#main")).ToContainTextAsync("Approved by Priya");
            await page.GetByRole(AriaRole.Link, new() { Name = "Open the session" }).ClickAsync();
            await page.WaitForURLAsync("**/sessions/*");
        });
        Assert.Equal(["request.approved", "session.started"], approved);

        var ended = await AddedAsync(house, async () =>
        {
            await Button(page, "End now").DblClickAsync();
            await Assertions.Expect(page.Locator("#main")).ToContainTextAsync("You ended this session");
            await Assertions.Expect(Button(other, "Emergency Access").First).ToBeVisibleAsync();
            await RoundTripAsync(page);
            await page.GoBackAsync();
            await Assertions.Expect(page.Locator("#main")).ToContainTextAsync("Approved by Priya");
            await page.GoForwardAsync();
            await Assertions.Expect(page.Locator("#main")).ToContainTextAsync("You ended this session");
            await Assertions.Expect(Button(page, "End now")).ToHaveCountAsync(0);
        });
        Assert.Equal(["session.ended-by-holder"], ended);
    }

    [Fact]
    public async Task A_double_click_denies_withdraws_and_revokes_once()
    {
        await using var house = await RunningHouse.OpenAsync();
        var denied = (await house.RaiseAsync(house.Adam)).Require().Request;
        await using var adam = await Person.SignedInAsync(chromium, house.Url, "Adam", $"/requests/{denied}");
        await using var olivia = await Person.SignedInAsync(chromium, house.Url, "Olivia", $"/requests/{denied}");
        var banner = olivia.Page.GetByRole(AriaRole.Alertdialog);
        await banner.GetByRole(AriaRole.Button, new() { Name = "Deny" }).DblClickAsync();
        Assert.Equal(["request.denied"], await AddedAsync(house, async () =>
        {
            await banner.GetByRole(AriaRole.Button, new() { Name = "Deny now" }).DblClickAsync();
            await Assertions.Expect(adam.Page.Locator("#main")).ToContainTextAsync("Denied by Olivia");
            await Assertions.Expect(banner).ToHaveCountAsync(0);
            await RoundTripAsync(olivia.Page);
        }));

        var withdrawn = (await house.RaiseAsync(house.Adam)).Require().Request;
        await adam.GoToAsync($"/requests/{withdrawn}");
        Assert.Equal(["request.withdrawn"], await AddedAsync(house, async () =>
        {
            await Button(adam.Page, "Withdraw").DblClickAsync();
            await Assertions.Expect(adam.Page.Locator("#main")).ToContainTextAsync("You withdrew this request");
            await RoundTripAsync(adam.Page);
        }));

        var session = await house.GrantAsync(house.Adam);
        await olivia.GoToAsync($"/sessions/{session}");
        await Button(olivia.Page, "Revoke the session of Adam").DblClickAsync();
        await olivia.Page.GetByLabel("Why?").FillAsync("Called off.");
        Assert.Equal(["session.revoked"], await AddedAsync(house, async () =>
        {
            await Button(olivia.Page, "Revoke now").DblClickAsync();
            await Assertions.Expect(olivia.Page.Locator("#main")).ToContainTextAsync("Revoked by Olivia");
            await RoundTripAsync(olivia.Page);
        }));
    }

    [Fact]
    public async Task A_double_click_saves_invites_and_adds_once()
    {
        await using var house = await RunningHouse.OpenAsync();
        await using var olivia = await Person.SignedInAsync(chromium, house.Url, "Olivia", "/settings/emergency-access");
        var page = olivia.Page;
        await Button(page, "Edit", exact: true).DblClickAsync();
        await page.GetByRole(AriaRole.Spinbutton, new() { Name = "Maximum duration" }).FillAsync("45");
        Assert.Equal(["policy.emergency-edited"], await AddedAsync(house, async () =>
        {
            await Button(page, "Save", exact: true).DblClickAsync();
            await Assertions.Expect(page.Locator("#main")).ToContainTextAsync("Saved.");
            await RoundTripAsync(page);
        }));

        await olivia.GoToAsync("/people");
        await Button(page, "Invite a person").DblClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(1);
        await Assertions.Expect(page.GetByLabel("Name")).ToBeFocusedAsync();
        await page.GetByLabel("Name").FillAsync("Nina");
        await page.GetByLabel("E-mail address").FillAsync("nina@agency.example");
        Assert.Equal(["person.invited"], await AddedAsync(house, async () =>
        {
            await Button(page, "Invite", exact: true).DblClickAsync();
            await Assertions.Expect(page.GetByRole(AriaRole.Dialog)).ToContainTextAsync("Send this link to Nina yourself.");
            await Button(page, "Done", exact: true).DblClickAsync();
            await Assertions.Expect(page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
            await RoundTripAsync(page);
        }));

        await olivia.GoToAsync("/identities/new");
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync("Added by two clicks");
        Assert.Equal(["identity.added"], await AddedAsync(house, async () =>
        {
            await Button(page, "Add identity").DblClickAsync();
            await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Added by two clicks" })).ToBeVisibleAsync();
            await RoundTripAsync(page);
        }));

        await Button(page, "Add credential").DblClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(1);
        await Assertions.Expect(page.GetByRole(AriaRole.Dialog).GetByLabel("Label")).ToBeFocusedAsync();
        await page.GetByRole(AriaRole.Dialog).GetByLabel("Secret").FillAsync(Cast.Secret);
        Assert.Equal(["credential.added", "credential.secret-changed"], await AddedAsync(house, async () =>
        {
            await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Add credential" }).DblClickAsync();
            await Assertions.Expect(page.GetByRole(AriaRole.Article)).ToHaveCountAsync(1);
            await Assertions.Expect(page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
            await RoundTripAsync(page);
        }));
    }

    private static ILocator Button(IPage page, string name, bool exact = false) => page.GetByRole(AriaRole.Button, new() { Name = name, Exact = exact });

    // What the trail tells of it. A refused attempt would be told too.
    private static async Task<IReadOnlyList<string>> AddedAsync(RunningHouse house, Func<Task> doing)
    {
        var before = (await house.TrailAsync()).Count;
        await doing();
        return [.. (await house.TrailAsync()).Skip(before).Where(type => !receipts.Contains(type))];
    }

    // Behind this, the circuit has heard both clicks: it hears in order.
    private static async Task RoundTripAsync(IPage page)
    {
        await Button(page, "Go to …").ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Option).First).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(page.GetByRole(AriaRole.Option)).ToHaveCountAsync(0);
    }
}
