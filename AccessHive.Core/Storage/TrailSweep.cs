using AccessHive.Core.Kernel;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace AccessHive.Core.Storage;

/// <summary>
/// The word index only marks what is deleted; the words themselves go when its segments are merged. After something was
/// erased or purged they are merged to the end, a few pages a step.
/// </summary>
internal static class TrailSweep
{
    private const int Pages = 500;

    /// <summary>Notes that there is something to sweep; in the transaction that deletes.</summary>
    public static Task BeginAsync(HiveContext db, CancellationToken cancellation)
        => db.Database.ExecuteSqlAsync($"UPDATE \"TrailTree\" SET \"WordsToSweep\" = 1", cancellation);

    /// <summary>Sweeps a step, in a transaction.</summary>
    /// <returns>Whether there was something to do.</returns>
    public static async Task<Result<bool>> StepAsync(HiveContext db, CancellationToken cancellation)
    {
        if (!await db.TrailTree.Select(t => t.WordsToSweep).SingleAsync(cancellation))
            return false;
        var before = await ChangesAsync(db, cancellation);
        await db.Database.ExecuteSqlAsync($"INSERT INTO \"TrailWords\"(\"TrailWords\", rank) VALUES ('merge', {-Pages})", cancellation);
        // SQLite: when fewer than two rows changed, there was nothing left to merge.
        if (await ChangesAsync(db, cancellation) - before < 2)
            await db.Database.ExecuteSqlAsync($"UPDATE \"TrailTree\" SET \"WordsToSweep\" = 0", cancellation);
        return true;
    }

    private static async Task<long> ChangesAsync(HiveContext db, CancellationToken cancellation)
    {
        await using var command = db.Database.GetDbConnection().CreateCommand();
        command.Transaction = db.Database.CurrentTransaction?.GetDbTransaction();
        command.CommandText = "SELECT total_changes()";
        return (long)(await command.ExecuteScalarAsync(cancellation))!;
    }
}
