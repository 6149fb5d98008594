using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using NodaTime;
using static AccessHive.Core.Audit.UseCases.Verifying.Diagnosis;

namespace AccessHive.Core.Audit.UseCases.Verifying;

/// <summary>
/// Verifies the database of a house, running or not: reads the rows on its own, once, in constant memory, and changes
/// nothing. No key is needed, and nothing of the application that wrote them is used.
/// </summary>
internal sealed class DatabaseVerifier(VerifyWish wish, Action<VerifyProgress>? tell, CancellationToken cancellation) : IDisposable
{
    private const string Entries = """
        SELECT "Seq", "RecordedAt", "Type", "Emergency", "ActorId", "PersonId", "IdentityId", "CredentialId", "RequestId", "SessionId", "Payload", "LeafHash" FROM "Trail" ORDER BY "Seq"
        """;

    // What is smaller than this is not worth a second thread.
    private const long AtOnce = 4 * 1024 * 1024;

    // Up to here SQLite looks at every page; beyond, at those of the trail, unless it is asked for all.
    private const long Small = 64 * 1024 * 1024;

    private const string Emergencies = "SELECT rowid FROM \"TrailWords\" WHERE \"TrailWords\" MATCH 'marks : emergency' ORDER BY rowid";

    private static readonly int[] KeptLevels = [8, 16, 24, 32];
    private static readonly string[] Ids = ["ActorId", "PersonId", "IdentityId", "CredentialId", "RequestId", "SessionId"];

    private readonly Diagnosis diagnosis = new();
    private readonly TreeBuilder tree = new();
    private readonly List<string> remarks = [];
    private readonly NumberSet gone = new();
    private readonly NumberSet erased = new();
    private readonly List<(long Until, string Root)> purges = [];
    private readonly List<(int Level, long Index, bool Missing)> wrongNodes = [];
    private readonly Dictionary<int, Rows> nodes = [];
    private readonly byte[] hash = new byte[TreeHash.Length];
    private readonly byte[] hex = new byte[2 * TreeHash.Length];
    private readonly IncrementalHash sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private EntryWalk walk = null!;
    private (long Size, byte[] Frontier, string Origin) row;
    private long purgedUntil;

