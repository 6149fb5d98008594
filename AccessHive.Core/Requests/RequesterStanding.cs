using AccessHive.Core.Kernel;
using AccessHive.Core.Policies;

namespace AccessHive.Core.Requests;

/// <summary>What the database knows about the requester at the moment of asking.</summary>
/// <param name="HasPendingForCredential">They wait for a decision on this credential already.</param>
/// <param name="HasRunningForCredential">They hold a running session on it already.</param>
/// <param name="RunningSessions">How many emergency sessions they hold.</param>
/// <param name="RaisedInLastHour">How many emergency requests they raised in the hour before now.</param>
/// <param name="IsLastOwner">Whether they are the only active owner, whom no rate limit blocks.</param>
public sealed record RequesterStanding(bool HasPendingForCredential, bool HasRunningForCredential, int RunningSessions, int RaisedInLastHour, bool IsLastOwner);

/// <summary>The session that a request continues, and the words it was justified with.</summary>
/// <param name="Session">The session before.</param>
/// <param name="Holder">Who held it.</param>
/// <param name="Credential">What it gave access to.</param>
/// <param name="Justification">The words used then, which are refused now (P3).</param>
public sealed record Continued(SessionId Session, PersonId Holder, CredentialId Credential, string Justification);

/// <summary>What is true at the moment of deciding, read in the same transaction.</summary>
/// <param name="RequesterMay">Whether the requester may still hold what they asked for, by roles and policy as they are now.</param>
/// <param name="RunningSessions">How many emergency sessions the requester holds by now.</param>
/// <param name="Approvers">Who may decide, by the lists as they are now.</param>
/// <param name="Need">Who has to say yes, by the policy as it is now: a stricter one reaches requests that still wait.</param>
public sealed record Circumstances(bool RequesterMay, int RunningSessions, Approvers Approvers, ApprovalNeed Need)
{
    /// <summary>Who said yes before and is still active, with the roles they have now.</summary>
    public IReadOnlyCollection<Actor> Seconders { get; init; } = [];
}
