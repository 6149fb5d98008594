using System.Globalization;
using AccessHive.Core.Audit;
using AccessHive.Core.Audit.UseCases.Verifying;
using AccessHive.Core.Kernel;
using Microsoft.Data.Sqlite;
using NodaTime;
using NSec.Cryptography;

namespace AccessHive.Tests.Audit.Proofs;

/// <summary>
/// A trail on paper: entries, keys, checkpoints and anchors as a house writes them, and in the hands of a test. What an
/// attacker calculates anew is written with the same hands – but the keys of the days before are gone.
/// </summary>
public sealed class PaperHouse : IDisposable
{
    public const string Origin = "accesshive/00112233445566778899aabbccddeeff";
    public static readonly Instant Begin = Instant.FromUtc(2026, 11, 23, 8, 0);

    private readonly string folder = Directory.CreateTempSubdirectory("accesshive-paper-").FullName;
    private readonly List<(int Epoch, Key Secret, byte[] Certificate)> keys = [];
    private int copies;

    /// <summary>What happened, in its order.</summary>
    public List<PaperEvent> Events { get; } = [];

    /// <summary>What was signed: size, instant, epoch, note, cause.</summary>
    public List<(long Size, Instant At, int Epoch, byte[] Note)> Checkpoints { get; } = [];

    public string Database => Path.Combine(folder, "house.db");

    public string Anchors => Path.Combine(folder, "house.anchors");

    /// <summary>A house of so many entries, a minute apart; signed after every tenth – after every hundredth, if they are many – and at the end; the second half on the next day.</summary>
    public static PaperHouse Of(int entries)
    {
        var house = new PaperHouse();
        for (var i = 1; i <= entries; i++)
            house.Events.Add(PaperEvent.Number(i, Begin + Duration.FromMinutes(i) + (i > entries / 2 ? Duration.FromDays(1) : Duration.Zero)));
        var step = entries > 100 ? 100 : 10;
        for (var size = step; size <= entries; size += step)
            house.Sign(size);
        if (entries % step > 0)
            house.Sign(entries);
        house.Write(house.Database);
        house.WriteAnchors(house.Checkpoints.Count);
        return house;
    }

