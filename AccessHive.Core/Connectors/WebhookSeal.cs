using System.Security.Cryptography;
using System.Text;

namespace AccessHive.Core.Connectors;

/// <summary>
/// A secret inside a webhook's event: AES-256-GCM under a key that HKDF-SHA256 derives from the signing key (salt: the
/// event's id, info: <c>accesshive/webhook/1</c>), so that whoever logs the body on its way never has it. Base64 of 12
/// bytes nonce, ciphertext, 16 bytes tag; the event's id, type and the field's name are authenticated with it as
/// <c>id|type|field</c>.
/// </summary>
public static class WebhookSeal
{
    private const int NonceLength = 12;
    private const int TagLength = 16;

    /// <summary>Seals a secret for one field of one event.</summary>
    /// <param name="key">The target's key.</param>
    /// <param name="id">The event's id.</param>
    /// <param name="type">The event's type.</param>
    /// <param name="field">The field's name in the event's data.</param>
    /// <param name="secret">The secret.</param>
    public static string Seal(ReadOnlySpan<byte> key, string id, string type, string field, ReadOnlySpan<byte> secret)
    {
        var box = new byte[NonceLength + secret.Length + TagLength];
        var nonce = box.AsSpan(0, NonceLength);
        RandomNumberGenerator.Fill(nonce);
        Span<byte> derived = stackalloc byte[32];
        try
        {
            HKDF.DeriveKey(HashAlgorithmName.SHA256, key, derived, Encoding.UTF8.GetBytes(id), "accesshive/webhook/1"u8);
            using var aes = new AesGcm(derived, TagLength);
            aes.Encrypt(nonce, secret, box.AsSpan(NonceLength, secret.Length), box.AsSpan(NonceLength + secret.Length), Encoding.UTF8.GetBytes($"{id}|{type}|{field}"));
            return Convert.ToBase64String(box);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(derived);
        }
    }
}
