using AccessHive.Core.Kernel;
using AccessHive.Core.Policies;
using AccessHive.Core.Vault;
using NodaTime;

namespace AccessHive.Core.Requests;

/// <summary>Which way a request goes.</summary>
public enum RequestKind
{
    /// <summary>Through the approval policy.</summary>
    Standard,

    /// <summary>Round it: break-glass.</summary>
    Emergency,
}

/// <summary>Where a request stands. All but <see cref="Pending"/> are final.</summary>
public enum RequestState
{
    /// <summary>Waiting for a decision, until <see cref="AccessRequest.DecideBy"/>.</summary>
    Pending,

    /// <summary>Somebody else approved it, or no approval was required.</summary>
    Approved,

    /// <summary>Somebody else said no.</summary>
    Denied,

    /// <summary>The requester took it back.</summary>
    Withdrawn,

    /// <summary>Nobody decided in time.</summary>
    Lapsed,
}

/// <summary>What an approver says.</summary>
public enum Verdict
{
    /// <summary>Yes.</summary>
    Approve,

    /// <summary>No.</summary>
    Deny,
}

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

/// <summary>
/// One ask for access; one state machine for the standard and the emergency way. Pending ends exactly once: approved,
/// denied, withdrawn or lapsed.
/// </summary>
public sealed class AccessRequest : Aggregate
{
    /// <summary>Longest comment of an approver.</summary>
    public const int CommentLength = 500;

    /// <summary>How many emergency sessions a person may hold at once.</summary>
    public const int MostRunningSessions = 3;

    /// <summary>How many emergency requests a person may raise in an hour.</summary>
    public const int MostRequestsPerHour = 5;

    private readonly List<Ask> asks = [];

    private AccessRequest()
    {
    }

    /// <summary>The request's id.</summary>
    public RequestId Id { get; private set; }

    /// <summary>Which way it goes.</summary>
    public RequestKind Kind { get; private set; }

    /// <summary>Who asks.</summary>
    public PersonId RequesterId { get; private set; }

    /// <summary>The identity it is about.</summary>
    public IdentityId IdentityId { get; private set; }

    /// <summary>The credential it is about.</summary>
    public CredentialId CredentialId { get; private set; }

    /// <summary>Why.</summary>
    public Justification Justification { get; private set; } = new("", ReasonCategory.Other, "");

    /// <summary>For how long; at most what the terms allow.</summary>
    public Duration AskedFor { get; private set; }

    /// <summary>The policy as it was when this was raised.</summary>
    public PolicyTerms Terms { get; private set; } = new(Duration.Zero, RequireApproval: true, Duration.Zero, 0);

    /// <summary>Where it stands.</summary>
    public RequestState State { get; private set; }

    /// <summary>When it was raised.</summary>
    public Instant RaisedAt { get; private set; }

    /// <summary>A decision counts before this instant, not at it: the window is <c>[RaisedAt, DecideBy)</c>.</summary>
    public Instant DecideBy { get; private set; }

    /// <summary>When it stopped being pending.</summary>
    public Instant? ClosedAt { get; private set; }

    /// <summary>Who decided; nobody when it lapsed, was withdrawn, or needed no decision.</summary>
    public PersonId? DecidedBy { get; private set; }

    /// <summary>What the approver added.</summary>
    public string Comment { get; private set; } = "";

    /// <summary>The session this one continues (P3).</summary>
    public SessionId? Continues { get; private set; }

    /// <summary>Who was asked, and whether it reached their eyes.</summary>
    public IReadOnlyList<Ask> Asks => asks;

    /// <summary>How many circles of approvers have been asked, see <see cref="ApproverRouting"/>.</summary>
    public int CirclesAsked { get; private set; }

    /// <summary>When the next circle is asked; never, once all were or it is closed.</summary>
    public Instant? NextCircleAt { get; private set; }

    /// <summary>Whether it belongs to an emergency.</summary>
    public bool IsEmergency => Kind == RequestKind.Emergency;

