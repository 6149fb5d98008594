using AccessHive.Core.Kernel;
using AccessHive.Core.Storage;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace AccessHive.Core.Requests.UseCases;

/// <summary>A request as somebody who may decide it sees it in the inbox and on the banner.</summary>
public sealed record InboxItem(
    RequestId Id, PersonId Requester, string RequesterName, IdentityId Identity, string IdentityName, string Client, string CredentialLabel,
    Justification Justification, Duration AskedFor, Instant RaisedAt, Instant DecideBy, bool IsContinuation);

/// <summary>A request that ended, in the list below the inbox.</summary>
public sealed record DecidedItem(
    RequestId Id, string RequesterName, IdentityId Identity, string IdentityName, RequestState State, string? DecidedBy, Instant ClosedAt, SessionId? Session);

/// <summary>Who was asked, on the page of the waiting requester.</summary>
public sealed record AskReceipt(PersonId Person, string Name, int Circle, Instant AskedAt, Instant? ShownAt);

/// <summary>Everything the page of one request shows.</summary>
public sealed record RequestPage(
    RequestId Id, PersonId Requester, string RequesterName, IdentityId Identity, string IdentityName, string Client, CredentialId Credential, string CredentialLabel,
    Justification Justification, Duration AskedFor, bool ApprovalRequired, Duration MaximumDuration, RequestState State, Instant RaisedAt, Instant DecideBy,
    Instant? ClosedAt, string? DecidedBy, string Comment, Instant? NextCircleAt, IReadOnlyList<AskReceipt> Asks, SessionId? Session, SessionId? Continues, bool MayDecide, bool IsMine);

/// <summary>What people look at in Requests.</summary>
public sealed class RequestQueries(IDbContextFactory<HiveContext> contexts, HiveClock clock)
{
    private const int MostDecided = 30;

    /// <summary>The pending requests this person may decide, most urgent first; empty for people who decide nothing.</summary>
    public async Task<IReadOnlyList<InboxItem>> InboxAsync(PersonId caller, CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        if (!(await Reader.AsActorAsync(db, caller, cancellation)).Has(RolePermissions.Deciders))
            return [];
        return await Items(db, Open(db).Where(r => r.RequesterId != caller).OrderBy(r => r.DecideBy)).ToListAsync(cancellation);
    }

    /// <summary>The person's own pending requests, newest first.</summary>
    public async Task<IReadOnlyList<InboxItem>> MinePendingAsync(PersonId caller, CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        return await Items(db, Open(db).Where(r => r.RequesterId == caller).OrderByDescending(r => r.RaisedAt)).ToListAsync(cancellation);
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
                db.Sessions.Where(s => s.RequestId == r.Id).Select(s => (SessionId?)s.Id).FirstOrDefault()))
            .ToListAsync(cancellation);
    }

    /// <summary>One request, for its requester, for those who may decide, and for those who read the trail.</summary>
    public async Task<RequestPage?> PageAsync(PersonId caller, RequestId id, CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var actor = await Reader.AsActorAsync(db, caller, cancellation);
        var request = await db.Requests.AsNoTracking().Include(r => r.Asks).SingleOrDefaultAsync(r => r.Id == id, cancellation);
        if (request is null || !(actor.Is(request.RequesterId) || actor.Has(RolePermissions.Deciders | RolePermissions.TrailReaders)))
            return null;
        var identity = await db.Identities.AsNoTracking().SingleAsync(i => i.Id == request.IdentityId, cancellation);
        var label = await db.Credentials.Where(c => c.Id == request.CredentialId).Select(c => c.Label).SingleAsync(cancellation);
        var session = await db.Sessions.Where(s => s.RequestId == id).Select(s => (SessionId?)s.Id).SingleOrDefaultAsync(cancellation);
        var involved = request.Asks.Select(a => a.PersonId).Append(request.RequesterId).Concat(request.DecidedBy is { } d ? [d] : []).Distinct().ToList();
        var names = await db.People.Where(p => involved.Contains(p.Id)).ToDictionaryAsync(p => p.Id, p => p.Name, cancellation);
        var now = clock.Now;
        // A window that has closed reads as lapsed at once, whether or not the deadline loop has settled it.
        var state = request.State == RequestState.Pending && now >= request.DecideBy ? RequestState.Lapsed : request.State;
        return new RequestPage(
            id, request.RequesterId, names[request.RequesterId], identity.Id, identity.Name, identity.Client, request.CredentialId, label,
            request.Justification, request.AskedFor, request.Terms.RequireApproval, request.Terms.MaximumDuration, state, request.RaisedAt, request.DecideBy,
            request.ClosedAt, request.DecidedBy is { } by ? names[by] : null, request.Comment, request.NextCircleAt,
            [.. request.Asks.OrderBy(a => a.AskedAt).ThenBy(a => names[a.PersonId], StringComparer.Ordinal).Select(a => new AskReceipt(a.PersonId, names[a.PersonId], a.Circle, a.AskedAt, a.ShownAt))],
            session, request.Continues, state == RequestState.Pending && request.MayBeDecidedBy(actor) is null, actor.Is(request.RequesterId));
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
            x.Request.Justification, x.Request.AskedFor, x.Request.RaisedAt, x.Request.DecideBy, x.Request.Continues != null));
}
