using System.Security.Cryptography;

namespace AccessHive.Core.Vault;

/// <summary>Says the passphrase, when there is one to say. Whoever asks zeroes what it gets.</summary>
public interface IPassphrase
{
    /// <summary>The passphrase that was given from the start, or null.</summary>
    byte[]? Given();

    /// <summary>The passphrase a person types now, or null when nobody can be asked.</summary>
    byte[]? Ask();
}

/// <summary>
/// What a key file says, in one of two forms: the key-encryption key itself, or how a passphrase becomes that key. Disposed,
/// the key is zeroed.
/// </summary>
public sealed class KeyFile : IDisposable
{
    private readonly byte[]? key;

    private KeyFile(byte[]? key, PassphraseKey? passphrase) => (this.key, Passphrase) = (key, passphrase);

    /// <summary>How the passphrase becomes the key; null when the file holds the key itself.</summary>
    public PassphraseKey? Passphrase { get; }

    /// <summary>A new random key.</summary>
    public static KeyFile NewKey() => new(RandomNumberGenerator.GetBytes(FileKeyWrapper.KeyLength), null);

    /// <summary>A new salt for a passphrase.</summary>
    public static KeyFile NewPassphrase() => new(null, PassphraseKey.New());

    /// <summary>Reads <see cref="ToText"/> back; null for anything else.</summary>
    public static KeyFile? Parse(string text)
    {
        if (PassphraseKey.Parse(text) is { } passphrase)
            return new KeyFile(null, passphrase);
        var bytes = new byte[FileKeyWrapper.KeyLength];
        return Convert.TryFromBase64String(text, bytes, out var length) && length == bytes.Length ? new KeyFile(bytes, null) : null;
    }

    /// <summary>The one line of the file.</summary>
    public string ToText() => Passphrase?.ToString() ?? Convert.ToBase64String(key!);

    /// <summary>The key-encryption key.</summary>
    /// <param name="passphrase">The passphrase, UTF-8; ignored when the file holds the key itself. The caller zeroes it.</param>
    public FileKeyWrapper Open(ReadOnlySpan<byte> passphrase) => Passphrase?.Derive(passphrase) ?? new FileKeyWrapper([.. key!]);

    /// <inheritdoc/>
    public void Dispose() => CryptographicOperations.ZeroMemory(key);
}
