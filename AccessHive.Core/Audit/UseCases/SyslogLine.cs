using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using AccessHive.Core.Kernel;

namespace AccessHive.Core.Audit.UseCases;

/// <summary>
/// A line to a syslog receiver over TLS (RFC 5425). The receiver proves who it is by a certificate for its name, from the
/// certificates that were given for it or from those the machine trusts; there is no way to skip that.
/// </summary>
internal sealed class SyslogLine : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private readonly TcpClient client;
    private readonly SslStream tls;
    private readonly Task hungUp;
    private readonly CancellationTokenSource over = new();

    private SyslogLine(TcpClient client, SslStream tls)
    {
        (this.client, this.tls) = (client, tls);
        hungUp = ListenAsync();
    }

    /// <summary>Takes up a line.</summary>
    /// <exception cref="SyslogLineException">Nobody is there, or nobody who can be trusted.</exception>
    public static async Task<SyslogLine> OpenAsync(SyslogTarget target, TimeProvider time, CancellationToken cancellation)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
        var tcp = new TcpClient { NoDelay = true };
        SslStream? safe = null;
        try
        {
            await tcp.ConnectAsync(target.Host, target.Port, either.Token);
            safe = new SslStream(tcp.GetStream());
            await safe.AuthenticateAsClientAsync(Asked(target), either.Token);
            return new SyslogLine(tcp, safe);
        }
        catch (Exception fault) when (fault is SocketException or IOException or AuthenticationException or OperationCanceledException)
        {
            if (safe is not null)
                await safe.DisposeAsync();
            tcp.Dispose();
            cancellation.ThrowIfCancellationRequested();
            throw new SyslogLineException(fault is AuthenticationException ? SyslogRefusals.NotTrusted : SyslogRefusals.Unreachable, fault);
        }
    }

    /// <summary>Sends whole messages.</summary>
    /// <exception cref="SyslogLineException">The receiver hung up, or takes nothing any more.</exception>
    public async Task SendAsync(ReadOnlyMemory<byte> messages, TimeProvider time, CancellationToken cancellation)
    {
        using var patience = new CancellationTokenSource(Patience * 3, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
        try
        {
            if (hungUp.IsCompleted)
                throw new IOException("The receiver hung up.");
            await tls.WriteAsync(messages, either.Token);
            await tls.FlushAsync(either.Token);
        }
        catch (Exception fault) when (fault is SocketException or IOException or OperationCanceledException or ObjectDisposedException)
        {
            cancellation.ThrowIfCancellationRequested();
            throw new SyslogLineException(SyslogRefusals.HungUp, fault);
        }
    }

    /// <summary>
    /// Waits a moment in which a receiver that is gone would be found out. The protocol has no acknowledgement: what was
    /// written and not answered by a hang-up counts as taken (ADR 0014).
    /// </summary>
    /// <exception cref="SyslogLineException">The receiver hung up.</exception>
    public async Task SettleAsync(TimeSpan moment, TimeProvider time, CancellationToken cancellation)
    {
        if (await Task.WhenAny(hungUp, Task.Delay(moment, time, cancellation)) == hungUp)
            throw new SyslogLineException(SyslogRefusals.HungUp, inner: null);
        cancellation.ThrowIfCancellationRequested();
    }

    /// <summary>Says goodbye and waits until the receiver has read everything and hangs up itself, as long as that takes no time.</summary>
    public async Task CloseAsync(TimeProvider time)
    {
        try
        {
            await tls.ShutdownAsync();
            client.Client.Shutdown(SocketShutdown.Send);
            await hungUp.WaitAsync(Patience, time);
        }
        catch (Exception fault) when (fault is SocketException or IOException or ObjectDisposedException or InvalidOperationException or TimeoutException)
        {
            // It is over one way or the other.
        }
    }

    public async ValueTask DisposeAsync()
    {
        await over.CancelAsync();
        await tls.DisposeAsync();
        client.Dispose();
        await hungUp;
        over.Dispose();
    }

    private static SslClientAuthenticationOptions Asked(SyslogTarget target)
    {
        var asked = new SslClientAuthenticationOptions { TargetHost = target.Host, EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13, CertificateRevocationCheckMode = X509RevocationMode.NoCheck };
        if (target.Authority.Length == 0)
            return asked;
        var chain = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        chain.CustomTrustStore.AddRange(target.Authorities());
        asked.CertificateChainPolicy = chain;
        return asked;
    }

    // A receiver has nothing to say; the end of what it says means that it is gone.
    private async Task ListenAsync()
    {
        var ear = new byte[1];
        try
        {
            while (await tls.ReadAsync(ear.AsMemory(), over.Token) > 0)
            {
                // Whatever it says, it is still there.
            }
        }
        catch (Exception fault) when (fault is SocketException or IOException or OperationCanceledException or ObjectDisposedException)
        {
            // Said above.
        }
    }
}

/// <summary>Why a receiver gets nothing.</summary>
internal sealed class SyslogLineException(Refusal refusal, Exception? inner) : Exception(refusal.Code, inner)
{
    public Refusal Refusal { get; } = refusal;
}
