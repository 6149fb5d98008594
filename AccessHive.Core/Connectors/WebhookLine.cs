using System.Net;
using System.Net.Sockets;

namespace AccessHive.Core.Connectors;

/// <summary>The line a webhook goes over: straight to the host, to an address that was looked up and checked for this very connection.</summary>
internal static class WebhookLine
{
    /// <summary>A handler without redirects, proxies, cookies or decompression.</summary>
    public static SocketsHttpHandler Lay(WebhookReach reach) => new()
    {
        AllowAutoRedirect = false,
        // A proxy would do the looking up, and the check would be about the proxy.
        UseProxy = false,
        UseCookies = false,
        ConnectTimeout = TimeSpan.FromSeconds(15),
        PooledConnectionLifetime = TimeSpan.FromMinutes(1),
        ConnectCallback = (context, cancellation) => ConnectAsync(reach, context.DnsEndPoint, cancellation),
    };

    private static async ValueTask<Stream> ConnectAsync(WebhookReach reach, DnsEndPoint target, CancellationToken cancellation)
    {
        var found = await Dns.GetHostAddressesAsync(target.Host, cancellation);
        var allowed = found.Where(address => reach.Allows(target.Host, address)).ToArray();
        if (allowed.Length == 0 && found.Length > 0)
            throw new OutOfReachException();
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, target.Port, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}

/// <summary>The host leads to an address that is not public, and nobody named it.</summary>
internal sealed class OutOfReachException() : IOException("Not a public address.");
