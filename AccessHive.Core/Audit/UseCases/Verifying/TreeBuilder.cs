using System.Security.Cryptography;

namespace AccessHive.Core.Audit.UseCases.Verifying;

/// <summary>The tree again, from the entries themselves and without a single object a leaf: millions go through here.</summary>
internal sealed class TreeBuilder : IDisposable
{
    private const int Levels = 63;
    private readonly byte[] peaks = new byte[Levels * TreeHash.Length];
    private readonly byte[] node = new byte[1 + (2 * TreeHash.Length)];
    private readonly byte[] hash = new byte[TreeHash.Length];
    private readonly IncrementalHash sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <summary>Told of each subtree at a kept level that becomes whole: level, place, hash.</summary>
    public Completed? OnKept;

    public TreeBuilder() => node[0] = 1;

    public delegate void Completed(int level, long index, ReadOnlySpan<byte> hash);

    /// <summary>Leaves so far.</summary>
    public long Size { get; private set; }

    /// <summary>Appends a leaf, or a whole subtree where its place is a multiple of its size.</summary>
    public void Append(ReadOnlySpan<byte> added, int level = 0)
    {
        added.CopyTo(hash);
        var at = level;
        for (; (Size >> at & 1) == 1; at++)
        {
            peaks.AsSpan(at * TreeHash.Length, TreeHash.Length).CopyTo(node.AsSpan(1));
            hash.CopyTo(node.AsSpan(1 + TreeHash.Length));
            // One that is kept costs two thirds of a new one each time.
            sha.AppendData(node);
            sha.GetHashAndReset(hash);
            if ((at + 1) % TreeHash.KeptLevels == 0)
                OnKept?.Invoke(at + 1, Size >> (at + 1), hash);
        }

        hash.CopyTo(peaks.AsSpan(at * TreeHash.Length));
        Size += 1L << level;
    }

    /// <summary>The root of what was appended.</summary>
    public byte[] Root()
    {
        byte[]? root = null;
        for (var at = 0; at < Levels; at++)
        {
            if ((Size >> at & 1) == 1)
                root = root is null ? Peak(at).ToArray() : TreeHash.Node(Peak(at), root);
        }

        return root ?? TreeHash.EmptyRoot;
    }

    /// <summary>The subtrees it is made of, largest first, as the frontier row keeps them.</summary>
    public byte[] Frontier()
    {
        var bytes = new List<byte>();
        for (var at = Levels - 1; at >= 0; at--)
        {
            if ((Size >> at & 1) == 1)
                bytes.AddRange(Peak(at));
        }

        return [.. bytes];
    }

    /// <inheritdoc/>
    public void Dispose() => sha.Dispose();

    private ReadOnlySpan<byte> Peak(int level) => peaks.AsSpan(level * TreeHash.Length, TreeHash.Length);
}
