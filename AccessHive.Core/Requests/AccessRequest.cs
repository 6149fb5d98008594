using AccessHive.Core.Kernel;
using AccessHive.Core.Policies;
using AccessHive.Core.Vault;
using NodaTime;

namespace AccessHive.Core.Requests;

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
    private readonly List<Approval> approvals = [];

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

    /// <summary>The emergency request that this one was turned into, because its requester could wait no longer.</summary>
    public RequestId? TurnedInto { get; private set; }

    /// <summary>Who said yes so far, in order.</summary>
    public IReadOnlyList<Approval> Approvals => approvals;

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
    /// <param name="debt">Which reviews are overdue: while one is, approval is mandatory, or – where the card says so – nothing is raised at all.</param>
    /// <param name="now">The transaction's instant.</param>
    /// <returns>
    /// The request; or <c>not-eligible</c>, <c>archived</c>, <c>reviews-overdue</c>, <c>justification-too-short</c>, <c>justification-too-long</c>,
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
        ReviewDebt debt,
        Instant now)
    {
        var why = justification.Trimmed();
        if (RaiseRefused(requester, policy, identity, credential, why, askedFor, standing, continued, debt) is { } refused)
            return refused;

        return Begin(RequestKind.Emergency, requester, PolicyTerms.Of(policy, debt), identity, credential, why, askedFor, continued?.Session, now);
    }

    /// <summary>
    /// May I check out in the usual way (P15)? With nobody who has to approve it is approved in the same breath. Identities
    /// whose secrets are only revealed go the same way, for a shorter time.
    /// </summary>
    /// <param name="requester">Who asks, with fresh roles.</param>
    /// <param name="policy">The approval policy as it is now.</param>
    /// <param name="identity">The identity asked for.</param>
    /// <param name="credential">The credential asked for.</param>
    /// <param name="purpose">What for, 3 to 1,000 characters.</param>
    /// <param name="askedFor">For how long; whole minutes, 5 up to the policy's checkout duration.</param>
    /// <param name="standing">What the requester has open already.</param>
    /// <param name="now">The transaction's instant.</param>
    /// <returns>
    /// The request; or <c>auditor-holds-nothing</c>, <c>archived</c>, <c>purpose-too-short</c>, <c>justification-too-long</c>, <c>duration-out-of-range</c>,
    /// <c>already-pending</c>, <c>already-running</c>.
    /// </returns>
    public static Result<AccessRequest> RaiseStandard(
        Actor requester,
        ApprovalPolicy policy,
        SharedIdentity identity,
        Credential credential,
        Justification purpose,
        Duration askedFor,
        RequesterStanding standing,
        Instant now)
    {
        if (requester.Id is null || !requester.Has(RolePermissions.CanBeEligible))
            return RequestRefusals.AuditorHoldsNothing;
        if (identity.ArchivedAt is not null || credential.ArchivedAt is not null)
            return VaultRefusals.Archived;
        var why = purpose.Trimmed();
        if (why.CheckPurpose() is { } badWords)
            return badWords;
        if (!MayLast(askedFor, policy.Rules.LongestFor(identity.Type)))
            return RequestRefusals.DurationOutOfRange;
        if (standing.HasPendingForCredential)
            return RequestRefusals.AlreadyPending;
        if (standing.HasRunningForCredential)
            return RequestRefusals.AlreadyRunning;
        return Begin(RequestKind.Standard, requester, PolicyTerms.Of(policy, identity), identity, credential, why, askedFor, continues: null, now);
    }

    private static AccessRequest Begin(
        RequestKind kind, Actor requester, PolicyTerms terms, SharedIdentity identity, Credential credential, Justification why, Duration askedFor, SessionId? continues, Instant now)
    {
        var request = new AccessRequest
        {
            Id = RequestId.New(),
            Kind = kind,
            RequesterId = requester.Id!.Value,
            IdentityId = identity.Id,
            CredentialId = credential.Id,
            Justification = why,
            AskedFor = askedFor,
            Terms = terms,
            State = RequestState.Pending,
            RaisedAt = now,
            DecideBy = now + terms.ApprovalWindow,
            Continues = continues,
            NextCircleAt = terms.RequireApproval ? now : null,
        };
        request.Raise(new RequestRaised(
            now, requester, request.About(), request.IsEmergency, why, askedFor, terms, request.DecideBy, identity.Name, credential.Label, continues));
        if (!terms.RequireApproval)
            request.Close(RequestState.Approved, null, "", now, new RequestApproved(now, Actor.System, request.About(), request.IsEmergency, "no approval required", ""));
        return request;
    }

    /// <summary>
    /// May I decide? The last yes that is needed ends the waiting, and the caller starts the session in the same transaction;
    /// one no ends it too.
    /// </summary>
    /// <param name="verdict">Yes or no.</param>
    /// <param name="approver">Who decides, with fresh roles.</param>
    /// <param name="comment">What they add, up to 500 characters.</param>
    /// <param name="at">What is true now.</param>
    /// <param name="now">The transaction's instant.</param>
    /// <returns>
    /// Done; or <c>own-request</c>, <c>not-approver</c>, <c>already-decided</c>, <c>window-closed</c>, <c>not-on-the-list</c>, <c>senior-needed</c>,
    /// <c>approved-by-you-already</c>, <c>comment-too-long</c>, <c>requester-not-eligible</c>, <c>too-many-sessions</c>.
    /// </returns>
    public Result<Done> Decide(Verdict verdict, Actor approver, string comment, Circumstances at, Instant now)
    {
        if (MayBeDecidedBy(approver) is { } notByThem)
            return notByThem;
        if (State != RequestState.Pending)
            return AlreadyClosed();
        if (now >= DecideBy)
            return RequestRefusals.WindowClosed;
        if (MayBeDecidedBy(approver, at.Approvers, at.Need) is { } notThisOne)
            return notThisOne;
        var words = comment.Trim();
        if (words.Length > CommentLength)
            return RequestRefusals.CommentTooLong;
        if (verdict == Verdict.Deny)
        {
            Close(RequestState.Denied, approver.Id, words, now, new RequestDenied(now, approver, About(), IsEmergency, words));
            return Done.Yes;
        }

        if (!at.RequesterMay)
            return RequestRefusals.RequesterNotEligible;
        if (IsEmergency && at.RunningSessions >= MostRunningSessions)
            return RequestRefusals.TooManySessions;
        Approve(approver, words, StandingApprovals(at).Count + 1, NeedNow(at.Need).Approvals, now);
        return Done.Yes;
    }

    /// <summary>Who has to say yes: by the terms, and by the policy as it is now where that is stricter.</summary>
    public ApprovalNeed NeedNow(ApprovalNeed policyNow) => Terms.Need.And(policyNow);

    /// <summary>Which approvals still count. One that was given by somebody who has since lost the role, the seniority or the place on the list doesn't.</summary>
    public IReadOnlyList<Approval> StandingApprovals(Circumstances at)
    {
        var need = NeedNow(at.Need);
        return [.. approvals.Where(a => at.Seconders.Any(s => s.Is(a.PersonId) && at.Approvers.Admits(s) && need.Accepts(s)))];
    }

    /// <summary>Whether this actor may decide now, by the lists and the policy as they are.</summary>
    /// <returns>Nothing when they may; or <c>own-request</c>, <c>not-approver</c>, <c>not-on-the-list</c>, <c>senior-needed</c>, <c>approved-by-you-already</c>.</returns>
    public Refusal? MayBeDecidedBy(Actor approver, Approvers approvers, ApprovalNeed need)
    {
        if (MayBeDecidedBy(approver) is { } never)
            return never;
        if (!approvers.Admits(approver))
            return RequestRefusals.NotOnTheList;
        if (!NeedNow(need).Accepts(approver))
            return RequestRefusals.SeniorNeeded;
        return approvals.Exists(a => approver.Is(a.PersonId)) ? RequestRefusals.ApprovedByYouAlready : null;
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
        Close(RequestState.Withdrawn, null, "", now, new RequestWithdrawn(now, by, About(), IsEmergency));
        return Done.Yes;
    }

    /// <summary>The requester could wait no longer: an emergency request takes this one's place, in the same transaction.</summary>
    /// <returns>Done; or <c>not-your-request</c>, <c>already-decided</c>.</returns>
    public Result<Done> TurnInto(AccessRequest emergency, Actor by, Instant now)
    {
        if (!by.Is(RequesterId) || !emergency.IsEmergency || IsEmergency || emergency.CredentialId != CredentialId)
            return RequestRefusals.NotYourRequest;
        if (State != RequestState.Pending)
            return AlreadyClosed();
        TurnedInto = emergency.Id;
        Close(RequestState.Withdrawn, null, "", now, new RequestTurned(now, by, About(), emergency.Id));
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
        Close(RequestState.Lapsed, null, "", now, new RequestLapsed(now, About(), IsEmergency, DecideBy, asks.Count, asks.Count(a => a.ShownAt is not null)));
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
            Raise(new ApproversAsked(now, About(), IsEmergency, circles, [.. added.Select(a => a.Name)]));
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
        Raise(new RequestShown(now, approver, About(), IsEmergency));
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
        Continued? continued,
        ReviewDebt debt)
    {
        if (requester.Id is null || !policy.Rules.IsEligible(requester.Roles))
            return RequestRefusals.NotEligible;
        if (identity.ArchivedAt is not null || credential.ArchivedAt is not null)
            return VaultRefusals.Archived;
        if (debt.Blocks(policy.Rules, requester.Id.Value, standing.IsLastOwner))
            return ReviewDebtRefusals.Blocked.With("cases", debt.Cases);
        if (why.Check() is { } badWords)
            return badWords;
        if (!MayLast(askedFor, policy.Rules.MaximumDuration))
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

    private static bool MayLast(Duration askedFor, Duration longest)
        => askedFor >= EmergencyRules.ShortestMaximum && askedFor <= longest && EmergencyRules.IsWholeMinutes(askedFor);

    private void Approve(Actor approver, string words, int given, int needed, Instant now)
    {
        approvals.Add(new Approval(Id, approver.Id!.Value, now, words));
        if (given < needed)
            Raise(new RequestSeconded(now, approver, About(), IsEmergency, given, needed, words));
        else
            Close(RequestState.Approved, approver.Id, words, now, new RequestApproved(now, approver, About(), IsEmergency, "approved", words));
    }

    private void Close(RequestState state, PersonId? by, string comment, Instant now, DomainEvent happened)
    {
        (State, DecidedBy, Comment, ClosedAt, NextCircleAt) = (state, by, comment, now, null);
        Raise(happened);
    }

    private Refusal AlreadyClosed() => RequestRefusals.AlreadyDecided.With("state", State.ToString());

    private Subject About() => new(RequesterId, IdentityId, CredentialId, Id);
}
