using System.Net;
using System.Net.Sockets;

namespace AccessHive.Tests.World.Servers;

/// <summary>A TCP line to a server of 127.0.0.1 that can be cut at the worst moment.</summary>
public sealed class Line : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource end = new();
    private readonly TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Func<TcpClient, CancellationToken, Task> serve;
    private readonly Task serving;

    private Line(Func<TcpClient, CancellationToken, Task> serve)
    {
        this.serve = serve;
        listener.Start();
        serving = ServeAsync();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>Done once somebody has connected.</summary>
    public Task Reached => reached.Task;

    /// <summary>Somebody takes up the receiver and never says a word.</summary>
    public static Line Silent() => new((_, end) => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, end));

    /// <summary>Hangs up on everybody.</summary>
    public static Line Dead() => new((_, _) => Task.CompletedTask);

    /// <summary>Carries everything, until something is so: then the server's next words are lost, and the line with them.</summary>
    public static Line CutOnce(int port, Func<Task<bool>> so) => new(async (client, end) =>
    {
        using var server = new TcpClient();
        await server.ConnectAsync(IPAddress.Loopback, port, end);
        var up = CopyAsync(client.GetStream(), server.GetStream(), () => Task.FromResult(false), end);
        var down = CopyAsync(server.GetStream(), client.GetStream(), so, end);
        await Task.WhenAny(up, down);
    });

    public async ValueTask DisposeAsync()
    {
        await end.CancelAsync();
        listener.Stop();
        await serving;
        end.Dispose();
    }

    private async Task ServeAsync()
    {
        var all = new List<Task>();
        try
        {
            while (true)
                all.Add(ServeAsync(await listener.AcceptTcpClientAsync(end.Token)));
        }
        catch (Exception over) when (over is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(all);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        reached.TrySetResult();
        using (client)
        {
            try
            {
                await serve(client, end.Token);
            }
            catch (Exception over) when (over is OperationCanceledException or SocketException or IOException)
            {
                // One side hung up.
            }
        }
    }

    private static async Task CopyAsync(NetworkStream from, NetworkStream to, Func<Task<bool>> cut, CancellationToken end)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            while (await from.ReadAsync(buffer, end) is > 0 and var count && !await cut())
                await to.WriteAsync(buffer.AsMemory(0, count), end);
        }
        catch (Exception over) when (over is OperationCanceledException or IOException or ObjectDisposedException)
        {
            // One side hung up.
        }
    }
}
