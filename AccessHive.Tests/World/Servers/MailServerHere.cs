using System.Buffers;
using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using AccessHive.Core.Notices;
using AccessHive.Core.Notices.UseCases;
using MimeKit;
using SmtpServer;
using SmtpServer.Authentication;
using SmtpServer.Net;
using SmtpServer.Protocol;
using SmtpServer.Storage;
using Xunit;

namespace AccessHive.Tests.World.Servers;

/// <summary>How a mail server is to be.</summary>
/// <param name="Security">How its line is protected.</param>
/// <param name="User">Who may send; anybody, if null.</param>
/// <param name="Password">With which password.</param>
/// <param name="Port">Where it listens; on a free port, if 0.</param>
public sealed record MailServerWish(MailSecurity Security = MailSecurity.None, string? User = null, string Password = "", int Port = 0);

/// <summary>A real mail server on 127.0.0.1 that keeps what it gets.</summary>
public sealed class MailServerHere : IAsyncDisposable
{
    private readonly CancellationTokenSource over = new();
    private readonly TaskCompletionSource<int> listening = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentQueue<MimeMessage> mails = [];
    private readonly Task running;

    private MailServerHere(MailServerWish wish)
    {
        var options = new SmtpServerOptionsBuilder().ServerName("mail.test").Endpoint(endpoint =>
        {
            endpoint.Endpoint(new IPEndPoint(IPAddress.Loopback, wish.Port)).IsSecure(wish.Security == MailSecurity.Tls).AuthenticationRequired(wish.User is not null);
            if (wish.Security == MailSecurity.None)
                endpoint.AllowUnsecureAuthentication();
            else
                endpoint.Certificate(Certificate);
        }).Build();
        var listeners = new EndpointListenerFactory();
        listeners.EndpointStarted += (_, started) => listening.TrySetResult(((IPEndPoint)started.LocalEndPoint).Port);
        var services = new SmtpServer.ComponentModel.ServiceProvider();
        services.Add((IEndpointListenerFactory)listeners);
        services.Add((IMessageStore)new Store(this));
        if (wish.User is { } user)
            services.Add((IUserAuthenticator)new DelegatingUserAuthenticator((name, password) => name == user && password == wish.Password));
        running = new SmtpServer.SmtpServer(options, services).StartAsync(over.Token);
    }

    public int Port { get; private set; }

    /// <summary>Its certificate, which nobody has a reason to believe.</summary>
    public X509Certificate2 Certificate { get; } = SelfSigned.Make();

    /// <summary>What it got, in order.</summary>
    public IReadOnlyCollection<MimeMessage> Mails => mails;

    /// <summary>What it answers to a mail; takes it, unless a test says otherwise.</summary>
    public SmtpResponse Answer { get; set; } = SmtpResponse.Ok;

    public static async Task<MailServerHere> OpenAsync(MailServerWish? wish = null)
    {
        var server = new MailServerHere(wish ?? new MailServerWish());
        server.Port = await server.listening.Task.WaitAsync(TimeSpan.FromSeconds(15), TestContext.Current.CancellationToken);
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        await over.CancelAsync();
        try
        {
            await running;
        }
        catch (OperationCanceledException)
        {
            // That is how it ends.
        }

        Certificate.Dispose();
        over.Dispose();
    }

    private sealed class Store(MailServerHere server) : MessageStore
    {
        public override Task<SmtpResponse> SaveAsync(ISessionContext context, IMessageTransaction transaction, ReadOnlySequence<byte> buffer, CancellationToken cancellationToken)
        {
            using var stream = new MemoryStream(buffer.ToArray());
            if (server.Answer == SmtpResponse.Ok)
                server.mails.Enqueue(MimeMessage.Load(stream, cancellationToken));
            return Task.FromResult(server.Answer);
        }
    }
}

/// <summary>Believes one certificate, and no other.</summary>
public sealed class TrustOf(MailServerHere server) : MailTrust
{
    public override System.Net.Security.RemoteCertificateValidationCallback Check => (_, shown, _, _) => shown?.GetCertHashString() == server.Certificate.GetCertHashString();
}
