using System.Net.Sockets;
using System.Security.Authentication;
using AccessHive.Core.Vault;

namespace AccessHive.Core.Connectors;

/// <summary>
/// What the connectors to accounts that change their own password have in common: the order may be repeated, a fault is
/// read as an answer, and only the caller's cancellation is thrown.
/// </summary>
public abstract class AccountConnector : IRotationConnector
{
    /// <summary>Longest wait for a connection.</summary>
    protected static readonly TimeSpan ConnectWithin = TimeSpan.FromSeconds(15);

    /// <inheritdoc/>
    public abstract ConnectorKind Kind { get; }

    /// <inheritdoc/>
    /// <remarks>
    /// Whoever repeats an order whose answer was lost is told yes when it had been carried out: where the current secret
    /// does not log in, the next one is tried. The idempotency key is not needed.
    /// </remarks>
    public async Task<TargetReply> SetAsync(
        RotationTarget target, ReadOnlyMemory<byte> current, ReadOnlyMemory<byte> next, string idempotencyKey, CancellationToken cancellation)
    {
        if (!IsTypable(next.Span))
            return Replies.NotTypable;
        var reply = await AskAsync(() => ChangeAsync(target, current, next, cancellation), cancellation);
        if (reply != Replies.WrongLogin)
            return reply;
        var already = await LogInAsync(target, next, cancellation);
        return already.Answer == TargetAnswer.No ? reply : already;
    }

    /// <inheritdoc/>
    public Task<TargetReply> LogInAsync(RotationTarget target, ReadOnlyMemory<byte> secret, CancellationToken cancellation)
        => AskAsync(() => TryAsync(target, secret, cancellation), cancellation);

    /// <summary>Logs in and changes the password; faults may be thrown.</summary>
    private protected abstract Task<TargetReply> ChangeAsync(
        RotationTarget target, ReadOnlyMemory<byte> current, ReadOnlyMemory<byte> next, CancellationToken cancellation);

    /// <summary>Logs in and out again; faults may be thrown.</summary>
    private protected abstract Task<TargetReply> TryAsync(RotationTarget target, ReadOnlyMemory<byte> secret, CancellationToken cancellation);

    /// <summary>What a fault of the connector's own library means; nothing, if it is none of them.</summary>
    private protected abstract TargetReply? Read(Exception fault);

    /// <summary>Printable ASCII: what every target takes, and what means the same in every encoding.</summary>
    private static bool IsTypable(ReadOnlySpan<byte> secret) => !secret.IsEmpty && !secret.ContainsAnyExceptInRange((byte)' ', (byte)'~');

    private async Task<TargetReply> AskAsync(Func<Task<TargetReply>> question, CancellationToken cancellation)
    {
        try
        {
            // Parts of the libraries wait without listening to a cancellation: the caller does not wait with them.
            return await question().WaitAsync(cancellation);
        }
        catch (Exception fault)
        {
            // A library that is interrupted complains in many ways; the caller wants to hear one.
            cancellation.ThrowIfCancellationRequested();
            return Read(fault) ?? ReadCause(fault);
        }
    }

    private static TargetReply ReadCause(Exception fault) => Causes(fault).Select(cause => cause switch
    {
        AuthenticationException => Replies.Untrusted,
        SocketException { SocketErrorCode: SocketError.TimedOut } or TimeoutException => Replies.TooSlow,
        SocketException { SocketErrorCode: not (SocketError.ConnectionReset or SocketError.Shutdown or SocketError.ConnectionAborted) } => Replies.Unreachable,
        _ => null,
    }).FirstOrDefault(reply => reply is not null) ?? Replies.Lost;

    private static IEnumerable<Exception> Causes(Exception? fault)
    {
        for (; fault is not null; fault = fault.InnerException)
            yield return fault;
    }
}