    public void Dispose()
    {
        foreach (var (_, secret, _) in keys)
            secret.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    public VerifyReport Verify(string? file = null, bool anchors = true, NoteKey? key = null)
        => VerifyTrail.Run(new VerifyWish(file ?? Database, anchors ? Anchors : null, key));

    /// <summary>The verifier key of the first day.</summary>
    public NoteKey FirstKey => KeyOf(keys[0].Epoch, keys[0].Secret);

    /// <summary>A copy of the database with a few words of SQL done to it.</summary>
    public string Copy(string sql)
    {
        var copy = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"copy-{++copies}.db"));
        File.Copy(Database, copy);
        Run(copy, sql);
        return copy;
    }

    /// <summary>A copy that somebody wrote anew from end to end: every hash, number, node and column holds.</summary>
    public string Rewritten(Action<List<PaperEvent>> change, long keepCheckpoints = long.MaxValue, Action<string>? after = null)
    {
        var events = Events.ToList();
        change(events);
        var copy = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"copy-{++copies}.db"));
        Write(copy, events, [.. Checkpoints.Where(c => c.Size <= keepCheckpoints)]);
        after?.Invoke(copy);
        return copy;
    }

    /// <summary>Signs a checkpoint over the first entries with the key of its day, as the house does.</summary>
    public void Sign(int size, List<PaperEvent>? of = null)
    {
        var events = of ?? Events;
        var at = events[size - 1].At + Duration.FromSeconds(1);
        var epoch = (int)(at.ToUnixTimeSeconds() / 86_400);
        Checkpoints.Add((size, at, epoch, Signed(events, size, at, epoch)));
    }

    public byte[] Signed(List<PaperEvent> events, int size, Instant at, int epoch)
    {
        var secret = KeyFor(epoch);
        var checkpoint = new Checkpoint(Origin, size, HeadOf(events, size).Root(), at, epoch);
        return SignedNote.Sign(checkpoint.Text, KeyOf(epoch, secret), secret).ToBytes();
    }

    public byte[] Seal(string file, long size, byte[] root)
    {
        var (epoch, secret, _) = keys[^1];
        var seal = new ClosingSeal(Origin, size, root, System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(file)), new FileInfo(file).Length);
        return SignedNote.Sign(seal.Text, KeyOf(epoch, secret), secret).ToBytes();
    }

    public void WriteAnchors(int count, IEnumerable<byte[]>? more = null)
    {
        using var file = File.Create(Anchors);
        var known = -1;
        foreach (var (_, _, epoch, note) in Checkpoints.Take(count))
        {
            if (epoch != known)
                Record(keys.Find(k => k.Epoch == epoch).Certificate);
            known = epoch;
            Record(note);
        }

        foreach (var note in more ?? [])
            Record(note);

        void Record(byte[] note)
        {
            file.Write(note);
            file.Write("=\n"u8);
        }
    }

    public void Write(string file) => Write(file, Events, Checkpoints);

    public static void Run(string file, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA synchronous=OFF;" + sql;
        command.ExecuteNonQuery();
    }

    /// <summary>The certificates as notes, for an export.</summary>
    public IReadOnlyList<string> Certificates => [.. keys.Select(k => System.Text.Encoding.UTF8.GetString(k.Certificate))];

    public static List<(TrailEntry Entry, TrailNote? Note)> Entries(List<PaperEvent> events)
    {
        var (entries, leaf) = (new List<(TrailEntry, TrailNote?)>(), TrailFormat.NoLeaf);
        foreach (var happened in events)
        {
            var (entry, note) = TrailFormat.Write(happened, entries.Count + 1, leaf);
            note = PaperEvent.NoteOf(note);
            if (note is not null)
                entry = Renoted(entry, note);
            leaf = entry.LeafHash;
            entries.Add((entry, note));
        }

        return entries;
    }

    public static Frontier HeadOf(List<PaperEvent> events, int size)
    {
        var frontier = new Frontier();
        foreach (var (entry, _) in Entries(events).Take(size))
            frontier.Append(entry.LeafHash);
        return frontier;
    }

    // The salt is drawn anew each time an entry is written; on paper an event keeps its own.
    private static TrailEntry Renoted(TrailEntry entry, TrailNote note)
    {
        var payload = entry.Payload.ToArray();
        System.Text.Encoding.ASCII.GetBytes(Convert.ToHexStringLower(TrailFormat.CommitmentOf(note))).CopyTo(payload, payload.Length - 66);
        return new TrailEntry
        {
            Seq = entry.Seq,
            RecordedAt = entry.RecordedAt,
            Type = entry.Type,
            Emergency = entry.Emergency,
            ActorId = entry.ActorId,
            PersonId = entry.PersonId,
            IdentityId = entry.IdentityId,
            CredentialId = entry.CredentialId,
            RequestId = entry.RequestId,
            SessionId = entry.SessionId,
            Payload = payload,
            LeafHash = TrailFormat.LeafHashOf(payload),
        };
    }

    private static NoteKey KeyOf(int epoch, Key secret) => KeyCertificate.For(Origin, epoch, secret.PublicKey.Export(KeyBlobFormat.RawPublicKey)).Key;

    private Key KeyFor(int epoch)
    {
        if (keys.Find(k => k.Epoch == epoch) is { Secret: { } known })
            return known;
        var secret = Key.Create(SignatureAlgorithm.Ed25519);
        var certificate = KeyCertificate.For(Origin, epoch, secret.PublicKey.Export(KeyBlobFormat.RawPublicKey));
        var note = keys.Count == 0 ? SignedNote.Sign(certificate.Text, certificate.Key, secret) : SignedNote.Sign(certificate.Text, KeyOf(keys[^1].Epoch, keys[^1].Secret), keys[^1].Secret);
        keys.Add((epoch, secret, note.ToBytes()));
        return secret;
    }

    private void Write(string file, List<PaperEvent> events, List<(long Size, Instant At, int Epoch, byte[] Note)> checkpoints)
    {
        using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        connection.Open();
        Do(connection, "PRAGMA page_size=512; PRAGMA synchronous=OFF; PRAGMA journal_mode=DELETE; PRAGMA synchronous=OFF;");
        using var transaction = connection.BeginTransaction();
        Do(connection, Schema);
        var frontier = new Frontier();
        foreach (var (e, note) in Entries(events))
        {
            Do(connection, "INSERT INTO Trail VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)", e.Seq, e.RecordedAt, e.Type, e.Emergency, e.ActorId?.Value, e.PersonId?.Value, e.IdentityId?.Value, e.CredentialId?.Value, e.RequestId?.Value, e.SessionId?.Value, e.Payload, e.LeafHash);
            if (note is not null)
                Do(connection, "INSERT INTO TrailNotes VALUES ($1, $2, $3)", note.Seq, note.Salt, note.Text);
            frontier.Append(e.LeafHash, (level, index, hash) =>
            {
                if (TreeHash.IsKept(level))
                    Do(connection, "INSERT INTO TrailNodes VALUES ($1, $2, $3)", level, index, hash);
            });
        }

        Do(connection, "INSERT INTO TrailTree VALUES (1, $1, $2, $3, 0)", frontier.Size, frontier.ToBytes(), Origin);
        foreach (var (epoch, secret, certificate) in keys)
            Do(connection, "INSERT INTO TrailKeys VALUES ($1, $2, $3, NULL)", epoch, secret.PublicKey.Export(KeyBlobFormat.RawPublicKey), certificate);
        foreach (var (size, at, epoch, note) in checkpoints)
            Do(connection, "INSERT INTO TrailCheckpoints (Size, At, Epoch, Note, Cause) VALUES ($1, $2, $3, $4, 'changes')", size, at.ToUnixTimeMilliseconds(), epoch, note);
        transaction.Commit();
    }

    private static void Do(SqliteConnection connection, string sql, params object?[] values)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        for (var i = 0; i < values.Length; i++)
            command.Parameters.AddWithValue(string.Create(CultureInfo.InvariantCulture, $"${i + 1}"), values[i] ?? DBNull.Value);
        command.ExecuteNonQuery();
    }

    private const string Schema = """
        CREATE TABLE Trail (Seq INTEGER NOT NULL CONSTRAINT PK_Trail PRIMARY KEY, RecordedAt INTEGER NOT NULL, Type TEXT NOT NULL, Emergency INTEGER NOT NULL, ActorId TEXT NULL, PersonId TEXT NULL, IdentityId TEXT NULL, CredentialId TEXT NULL, RequestId TEXT NULL, SessionId TEXT NULL, Payload BLOB NOT NULL, LeafHash BLOB NOT NULL);
        CREATE INDEX IX_Trail_RecordedAt ON Trail (RecordedAt);
        CREATE TABLE TrailNotes (Seq INTEGER NOT NULL CONSTRAINT PK_TrailNotes PRIMARY KEY, Salt BLOB NOT NULL, Text BLOB NOT NULL);
        CREATE TABLE TrailTree (Id INTEGER NOT NULL CONSTRAINT PK_TrailTree PRIMARY KEY, Size INTEGER NOT NULL, Frontier BLOB NOT NULL, Origin TEXT NOT NULL, WordsToSweep INTEGER NOT NULL);
        CREATE TABLE TrailNodes (Level INTEGER NOT NULL, Idx INTEGER NOT NULL, Hash BLOB NOT NULL, CONSTRAINT PK_TrailNodes PRIMARY KEY (Level, Idx));
        CREATE TABLE TrailCheckpoints (Id INTEGER NOT NULL CONSTRAINT PK_TrailCheckpoints PRIMARY KEY AUTOINCREMENT, Size INTEGER NOT NULL, At INTEGER NOT NULL, Epoch INTEGER NOT NULL, Note BLOB NOT NULL, Cause TEXT NOT NULL);
        CREATE TABLE TrailKeys (Epoch INTEGER NOT NULL CONSTRAINT PK_TrailKeys PRIMARY KEY, PublicKey BLOB NOT NULL, Certificate BLOB NOT NULL, SealedPrivate BLOB NULL);
        """;
}

