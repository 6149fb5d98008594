using AccessHive.Core.Kernel;
using AccessHive.Core.Notices;
using AccessHive.Core.Policies;
using AccessHive.Core.Storage;
using AccessHive.Core.Vault;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace AccessHive.Core.Requests.UseCases;

/// <summary>How far a request is on its way to enough approvals, for the person who looks.</summary>
/// <param name="Need">Who has to say yes, by its terms and by the policy as it is now.</param>
/// <param name="By">Whose yes counts already, in order.</param>
/// <param name="ByMe">Whether whoever looks has said yes.</param>
/// <param name="WhyNot">Why whoever looks may not decide now; nothing when they may.</param>
public sealed record ApprovalStanding(ApprovalNeed Need, IReadOnlyList<string> By, bool ByMe, Refusal? WhyNot)
{
    /// <summary>One approver, as in every emergency.</summary>
    public static ApprovalStanding Plain { get; } = new(ApprovalNeed.One, [], ByMe: false, null);
}

/// <summary>A request as somebody who may decide it, or waits for it, sees it.</summary>
public sealed record InboxItem(
    RequestId Id, PersonId Requester, string RequesterName, IdentityId Identity, string IdentityName, string Client, string CredentialLabel,
    Justification Justification, Duration AskedFor, Instant RaisedAt, Instant DecideBy, bool IsContinuation, RequestKind Kind)
{
    /// <summary>Whether it belongs to an emergency.</summary>
    public bool IsEmergency => Kind == RequestKind.Emergency;

    /// <summary>How far it is.</summary>
    public ApprovalStanding Approval { get; init; } = ApprovalStanding.Plain;
}

/// <summary>A request that ended, in the list below the inbox.</summary>
public sealed record DecidedItem(
    RequestId Id, string RequesterName, IdentityId Identity, string IdentityName, RequestState State, string? DecidedBy, Instant ClosedAt, SessionId? Session, RequestKind Kind, bool Turned);

/// <summary>Who was asked, on the page of the waiting requester.</summary>
public sealed record AskReceipt(PersonId Person, string Name, int Circle, Instant AskedAt, Instant? ShownAt)
{
    /// <summary>When the notice in the product was opened.</summary>
    public Instant? OpenedAt { get; init; }

    /// <summary>Where the mail stands; none was written, if null.</summary>
    public NoticeState? Mail { get; init; }

    /// <summary>When the mail went out, or failed last.</summary>
    public Instant? MailAt { get; init; }
}

/// <summary>One yes, on the page of a request.</summary>
/// <param name="Name">Whose.</param>
/// <param name="At">When.</param>
/// <param name="Comment">What they added.</param>
/// <param name="Counts">Whether it still counts: its giver may have lost the role or the place on the list.</param>
public sealed record GivenApproval(string Name, Instant At, string Comment, bool Counts);

/// <summary>Everything the page of one request shows.</summary>
public sealed record RequestPage(
    RequestId Id, PersonId Requester, string RequesterName, IdentityId Identity, string IdentityName, string Client, CredentialId Credential, string CredentialLabel,
    Justification Justification, Duration AskedFor, bool ApprovalRequired, Duration MaximumDuration, RequestState State, Instant RaisedAt, Instant DecideBy,
    Instant? ClosedAt, string? DecidedBy, string Comment, Instant? NextCircleAt, IReadOnlyList<AskReceipt> Asks, SessionId? Session, SessionId? Continues, bool MayDecide, bool IsMine)
{
    /// <summary>Which way it goes.</summary>
    public RequestKind Kind { get; init; } = RequestKind.Emergency;

    /// <summary>Whether it belongs to an emergency.</summary>
    public bool IsEmergency => Kind == RequestKind.Emergency;

    /// <summary>Whether the secret is only revealed: nothing to check in, nothing to extend.</summary>
    public bool RevealOnly { get; init; }

    /// <summary>How far it is.</summary>
    public ApprovalStanding Approval { get; init; } = ApprovalStanding.Plain;

    /// <summary>Every yes so far, in order.</summary>
    public IReadOnlyList<GivenApproval> Given { get; init; } = [];

    /// <summary>Who else could say yes now, while it waits in the usual way.</summary>
    public IReadOnlyList<string> CouldApprove { get; init; } = [];

    /// <summary>The emergency request that this one was turned into.</summary>
    public RequestId? TurnedInto { get; init; }

    /// <summary>The standard request that was turned into this one.</summary>
    public RequestId? TurnedFrom { get; init; }
}

/// <summary>What people look at in Requests.</summary>
public sealed class RequestQueries(IDbContextFactory<HiveContext> contexts, HiveClock clock)
{
    private const int MostDecided = 30;

