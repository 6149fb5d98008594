using System.Globalization;
using System.Security.Cryptography;
using NSec.Cryptography;

namespace AccessHive.Core.Vault;

/// <summary>
/// How a passphrase becomes the key-encryption key: Argon2id (RFC 9106), one lane. What is written down is no secret, but
/// without it the passphrase opens nothing.
/// </summary>
/// <param name="MemoryKiB">Memory in KiB.</param>
/// <param name="Passes">Passes over that memory.</param>
/// <param name="Salt">16 random bytes.</param>
public sealed record PassphraseKey(int MemoryKiB, int Passes, byte[] Salt)
{
    /// <summary>Memory of a new key: 128 MiB, for the moment of the start.</summary>
    public const int UsualMemoryKiB = 128 * 1024;

    /// <summary>Passes of a new key.</summary>
    public const int UsualPasses = 4;

    /// <summary>Less memory is not accepted: 64 MiB.</summary>
    public const int LeastMemoryKiB = 64 * 1024;

    /// <summary>Bytes of salt.</summary>
    public const int SaltLength = 16;

    /// <summary>Fewest bytes of a passphrase that a key is made from.</summary>
    public const int LeastLength = 12;

    private const int MostMemoryKiB = 4 * 1024 * 1024;
    private const int MostPasses = 100;
    private const string Start = "$argon2id$v=19$";

    /// <summary>A new one with a salt of its own.</summary>
    public static PassphraseKey New() => new(UsualMemoryKiB, UsualPasses, RandomNumberGenerator.GetBytes(SaltLength));

    /// <summary>The key-encryption key. Takes a moment, on purpose.</summary>
    /// <param name="passphrase">The passphrase, UTF-8. The caller zeroes it.</param>
    public FileKeyWrapper Derive(ReadOnlySpan<byte> passphrase)
    {
        var argon = PasswordBasedKeyDerivationAlgorithm.Argon2id(new Argon2Parameters { DegreeOfParallelism = 1, MemorySize = MemoryKiB, NumberOfPasses = Passes });
        return new FileKeyWrapper(argon.DeriveBytes(passphrase, Salt, FileKeyWrapper.KeyLength)) { IsFromPassphrase = true };
    }

    /// <summary>The usual way to write it down, without the hash at its end.</summary>
    public override string ToString()
        => string.Create(CultureInfo.InvariantCulture, $"{Start}m={MemoryKiB},t={Passes},p=1${Convert.ToBase64String(Salt).TrimEnd('=')}");

    /// <summary>Reads <see cref="ToString"/> back; null for anything else, and for what would be too weak or absurd.</summary>
    public static PassphraseKey? Parse(string text)
        => text.StartsWith(Start, StringComparison.Ordinal) && text[Start.Length..].Split('$') is [var costs, var salt]
            && costs.Split(',') is [['m', '=', .. var memory], ['t', '=', .. var passes], "p=1"]
            && Number(memory, LeastMemoryKiB, MostMemoryKiB) is { } m && Number(passes, 1, MostPasses) is { } t && SaltOf(salt) is { } s
                ? new PassphraseKey(m, t, s)
                : null;

    private static int? Number(string text, int least, int most)
        => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most ? number : null;

    private static byte[]? SaltOf(string text)
    {
        var salt = new byte[SaltLength];
        return Convert.TryFromBase64String(text + "==", salt, out var length) && length == SaltLength ? salt : null;
    }
}
