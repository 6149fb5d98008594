using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using AccessHive.Core.Kernel;
using NodaTime;
using OtpNet;

namespace AccessHive.Core.Vault;

/// <summary>Which hash makes the codes.</summary>
public enum OneTimeHash
{
    /// <summary>SHA-1, what nearly every site uses.</summary>
    Sha1,

    /// <summary>SHA-256.</summary>
    Sha256,

    /// <summary>SHA-512.</summary>
    Sha512,
}

/// <summary>
/// The seed of time-based one-time codes (RFC 6238). It is read from what a site shows at its set-up – a base32 text or an
/// <c>otpauth://</c> address – and never leaves the vault again: the code of the moment does. Disposing zeroes it. It is
/// worked on as bytes, because a string can't be wiped.
/// </summary>
public sealed class OneTimeSeed : IDisposable
{
    /// <summary>Fewest bytes of a seed; what the large sites use.</summary>
    public const int Shortest = 10;

    /// <summary>Most bytes of a seed.</summary>
    public const int Longest = 128;

    private const byte Layout = 1;
    private const int HeadLength = 5;

    private readonly byte[] key;

    private OneTimeSeed(byte[] key, OneTimeHash hash, int digits, int period) => (this.key, Hash, Digits, Period) = (key, hash, digits, period);

    /// <summary>Which hash makes the codes.</summary>
    public OneTimeHash Hash { get; }

    /// <summary>Digits of a code, 6 to 8.</summary>
    public int Digits { get; }

    /// <summary>How long a code is valid, in seconds, 10 to 300.</summary>
    public int Period { get; }

    /// <summary>Reads what a site shows at its set-up.</summary>
    /// <param name="typed">Base32 – spaces, hyphens and case don't matter – or an <c>otpauth://totp/</c> address, as UTF-8.</param>
    /// <returns>The seed, to be disposed; or <c>one-time-seed-not-usable</c> with the fact <c>why</c>: text, length, counter, setting.</returns>
    public static Result<OneTimeSeed> Read(ReadOnlySpan<byte> typed)
    {
        var text = Trim(typed);
        return Begins(text, "otpauth://") ? ReadAddress(text) : Make(text, OneTimeHash.Sha1, digits: 6, period: 30);
    }

    /// <summary>Reads back what <see cref="Write"/> made.</summary>
    public static OneTimeSeed Open(ReadOnlySpan<byte> kept)
    {
        if (kept.Length <= HeadLength || kept[0] != Layout)
            throw new InvalidOperationException("This is not a seed of one-time codes.");
        return new OneTimeSeed(kept[HeadLength..].ToArray(), (OneTimeHash)kept[1], kept[2], BinaryPrimitives.ReadUInt16BigEndian(kept[3..]));
    }

    /// <summary>What is sealed: layout, hash, digits, period, seed. The caller zeroes it.</summary>
    public byte[] Write()
    {
        var kept = new byte[HeadLength + key.Length];
        (kept[0], kept[1], kept[2]) = (Layout, (byte)Hash, (byte)Digits);
        BinaryPrimitives.WriteUInt16BigEndian(kept.AsSpan(3), (ushort)Period);
        key.CopyTo(kept.AsSpan(HeadLength));
        return kept;
    }

    /// <summary>The code of this moment, as ASCII digits.</summary>
    /// <param name="now">By the wall clock: the site's clock decides whether the code is right, not ours.</param>
    public byte[] CodeAt(Instant now)
        => Encoding.ASCII.GetBytes(new Totp(new BorrowedKey(key), Period, Mode(Hash), Digits).ComputeTotp(now.ToDateTimeUtc()));

    /// <summary>How long the code of this moment is still valid: more than nothing, at most <see cref="Period"/> seconds.</summary>
    public Duration ValidFrom(Instant now)
    {
        var period = Period * 1000L;
        return Duration.FromMilliseconds(period - (now.ToUnixTimeMilliseconds() % period));
    }

    /// <inheritdoc/>
    public void Dispose() => CryptographicOperations.ZeroMemory(key);

