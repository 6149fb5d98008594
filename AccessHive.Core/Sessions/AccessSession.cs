using AccessHive.Core.Kernel;
using AccessHive.Core.Policies;
using AccessHive.Core.Requests;
using AccessHive.Core.Vault;
using NodaTime;

namespace AccessHive.Core.Sessions;

/// <summary>Why a session is over.</summary>
public enum EndReason
{
    /// <summary>Its time was used up.</summary>
    Expired,

    /// <summary>The holder was done.</summary>
    EndedByHolder,

    /// <summary>Somebody took it away.</summary>
    Revoked,
}

/// <summary>How a secret left the vault.</summary>
public enum RevealMode
{
    /// <summary>Onto the glass.</summary>
    Shown,

    /// <summary>Into the clipboard, without being shown.</summary>
    Copied,

    /// <summary>Into a file, made in the browser.</summary>
    Downloaded,
}

/// <summary>
/// The time in which a holder may reveal one credential; one state machine for checkout and emergency. Active in
/// <c>[StartedAt, EndsAt)</c> while nobody ended it; over exactly once. An emergency can't be extended (P3), a checkout once.
/// </summary>
public sealed class AccessSession : Aggregate
{
    /// <summary>Longest reason of a revocation.</summary>
    public const int ReasonLength = 500;

    private AccessSession()
    {
    }

    /// <summary>The session's id.</summary>
    public SessionId Id { get; private set; }

    /// <summary>Which way it was granted.</summary>
    public RequestKind Kind { get; private set; }

    /// <summary>The request that was granted.</summary>
    public RequestId RequestId { get; private set; }

    /// <summary>Who holds it.</summary>
    public PersonId HolderId { get; private set; }

    /// <summary>Who approved it; nobody when no approval was required.</summary>
    public PersonId? ApprovedBy { get; private set; }

    /// <summary>The identity it gives access to.</summary>
    public IdentityId IdentityId { get; private set; }

    /// <summary>The credential it gives access to.</summary>
    public CredentialId CredentialId { get; private set; }

    /// <summary>The grant; the clock starts here (P9).</summary>
    public Instant StartedAt { get; private set; }

    /// <summary>The planned end; access counts before this instant, not at it.</summary>
    public Instant EndsAt { get; private set; }

    /// <summary>By how much the holder may extend it, once; zero for never, as in every emergency.</summary>
    public Duration Extension { get; private set; }

    /// <summary>When it was extended.</summary>
    public Instant? ExtendedAt { get; private set; }

    /// <summary>The policy's limit at the grant, with the extension; <c>EndsAt − StartedAt</c> never exceeds it.</summary>
    public Duration Limit { get; private set; }

    /// <summary>When it was really over; null while nobody has ended it.</summary>
    public Instant? EndedAt { get; private set; }

    /// <summary>Why it is over.</summary>
    public EndReason? EndReason { get; private set; }

    /// <summary>Who ended it; nobody when it expired.</summary>
    public PersonId? EndedBy { get; private set; }

    /// <summary>Why it was revoked, in words.</summary>
    public string EndWords { get; private set; } = "";

    /// <summary>The session this one continues.</summary>
    public SessionId? Continues { get; private set; }

    /// <summary>How often a secret left the vault in it.</summary>
    public int Reveals { get; private set; }

    /// <summary>The newest version of the main secret that left the vault in it; null when none did.</summary>
    public int? SeenVersion { get; private set; }

    /// <summary>Whether it belongs to an emergency.</summary>
    public bool IsEmergency => Kind == RequestKind.Emergency;

    /// <summary>Is it live? The one place that says so.</summary>
    public bool IsActiveAt(Instant now) => EndedAt is null && StartedAt <= now && now < EndsAt;

    /// <summary>Starts the session of a request that was just approved, in the same transaction.</summary>
    /// <param name="request">An approved request.</param>
    /// <param name="holder">Its requester, with fresh roles.</param>
    /// <param name="termsNow">The terms by the policy at the grant; lower ones tighten what was asked for.</param>
    /// <param name="now">The grant.</param>
    public static AccessSession Start(AccessRequest request, Actor holder, PolicyTerms termsNow, Instant now)
    {
        if (request.State != RequestState.Approved || !holder.Is(request.RequesterId))
            throw new InvalidOperationException("Only an approved request starts a session, and only for its requester.");
        var maximum = Duration.Min(request.Terms.MaximumDuration, termsNow.MaximumDuration);
        var extension = request.IsEmergency ? Duration.Zero : Duration.Min(request.Terms.Extension, termsNow.Extension);
        var session = new AccessSession
        {
            Id = SessionId.New(),
            Kind = request.Kind,
            RequestId = request.Id,
            HolderId = request.RequesterId,
            ApprovedBy = request.DecidedBy,
            IdentityId = request.IdentityId,
            CredentialId = request.CredentialId,
            StartedAt = now,
            EndsAt = now + Duration.Min(request.AskedFor, maximum),
            Extension = extension,
            Limit = maximum + extension,
            Continues = request.Continues,
        };
        session.Raise(new SessionStarted(now, holder, session.About(), session.IsEmergency, session.EndsAt, session.Continues));
        return session;
    }

