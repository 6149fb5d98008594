using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using NodaTime;
using NSec.Cryptography;

namespace AccessHive.Core.Audit;

/// <summary>One line below a note: who signed, the four bytes that hint at the key, and the signature.</summary>
/// <param name="Name">The key's name.</param>
/// <param name="KeyId">Four bytes.</param>
/// <param name="Bytes">64 bytes of Ed25519; a witness's have 8 bytes of time before them.</param>
public sealed record NoteSignature(string Name, ReadOnlyMemory<byte> KeyId, ReadOnlyMemory<byte> Bytes)
{
    /// <summary>When a witness says it signed, to the second.</summary>
    public Instant? CosignedAt
        => Bytes.Length == 72 && BinaryPrimitives.ReadInt64BigEndian(Bytes.Span) is >= 0 and < 253_402_300_800 and var seconds ? Instant.FromUnixTimeSeconds(seconds) : null;

    /// <summary>The line, without its end.</summary>
    public override string ToString() => $"— {Name} {Convert.ToBase64String([.. KeyId.Span, .. Bytes.Span])}";
}

/// <summary>
/// A text and the signatures below it, as C2SP signed-note writes them: the text ends with a line feed, an empty line
/// follows, then one line for each signature. What can be written in two ways is read in one only.
/// </summary>
public sealed class SignedNote
{
    /// <summary>More than this is no note: nobody here reads a gigabyte to refuse it.</summary>
    public const int MaximumSize = 64 * 1024;

    private const int MaximumSignatures = 64;
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private SignedNote(string text, IReadOnlyList<NoteSignature> signatures) => (Text, Signatures) = (text, signatures);

    /// <summary>What is signed, with the line feed at its end.</summary>
    public string Text { get; }

    /// <summary>The signatures in their order, at least one.</summary>
    public IReadOnlyList<NoteSignature> Signatures { get; }

    /// <summary>Signs a text for the house.</summary>
    /// <param name="text">Ends with a line feed and has no control character besides those.</param>
    /// <param name="key">The public half and its name.</param>
    /// <param name="secret">The private half.</param>
    /// <exception cref="ArgumentException">The text can't be a note's, or the halves don't belong together.</exception>
    public static SignedNote Sign(string text, NoteKey key, Key secret)
        => IsText(text) ? new SignedNote(text, [key.Sign(text, secret, default)]) : throw new ArgumentException("This can't be the text of a note.", nameof(text));

    /// <summary>Reads a note; nothing but the exact bytes that <see cref="ToBytes"/> gives.</summary>
    public static bool TryParse(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out SignedNote? note)
    {
        note = null;
        if (bytes.Length > MaximumSize || TextOf(bytes) is not { } all || all.LastIndexOf("\n\n", StringComparison.Ordinal) is not (> 0 and var end) || !all.EndsWith('\n'))
            return false;
        var text = all[..(end + 1)];
        var lines = all[(end + 2)..].Split('\n')[..^1];
        var signatures = lines.Select(SignatureOf).OfType<NoteSignature>().ToList();
        if (!IsText(text) || lines.Length is 0 or > MaximumSignatures || signatures.Count != lines.Length)
            return false;
        note = new SignedNote(text, signatures);
        return true;
    }

    /// <summary>The note, or null where the bytes are none.</summary>
    public static SignedNote? Read(ReadOnlySpan<byte> bytes) => TryParse(bytes, out var note) ? note : null;

    /// <summary>The same note with a further signature at its end.</summary>
    public SignedNote With(NoteSignature signature) => new(Text, [.. Signatures, signature]);

    /// <summary>The signature of that key, if it is there and holds.</summary>
    public NoteSignature? SignatureBy(NoteKey key) => Signatures.FirstOrDefault(s => key.Verifies(Text, s));

    /// <summary>Whether that key signed it.</summary>
    public bool IsSignedBy(NoteKey key) => SignatureBy(key) is not null;

    /// <summary>The note in UTF-8.</summary>
    public byte[] ToBytes() => Encoding.UTF8.GetBytes(ToString());

    /// <summary>The note as text.</summary>
    public override string ToString() => $"{Text}\n{string.Concat(Signatures.Select(s => s + "\n"))}";

    /// <summary>The bytes of a base64 text, if it is the one way to write them.</summary>
    internal static byte[]? Base64(string text)
    {
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out var length) && Convert.ToBase64String(bytes, 0, length) == text ? bytes[..length] : null;
    }

    private static NoteSignature? SignatureOf(string line)
        => line.Split(' ') is ["—", var name, var base64] && NoteKey.IsName(name) && Base64(base64) is { Length: > NoteKey.IdSize } bytes
            ? new NoteSignature(name, bytes.AsMemory(0, NoteKey.IdSize), bytes.AsMemory(NoteKey.IdSize))
            : null;

    private static bool IsText(string text)
        => text.EndsWith('\n') && text.Length > 1 && !text.EnumerateRunes().Any(r => r.Value < ' ' && r.Value != '\n');

    private static string? TextOf(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return Utf8.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }
}
