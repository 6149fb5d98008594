using AccessHive.Core.Kernel;

namespace AccessHive.Core.Vault;

/// <summary>Recovery codes as a site hands them out, one a line. They are worked on as bytes, because a string can't be wiped.</summary>
public static class RecoveryCodes
{
    /// <summary>Most codes of one credential.</summary>
    public const int Most = 100;

    /// <summary>Reads what was typed: empty lines and repeated codes are dropped, so that each leaves the vault once.</summary>
    /// <param name="typed">One code a line, as UTF-8.</param>
    /// <returns>What is sealed – the caller zeroes it – and how many there are; or <c>recovery-codes-missing</c>.</returns>
    public static Result<(byte[] Kept, int Count)> Read(ReadOnlySpan<byte> typed)
    {
        List<Range> codes = [];
        var length = 0;
        foreach (var line in Lines(typed))
        {
            var code = typed[line].Trim(" \t"u8);
            if (code.IsEmpty || Contains(typed, codes, code))
                continue;
            var start = line.Start.Value + typed[line].IndexOf(code);
            codes.Add(start..(start + code.Length));
            length += code.Length + 1;
            if (codes.Count > Most)
                return VaultRefusals.RecoveryCodesMissing;
        }

        if (codes.Count == 0 || length - 1 > Credential.SecretLength)
            return VaultRefusals.RecoveryCodesMissing;
        var kept = new byte[length - 1];
        var at = 0;
        foreach (var code in codes)
        {
            if (at > 0)
                kept[at++] = (byte)'\n';
            typed[code].CopyTo(kept.AsSpan(at));
            at += code.End.Value - code.Start.Value;
        }

        return (kept, codes.Count);
    }

    /// <summary>One of the codes, in the order in which they were entered. The caller zeroes it.</summary>
    /// <param name="kept">What <see cref="Read"/> made.</param>
    /// <param name="index">Which one, from 0.</param>
    public static byte[] At(ReadOnlySpan<byte> kept, int index) => kept[Lines(kept)[index]].ToArray();

    private static bool Contains(ReadOnlySpan<byte> typed, List<Range> codes, ReadOnlySpan<byte> code)
    {
        foreach (var known in codes)
        {
            if (typed[known].SequenceEqual(code))
                return true;
        }

        return false;
    }

    private static List<Range> Lines(ReadOnlySpan<byte> text)
    {
        List<Range> lines = [];
        var from = 0;
        for (var i = 0; i <= text.Length; i++)
        {
            if (i < text.Length && text[i] is not ((byte)'\n' or (byte)'\r'))
                continue;
            lines.Add(from..i);
            from = i + 1;
        }

        return lines;
    }
}
