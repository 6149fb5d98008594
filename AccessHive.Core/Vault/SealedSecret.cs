using AccessHive.Core.Kernel;
using NodaTime;

namespace AccessHive.Core.Vault;

/// <summary>
/// One version of a secret at rest (security.md, "Secrets at rest"): AES-256-GCM under a key of its own, which is wrapped
/// by the key-encryption key. Identity, credential, version and key id are authenticated with it, so a ciphertext pasted
/// into another row does not open.
/// </summary>
public sealed class SealedSecret
{
    /// <summary>The layout of the other fields: 1 knows main secrets only, 2 authenticates the field too.</summary>
    public int Format { get; init; } = 2;

    /// <summary>The credential it is a version of.</summary>
    public CredentialId CredentialId { get; init; }

    /// <summary>The identity of that credential.</summary>
    public IdentityId IdentityId { get; init; }

    /// <summary>What of the credential it is.</summary>
    public FieldKind Field { get; init; }

    /// <summary>Which version, from 1.</summary>
    public int Version { get; init; }

    /// <summary>Which key-encryption key was in force when it was sealed; authenticated with the ciphertext, never changes.</summary>
    public string KeyId { get; init; } = "";

    /// <summary>Which key-encryption key wraps its key now: another one after <c>rekey</c>. Authenticated with the wrapped key.</summary>
    public string WrappedBy { get; init; } = "";

    /// <summary>The wrapped key: nonce, tag, ciphertext.</summary>
    public byte[] WrappedKey { get; init; } = [];

    /// <summary>The sealed secret: nonce, tag, ciphertext.</summary>
    public byte[] Ciphertext { get; init; } = [];

    /// <summary>When it was sealed.</summary>
    public Instant SealedAt { get; init; }

    /// <summary>Who entered it.</summary>
    public PersonId? SealedBy { get; init; }
}
