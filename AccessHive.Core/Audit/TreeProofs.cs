namespace AccessHive.Core.Audit;

/// <summary>Where the hashes of a tree come from: kept subtrees, and leaves.</summary>
public interface ITreeHashes
{
    /// <summary>Reads neighbouring hashes of one level.</summary>
    /// <param name="level">0 for leaves, or a level at which subtrees are kept (<see cref="TreeHash.IsKept"/>).</param>
    /// <param name="first">The first one's place among its level, from 0.</param>
    /// <param name="count">How many, at most 256.</param>
    /// <returns>32 bytes each, one after the other.</returns>
    /// <exception cref="InvalidOperationException">One of them is not there.</exception>
    byte[] Read(int level, long first, int count);
}

/// <summary>
/// Proofs over the trail's tree as RFC 6962 defines them, and their checks as RFC 9162 spells them out. Making one reads
/// a few hundred hashes, whatever the size; checking one needs nothing but the proof.
/// </summary>
public static class TreeProofs
{
    /// <summary>The root of the tree that the first <paramref name="size"/> leaves make.</summary>
    public static byte[] Root(ITreeHashes hashes, long size) => size == 0 ? TreeHash.EmptyRoot : Range(hashes, 0, size);

    /// <summary>The audit path of a leaf: the hashes that lead from it to the root, lowest first.</summary>
    /// <param name="hashes">The tree.</param>
    /// <param name="index">The leaf, from 0: an entry's number less one.</param>
    /// <param name="size">The size of the tree whose root is meant.</param>
    public static IReadOnlyList<byte[]> Inclusion(ITreeHashes hashes, long index, long size)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, size);
        var path = new List<byte[]>();
        var (start, end) = (0L, size);
        while (end - start > 1)
        {
            var middle = start + Split(end - start);
            if (index < middle)
            {
                path.Add(Range(hashes, middle, end));
                end = middle;
            }
            else
            {
                path.Add(Range(hashes, start, middle));
                start = middle;
            }
        }

        path.Reverse();
        return path;
    }

    /// <summary>The proof that a tree of <paramref name="from"/> leaves is the beginning of one of <paramref name="to"/> leaves.</summary>
    public static IReadOnlyList<byte[]> Consistency(ITreeHashes hashes, long from, long to)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(from, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(from, to);
        var path = new List<byte[]>();
        var (start, end, whole) = (0L, to, true);
        while (from < end)
        {
            var middle = start + Split(end - start);
            if (from <= middle)
            {
                path.Add(Range(hashes, middle, end));
                end = middle;
            }
            else
            {
                path.Add(Range(hashes, start, middle));
                (start, whole) = (middle, false);
            }
        }

        if (!whole)
            path.Add(Range(hashes, start, end));
        path.Reverse();
        return path;
    }

    /// <summary>Whether a leaf is in the tree with that root.</summary>
    public static bool IsIncluded(ReadOnlySpan<byte> leafHash, long index, long size, IReadOnlyList<byte[]> proof, ReadOnlySpan<byte> root)
    {
        if (index < 0 || index >= size || proof.Any(h => h.Length != TreeHash.Length))
            return false;
        var (at, last, hash) = (index, size - 1, leafHash.ToArray());
        foreach (var sibling in proof)
        {
            if (last == 0)
                return false;
            if ((at & 1) == 1 || at == last)
            {
                hash = TreeHash.Node(sibling, hash);
                while ((at & 1) == 0 && at != 0)
                    (at, last) = (at >> 1, last >> 1);
            }
            else
            {
                hash = TreeHash.Node(hash, sibling);
            }

            (at, last) = (at >> 1, last >> 1);
        }

        return last == 0 && root.SequenceEqual(hash);
    }

    /// <summary>Whether the tree with the first root is the beginning of the one with the second.</summary>
    public static bool IsConsistent(long from, ReadOnlySpan<byte> fromRoot, long to, ReadOnlySpan<byte> toRoot, IReadOnlyList<byte[]> proof)
    {
        if (from < 0 || from > to || proof.Any(h => h.Length != TreeHash.Length))
            return false;
        if (from == to)
            return proof.Count == 0 && fromRoot.SequenceEqual(toRoot);
        if (from == 0)
            return proof.Count == 0 && fromRoot.SequenceEqual(TreeHash.EmptyRoot);
        List<byte[]> path = long.IsPow2(from) ? [fromRoot.ToArray(), .. proof] : [.. proof];
        if (path.Count == 0)
            return false;
        var (at, last) = (from - 1, to - 1);
        while ((at & 1) == 1)
            (at, last) = (at >> 1, last >> 1);
        var (older, newer) = (path[0], path[0]);
        foreach (var hash in path.Skip(1))
        {
            if (last == 0)
                return false;
            if ((at & 1) == 1 || at == last)
            {
                (older, newer) = (TreeHash.Node(hash, older), TreeHash.Node(hash, newer));
                while ((at & 1) == 0 && at != 0)
                    (at, last) = (at >> 1, last >> 1);
            }
            else
            {
                newer = TreeHash.Node(newer, hash);
            }

            (at, last) = (at >> 1, last >> 1);
        }

        return last == 0 && fromRoot.SequenceEqual(older) && toRoot.SequenceEqual(newer);
    }

    private static long Split(long count) => 1L << (63 - (int)long.LeadingZeroCount(count - 1));

    // A range as the recursion of the RFC makes it: it begins at a multiple of the power of two that it fits into.
    private static byte[] Range(ITreeHashes hashes, long start, long end)
    {
        byte[]? root = null;
        List<byte[]> peaks = [];
        while (start < end)
        {
            var level = 63 - (int)long.LeadingZeroCount(end - start);
            peaks.Add(Subtree(hashes, level, start >> level));
            start += 1L << level;
        }

        for (var i = peaks.Count - 1; i >= 0; i--)
            root = root is null ? peaks[i] : TreeHash.Node(peaks[i], root);
        return root ?? TreeHash.EmptyRoot;
    }

    private static byte[] Subtree(ITreeHashes hashes, int level, long index)
    {
        var kept = level / TreeHash.KeptLevels * TreeHash.KeptLevels;
        var count = 1 << (level - kept);
        var bytes = hashes.Read(kept, index << (level - kept), count);
        for (; count > 1; count /= 2)
        {
            for (var i = 0; i < count / 2; i++)
                TreeHash.Node(bytes.AsSpan(2 * i * TreeHash.Length, TreeHash.Length), bytes.AsSpan(((2 * i) + 1) * TreeHash.Length, TreeHash.Length)).CopyTo(bytes, i * TreeHash.Length);
        }

        return bytes[..TreeHash.Length];
    }
}
