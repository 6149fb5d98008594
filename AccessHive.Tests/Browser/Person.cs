using System.Collections.Concurrent;
using System.Text;
using AccessHive.Tests.World;
using Microsoft.Playwright;
using Xunit;

namespace AccessHive.Tests.Browser;

/// <summary>How somebody's browser is to be.</summary>
/// <param name="Width">Of the window, in CSS pixels.</param>
/// <param name="Dark">Whether their system is dark.</param>
/// <param name="FaultsAreExpected">Errors on the console don't fail the test: it kills what the page talks to.</param>
public sealed record BrowserWish(int Width = 1440, bool Dark = false, bool FaultsAreExpected = false);

/// <summary>
/// One person in a browser of their own, looking at the house. Whatever their pages complain about – an uncaught error, a
/// violated policy, a missing file – fails the test when they leave.
/// </summary>
public sealed class Person : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);
    private readonly ConcurrentQueue<string> faults = [];
    private readonly ConcurrentQueue<byte[]> frames = [];
    private readonly IBrowserContext context;
    private readonly BrowserWish wish;

    private Person(IBrowserContext context, BrowserWish wish)
    {
        this.context = context;
        this.wish = wish;
        context.SetDefaultTimeout((float)Patience.TotalMilliseconds);
        context.Page += (_, page) => Listen(page);
    }

    /// <summary>The tab in front.</summary>
    public IPage Page { get; private set; } = null!;

    public IBrowserContext Context => context;

    /// <summary>Everything that went over the sockets, both ways, as it was.</summary>
    public IReadOnlyCollection<byte[]> Frames => frames;

    public IReadOnlyCollection<string> Faults => faults;

    /// <summary>Opens a browser at an address, on an empty page.</summary>
    public static async Task<Person> AtAsync(Chromium chromium, string url, BrowserWish? wish = null)
    {
        wish ??= new BrowserWish();
        var browser = await chromium.BrowserAsync();
        var own = await browser.NewContextAsync(new()
        {
            BaseURL = url,
            ViewportSize = new() { Width = wish.Width, Height = wish.Width > 600 ? 900 : 844 },
            ColorScheme = wish.Dark ? ColorScheme.Dark : ColorScheme.Light,
            ReducedMotion = ReducedMotion.Reduce,
            Locale = "en-GB",
            TimezoneId = "Europe/Berlin",
            Permissions = ["clipboard-read", "clipboard-write"],
        });
        var person = new Person(own, wish);
        person.Page = await own.NewPageAsync();
        return person;
    }

    /// <summary>Opens a browser and signs in as one of the cast, through the real page.</summary>
    public static async Task<Person> SignedInAsync(Chromium chromium, string url, string name, string path = "/", BrowserWish? wish = null)
    {
        var person = await AtAsync(chromium, url, wish);
        await person.SignInAsync(Visitor.Email(name), Cast.Password, path);
        return person;
    }

    /// <summary>Fills in the sign-in page and waits for the page that was wanted.</summary>
    public async Task SignInAsync(string email, string password, string path = "/")
    {
        await Page.GotoAsync($"/account/sign-in?returnUrl={Uri.EscapeDataString(path)}");
        await Page.GetByLabel("E-mail address").FillAsync(email);
        await Page.GetByLabel("Password").FillAsync(password);
        await Page.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();
        await ReadyAsync(Page);
    }

    /// <summary>Goes to a page by its address and waits until it is alive.</summary>
    public async Task GoToAsync(string path)
    {
        await Page.GotoAsync(path);
        await ReadyAsync(Page);
    }

    /// <summary>Opens another tab of the same sign-in.</summary>
    public async Task<IPage> OpenTabAsync(string path)
    {
        var tab = await context.NewPageAsync();
        await tab.GotoAsync(path);
        await ReadyAsync(tab);
        return tab;
    }

    /// <summary>Returns when the circuit is up, the shell knows who is here, and the page has its heading and nothing left to load.</summary>
    public static async Task ReadyAsync(IPage page)
    {
        await page.Locator("html[data-connection=online] .ah-avatar-button").WaitForAsync();
        await Assertions.Expect(page.Locator("#main h1").First).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("#main [aria-busy=true]")).ToHaveCountAsync(0);
    }

    /// <summary>Begins to look out for something, so that a test can say how long it took.</summary>
    /// <param name="selector">What is to be there.</param>
    /// <param name="page">The tab; the one in front, if null.</param>
    public Task<Sighting> LookOutForAsync(string selector, IPage? page = null) => Sighting.BeginAsync(page ?? Page, $"() => document.querySelector({Quoted(selector)}) !== null");

    /// <summary>Begins to look out for something to be gone.</summary>
    public Task<Sighting> LookOutForEndOfAsync(string selector, IPage? page = null) => Sighting.BeginAsync(page ?? Page, $"() => document.querySelector({Quoted(selector)}) === null");

    /// <summary>All text of the page, also what is behind closed shadow roots: what an eye would find.</summary>
    public async Task<string> VisibleTreeAsync(IPage? page = null)
    {
        var devtools = await context.NewCDPSessionAsync(page ?? Page);
        var tree = await devtools.SendAsync("DOM.getDocument", new() { ["depth"] = -1, ["pierce"] = true });
        await devtools.DetachAsync();
        return Encoding.UTF8.GetString(System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(tree, Plain));
    }

    public async ValueTask DisposeAsync()
    {
        var complaints = faults.ToList();
        await LeavePicturesAsync();
        await context.CloseAsync();
        if (!wish.FaultsAreExpected)
            Assert.True(complaints.Count == 0, $"The browser complained:{Environment.NewLine}{string.Join(Environment.NewLine, complaints)}");
    }

    // For whoever looks into a failure: what each tab showed last.
    private async Task LeavePicturesAsync()
    {
        if (Environment.GetEnvironmentVariable("ACCESSHIVE_LAST_LOOK") is not { Length: > 0 } folder)
            return;
        foreach (var page in context.Pages)
        {
            var name = Path.Combine(folder, $"{TestContext.Current.TestMethod?.MethodName}-{Guid.CreateVersion7():n}");
            await page.ScreenshotAsync(new() { Path = name + ".png" });
            await File.WriteAllTextAsync(name + ".html", await page.ContentAsync());
        }
    }

    private static System.Text.Json.JsonSerializerOptions Plain { get; } = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static string Quoted(string text) => System.Text.Json.JsonSerializer.Serialize(text);

    private void Listen(IPage page)
    {
        page.PageError += (_, error) => faults.Enqueue($"Uncaught on {page.Url}: {error}");
        page.Console += (_, message) =>
        {
            // What violates the policy is reported here too.
            if (message.Type is "error" or "assert")
                faults.Enqueue($"{message.Type} on {page.Url}: {message.Text} ({message.Location})");
        };
        page.WebSocket += (_, socket) =>
        {
            socket.FrameReceived += (_, frame) => frames.Enqueue(frame.Binary ?? Encoding.UTF8.GetBytes(frame.Text ?? ""));
            socket.FrameSent += (_, frame) => frames.Enqueue(frame.Binary ?? Encoding.UTF8.GetBytes(frame.Text ?? ""));
        };
    }
}

/// <summary>Something a page is watched for, from before it can happen, by the page itself: no polling from outside blurs it.</summary>
public sealed class Sighting
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);
    private readonly IPage page;
    private readonly string name;

    private Sighting(IPage page, string name)
    {
        this.page = page;
        this.name = name;
    }

    /// <summary>When it was seen, by the machine's clock, which browser and server share.</summary>
    public async Task<DateTimeOffset> SeenAsync()
    {
        var at = await page.EvaluateAsync<double>($"() => window.{name}").WaitAsync(Patience);
        return DateTimeOffset.UnixEpoch.AddMilliseconds(at);
    }

    internal static async Task<Sighting> BeginAsync(IPage page, string isThere)
    {
        var own = $"sighting{Guid.CreateVersion7():n}";
        await page.EvaluateAsync($$"""
            () => {
              const isThere = {{isThere}};
              window.{{own}} = new Promise(seen => {
                const look = () => { if (isThere()) { watch.disconnect(); seen(Date.now()); } };
                const watch = new MutationObserver(look);
                watch.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
                look();
              });
            }
            """);
        return new Sighting(page, own);
    }
}
