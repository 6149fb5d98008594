using Deque.AxeCore.Commons;
using Microsoft.Playwright;
using Xunit;

namespace AccessHive.Tests.Browser;

/// <summary>What axe finds on the pages of one test – each wide and narrow, light and dark – told all at once at its end.</summary>
public sealed class Barriers
{
    private static readonly string axe = new BundledAxeScriptProvider().GetScript();
    private readonly List<string> found = [];

    /// <summary>Looks at a page as it stands there, with every rule of axe's.</summary>
    public async Task LookAtAsync(IPage page, string what)
    {
        foreach (var width in new[] { 1440, 390 })
        {
            await page.SetViewportSizeAsync(width, width > 600 ? 900 : 844);
            foreach (var scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
            {
                await page.EmulateMediaAsync(new() { ColorScheme = scheme });
                found.AddRange((await RunAsync(page)).Select(violation => $"{what}, {width} px, {scheme}: {violation}"));
            }
        }

        await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });
        await page.SetViewportSizeAsync(1440, 900);
    }

    // In the page itself: the package's own way opens a tab for each run, and a page behind another tab doesn't redraw.
    private static async Task<string[]> RunAsync(IPage page)
    {
        if (!await page.EvaluateAsync<bool>("() => 'axe' in window"))
            await page.EvaluateAsync(axe);
        return await page.EvaluateAsync<string[]>("""
            async () => (await axe.run(document, { resultTypes: ['violations'] })).violations.flatMap(violation =>
              violation.nodes.map(node => `${violation.id} – ${violation.help}: ${node.html} ${node.any[0]?.message ?? ''}`))
            """);
    }

    /// <summary>Nothing was found anywhere.</summary>
    public void AreNone() => Assert.True(found.Count == 0, string.Join(Environment.NewLine, found));
}