    private static Result<OneTimeSeed> ReadAddress(ReadOnlySpan<byte> address)
    {
        if (!Begins(address, "otpauth://totp/"))
            return No("counter");
        var (hash, digits, period) = (OneTimeHash.Sha1, 6, 30);
        ReadOnlySpan<byte> secret = default;
        var query = address.IndexOf((byte)'?') is var at && at >= 0 ? address[(at + 1)..] : default;
        if (query.IndexOf((byte)'#') is var fragment && fragment >= 0)
            query = query[..fragment];
        while (query.Length > 0)
        {
            var end = query.IndexOf((byte)'&');
            var pair = end < 0 ? query : query[..end];
            query = end < 0 ? default : query[(end + 1)..];
            var equals = pair.IndexOf((byte)'=');
            if (equals < 0)
                continue;
            var name = pair[..equals];
            var value = pair[(equals + 1)..];
            if (Ascii.EqualsIgnoreCase(name, "secret"))
                secret = value;
            else if (Ascii.EqualsIgnoreCase(name, "algorithm"))
                hash = HashOf(value);
            else if (Ascii.EqualsIgnoreCase(name, "digits"))
                digits = Number(value);
            else if (Ascii.EqualsIgnoreCase(name, "period"))
                period = Number(value);
        }

        if (!Enum.IsDefined(hash) || digits is < 6 or > 8 || period is < 10 or > 300)
            return No("setting");
        return Make(secret, hash, digits, period);
    }

    private static Result<OneTimeSeed> Make(ReadOnlySpan<byte> base32, OneTimeHash hash, int digits, int period)
    {
        Span<byte> bytes = stackalloc byte[Longest];
        try
        {
            return Decode(base32, bytes) switch
            {
                < 0 => No("text"),
                < Shortest or > Longest => No("length"),
                var length => new OneTimeSeed(bytes[..length].ToArray(), hash, digits, period),
            };
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }

    // How many bytes were decoded, which may be more than there is room for; -1 when it is not base32.
    private static int Decode(ReadOnlySpan<byte> text, Span<byte> into)
    {
        var (buffer, bits, length, letters, padded) = (0, 0, 0, 0, false);
        for (var i = 0; i < text.Length; i++)
        {
            var letter = text[i];
            // In an address, the padding may be escaped.
            if (letter == '%' && i + 2 < text.Length && byte.TryParse(text.Slice(i + 1, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var escaped))
                (letter, i) = (escaped, i + 2);
            if (letter is (byte)' ' or (byte)'-' or (byte)'\t' or (byte)'\r' or (byte)'\n')
                continue;
            if (letter == '=')
            {
                padded = true;
                continue;
            }

            var value = letter switch
            {
                >= (byte)'A' and <= (byte)'Z' => letter - 'A',
                >= (byte)'a' and <= (byte)'z' => letter - 'a',
                >= (byte)'2' and <= (byte)'7' => letter - '2' + 26,
                _ => -1,
            };
            if (value < 0 || padded)
                return -1;
            (buffer, bits, letters) = (((buffer << 5) | value) & 0xFFF, bits + 5, letters + 1);
            if (bits < 8)
                continue;
            bits -= 8;
            if (length < into.Length)
                into[length] = (byte)(buffer >> bits);
            length++;
        }

        // No number of bytes ends with these many letters: one is missing, or one too many.
        return letters == 0 || letters % 8 is 1 or 3 or 6 ? -1 : length;
    }

    private static OneTimeHash HashOf(ReadOnlySpan<byte> value)
        => Ascii.EqualsIgnoreCase(value, "SHA1") ? OneTimeHash.Sha1
            : Ascii.EqualsIgnoreCase(value, "SHA256") ? OneTimeHash.Sha256
            : Ascii.EqualsIgnoreCase(value, "SHA512") ? OneTimeHash.Sha512
            : (OneTimeHash)(-1);

    private static int Number(ReadOnlySpan<byte> value) => int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1;

    private static bool Begins(ReadOnlySpan<byte> text, string with) => text.Length >= with.Length && Ascii.EqualsIgnoreCase(text[..with.Length], with);

    private static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> text) => text.Trim(" \t\r\n"u8);

    private static Refusal No(string why) => VaultRefusals.OneTimeSeedNotUsable.With("why", why);

    private static OtpHashMode Mode(OneTimeHash hash) => hash switch
    {
        OneTimeHash.Sha1 => OtpHashMode.Sha1,
        OneTimeHash.Sha256 => OtpHashMode.Sha256,
        OneTimeHash.Sha512 => OtpHashMode.Sha512,
        _ => throw new InvalidOperationException("Unknown hash."),
    };

    /// <summary>Otp.NET would keep a copy of the key that nobody can wipe; so it asks here for each hash.</summary>
    private sealed class BorrowedKey(byte[] key) : IKeyProvider
    {
#pragma warning disable CA5350 // The site chooses the hash, and nearly all have chosen this one; as an HMAC it is sound.
        public byte[] ComputeHmac(OtpHashMode mode, byte[] data) => mode switch
        {
            OtpHashMode.Sha256 => HMACSHA256.HashData(key, data),
            OtpHashMode.Sha512 => HMACSHA512.HashData(key, data),
            _ => HMACSHA1.HashData(key, data),
        };
#pragma warning restore CA5350
    }
}
