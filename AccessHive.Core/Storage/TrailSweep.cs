using AccessHive.Core.Kernel;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace AccessHive.Core.Storage;

/// <summary>
/// Takes out of the word index what was erased or purged. The index only marks what is deleted; the words themselves go
/// when its segments are merged. By itself it would merge everything in the one transaction that deletes much
/// (<see cref="TrailRails.IndexIsSwept"/>); here it is done in steps, each of which holds up others for less than 0.1 s.
/// </summary>
internal static class TrailSweep
{
    private const int Pages = 500;
    private const int Purged = 500;

    /// <summary>Notes that there is something to sweep; in the transaction that deletes.</summary>
    public static Task BeginAsync(HiveContext db, CancellationToken cancellation)
        => db.Database.ExecuteSqlAsync($"UPDATE \"TrailTree\" SET \"WordsToSweep\" = 1", cancellation);

    /// <summary>Sweeps a step, in a transaction.</summary>
    /// <returns>Whether there was something to do.</returns>
    public static async Task<Result<bool>> StepAsync(HiveContext db, CancellationToken cancellation)
    {
        if (!await db.TrailTree.Select(t => t.WordsToSweep).SingleAsync(cancellation))
            return false;
        // Entries are purged from the beginning, and their words afterwards.
        if (await db.Database.ExecuteSqlAsync($"DELETE FROM \"TrailWords\" WHERE rowid IN (SELECT id FROM \"TrailWords_docsize\" WHERE id < (SELECT MIN(\"Seq\") FROM \"Trail\") LIMIT {Purged})", cancellation) > 0)
            return true;
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
