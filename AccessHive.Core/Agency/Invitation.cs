using System.Security.Cryptography;
using AccessHive.Core.Kernel;
using NodaTime;

namespace AccessHive.Core.Agency;

/// <summary>
/// A link that works once: to join as an invited person, or – on a machine without people – to become the first owner.
/// Only the hash of its token is kept.
/// </summary>
public sealed class Invitation
{
    private Invitation()
    {
    }

    /// <summary>How long an invitation works.</summary>
    public static Duration Lifetime { get; } = Duration.FromDays(7);

    /// <summary>How long the setup link of the first start works (security.md, "Signing in").</summary>
    public static Duration SetupLifetime { get; } = Duration.FromMinutes(30);

    /// <summary>The invitation's id.</summary>
    public InvitationId Id { get; private set; }

    /// <summary>Whom it is for; nobody yet for the setup link.</summary>
    public PersonId? Person { get; private set; }

    /// <summary>SHA-256 of the token.</summary>
    public byte[] TokenHash { get; private set; } = [];

    /// <summary>It works before this instant, not at it.</summary>
    public Instant ExpiresAt { get; private set; }

    /// <summary>When it was used or replaced.</summary>
    public Instant? ClosedAt { get; private set; }

    /// <summary>A new link and its token, which is shown once and kept nowhere.</summary>
    /// <param name="person">Whom it is for; null for the setup link.</param>
    /// <param name="now">It starts now.</param>
    public static (Invitation Invitation, string Token) Issue(PersonId? person, Instant now)
    {
        var token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));
        var invitation = new Invitation
        {
            Id = InvitationId.New(),
            Person = person,
            TokenHash = HashOf(token),
            ExpiresAt = now + (person is null ? SetupLifetime : Lifetime),
        };
        return (invitation, token);
    }

    /// <summary>What is stored of a token.</summary>
    public static byte[] HashOf(string token) => SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(token));

    /// <summary>Whether the link works now.</summary>
    public bool IsOpenAt(Instant now) => ClosedAt is null && now < ExpiresAt;

    /// <summary>Uses it up.</summary>
    public void Close(Instant now) => ClosedAt = now;
}
