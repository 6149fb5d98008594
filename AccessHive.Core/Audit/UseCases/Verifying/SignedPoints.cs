using System.Globalization;
using System.Text;
using Microsoft.Data.Sqlite;

namespace AccessHive.Core.Audit.UseCases.Verifying;

/// <summary>Signed roots in the order of their sizes.</summary>
internal interface ISignedPoints : IDisposable
{
    /// <summary>The next one, or null.</summary>
    SignedPoint? Current { get; }

    /// <summary>Goes on.</summary>
    void Next();
}

/// <summary>The checkpoints of the database.</summary>
internal sealed class CheckpointPoints : ISignedPoints
{
    private static readonly string[] Causes = ["emergency", "changes", "idle", "start", "stop", "key", "export"];
    private readonly Rows rows;
    private readonly KeyChain keys;
    private readonly Diagnosis diagnosis;
    private (long Id, long Size, long At, int Epoch) last;

    public CheckpointPoints(SqliteConnection connection, KeyChain keys, Diagnosis diagnosis)
    {
        (this.keys, this.diagnosis) = (keys, diagnosis);
        rows = new Rows(connection, "SELECT \"Id\", \"Size\", \"At\", \"Epoch\", \"Note\", \"Cause\" FROM \"TrailCheckpoints\" ORDER BY \"Id\"");
        Next();
    }

    public SignedPoint? Current { get; private set; }

    public void Next()
    {
        Current = null;
        while (Current is null && rows.Next())
        {
            if (Read() is { } wrong)
                diagnosis.Add(TrailAttack.Forged, null, string.Create(CultureInfo.InvariantCulture, $"Checkpoint {rows.Number(0)} {wrong}."));
        }
    }

    public void Dispose() => rows.Dispose();

    private string? Read()
    {
        var id = rows.Number(0);
        var note = rows.IsBlob(4) ? SignedNote.Read(rows.Bytes(4)) : null;
        if (keys.Read(note, out var said) is { } wrong)
            return wrong;
        var before = last;
        last = (id, said!.Size, said.At.ToUnixTimeMilliseconds(), said.Epoch);
        if (note!.Signatures.Count != 1)
            return "has more signatures than one";
        if (!rows.IsNumber(1) || !rows.IsNumber(2) || !rows.IsNumber(3) || (rows.Number(1), rows.Number(2), rows.Number(3)) != (last.Size, last.At, last.Epoch)
            || !rows.IsText(5) || !Causes.Contains(Encoding.UTF8.GetString(rows.Bytes(5))))
            return "says something else than its row";
        if (id != before.Id + 1)
            return string.Create(CultureInfo.InvariantCulture, $"follows number {before.Id}: those between were taken away");
        if (last.Size < before.Size || last.At < before.At || last.Epoch < before.Epoch)
            return "is smaller or older than the one before it";
        Current = new SignedPoint(last.Size, said.Root, last.At, string.Create(CultureInfo.InvariantCulture, $"checkpoint {id}"));
        return null;
    }
}

/// <summary>
/// The anchors outside the database. Where they go back to a smaller size, the house was put back to an earlier state;
/// what follows is a list of its own, and all lists are read side by side.
/// </summary>
internal sealed class AnchorPoints : ISignedPoints
{
    private readonly List<Run> runs = [];

    public AnchorPoints(VerifyWish wish, KeyChain keys, Diagnosis diagnosis, CancellationToken cancellation)
    {
        if (wish.Anchors is not { } file)
            return;
        Survey(file, wish.Witness, keys, diagnosis, cancellation);
        foreach (var run in runs)
            run.Next();
        Next();
    }

    public SignedPoint? Current { get; private set; }

    public void Next()
    {
        var first = runs.Where(r => r.Current is not null).MinBy(r => r.Current!.Size);
        Current = first?.Current;
        first?.Next();
    }

    public void Dispose()
    {
        foreach (var run in runs)
            run.Dispose();
    }

