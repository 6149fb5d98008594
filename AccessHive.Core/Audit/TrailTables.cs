using NodaTime;

namespace AccessHive.Core.Audit;

/// <summary>The tree over the trail, one row: written with the entries, in the same transaction.</summary>
public sealed class TrailTree
{
    /// <summary>Always <see cref="OnlyId"/>.</summary>
    public int Id { get; init; } = OnlyId;

    /// <summary>How many leaves it has; the number of the newest entry.</summary>
    public long Size { get; init; }

    /// <summary>See <see cref="Frontier.ToBytes"/>.</summary>
    public byte[] Frontier { get; init; } = [];

    /// <summary>The name of this trail in every checkpoint: <c>accesshive/</c> and 32 hex digits, made once per house.</summary>
    public string Origin { get; init; } = "";

    /// <summary>Whether the word index may still hold words of what was erased, because they were not swept out of it yet.</summary>
    public bool WordsToSweep { get; init; }

    /// <summary>From this entry on the word index also has marks of pairs (<see cref="TrailMarks.Pairs"/>); 1 when every entry has them.</summary>
    public long PairsFrom { get; init; } = 1;

    /// <summary>The id of the only row.</summary>
    public const int OnlyId = 1;
}

/// <summary>A completed subtree of the trail's tree, at levels 8, 16, 24 and so on; (L, i) covers leaves [i·2^L, (i+1)·2^L). Never changes.</summary>
public sealed class TrailNode
{
    /// <summary>Its height; leaves are at 0.</summary>
    public int Level { get; init; }

    /// <summary>Its place among its level, from 0.</summary>
    public long Idx { get; init; }

    /// <summary>32 bytes.</summary>
    public byte[] Hash { get; init; } = [];
}

/// <summary>A signed statement of the trail's size and root.</summary>
public sealed class TrailCheckpoint
{
    /// <summary>In the order they were made.</summary>
    public long Id { get; init; }

    /// <summary>Entries it covers.</summary>
    public long Size { get; init; }

    /// <summary>When it was made: milliseconds since 1970 in UTC, as the note says.</summary>
    public long At { get; init; }

    /// <summary>The key that signed it.</summary>
    public long Epoch { get; init; }

    /// <summary>The signed note, exactly as it was signed.</summary>
    public byte[] Note { get; init; } = [];

    /// <summary>Why it was made; see <see cref="CheckpointCause"/>.</summary>
    public string Cause { get; init; } = "";

    /// <summary>When, as an instant.</summary>
    public Instant Instant => Instant.FromUnixTimeMilliseconds(At);
}

/// <summary>The key of one day. Its private half is there for that day only.</summary>
public sealed class TrailKey
{
    /// <summary>Days since 1970-01-01, UTC.</summary>
    public long Epoch { get; init; }

    /// <summary>Ed25519, 32 bytes.</summary>
    public byte[] PublicKey { get; init; } = [];

    /// <summary>A signed note by the key before that names this one; the first one signs itself.</summary>
    public byte[] Certificate { get; init; } = [];

    /// <summary>The private half, sealed; null once it was erased.</summary>
    public byte[]? SealedPrivate { get; init; }
}
