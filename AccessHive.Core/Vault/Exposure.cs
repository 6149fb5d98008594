using AccessHive.Core.Kernel;
using NodaTime;

namespace AccessHive.Core.Vault;

/// <summary>
/// Who has seen which version of a main secret: <c>exposed since … to …</c>. It is open while its version is not older
/// than <see cref="Credential.VerifiedVersion"/>: ending a session of a static password is not revocation, a verified
/// rotation is. Kept for ever.
/// </summary>
public sealed class Exposure
{
    /// <summary>The credential.</summary>
    public CredentialId CredentialId { get; init; }

    /// <summary>The version that was seen.</summary>
    public int Version { get; init; }

    /// <summary>Who has seen it.</summary>
    public PersonId PersonId { get; init; }

    /// <summary>The first time.</summary>
    public Instant FirstAt { get; init; }

    /// <summary>The last time.</summary>
    public Instant LastAt { get; set; }

    /// <summary>Whether one of the times was in an emergency.</summary>
    public bool InEmergency { get; set; }
}
