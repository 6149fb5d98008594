using AccessHive.Core.Audit;
using AccessHive.Core.Cases.Signals;
using AccessHive.Core.Kernel;
using AccessHive.Core.Requests;
using AccessHive.Core.Sessions;
using AccessHive.Core.Storage;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace AccessHive.Core.Cases.UseCases;

/// <summary>Reads what signals look at, with the trail entries that say so, and looks.</summary>
internal static class SignalFacts
{
    private const int AtOnce = 200;

    private static readonly string[] Types =
    [
        "request.raised", "request.approved", "session.started", "session.secret-revealed", "session.secret-copied", "session.secret-downloaded", "session.expired", "session.ended-by-holder", "session.revoked",
        "case.reviewed",
    ];

    /// <summary>The signals of the emergencies that are looked at.</summary>
    /// <param name="db">The database.</param>
    /// <param name="among">Which are looked at.</param>
    /// <param name="from">No later than the first of them.</param>
    /// <param name="cancellation">Cancels the query.</param>
    public static async Task<IReadOnlyList<Signal>> FindAsync(HiveContext db, Func<EmergencyFact, bool> among, Instant from, CancellationToken cancellation)
    {
        var agency = await db.Agency.AsNoTracking().SingleAsync(cancellation);
        var all = await ReadAsync(db, from, cancellation);
        return MisuseSignals.Find(all.Where(among), all, MisuseSignals.All(agency.Hours, DateTimeZoneProviders.Tzdb.GetZoneOrNull(agency.Zone) ?? DateTimeZone.Utc));
    }

    private static async Task<IReadOnlyList<EmergencyFact>> ReadAsync(HiveContext db, Instant from, CancellationToken cancellation)
    {
        var since = from - SignalThresholds.LooksBack;
        var requests = await (
            from r in db.Requests
            join p in db.People on r.RequesterId equals p.Id
            join i in db.Identities on r.IdentityId equals i.Id
            where r.Kind == RequestKind.Emergency && r.RaisedAt >= since
            orderby r.RaisedAt
            select new
            {
                r.Id,
                r.RequesterId,
                Requester = p.Name,
                r.IdentityId,
                Identity = i.Name,
                r.CredentialId,
                r.Justification.Text,
                r.State,
                r.DecidedBy,
                Decider = db.People.Where(d => d.Id == r.DecidedBy).Select(d => d.Name).FirstOrDefault(),
                Continues = db.Sessions.Where(s => s.Id == r.Continues).Select(s => (RequestId?)s.RequestId).FirstOrDefault(),
            }).AsNoTracking().ToListAsync(cancellation);
        var sessions = await db.Sessions.AsNoTracking().Where(s => s.Kind == RequestKind.Emergency && s.StartedAt >= since).ToDictionaryAsync(s => s.RequestId, cancellation);
        var entries = await EntriesAsync(db, [.. requests.Select(r => r.Id)], cancellation);
        var verdicts = await VerdictsAsync(db, since, cancellation);
        return
        [
            .. from r in requests
               let own = entries[r.Id].ToList()
               let raised = own.Find(e => e.Type == "request.raised")
               where raised is not null
               select new EmergencyFact(r.Id, r.RequesterId, r.Requester, r.IdentityId, r.Identity, r.CredentialId, r.Text, raised, r.State)
               {
                   Continues = r.Continues,
                   Approved = r is { State: RequestState.Approved, DecidedBy: { } decider } && own.Find(e => e.Type == "request.approved") is { } approved ? new DecisionFact(decider, r.Decider ?? "", approved) : null,
                   Session = sessions.TryGetValue(r.Id, out var session) ? Of(session, own) : null,
                   Verdicts = [.. verdicts[r.Id].Select(v => v with { Entry = own.Find(e => e.Type == "case.reviewed" && e.At == v.Entry.At) ?? v.Entry })],
               },
        ];
    }

    // By their marks: what it costs depends on how many emergencies there were, not on how long the trail is.
    private static async Task<ILookup<RequestId, FiredBy>> EntriesAsync(HiveContext db, List<RequestId> requests, CancellationToken cancellation)
    {
        var types = TrailMarks.AnyOf(Types.Select(TrailMarks.Type));
        var entries = new List<(RequestId Request, FiredBy By)>();
        foreach (var some in requests.Chunk(AtOnce))
        {
            var read = await TrailIndex.Find(db, $"{TrailMarks.AnyOf(some.Select(TrailMarks.Request))} AND {types}", int.MaxValue)
                .Select(e => new { e.RequestId, e.Seq, e.RecordedAt, e.Type }).ToListAsync(cancellation);
            entries.AddRange(read.Select(e => (e.RequestId!.Value, new FiredBy(e.Seq, Instant.FromUnixTimeMilliseconds(e.RecordedAt), e.Type))));
        }

        return entries.OrderBy(e => e.By.Seq).ToLookup(e => e.Request, e => e.By);
    }

    private static SessionFact? Of(AccessSession session, List<FiredBy> entries)
    {
        if (entries.Find(e => e.Type == "session.started") is not { } started)
            return null;
        return new SessionFact(
            started, entries.Find(e => e.Type is "session.expired" or "session.ended-by-holder" or "session.revoked"), session.EndReason == EndReason.EndedByHolder,
            session.EndsAt - session.StartedAt, [.. entries.Where(e => e.Type.StartsWith("session.secret-", StringComparison.Ordinal))]);
    }

    private static async Task<ILookup<RequestId, VerdictFact>> VerdictsAsync(HiveContext db, Instant since, CancellationToken cancellation)
    {
        var read = await (
            from v in db.CaseReviews
            join c in db.Cases on v.CaseId equals c.Id
            join p in db.People on v.ReviewerId equals p.Id
            where c.OpenedAt >= since
            orderby v.At
            select new { First = c.FirstRequestId, v.ReviewerId, p.Name, v.OpenedAt, v.At, v.CaseId }).ToListAsync(cancellation);
        return read.ToLookup(
            v => v.First,
            v => new VerdictFact(
                v.ReviewerId, v.Name, new FiredBy(0, v.At, "case.reviewed"), v.At - v.OpenedAt,
                read.Where(o => o.ReviewerId == v.ReviewerId && o.At <= v.At && o.At > v.At - CaseReview.BulkWithin && o.CaseId != v.CaseId).Select(o => o.CaseId).Distinct().Count()));
    }
}
