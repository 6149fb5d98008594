using AccessHive.Tests.World;
using AccessHive.Web.Demo;
using Microsoft.Playwright;
using Xunit;

namespace AccessHive.Tests.Browser;

/// <summary>
/// A walk through the furnished demo. Every page has its heading and fits its width, also on the narrowest phone; and when
/// ACCESSHIVE_SCREENSHOTS names a folder, each is photographed there: wide and narrow, light and dark.
/// </summary>
[Collection<BrowserTests>]
public sealed class ScreenshotTests(Chromium chromium)
{
    private static readonly string? folder = Environment.GetEnvironmentVariable("ACCESSHIVE_SCREENSHOTS") is { Length: > 0 } named ? named : null;
    private readonly List<string> faults = [];

    [Fact]
    public async Task Every_page_of_the_demo_has_a_heading_and_fits_its_width()
    {
        await using var house = await RunningHouse.OpenAsync(new HouseWish(Demo: true));
        await using var visitor = await Person.AtAsync(chromium, house.Url);
        var page = visitor.Page;
        await page.GotoAsync("/account/sign-in");
        await ShowAsync(page, "sign-in");

        await AsAsync(visitor, DemoCast.Priya, "/");
        await page.GetByRole(AriaRole.Alertdialog).First.WaitForAsync();
        await ShowAsync(page, "home");
        await GoAsync(visitor, "/inbox");
        await ShowAsync(page, "inbox");

        await AsAsync(visitor, DemoCast.Yuki, "/identities");
        await ShowAsync(page, "identities");
        await page.GetByRole(AriaRole.Link, new() { Name = DemoVault.BergmannAds }).First.ClickAsync();
        await Person.ReadyAsync(page);
        await ShowAsync(page, "identity");
        await page.GetByRole(AriaRole.Button, new() { Name = "Emergency Access" }).First.ClickAsync();
        await Assertions.Expect(page.GetByLabel("Justification")).ToBeFocusedAsync();
        await page.GetByLabel("Justification").FillAsync("Spend on the ads account rose tenfold since 03:10, nobody booked it. I need to stop the campaigns now.");
        await ShowAsync(page, "emergency-dialog", "[role=dialog] h2");

        await GoAsync(visitor, "/troubleshooting");
        await ShowAsync(page, "troubleshooting");
        await GoAsync(visitor, "/troubleshooting/not-approved-in-time");
        await ShowAsync(page, "troubleshooting-answer");
        await AsAsync(visitor, DemoCast.Yuki, "/identities/rotations");
        await ShowAsync(page, "rotations");

        await AsAsync(visitor, DemoCast.Amara, "/");
        await page.GetByRole(AriaRole.Link, new() { Name = "Open the request" }).ClickAsync();
        await page.WaitForURLAsync("**/requests/*");
        await ShowAsync(page, "request-waiting");

        await AsAsync(visitor, DemoCast.Tomasz, "/");
        await page.GetByRole(AriaRole.Button, new() { Name = "Later" }).First.ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Open the session" }).ClickAsync();
        await page.WaitForURLAsync("**/sessions/*");
        await ShowAsync(page, "session");

        await AsAsync(visitor, DemoCast.Sofia, "/cases?show=all");
        await ShowAsync(page, "cases");
        await OpenCaseAsync(page, DemoVault.NordhavnCloudflare);
        await ShowAsync(page, "case-to-review");
        await GoAsync(visitor, "/cases?show=all");
        await OpenCaseAsync(page, DemoVault.BergmannAds);
        await ShowAsync(page, "case");
        await page.GetByRole(AriaRole.Link, new() { Name = "Dossier" }).ClickAsync();
        await Assertions.Expect(page.Locator("#main h1")).ToContainTextAsync("Case ");
        await ShowAsync(page, "dossier");
        await GoAsync(visitor, "/cases/weeks");
        await ShowAsync(page, "weeks");
        await page.Locator("#main th a").Nth(1).ClickAsync();
        await Assertions.Expect(page.Locator("#main h1")).ToContainTextAsync("Week ");
        await ShowAsync(page, "week");
        await GoAsync(visitor, "/cases/patterns");
        await ShowAsync(page, "patterns");

        await AsAsync(visitor, DemoCast.Kwame, "/sessions");
        await ShowAsync(page, "sessions");
        await GoAsync(visitor, "/audit");
        await ShowAsync(page, "audit");
        await page.GetByRole(AriaRole.Link, new() { Name = "Access requested" }).First.ClickAsync();
        await ShowAsync(page, "audit-entry", "[role=dialog] h2");
        await GoAsync(visitor, "/audit?emergency=1");
        await page.GetByRole(AriaRole.Button, new() { Name = "Export", Exact = true }).ClickAsync();
        await Assertions.Expect(page.GetByText("Counting")).ToBeHiddenAsync();
        await ShowAsync(page, "export", "[role=dialog] h2");

        await AsAsync(visitor, DemoCast.Ingrid, "/people");
        await page.GetByRole(AriaRole.Button, new() { Name = "Later" }).First.ClickAsync();
        await ShowAsync(page, "people");
        await page.GetByRole(AriaRole.Navigation, new() { Name = "Main" }).GetByRole(AriaRole.Link, new() { Name = "Settings" }).ClickAsync();
        await page.Locator("#card-edit").WaitForAsync();
        await ShowAsync(page, "settings");
        await page.Locator("#card-edit").ClickAsync();
        await page.Locator("#maximum-duration").WaitForAsync();
        await ShowAsync(page, "settings-edit");
        await GoAsync(visitor, "/notices");
        await ShowAsync(page, "notices");
        await GoAsync(visitor, "/settings/trail");
        await ShowAsync(page, "settings-trail");
        await GoAsync(visitor, "/settings/notices");
        await ShowAsync(page, "settings-notices");
        await GoAsync(visitor, "/settings/agency");
        await ShowAsync(page, "settings-agency");
        await GoAsync(visitor, "/settings/approvals");
        await page.Locator("#preview-identity").FillAsync("Lumen");
        await page.Locator("#preview").GetByRole(AriaRole.Option, new() { Name = DemoVault.LumenTikTok }).ClickAsync();
        await Assertions.Expect(page.Locator("#preview .ah-facts")).ToBeVisibleAsync();
        await ShowAsync(page, "approvals");
        await page.Locator("#approval-edit").ClickAsync();
        await page.Locator("#standard-window").WaitForAsync();
        await ShowAsync(page, "approvals-edit");

        Assert.True(faults.Count == 0, string.Join(Environment.NewLine, faults));
    }

