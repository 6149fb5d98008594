using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using AccessHive.Core.Kernel;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;
using NodaTime;

namespace AccessHive.Core.Notices.UseCases;

/// <summary>Which mail servers are believed. Those that the machine trusts; an agency's own authority is made known to the machine.</summary>
public class MailTrust
{
    /// <summary>Checks a server's certificate; as the machine does, if null.</summary>
    public virtual RemoteCertificateValidationCallback? Check => null;
}

/// <summary>A mail with everything it needs to go out.</summary>
/// <param name="Letter">What it says.</param>
/// <param name="MessageId">Its name; the same each time it is sent, so that a second one is known for what it is.</param>
/// <param name="ToName">The reader's name.</param>
/// <param name="To">The reader's address.</param>
/// <param name="At">When it was written.</param>
public sealed record OutgoingMail(Letter Letter, string MessageId, string ToName, string To, Instant At);

/// <summary>What the mail server said.</summary>
/// <param name="Sent">Whether it has taken the mail.</param>
/// <param name="IsFinal">Whether it would say the same again.</param>
/// <param name="Words">What happened, for a person; never a secret.</param>
public sealed record MailAnswer(bool Sent, bool IsFinal, string Words);

/// <summary>Hands a mail to the agency's server. One connection each; nothing of what is said is logged.</summary>
public sealed class MailPost(MailTrust trust, HiveClock clock)
{
    /// <summary>How long it takes at most.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(15);

    private const int SaidLength = 160;

    /// <summary>Sends it.</summary>
    /// <param name="server">By which server.</param>
    /// <param name="password">The password, if there is one; the caller zeroes it.</param>
    /// <param name="mail">What.</param>
    /// <param name="cancellation">Cancels while it is not taken.</param>
    public async Task<MailAnswer> SendAsync(MailServer server, ReadOnlyMemory<byte> password, OutgoingMail mail, CancellationToken cancellation)
    {
        using var late = new CancellationTokenSource(Longest, clock.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, late.Token);
        using var client = new SmtpClient { Timeout = (int)Longest.TotalMilliseconds, CheckCertificateRevocation = false, ServerCertificateValidationCallback = trust.Check };
        try
        {
            using var message = MessageOf(server, mail);
            await client.ConnectAsync(server.Host, server.Port, OptionsOf(server.Security), either.Token);
            if (server.UserName.Length > 0 && password.Length > 0)
                await client.AuthenticateAsync(server.UserName, Encoding.UTF8.GetString(password.Span), either.Token);
            await client.SendAsync(message, either.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return Later(string.Create(CultureInfo.InvariantCulture, $"{Name(server)} did not answer within {Longest.TotalSeconds} seconds."));
        }
        catch (Exception fault) when (!cancellation.IsCancellationRequested && WordsFor(fault, server, password.Span) is { } answer)
        {
            return answer;
        }

        await LeaveAsync(client, either.Token);
        return new MailAnswer(Sent: true, IsFinal: true, $"{Name(server)} has taken the mail.");
    }

    /// <summary>The mail as it goes over the line.</summary>
    internal static MimeMessage MessageOf(MailServer server, OutgoingMail mail)
    {
        var message = new MimeMessage { Subject = mail.Letter.Subject, MessageId = mail.MessageId, Date = mail.At.ToDateTimeOffset() };
        message.From.Add(new MailboxAddress("AccessHive", server.From));
        message.To.Add(new MailboxAddress(NoticeWords.OneLine(mail.ToName, NoticeWords.TitleLength), mail.To));
        // No machine answers a machine.
        message.Headers.Add("Auto-Submitted", "auto-generated");
        if (mail.Letter.Urgent)
            (message.Importance, message.XPriority) = (MessageImportance.High, XMessagePriority.Highest);
        message.Body = new MultipartAlternative(
            new TextPart("plain") { Text = mail.Letter.Text },
            new TextPart("html") { Text = mail.Letter.Html });
        return message;
    }

    private static SecureSocketOptions OptionsOf(MailSecurity security) => security switch
    {
        MailSecurity.StartTls => SecureSocketOptions.StartTls,
        MailSecurity.Tls => SecureSocketOptions.SslOnConnect,
        MailSecurity.None => SecureSocketOptions.None,
        _ => throw new InvalidOperationException("Unknown protection."),
    };

    // The mail is out: how the line ends changes nothing.
    private static async Task LeaveAsync(SmtpClient client, CancellationToken cancellation)
    {
        try
        {
            await client.DisconnectAsync(quit: true, cancellation);
        }
        catch (Exception gone) when (gone is IOException or OperationCanceledException or ProtocolException or CommandException)
        {
            // It hung up first.
        }
    }

    private static MailAnswer? WordsFor(Exception fault, MailServer server, ReadOnlySpan<byte> password) => fault switch
    {
        SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain } => Later($"There is no server named {server.Host}, or names can't be looked up now."),
        SocketException { SocketErrorCode: SocketError.ConnectionRefused } => Later($"{Name(server)} refuses the connection: nothing listens there."),
        SocketException => Later($"{Name(server)} can't be reached."),
        SslHandshakeException => Later($"The line to {Name(server)} can't be protected: its certificate is not trusted here, or it speaks no TLS on this port."),
        AuthenticationException => Later($"{Name(server)} did not accept the user name and password."),
        ServiceNotAuthenticatedException => Later($"{Name(server)} wants a user name and a password."),
        NotSupportedException when server.Security == MailSecurity.StartTls => Later($"{Name(server)} does not offer what is needed: STARTTLS, and signing in where there is a user name."),
        NotSupportedException => Later($"{Name(server)} does not offer signing in: leave the user name empty."),
        SmtpCommandException { ErrorCode: SmtpErrorCode.RecipientNotAccepted } refused => Refused(server, "the reader's address", refused, password),
        SmtpCommandException { ErrorCode: SmtpErrorCode.SenderNotAccepted } refused => Refused(server, "the sender", refused, password),
        SmtpCommandException refused => Refused(server, "the mail", refused, password),
        ProtocolException or IOException => Later($"The line to {Name(server)} broke."),
        ParseException or FormatException => new MailAnswer(Sent: false, IsFinal: true, "The reader's address can't be written into a mail."),
        _ => null,
    };

    private static MailAnswer Later(string words) => new(Sent: false, IsFinal: false, words);

    private static MailAnswer Refused(MailServer server, string what, SmtpCommandException refused, ReadOnlySpan<byte> password)
    {
        var code = (int)refused.StatusCode;
        var said = NoticeWords.OneLine(refused.Message, SaidLength);
        // A server could repeat what it was told.
        if (password.Length > 0 && (said.Contains(Encoding.UTF8.GetString(password), StringComparison.Ordinal) || said.Contains(Convert.ToBase64String(password), StringComparison.Ordinal)))
            said = "";
        return new MailAnswer(Sent: false, IsFinal: code >= 500, string.Create(CultureInfo.InvariantCulture, $"{Name(server)} refused {what} ({code}{(said.Length > 0 ? $": {said}" : "")})."));
    }

    private static string Name(MailServer server) => string.Create(CultureInfo.InvariantCulture, $"{server.Host}:{server.Port}");
}
