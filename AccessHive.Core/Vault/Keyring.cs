using System.Security.Cryptography;
using System.Text;
using AccessHive.Core.Kernel;
using NodaTime;

namespace AccessHive.Core.Vault;

/// <summary>Wraps data keys with a key-encryption key that lives somewhere else than the database.</summary>
public interface IKeyWrapper
{
    /// <summary>Names the key-encryption key in force.</summary>
    string KeyId { get; }

    /// <summary>Wraps a data key; the context is authenticated with it.</summary>
    byte[] Wrap(ReadOnlySpan<byte> dataKey, ReadOnlySpan<byte> context);

    /// <summary>Unwraps a data key. The caller zeroes it.</summary>
    /// <exception cref="CryptographicException">Another key, or another context.</exception>
    byte[] Unwrap(ReadOnlySpan<byte> wrapped, ReadOnlySpan<byte> context);
}

/// <summary>A 256-bit key-encryption key, out of a file beside, but outside, the data folder – or out of a passphrase and the salt in that file.</summary>
public sealed class FileKeyWrapper : IKeyWrapper, IDisposable
{
    /// <summary>Bytes in the file's key.</summary>
    public const int KeyLength = 32;

    private readonly byte[] key;

    /// <summary>Takes over the key and zeroes it when disposed.</summary>
    public FileKeyWrapper(byte[] key)
    {
        if (key.Length != KeyLength)
            throw new ArgumentException($"A key of {KeyLength} bytes is needed.", nameof(key));
        this.key = key;
        KeyId = Convert.ToHexStringLower(SHA256.HashData(key).AsSpan(0, 8));
    }

    /// <inheritdoc/>
    public string KeyId { get; }

    /// <summary>Whether it was made from a passphrase and a salt instead of read.</summary>
    public bool IsFromPassphrase { get; init; }

    /// <inheritdoc/>
    public byte[] Wrap(ReadOnlySpan<byte> dataKey, ReadOnlySpan<byte> context) => SealedBytes.Seal(key, dataKey, context);

    /// <inheritdoc/>
    public byte[] Unwrap(ReadOnlySpan<byte> wrapped, ReadOnlySpan<byte> context) => SealedBytes.Open(key, wrapped, context);

    /// <inheritdoc/>
    public void Dispose() => CryptographicOperations.ZeroMemory(key);
}

/// <summary>AES-256-GCM in the one layout used here: 12 bytes nonce, 16 bytes tag, ciphertext.</summary>
internal static class SealedBytes
{
    private const int NonceLength = 12;
    private const int TagLength = 16;

    public static byte[] Seal(ReadOnlySpan<byte> key, ReadOnlySpan<byte> plain, ReadOnlySpan<byte> context)
    {
        Span<byte> nonce = stackalloc byte[NonceLength];
        RandomNumberGenerator.Fill(nonce);
        return SealWith(nonce, key, plain, context);
    }

    public static byte[] SealWith(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> key, ReadOnlySpan<byte> plain, ReadOnlySpan<byte> context)
    {
        var sealedBytes = new byte[NonceLength + TagLength + plain.Length];
        nonce[..NonceLength].CopyTo(sealedBytes);
        using var aes = new AesGcm(key, TagLength);
        aes.Encrypt(nonce[..NonceLength], plain, sealedBytes.AsSpan(NonceLength + TagLength), sealedBytes.AsSpan(NonceLength, TagLength), context);
        return sealedBytes;
    }

    public static byte[] Open(ReadOnlySpan<byte> key, ReadOnlySpan<byte> sealedBytes, ReadOnlySpan<byte> context)
    {
        if (sealedBytes.Length < NonceLength + TagLength)
            throw new CryptographicException("Too short to be sealed.");
        var plain = new byte[sealedBytes.Length - NonceLength - TagLength];
        using var aes = new AesGcm(key, TagLength);
        aes.Decrypt(sealedBytes[..NonceLength], sealedBytes[(NonceLength + TagLength)..], sealedBytes.Slice(NonceLength, TagLength), plain, context);
        return plain;
    }
}