    /// <summary>Verifies it.</summary>
    public VerifyReport Run()
    {
        var seal = FileSeal.Check(wish.Database, diagnosis, cancellation);
        try
        {
            using var connection = Open();
            var length = new FileInfo(wish.Database).Length;
            var all = wish.AllPages || length < Small;
            using var aside = seal.IsWhole || wish.RowsOnly || length < AtOnce ? null : new IntegrityCheck(Open, all);
            var report = Read(connection, seal);
            if ((seal.IsWhole || wish.RowsOnly ? null : aside is null ? IntegrityCheck.Ask(connection, all) : aside.Answer()) is { } damage)
                diagnosis.Add(TrailAttack.Damaged, null, $"SQLite finds the file damaged: {damage}.");
            return report with { Findings = diagnosis.Findings(), Remarks = remarks };
        }
        catch (SqliteException fault) when (fault.SqliteErrorCode is 11 or 1 or 13)
        {
            diagnosis.Add(TrailAttack.Damaged, null, $"The file can't be read to its end ({fault.Message.TrimEnd('.')}).");
            return new VerifyReport { Findings = diagnosis.Findings(), Remarks = remarks, Last = walk?.Last ?? 0 };
        }
        catch (SqliteException fault)
        {
            throw new NotATrailException($"{wish.Database} can't be read as a database ({fault.Message.TrimEnd('.')}): check the name and who may read it.");
        }
        finally
        {
            // Statements go before their connection.
            foreach (var rows in nodes.Values)
                rows.Dispose();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        walk?.Dispose();
        tree.Dispose();
        sha.Dispose();
    }

    private SqliteConnection Open() => OfflineTrail.Open(wish.Database);

    private VerifyReport Read(SqliteConnection connection, FileSeal seal)
    {
        using (var tables = new Rows(connection, "BEGIN"))
            tables.Next();
        CheckTables(connection);
        ReadTree(connection);
        var keys = ReadKeys(connection);
        using var anchors = new AnchorPoints(wish, keys, diagnosis, cancellation);
        if (wish.Key is { } trusted && !keys.Keys.Any(k => k.Is(trusted)))
            diagnosis.Add(TrailAttack.Forged, null, $"The key {trusted} that you gave is none of this house's keys.");
        using var checkpoints = new CheckpointPoints(connection, keys, diagnosis);
        var points = new PointRow(diagnosis, tree, checkpoints, anchors);

        walk = new EntryWalk(diagnosis, tree);
        foreach (var level in KeptLevels)
            nodes[level] = new Rows(connection, FormattableString.Invariant($"SELECT \"Idx\", \"Hash\" FROM \"TrailNodes\" WHERE \"Level\" = {level} ORDER BY \"Idx\""));
        var first = Purged(connection);
        tree.OnKept = CompareNode;
        points.Begin(tree.Size);
        Walk(connection, points);
        walk.End();
        points.End(walk, row.Size, () => HasTraces(connection));
        CheckTree(connection, points);
        CheckNotesAndPurges(connection, first);
        seal.CheckTree(walk.Last, walk.IsWhole ? tree.Root() : null, keys, diagnosis);
        return new VerifyReport
        {
            Origin = row.Origin,
            First = first + 1,
            Last = walk.Last,
            Entries = walk.Count,
            Root = walk.IsWhole ? tree.Root() : null,
            Newest = walk.Count > 0 ? Instant.FromUnixTimeMilliseconds(walk.At) : null,
            Checkpoints = points.GoodCheckpoints,
            Anchors = points.GoodAnchors,
            Anchored = diagnosis.GoodAnchor,
            Signed = Math.Max(diagnosis.GoodAnchor, diagnosis.GoodCheckpoint),
            Sealed = seal.IsWhole,
        };
    }

    private void CheckTables(SqliteConnection connection)
    {
        var found = new List<string>();
        using (var rows = new Rows(connection, "SELECT name FROM sqlite_master WHERE type = 'table' AND name IN ('Trail', 'TrailNotes', 'TrailTree', 'TrailNodes', 'TrailCheckpoints', 'TrailKeys')"))
        {
            while (rows.Next())
                found.Add(Encoding.UTF8.GetString(rows.Bytes(0)));
        }

        if (!found.Contains("Trail"))
            throw new NotATrailException($"{wish.Database} is no database of AccessHive: check its name.");
        if (found.Count == 2 && found.Contains("TrailNotes"))
            throw new NotATrailException($"{wish.Database} was last used by a version without signed checkpoints: start this version once, then verify.");
        if (found.Count < 6)
            throw new NotATrailException($"{wish.Database} has a trail, but not all of the tables that prove it: it is damaged, or they were removed.");
    }

    private void ReadTree(SqliteConnection connection)
    {
        using var rows = new Rows(connection, "SELECT \"Size\", \"Frontier\", \"Origin\", \"Id\" FROM \"TrailTree\"");
        row = (0, [], "");
        if (!rows.Next())
            diagnosis.Add(TrailAttack.Damaged, null, "The row that says how many entries there are is missing.");
        else if (!rows.IsNumber(0) || !rows.IsBlob(1) || !rows.IsText(2) || rows.Number(3) != 1)
            diagnosis.Add(TrailAttack.Damaged, null, "The row that says how many entries there are can't be read.");
        else
            row = (rows.Number(0), rows.Bytes(1).ToArray(), Encoding.UTF8.GetString(rows.Bytes(2)));
        if (row.Origin.Length > 0 && rows.Next())
            diagnosis.Add(TrailAttack.Damaged, null, "There are two rows that say how many entries there are.");
        if (row.Origin.Length > 0 && (row.Origin.Length != 43 || !row.Origin.StartsWith("accesshive/", StringComparison.Ordinal) || !row.Origin[11..].All(char.IsAsciiHexDigitLower)))
            diagnosis.Add(TrailAttack.Damaged, null, "The name of the trail is none.");
    }

    private KeyChain ReadKeys(SqliteConnection connection)
    {
        var keys = new KeyChain(row.Origin);
        var unerased = 0;
        using var rows = new Rows(connection, "SELECT \"Epoch\", \"PublicKey\", \"Certificate\", \"SealedPrivate\" IS NULL FROM \"TrailKeys\" ORDER BY \"Epoch\"");
        while (rows.Next())
        {
            var wrong = keys.Take(rows.IsBlob(2) ? SignedNote.Read(rows.Bytes(2)) : null);
            if (wrong is null && (!rows.IsNumber(0) || rows.Number(0) != keys.Newest || !keys.TryGet(keys.Newest, out var key) || !rows.IsBlob(1) || !rows.Bytes(1).SequenceEqual(key.PublicKey.Span)))
                wrong = "says another key or day than its row";
            if (wrong is not null)
                diagnosis.Add(TrailAttack.Forged, null, string.Create(CultureInfo.InvariantCulture, $"The certificate of key {rows.Number(0)} {wrong}."));
            unerased += rows.Number(3) == 0 ? 1 : 0;
        }

        if (unerased > 1)
            remarks.Add("The private halves of keys of earlier days are not erased: start AccessHive once.");
        return keys;
    }

    // The kept subtrees stand for entries that were purged; whether they were purged, an entry must say.
    private long Purged(SqliteConnection connection)
    {
        long first;
        using (var rows = new Rows(connection, "SELECT \"Seq\" FROM \"Trail\" ORDER BY \"Seq\" LIMIT 1"))
            first = rows.Next() ? rows.Number(0) - 1 : 0;
        if (first > 0 && first % 256 == 0)
        {
            var leaves = nodes[8];
            while (tree.Size < first && leaves.Next() && leaves.IsNumber(0) && leaves.Number(0) == tree.Size >> 8 && leaves.IsBlob(1) && leaves.Bytes(1).Length == TreeHash.Length)
                tree.Append(leaves.Bytes(1), 8);
            if (tree.Size == first)
            {
                walk.Begin(first);
                purgedUntil = first;
                return first;
            }
        }

        walk.Begin(0);
        return 0;
    }

    private void Walk(SqliteConnection connection, PointRow points)
    {
        using var rows = new Rows(connection, Entries);
        using var notes = new Rows(connection, "SELECT \"Seq\", \"Salt\", \"Text\" FROM \"TrailNotes\" ORDER BY \"Seq\"");
        using var marks = Count(connection, "SELECT COUNT(*) FROM sqlite_master WHERE name = 'TrailWords'") > 0 ? new Rows(connection, Emergencies) : null;
        var hasNote = notes.Next();
        var hasMark = marks?.Next() ?? false;
        var count = 0L;
        while (rows.Next())
        {
            if ((++count & 4095) == 0)
            {
                cancellation.ThrowIfCancellationRequested();
                tell?.Invoke(new VerifyProgress(count, row.Size));
            }

            var seq = rows.Number(0);
            var payload = rows.Bytes(10);
            var isReadable = walk.Take(seq, payload, rows.IsBlob(11) ? rows.Bytes(11) : "-"u8, out var view);
            for (; hasNote && notes.Number(0) < seq; hasNote = notes.Next())
                diagnosis.Note(Sign.NoteAdded, notes.Number(0));
            var isNoted = hasNote && notes.Number(0) == seq;
            if (isReadable)
            {
                CompareColumns(rows, seq, in view);
                CompareNote(notes, isNoted, seq, in view);
                for (; hasMark && marks!.Number(0) < seq; hasMark = marks.Next())
                    CompareMark(marks.Number(0), isThere: true, isEmergency: false);
                var isMarked = hasMark && marks!.Number(0) == seq;
                if (marks is not null)
                    CompareMark(seq, isMarked, view.Emergency);
                hasMark = isMarked ? marks!.Next() : hasMark;
                if (view.Type is [(byte)'t', (byte)'r', (byte)'a', (byte)'i', (byte)'l', (byte)'.', ..] or [(byte)'h', (byte)'o', (byte)'u', (byte)'s', (byte)'e', (byte)'.', ..])
                    Told(seq, in view, payload);
            }

            points.Reached(walk);
            if (isNoted)
                hasNote = notes.Next();
        }

        for (; hasNote; hasNote = notes.Next())
            diagnosis.Note(Sign.NoteAdded, notes.Number(0));
        tell?.Invoke(new VerifyProgress(count, row.Size));
    }

    // By this index the page finds the emergencies. What was purged is left out of it sooner or later.
    private void CompareMark(long seq, bool isThere, bool isEmergency)
    {
        if (isThere != isEmergency && seq > purgedUntil)
            diagnosis.Note(Sign.Column, seq, "The index of emergencies");
    }

    private void CompareColumns(Rows rows, long seq, ref readonly PayloadView view)
    {
        string? wrong = null;
        if (!rows.IsNumber(1) || rows.Number(1) != view.At)
            wrong = "The column RecordedAt";
        else if (!rows.IsText(2) || !Same(rows.Bytes(2), view.Type))
            wrong = "The column Type";
        else if (!rows.IsNumber(3) || rows.Number(3) != (view.Emergency ? 1 : 0))
            wrong = "The column Emergency";
        else if (!rows.IsBlob(10))
            wrong = "The column Payload";
        else if (!SameId(rows, 4, view.IsByPerson ? view.By : default) || !SameId(rows, 5, view.Person) || !SameId(rows, 6, view.Identity)
            || !SameId(rows, 7, view.Credential) || !SameId(rows, 8, view.Request) || !SameId(rows, 9, view.Session))
            wrong = "A column of ids (" + string.Join(", ", Ids) + ")";
        if (wrong is not null)
            diagnosis.Note(Sign.Column, seq, wrong);
    }

    private static bool Same(ReadOnlySpan<byte> column, ReadOnlySpan<byte> text)
        => text.Contains((byte)'\\') ? JsonSerializer.Deserialize<string>((byte[])[(byte)'"', .. text, (byte)'"']) == Encoding.UTF8.GetString(column) : column.SequenceEqual(text);

    // In the columns ids are in capitals.
    private static bool SameId(Rows rows, int column, ReadOnlySpan<byte> id)
    {
        if (id.IsEmpty)
            return rows.IsNull(column);
        var text = rows.IsText(column) ? rows.Bytes(column) : default;
        return Ascii.EqualsIgnoreCase(text, id) && !text.ContainsAnyInRange((byte)'a', (byte)'z');
    }

    private void CompareNote(Rows notes, bool isThere, long seq, ref readonly PayloadView view)
    {
        if (view.Note.IsEmpty)
        {
            if (isThere)
                diagnosis.Note(Sign.NoteAdded, seq);
            return;
        }

        if (!isThere)
        {
            gone.Add(seq);
            return;
        }

        var salt = notes.Bytes(1);
        var text = notes.Bytes(2);
        if (!notes.IsBlob(1) || !notes.IsBlob(2) || salt.Length != 16)
        {
            diagnosis.Note(Sign.NoteChanged, seq);
            return;
        }

        sha.AppendData(salt);
        sha.AppendData(text);
        sha.GetHashAndReset(hash);
        Convert.TryToHexStringLower(hash, hex, out _);
        if (!view.Note.SequenceEqual(hex))
            diagnosis.Note(Sign.NoteChanged, seq);
    }

    private void Told(long seq, ref readonly PayloadView view, ReadOnlySpan<byte> payload)
    {
        if (view.Type.SequenceEqual("house.restored"u8))
            diagnosis.Restored ??= seq;
        else if (view.Type.SequenceEqual("trail.erased"u8))
            erased.AddRanges(Fact(payload, "entries"));
        else if (view.Type.SequenceEqual("trail.purged"u8) && long.TryParse(Fact(payload, "until"), NumberStyles.None, CultureInfo.InvariantCulture, out var until))
            purges.Add((until, Fact(payload, "root")));
    }

    private static string Fact(ReadOnlySpan<byte> payload, string name)
    {
        using var json = JsonDocument.Parse(payload.ToArray());
        return json.RootElement.GetProperty("facts").TryGetProperty(name, out var fact) ? fact.GetString() ?? "" : "";
    }

    private void CompareNode(int level, long index, ReadOnlySpan<byte> expected)
    {
        if (!nodes.TryGetValue(level, out var rows) || wrongNodes.Count > 0)
            return;
        var isThere = rows.Next();
        if (!isThere || !rows.IsNumber(0) || rows.Number(0) != index || !rows.IsBlob(1) || !rows.Bytes(1).SequenceEqual(expected))
            wrongNodes.Add((level, index, !isThere));
    }

    private void CheckTree(SqliteConnection connection, PointRow points)
    {
        if (!walk.IsWhole || diagnosis.HasContent || points.HasBad)
            return;
        var signed = Math.Max(diagnosis.GoodAnchor, diagnosis.GoodCheckpoint);
        if (wrongNodes is [var (level, index, missing), ..])
        {
            var (from, to) = ((index << level) + 1, (index + 1) << level);
            if (missing || signed >= to)
                diagnosis.Add(TrailAttack.ColumnLies, from, FormattableString.Invariant($"The kept hash over entries {from} to {to} {(missing ? "is missing" : "is not what they make")}."));
            else
                diagnosis.Add(TrailAttack.Edited, Math.Max(from, signed + 1), FormattableString.Invariant($"Entries {from} to {to} do not make the hash that was kept over them: one of them was edited, or the hash was."));
        }
        else if (KeptLevels.Any(l => nodes[l].Next()) || Count(connection, "SELECT COUNT(*) FROM \"TrailNodes\" WHERE \"Level\" NOT IN (8, 16, 24, 32)") > 0)
        {
            diagnosis.Add(TrailAttack.ColumnLies, null, "There are kept hashes over entries that are not there.");
        }

        if (row.Origin.Length == 0 || row.Size > walk.Last)
            return;
        if (row.Size < walk.Last)
            diagnosis.Add(TrailAttack.Inserted, row.Size + 1, FormattableString.Invariant($"There are entries up to {walk.Last}, but the tree has {row.Size}: what comes after was inserted past AccessHive."));
        else if (!row.Frontier.AsSpan().SequenceEqual(tree.Frontier()))
            diagnosis.Add(signed == walk.Last ? TrailAttack.ColumnLies : TrailAttack.Edited, signed == walk.Last ? null : signed + 1, "The entries do not make the hashes that the tree keeps of them: one of the newest was edited, or those hashes were.");
    }

    private void CheckNotesAndPurges(SqliteConnection connection, long first)
    {
        if (gone.FirstNotIn(erased) is { } missing)
            diagnosis.Note(Sign.NoteGone, missing);
        if (first > 0)
        {
            var told = purges.FindLast(p => p.Until == first);
            using var root = new TreeBuilder();
            using var leaves = new Rows(connection, "SELECT \"Hash\" FROM \"TrailNodes\" WHERE \"Level\" = 8 ORDER BY \"Idx\"");
            while (root.Size < first && leaves.Next())
                root.Append(leaves.Bytes(0), 8);
            if (told.Root is null)
                diagnosis.Missing(1, first);
            else if (told.Root != Convert.ToHexStringLower(root.Root()))
                diagnosis.Add(TrailAttack.Edited, 1, FormattableString.Invariant($"What is kept of the purged entries 1 to {first} is not what the purge says they were."));
            else
                remarks.Add(FormattableString.Invariant($"Entries 1 to {first} were purged, as a later entry says; the hashes that are kept of them hold."));
        }
        else if (purges.Count > 0 && walk.IsWhole)
        {
            remarks.Add("An entry tells of a purge, and yet all entries are here.");
        }
    }

    // What is left of entries that are gone: then they were cut off here, and the file is no earlier state.
    private bool HasTraces(SqliteConnection connection)
        => row.Size > walk.Last
            || Count(connection, "SELECT COUNT(*) FROM sqlite_sequence WHERE name = 'TrailCheckpoints' AND seq > (SELECT COALESCE(MAX(\"Id\"), 0) FROM \"TrailCheckpoints\")") > 0
            || Count(connection, FormattableString.Invariant($"SELECT COUNT(*) FROM \"TrailNotes\" WHERE \"Seq\" > {walk.Last}")) > 0
            || Count(connection, FormattableString.Invariant($"SELECT COUNT(*) FROM \"TrailNodes\" WHERE (\"Idx\" + 1) << \"Level\" > {walk.Last}")) > 0
            || (Count(connection, "SELECT COUNT(*) FROM sqlite_master WHERE name = 'TrailWords_docsize'") > 0
                && Count(connection, FormattableString.Invariant($"SELECT COUNT(*) FROM (SELECT 1 FROM \"TrailWords_docsize\" WHERE id > {walk.Last} LIMIT 1)")) > 0);

    private static long Count(SqliteConnection connection, string sql)
    {
        try
        {
            using var rows = new Rows(connection, sql);
            return rows.Next() ? rows.Number(0) : 0;
        }
        catch (SqliteException)
        {
            return 0;
        }
    }
}