    /// <summary>
    /// The pending requests this person may decide by roles, lists and policy as they are now, and those they said yes to where others
    /// still have to; emergencies first, then what closes soonest. Empty for people who decide nothing.
    /// </summary>
    public async Task<IReadOnlyList<InboxItem>> InboxAsync(PersonId caller, CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var actor = await Reader.AsActorAsync(db, caller, cancellation);
        if (!actor.Has(RolePermissions.Deciders))
            return [];
        var items = await WithStandingAsync(db, actor, Open(db).Where(r => r.RequesterId != caller), cancellation);
        return [.. items.Where(i => i.Approval.WhyNot is null || i.Approval.ByMe).OrderBy(i => !i.IsEmergency).ThenBy(i => i.DecideBy)];
    }

    /// <summary>The person's own pending requests, emergencies first, then newest first.</summary>
    public async Task<IReadOnlyList<InboxItem>> MinePendingAsync(PersonId caller, CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var items = await WithStandingAsync(db, await Reader.AsActorAsync(db, caller, cancellation), Open(db).Where(r => r.RequesterId == caller), cancellation);
        return [.. items.OrderBy(i => !i.IsEmergency).ThenByDescending(i => i.RaisedAt)];
    }

    /// <summary>Requests that ended lately: all for those who decide, their own for everybody else.</summary>
    /// <param name="caller">Who looks.</param>
    /// <param name="identity">Only those about this identity.</param>
    /// <param name="cancellation">Cancels the query.</param>
    public async Task<IReadOnlyList<DecidedItem>> DecidedAsync(PersonId caller, IdentityId? identity = null, CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var sees = (await Reader.AsActorAsync(db, caller, cancellation)).Has(RolePermissions.Deciders | RolePermissions.TrailReaders);
        return await db.Requests.AsNoTracking()
            .Where(r => r.State != RequestState.Pending && (sees || r.RequesterId == caller) && (identity == null || r.IdentityId == identity))
            .OrderByDescending(r => r.RaisedAt)
            .Take(MostDecided)
            .Select(r => new DecidedItem(
                r.Id,
                db.People.Where(p => p.Id == r.RequesterId).Select(p => p.Name).First(),
                r.IdentityId,
                db.Identities.Where(i => i.Id == r.IdentityId).Select(i => i.Name).First(),
                r.State,
                db.People.Where(p => p.Id == r.DecidedBy).Select(p => p.Name).FirstOrDefault(),
                r.ClosedAt!.Value,
                db.Sessions.Where(s => s.RequestId == r.Id).Select(s => (SessionId?)s.Id).FirstOrDefault(),
                r.Kind,
                r.TurnedInto != null))
            .ToListAsync(cancellation);
    }

    /// <summary>One request, for its requester, for those who may decide, and for those who read the trail.</summary>
    public async Task<RequestPage?> PageAsync(PersonId caller, RequestId id, CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var actor = await Reader.AsActorAsync(db, caller, cancellation);
        var request = await db.Requests.AsNoTracking().Include(r => r.Asks).Include(r => r.Approvals).AsSplitQuery().SingleOrDefaultAsync(r => r.Id == id, cancellation);
        if (request is null || !(actor.Is(request.RequesterId) || actor.Has(RolePermissions.Deciders | RolePermissions.TrailReaders)))
            return null;
        var identity = await db.Identities.AsNoTracking().SingleAsync(i => i.Id == request.IdentityId, cancellation);
        var label = await db.Credentials.Where(c => c.Id == request.CredentialId).Select(c => c.Label).SingleAsync(cancellation);
        var session = await db.Sessions.Where(s => s.RequestId == id).Select(s => (SessionId?)s.Id).SingleOrDefaultAsync(cancellation);
        var turnedFrom = await db.Requests.Where(r => r.TurnedInto == id).Select(r => (RequestId?)r.Id).FirstOrDefaultAsync(cancellation);
        var involved = request.Asks.Select(a => a.PersonId).Concat(request.Approvals.Select(a => a.PersonId)).Append(request.RequesterId)
            .Concat(request.DecidedBy is { } d ? [d] : []).Distinct().ToList();
        var names = await db.People.Where(p => involved.Contains(p.Id)).ToDictionaryAsync(p => p.Id, p => p.Name, cancellation);
        var at = await StandardPath.CircumstancesAsync(db, request, requester: null, 0, clock.Now, cancellation);
        var counting = request.StandingApprovals(at);
        var standing = Standing(request, actor, at, names);
        // A window that has closed reads as lapsed at once, whether or not the deadline loop has settled it.
        var state = request.State == RequestState.Pending && clock.Now >= request.DecideBy ? RequestState.Lapsed : request.State;
        var could = state == RequestState.Pending && !request.IsEmergency
            ? await StandardPath.WhoCouldAsync(db, identity, standing.Need, request.RequesterId, cancellation)
            : [];
        var told = await db.Notices.AsNoTracking().Where(n => n.RequestId == id && n.Kind == NoticeKind.DecisionWanted).ToListAsync(cancellation);
        return new RequestPage(
            id, request.RequesterId, names[request.RequesterId], identity.Id, identity.Name, identity.Client, request.CredentialId, label,
            request.Justification, request.AskedFor, request.Terms.RequireApproval, request.Terms.MaximumDuration, state, request.RaisedAt, request.DecideBy,
            request.ClosedAt, request.DecidedBy is { } by ? names[by] : null, request.Comment, request.NextCircleAt,
            [.. request.Asks.OrderBy(a => a.AskedAt).ThenBy(a => names[a.PersonId], StringComparer.Ordinal).Select(a => Receipt(a, names[a.PersonId], told))],
            session, request.Continues, state == RequestState.Pending && standing.WhyNot is null, actor.Is(request.RequesterId))
        {
            Kind = request.Kind,
            RevealOnly = !request.IsEmergency && identity.Type.IsRevealOnly(),
            Approval = standing,
            Given = [.. request.Approvals.OrderBy(a => a.At).ThenBy(a => a.PersonId.Value).Select(a => new GivenApproval(names[a.PersonId], a.At, a.Comment, request.State != RequestState.Pending || counting.Contains(a)))],
            CouldApprove = [.. could.Where(c => !request.Approvals.Any(a => c.Is(a.PersonId))).Select(c => c.Name)],
            TurnedInto = request.TurnedInto,
            TurnedFrom = turnedFrom,
        };
    }

