using System.Diagnostics;

namespace AccessHive.Tests.World;

/// <summary>
/// The product as people start it: a process of its own, with its command line, its output and its exit code – and one
/// that can be killed. Ended by its id, and never left behind.
/// </summary>
public sealed class HouseProcess : IAsyncDisposable
{
    private const string Listens = "AccessHive listens on ";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly Process process;
    private string awaited = Listens;
    private readonly List<string> output = [];
    private readonly List<string> errors = [];
    private readonly TaskCompletionSource<string> listens = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource said = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private HouseProcess(IEnumerable<string> args, string? passphrase = null)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        start.ArgumentList.Add("exec");
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "AccessHive.Web.dll"));
        foreach (var arg in args)
            start.ArgumentList.Add(arg);
        foreach (var name in start.Environment.Keys.Where(k => k.StartsWith("ASPNETCORE_", StringComparison.Ordinal)).ToList())
            start.Environment.Remove(name);
        if (passphrase is not null)
            start.Environment["ACCESSHIVE_PASSPHRASE"] = passphrase;
        start.RedirectStandardInput = true;
        process = new Process { StartInfo = start };
        process.OutputDataReceived += (_, line) => Hear(line.Data, output);
        process.ErrorDataReceived += (_, line) => Hear(line.Data, errors);
    }

    /// <summary>Where it listens, without a slash at the end.</summary>
    public string Url => listens.Task.Result;

    /// <summary>The one-time link it printed.</summary>
    public string SetupLink
    {
        get
        {
            lock (output)
                return output.Single(l => l.Contains("/account/setup/", StringComparison.Ordinal));
        }
    }

    public string Output
    {
        get
        {
            lock (output)
                return string.Join('\n', output);
        }
    }

    public string Errors
    {
        get
        {
            lock (errors)
                return string.Join('\n', errors);
        }
    }

    /// <summary>Starts it on a data folder and waits until it has said everything it says at the start.</summary>
    /// <param name="dataFolder">The data folder.</param>
    /// <param name="more">More options.</param>
    public static async Task<HouseProcess> StartAsync(string dataFolder, params IEnumerable<string> more)
    {
        var house = new HouseProcess(["--data", dataFolder, "--urls", "http://127.0.0.1:0", .. more]);
        house.Begin();
        try
        {
            var gone = house.process.WaitForExitAsync();
            if (await Task.WhenAny(house.ready.Task, gone).WaitAsync(Patience) == gone)
                throw new InvalidOperationException($"AccessHive ended with {house.process.ExitCode}: {house.Errors}");
        }
        catch
        {
            await house.DisposeAsync();
            throw;
        }

        return house;
    }

    /// <summary>Runs it to its end.</summary>
    public static async Task<(int ExitCode, string Output, string Errors)> RunAsync(params IEnumerable<string> args)
    {
        await using var house = new HouseProcess(args);
        house.Begin();
        await house.process.WaitForExitAsync().WaitAsync(Patience);
        return (house.process.ExitCode, house.Output, house.Errors);
    }

    /// <summary>Runs it to its end, with a passphrase in its environment.</summary>
    public static async Task<(int ExitCode, string Output, string Errors)> RunWithAsync(string passphrase, params IEnumerable<string> args)
    {
        await using var house = new HouseProcess(args, passphrase);
        house.Begin();
        await house.process.WaitForExitAsync().WaitAsync(Patience);
        return (house.process.ExitCode, house.Output, house.Errors);
    }

    /// <summary>Begins something, and returns as soon as it has said a line that begins so.</summary>
    public static async Task<HouseProcess> UntilAsync(string saying, params IEnumerable<string> args)
    {
        var house = new HouseProcess(args) { awaited = saying };
        house.Begin();
        await Task.WhenAny(house.said.Task, house.process.WaitForExitAsync()).WaitAsync(Patience);
        return house;
    }

    /// <summary>Kills it without a word (SIGKILL).</summary>
    public async Task KillAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
    }

    /// <summary>Asks it to stop (SIGTERM), and waits until it has.</summary>
    public async Task<int> StopAsync()
    {
        using (var kill = Process.Start("kill", ["-TERM", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]))
            await kill.WaitForExitAsync();
        await process.WaitForExitAsync().WaitAsync(Patience);
        return process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
            await KillAsync();
        process.Dispose();
    }

    private void Begin()
    {
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    private void Hear(string? line, List<string> into)
    {
        if (line is null)
            return;
        lock (into)
            into.Add(line);
        if (line.StartsWith(Listens, StringComparison.Ordinal))
            listens.TrySetResult(line[Listens.Length..]);
        if (line.StartsWith("Stop it with", StringComparison.Ordinal))
            ready.TrySetResult();
        if (line.StartsWith(awaited, StringComparison.Ordinal))
            said.TrySetResult();
    }
}
