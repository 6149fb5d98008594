using System.Globalization;
using AccessHive.Core.Kernel;
using NodaTime;

namespace AccessHive.Core.Vault;

/// <summary>An identity was added.</summary>
public sealed record IdentityAdded(Instant At, Actor By, IdentityId Identity, IdentityDetails Details) : DomainEvent(At, By)
{
    /// <inheritdoc/>
    public override string Type => "identity.added";

    /// <inheritdoc/>
    public override Subject About => new(Identity: Identity);

    /// <inheritdoc/>
    public override void Tell(Facts facts) => facts
        .Add("identity", Details.Name).Add("type", Details.Type.ToString()).Add("platform", Details.Platform).Add("client", Details.Client).Add("risk", Details.Risk.ToString());
}

/// <summary>What is known about an identity changed.</summary>
public sealed record IdentityEdited(Instant At, Actor By, IdentityId Identity, IdentityDetails Before, IdentityDetails After) : DomainEvent(At, By)
{
    /// <inheritdoc/>
    public override string Type => "identity.edited";

    /// <inheritdoc/>
    public override Subject About => new(Identity: Identity);

    /// <inheritdoc/>
    public override void Tell(Facts facts)
    {
        facts.Add("identity", After.Name);
        Change(facts, "name", Before.Name, After.Name);
        Change(facts, "type", Before.Type.ToString(), After.Type.ToString());
        Change(facts, "platform", Before.Platform, After.Platform);
        Change(facts, "client", Before.Client, After.Client);
        Change(facts, "risk", Before.Risk.ToString(), After.Risk.ToString());
        if (Before.Owner != After.Owner)
            facts.Add("owner", "changed");
        if (Before.Notes != After.Notes)
            facts.Add("notes", "changed");
    }

    private static void Change(Facts facts, string what, string before, string after)
    {
        if (before != after)
            facts.Add(what, $"{before} → {after}");
    }
}

/// <summary>An identity was taken out of use, or back into it.</summary>
public sealed record IdentityArchived(Instant At, Actor By, IdentityId Identity, string Name, bool Archived) : DomainEvent(At, By)
{
    /// <inheritdoc/>
    public override string Type => Archived ? "identity.archived" : "identity.restored";

    /// <inheritdoc/>
    public override Subject About => new(Identity: Identity);

    /// <inheritdoc/>
    public override void Tell(Facts facts) => facts.Add("identity", Name);
}

/// <summary>A credential was added.</summary>
public sealed record CredentialAdded(Instant At, Actor By, IdentityId Identity, string IdentityName, CredentialId Credential, string Label) : DomainEvent(At, By)
{
    /// <inheritdoc/>
    public override string Type => "credential.added";

    /// <inheritdoc/>
    public override Subject About => new(Identity: Identity, Credential: Credential);

    /// <inheritdoc/>
    public override void Tell(Facts facts) => facts.Add("identity", IdentityName).Add("credential", Label);
}

/// <summary>What is known about a credential changed; not its secret.</summary>
public sealed record CredentialEdited(Instant At, Actor By, IdentityId Identity, CredentialId Credential, string Label) : DomainEvent(At, By)
{
    /// <inheritdoc/>
    public override string Type => "credential.edited";

    /// <inheritdoc/>
    public override Subject About => new(Identity: Identity, Credential: Credential);

    /// <inheritdoc/>
    public override void Tell(Facts facts) => facts.Add("credential", Label);
}

/// <summary>A new secret is in force.</summary>
public sealed record CredentialSecretChanged(Instant At, Actor By, IdentityId Identity, CredentialId Credential, string Label, int Version) : DomainEvent(At, By)
{
    /// <inheritdoc/>
    public override string Type => "credential.secret-changed";

    /// <inheritdoc/>
    public override Subject About => new(Identity: Identity, Credential: Credential);

    /// <inheritdoc/>
    public override void Tell(Facts facts) => facts.Add("credential", Label).Add("version", Version.ToString(CultureInfo.InvariantCulture));
}

/// <summary>Something beside the main secret has a new value: the seed of one-time codes, recovery codes, a connector's key.</summary>
public sealed record CredentialFieldChanged(Instant At, Actor By, IdentityId Identity, CredentialId Credential, string Label, FieldKind Field, int Version, int Left) : DomainEvent(At, By)
{
    /// <inheritdoc/>
    public override string Type => "credential.field-changed";

    /// <inheritdoc/>
    public override Subject About => new(Identity: Identity, Credential: Credential);

