using AccessHive.Tests.Browser;
using Microsoft.Playwright;
using Xunit;

[assembly: AssemblyFixture(typeof(Chromium))]

namespace AccessHive.Tests.Browser;

/// <summary>The one browser of a test run, started by the first test that needs it.</summary>
public sealed class Chromium : IAsyncDisposable
{
    private readonly Lazy<Task<(IPlaywright Playwright, IBrowser Browser)>> started = new(StartAsync);

    public async Task<IBrowser> BrowserAsync() => (await started.Value).Browser;

    public async ValueTask DisposeAsync()
    {
        if (!started.IsValueCreated || !started.Value.IsCompletedSuccessfully)
            return;
        var (playwright, browser) = await started.Value;
        await browser.CloseAsync();
        playwright.Dispose();
    }

    private static async Task<(IPlaywright Playwright, IBrowser Browser)> StartAsync()
    {
        var playwright = await Playwright.CreateAsync();
        return (playwright, await ChromiumHome.LaunchAsync(playwright));
    }
}

/// <summary>Tests with browsers run one after the other and beside nothing else: two cores, and bounds in milliseconds.</summary>
[CollectionDefinition(DisableParallelization = true)]
public sealed class BrowserTests;
