using System.Data.Common;
using AccessHive.Core.Kernel;
using AccessHive.Core.Storage;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace AccessHive.Core.Audit.UseCases;

/// <summary>Reads the rows of the trail page, with the names as they are now.</summary>
internal static class TrailRows
{
    private const string Columns = """
        SELECT t."Seq", t."RecordedAt", t."Type", t."Emergency", t."ActorId", t."PersonId", t."IdentityId", t."RequestId", t."SessionId", t."Payload",
            (SELECT "Name" FROM "People" WHERE "Id" = t."ActorId"), (SELECT "Name" FROM "People" WHERE "Id" = t."PersonId"), (SELECT "Name" FROM "Identities" WHERE "Id" = t."IdentityId")
        """;

    private const string All = $"""{Columns} FROM "Trail" t WHERE t."Seq" >= $from AND t."Seq" < $until ORDER BY t."Seq" DESC LIMIT $count""";

    private const string Matching = $"""
        {Columns} FROM (SELECT rowid AS "Found" FROM "TrailWords" WHERE "TrailWords" MATCH $match AND rowid >= $from AND rowid < $until ORDER BY rowid DESC LIMIT $count)
        JOIN "Trail" t ON t."Seq" = "Found" ORDER BY t."Seq" DESC
        """;

    /// <summary>The newest of those whose number is in [from, until), newest first.</summary>
    /// <param name="db">The database, with its connection open.</param>
    /// <param name="match">The condition of the index; empty for everything.</param>
    /// <param name="from">Not before this number.</param>
    /// <param name="until">Before this number.</param>
    /// <param name="count">At most so many.</param>
    /// <param name="cancellation">Cancels the query.</param>
    public static async Task<IReadOnlyList<TrailRow>> NewestAsync(HiveContext db, string match, long from, long until, int count, CancellationToken cancellation)
    {
        await using var command = db.Database.GetDbConnection().CreateCommand();
        command.CommandText = match.Length == 0 ? All : Matching;
        command.Parameters.AddRange(new[] { new SqliteParameter("$from", from), new SqliteParameter("$until", until), new SqliteParameter("$count", count) });
        if (match.Length > 0)
            command.Parameters.Add(new SqliteParameter("$match", match));
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var rows = new List<TrailRow>(count);
        while (await reader.ReadAsync(cancellation))
            rows.Add(RowOf(reader));
        return rows;
    }

    private static TrailRow RowOf(DbDataReader row)
    {
        var facts = new List<KeyValuePair<string, string>>();
        var by = EntryRow.PayloadFacts(row.GetFieldValue<byte[]>(9), facts);
        return new TrailRow(
            row.GetInt64(0), Instant.FromUnixTimeMilliseconds(row.GetInt64(1)), row.GetString(2), row.GetInt64(3) != 0,
            EntryRow.Id(row, 4) is { } actor ? new PersonId(actor) : null, EntryRow.Text(row, 10) ?? by ?? "",
            EntryRow.Id(row, 5) is { } person ? new PersonId(person) : null, EntryRow.Text(row, 11),
            EntryRow.Id(row, 6) is { } identity ? new IdentityId(identity) : null, EntryRow.Text(row, 12),
            EntryRow.Id(row, 7) is { } request ? new RequestId(request) : null, EntryRow.Id(row, 8) is { } session ? new SessionId(session) : null, facts);
    }
}
