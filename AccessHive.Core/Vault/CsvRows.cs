using System.Text;

namespace AccessHive.Core.Vault;

/// <summary>What is wrong with the writing of a row.</summary>
public enum CsvFault
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>A quotation mark is opened and never closed; everything after it belongs to this row.</summary>
    QuoteOpen,

    /// <summary>Something stands between a closing quotation mark and the next separator.</summary>
    TextAfterQuote,
}

/// <summary>
/// Reads comma-separated values (RFC 4180) where they are. It works on the bytes, so that a secret among them becomes a
/// string nowhere and can be wiped; and it counts lines as an editor does, those inside quotation marks too.
/// </summary>
/// <param name="text">UTF-8, without a byte order mark.</param>
/// <param name="separator">What stands between two cells.</param>
public sealed class CsvRows(ReadOnlyMemory<byte> text, byte separator)
{
    private const byte Quote = (byte)'"';
    private readonly List<(int Start, int Length, bool Quoted)> cells = [];
    private int at;
    private int line = 1;

    /// <summary>The line on which this row begins, from 1.</summary>
    public int Line { get; private set; }

    /// <summary>How many cells it has.</summary>
    public int Count => cells.Count;

    /// <summary>What is wrong with it.</summary>
    public CsvFault Fault { get; private set; }

    private ReadOnlySpan<byte> Text => text.Span;

    /// <summary>Goes to the next row; empty lines are passed over.</summary>
    /// <returns>Whether there is one.</returns>
    public bool Next()
    {
        cells.Clear();
        Fault = CsvFault.None;
        while (at < Text.Length && Text[at] is (byte)'\r' or (byte)'\n')
            Break();
        if (at >= Text.Length)
            return false;
        Line = line;
        while (true)
        {
            if (at < Text.Length && Text[at] == Quote)
                ReadQuoted();
            else
                ReadPlain();
            if (at >= Text.Length)
                return true;
            if (Text[at] != separator)
            {
                Break();
                return true;
            }

            at++;
        }
    }

    /// <summary>Whether there is nothing but white space in a cell; true for one that isn't there.</summary>
    public bool IsEmpty(int cell) => cell >= cells.Count || Raw(cell).Trim(" \t\r\n"u8).IsEmpty;

    /// <summary>A cell as text; empty for one that isn't there. Not for secrets.</summary>
    public string AsText(int cell) => cell >= cells.Count ? "" : Encoding.UTF8.GetString(cells[cell].Quoted ? AsBytes(cell) : Raw(cell));

    /// <summary>How many characters a cell has.</summary>
    public int Characters(int cell)
    {
        if (cell >= cells.Count)
            return 0;
        var count = 0;
        var raw = Raw(cell);
        for (var i = 0; i < raw.Length; i++)
        {
            // Continuation bytes belong to the character before, the second mark of a pair to the first.
            if ((raw[i] & 0xC0) == 0x80)
                continue;
            count++;
            if (cells[cell].Quoted && raw[i] == Quote)
                i++;
        }

        return count;
    }

    /// <summary>A cell as new bytes, which the caller zeroes; none for one that isn't there.</summary>
    public byte[] AsBytes(int cell)
    {
        if (cell >= cells.Count)
            return [];
        var raw = Raw(cell);
        var pairs = 0;
        if (cells[cell].Quoted)
        {
            for (var i = 0; i < raw.Length; i++)
            {
                if (raw[i] != Quote)
                    continue;
                pairs++;
                i++;
            }
        }

        var bytes = new byte[raw.Length - pairs];
        for (int i = 0, to = 0; to < bytes.Length; i++)
        {
            bytes[to++] = raw[i];
            if (pairs > 0 && raw[i] == Quote)
                i++;
        }

        return bytes;
    }

    private ReadOnlySpan<byte> Raw(int cell) => Text.Slice(cells[cell].Start, cells[cell].Length);

    private void ReadPlain()
    {
        var start = at;
        SkipToEnd();
        cells.Add((start, at - start, false));
    }

    private void ReadQuoted()
    {
        var start = ++at;
        while (at < Text.Length)
        {
            if (Text[at] is (byte)'\r' or (byte)'\n')
            {
                Break();
            }
            else if (Text[at] != Quote)
            {
                at++;
            }
            else if (at + 1 < Text.Length && Text[at + 1] == Quote)
            {
                at += 2;
            }
            else
            {
                cells.Add((start, at - start, true));
                var closed = ++at;
                SkipToEnd();
                if (!Text[closed..at].Trim(" \t"u8).IsEmpty)
                    Fault = CsvFault.TextAfterQuote;
                return;
            }
        }

        cells.Add((start, at - start, true));
        Fault = CsvFault.QuoteOpen;
    }

    private void SkipToEnd()
    {
        while (at < Text.Length && Text[at] != separator && Text[at] is not ((byte)'\r' or (byte)'\n'))
            at++;
    }

    private void Break()
    {
        at += Text[at] == '\r' && at + 1 < Text.Length && Text[at + 1] == '\n' ? 2 : 1;
        line++;
    }
}
