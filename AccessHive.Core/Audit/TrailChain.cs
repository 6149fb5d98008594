using System.Text.Json;

namespace AccessHive.Core.Audit;

/// <summary>
/// Follows the trail entry by entry: numbers without a gap, each payload hashed as its leaf says and naming the leaf
/// before. It says that nothing was damaged; that nobody rewrote the whole is for checkpoints and anchors to say.
/// </summary>
public sealed class TrailChain
{
    private byte[]? leaf = TrailFormat.NoLeaf;

    /// <summary>The number of the last entry that held.</summary>
    public long Last { get; private set; }

    /// <summary>Begins behind entries that were purged: which leaf the next one names is then for the tree to say.</summary>
    /// <param name="purged">The last entry that was purged.</param>
    public static TrailChain Behind(long purged) => purged == 0 ? new TrailChain() : new TrailChain { Last = purged, leaf = null };

    /// <summary>Takes the next entry; false at the first one that does not hold.</summary>
    public bool Follow(long seq, ReadOnlySpan<byte> payload, ReadOnlySpan<byte> leafHash)
    {
        var hash = TrailFormat.LeafHashOf(payload);
        if (seq != Last + 1 || !leafHash.SequenceEqual(hash) || !Says(payload, seq, leaf))
            return false;
        (Last, leaf) = (seq, hash);
        return true;
    }

    private static bool Says(ReadOnlySpan<byte> payload, long seq, byte[]? previous)
    {
        try
        {
            var reader = new Utf8JsonReader(payload);
            var (number, prev) = (0L, "");
            while (reader.Read())
            {
                if (reader.CurrentDepth != 1 || reader.TokenType != JsonTokenType.PropertyName)
                    continue;
                if (reader.ValueTextEquals("seq"u8) && reader.Read())
                    number = reader.GetInt64();
                else if (reader.ValueTextEquals("prev"u8) && reader.Read())
                    prev = reader.GetString() ?? "";
            }

            return number == seq && (previous is null ? prev.Length == 2 * TreeHash.Length : prev == Convert.ToHexStringLower(previous));
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException or FormatException)
        {
            return false;
        }
    }
}
