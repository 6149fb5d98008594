using AccessHive.Core.Agency.UseCases;
using AccessHive.Core.Cases.Weeks;
using AccessHive.Core.Kernel;
using AccessHive.Core.Requests;
using AccessHive.Core.Sessions.UseCases;
using AccessHive.Core.Vault.UseCases;
using AccessHive.Tests.World;
using Microsoft.Playwright;
using NodaTime;
using Xunit;

namespace AccessHive.Tests.Browser;

/// <summary>Every page, dialog and state that people meet, looked at by axe: wide and narrow, light and dark.</summary>
[Collection<BrowserTests>]
public sealed class AxeTests(Chromium chromium)
{
    private readonly Barriers barriers = new();

    [Fact]
    public async Task The_pages_before_somebody_is_in_have_no_barriers()
    {
        await using var empty = await RunningHouse.OpenAsync(new HouseWish(Empty: true));
        await using var newcomer = await Person.AtAsync(chromium, empty.Url);
        await newcomer.Page.GotoAsync("/account/sign-in");
        await barriers.LookAtAsync(newcomer.Page, "sign-in of an empty house");
        await newcomer.Page.GotoAsync($"/account/setup/{(await empty.Get<Joining>().IssueSetupLinkAsync()).Require()}");
        await barriers.LookAtAsync(newcomer.Page, "setup");
        await newcomer.Page.GotoAsync("/account/setup/no-such-link");
        await barriers.LookAtAsync(newcomer.Page, "setup with an old link");

        // Another house at the same host: its cookies are not the other one's.
        await newcomer.Context.ClearCookiesAsync();
        await using var house = await RunningHouse.OpenAsync();
        await newcomer.Page.GotoAsync($"{house.Url}/account/join/{await InvitedAsync(house)}");
        await barriers.LookAtAsync(newcomer.Page, "join");
        await newcomer.Page.GotoAsync($"{house.Url}/account/sign-in");
        await newcomer.Page.GetByLabel("E-mail address").FillAsync("nobody@agency.example");
        await newcomer.Page.GetByLabel("Password").FillAsync("not the password at all");
        await newcomer.Page.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();
        await Assertions.Expect(newcomer.Page.GetByRole(AriaRole.Alert)).ToBeVisibleAsync();
        await barriers.LookAtAsync(newcomer.Page, "sign-in that didn't match");

        barriers.AreNone();
    }

