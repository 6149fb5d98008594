using AccessHive.Core.Cases;
using AccessHive.Core.Kernel;
using AccessHive.Core.Requests;
using AccessHive.Core.Sessions;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace AccessHive.Core.Storage;

/// <summary>Where emergencies become cases, and where cases close: the facts are read in the same transaction.</summary>
internal static class Casebook
{
    /// <summary>How long a verdict may take in this agency.</summary>
    public static async Task<Duration> ReviewDueAsync(HiveContext db, CancellationToken cancellation)
        => await db.Agency.Select(a => (Duration?)a.ReviewDue).SingleOrDefaultAsync(cancellation) ?? ReviewClock.UsualDue;

    /// <summary>
    /// An emergency request that was just raised opens a case, or joins that of the session it continues. One that joins a judged case opens
    /// it again: what was said before it does not speak of it.
    /// </summary>
    /// <remarks>Saves what is there: nothing may be refused after it.</remarks>
    public static async Task EnterAsync(Turn turn, AccessRequest request)
    {
        if (await ContinuedAsync(turn, request) is not { } continued)
        {
            turn.Db.Cases.Add(EmergencyCase.Open(turn.By, request, await NextNumberAsync(turn.Db, turn.Cancellation), turn.Now));
            return;
        }

        continued.MakeRoom(turn.By, turn.Now);
        // The database refuses to let anything join a judged case: that it is not one any more has to be there first.
        await turn.Db.SaveChangesAsync(turn.Cancellation);
        continued.Join(turn.By, request, turn.Now);
    }

    /// <summary>The next number of a case; asked under the write lock.</summary>
    public static async Task<long> NextNumberAsync(HiveContext db, CancellationToken cancellation)
        => (await db.Cases.MaxAsync(c => (long?)c.Number, cancellation) ?? 0) + 1;

    /// <summary>Who took part in the case.</summary>
    public static async Task<CaseParties> PartiesAsync(HiveContext db, CaseId id, CancellationToken cancellation)
    {
        var requests = await Requests(db, id).Select(r => new { r.RequesterId, r.DecidedBy, Said = r.Approvals.Select(a => a.PersonId).ToList() }).ToListAsync(cancellation);
        return new CaseParties(
            requests.Select(r => r.RequesterId).ToHashSet(),
            requests.SelectMany(r => r.Said).Concat(requests.Select(r => r.DecidedBy).OfType<PersonId>()).ToHashSet());
    }

    /// <summary>What the gates of these cases are derived from.</summary>
    public static IQueryable<CaseFactsRow> Facts(HiveContext db, IQueryable<EmergencyCase> cases) => cases.Select(c => new CaseFactsRow
    {
        Id = c.Id,
        PendingUntil = (from m in db.CaseRequests join r in db.Requests on m.RequestId equals r.Id where m.CaseId == c.Id && r.State == RequestState.Pending select (Instant?)r.DecideBy).Max(),
        RunsUntil = (from m in db.CaseRequests join s in db.Sessions on m.RequestId equals s.RequestId where m.CaseId == c.Id && s.EndedAt == null select (Instant?)s.EndsAt).Max(),
        SeenVersion = (from m in db.CaseRequests join s in db.Sessions on m.RequestId equals s.RequestId where m.CaseId == c.Id select s.SeenVersion).Max(),
        VerifiedVersion = db.Credentials.Where(x => x.Id == c.CredentialId).Select(x => x.VerifiedVersion).First(),
        OutOfUse = db.Credentials.Any(x => x.Id == c.CredentialId && x.ArchivedAt != null) || db.Identities.Any(i => i.Id == c.IdentityId && i.ArchivedAt != null),
        AccountClosed = c.AccountClosedAt != null,
        Reviewed = c.ReviewedAt != null,
        DueFrom = c.DueFrom,
    });

    /// <summary>What the gates of this case are derived from.</summary>
    public static async Task<CaseFacts> FactsAsync(HiveContext db, CaseId id, CancellationToken cancellation)
        => (await Facts(db, db.Cases.Where(c => c.Id == id)).SingleAsync(cancellation)).With(await ReviewDueAsync(db, cancellation));

    /// <summary>
    /// Closes what has nothing left open: called in each transaction in which a gate may have closed, and by the deadline loop for whatever
    /// else closes one. Saves what is there first, because the facts are asked of the database.
    /// </summary>
    /// <remarks>Nothing may be refused after it.</remarks>
    public static async Task CloseAsync(Turn turn, CredentialId credential)
    {
        await turn.Db.SaveChangesAsync(turn.Cancellation);
        foreach (var it in await turn.Db.Cases.Where(c => c.CredentialId == credential && c.ClosedAt == null && c.ReviewedAt != null).OrderBy(c => c.Number).ToListAsync(turn.Cancellation))
            it.CloseIfDone(await FactsAsync(turn.Db, it.Id, turn.Cancellation), turn.Now);
    }

    /// <summary>Everybody active who may give the verdict; nobody, if everybody with the role took part.</summary>
    public static async Task<IReadOnlyList<Actor>> EligibleAsync(HiveContext db, CaseParties parties, CancellationToken cancellation)
        => [.. (await Outlook.ActiveAsync(db, cancellation)).Where(p => EmergencyCase.MayBeReviewedBy(p, parties) is null)];

    /// <summary>The requests of a case.</summary>
    public static IQueryable<AccessRequest> Requests(HiveContext db, CaseId id)
        => db.CaseRequests.Where(m => m.CaseId == id).Join(db.Requests, m => m.RequestId, r => r.Id, (m, r) => r);

    /// <summary>The sessions of a case.</summary>
    public static IQueryable<AccessSession> Sessions(HiveContext db, CaseId id)
        => db.CaseRequests.Where(m => m.CaseId == id).Join(db.Sessions, m => m.RequestId, s => s.RequestId, (m, s) => s);

    private static async Task<EmergencyCase?> ContinuedAsync(Turn turn, AccessRequest request)
    {
        if (request.Continues is not { } session)
            return null;
        var id = await turn.Db.Sessions.Where(s => s.Id == session).Join(turn.Db.CaseRequests, s => s.RequestId, m => m.RequestId, (s, m) => (CaseId?)m.CaseId).SingleOrDefaultAsync(turn.Cancellation);
        return id is null ? null : await turn.Db.Cases.Include(c => c.Members).SingleAsync(c => c.Id == id, turn.Cancellation);
    }
}

/// <summary>What the gates of a case are derived from, as the database projects it.</summary>
internal sealed class CaseFactsRow
{
    public required CaseId Id { get; init; }

    public required Instant? PendingUntil { get; init; }

    public required Instant? RunsUntil { get; init; }

    public required int? SeenVersion { get; init; }

    public required int VerifiedVersion { get; init; }

    public required bool OutOfUse { get; init; }

    public required bool AccountClosed { get; init; }

    public required bool Reviewed { get; init; }

    public required Instant DueFrom { get; init; }

    public CaseFacts With(Duration reviewDue)
        => new(PendingUntil, RunsUntil, SeenVersion, VerifiedVersion, OutOfUse, AccountClosed, Reviewed, DueFrom + reviewDue);
}