/// <summary>Something that happened on paper.</summary>
public sealed record PaperEvent(Instant At, string Kind, bool Loud, PersonId Who, IdentityId What, string Words, string? Fact = null) : DomainEvent(At, new Actor(Who, "Mara Lindt", Roles.Admin))
{
    private static readonly byte[] Salted = [.. Enumerable.Range(1, 16).Select(i => (byte)i)];

    public override string Type => Kind;

    public override bool Emergency => Loud;

    public override Subject About => new(Who, What);

    public IReadOnlyList<(string Name, string Value)> Told { get; init; } = [];

    public static PaperEvent Number(int i, Instant when) => new(
        when, i % 10 == 0 ? "session.started" : "credential.edited", i % 10 == 0, PersonId.From(new Guid(0x0bec0001, 0, 0x7000, 0x80, 0, 0, 0, 0, 0, 0, (byte)i)),
        IdentityId.From(new Guid(0x0bec0002, 0, 0x7000, 0x80, 0, 0, 0, 0, 0, 0, (byte)(i / 2))), $"because of \"{i}\" – straße", i % 3 == 0 ? "line\nand tab\t" : null);

    public override void Tell(Facts facts)
    {
        facts.Add("number", Fact);
        foreach (var (name, value) in Told)
            facts.Add(name, value);
        facts.AddPersonal("reason", Words);
    }

    public static TrailNote? NoteOf(TrailNote? written) => written is null ? null : new TrailNote { Seq = written.Seq, Salt = Salted, Text = written.Text };
}