    /// <summary>May the secret leave? Notes that it does; the vault opens only after this is committed.</summary>
    /// <param name="by">Who wants to see it, with fresh roles.</param>
    /// <param name="stillEligible">Whether the holder's roles still allow it, by the policy as it is now.</param>
    /// <param name="mode">Shown or copied.</param>
    /// <param name="credentialLabel">What is revealed, for the trail.</param>
    /// <param name="now">The transaction's instant.</param>
    /// <param name="field">What of the credential it is.</param>
    /// <param name="codesLeft">Recovery codes: how many are left after this one.</param>
    /// <returns>Done; or <c>not-your-session</c>, <c>session-over</c>, <c>no-longer-eligible</c>.</returns>
    public Result<Done> Reveal(Actor by, bool stillEligible, RevealMode mode, string credentialLabel, Instant now, FieldKind field = FieldKind.Secret, int? codesLeft = null)
    {
        if (!by.Is(HolderId))
            return SessionRefusals.NotYourSession;
        if (!IsActiveAt(now))
            return Over();
        if (!stillEligible)
            return SessionRefusals.NoLongerEligible;
        Reveals++;
        Raise(new SecretRevealed(now, by, About(), IsEmergency, mode, credentialLabel, field, codesLeft));
        return Done.Yes;
    }

    /// <summary>Notes which version of the main secret a permitted reveal lets out, in the same transaction.</summary>
    public void Saw(int version) => SeenVersion = Math.Max(SeenVersion ?? version, version);

    /// <summary>Can it still be extended?</summary>
    public bool MayBeExtendedAt(Instant now) => IsActiveAt(now) && !IsEmergency && Extension > Duration.Zero && ExtendedAt is null;

    /// <summary>The holder of a checkout needs more time; once (P15). An emergency is never extended (P3).</summary>
    /// <param name="by">The holder, with fresh roles.</param>
    /// <param name="stillMay">Whether the holder's roles still allow it.</param>
    /// <param name="extensionNow">What the policy offers now; less of it shortens the extension.</param>
    /// <param name="now">The transaction's instant.</param>
    /// <returns>Done; or <c>not-your-session</c>, <c>session-over</c>, <c>no-longer-eligible</c>, <c>emergency-not-extended</c>, <c>already-extended</c>, <c>extension-not-offered</c>.</returns>
    public Result<Done> Extend(Actor by, bool stillMay, Duration extensionNow, Instant now)
    {
        if (!by.Is(HolderId))
            return SessionRefusals.NotYourSession;
        if (!IsActiveAt(now))
            return Over();
        if (!stillMay)
            return SessionRefusals.NoLongerEligible;
        if (IsEmergency)
            return SessionRefusals.EmergencyNotExtended;
        if (ExtendedAt is not null)
            return SessionRefusals.AlreadyExtended;
        var length = Duration.Min(Extension, extensionNow);
        if (length <= Duration.Zero)
            return SessionRefusals.ExtensionNotOffered;
        (EndsAt, ExtendedAt) = (EndsAt + length, now);
        Raise(new SessionExtended(now, by, About(), length, EndsAt));
        return Done.Yes;
    }

    /// <summary>The holder is done (P10); on the standard path this is the check-in.</summary>
    /// <returns>Done; or <c>not-your-session</c>, <c>session-over</c>.</returns>
    public Result<Done> EndByHolder(Actor by, Instant now)
    {
        if (!by.Is(HolderId))
            return SessionRefusals.NotYourSession;
        return IsActiveAt(now) ? End(Sessions.EndReason.EndedByHolder, by, "", now) : Over();
    }

    /// <summary>Somebody who may takes it away (P10).</summary>
    /// <param name="by">Who revokes: Owner, Admin, Security Owner, the approver of this session – or the product, when the holder lost the right to it.</param>
    /// <param name="words">Why, 1 to 500 characters; the holder reads them.</param>
    /// <param name="now">The transaction's instant.</param>
    /// <returns>Done; or <c>not-revoker</c>, <c>revoke-reason-missing</c>, <c>session-over</c>.</returns>
    public Result<Done> Revoke(Actor by, string words, Instant now)
    {
        if (!MayBeRevokedBy(by))
            return SessionRefusals.NotRevoker;
        if (words.Trim().Length is 0 or > ReasonLength)
            return SessionRefusals.RevokeReasonMissing;
        return IsActiveAt(now) ? End(Sessions.EndReason.Revoked, by, words.Trim(), now) : Over();
    }

    /// <summary>Whether this actor may revoke it while it runs.</summary>
    public bool MayBeRevokedBy(Actor by)
        => by == Actor.System || by.Has(RolePermissions.Revokers) || (ApprovedBy is { } approver && by.Is(approver) && by.Has(Roles.Approver));

    /// <summary>Its time is used up: from <see cref="EndsAt"/> on, and only then.</summary>
    /// <returns>Done; or <c>session-over</c>, <c>session-still-running</c>.</returns>
    public Result<Done> Expire(Instant now)
    {
        if (EndedAt is not null)
            return Over();
        return now < EndsAt ? SessionRefusals.SessionStillRunning : End(Sessions.EndReason.Expired, Actor.System, "", now);
    }

    private Result<Done> End(EndReason reason, Actor by, string words, Instant now)
    {
        (EndedAt, EndReason, EndedBy, EndWords) = (now, reason, by.Id, words);
        Raise(new SessionEnded(now, by, About(), IsEmergency, reason, words, StartedAt, EndsAt, Reveals));
        return Done.Yes;
    }

    private Refusal Over() => SessionRefusals.SessionOver.With("reason", (EndReason ?? Sessions.EndReason.Expired).ToString());

    private Subject About() => new(HolderId, IdentityId, CredentialId, RequestId, Id);
}