    [Fact]
    public async Task The_pages_of_every_day_have_no_barriers()
    {
        await using var house = await RunningHouse.OpenAsync();
        await InvitedAsync(house);
        await using var olivia = await Person.SignedInAsync(chromium, house.Url, "Olivia");
        var page = olivia.Page;
        foreach (var path in new[]
        {
            "/", "/identities", "/identities?q=nothing-is-called-so", $"/identities/{house.Ads}?tab=details", $"/identities/{house.Ads}?tab=history", "/identities/new", "/identities/import", $"/identities/{house.Ads}/edit",
            "/identities/rotations", "/inbox", "/sessions", "/audit", "/audit?entry=9", "/settings/agency", "/settings/trail", "/cases/weeks", $"/cases/weeks/{ReviewWeek.Of(house.Now.InZone(DateTimeZoneProviders.Tzdb["Europe/Berlin"]).Date)}", "/cases/patterns", "/notices", "/settings/notices", "/settings/browser", "/troubleshooting", $"/troubleshooting/emergency-not-available?identity={house.Ads}",
        })
        {
            await olivia.GoToAsync(path);
            await barriers.LookAtAsync(page, path);
        }

        await olivia.GoToAsync("/settings/notices");
        await page.GetByRole(AriaRole.Button, new() { Name = "Set up e-mail" }).ClickAsync();
        await barriers.LookAtAsync(page, "the mail server, edited");
        await olivia.GoToAsync($"/identities/{house.Ads}");
        await barriers.LookAtAsync(page, "one identity");
        await InDialogAsync(page, "Add credential");
        await InDialogAsync(page, "Change secret");
        await InDialogAsync(page, "Rotation … Password");
        await InDialogAsync(page, "Emergency Access");
        await page.GetByRole(AriaRole.Button, new() { Name = "Go to …" }).ClickAsync();
        await page.GetByRole(AriaRole.Combobox, new() { Name = "Page or identity" }).FillAsync("berg");
        await Assertions.Expect(page.GetByRole(AriaRole.Option).First).ToContainTextAsync("Bergmann");
        await barriers.LookAtAsync(page, "command palette");
        await page.Keyboard.PressAsync("Escape");
        await page.GetByRole(AriaRole.Button, new() { Name = "Account of Olivia" }).ClickAsync();
        await barriers.LookAtAsync(page, "account menu");

        (await house.Get<KeepRotations>().StartAsync(house.Ian, house.AdsPassword)).Require();
        await olivia.GoToAsync("/identities/rotations");
        await barriers.LookAtAsync(page, "rotations");
        await InDialogAsync(page, "Enter new secret … Password of Bergmann – Google Ads");

        await olivia.GoToAsync("/people");
        await barriers.LookAtAsync(page, "people");
        await InDialogAsync(page, "Invite a person");
        await InDialogAsync(page, "Disable Max");
        await page.GetByRole(AriaRole.Button, new() { Name = "Change roles of Max" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Group, new() { Name = "Roles of Max" })).ToBeVisibleAsync();
        await barriers.LookAtAsync(page, "roles of a person");

        await olivia.GoToAsync("/settings/emergency-access");
        await barriers.LookAtAsync(page, "settings card");
        await page.GetByRole(AriaRole.Button, new() { Name = "Edit", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Spinbutton, new() { Name = "Maximum duration" }).FillAsync("4711");
        await Assertions.Expect(page.Locator("#maximum-duration[aria-invalid=true]")).ToBeVisibleAsync();
        await barriers.LookAtAsync(page, "settings card, edited and refused");

        await olivia.GoToAsync("/settings/trail");
        await page.Locator("#syslog-edit").ClickAsync();
        await page.Locator("#syslog-host").WaitForAsync();
        await barriers.LookAtAsync(page, "trail settings, edited");
        await olivia.GoToAsync("/audit?emergency=1");
        await page.GetByRole(AriaRole.Button, new() { Name = "Export", Exact = true }).ClickAsync();
        await Assertions.Expect(page.Locator("#export-format")).ToBeVisibleAsync();
        await barriers.LookAtAsync(page, "export of the trail");

        await olivia.GoToAsync($"/settings/approvals?identity={house.Ads}");
        await barriers.LookAtAsync(page, "approval policies");
        await page.Locator("#approval-edit").ClickAsync();
        await page.GetByRole(AriaRole.Radio, new() { Name = "No Approval", Exact = true }).CheckAsync();
        await page.GetByRole(AriaRole.Spinbutton, new() { Name = "Checkout duration" }).FillAsync("4711");
        await Assertions.Expect(page.Locator("#checkout-duration[aria-invalid=true]")).ToBeVisibleAsync();
        await barriers.LookAtAsync(page, "approval policies, edited and refused");
        await page.GetByRole(AriaRole.Button, new() { Name = "Edit the agency's list" }).ClickAsync();
        await page.GetByLabel("Named people").CheckAsync();
        await Assertions.Expect(page.Locator("#approvers-accept")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Combobox, new() { Name = "Add a person" }).FillAsync("a");
        await Assertions.Expect(page.GetByRole(AriaRole.Option).First).ToBeVisibleAsync();
        await barriers.LookAtAsync(page, "list of approvers with nobody on it");

        // The browser itself complains about an address that isn't there.
        await using var lost = await Person.SignedInAsync(chromium, house.Url, "Max", wish: new BrowserWish(FaultsAreExpected: true));
        Assert.Equal(404, (await lost.Page.GotoAsync("/nowhere"))?.Status);
        await Person.ReadyAsync(lost.Page);
        await Assertions.Expect(lost.Page.GetByRole(AriaRole.Heading, new() { Name = "There is nothing here" })).ToBeVisibleAsync();
        await barriers.LookAtAsync(lost.Page, "not found");

        barriers.AreNone();
    }

    [Fact]
    public async Task The_pages_of_an_emergency_have_no_barriers()
    {
        var time = new FakeTime();
        await using var house = await RunningHouse.OpenAsync(new HouseWish(Time: time));
        var denied = (await house.RaiseAsync(house.Adam)).Require().Request;
        await using var adam = await Person.SignedInAsync(chromium, house.Url, "Adam", $"/requests/{denied}");
        await using var olivia = await Person.SignedInAsync(chromium, house.Url, "Olivia", "/inbox");
        await Assertions.Expect(olivia.Page.GetByRole(AriaRole.Alertdialog)).ToBeVisibleAsync();
        await barriers.LookAtAsync(adam.Page, "request that waits, as its requester");
        await barriers.LookAtAsync(olivia.Page, "inbox under a banner");
        await olivia.Page.GetByRole(AriaRole.Alertdialog).GetByRole(AriaRole.Button, new() { Name = "Deny" }).ClickAsync();
        await Assertions.Expect(olivia.Page.GetByRole(AriaRole.Button, new() { Name = "Deny now" })).ToBeVisibleAsync();
        await barriers.LookAtAsync(olivia.Page, "banner that asks why not");
        await LookAsync(olivia, $"/requests/{denied}", "request that waits, as an approver");
        await LookAsync(adam, "/", "home of somebody who waits");
        (await house.DecideAsync(house.Priya, denied, Verdict.Deny, "The client is on it.")).Require();
        await Assertions.Expect(olivia.Page.GetByText("Denied by Priya").First).ToBeVisibleAsync();
        await barriers.LookAtAsync(olivia.Page, "banner of a request that was decided elsewhere");
        await LookAsync(adam, $"/requests/{denied}", "request that was denied");

        var lapsed = (await house.RaiseAsync(house.Adam)).Require().Request;
        time.AdvanceMinutes(15);
        await house.SettleAsync();
        await LookAsync(adam, $"/requests/{lapsed}", "request that lapsed");

        var session = await house.GrantAsync(house.Adam);
        await LookAsync(adam, $"/identities/{house.Ads}", "identity that is held");
        await LookAsync(olivia, "/sessions", "sessions");
        await LookAsync(olivia, $"/sessions/{session}", "session of somebody else");
        await olivia.Page.GetByRole(AriaRole.Button, new() { Name = "Revoke the session of Adam" }).ClickAsync();
        await Assertions.Expect(olivia.Page.GetByRole(AriaRole.Button, new() { Name = "Revoke now" })).ToBeVisibleAsync();
        await barriers.LookAtAsync(olivia.Page, "revoking");
        await adam.GoToAsync($"/sessions/{session}");
        await adam.Page.GetByRole(AriaRole.Button, new() { Name = "Reveal Password" }).ClickAsync();
        await adam.Page.Locator(".ah-glass[data-glass=shown]").WaitForAsync();
        await barriers.LookAtAsync(adam.Page, "session with its secret on the glass");
        (await house.Get<EndSessionHandler>().RevokeAsync(house.Sofia, session, "Called off.")).Require();
        await Assertions.Expect(adam.Page.Locator("#main")).ToContainTextAsync("Revoked by Sofia");
        await barriers.LookAtAsync(adam.Page, "session that was revoked");
        await LookAsync(olivia, "/inbox", "inbox of settled requests");
        await LookAsync(olivia, "/cases", "board of cases");
        await LookAsync(olivia, "/cases/3", "case with its verdict to be given");
        await LookAsync(olivia, "/cases/3/dossier", "dossier");

        barriers.AreNone();
    }

    private static async Task<string> InvitedAsync(RunningHouse house)
        => (await house.Get<ManagePeople>().InviteAsync(house.Olivia, new InvitePerson("Nina", "nina@agency.example", Roles.Member))).Require().Token;

    private async Task LookAsync(Person person, string path, string what)
    {
        await person.GoToAsync(path);
        await barriers.LookAtAsync(person.Page, what);
    }

    private async Task InDialogAsync(IPage page, string button)
    {
        await page.Locator("#main").GetByRole(AriaRole.Button, new() { Name = button }).First.ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await Assertions.Expect(dialog.GetByRole(AriaRole.Button, new() { Name = "Cancel" })).ToBeVisibleAsync();
        await barriers.LookAtAsync(page, $"dialog {button}");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();
        await Assertions.Expect(dialog).ToHaveCountAsync(0);
    }
}
