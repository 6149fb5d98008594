namespace AccessHive.Core.Storage;

/// <summary>A piece of a name that somebody types to find it.</summary>
internal static class Piece
{
    /// <summary>Most characters of it.</summary>
    public const int Longest = 100;

    /// <summary>What it is to a LIKE whose escape character is a backslash.</summary>
    public static string Like(string text)
    {
        var piece = text.Trim();
        piece = piece.Length > Longest ? piece[..Longest] : piece;
        return $"%{piece.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal)}%";
    }
}
