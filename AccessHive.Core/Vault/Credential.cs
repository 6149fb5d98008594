using AccessHive.Core.Kernel;
using NodaTime;

namespace AccessHive.Core.Vault;

/// <summary>What an editor of a credential types besides the secret itself.</summary>
/// <param name="Label">What it is: Password, Recovery code, Client secret … 1 to 80 characters.</param>
/// <param name="UserName">The name to sign in with, not secret; up to 200 characters.</param>
/// <param name="Address">Where to sign in; up to 500 characters.</param>
public sealed record CredentialDetails(string Label, string UserName, string Address)
{
    /// <summary>Longest label.</summary>
    public const int LabelLength = 80;

    /// <summary>Longest user name.</summary>
    public const int UserNameLength = 200;

    /// <summary>Longest address.</summary>
    public const int AddressLength = 500;

    /// <summary>The same without white space around it.</summary>
    public CredentialDetails Trimmed() => new(Label.Trim(), UserName.Trim(), Address.Trim());

    /// <summary>Checks lengths.</summary>
    /// <returns>Nothing when they hold; or <c>credential-label-missing</c>, <c>text-too-long</c>.</returns>
    public Refusal? Check()
    {
        if (Label.Length is 0 or > LabelLength)
            return VaultRefusals.CredentialLabelMissing;
        return UserName.Length > UserNameLength || Address.Length > AddressLength ? VaultRefusals.TextTooLong : null;
    }
}

/// <summary>One secret of an identity. The secret is only here in sealed form, one <see cref="SealedSecret"/> for each version.</summary>
public sealed class Credential : Aggregate
{
    /// <summary>Longest secret, in bytes of UTF-8.</summary>
    public const int SecretLength = 8192;

    private readonly List<SealedSecret> versions = [];

    private Credential()
    {
    }

    /// <summary>The credential's id.</summary>
    public CredentialId Id { get; private set; }

    /// <summary>The identity it belongs to.</summary>
    public IdentityId IdentityId { get; private set; }

    /// <summary>What it is.</summary>
    public string Label { get; private set; } = "";

    /// <summary>The name to sign in with.</summary>
    public string UserName { get; private set; } = "";

    /// <summary>Where to sign in.</summary>
    public string Address { get; private set; } = "";

    /// <summary>The version in force, from 1.</summary>
    public int CurrentVersion { get; private set; }

    /// <summary>When the secret was last changed.</summary>
    public Instant SecretChangedAt { get; private set; }

    /// <summary>Since when it is out of use.</summary>
    public Instant? ArchivedAt { get; private set; }

    /// <summary>The sealed versions that were loaded.</summary>
    public IReadOnlyList<SealedSecret> Versions => versions;

    /// <summary>What its editor would see.</summary>
    public CredentialDetails Details => new(Label, UserName, Address);

    /// <summary>Adds a credential; its first secret follows with <see cref="ChangeSecret"/> in the same transaction.</summary>
    /// <returns>The credential; or <c>not-vault-manager</c>, or what <see cref="CredentialDetails.Check"/> refuses.</returns>
    public static Result<Credential> Add(Actor by, SharedIdentity identity, CredentialDetails details, Instant now)
    {
        if (!by.Has(RolePermissions.VaultManagers))
            return VaultRefusals.NotVaultManager;
        var clean = details.Trimmed();
        if (clean.Check() is { } refused)
            return refused;
        var credential = new Credential { Id = CredentialId.New(), IdentityId = identity.Id };
        (credential.Label, credential.UserName, credential.Address) = (clean.Label, clean.UserName, clean.Address);
        credential.Raise(new CredentialAdded(now, by, identity.Id, identity.Name, credential.Id, clean.Label));
        return credential;
    }

    /// <summary>Changes what is known about it, not the secret.</summary>
    /// <returns>Done; or <c>not-vault-manager</c>, or what <see cref="CredentialDetails.Check"/> refuses.</returns>
    public Result<Done> Edit(Actor by, CredentialDetails details, Instant now)
    {
        if (!by.Has(RolePermissions.VaultManagers))
            return VaultRefusals.NotVaultManager;
        var clean = details.Trimmed();
        if (clean.Check() is { } refused)
            return refused;
        if (clean == Details)
            return Done.Yes;
        (Label, UserName, Address) = (clean.Label, clean.UserName, clean.Address);
        Raise(new CredentialEdited(now, by, IdentityId, Id, Label));
        return Done.Yes;
    }

    /// <summary>Puts a new secret in force. The caller seals it for <see cref="NextVersion"/>.</summary>
    /// <returns>Done; or <c>not-vault-manager</c>.</returns>
    public Result<Done> ChangeSecret(Actor by, SealedSecret sealedSecret, Instant now)
    {
        if (!by.Has(RolePermissions.VaultManagers))
            return VaultRefusals.NotVaultManager;
        if (sealedSecret.Version != NextVersion || sealedSecret.CredentialId != Id)
            throw new InvalidOperationException("Sealed for another credential or version.");
        versions.Add(sealedSecret);
        CurrentVersion = sealedSecret.Version;
        SecretChangedAt = now;
        Raise(new CredentialSecretChanged(now, by, IdentityId, Id, Label, CurrentVersion));
        return Done.Yes;
    }

    /// <summary>The version that a new secret would have.</summary>
    public int NextVersion => CurrentVersion + 1;

    /// <summary>Takes it out of use.</summary>
    /// <returns>Done; or <c>not-vault-manager</c>.</returns>
    public Result<Done> Archive(Actor by, Instant now)
    {
        if (!by.Has(RolePermissions.VaultManagers))
            return VaultRefusals.NotVaultManager;
        if (ArchivedAt is not null)
            return Done.Yes;
        ArchivedAt = now;
        Raise(new CredentialArchived(now, by, IdentityId, Id, Label));
        return Done.Yes;
    }
}
