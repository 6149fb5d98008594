using System.Diagnostics;
using AccessHive.Core.Audit;
using AccessHive.Core.Kernel;
using Microsoft.Data.Sqlite;
using NodaTime;

namespace AccessHive.Bench;

/// <summary>
/// A long life in a few minutes: entries in the product's own format, chained as the product chains them, but written
/// in large transactions. 50 people, 2,000 identities, 30 words each, one entry in twenty of an emergency.
/// </summary>
public static class TrailFill
{
    public const string CommonWord = "campaign";
    public const string RareWord = "quetzalcoatl";
    public const int RareEvery = 50_000;
    private const int People = 50;
    private const int Identities = 2_000;
    private const int Batch = 100_000;
    private const int WordsInMemory = 256 << 20;
    private const int UsualWordsInMemory = 1 << 20;

    private static readonly string[] Quiet = ["person.signed-in", "credential.edited", "identity.edited", "credential.secret-changed", "person.sign-in-failed", "identity.added"];

    private static readonly string[] Loud = ["request.raised", "request.routed", "request.approved", "session.started", "session.secret-revealed", "session.expired", "attempt.refused"];

    /// <summary>Person number n; the last one is rare: one entry in 10,000.</summary>
    public static PersonId Person(int n) => new(new Guid(0x0bec0001, 0, 0x7000, 0x80, 0, 0, 0, 0, 0, (byte)(n >> 8), (byte)n));

    public static IdentityId Identity(int n) => new(new Guid(0x0bec0002, 0, 0x7000, 0x80, 0, 0, 0, 0, 0, (byte)(n >> 8), (byte)n));

    public static PersonId RarePerson => Person(People);

    public static async Task FillAsync(BenchHouse house, long entries)
    {
        await using var connection = new SqliteConnection($"Data Source={house.Paths.Database};Pooling=False");
        await connection.OpenAsync();
        await RunAsync(connection, "PRAGMA synchronous=OFF; PRAGMA cache_size=-200000;");
        var (seq, leaf, at) = await LastAsync(connection);
        if (seq >= entries)
            return;
        await PeopleAsync(connection);
        var tree = await TreeAsync(connection);
        // The index keeps a whole batch in memory before it writes a segment; merging goes on as in the product.
        await RunAsync(connection, $"INSERT INTO TrailWords(TrailWords, rank) VALUES ('hashsize', {WordsInMemory});");
        var watch = Stopwatch.StartNew();
        while (seq < entries)
        {
            await using var transaction = connection.BeginTransaction();
            using var writer = new Writer(connection, transaction);
            for (var i = 0; i < Batch && seq < entries; i++)
            {
                at += 500 + (seq * 7919 % 1_000);
                var happened = Happened(++seq, at);
                var (entry, note) = TrailFormat.Write(happened, seq, leaf);
                leaf = entry.LeafHash;
                writer.Write(entry, note, happened);
                tree.Append(leaf, (level, index, hash) =>
                {
                    if (TreeHash.IsKept(level))
                        writer.Write(level, index, hash);
                });
            }

            writer.Write(tree);

            await transaction.CommitAsync();
            Console.Error.Write($"\r{seq:N0} entries in {watch.Elapsed.TotalSeconds:0} s ");
        }

        Console.Error.WriteLine();
        await RunAsync(connection, $"INSERT INTO TrailWords(TrailWords, rank) VALUES ('hashsize', {UsualWordsInMemory});");
        await RunAsync(connection, "PRAGMA wal_checkpoint(TRUNCATE);");
    }

    private static BenchEvent Happened(long seq, long at)
    {
        var emergency = seq % 20 == 0;
        var n = (int)(seq * 2_654_435_761 % 1_000_003);
        var person = seq % 10_000 == 0 ? People : n % People;
        var types = emergency ? Loud : Quiet;
        return new BenchEvent(
            Instant.FromUnixTimeMilliseconds(at), new Actor(Person(person), Name(person), Roles.Admin), types[n / 7 % types.Length], emergency,
            new Subject(Person(n / 50 % People), Identity(n % Identities)), Words(seq, n));
    }

    private static string Words(long seq, int n)
    {
        var words = new string[30];
        for (var i = 0; i < words.Length; i++)
            words[i] = Vocabulary.Word((n * (i + 1)) + i);
        if (n % 3 == 0)
            words[3] = CommonWord;
        if (seq % RareEvery == 1)
            words[4] = RareWord;
        return string.Join(' ', words);
    }

    private static string Name(int n) => n == People ? "Rarely Seen" : $"Person{n}";

    private static async Task PeopleAsync(SqliteConnection connection)
    {
        await using var transaction = connection.BeginTransaction();
        for (var n = 0; n <= People; n++)
            await RunAsync(connection, $"INSERT OR IGNORE INTO People (Id, Name, Email, Roles, JoinedAt, SignInEpoch, Version) VALUES ('{Sql(Person(n).Value)}', '{Name(n)}', 'p{n}@bench.example', 2, 1, 0, 1)", transaction);
        for (var n = 0; n < Identities; n++)
            await RunAsync(connection, $"INSERT OR IGNORE INTO Identities (Id, Name, Type, Platform, Client, Notes, CreatedAt, Version) VALUES ('{Sql(Identity(n).Value)}', 'Account {n}', 'ExternalShared', 'Meta', 'Client {n % 300}', '', 1, 1)", transaction);
        await transaction.CommitAsync();
    }

