using AccessHive.Core.Kernel;
using AccessHive.Core.Vault;

namespace AccessHive.Core.Connectors;

/// <summary>Where a secret is changed, as it stood when the rotation began.</summary>
/// <param name="Credential">Which credential.</param>
/// <param name="UserName">Whose password it is there.</param>
/// <param name="Plan">How and where.</param>
/// <param name="Key">What the connector itself needs, for example a webhook's signing key; empty where it needs nothing. The caller zeroes it.</param>
public sealed record RotationTarget(CredentialId Credential, string UserName, RotationPlan Plan, ReadOnlyMemory<byte> Key);

/// <summary>What a target said.</summary>
public enum TargetAnswer
{
    /// <summary>It did what it was asked; or: the secret logs in.</summary>
    Yes,

    /// <summary>It refused; or: the secret does not log in. Asking again with the same secret changes nothing.</summary>
    No,

    /// <summary>It took the order and will report back.</summary>
    Later,

    /// <summary>
    /// It could not be asked – also because whoever answered did not prove to be the target, or the plan leads nowhere –, or
    /// its answer was lost: nobody knows what it did.
    /// </summary>
    Unknown,
}

/// <summary>A target's answer and, unless it is yes, why – in words for a person, without any secret, user name or server text.</summary>
public sealed record TargetReply(TargetAnswer Answer, string Problem = "")
{
    /// <summary>Yes.</summary>
    public static TargetReply Yes { get; } = new(TargetAnswer.Yes);
}

/// <summary>
/// One way of changing a secret at the other side. Two questions, no state: the four crash-safe steps around them, and
/// recovery by what works, are the product's own (security.md, "Rotation"). A connector answers; it throws only when its
/// caller cancels. Neither secret may reach a log, here or at the target.
/// </summary>
public interface IRotationConnector
{
    /// <summary>Which plans it serves.</summary>
    ConnectorKind Kind { get; }

    /// <summary>
    /// Logs in with the secret in force and sets the next one. Yes means that the next one is in force now, also when an
    /// earlier try had set it; no, that nothing was changed. May be repeated.
    /// </summary>
    /// <param name="target">Where.</param>
    /// <param name="current">The secret that logs in now.</param>
    /// <param name="next">The secret to set.</param>
    /// <param name="idempotencyKey">The same for every try of one rotation with one secret.</param>
    /// <param name="cancellation">Ends the try.</param>
    Task<TargetReply> SetAsync(RotationTarget target, ReadOnlyMemory<byte> current, ReadOnlyMemory<byte> next, string idempotencyKey, CancellationToken cancellation);

    /// <summary>Does this secret log in? No is only said by the target itself.</summary>
    Task<TargetReply> LogInAsync(RotationTarget target, ReadOnlyMemory<byte> secret, CancellationToken cancellation);
}
