using AccessHive.Core.Kernel;
using AccessHive.Core.Requests;
using AccessHive.Core.Storage;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace AccessHive.Core.Sessions.UseCases;

/// <summary>A request that waits for approval, as the dashboard lists it.</summary>
public sealed record WaitingRow(
    RequestId Id, PersonId Requester, string RequesterName, string IdentityName, string Client, string CredentialLabel, bool Emergency, Instant RaisedAt, Instant DecideBy);

/// <summary>Something that happened today: from the trail.</summary>
public sealed record DayRow(long Seq, Instant At, string Type, bool Emergency, string? Who, string? IdentityName, RequestId? Request, SessionId? Session);

/// <summary>The day in numbers.</summary>
/// <param name="Started">Checkouts and emergency sessions that began.</param>
/// <param name="CheckedIn">Ended by their holders.</param>
/// <param name="Extended">Checkouts that were extended.</param>
/// <param name="Expired">Ended by the clock.</param>
/// <param name="Denied">Requests that somebody said no to.</param>
/// <param name="Revoked">Taken away.</param>
public sealed record DayCount(int Started, int CheckedIn, int Extended, int Expired, int Denied, int Revoked);

/// <summary>What the Sessions page shows.</summary>
/// <param name="Running">Sessions that run, the one that ends first at the top.</param>
/// <param name="Waiting">Requests that wait for approval, emergencies first.</param>
/// <param name="Today">What happened today, newest first.</param>
/// <param name="Count">All of today in numbers.</param>
/// <param name="Past">Sessions that are over, newest first.</param>
/// <param name="SeesAll">Whether this is everybody's, and not only the caller's own.</param>
public sealed record SessionDashboard(
    IReadOnlyList<SessionRow> Running, IReadOnlyList<WaitingRow> Waiting, IReadOnlyList<DayRow> Today, DayCount Count, IReadOnlyList<SessionRow> Past, bool SeesAll);

/// <summary>Who is in which account, who waits for it, and what happened today: each as far as the caller may see it.</summary>
public sealed class Dashboard(IDbContextFactory<HiveContext> contexts, HiveClock clock)
{
    /// <summary>Most lines of the day that are listed; the numbers count all.</summary>
    public const int MostToday = 20;

    private const int MostPast = 50;

    private static readonly string[] OfTheDay =
        ["session.started", "session.checked-in", "session.ended-by-holder", "session.extended", "session.expired", "session.revoked", "request.denied"];

    /// <summary>Reads it.</summary>
    /// <param name="caller">Who looks.</param>
    /// <param name="kind">One way only; both, if null.</param>
    /// <param name="dayStart">When the reader's day began.</param>
    /// <param name="cancellation">Cancels the query.</param>
    public async Task<SessionDashboard> ReadAsync(PersonId caller, RequestKind? kind, Instant dayStart, CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var actor = await Reader.AsActorAsync(db, caller, cancellation);
        var now = clock.Now;
        var visible = SessionQueries.Visible(db, actor).Where(s => kind == null || s.Kind == kind);
        var running = await SessionQueries.Rows(db, visible.Where(s => s.EndedAt == null && s.EndsAt > now).OrderBy(s => s.EndsAt)).ToListAsync(cancellation);
        var past = await SessionQueries.Rows(db, visible.Where(s => s.EndedAt != null || s.EndsAt <= now).OrderByDescending(s => s.StartedAt).Take(MostPast)).ToListAsync(cancellation);

        var requests = db.Requests.AsNoTracking().Where(r => kind == null || r.Kind == kind);
        if (!actor.Has(RolePermissions.Deciders | RolePermissions.TrailReaders))
            requests = requests.Where(r => r.RequesterId == caller);
        var waiting = await requests.Where(r => r.State == RequestState.Pending && r.DecideBy > now).OrderBy(r => r.DecideBy)
            .Select(r => new WaitingRow(
                r.Id, r.RequesterId, db.People.Where(p => p.Id == r.RequesterId).Select(p => p.Name).First(),
                db.Identities.Where(i => i.Id == r.IdentityId).Select(i => i.Name).First(), db.Identities.Where(i => i.Id == r.IdentityId).Select(i => i.Client).First(),
                db.Credentials.Where(c => c.Id == r.CredentialId).Select(c => c.Label).First(), r.Kind == RequestKind.Emergency, r.RaisedAt, r.DecideBy))
            .ToListAsync(cancellation);

        var midnight = dayStart.ToUnixTimeMilliseconds();
        var day = db.Trail.AsNoTracking().Where(e => e.RecordedAt >= midnight && OfTheDay.Contains(e.Type)
            && (requests.Any(r => r.Id == e.RequestId && e.SessionId == null) || visible.Any(s => s.Id == e.SessionId)));
        var counts = await day.GroupBy(e => e.Type).Select(g => new { Type = g.Key, Count = g.Count() }).ToDictionaryAsync(g => g.Type, g => g.Count, cancellation);
        var today = await day.OrderByDescending(e => e.Seq).Take(MostToday)
            .Select(e => new DayRow(
                e.Seq, Instant.FromUnixTimeMilliseconds(e.RecordedAt), e.Type, e.Emergency, db.People.Where(p => p.Id == e.PersonId).Select(p => p.Name).FirstOrDefault(),
                db.Identities.Where(i => i.Id == e.IdentityId).Select(i => i.Name).FirstOrDefault(), e.RequestId, e.SessionId))
            .ToListAsync(cancellation);
        return new SessionDashboard(
            running, [.. waiting.OrderBy(w => !w.Emergency).ThenBy(w => w.DecideBy)], today, Count(counts), past, actor.Has(RolePermissions.Revokers | RolePermissions.TrailReaders));
    }

    private static DayCount Count(Dictionary<string, int> of)
    {
        int All(params IEnumerable<string> types) => types.Sum(t => of.GetValueOrDefault(t));
        return new DayCount(
            All("session.started"), All("session.checked-in", "session.ended-by-holder"), All("session.extended"), All("session.expired"), All("request.denied"), All("session.revoked"));
    }
}
