using System.Diagnostics;
using Microsoft.Playwright;

namespace AccessHive.Tests.Browser;

/// <summary>
/// Where the browser of these tests lives: named by ACCESSHIVE_CHROMIUM, on the PATH, or Playwright's own – which is
/// installed when it is missing; and where that can't be, Debian's, when we may.
/// </summary>
public static class ChromiumHome
{
    /// <summary>Names the executable, when it is somewhere else.</summary>
    public const string Variable = "ACCESSHIVE_CHROMIUM";

    private static readonly string[] names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge"];

    // Nothing that talks to somebody else, nothing that another machine lacks.
    private static readonly string[] flags =
    [
        "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-default-apps",
        "--disable-extensions", "--no-first-run", "--no-default-browser-check", "--metrics-recording-only", "--mute-audio", "--password-store=basic",
    ];

    /// <summary>Starts the first browser that can be started.</summary>
    /// <exception cref="NoChromiumException">There is none, and none could be installed.</exception>
    public static async Task<IBrowser> LaunchAsync(IPlaywright playwright)
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named)
            return await TryAsync(playwright, named) ?? throw new NoChromiumException($"{Variable} names {named}, which can't be started as a browser: name Chromium's executable, or unset the variable.");
        foreach (var found in OnPath(Environment.GetEnvironmentVariable("PATH"), File.Exists))
        {
            if (await TryAsync(playwright, found) is { } browser)
                return browser;
        }

        return await TryAsync(playwright, null)
            ?? (InstallOwn() ? await TryAsync(playwright, null) : null)
            ?? (InstallDebians() ? await TryAsync(playwright, "/usr/bin/chromium") : null)
            ?? throw new NoChromiumException($"The browser tests need Chromium, which is not on the PATH and could not be downloaded: {Advice}");
    }

    /// <summary>Every browser on a PATH, in the order of our liking.</summary>
    /// <param name="path">The PATH.</param>
    /// <param name="exists">Whether there is such a file.</param>
    public static IEnumerable<string> OnPath(string? path, Func<string, bool> exists)
    {
        var folders = (path ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        var ending = OperatingSystem.IsWindows() ? ".exe" : "";
        return names.SelectMany(n => folders.Select(f => Path.Combine(f, n + ending))).Where(exists);
    }

    private static string Advice => OperatingSystem.IsLinux()
        ? "run `sudo apt-get install chromium` once."
        : $"install Chrome or Chromium and set {Variable} to its executable.";

    private static async Task<IBrowser?> TryAsync(IPlaywright playwright, string? executable)
    {
        try
        {
            return await playwright.Chromium.LaunchAsync(new()
            {
                ExecutablePath = executable,
                Headless = true,
                // Chromium refuses its sandbox to root; containers are root.
                Args = Environment.UserName == "root" ? [.. flags, "--no-sandbox"] : flags,
            });
        }
        catch (PlaywrightException)
        {
            // Not there, or not a browser that starts here: the next one.
            return null;
        }
    }

    private static bool InstallOwn() => Microsoft.Playwright.Program.Main(["install", "chromium"]) == 0;

    private static bool InstallDebians()
        => OperatingSystem.IsLinux() && Environment.UserName == "root" && File.Exists("/usr/bin/apt-get")
            && Run("apt-get", "update", "-qq") && Run("apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium");

    private static bool Run(string program, params IEnumerable<string> args)
    {
        var start = new ProcessStartInfo(program, args) { UseShellExecute = false };
        start.Environment["DEBIAN_FRONTEND"] = "noninteractive";
        using var process = Process.Start(start)!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}

/// <summary>There is no browser: one sentence that says what helps.</summary>
public sealed class NoChromiumException(string sentence) : Exception(sentence);