    // Once for the certificates, and to see where a list begins.
    private void Survey(string file, NoteKey? witness, KeyChain keys, Diagnosis diagnosis, CancellationToken cancellation)
    {
        using var anchors = new AnchorFile(file);
        var (size, from, any, foreign) = (long.MaxValue, 0L, false, false);
        while (anchors.Next(out var note))
        {
            cancellation.ThrowIfCancellationRequested();
            string? wrong = null;
            if (note is null)
            {
                wrong = "can't be read";
            }
            else if (note.Text.StartsWith(KeyCertificate.Kind, StringComparison.Ordinal))
            {
                wrong = keys.Take(note);
                foreign |= wrong == "is of another house";
            }
            else if (!Checkpoint.TryParse(note.Text, out var said))
            {
                wrong = "is neither a checkpoint nor a certificate";
            }
            else
            {
                foreign |= said.Origin != keys.Origin && keys.Origin.Length > 0;
                if (said.Size < size)
                {
                    if (any)
                        diagnosis.Add(TrailAttack.RolledBack, said.Size + 1, string.Create(CultureInfo.InvariantCulture, $"Anchor {anchors.Number} has {said.Size:N0} entries, and the one before had {size:N0}: the house was put back to an earlier state there. Move the anchors aside once that is explained."));
                    runs.Add(new Run(file, from = anchors.Number, witness, keys, diagnosis));
                }

                (size, any) = (said.Size, true);
                runs[^1].Last = anchors.Number;
            }

            if (wrong is not null && anchors.IsTorn)
                diagnosis.Add(TrailAttack.Damaged, null, string.Create(CultureInfo.InvariantCulture, $"The last anchor, {anchors.Number}, is torn: a machine that stopped can do that, and the next start of AccessHive mends it."));
            else if (wrong is not null && !foreign)
                diagnosis.Add(TrailAttack.Forged, null, string.Create(CultureInfo.InvariantCulture, $"Anchor {anchors.Number} {wrong}."));
        }

        if (foreign)
            throw new NotATrailException($"The anchors {file} are another house's than this trail: check which belong together.");
    }

    private sealed class Run(string file, long first, NoteKey? witness, KeyChain keys, Diagnosis diagnosis) : IDisposable
    {
        private AnchorFile? anchors;

        public long Last { get; set; }

        public SignedPoint? Current { get; private set; }

        public void Next()
        {
            Current = null;
            anchors ??= new AnchorFile(file);
            while (Current is null && anchors.Number < Last && anchors.Next(out var note))
            {
                if (anchors.Number < first || note is null || note.Text.StartsWith(KeyCertificate.Kind, StringComparison.Ordinal))
                    continue;
                if ((keys.Read(note, out var said) ?? Witnessed(note)) is { } wrong)
                    diagnosis.Add(TrailAttack.Forged, null, string.Create(CultureInfo.InvariantCulture, $"Anchor {anchors.Number} {wrong}."));
                else if (witness is null || note.IsSignedBy(witness))
                    Current = new SignedPoint(said!.Size, said.Root, said.At.ToUnixTimeMilliseconds(), string.Create(CultureInfo.InvariantCulture, $"anchor {anchors.Number}"));
            }
        }

        public void Dispose() => anchors?.Dispose();

        // An anchor that the witness never saw is none; one that claims it did is a lie.
        private string? Witnessed(SignedNote note)
            => witness is not null && !note.IsSignedBy(witness) && note.Signatures.Any(s => s.Name == witness.Name)
                ? $"bears a signature of {witness.Name} that this witness did not make"
                : null;
    }
}

/// <summary>The one checkpoint that an export brings along.</summary>
internal sealed class OnePoint(SignedPoint? point) : ISignedPoints
{
    public SignedPoint? Current { get; private set; } = point;

    public void Next() => Current = null;

    public void Dispose()
    {
    }
}

/// <summary>Holds the tree against every signed root while it grows.</summary>
internal sealed class PointRow(Diagnosis diagnosis, TreeBuilder tree, ISignedPoints checkpoints, AnchorPoints anchors)
{
    private long next;
    private long signedAt = long.MinValue;
    private (long Checkpoint, long Anchor) wrongAt = (long.MinValue, long.MinValue);

    /// <summary>Checkpoints of the database that hold.</summary>
    public long GoodCheckpoints { get; private set; }

    /// <summary>Anchors that hold.</summary>
    public long GoodAnchors { get; private set; }

    /// <summary>Whether one does not.</summary>
    public bool HasBad { get; private set; }

    /// <summary>What is before the first entry that is there can only be held against where it is whole.</summary>
    public void Begin(long purged)
    {
        foreach (var points in new ISignedPoints[] { checkpoints, anchors })
        {
            for (; points.Current is { } point && point.Size < purged; points.Next())
                Good(points == anchors, point, isSeen: false);
        }

        Judge(purged, long.MinValue, isWhole: true);
        Find();
    }

