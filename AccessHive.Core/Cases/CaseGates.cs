using NodaTime;

namespace AccessHive.Core.Cases;

/// <summary>How far one of the three conditions is.</summary>
public enum GateState
{
    /// <summary>Not closed, and nobody can do anything about it yet.</summary>
    Open,

    /// <summary>Not closed, and it is somebody's turn.</summary>
    Due,

    /// <summary>Met.</summary>
    Closed,
}

/// <summary>Why a gate stands where it stands.</summary>
public enum GateReason
{
    /// <summary>Ended: a request waits for its decision.</summary>
    RequestPending,

    /// <summary>Ended: a session runs.</summary>
    SessionRunning,

    /// <summary>Ended: no request waits and no session runs.</summary>
    Ended,

    /// <summary>Rotated: it can still be seen, so nothing is decided.</summary>
    NotOverYet,

    /// <summary>Rotated: nobody saw the secret, so there is nothing to rotate.</summary>
    NothingSeen,

    /// <summary>Rotated: somebody saw the secret that is still in force.</summary>
    StillInForce,

    /// <summary>Rotated: somebody saw it, and the credential is out of use; somebody has to say that the account is closed.</summary>
    OutOfUse,

    /// <summary>Rotated: what was seen was replaced, and the new secret was verified.</summary>
    Replaced,

    /// <summary>Rotated: somebody said that the account is closed at the platform.</summary>
    AccountClosed,

    /// <summary>Reviewed: the story is not over yet.</summary>
    StoryNotOver,

    /// <summary>Reviewed: somebody else has to look.</summary>
    ReviewDue,

    /// <summary>Reviewed: somebody else should have looked.</summary>
    ReviewOverdue,

    /// <summary>Reviewed: somebody else has.</summary>
    Reviewed,
}

/// <summary>One of the three conditions, and why it stands there.</summary>
public sealed record Gate(GateState State, GateReason Reason)
{
    /// <summary>Whether it is met.</summary>
    public bool IsClosed => State == GateState.Closed;
}

/// <summary>What the three gates are derived from, read together.</summary>
/// <param name="PendingUntil">The latest instant until which a request of the case still waits for its decision; null when none does.</param>
/// <param name="RunsUntil">The latest planned end of a session of the case that nobody has ended; null when there is none.</param>
/// <param name="SeenVersion">The newest version of the main secret that was revealed in one of its sessions; null when none was.</param>
/// <param name="VerifiedVersion">The version that a rotation last verified; 0 when none ever was.</param>
/// <param name="OutOfUse">Whether the credential or its identity is archived.</param>
/// <param name="AccountClosed">Whether somebody said that the account is closed at the platform.</param>
/// <param name="Reviewed">Whether a verdict stands.</param>
/// <param name="ReviewDueAt">From when on a missing verdict is overdue.</param>
public sealed record CaseFacts(
    Instant? PendingUntil, Instant? RunsUntil, int? SeenVersion, int VerifiedVersion, bool OutOfUse, bool AccountClosed, bool Reviewed, Instant ReviewDueAt)
{
    /// <summary>Whether a secret was seen that may still open the account.</summary>
    public bool IsExposed => SeenVersion is { } seen && seen >= VerifiedVersion;
}

/// <summary>
/// Ended, rotated, reviewed: an emergency is closed only when all three are (product.md, "Rules that hold everywhere").
/// Derived from facts whenever somebody asks; the clock is asked too, so a dead timer keeps no gate open and closes none.
/// </summary>
/// <param name="Ended">No request of the case waits, and no session of it runs.</param>
/// <param name="Rotated">Every main secret that was revealed in it was replaced by a verified rotation since; or nothing was revealed.</param>
/// <param name="Reviewed">Somebody who neither asked nor decided has given a verdict.</param>
public sealed record CaseGates(Gate Ended, Gate Rotated, Gate Reviewed)
{
    /// <summary>Whether all three are closed.</summary>
    public bool AllClosed => Ended.IsClosed && Rotated.IsClosed && Reviewed.IsClosed;

    /// <summary>Where the gates stand at this instant.</summary>
    public static CaseGates Of(CaseFacts facts, Instant now)
    {
        var ended = EndedOf(facts, now);
        return new CaseGates(ended, RotatedOf(facts, ended), ReviewedOf(facts, ended, now));
    }

    private static Gate EndedOf(CaseFacts facts, Instant now)
    {
        if (facts.RunsUntil > now)
            return new Gate(GateState.Open, GateReason.SessionRunning);
        return facts.PendingUntil > now ? new Gate(GateState.Open, GateReason.RequestPending) : new Gate(GateState.Closed, GateReason.Ended);
    }

    private static Gate RotatedOf(CaseFacts facts, Gate ended)
    {
        if (!ended.IsClosed)
            return new Gate(GateState.Open, GateReason.NotOverYet);
        if (facts.SeenVersion is null)
            return new Gate(GateState.Closed, GateReason.NothingSeen);
        if (!facts.IsExposed)
            return new Gate(GateState.Closed, GateReason.Replaced);
        if (!facts.OutOfUse)
            return new Gate(GateState.Due, GateReason.StillInForce);
        return facts.AccountClosed ? new Gate(GateState.Closed, GateReason.AccountClosed) : new Gate(GateState.Due, GateReason.OutOfUse);
    }

    private static Gate ReviewedOf(CaseFacts facts, Gate ended, Instant now)
    {
        if (facts.Reviewed)
            return new Gate(GateState.Closed, GateReason.Reviewed);
        if (!ended.IsClosed)
            return new Gate(GateState.Open, GateReason.StoryNotOver);
        return now >= facts.ReviewDueAt ? new Gate(GateState.Due, GateReason.ReviewOverdue) : new Gate(GateState.Due, GateReason.ReviewDue);
    }
}