    private static async Task AsAsync(Person visitor, CastMember member, string path)
    {
        await visitor.Page.SetViewportSizeAsync(1440, 900);
        await visitor.Context.ClearCookiesAsync();
        await visitor.SignInAsync(member.Email, DemoCast.Password, path);
    }

    private static async Task GoAsync(Person visitor, string path) => await visitor.GoToAsync(path);

    private static async Task OpenCaseAsync(IPage page, string identity)
    {
        await page.GetByRole(AriaRole.Link, new() { Name = identity }).First.ClickAsync();
        await Assertions.Expect(page.Locator("#main h1")).ToHaveTextAsync(identity);
        await Person.ReadyAsync(page);
    }

    private async Task ShowAsync(IPage page, string name, string heading = "#main h1")
    {
        await Assertions.Expect(page.Locator(heading).First).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("[aria-busy=true]")).ToHaveCountAsync(0);
        await Assertions.Expect(page.Locator("[data-clock]:empty")).ToHaveCountAsync(0);
        await page.EvaluateAsync("async () => { await document.fonts.ready; }");
        foreach (var width in folder is null ? [1440, 360] : new[] { 1440, 390, 360 })
        {
            await page.SetViewportSizeAsync(width, width > 600 ? 900 : 844);
            var wide = await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth");
            if (wide > width)
                faults.Add($"{name} is {wide} px wide in a window of {width} px: {await WidestAsync(page)}");
            if (folder is null || width == 360)
                continue;
            foreach (var scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
            {
                await page.EmulateMediaAsync(new() { ColorScheme = scheme });
                await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}-{width}-{(scheme == ColorScheme.Light ? "light" : "dark")}.png"), Animations = ScreenshotAnimations.Disabled, Caret = ScreenshotCaret.Hide });
            }
        }

        await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });
        await page.SetViewportSizeAsync(1440, 900);
    }

    private static Task<string> WidestAsync(IPage page) => page.EvaluateAsync<string>("""
        () => [...document.body.querySelectorAll('*')].filter(e => e.getBoundingClientRect().right > innerWidth + 1).map(e => e.outerHTML.slice(0, 120)).slice(0, 3).join(' ')
        """);
}
