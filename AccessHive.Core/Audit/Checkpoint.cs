using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using NodaTime;
using NodaTime.Text;

namespace AccessHive.Core.Audit;

/// <summary>
/// What the house signs of its trail (C2SP tlog-checkpoint): so many entries, this root. Two lines follow that the
/// specification leaves to us: when, and which day's key.
/// </summary>
/// <param name="Origin">Which trail: <c>accesshive/</c> and the random name of the house.</param>
/// <param name="Size">Entries in the tree.</param>
/// <param name="Root">The root hash, 32 bytes.</param>
/// <param name="At">When it was signed, to the millisecond.</param>
/// <param name="Epoch">The key's epoch: days since 1970 in UTC.</param>
public sealed record Checkpoint(string Origin, long Size, ReadOnlyMemory<byte> Root, Instant At, int Epoch)
{
    /// <summary>The text that is signed.</summary>
    public string Text => FormattableString.Invariant($"{Origin}\n{Size}\n{Convert.ToBase64String(Root.Span)}\nat {NoteText.Time(At)}\nepoch {Epoch}\n");

    /// <summary>The name of the key that signs it.</summary>
    public string KeyName => NoteText.KeyName(Origin, Epoch);

    /// <summary>Reads the text of a checkpoint; nothing but the exact text that <see cref="Text"/> gives.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out Checkpoint? checkpoint)
    {
        checkpoint = text.Split('\n') is [var origin, var size, var root, ['a', 't', ' ', .. var at], ['e', 'p', 'o', 'c', 'h', ' ', .. var epoch], ""]
            && NoteText.IsOrigin(origin) && NoteText.Number(size) is { } entries && SignedNote.Base64(root) is { Length: 32 } hash
            && NoteText.Time(at) is { } time && NoteText.Number(epoch) is <= int.MaxValue and { } day
                ? new Checkpoint(origin, entries, hash, time, (int)day)
                : null;
        if (checkpoint?.Text != text)
            checkpoint = null;
        return checkpoint is not null;
    }
}

/// <summary>
/// Says which key signs in an epoch: a note that the key of the epoch before signs. The first key of a house signs its own.
/// </summary>
/// <param name="Origin">Which trail.</param>
/// <param name="Epoch">The epoch of the key.</param>
/// <param name="Key">The key.</param>
public sealed record KeyCertificate(string Origin, int Epoch, NoteKey Key)
{
    /// <summary>The first line.</summary>
    public const string Kind = "accesshive key";

    /// <summary>The text that is signed.</summary>
    public string Text => FormattableString.Invariant($"{Kind}\n{Origin}\n{Epoch}\n{Key}\n");

    /// <summary>The certificate of a public key, 32 bytes, for an epoch.</summary>
    public static KeyCertificate For(string origin, int epoch, ReadOnlySpan<byte> publicKey)
        => new(origin, epoch, NoteKey.OfHouse(NoteText.KeyName(origin, epoch), publicKey));

    /// <summary>Reads the text of a certificate; nothing but the exact text that <see cref="Text"/> gives, with the key named as its epoch says.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out KeyCertificate? certificate)
    {
        certificate = text.Split('\n') is [Kind, var origin, var epoch, var verifier, ""]
            && NoteText.IsOrigin(origin) && NoteText.Number(epoch) is <= int.MaxValue and { } day
            && NoteKey.TryParse(verifier, out var key) && !key.IsWitness && key.Name == NoteText.KeyName(origin, (int)day)
                ? new KeyCertificate(origin, (int)day, key)
                : null;
        if (certificate?.Text != text)
            certificate = null;
        return certificate is not null;
    }
}

/// <summary>
/// What a clean stop leaves beside the database: the trail as it was, and every byte of the file. While it is there, not
/// one flipped bit goes unseen, inside the trail and outside of it.
/// </summary>
/// <param name="Origin">Which trail.</param>
/// <param name="Size">Entries in the tree.</param>
/// <param name="Root">The root hash, 32 bytes.</param>
/// <param name="FileHash">SHA-256 over the whole database file.</param>
/// <param name="Length">Its length in bytes.</param>
public sealed record ClosingSeal(string Origin, long Size, ReadOnlyMemory<byte> Root, ReadOnlyMemory<byte> FileHash, long Length)
{
    /// <summary>The first line.</summary>
    public const string Kind = "accesshive seal";

    /// <summary>The text that is signed.</summary>
    public string Text => FormattableString.Invariant($"{Kind}\n{Origin}\n{Size}\n{Convert.ToBase64String(Root.Span)}\n{Convert.ToHexStringLower(FileHash.Span)}\n{Length}\n");

    /// <summary>Where the seal of a database lies.</summary>
    public static string Beside(string database) => database + ".seal";

    /// <summary>Reads the text of a seal; nothing but the exact text that <see cref="Text"/> gives.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out ClosingSeal? seal)
    {
        seal = text.Split('\n') is [Kind, var origin, var size, var root, var hash, var length, ""]
            && NoteText.IsOrigin(origin) && NoteText.Number(size) is { } entries && SignedNote.Base64(root) is { Length: 32 } tree
            && hash.Length == 64 && hash.All(char.IsAsciiHexDigitLower) && NoteText.Number(length) is { } bytes
                ? new ClosingSeal(origin, entries, tree, Convert.FromHexString(hash), bytes)
                : null;
        if (seal?.Text != text)
            seal = null;
        return seal is not null;
    }
}

/// <summary>The small words of the notes: one way to write each.</summary>
internal static class NoteText
{
    public static string KeyName(string origin, int epoch) => FormattableString.Invariant($"{origin}/{epoch}");

    public static bool IsOrigin(string origin) => origin.Length <= 200 && NoteKey.IsName(origin);

    public static string Time(Instant at) => InstantPattern.ExtendedIso.Format(Instant.FromUnixTimeMilliseconds(at.ToUnixTimeMilliseconds()));

    public static Instant? Time(string text) => InstantPattern.ExtendedIso.Parse(text) is { Success: true, Value: var at } && Time(at) == text ? at : null;

    public static long? Number(string text)
        => text.Length is > 0 and < 19 && text.All(char.IsAsciiDigit) && (text == "0" || text[0] != '0') ? long.Parse(text, CultureInfo.InvariantCulture) : null;
}