    private static AskReceipt Receipt(Ask ask, string name, IReadOnlyList<Notice> told)
    {
        var mail = told.FirstOrDefault(n => n.PersonId == ask.PersonId && n.Way == NoticeWay.Email);
        return new AskReceipt(ask.PersonId, name, ask.Circle, ask.AskedAt, ask.ShownAt)
        {
            OpenedAt = told.FirstOrDefault(n => n.PersonId == ask.PersonId && n.Way == NoticeWay.InApp)?.ReadAt,
            Mail = mail?.State,
            MailAt = mail?.SentAt ?? mail?.FailedAt,
        };
    }

    private static ApprovalStanding Standing(AccessRequest request, Actor actor, Circumstances at, Dictionary<PersonId, string> names) => new(
        request.NeedNow(at.Need),
        [.. request.StandingApprovals(at).OrderBy(a => a.At).ThenBy(a => a.PersonId.Value).Select(a => names[a.PersonId])],
        request.Approvals.Any(a => actor.Is(a.PersonId)),
        request.MayBeDecidedBy(actor, at.Approvers, at.Need));

    // Whom the lists admit is asked request by request: what waits in the usual way is never much at a time.
    private async Task<IReadOnlyList<InboxItem>> WithStandingAsync(HiveContext db, Actor actor, IQueryable<AccessRequest> open, CancellationToken cancellation)
    {
        var items = await Items(db, open).ToListAsync(cancellation);
        if (items.TrueForAll(i => i.IsEmergency))
            return items;
        var standard = await open.Where(r => r.Kind == RequestKind.Standard).Include(r => r.Approvals).ToDictionaryAsync(r => r.Id, cancellation);
        var said = standard.Values.SelectMany(r => r.Approvals).Select(a => a.PersonId).Distinct().ToList();
        var names = await db.People.Where(p => said.Contains(p.Id)).ToDictionaryAsync(p => p.Id, p => p.Name, cancellation);
        List<InboxItem> all = [];
        foreach (var item in items)
        {
            all.Add(standard.TryGetValue(item.Id, out var request)
                ? item with { Approval = Standing(request, actor, await StandardPath.CircumstancesAsync(db, request, requester: null, 0, clock.Now, cancellation), names) }
                : item);
        }

        return all;
    }

    // Pending by the clock, whether or not the deadline loop has said so.
    private IQueryable<AccessRequest> Open(HiveContext db)
    {
        var now = clock.Now;
        return db.Requests.AsNoTracking().Where(r => r.State == RequestState.Pending && r.DecideBy > now);
    }

    private static IQueryable<InboxItem> Items(HiveContext db, IQueryable<AccessRequest> requests) => requests
        .Join(db.People, r => r.RequesterId, p => p.Id, (r, p) => new { Request = r, p.Name })
        .Join(db.Identities, x => x.Request.IdentityId, i => i.Id, (x, i) => new { x.Request, x.Name, Identity = i })
        .Join(db.Credentials, x => x.Request.CredentialId, c => c.Id, (x, c) => new InboxItem(
            x.Request.Id, x.Request.RequesterId, x.Name, x.Identity.Id, x.Identity.Name, x.Identity.Client, c.Label,
            x.Request.Justification, x.Request.AskedFor, x.Request.RaisedAt, x.Request.DecideBy, x.Request.Continues != null, x.Request.Kind));
}
