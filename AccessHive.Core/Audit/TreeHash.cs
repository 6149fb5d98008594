using System.Security.Cryptography;

namespace AccessHive.Core.Audit;

/// <summary>How the trail's tree is hashed: RFC 6962, SHA-256. A leaf is <see cref="TrailFormat.LeafHashOf"/>.</summary>
public static class TreeHash
{
    /// <summary>Bytes of a hash.</summary>
    public const int Length = SHA256.HashSizeInBytes;

    /// <summary>Subtrees are kept at every so many levels; what lies between is computed from at most 256 hashes.</summary>
    public const int KeptLevels = 8;

    /// <summary>The root of a tree without leaves: the hash of nothing.</summary>
    public static byte[] EmptyRoot => SHA256.HashData([]);

    /// <summary>The hash of an inner node: SHA-256 over a byte of one, the left and the right hash.</summary>
    public static byte[] Node(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        Span<byte> bytes = stackalloc byte[1 + (2 * Length)];
        bytes[0] = 1;
        left.CopyTo(bytes[1..]);
        right.CopyTo(bytes[(1 + Length)..]);
        return SHA256.HashData(bytes);
    }

    /// <summary>Whether completed subtrees of this height are kept (level 0 is the leaves).</summary>
    public static bool IsKept(int level) => level > 0 && level % KeptLevels == 0;
}
