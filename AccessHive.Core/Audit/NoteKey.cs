using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using NodaTime;
using NSec.Cryptography;

namespace AccessHive.Core.Audit;

/// <summary>
/// The public half of a key that signs notes (C2SP signed-note): a name and 32 bytes of Ed25519. The house has one a day;
/// a witness has one of its own, of the kind that signs with the time (C2SP tlog-cosignature).
/// </summary>
public sealed class NoteKey
{
    /// <summary>Bytes of an identifier: the beginning of a hash over name and key.</summary>
    public const int IdSize = 4;

    private const byte Ed25519 = 1;
    private const byte CosignatureV1 = 4;
    private const int SignatureSize = 64;
    private const int TimeSize = 8;

    private readonly byte[] key;

    private NoteKey(string name, byte kind, byte[] key)
    {
        (Name, Kind, this.key) = (name, kind, key);
        Id = SHA256.HashData([.. Encoding.UTF8.GetBytes(name), (byte)'\n', kind, .. key]).AsMemory(0, IdSize);
    }

    /// <summary>Who signs: not empty, without white space and without a plus sign.</summary>
    public string Name { get; }

    /// <summary>Four bytes that stand before every signature of this key; a hint for whoever looks for the key, no proof.</summary>
    public ReadOnlyMemory<byte> Id { get; }

    /// <summary>The 32 bytes of the public key.</summary>
    public ReadOnlyMemory<byte> PublicKey => key;

    /// <summary>Whether it is a witness's key, which signs with the time.</summary>
    public bool IsWitness => Kind == CosignatureV1;

    private byte Kind { get; }

    /// <summary>A key of the house.</summary>
    /// <exception cref="ArgumentException">The name is none, or the key is not 32 bytes.</exception>
    public static NoteKey OfHouse(string name, ReadOnlySpan<byte> publicKey) => Made(name, Ed25519, publicKey);

    /// <summary>A key of a witness.</summary>
    /// <exception cref="ArgumentException">The name is none, or the key is not 32 bytes.</exception>
    public static NoteKey OfWitness(string name, ReadOnlySpan<byte> publicKey) => Made(name, CosignatureV1, publicKey);

    /// <summary>Reads the text of a verifier key; nothing but the exact text that <see cref="ToString"/> gives.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out NoteKey? key)
    {
        key = null;
        var (plus, second) = (text?.IndexOf('+', StringComparison.Ordinal) ?? -1, -1);
        if (plus > 0)
            second = text!.IndexOf('+', plus + 1);
        if (second != plus + 9 || !IsName(text![..plus]) || SignedNote.Base64(text[(second + 1)..]) is not { Length: 33 } bytes || bytes[0] is not (Ed25519 or CosignatureV1))
            return false;
        var read = new NoteKey(text[..plus], bytes[0], bytes[1..]);
        if (read.ToString() == text)
            key = read;
        return key is not null;
    }

    /// <summary>Whether something can be the name of a key.</summary>
    public static bool IsName(string name)
        => name.Length > 0 && !name.Contains('+', StringComparison.Ordinal) && !name.Any(c => char.IsWhiteSpace(c) || char.IsControl(c) || char.IsSurrogate(c));

    /// <summary>The verifier key: name, identifier in hex, and kind and key in base64, joined by plus signs.</summary>
    public override string ToString() => $"{Name}+{Convert.ToHexStringLower(Id.Span)}+{Convert.ToBase64String([Kind, .. key])}";

    /// <summary>Whether both are the same key under the same name.</summary>
    public bool Is(NoteKey other) => Name == other.Name && Kind == other.Kind && key.AsSpan().SequenceEqual(other.key);

    /// <summary>A signature as it stands in a note: with the time in front for a witness.</summary>
    /// <param name="text">The note's text.</param>
    /// <param name="secret">The private half of this key.</param>
    /// <param name="now">When a witness signs, to the second; the house's notes tell their time in the text.</param>
    public NoteSignature Sign(string text, Key secret, Instant now)
    {
        if (!secret.PublicKey.Export(KeyBlobFormat.RawPublicKey).AsSpan().SequenceEqual(key))
            throw new ArgumentException("The private key is another key's half.", nameof(secret));
        if (!IsWitness)
            return new NoteSignature(Name, Id, SignatureAlgorithm.Ed25519.Sign(secret, Encoding.UTF8.GetBytes(text)));
        var time = new byte[TimeSize];
        BinaryPrimitives.WriteInt64BigEndian(time, now.ToUnixTimeSeconds());
        return new NoteSignature(Name, Id, (byte[])[.. time, .. SignatureAlgorithm.Ed25519.Sign(secret, Cosigned(text, now.ToUnixTimeSeconds()))]);
    }

    /// <summary>Whether this key made that signature over that text.</summary>
    public bool Verifies(string text, NoteSignature signature)
    {
        var bytes = signature.Bytes.Span;
        if (signature.Name != Name || !signature.KeyId.Span.SequenceEqual(Id.Span) || !PublicKeyOf(key, out var known))
            return false;
        if (!IsWitness)
            return bytes.Length == SignatureSize && SignatureAlgorithm.Ed25519.Verify(known, Encoding.UTF8.GetBytes(text), bytes);
        return bytes.Length == TimeSize + SignatureSize
            && SignatureAlgorithm.Ed25519.Verify(known, Cosigned(text, BinaryPrimitives.ReadInt64BigEndian(bytes)), bytes[TimeSize..]);
    }

    private static NoteKey Made(string name, byte kind, ReadOnlySpan<byte> publicKey)
        => IsName(name) && publicKey.Length == 32
            ? new NoteKey(name, kind, publicKey.ToArray())
            : throw new ArgumentException("A key has a name without white space or plus signs, and 32 bytes.", nameof(name));

    private static bool PublicKeyOf(byte[] key, [NotNullWhen(true)] out PublicKey? known)
        => NSec.Cryptography.PublicKey.TryImport(SignatureAlgorithm.Ed25519, key, KeyBlobFormat.RawPublicKey, out known);

    private static byte[] Cosigned(string text, long seconds)
        => Encoding.UTF8.GetBytes(FormattableString.Invariant($"cosignature/v1\ntime {seconds}\n{text}"));
}
