using Microsoft.EntityFrameworkCore;

namespace AccessHive.Core.Storage;

/// <summary>The log beside the database: what was erased there may still stand in pages it holds.</summary>
internal static class WriteAheadLog
{
    /// <summary>Moves everything into the database and empties the log.</summary>
    /// <returns>False when somebody is reading in it right now: ask again later.</returns>
    public static async Task<bool> EmptyAsync(HiveContext db, CancellationToken cancellation)
    {
        await db.Database.OpenConnectionAsync(cancellation);
        try
        {
            await using var command = db.Database.GetDbConnection().CreateCommand();
            command.CommandText = "PRAGMA wal_checkpoint(TRUNCATE)";
            await using var reader = await command.ExecuteReaderAsync(cancellation);
            return await reader.ReadAsync(cancellation) && reader.GetInt64(0) == 0;
        }
        finally
        {
            await db.Database.CloseConnectionAsync();
        }
    }
}
