namespace AccessHive.Core.Audit;

/// <summary>
/// The right edge of the trail's tree: the perfect subtrees its size is made of, one for each bit. It is all that is
/// needed to append an entry and to say the root, so both cost the same few hashes at any size.
/// </summary>
public sealed class Frontier
{
    private const int MostLevels = 63;
    private readonly byte[]?[] peaks = new byte[MostLevels][];

    /// <summary>How many leaves there are.</summary>
    public long Size { get; private set; }

    /// <summary>Takes up what <see cref="ToBytes"/> wrote.</summary>
    /// <param name="size">How many leaves there are.</param>
    /// <param name="bytes">The hashes of the subtrees, largest first.</param>
    /// <exception cref="FormatException">More or fewer hashes than a tree of this size has.</exception>
    public static Frontier From(long size, ReadOnlySpan<byte> bytes)
    {
        if (size < 0 || bytes.Length != long.PopCount(size) * TreeHash.Length)
            throw new FormatException("The frontier does not belong to a tree of this size.");
        var frontier = new Frontier { Size = size };
        for (var level = MostLevels - 1; level >= 0; level--)
        {
            if ((size >> level & 1) == 0)
                continue;
            frontier.peaks[level] = bytes[..TreeHash.Length].ToArray();
            bytes = bytes[TreeHash.Length..];
        }

        return frontier;
    }

    /// <summary>Appends a leaf.</summary>
    /// <param name="leafHash">Its hash.</param>
    /// <param name="completed">
    /// Told of each subtree that this leaf completes, from the lowest: its level (1 is two leaves), its place among its
    /// level (from 0), its hash.
    /// </param>
    public void Append(ReadOnlySpan<byte> leafHash, Action<int, long, byte[]>? completed = null)
    {
        var hash = leafHash.ToArray();
        var level = 0;
        for (; peaks[level] is { } left; level++)
        {
            hash = TreeHash.Node(left, hash);
            peaks[level] = null;
            completed?.Invoke(level + 1, Size >> (level + 1), hash);
        }

        peaks[level] = hash;
        Size++;
    }

    /// <summary>The root of the whole tree.</summary>
    public byte[] Root()
    {
        byte[]? root = null;
        foreach (var peak in peaks)
            root = peak is null ? root : root is null ? peak : TreeHash.Node(peak, root);
        return root is null ? TreeHash.EmptyRoot : [.. root];
    }

    /// <summary>The hashes of the subtrees, largest first, 32 bytes each.</summary>
    public byte[] ToBytes() => [.. peaks.Reverse().OfType<byte[]>().SelectMany(peak => peak)];

    /// <summary>Size and root together.</summary>
    public TreeHead Head() => new(Size, Root());
}
