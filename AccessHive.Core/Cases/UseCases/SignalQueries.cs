using AccessHive.Core.Cases.Signals;
using AccessHive.Core.Kernel;
using AccessHive.Core.Storage;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace AccessHive.Core.Cases.UseCases;

/// <summary>What makes one look twice, for those who read cases; nothing for everybody else.</summary>
public sealed class SignalQueries(IDbContextFactory<HiveContext> contexts, HiveClock clock)
{
    /// <summary>How far back the page of people looks.</summary>
    public static Duration Lately { get; } = Duration.FromDays(28);

    /// <summary>The signals of one case.</summary>
    public async Task<IReadOnlyList<Signal>> OfCaseAsync(PersonId caller, CaseId id, CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        if (!(await Reader.AsActorAsync(db, caller, cancellation)).Has(RolePermissions.CaseReaders))
            return [];
        var opened = await db.Cases.Where(c => c.Id == id).Select(c => (Instant?)c.OpenedAt).SingleOrDefaultAsync(cancellation);
        if (opened is not { } from)
            return [];
        var members = (await db.CaseRequests.Where(m => m.CaseId == id).Select(m => m.RequestId).ToListAsync(cancellation)).ToHashSet();
        return await SignalFacts.FindAsync(db, e => members.Contains(e.Request), from, cancellation);
    }

    /// <summary>The signals of the last four weeks about each person who raised an emergency then.</summary>
    public async Task<IReadOnlyDictionary<PersonId, IReadOnlyList<Signal>>> OfPeopleAsync(PersonId caller, CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        if (!(await Reader.AsActorAsync(db, caller, cancellation)).Has(RolePermissions.CaseReaders))
            return new Dictionary<PersonId, IReadOnlyList<Signal>>();
        var from = clock.Now - Lately;
        Dictionary<RequestId, PersonId> whose = [];
        var found = await SignalFacts.FindAsync(db, e => e.Raised.At >= from && whose.TryAdd(e.Request, e.Requester), from, cancellation);
        return found.Where(s => s.Kind is not (SignalKind.InstantVerdict or SignalKind.BulkVerdicts)).GroupBy(s => whose[s.Request]).ToDictionary(g => g.Key, g => (IReadOnlyList<Signal>)[.. g]);
    }
}
