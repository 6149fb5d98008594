using System.Net;
using System.Net.WebSockets;
using System.Text;
using Xunit;

namespace AccessHive.Tests.World;

/// <summary>An open line to a hub, past its handshake: what a page or a program holds, without either.</summary>
public sealed class OpenSocket : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private readonly ClientWebSocket socket;
    private readonly Task reading;

    private OpenSocket(ClientWebSocket socket, string said)
    {
        this.socket = socket;
        heard.Append(said);
        reading = ReadAsync();
    }

    private readonly StringBuilder heard = new();
    private readonly SemaphoreSlim more = new(0);

    public bool IsOpen => !reading.IsCompleted;

    /// <summary>What a page holds.</summary>
    public static Task<OpenSocket> ToCircuitAsync(Visitor visitor, Func<Task>? beforeHandshake = null)
        => OpenAsync(visitor, "/_blazor", """{"protocol":"blazorpack","version":1}""", beforeHandshake);

    /// <summary>What a program holds.</summary>
    public static Task<OpenSocket> ToHubAsync(Visitor visitor, Func<Task>? beforeHandshake = null)
        => OpenAsync(visitor, "/hubs/access", """{"protocol":"json","version":1}""", beforeHandshake);

    /// <summary>Returns once the other side has closed it.</summary>
    public Task ClosedAsync() => reading.WaitAsync(Patience);

    /// <summary>Everything that was said, once these words are among it.</summary>
    public async Task<string> HeardAsync(string words)
    {
        while (true)
        {
            lock (heard)
            {
                if (heard.ToString() is var said && said.Contains(words, StringComparison.Ordinal) && said.EndsWith('\u001e'))
                    return said;
            }

            Assert.True(await more.WaitAsync(Patience), $"Never said: {words}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        socket.Abort();
        await reading;
        socket.Dispose();
        more.Dispose();
    }

    private static async Task<OpenSocket> OpenAsync(Visitor visitor, string path, string handshake, Func<Task>? beforeHandshake)
    {
        var (status, socket) = await visitor.KnockAsync(path, visitor.Origin);
        Assert.Equal(HttpStatusCode.SwitchingProtocols, status);
        if (beforeHandshake is not null)
            await beforeHandshake();
        await socket!.SendAsync(Encoding.UTF8.GetBytes(handshake + "\u001e"), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
        var answer = new byte[256];
        var got = await socket.ReceiveAsync(answer, CancellationToken.None);
        // What comes next may come along at once.
        var said = Encoding.UTF8.GetString(answer, 0, got.Count);
        Assert.StartsWith("{}\u001e", said, StringComparison.Ordinal);
        return new OpenSocket(socket, said[3..]);
    }

    private async Task ReadAsync()
    {
        var buffer = new byte[4096];
        try
        {
            while (await socket.ReceiveAsync(buffer, CancellationToken.None) is { MessageType: not WebSocketMessageType.Close } got)
            {
                lock (heard)
                    heard.Append(Encoding.UTF8.GetString(buffer, 0, got.Count));
                more.Release();
            }
        }
        catch (Exception gone) when (gone is WebSocketException or OperationCanceledException or ObjectDisposedException)
        {
            // Closed without a goodbye.
        }
    }
}
