using System.Diagnostics;
using System.Globalization;
using AccessHive.Core.Audit.UseCases.Verifying;
using AccessHive.Tests.World.Servers;
using Xunit;

namespace AccessHive.Tests.Audit;

/// <summary>
/// The verifiers that know none of our code: one in Python, written from docs/trail-format.md, and Go's own packages for
/// signed notes and transparency logs.
/// </summary>
public static class OtherVerifiers
{
    private const string GoPath = "/usr/share/gocode";

    /// <summary>Python comes to the same end, and to the same root.</summary>
    public static async Task AgreesAsync(VerifyReport report, string database, string? anchors)
    {
        var (code, said) = await PythonAsync(["database", database, .. anchors is null ? Array.Empty<string>() : [anchors]]);
        Assert.True(report.ExitCode == code, $"{report.ExitCode}, and Python {code}: {said}\n{string.Join('\n', report.Findings)}");
        if (code != 1)
            Assert.Contains($"root {Convert.ToBase64String(report.Root!)}\n", said, StringComparison.Ordinal);
    }

    /// <summary>Python and Go accept every proof.</summary>
    public static async Task AgreeOnProofsAsync(string proof, string consistency, int entries, long size)
    {
        var (code, said) = await PythonAsync("export", proof);
        Assert.True(code == 0 && said.StartsWith($"entries {entries}\n", StringComparison.Ordinal), said);
        var go = Machine.Find("go");
        if (go is null || !Directory.Exists(Path.Combine(GoPath, "src/golang.org/x/mod/sumdb/tlog")))
            throw Missing.Because("Go or its sumdb packages are missing: apt-get install golang-go golang-golang-x-mod-dev.");
        var (ended, told) = await RunAsync(go, ["run", Path.Combine(Folder(), "proofs.go"), proof, consistency], ("GO111MODULE", "off"), ("GOPATH", GoPath), ("GOFLAGS", ""), ("GOCACHE", Path.Combine(Path.GetTempPath(), "accesshive-go")));
        Assert.True(ended == 0 && told == string.Create(CultureInfo.InvariantCulture, $"proven {entries} in a tree of {size}\n"), told);
    }

    /// <summary>Runs the Python verifier.</summary>
    public static Task<(int Code, string Said)> PythonAsync(params IReadOnlyList<string> args) => RunAsync(
        Machine.Find("python3") ?? throw Missing.Because("Python is missing: apt-get install python3."), [Path.Combine(Folder(), "verify.py"), .. args], ("PYTHONDONTWRITEBYTECODE", "1"));

    private static async Task<(int Code, string Said)> RunAsync(string program, IEnumerable<string> args, params IEnumerable<(string Name, string Value)> environment)
    {
        var start = new ProcessStartInfo(program, args) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var (said, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, await said + (process.ExitCode == 0 ? "" : await errors));
    }

    private static string Folder()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "AccessHive.sln")))
            folder = folder.Parent;
        return Path.Combine(folder!.FullName, "bench", "verifier");
    }
}
