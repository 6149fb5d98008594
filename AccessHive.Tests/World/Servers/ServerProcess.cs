using System.Diagnostics;
using System.Text;

namespace AccessHive.Tests.World.Servers;

/// <summary>
/// A server that lives as long as its standard input is open: it ends with the tests that started it, even when those are
/// killed. What it writes to its standard error is its log.
/// </summary>
public sealed class ServerProcess : IAsyncDisposable
{
    // The server in the background, and beside it one who reads until the tests are gone and then ends it by its id.
    private const string Guard = """
        signal=$1; shift
        exec 3<&0
        "$@" 3<&- </dev/null &
        server=$!
        { cat; kill -s "$signal" $server; } <&3 3<&- >/dev/null 2>&1 &
        guard=$!
        exec 3<&-
        wait $server
        code=$?
        kill $guard 2>/dev/null
        exit $code
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly Process process;
    private readonly SemaphoreSlim asking = new(1);
    private readonly StringBuilder log = new();
    private readonly Task listening;
    private TaskCompletionSource more = New();

    private ServerProcess(IReadOnlyList<string> command)
    {
        process = Process.Start(new ProcessStartInfo(command[0], command.Skip(1))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        })!;
        listening = ListenAsync();
    }

    /// <summary>Starts a server that takes no notice of its standard input.</summary>
    /// <param name="ready">What its log says once it can be used.</param>
    /// <param name="signal">What ends it, for example <c>KILL</c>.</param>
    /// <param name="command">Its command line.</param>
    public static Task<ServerProcess> StartGuardedAsync(string ready, string signal, params IReadOnlyList<string> command)
        => StartAsync(ready, ["sh", "-c", Guard, "guard", signal, .. command]);

    /// <summary>Starts a server that ends when its standard input does.</summary>
    /// <param name="ready">What its log says once it can be used.</param>
    /// <param name="command">Its command line.</param>
    public static async Task<ServerProcess> StartAsync(string ready, params IReadOnlyList<string> command)
    {
        var server = new ServerProcess(command);
        try
        {
            await server.LogAsync(ready);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Its log, once these words are in it.</summary>
    public async Task<string> LogAsync(string words)
    {
        while (true)
        {
            Task next;
            lock (log)
            {
                if (log.ToString() is var said && said.Contains(words, StringComparison.Ordinal))
                    return said;
                if (listening.IsCompleted)
                    throw new InvalidOperationException($"The server ended before it said \"{words}\": {said}");
                next = more.Task;
            }

            await next.WaitAsync(Patience);
        }
    }

    /// <summary>Writes a line to it and reads its answer, which ends with a line of a single dot.</summary>
    public async Task<string> AskAsync(string line)
    {
        await asking.WaitAsync();
        try
        {
            await process.StandardInput.WriteLineAsync(line);
            await process.StandardInput.FlushAsync();
            var answer = new StringBuilder();
            while (await process.StandardOutput.ReadLineAsync().WaitAsync(Patience) is { } said)
            {
                if (said == ".")
                    return answer.ToString();
                answer.AppendLine(said);
            }

            throw new InvalidOperationException("The server ended before it answered.");
        }
        finally
        {
            asking.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        process.StandardInput.Close();
        try
        {
            await process.WaitForExitAsync().WaitAsync(Patience);
        }
        catch (TimeoutException)
        {
            process.Kill(entireProcessTree: true);
        }

        process.Dispose();
        asking.Dispose();
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task ListenAsync()
    {
        await Task.Yield();
        while (await process.StandardError.ReadLineAsync() is { } line)
            Hear(line);
        Hear("");
    }

    private void Hear(string line)
    {
        TaskCompletionSource heard;
        lock (log)
        {
            log.AppendLine(line);
            (heard, more) = (more, New());
        }

        heard.SetResult();
    }
}
