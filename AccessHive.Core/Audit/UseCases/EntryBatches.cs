using System.Data.Common;
using AccessHive.Core.Audit.UseCases.Formats;
using AccessHive.Core.Storage;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace AccessHive.Core.Audit.UseCases;

/// <summary>
/// Reads entries in their order, a batch at a time, each in a query of its own: nothing is held between two batches – no
/// connection, no snapshot that would keep the log of the database from being emptied, no more memory than one batch.
/// </summary>
/// <param name="contexts">Opens the database.</param>
/// <param name="match">The condition of the index; empty for everything.</param>
/// <param name="notes">Whether personal facts are read.</param>
/// <param name="names">Whether names of people are read.</param>
internal sealed class EntryBatches(IDbContextFactory<HiveContext> contexts, string match, bool notes, bool names)
{
    /// <summary>Entries in a batch.</summary>
    public const int Size = 500;

    private const string Columns = """
        SELECT t."Seq", t."RecordedAt", t."Type", t."Emergency", t."ActorId", t."PersonId", t."IdentityId", t."CredentialId", t."RequestId", t."SessionId", t."Payload", t."LeafHash",
            (SELECT "Name" FROM "Identities" WHERE "Id" = t."IdentityId")
        """;

    private const string Names = """, (SELECT "Name" FROM "People" WHERE "Id" = t."ActorId"), (SELECT "Name" FROM "People" WHERE "Id" = t."PersonId")""";
    private const string NoNames = ", NULL, NULL";
    private const string Notes = """, n."Salt", n."Text" """;
    private const string NoNotes = ", NULL, NULL ";
    private const string JoinNotes = """ LEFT JOIN "TrailNotes" n ON n."Seq" = t."Seq" """;

    private readonly string sql = Columns + (names ? Names : NoNames) + (notes ? Notes : NoNotes) + (match.Length == 0
        ? $"""FROM "Trail" t{(notes ? JoinNotes : " ")}WHERE t."Seq" > $after AND t."Seq" <= $last ORDER BY t."Seq" LIMIT $size"""
        : $"""
            FROM (SELECT rowid AS "Found" FROM "TrailWords" WHERE "TrailWords" MATCH $match AND rowid > $after AND rowid >= (SELECT MIN("Seq") FROM "Trail") AND rowid <= $last ORDER BY rowid LIMIT $size)
            JOIN "Trail" t ON t."Seq" = "Found"{(notes ? JoinNotes : " ")}ORDER BY t."Seq"
            """);

    /// <summary>The next entries.</summary>
    /// <param name="after">Numbers greater than this one.</param>
    /// <param name="last">Up to this one, included.</param>
    /// <param name="cancellation">Cancels the query.</param>
    public async Task<IReadOnlyList<ExportedEntry>> AfterAsync(long after, long last, CancellationToken cancellation)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        await db.Database.OpenConnectionAsync(cancellation);
        await using var command = db.Database.GetDbConnection().CreateCommand();
        command.CommandText = sql;
        command.Parameters.AddRange(new[] { new SqliteParameter("$after", after), new SqliteParameter("$last", last), new SqliteParameter("$size", Size) });
        if (match.Length > 0)
            command.Parameters.Add(new SqliteParameter("$match", match));
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var batch = new List<ExportedEntry>(Size);
        while (await reader.ReadAsync(cancellation))
            batch.Add(EntryOf(reader));
        return batch;
    }

    /// <summary>How many there are.</summary>
    public async Task<long> CountAsync(long after, long last, CancellationToken cancellation)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        return match.Length == 0
            ? await db.Trail.LongCountAsync(e => e.Seq > after && e.Seq <= last, cancellation)
            : await db.Database.SqlQuery<long>($"""SELECT COUNT(*) AS "Value" FROM "TrailWords" WHERE "TrailWords" MATCH {match} AND rowid > {after} AND rowid >= (SELECT MIN("Seq") FROM "Trail") AND rowid <= {last}""").SingleAsync(cancellation);
    }

    private static ExportedEntry EntryOf(DbDataReader row)
    {
        var payload = row.GetFieldValue<byte[]>(10);
        var text = row.IsDBNull(16) ? null : row.GetFieldValue<byte[]>(16);
        var actor = EntryRow.Id(row, 4);
        var facts = new List<KeyValuePair<string, string>>();
        var by = EntryRow.PayloadFacts(payload, facts);
        if (text is not null)
            EntryRow.NoteFacts(text, facts);
        return new ExportedEntry
        {
            Seq = row.GetInt64(0),
            RecordedAt = row.GetInt64(1),
            Type = row.GetString(2),
            Emergency = row.GetInt64(3) != 0,
            Actor = actor,
            // Without a person it is the product or the console that acted, and those have no name to keep back.
            ActorName = EntryRow.Text(row, 13) ?? (actor is null ? by : null),
            Person = EntryRow.Id(row, 5),
            PersonName = EntryRow.Text(row, 14),
            Identity = EntryRow.Id(row, 6),
            IdentityName = EntryRow.Text(row, 12),
            Credential = EntryRow.Id(row, 7),
            Request = EntryRow.Id(row, 8),
            Session = EntryRow.Id(row, 9),
            Payload = payload,
            LeafHash = row.GetFieldValue<byte[]>(11),
            NoteSalt = row.IsDBNull(15) ? null : row.GetFieldValue<byte[]>(15),
            NoteText = text,
            Facts = facts,
        };
    }
}
