using Xunit;

namespace AccessHive.Tests.Browser;

public sealed class ChromiumHomeTests
{
    [Fact]
    public void A_chromium_is_liked_better_than_a_chrome_wherever_they_are()
    {
        string[] there = [Path.Combine("/a", "google-chrome"), Path.Combine("/b", "chromium")];

        Assert.Equal([there[1], there[0]], ChromiumHome.OnPath($"/a{Path.PathSeparator}/b", f => there.Contains(f.Replace(".exe", "", StringComparison.Ordinal))).Select(f => f.Replace(".exe", "", StringComparison.Ordinal)));
    }

    [Fact]
    public void Without_a_path_there_is_none() => Assert.Empty(ChromiumHome.OnPath(null, _ => true));
}
