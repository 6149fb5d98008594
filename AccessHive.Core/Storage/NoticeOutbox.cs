using AccessHive.Core.Audit;
using AccessHive.Core.Notices;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace AccessHive.Core.Storage;

/// <summary>
/// Writes the notices of what was just written to the trail, in the same transaction: what is rolled back tells nobody, and
/// what is committed tells everybody whom the plan names. Stands behind <see cref="TrailAppender"/>. It writes after the
/// state, so that who is asked can be read where it lies.
/// </summary>
public sealed class NoticeOutbox : SaveChangesInterceptor
{
    /// <inheritdoc/>
    public override ValueTask<InterceptionResult<int>> SavingChangesAsync(
        DbContextEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        if (eventData.Context is HiveContext db)
            db.ToTell = Telling(db);
        return ValueTask.FromResult(result);
    }

    /// <inheritdoc/>
    public override async ValueTask<int> SavedChangesAsync(SaveChangesCompletedEventData eventData, int result, CancellationToken cancellationToken = default)
    {
        if (eventData.Context is HiveContext { ToTell: { Count: > 0 } entries } db)
        {
            db.ToTell = [];
            await TellAsync(db, entries, cancellationToken);
        }

        return result;
    }

    private static IReadOnlyList<TrailEntry> Telling(HiveContext db)
        => [.. db.ChangeTracker.Entries<TrailEntry>().Where(e => e.State == EntityState.Added && (NoticePlan.Tells(e.Entity.Type) || NoticePlan.Settles(e.Entity.Type))).Select(e => e.Entity).OrderBy(e => e.Seq)];

    // An emergency must not fail because somebody could not be told of it, and nobody must stay untold in silence: what went
    // wrong is owed, in the same transaction, and tried again. Where not even that can be written, nothing can.
    private static async Task TellAsync(HiveContext db, IReadOnlyList<TrailEntry> entries, CancellationToken cancellation)
    {
        try
        {
            await NoticeWriter.WriteAsync(db, entries, late: false, cancellation);
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            foreach (var written in db.ChangeTracker.Entries().Where(e => e.State is not (EntityState.Unchanged or EntityState.Detached)).ToList())
                written.State = EntityState.Detached;
            db.NoticeDebts.AddRange(entries.Where(e => NoticePlan.Tells(e.Type)).Select(e => NoticeDebt.Of(e.Seq, fault.GetType().Name, e.At)));
            await db.SaveChangesAsync(cancellation);
        }
    }
}
