using System.Globalization;
using System.Text.RegularExpressions;
using AccessHive.Web.Shell;
using MudBlazor;
using MudBlazor.Utilities;
using Xunit;

namespace AccessHive.Tests.Shell;

/// <summary>The tokens of app.css are the truth; MudBlazor's theme repeats them, and both must be readable.</summary>
public sealed partial class HiveThemeTests
{
    private static readonly Dictionary<string, (string Light, string Dark)> Tokens = Read();

    [Fact]
    public void The_stylesheet_was_really_read() => Assert.True(Tokens.Count >= 30, $"{Tokens.Count} tokens");

    [Theory]
    [InlineData("accent", nameof(Palette.Primary))]
    [InlineData("surface", nameof(Palette.PrimaryContrastText))]
    [InlineData("emergency-ink", nameof(Palette.Tertiary))]
    [InlineData("surface", nameof(Palette.TertiaryContrastText))]
    [InlineData("danger", nameof(Palette.Error))]
    [InlineData("success", nameof(Palette.Success))]
    [InlineData("warn", nameof(Palette.Warning))]
    [InlineData("info", nameof(Palette.Info))]
    [InlineData("ink", nameof(Palette.TextPrimary))]
    [InlineData("ink-2", nameof(Palette.TextSecondary))]
    [InlineData("ink-3", nameof(Palette.TextDisabled))]
    [InlineData("bg", nameof(Palette.Background))]
    [InlineData("surface", nameof(Palette.Surface))]
    [InlineData("sunken", nameof(Palette.BackgroundGray))]
    [InlineData("hover", nameof(Palette.TableHover))]
    [InlineData("line", nameof(Palette.LinesDefault))]
    [InlineData("line-strong", nameof(Palette.LinesInputs))]
    public void The_theme_and_the_stylesheet_say_the_same(string token, string property)
    {
        var (light, dark) = Tokens[token];

        Assert.Equal(light, Hex(HiveTheme.Theme.PaletteLight, property));
        Assert.Equal(dark, Hex(HiveTheme.Theme.PaletteDark, property));
    }

    [Fact]
    public void Every_writing_is_readable_on_every_ground()
    {
        string[] grounds = ["bg", "surface", "raised", "sunken", "hover"];
        string[] writings = ["ink", "ink-2", "ink-3", "accent", "emergency-ink", "danger", "success", "warn", "info"];
        (string Writing, string Ground)[] own =
        [
            ("on-accent", "accent-fill"), ("on-accent", "accent-fill-hover"), ("accent-ink", "accent-soft"),
            ("on-emergency", "emergency"), ("on-emergency", "emergency-hover"), ("emergency-ink", "emergency-soft"),
            ("on-danger", "danger-fill"), ("on-danger", "danger-fill-hover"), ("danger", "danger-soft"),
            ("success", "success-soft"), ("warn", "warn-soft"), ("info", "info-soft"),
            ("ink", "emergency-soft"), ("ink-2", "emergency-soft"), ("ink-2", "danger-soft"), ("ink-2", "warn-soft"),
        ];

        var pairs = own.Concat(writings.SelectMany(writing => grounds.Select(ground => (writing, ground))));

        Assert.Equal([], pairs.Where(pair => Worst(pair.Item1, pair.Item2) < 4.5).Select(pair => $"{pair.Item1} on {pair.Item2}"));
    }

    [Fact]
    public void What_is_drawn_is_seen_on_every_ground()
    {
        string[] grounds = ["bg", "surface", "raised", "sunken"];
        string[] drawings = ["focus", "line-strong", "emergency", "accent-fill", "danger-fill", "warn-line"];

        var pairs = drawings.SelectMany(drawing => grounds.Select(ground => (drawing, ground)));

        Assert.Equal([], pairs.Where(pair => Worst(pair.drawing, pair.ground) < 3).Select(pair => $"{pair.drawing} on {pair.ground}"));
    }

    private static double Worst(string over, string under) => Math.Min(
        Contrast(Tokens[over].Light, Tokens[under].Light),
        Contrast(Tokens[over].Dark, Tokens[under].Dark));

    // WCAG 2.2: relative luminance and contrast ratio.
    private static double Contrast(string one, string other)
    {
        var (a, b) = (Luminance(one), Luminance(other));
        return (Math.Max(a, b) + 0.05) / (Math.Min(a, b) + 0.05);
    }

    private static double Luminance(string hex)
    {
        double Channel(int at)
        {
            var value = int.Parse(hex.AsSpan(at, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture) / 255d;
            return value <= 0.04045 ? value / 12.92 : Math.Pow((value + 0.055) / 1.055, 2.4);
        }

        return (0.2126 * Channel(1)) + (0.7152 * Channel(3)) + (0.0722 * Channel(5));
    }

    private static string Hex(Palette palette, string property)
    {
        var color = Assert.IsType<MudColor>(typeof(Palette).GetProperty(property)!.GetValue(palette));
        return color.ToString(MudColorOutputFormats.Hex);
    }

    private static Dictionary<string, (string Light, string Dark)> Read()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "AccessHive.sln")))
            folder = folder.Parent;
        Assert.NotNull(folder);
        var css = File.ReadAllText(Path.Combine(folder.FullName, "wwwroot-assets", "wwwroot", "css", "app.css"));
        return Token().Matches(css).ToDictionary(found => found.Groups["name"].Value, found => (found.Groups["light"].Value, found.Groups["dark"].Value));
    }

    [GeneratedRegex("--ah-(?<name>[a-z0-9-]+): light-dark\\((?<light>#[0-9a-f]{6}), (?<dark>#[0-9a-f]{6})\\)", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Token();
}
