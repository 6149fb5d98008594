using AccessHive.Core.Audit;
using AccessHive.Core.Kernel;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace AccessHive.Core.Storage;

/// <summary>
/// Turns each raised event into exactly one trail entry, in the same transaction as the state: nobody can forget the
/// audit, and without the entry – and its place in the tree – there is no change.
/// </summary>
public sealed class TrailAppender : SaveChangesInterceptor
{
    /// <inheritdoc/>
    public override async ValueTask<InterceptionResult<int>> SavingChangesAsync(
        DbContextEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        if (eventData.Context is HiveContext db && db.TakeEvents() is { Count: > 0 } events)
            await AppendAsync(db, events, cancellationToken);
        return result;
    }

    /// <inheritdoc/>
    public override InterceptionResult<int> SavingChanges(DbContextEventData eventData, InterceptionResult<int> result)
        => eventData.Context is HiveContext db && db.TakeEvents().Count > 0
            ? throw new InvalidOperationException("Events are saved asynchronously, by Work.")
            : result;

    private static async Task AppendAsync(HiveContext db, IReadOnlyList<DomainEvent> events, CancellationToken cancellation)
    {
        if (db.Database.CurrentTransaction is null)
            throw new InvalidOperationException("Events need a transaction: change aggregates through Work.");

        var tree = await TreeRow.OpenAsync(db, cancellation);
        foreach (var happened in events)
        {
            var (entry, note) = TrailFormat.Write(happened, tree.Size + 1, tree.LastLeaf);
            tree.Append(entry.LeafHash);
            db.Trail.Add(entry);
            if (note is not null)
                db.TrailNotes.Add(note);
            await TrailIndex.AddAsync(db, happened, entry, cancellation);
        }

        db.Head = await tree.SaveAsync(cancellation);
    }
}