    /// <inheritdoc/>
    public override void Tell(Facts facts)
    {
        facts.Add("credential", Label).Add("field", Field.ToString()).Add("version", Version.ToString(CultureInfo.InvariantCulture));
        if (Field == FieldKind.RecoveryCodes)
            facts.Add("codes", Left.ToString(CultureInfo.InvariantCulture));
    }
}

/// <summary>Something beside the main secret is not kept any more.</summary>
public sealed record CredentialFieldRemoved(Instant At, Actor By, IdentityId Identity, CredentialId Credential, string Label, FieldKind Field) : DomainEvent(At, By)
{
    /// <inheritdoc/>
    public override string Type => "credential.field-removed";

    /// <inheritdoc/>
    public override Subject About => new(Identity: Identity, Credential: Credential);

    /// <inheritdoc/>
    public override void Tell(Facts facts) => facts.Add("credential", Label).Add("field", Field.ToString());
}

/// <summary>How and after what a secret is changed was decided anew.</summary>
public sealed record RotationPlanned(Instant At, Actor By, IdentityId Identity, CredentialId Credential, string Label, RotationPlan Plan) : DomainEvent(At, By)
{
    /// <inheritdoc/>
    public override string Type => "credential.rotation-planned";

    /// <inheritdoc/>
    public override Subject About => new(Identity: Identity, Credential: Credential);

    /// <inheritdoc/>
    public override void Tell(Facts facts) => facts
        .Add("credential", Label).Add("connector", Plan.Connector.ToString()).Add("after", Plan.After.ToString()).Add("host", Plan.Host)
        .Add("port", Plan.Port == 0 ? null : Plan.Port.ToString(CultureInfo.InvariantCulture)).Add("database", Plan.Database).Add("host key", Plan.HostKey);
}

/// <summary>A credential was taken out of use.</summary>
public sealed record CredentialArchived(Instant At, Actor By, IdentityId Identity, CredentialId Credential, string Label) : DomainEvent(At, By)
{
    /// <inheritdoc/>
    public override string Type => "credential.archived";

    /// <inheritdoc/>
    public override Subject About => new(Identity: Identity, Credential: Credential);

    /// <inheritdoc/>
    public override void Tell(Facts facts) => facts.Add("credential", Label);
}

/// <summary>Why Vault says no.</summary>
public static class VaultRefusals
{
    /// <summary>Only Owner, Admin and Identity Manager keep identities.</summary>
    public static readonly Refusal NotVaultManager = new("not-vault-manager");

    /// <summary>A name of 1 to 120 characters is needed.</summary>
    public static readonly Refusal IdentityNameMissing = new("identity-name-missing");

    /// <summary>A label of 1 to 80 characters is needed.</summary>
    public static readonly Refusal CredentialLabelMissing = new("credential-label-missing");

    /// <summary>One of the texts is longer than its field.</summary>
    public static readonly Refusal TextTooLong = new("text-too-long");

    /// <summary>Somebody else saved while the editor was typing.</summary>
    public static readonly Refusal IdentityChangedMeanwhile = new("identity-changed-meanwhile");

    /// <summary>No such identity.</summary>
    public static readonly Refusal IdentityNotFound = new("identity-not-found");

    /// <summary>No such credential.</summary>
    public static readonly Refusal CredentialNotFound = new("credential-not-found");

    /// <summary>This kind of credential does not keep such a field.</summary>
    public static readonly Refusal FieldNotKept = new("field-not-kept");

    /// <summary>There is no recovery code left.</summary>
    public static readonly Refusal NoCodeLeft = new("no-code-left");

    /// <summary>This never leaves the vault.</summary>
    public static readonly Refusal FieldNotRevealed = new("field-not-revealed");

    /// <summary>Not the seed of time-based one-time codes; fact <c>why</c>: text, length, counter, setting.</summary>
    public static readonly Refusal OneTimeSeedNotUsable = new("one-time-seed-not-usable");

    /// <summary>1 to 100 recovery codes are needed, one a line.</summary>
    public static readonly Refusal RecoveryCodesMissing = new("recovery-codes-missing");

    /// <summary>A key file that says it is JSON, and isn't.</summary>
    public static readonly Refusal KeyFileNotJson = new("key-file-not-json");

    /// <summary>A secret of 1 to 8,192 bytes is needed.</summary>
    public static readonly Refusal SecretMissing = new("secret-missing");

    /// <summary>The identity or credential is out of use.</summary>
    public static readonly Refusal Archived = new("archived");
}
