using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace AccessHive.Tests.World.Servers;

/// <summary>What the tests ask of the machine they run on.</summary>
public static class Machine
{
    public static bool IsRoot => Environment.UserName == "root";

    /// <summary>A program on the PATH or where Debian puts what only servers need; null if there is none.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="more">Folders to look in first.</param>
    public static string? Find(string name, params IEnumerable<string> more) => more
        .Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries))
        .Concat(["/usr/local/sbin", "/usr/sbin", "/sbin"])
        .Select(folder => Path.Combine(folder, name))
        .FirstOrDefault(File.Exists);

    /// <summary>A port of 127.0.0.1 on which nobody listens.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Runs a program to its end.</summary>
    /// <exception cref="InvalidOperationException">It was not content.</exception>
    public static async Task RunAsync(params IReadOnlyList<string> command)
    {
        using var process = Process.Start(new ProcessStartInfo(command[0], command.Skip(1)) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false })!;
        var said = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{command[0]} ended with {process.ExitCode}: {string.Concat(said)}");
    }
}