    private static string Sql(Guid id) => id.ToString().ToUpperInvariant();

    private static async Task RunAsync(SqliteConnection connection, string sql, SqliteTransaction? transaction = null)
    {
        await using var command = connection.CreateCommand();
        (command.CommandText, command.Transaction) = (sql, transaction);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<(long Seq, byte[] Leaf, long At)> LastAsync(SqliteConnection connection)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT Seq, LeafHash, RecordedAt FROM Trail ORDER BY Seq DESC LIMIT 1";
        await using var reader = await command.ExecuteReaderAsync();
        return await reader.ReadAsync() ? (reader.GetInt64(0), (byte[])reader.GetValue(1), reader.GetInt64(2)) : (0, TrailFormat.NoLeaf, 0);
    }

    // The product plants the tree when it opens the house; here it only grows on.
    private static async Task<Frontier> TreeAsync(SqliteConnection connection)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT Size, Frontier FROM TrailTree WHERE Id = 1";
        await using var reader = await command.ExecuteReaderAsync();
        return await reader.ReadAsync() ? Frontier.From(reader.GetInt64(0), (byte[])reader.GetValue(1)) : throw new InvalidOperationException("The house has no tree.");
    }

    private sealed record BenchEvent(Instant At, Actor By, string Kind, bool IsEmergency, Subject Subject, string Words) : DomainEvent(At, By)
    {
        public override string Type => Kind;

        public override bool Emergency => IsEmergency;

        public override Subject About => Subject;

        public override void Tell(Facts facts) => facts.AddPersonal("justification", Words);
    }

    private sealed class Writer : IDisposable
    {
        private readonly SqliteCommand entry;
        private readonly SqliteCommand note;
        private readonly SqliteCommand words;
        private readonly SqliteCommand node;
        private readonly SqliteCommand tree;

        public Writer(SqliteConnection connection, SqliteTransaction transaction)
        {
            entry = Command(connection, transaction, "INSERT INTO Trail (Seq, RecordedAt, Type, Emergency, ActorId, PersonId, IdentityId, Payload, LeafHash) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)", 9);
            note = Command(connection, transaction, "INSERT INTO TrailNotes (Seq, Salt, Text) VALUES ($1, $2, $3)", 3);
            words = Command(connection, transaction, "INSERT INTO TrailWords (rowid, words, marks) VALUES ($1, $2, $3)", 3);
            node = Command(connection, transaction, "INSERT INTO TrailNodes (Level, Idx, Hash) VALUES ($1, $2, $3)", 3);
            tree = Command(connection, transaction, "UPDATE TrailTree SET Size = $1, Frontier = $2 WHERE Id = 1", 2);
        }

        public void Write(int level, long index, byte[] hash) => Run(node, level, index, hash);

        public void Write(Frontier frontier) => Run(tree, frontier.Size, frontier.ToBytes());

        public void Write(TrailEntry e, TrailNote? n, BenchEvent happened)
        {
            Run(entry, e.Seq, e.RecordedAt, e.Type, e.Emergency, Sql(e.ActorId!.Value.Value), Sql(e.PersonId!.Value.Value), Sql(e.IdentityId!.Value.Value), e.Payload, e.LeafHash);
            if (n is not null)
                Run(note, n.Seq, n.Salt, n.Text);
            Run(words, e.Seq, TrailWords.Index($"{e.Type} {happened.By.Name} {happened.Words} Account Client Meta"), TrailMarks.Of(e));
        }

        public void Dispose()
        {
            entry.Dispose();
            note.Dispose();
            words.Dispose();
            node.Dispose();
            tree.Dispose();
        }

        private static SqliteCommand Command(SqliteConnection connection, SqliteTransaction transaction, string sql, int parameters)
        {
            var command = connection.CreateCommand();
            (command.CommandText, command.Transaction) = (sql, transaction);
            for (var i = 1; i <= parameters; i++)
                command.Parameters.Add(new SqliteParameter($"${i}", null));
            return command;
        }

        private static void Run(SqliteCommand command, params object[] values)
        {
            for (var i = 0; i < values.Length; i++)
                command.Parameters[i].Value = values[i];
            command.ExecuteNonQuery();
        }
    }
}

/// <summary>20,000 made-up words, used as unevenly as people use theirs.</summary>
internal static class Vocabulary
{
    private static readonly string[] Syllables = ["ba", "re", "mi", "sto", "ka", "len", "do", "va", "tri", "pon", "su", "wel", "gra", "no", "fi", "char", "es", "tal", "o", "quin"];

    public static string Word(int n)
    {
        var rank = (int)((uint)(n * 2_654_435_761) >> 8);
        var id = rank % 7 < 3 ? rank / 7 % 100 : rank / 7 % 20_000;
        return string.Concat(Syllables[id % 20], Syllables[id / 20 % 20], Syllables[id / 400 % 20], id >= 8_000 ? Syllables[id / 8_000] : "");
    }
}
