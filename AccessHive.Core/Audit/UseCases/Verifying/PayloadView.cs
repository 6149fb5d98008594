using System.Buffers;
using System.Text.Unicode;

namespace AccessHive.Core.Audit.UseCases.Verifying;

/// <summary>
/// The parts of an entry's bytes, read in the one form that docs/trail-format.md publishes: these members, in this order,
/// no white space. Nothing is copied; strings are as they stand, with their escapes.
/// </summary>
internal ref struct PayloadView
{
    private static readonly SearchValues<byte> HexLower = SearchValues.Create("0123456789abcdef"u8);
    private static readonly SearchValues<byte> HexOrHyphen = SearchValues.Create("0123456789abcdef-"u8);
    private static readonly SearchValues<byte> Hex = SearchValues.Create("0123456789abcdefABCDEF"u8);
    private ReadOnlySpan<byte> rest;

    /// <summary>The number.</summary>
    public long Seq;

    /// <summary>The leaf hash of the entry before, 64 hex digits.</summary>
    public ReadOnlySpan<byte> Previous;

    /// <summary>When: milliseconds since 1970 in UTC.</summary>
    public long At;

    /// <summary>What happened.</summary>
    public ReadOnlySpan<byte> Type;

    /// <summary>Whether it belongs to an emergency.</summary>
    public bool Emergency;

    /// <summary>Who: an id, or a name where the product or the console acted.</summary>
    public ReadOnlySpan<byte> By;

    /// <summary>Ids; empty when not told.</summary>
    public ReadOnlySpan<byte> Person, Identity, Credential, Request, Session;

    /// <summary>The commitment to personal facts, 64 hex digits; empty when there are none.</summary>
    public ReadOnlySpan<byte> Note;

    /// <summary>Whether the actor is a person.</summary>
    public readonly bool IsByPerson => IsId(By);

    /// <summary>Reads it; false when it is not in the published form.</summary>
    public static bool TryRead(ReadOnlySpan<byte> payload, out PayloadView view)
    {
        view = new PayloadView { rest = payload };
        // Whatever is below a space is escaped in JSON, so that a string ends at the first bare quote.
        return payload.IndexOfAnyInRange((byte)0, (byte)31) < 0 && Utf8.IsValid(payload) && view.Read();
    }

    private static bool IsId(ReadOnlySpan<byte> text)
    {
        if (text.Length != 36 || text.ContainsAnyExcept(HexOrHyphen) || text[8] != '-' || text[13] != '-' || text[18] != '-' || text[23] != '-')
            return false;
        return text.Count((byte)'-') == 4;
    }

    private static bool IsHash(ReadOnlySpan<byte> text) => text.Length == 64 && !text.ContainsAnyExcept(HexLower);

    private bool Read()
    {
        if (!Take("{\"v\":1,\"seq\":"u8) || !Number(out Seq) || !Take(",\"prev\":\""u8) || !Text(out Previous) || !IsHash(Previous))
            return false;
        if (!Take(",\"at\":\""u8) || !Text(out var at) || !IsoTime.TryRead(at, out At) || !Take(",\"type\":\""u8) || !Text(out Type) || Type.IsEmpty)
            return false;
        Emergency = Take(",\"emergency\":true"u8);
        if ((!Emergency && !Take(",\"emergency\":false"u8)) || !Take(",\"by\":\""u8) || !Text(out By))
            return false;
        if (!Id(",\"person\":\""u8, out Person) || !Id(",\"identity\":\""u8, out Identity) || !Id(",\"credential\":\""u8, out Credential)
            || !Id(",\"request\":\""u8, out Request) || !Id(",\"session\":\""u8, out Session) || !Take(",\"facts\":{"u8))
            return false;
        for (var first = true; !Take("}"u8); first = false)
        {
            if ((!first && !Take(","u8)) || !Take("\""u8) || !Text(out _) || !Take(":\""u8) || !Text(out _))
                return false;
        }

        return (!Take(",\"note\":\""u8) || (Text(out Note) && IsHash(Note))) && Take("}"u8) && rest.IsEmpty;
    }

    private bool Take(ReadOnlySpan<byte> what)
    {
        if (!rest.StartsWith(what))
            return false;
        rest = rest[what.Length..];
        return true;
    }

    private bool Id(ReadOnlySpan<byte> member, out ReadOnlySpan<byte> id)
    {
        id = default;
        return !Take(member) || (Text(out id) && IsId(id));
    }

    private bool Number(out long number)
    {
        number = 0;
        var digits = 0;
        for (; digits < rest.Length && digits < 18 && rest[digits] is >= (byte)'0' and <= (byte)'9'; digits++)
            number = (number * 10) + rest[digits] - '0';
        var read = digits > 0 && (rest[0] != '0' || digits == 1);
        rest = rest[digits..];
        return read;
    }

    // Up to the quote that ends it.
    private bool Text(out ReadOnlySpan<byte> text)
    {
        var from = 0;
        while (true)
        {
            var i = rest[from..].IndexOfAny((byte)'"', (byte)'\\');
            if (i < 0)
            {
                text = default;
                return false;
            }

            from += i;
            if (rest[from] == '"')
            {
                text = rest[..from];
                rest = rest[(from + 1)..];
                return true;
            }

            var length = EscapeAt(from);
            if (length == 0)
            {
                text = default;
                return false;
            }

            from += length;
        }
    }

    private readonly int EscapeAt(int at)
    {
        if (at + 1 >= rest.Length)
            return 0;
        if (rest[at + 1] != 'u')
            return "\"\\/bfnrt"u8.Contains(rest[at + 1]) ? 2 : 0;
        return at + 6 <= rest.Length && !rest.Slice(at + 2, 4).ContainsAnyExcept(Hex) ? 6 : 0;
    }
}

