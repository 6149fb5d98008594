using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using NodaTime;

namespace AccessHive.Core.Connectors;

/// <summary>
/// The signature on both ways of the webhook: HMAC-SHA256 with the target's key over <c>timestamp.body</c>, where the
/// timestamp is in whole Unix seconds. It says who wrote it, that nothing was changed, and that it is not an old one.
/// </summary>
public static class WebhookSignature
{
    /// <summary>Carries when it was signed, in Unix seconds.</summary>
    public const string TimestampHeader = "AccessHive-Timestamp";

    /// <summary>Carries the signature: <c>v1=</c> and 64 hexadecimal digits.</summary>
    public const string SignatureHeader = "AccessHive-Signature";

    /// <summary>Shortest key that is used, in bytes.</summary>
    public const int ShortestKey = 32;

    private const string Version = "v1=";

    /// <summary>How far the two clocks may be apart, either way; this far is still right.</summary>
    public static Duration Tolerance { get; } = Duration.FromMinutes(5);

    /// <summary>The timestamp's text.</summary>
    public static string Timestamp(Instant now) => now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);

    /// <summary>Signs a body.</summary>
    /// <param name="key">The target's key.</param>
    /// <param name="timestamp">When, as <see cref="Timestamp"/> writes it.</param>
    /// <param name="body">The body as it is sent, byte by byte.</param>
    public static string Sign(ReadOnlySpan<byte> key, string timestamp, ReadOnlySpan<byte> body) => Version + Convert.ToHexStringLower(Mac(key, timestamp, body));

    /// <summary>Whether a body was signed with the key, not longer ago – or further ahead – than <see cref="Tolerance"/>.</summary>
    /// <param name="key">The target's key; one shorter than <see cref="ShortestKey"/> never holds.</param>
    /// <param name="timestamp">The timestamp header as it came; nothing if it didn't.</param>
    /// <param name="signature">The signature header as it came; nothing if it didn't.</param>
    /// <param name="body">The body as it came, byte by byte.</param>
    /// <param name="now">When it came.</param>
    public static bool Holds(ReadOnlySpan<byte> key, string? timestamp, string? signature, ReadOnlySpan<byte> body, Instant now)
    {
        if (key.Length < ShortestKey || timestamp is null || signature is null || !signature.StartsWith(Version, StringComparison.Ordinal))
            return false;
        Span<byte> claimed = stackalloc byte[HMACSHA256.HashSizeInBytes];
        if (Convert.FromHexString(signature.AsSpan(Version.Length), claimed, out var consumed, out var written) != System.Buffers.OperationStatus.Done
            || consumed + Version.Length != signature.Length || written != claimed.Length)
            return false;
        return CryptographicOperations.FixedTimeEquals(claimed, Mac(key, timestamp, body)) && IsFresh(timestamp, now);
    }

    private static bool IsFresh(string timestamp, Instant now)
        => long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            && Math.Abs((decimal)now.ToUnixTimeSeconds() - seconds) <= (decimal)Tolerance.TotalSeconds;

    private static byte[] Mac(ReadOnlySpan<byte> key, string timestamp, ReadOnlySpan<byte> body)
    {
        using var mac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        mac.AppendData(Encoding.UTF8.GetBytes(timestamp));
        mac.AppendData("."u8);
        mac.AppendData(body);
        return mac.GetHashAndReset();
    }
}