/// <summary>
/// Seals and opens secrets. Only Vault's own use cases and <c>RevealCredential</c> may call it; an architecture test
/// says so.
/// </summary>
public sealed class Keyring(IKeyWrapper wrapper)
{
    /// <summary>Names the key-encryption key in force.</summary>
    public string KeyId => wrapper.KeyId;

    /// <summary>Seals one version of a secret under a new key of its own. The caller zeroes the plain bytes.</summary>
    /// <param name="identity">The identity, authenticated.</param>
    /// <param name="credential">The credential, authenticated.</param>
    /// <param name="field">What of the credential it is, authenticated.</param>
    /// <param name="version">The version, authenticated.</param>
    /// <param name="secret">The plain bytes.</param>
    /// <param name="by">Who entered it.</param>
    /// <param name="now">When.</param>
    public SealedSecret Seal(IdentityId identity, CredentialId credential, FieldKind field, int version, ReadOnlySpan<byte> secret, PersonId? by, Instant now)
    {
        var context = Context(2, identity, credential, field, version, wrapper.KeyId);
        var dataKey = RandomNumberGenerator.GetBytes(FileKeyWrapper.KeyLength);
        try
        {
            return new SealedSecret
            {
                CredentialId = credential,
                IdentityId = identity,
                Field = field,
                Version = version,
                KeyId = wrapper.KeyId,
                WrappedBy = wrapper.KeyId,
                WrappedKey = wrapper.Wrap(dataKey, context),
                Ciphertext = SealedBytes.Seal(dataKey, secret, context),
                SealedAt = now,
                SealedBy = by,
            };
        }
        finally
        {
            CryptographicOperations.ZeroMemory(dataKey);
        }
    }

    /// <summary>Opens a sealed secret. The caller zeroes what it gets.</summary>
    /// <exception cref="CryptographicException">Another key, or a ciphertext that was moved or changed.</exception>
    public byte[] Open(SealedSecret secret)
    {
        var dataKey = wrapper.Unwrap(secret.WrappedKey, ContextOf(secret, secret.WrappedBy));
        try
        {
            return SealedBytes.Open(dataKey, secret.Ciphertext, ContextOf(secret, secret.KeyId));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(dataKey);
        }
    }

    /// <summary>What is authenticated with the ciphertext (its <c>KeyId</c>) and with the wrapped key (its <c>WrappedBy</c>).</summary>
    internal static byte[] ContextOf(SealedSecret secret, string keyId)
        => Context(secret.Format, secret.IdentityId, secret.CredentialId, secret.Field, secret.Version, keyId);

    private static byte[] Context(int format, IdentityId identity, CredentialId credential, FieldKind field, int version, string keyId)
        => Encoding.UTF8.GetBytes(format == 1
            ? $"accesshive/secret/1|{identity}|{credential}|{version}|{keyId}"
            : $"accesshive/secret/{format}|{identity}|{credential}|{field}|{version}|{keyId}");
}

/// <summary>
/// Seals what the product itself keeps beside the vault – sign-in data, its own key rings, the canary row – for one
/// purpose each, which is authenticated with it. It never sees a client's secret.
/// </summary>
public sealed class HouseSeal(IKeyWrapper wrapper)
{
    /// <summary>Names the key-encryption key in force.</summary>
    public string KeyId => wrapper.KeyId;

    /// <summary>Seals bytes for a purpose.</summary>
    public byte[] Seal(string purpose, ReadOnlySpan<byte> plain) => wrapper.Wrap(plain, Context(purpose));

    /// <summary>Opens bytes sealed for the same purpose.</summary>
    /// <exception cref="CryptographicException">Another key or purpose, or changed bytes.</exception>
    public byte[] Open(string purpose, ReadOnlySpan<byte> sealedBytes) => wrapper.Unwrap(sealedBytes, Context(purpose));

    private static byte[] Context(string purpose) => Encoding.UTF8.GetBytes($"accesshive/house/1|{purpose}");
}