    /// <summary>An entry was appended.</summary>
    public void Reached(EntryWalk walk)
    {
        if (walk.At < signedAt && diagnosis.OlderThanSigned is null)
            diagnosis.OlderThanSigned = (walk.Last, walk.At, signedAt);
        if (walk.At < wrongAt.Checkpoint)
            diagnosis.Early(anchor: false);
        if (walk.At < wrongAt.Anchor)
            diagnosis.Early(anchor: true);
        wrongAt = (long.MinValue, long.MinValue);
        if (walk.Last < next)
            return;
        Judge(walk.Last, walk.At, walk.IsWhole);
        Find();
    }

    /// <summary>All entries were appended; whatever is signed beyond is gone.</summary>
    /// <param name="walk">The entries.</param>
    /// <param name="size">How many the tree's row says.</param>
    /// <param name="hasTraces">Whether something is left of entries that are gone.</param>
    public void End(EntryWalk walk, long size, Func<bool> hasTraces)
    {
        var (inFile, outside) = (Newest(checkpoints), Newest(anchors));
        var (cut, words) = (Math.Max(size, inFile?.Size ?? 0), inFile?.Words ?? "the tree");
        if (cut > walk.Last)
        {
            HasBad = true;
            diagnosis.Add(TrailAttack.TailCut, walk.Last + 1, string.Create(CultureInfo.InvariantCulture, $"The trail ends with entry {walk.Last:N0}, and {words} has {cut:N0}: the {Math.Max(cut, outside?.Size ?? 0) - walk.Last:N0} newest entries were cut off."));
        }
        else if (outside is { } anchor)
        {
            HasBad = true;
            var at = NodaTime.Text.InstantPattern.General.Format(NodaTime.Instant.FromUnixTimeMilliseconds(anchor.At));
            if (hasTraces())
                diagnosis.Add(TrailAttack.TailCut, walk.Last + 1, string.Create(CultureInfo.InvariantCulture, $"The trail ends with entry {walk.Last:N0}, and {anchor.Words} of {at} has {anchor.Size:N0}: the newest entries were cut off, and traces of them are left."));
            else
                diagnosis.Add(TrailAttack.RolledBack, walk.Last + 1, string.Create(CultureInfo.InvariantCulture, $"The trail ends with entry {walk.Last:N0}, and {anchor.Words} of {at} has {anchor.Size:N0}: the file is an earlier state, or its newest entries were cut off without a trace."));
        }
    }

    private static SignedPoint? Newest(ISignedPoints points)
    {
        SignedPoint? newest = null;
        for (; points.Current is { } point; points.Next())
            newest = point;
        return newest;
    }

    private void Judge(long size, long at, bool isWhole)
    {
        byte[]? root = null;
        foreach (var points in new ISignedPoints[] { checkpoints, anchors })
        {
            var isAnchor = points == anchors;
            for (; points.Current is { } point && point.Size <= size; points.Next())
            {
                if (!isWhole || point.Size < size)
                    continue;
                root ??= tree.Root();
                if (point.Root.Span.SequenceEqual(root))
                {
                    Good(isAnchor, point, isSeen: true);
                    if (point.At < at)
                        diagnosis.Add(TrailAttack.BackDated, size, string.Create(CultureInfo.InvariantCulture, $"Entry {size:N0} is dated later than {point.Words}, which covers it."));
                }
                else
                {
                    HasBad = true;
                    diagnosis.Bad(isAnchor, point, isAnchor ? diagnosis.GoodAnchor : Math.Max(diagnosis.GoodCheckpoint, diagnosis.GoodAnchor), late: at > point.At);
                    wrongAt = isAnchor ? wrongAt with { Anchor = point.At } : wrongAt with { Checkpoint = point.At };
                }
            }
        }
    }

    private void Good(bool isAnchor, SignedPoint point, bool isSeen)
    {
        signedAt = Math.Max(signedAt, point.At);
        if (isAnchor)
        {
            GoodAnchors += isSeen ? 1 : 0;
            diagnosis.GoodAnchor = Math.Max(diagnosis.GoodAnchor, point.Size);
        }
        else
        {
            GoodCheckpoints += isSeen ? 1 : 0;
            diagnosis.GoodCheckpoint = Math.Max(diagnosis.GoodCheckpoint, point.Size);
        }
    }

    private void Find() => next = Math.Min(checkpoints.Current?.Size ?? long.MaxValue, anchors.Current?.Size ?? long.MaxValue);
}