    /// <summary>
    /// May I ask for emergency access (P6, P7)? Guards in the order a person would ask them. With no approval required
    /// it is approved in the same breath.
    /// </summary>
    /// <param name="requester">Who asks, with fresh roles.</param>
    /// <param name="policy">The card as it is now.</param>
    /// <param name="identity">The identity asked for.</param>
    /// <param name="credential">The credential asked for.</param>
    /// <param name="justification">Why.</param>
    /// <param name="askedFor">For how long; whole minutes, 5 up to the card's maximum.</param>
    /// <param name="standing">What the requester has open already.</param>
    /// <param name="continued">The session this continues, if any.</param>
    /// <param name="now">The transaction's instant.</param>
    /// <returns>
    /// The request; or <c>not-eligible</c>, <c>archived</c>, <c>justification-too-short</c>, <c>justification-too-long</c>,
    /// <c>reason-missing</c>, <c>reference-too-long</c>, <c>duration-out-of-range</c>, <c>not-yours-to-continue</c>,
    /// <c>justification-not-updated</c>, <c>already-pending</c>, <c>already-running</c>, <c>too-many-sessions</c>, <c>too-many-requests</c>.
    /// </returns>
    public static Result<AccessRequest> Raise(
        Actor requester,
        EmergencyPolicy policy,
        SharedIdentity identity,
        Credential credential,
        Justification justification,
        Duration askedFor,
        RequesterStanding standing,
        Continued? continued,
        Instant now)
    {
        var why = justification.Trimmed();
        if (RaiseRefused(requester, policy, identity, credential, why, askedFor, standing, continued) is { } refused)
            return refused;

        var terms = PolicyTerms.Of(policy);
        var request = new AccessRequest
        {
            Id = RequestId.New(),
            Kind = RequestKind.Emergency,
            RequesterId = requester.Id!.Value,
            IdentityId = identity.Id,
            CredentialId = credential.Id,
            Justification = why,
            AskedFor = askedFor,
            Terms = terms,
            State = RequestState.Pending,
            RaisedAt = now,
            DecideBy = now + terms.ApprovalWindow,
            Continues = continued?.Session,
            NextCircleAt = terms.RequireApproval ? now : null,
        };
        request.Raise(new RequestRaised(now, requester, request.About(), why, askedFor, terms, request.DecideBy, identity.Name, credential.Label, continued?.Session));
        if (!terms.RequireApproval)
            request.Close(RequestState.Approved, null, "", now, new RequestApproved(now, Actor.System, request.About(), "no approval required", ""));
        return request;
    }

    /// <summary>May I decide? Yes ends the waiting; the caller starts the session in the same transaction.</summary>
    /// <param name="verdict">Yes or no.</param>
    /// <param name="approver">Who decides, with fresh roles.</param>
    /// <param name="comment">What they add, up to 500 characters.</param>
    /// <param name="requester">The requester as they are now, nobody if they may not act any more.</param>
    /// <param name="policy">The card as it is now: tightening reaches requests that still wait.</param>
    /// <param name="runningSessions">How many emergency sessions the requester holds by now.</param>
    /// <param name="now">The transaction's instant.</param>
    /// <returns>
    /// Done; or <c>own-request</c>, <c>not-approver</c>, <c>already-decided</c>, <c>window-closed</c>, <c>comment-too-long</c>, <c>requester-not-eligible</c>,
    /// <c>too-many-sessions</c>.
    /// </returns>
    public Result<Done> Decide(Verdict verdict, Actor approver, string comment, Actor? requester, EmergencyPolicy policy, int runningSessions, Instant now)
    {
        if (MayBeDecidedBy(approver) is { } notByThem)
            return notByThem;
        if (State != RequestState.Pending)
            return AlreadyClosed();
        if (now >= DecideBy)
            return RequestRefusals.WindowClosed;
        var words = comment.Trim();
        if (words.Length > CommentLength)
            return RequestRefusals.CommentTooLong;
        if (verdict == Verdict.Approve && (requester is null || !policy.Rules.IsEligible(requester.Roles)))
            return RequestRefusals.RequesterNotEligible;
        if (verdict == Verdict.Approve && runningSessions >= MostRunningSessions)
            return RequestRefusals.TooManySessions;

        if (verdict == Verdict.Approve)
            Close(RequestState.Approved, approver.Id, words, now, new RequestApproved(now, approver, About(), "approved", words));
        else
            Close(RequestState.Denied, approver.Id, words, now, new RequestDenied(now, approver, About(), words));
        return Done.Yes;
    }

    /// <summary>Whether this actor could decide at all, whenever.</summary>
    /// <returns>Nothing when they could; or <c>own-request</c>, <c>not-approver</c>.</returns>
    public Refusal? MayBeDecidedBy(Actor approver)
    {
        if (approver.Is(RequesterId))
            return RequestRefusals.OwnRequest;
        return approver.Has(RolePermissions.Deciders) ? null : RequestRefusals.NotApprover;
    }

    /// <summary>The requester takes it back.</summary>
    /// <returns>Done; or <c>not-your-request</c>, <c>already-decided</c>, <c>window-closed</c>.</returns>
    public Result<Done> Withdraw(Actor by, Instant now)
    {
        if (!by.Is(RequesterId))
            return RequestRefusals.NotYourRequest;
        if (State != RequestState.Pending)
            return AlreadyClosed();
        if (now >= DecideBy)
            return RequestRefusals.WindowClosed;
        Close(RequestState.Withdrawn, null, "", now, new RequestWithdrawn(now, by, About()));
        return Done.Yes;
    }

    /// <summary>Nobody decided: from <see cref="DecideBy"/> on, and only then.</summary>
    /// <returns>Done; or <c>already-decided</c>, <c>window-still-open</c>.</returns>
    public Result<Done> Lapse(Instant now)
    {
        if (State != RequestState.Pending)
            return AlreadyClosed();
        if (now < DecideBy)
            return RequestRefusals.WindowStillOpen;
        Close(RequestState.Lapsed, null, "", now, new RequestLapsed(now, About(), DecideBy, asks.Count, asks.Count(a => a.ShownAt is not null)));
        return Done.Yes;
    }

