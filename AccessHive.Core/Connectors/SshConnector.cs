using System.Security.Cryptography;
using System.Text;
using System.Threading.Channels;
using AccessHive.Core.Vault;
using Renci.SshNet;
using Renci.SshNet.Common;

namespace AccessHive.Core.Connectors;

/// <summary>
/// The password of an account on a machine that is reached by SSH, changed by the account itself with <c>passwd</c>. It is
/// typed where <c>passwd</c> asks for it, on a terminal that does not echo: it is no argument of a process, and no shell
/// is there to remember it.
/// </summary>
/// <remarks>The host key has to be the plan's. Where it is another one, nobody is asked anything and no password is sent.</remarks>
public sealed class SshConnector : AccountConnector
{
    private const int UsualPort = 22;
    private const string HashName = "SHA256:";

    /// <inheritdoc/>
    public override ConnectorKind Kind => ConnectorKind.Ssh;

    private protected override async Task<TargetReply> ChangeAsync(
        RotationTarget target, ReadOnlyMemory<byte> current, ReadOnlyMemory<byte> next, CancellationToken cancellation)
    {
        if (current.Span.ContainsAnyInRange((byte)0, (byte)31))
            return Replies.No("The password in force has characters that can't be typed on a terminal.");
        using var client = Client(target, current);
        await client.ConnectAsync(cancellation);
        return await TalkAsync(client, current, next, cancellation);
    }

    private protected override async Task<TargetReply> TryAsync(RotationTarget target, ReadOnlyMemory<byte> secret, CancellationToken cancellation)
    {
        using var client = Client(target, secret);
        await client.ConnectAsync(cancellation);
        return TargetReply.Yes;
    }

    private protected override TargetReply? Read(Exception fault) => fault switch
    {
        SshAuthenticationException => Replies.WrongLogin,
        SshConnectionException { DisconnectReason: Renci.SshNet.Messages.Transport.DisconnectReason.HostKeyNotVerifiable } => Replies.Untrusted,
        SshOperationTimeoutException => Replies.TooSlow,
        _ => null,
    };

    private static SshClient Client(RotationTarget target, ReadOnlyMemory<byte> secret)
    {
        var (name, port) = (target.UserName, target.Plan.Port == 0 ? UsualPort : target.Plan.Port);
        var asked = new KeyboardInteractiveAuthenticationMethod(name);
        asked.AuthenticationPrompt += (_, question) => Answer(question, secret);
        var client = new SshClient(new ConnectionInfo(target.Plan.Host, port, name, new PasswordAuthenticationMethod(name, secret.ToArray()), asked) { Timeout = ConnectWithin });
        // Before the password: the key exchange ends with it.
        client.HostKeyReceived += (_, host) => host.CanTrust = IsTheSame(host.FingerPrintSHA256, target.Plan.HostKey);
        return client;
    }

    private static void Answer(AuthenticationPromptEventArgs question, ReadOnlyMemory<byte> secret)
    {
        // One hidden question is the one for the password; a second factor can't be answered here.
        if (question.Prompts is [{ IsEchoed: false } prompt])
            prompt.Response = Encoding.UTF8.GetString(secret.Span);
    }

    private static bool IsTheSame(string presented, string pinned)
    {
        var expected = pinned.StartsWith(HashName, StringComparison.OrdinalIgnoreCase) ? pinned[HashName.Length..] : pinned;
        return expected.Length > 0 && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(presented.TrimEnd('=')), Encoding.UTF8.GetBytes(expected.TrimEnd('=')));
    }

    private static async Task<TargetReply> TalkAsync(SshClient client, ReadOnlyMemory<byte> current, ReadOnlyMemory<byte> next, CancellationToken cancellation)
    {
        var silent = new Dictionary<TerminalModes, uint> { [TerminalModes.ECHO] = 0 };
        var terminal = await Task.Run(() => client.CreateShellStream("dumb", 1000, 24, 0, 0, 4096, silent), cancellation);
        try
        {
            return await TalkAsync(client, terminal, current, next, cancellation);
        }
        finally
        {
            // The line first, and its listener with it: passwd is over, so the other side closes the terminal in this very moment,
            // and two that close it from both ends wait for each other for ever.
            client.Disconnect();
            await terminal.DisposeAsync();
        }
    }

    private static async Task<TargetReply> TalkAsync(
        SshClient client, ShellStream terminal, ReadOnlyMemory<byte> current, ReadOnlyMemory<byte> next, CancellationToken cancellation)
    {
        var said = Channel.CreateUnbounded<byte[]>();
        terminal.DataReceived += (_, data) => said.Writer.TryWrite(data.Data);
        terminal.Closed += (_, _) => said.Writer.TryComplete();
        client.ErrorOccurred += (_, _) => said.Writer.TryComplete();
        var talk = new PasswdTalk();
        Type(terminal, Encoding.ASCII.GetBytes(PasswdTalk.Command));
        await foreach (var data in said.Reader.ReadAllAsync(cancellation))
        {
            switch (talk.Hear(Encoding.ASCII.GetString(data)))
            {
                case PasswdStep.TypeCurrent:
                    Type(terminal, [.. current.Span, (byte)'\n']);
                    break;
                case PasswdStep.TypeNext:
                    Type(terminal, [.. next.Span, (byte)'\n']);
                    break;
                case PasswdStep.Changed:
                    return TargetReply.Yes;
                case PasswdStep.Refused:
                    return Replies.ChangeRefused;
                default:
                    break;
            }
        }

        return Replies.Lost;
    }

    private static void Type(ShellStream terminal, byte[] line)
    {
        terminal.Write(line);
        terminal.Flush();
        CryptographicOperations.ZeroMemory(line);
    }
}
