using System.Globalization;
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
    // What is smaller than this is not worth a second thread.
    private const long AtOnce = 4 * 1024 * 1024;

    // Up to here SQLite looks at every page; beyond, at those of the trail, unless it is asked for all.
    private const long Small = 64 * 1024 * 1024;

    private const string Emergencies = "SELECT rowid FROM \"TrailWords\" WHERE \"TrailWords\" MATCH 'marks : emergency' ORDER BY rowid";

    private readonly Diagnosis diagnosis = new();
    private readonly TreeBuilder tree = new();
    private readonly List<string> remarks = [];
    private readonly List<(long Until, string Root)> purges = [];
    private EntryWalk walk = null!;
    private HouseHead head = null!;
    private long purgedUntil;

    /// <summary>Verifies it.</summary>
    public VerifyReport Run()
    {
        var seal = FileSeal.Check(wish.Database, diagnosis, cancellation);
        try
        {
            var length = new FileInfo(wish.Database).Length;
            var all = wish.AllPages || length < Small;
            using var connection = Open();
            using var apart = length < AtOnce ? null : Open();
            BeginTogether(connection, apart);
            using var aside = seal.IsWhole || wish.RowsOnly || length < AtOnce ? null : new IntegrityCheck(Open, all);
            var report = Read(connection, apart, seal);
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
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        walk?.Dispose();
        tree.Dispose();
    }

    private SqliteConnection Open() => OfflineTrail.Open(wish.Database);

    // Both see one state of a house that runs: whatever changes entries or notes adds an entry in the same transaction.
    private static void BeginTogether(SqliteConnection connection, SqliteConnection? apart)
    {
        Do(connection, "BEGIN");
        for (var size = Size(connection); apart is not null; size = Size(connection))
        {
            Do(apart, "BEGIN");
            if (Size(apart) == size)
                return;
            Do(apart, "COMMIT");
            Do(connection, "COMMIT");
            Do(connection, "BEGIN");
        }

        static long Size(SqliteConnection connection) => Count(connection, "SELECT \"Size\" FROM \"TrailTree\"");
    }

    private VerifyReport Read(SqliteConnection connection, SqliteConnection? apart, FileSeal seal)
    {
        head = HouseHead.Read(connection, wish.Database, diagnosis);
        var keys = head.ReadKeys(connection, diagnosis, remarks);
        using var anchors = new AnchorPoints(wish, keys, diagnosis, cancellation);
        if (wish.Key is { } trusted && !keys.Keys.Any(k => k.Is(trusted)))
            diagnosis.Add(TrailAttack.Forged, null, $"The key {trusted} that you gave is none of this house's keys.");
        using var checkpoints = new CheckpointPoints(connection, keys, diagnosis);
        var points = new PointRow(diagnosis, tree, checkpoints, anchors);

        walk = new EntryWalk(diagnosis, tree);
        using var nodes = new NodeWalk(connection);
        using var notes = new NoteWalk(apart ?? connection, apart is not null, diagnosis);
        var first = Begin(connection, nodes);
        tree.OnKept = nodes.Compare;
        points.Begin(tree.Size);
        Walk(connection, points, notes);
        walk.End();
        points.End(walk, head.Size, () => HasTraces(connection));
        CheckTree(connection, points, nodes);
        notes.End();
        CheckPurges(connection, first);
        seal.CheckTree(walk.Last, walk.IsWhole ? tree.Root() : null, keys, diagnosis);
        return new VerifyReport
        {
            Origin = head.Origin,
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

    // The kept subtrees stand for entries that were purged; whether they were purged, an entry must say.
    private long Begin(SqliteConnection connection, NodeWalk nodes)
    {
        long first;
        using (var rows = new Rows(connection, "SELECT \"Seq\" FROM \"Trail\" ORDER BY \"Seq\" LIMIT 1"))
            first = rows.Next() ? rows.Number(0) - 1 : 0;
        purgedUntil = first > 0 && first % 256 == 0 && nodes.Grow(tree, first) ? first : 0;
        walk.Begin(purgedUntil);
        return purgedUntil;
    }

    private void Walk(SqliteConnection connection, PointRow points, NoteWalk notes)
    {
        using var rows = new Rows(connection, EntryColumns.Query);
        using var marks = Count(connection, "SELECT COUNT(*) FROM sqlite_master WHERE name = 'TrailWords'") > 0 ? new Rows(connection, Emergencies) : null;
        var hasMark = marks?.Next() ?? false;
        var count = 0L;
        while (rows.Next())
        {
            if ((++count & 4095) == 0)
            {
                cancellation.ThrowIfCancellationRequested();
                tell?.Invoke(new VerifyProgress(count, head.Size));
            }

            var seq = rows.Number(0);
            var payload = rows.Bytes(10);
            var isReadable = walk.Take(seq, payload, rows.IsBlob(11) ? rows.Bytes(11) : "-"u8, out var view);
            notes.Reach(seq);
            if (isReadable)
            {
                if (EntryColumns.Wrong(rows, in view) is { } wrong)
                    diagnosis.Note(Sign.Column, seq, wrong);
                notes.Compare(seq, view.Note);
                for (; hasMark && marks!.Number(0) < seq; hasMark = marks.Next())
                    CompareMark(marks.Number(0), isThere: true, isEmergency: false);
                var isMarked = hasMark && marks!.Number(0) == seq;
                if (marks is not null)
                    CompareMark(seq, isMarked, view.Emergency);
                hasMark = isMarked ? marks!.Next() : hasMark;
                if (view.Type is [(byte)'t', (byte)'r', (byte)'a', (byte)'i', (byte)'l', (byte)'.', ..] or [(byte)'h', (byte)'o', (byte)'u', (byte)'s', (byte)'e', (byte)'.', ..])
                    Told(seq, in view, payload, notes);
            }

            points.Reached(walk);
            notes.Pass(seq);
        }

        tell?.Invoke(new VerifyProgress(count, head.Size));
    }

    // By this index the page finds the emergencies. What was purged is left out of it sooner or later.
    private void CompareMark(long seq, bool isThere, bool isEmergency)
    {
        if (isThere != isEmergency && seq > purgedUntil)
            diagnosis.Note(Sign.Column, seq, "The index of emergencies");
    }

    private void Told(long seq, ref readonly PayloadView view, ReadOnlySpan<byte> payload, NoteWalk notes)
    {
        if (view.Type.SequenceEqual("house.restored"u8))
            diagnosis.Restored ??= seq;
        else if (view.Type.SequenceEqual("trail.erased"u8))
            notes.Erased(Fact(payload, "entries"));
        else if (view.Type.SequenceEqual("trail.purged"u8) && long.TryParse(Fact(payload, "until"), NumberStyles.None, CultureInfo.InvariantCulture, out var until))
            purges.Add((until, Fact(payload, "root")));
    }

    private static string Fact(ReadOnlySpan<byte> payload, string name)
    {
        using var json = JsonDocument.Parse(payload.ToArray());
        return json.RootElement.GetProperty("facts").TryGetProperty(name, out var fact) ? fact.GetString() ?? "" : "";
    }

    private void CheckTree(SqliteConnection connection, PointRow points, NodeWalk nodes)
    {
        if (!walk.IsWhole || diagnosis.HasContent || points.HasBad)
            return;
        var signed = Math.Max(diagnosis.GoodAnchor, diagnosis.GoodCheckpoint);
        if (nodes.Wrong is var (level, index, missing))
        {
            var (from, to) = ((index << level) + 1, (index + 1) << level);
            if (missing || signed >= to)
                diagnosis.Add(TrailAttack.ColumnLies, from, FormattableString.Invariant($"The kept hash over entries {from} to {to} {(missing ? "is missing" : "is not what they make")}."));
            else
                diagnosis.Add(TrailAttack.Edited, Math.Max(from, signed + 1), FormattableString.Invariant($"Entries {from} to {to} do not make the hash that was kept over them: one of them was edited, or the hash was."));
        }
        else if (nodes.HasMore || Count(connection, "SELECT COUNT(*) FROM \"TrailNodes\" WHERE \"Level\" NOT IN (8, 16, 24, 32)") > 0)
        {
            diagnosis.Add(TrailAttack.ColumnLies, null, "There are kept hashes over entries that are not there.");
        }

        if (head.Origin.Length == 0 || head.Size > walk.Last)
            return;
        if (head.Size < walk.Last)
            diagnosis.Add(TrailAttack.Inserted, head.Size + 1, FormattableString.Invariant($"There are entries up to {walk.Last}, but the tree has {head.Size}: what comes after was inserted past AccessHive."));
        else if (!head.Frontier.AsSpan().SequenceEqual(tree.Frontier()))
            diagnosis.Add(signed == walk.Last ? TrailAttack.ColumnLies : TrailAttack.Edited, signed == walk.Last ? null : signed + 1, "The entries do not make the hashes that the tree keeps of them: one of the newest was edited, or those hashes were.");
    }

    private void CheckPurges(SqliteConnection connection, long first)
    {
        if (first > 0)
        {
            var told = purges.FindLast(p => p.Until == first);
            using var root = new TreeBuilder();
            using (var nodes = new NodeWalk(connection))
                nodes.Grow(root, first);
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
        => head.Size > walk.Last
            || Count(connection, "SELECT COUNT(*) FROM sqlite_sequence WHERE name = 'TrailCheckpoints' AND seq > (SELECT COALESCE(MAX(\"Id\"), 0) FROM \"TrailCheckpoints\")") > 0
            || Count(connection, FormattableString.Invariant($"SELECT COUNT(*) FROM \"TrailNotes\" WHERE \"Seq\" > {walk.Last}")) > 0
            || Count(connection, FormattableString.Invariant($"SELECT COUNT(*) FROM \"TrailNodes\" WHERE (\"Idx\" + 1) << \"Level\" > {walk.Last}")) > 0
            || (Count(connection, "SELECT COUNT(*) FROM sqlite_master WHERE name = 'TrailWords_docsize'") > 0
                && Count(connection, FormattableString.Invariant($"SELECT COUNT(*) FROM (SELECT 1 FROM \"TrailWords_docsize\" WHERE id > {walk.Last} LIMIT 1)")) > 0);

    private static void Do(SqliteConnection connection, string sql)
    {
        using var rows = new Rows(connection, sql);
        rows.Next();
    }

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