/// <summary>The one way an instant is written: <c>2026-11-24T09:30:00.05Z</c>, a fraction only if there is one and without zeros at its end.</summary>
internal static class IsoTime
{
    /// <summary>Milliseconds since 1970 of such a text.</summary>
    public static bool TryRead(ReadOnlySpan<byte> text, out long milliseconds)
    {
        milliseconds = 0;
        if (text.Length is < 20 or > 24 || text[4] != '-' || text[7] != '-' || text[10] != 'T' || text[13] != ':' || text[16] != ':' || text[^1] != 'Z')
            return false;
        if (!Digits(text[..4], out var year) || !Digits(text[5..7], out var month) || !Digits(text[8..10], out var day)
            || !Digits(text[11..13], out var hour) || !Digits(text[14..16], out var minute) || !Digits(text[17..19], out var second))
            return false;
        var fraction = 0;
        if (text.Length > 20)
        {
            if (text[19] != '.' || text.Length < 22 || text[^2] == '0' || !Digits(text[20..^1], out fraction))
                return false;
            for (var i = text.Length - 21; i < 3; i++)
                fraction *= 10;
        }

        if (year < 1 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month) || hour > 23 || minute > 59 || second > 59)
            return false;
        // Days of the civil calendar, counted from March so that a leap day is the last of its year.
        var y = month <= 2 ? year - 1 : year;
        var days = (y * 365L) + (y / 4) - (y / 100) + (y / 400) + (((153 * ((month + 9) % 12)) + 2) / 5) + day - 719_469;
        milliseconds = (((((days * 24) + hour) * 60) + minute) * 60_000) + (second * 1_000) + fraction;
        return true;
    }

    private static bool Digits(ReadOnlySpan<byte> text, out int number)
    {
        number = 0;
        foreach (var c in text)
        {
            if (c is < (byte)'0' or > (byte)'9')
                return false;
            number = (number * 10) + c - '0';
        }

        return true;
    }
}
