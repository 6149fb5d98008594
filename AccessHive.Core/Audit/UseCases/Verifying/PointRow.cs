using System.Globalization;

namespace AccessHive.Core.Audit.UseCases.Verifying;

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