    /// <summary>Asks the next circle of approvers, and notes when the one after it is due.</summary>
    /// <param name="approvers">Whom the circle adds; people asked before are passed over.</param>
    /// <param name="circles">How many circles have been asked with this.</param>
    /// <param name="nextCircleAt">When the next one is due; null when there is none.</param>
    /// <param name="now">The transaction's instant.</param>
    public void AskCircle(IReadOnlyList<Actor> approvers, int circles, Instant? nextCircleAt, Instant now)
    {
        if (State != RequestState.Pending)
            return;
        CirclesAsked = circles;
        NextCircleAt = nextCircleAt;
        var added = approvers.Where(a => a.Id is { } id && MayBeDecidedBy(a) is null && asks.TrueForAll(known => known.PersonId != id)).ToList();
        foreach (var approver in added)
            asks.Add(new Ask(Id, approver.Id!.Value, circles, now));
        if (added.Count > 0)
            Raise(new ApproversAsked(now, About(), circles, [.. added.Select(a => a.Name)]));
    }

    /// <summary>An approver has it before their eyes. The first time counts.</summary>
    /// <returns>Done; or <c>own-request</c>, <c>not-approver</c>, <c>already-decided</c>.</returns>
    public Result<Done> Shown(Actor approver, Instant now)
    {
        if (MayBeDecidedBy(approver) is { } notByThem)
            return notByThem;
        if (State != RequestState.Pending)
            return AlreadyClosed();
        var ask = asks.Find(a => approver.Is(a.PersonId));
        if (ask is null)
            asks.Add(ask = new Ask(Id, approver.Id!.Value, CirclesAsked, now));
        if (ask.ShownAt is not null)
            return Done.Yes;
        ask.Show(now);
        Raise(new RequestShown(now, approver, About()));
        return Done.Yes;
    }

    private static Refusal? RaiseRefused(
        Actor requester,
        EmergencyPolicy policy,
        SharedIdentity identity,
        Credential credential,
        Justification why,
        Duration askedFor,
        RequesterStanding standing,
        Continued? continued)
    {
        if (requester.Id is null || !policy.Rules.IsEligible(requester.Roles))
            return RequestRefusals.NotEligible;
        if (identity.ArchivedAt is not null || credential.ArchivedAt is not null)
            return VaultRefusals.Archived;
        if (why.Check() is { } badWords)
            return badWords;
        if (askedFor < EmergencyRules.ShortestMaximum || askedFor > policy.Rules.MaximumDuration || !EmergencyRules.IsWholeMinutes(askedFor))
            return RequestRefusals.DurationOutOfRange;
        if (continued is not null && (!requester.Is(continued.Holder) || continued.Credential != credential.Id))
            return RequestRefusals.NotYoursToContinue;
        if (continued is not null && why.SaysTheSameAs(continued.Justification))
            return RequestRefusals.JustificationNotUpdated;
        if (standing.HasPendingForCredential)
            return RequestRefusals.AlreadyPending;
        if (standing.HasRunningForCredential)
            return RequestRefusals.AlreadyRunning;
        if (standing.RunningSessions >= MostRunningSessions)
            return RequestRefusals.TooManySessions;
        return standing.RaisedInLastHour >= MostRequestsPerHour && !standing.IsLastOwner ? RequestRefusals.TooManyRequests : null;
    }

    private void Close(RequestState state, PersonId? by, string comment, Instant now, DomainEvent happened)
    {
        (State, DecidedBy, Comment, ClosedAt, NextCircleAt) = (state, by, comment, now, null);
        Raise(happened);
    }

    private Refusal AlreadyClosed() => RequestRefusals.AlreadyDecided.With("state", State.ToString());

    private Subject About() => new(RequesterId, IdentityId, CredentialId, Id);
}

/// <summary>That somebody was asked to decide, and whether it reached their eyes (the receipt).</summary>
public sealed class Ask
{
    /// <summary>A new ask.</summary>
    /// <param name="requestId">What is to be decided.</param>
    /// <param name="personId">Who is asked.</param>
    /// <param name="circle">In which circle they were asked, from 1.</param>
    /// <param name="askedAt">When.</param>
    public Ask(RequestId requestId, PersonId personId, int circle, Instant askedAt)
        => (RequestId, PersonId, Circle, AskedAt) = (requestId, personId, circle, askedAt);

    /// <summary>What is to be decided.</summary>
    public RequestId RequestId { get; private set; }

    /// <summary>Who is asked.</summary>
    public PersonId PersonId { get; private set; }

    /// <summary>In which circle, from 1.</summary>
    public int Circle { get; private set; }

    /// <summary>When they were asked.</summary>
    public Instant AskedAt { get; private set; }

    /// <summary>When it was on their screen.</summary>
    public Instant? ShownAt { get; private set; }

    internal void Show(Instant now) => ShownAt = now;
}
