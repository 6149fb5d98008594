using System.Globalization;
using AccessHive.Core.Kernel;
using AccessHive.Core.Vault;
using NodaTime;

namespace AccessHive.Core.Sessions;

/// <summary>Something that happened in a session.</summary>
public abstract record SessionEvent(Instant At, Actor By, Subject Session, bool IsEmergency) : DomainEvent(At, By)
{
    /// <inheritdoc/>
    public override bool Emergency => IsEmergency;

    /// <inheritdoc/>
    public override Subject About => Session;
}

/// <summary>Access was granted; the clock runs.</summary>
public sealed record SessionStarted(Instant At, Actor By, Subject Session, bool IsEmergency, Instant EndsAt, SessionId? Continues) : SessionEvent(At, By, Session, IsEmergency)
{
    /// <inheritdoc/>
    public override string Type => "session.started";

    /// <inheritdoc/>
    public override void Tell(Facts facts) => facts.Add("ends at", EndsAt).Add("continues session", Continues?.ToString());
}

/// <summary>A secret left the vault – or the code that is made of it.</summary>
public sealed record SecretRevealed(
    Instant At, Actor By, Subject Session, bool IsEmergency, RevealMode Mode, string Label, FieldKind Field = FieldKind.Secret, int? CodesLeft = null)
    : SessionEvent(At, By, Session, IsEmergency)
{
    /// <inheritdoc/>
    public override string Type => Mode switch
    {
        RevealMode.Shown => "session.secret-revealed",
        RevealMode.Copied => "session.secret-copied",
        RevealMode.Downloaded => "session.secret-downloaded",
        _ => throw new InvalidOperationException("Unknown mode."),
    };

    /// <inheritdoc/>
    public override void Tell(Facts facts) => facts
        .Add("credential", Label).Add("field", Field.ToString()).Add("codes left", CodesLeft?.ToString(CultureInfo.InvariantCulture));
}

/// <summary>The holder of a checkout took the one extension.</summary>
public sealed record SessionExtended(Instant At, Actor By, Subject Session, Duration Length, Instant EndsAt) : SessionEvent(At, By, Session, IsEmergency: false)
{
    /// <inheritdoc/>
    public override string Type => "session.extended";

    /// <inheritdoc/>
    public override void Tell(Facts facts) => facts.AddMinutes("minutes", Length).Add("ends at", EndsAt);
}

/// <summary>The session is over.</summary>
public sealed record SessionEnded(
    Instant At, Actor By, Subject Session, bool IsEmergency, EndReason Reason, string Words, Instant StartedAt, Instant PlannedEnd, int Reveals)
    : SessionEvent(At, By, Session, IsEmergency)
{
    /// <inheritdoc/>
    public override string Type => Reason switch
    {
        EndReason.Expired => "session.expired",
        EndReason.EndedByHolder => IsEmergency ? "session.ended-by-holder" : "session.checked-in",
        EndReason.Revoked => "session.revoked",
        _ => throw new InvalidOperationException("Unknown reason."),
    };

    /// <inheritdoc/>
    public override void Tell(Facts facts) => facts
        .Add("started at", StartedAt)
        .Add("planned end", PlannedEnd)
        .Add("ended at", At)
        .Add("reveals", Reveals.ToString(CultureInfo.InvariantCulture))
        .AddPersonal("reason", Words);
}

/// <summary>Why Sessions says no.</summary>
public static class SessionRefusals
{
    /// <summary>No such session, or not for these eyes.</summary>
    public static readonly Refusal SessionNotFound = new("session-not-found");

    /// <summary>Only the holder reveals, copies and ends early.</summary>
    public static readonly Refusal NotYourSession = new("not-your-session");

    /// <summary>It is over; fact <c>reason</c>.</summary>
    public static readonly Refusal SessionOver = new("session-over");

    /// <summary>Its time is not used up.</summary>
    public static readonly Refusal SessionStillRunning = new("session-still-running");

    /// <summary>The holder's roles do not allow emergency access any more.</summary>
    public static readonly Refusal NoLongerEligible = new("no-longer-eligible");

    /// <summary>An emergency is not extended; a new one is started with an updated justification (P3).</summary>
    public static readonly Refusal EmergencyNotExtended = new("emergency-not-extended");

    /// <summary>A checkout is extended once.</summary>
    public static readonly Refusal AlreadyExtended = new("already-extended");

    /// <summary>The policy offers no extension.</summary>
    public static readonly Refusal ExtensionNotOffered = new("extension-not-offered");

    /// <summary>None of the person's roles revokes this session.</summary>
    public static readonly Refusal NotRevoker = new("not-revoker");

    /// <summary>A reason of 1 to 500 characters is needed.</summary>
    public static readonly Refusal RevokeReasonMissing = new("revoke-reason-missing");
}
