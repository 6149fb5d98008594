using AccessHive.Core.Kernel;
using NodaTime;

namespace AccessHive.Core.Vault;

/// <summary>A field beside the main secret: which version is in force, since when.</summary>
public sealed class CredentialField
{
    /// <summary>The credential it belongs to.</summary>
    public CredentialId CredentialId { get; init; }

    /// <summary>What it is; never <see cref="FieldKind.Secret"/>.</summary>
    public FieldKind Kind { get; init; }

    /// <summary>The version in force, from 1; 0 while the field is not kept.</summary>
    public int CurrentVersion { get; set; }

    /// <summary>The highest version that was ever sealed.</summary>
    public int LastVersion { get; set; }

    /// <summary>Since when this version is in force.</summary>
    public Instant ChangedAt { get; set; }

    /// <summary>Recovery codes: how many were entered.</summary>
    public int Total { get; set; }

    /// <summary>Recovery codes: how many are left. They are used in the order in which they were entered.</summary>
    public int Left { get; set; }
}

/// <summary>
/// A way into an identity: one main secret, and what lies beside it. Secrets are only here in sealed form, one
/// <see cref="SealedSecret"/> for each field and version. From the first reveal on it is exposed, until a rotation of the
/// main secret was verified (product.md, "Rules that hold everywhere").
/// </summary>
public sealed class Credential : Aggregate
{
    /// <summary>Longest secret, in bytes of UTF-8.</summary>
    public const int SecretLength = 8192;

    private readonly List<SealedSecret> versions = [];
    private readonly List<CredentialField> fields = [];

    private Credential()
    {
    }

    /// <summary>The credential's id.</summary>
    public CredentialId Id { get; private set; }

    /// <summary>The identity it belongs to.</summary>
    public IdentityId IdentityId { get; private set; }

    /// <summary>What kind of credential.</summary>
    public CredentialType Type { get; private set; }

    /// <summary>What it is.</summary>
    public string Label { get; private set; } = "";

    /// <summary>The name to sign in with.</summary>
    public string UserName { get; private set; } = "";

    /// <summary>Where to sign in.</summary>
    public string Address { get; private set; } = "";

    /// <summary>How and after what its main secret is changed.</summary>
    public RotationPlan Plan { get; private set; } = RotationPlan.Usual;

    /// <summary>The version of the main secret in force, from 1.</summary>
    public int CurrentVersion { get; private set; }

    /// <summary>The highest version of the main secret that was ever sealed; one that a rotation has staged is not in force yet.</summary>
    public int LastVersion { get; private set; }

    /// <summary>The version that a rotation last verified at the target; 0 when none ever was.</summary>
    public int VerifiedVersion { get; private set; }

    /// <summary>When that was.</summary>
    public Instant? VerifiedAt { get; private set; }

    /// <summary>When the main secret was last changed.</summary>
    public Instant SecretChangedAt { get; private set; }

    /// <summary>The first reveal since the last verified rotation; null while nobody has seen the secret.</summary>
    public Instant? ExposedSince { get; private set; }

    /// <summary>Whether one of those reveals was in an emergency.</summary>
    public bool ExposedInEmergency { get; private set; }

    /// <summary>Since when it is out of use.</summary>
    public Instant? ArchivedAt { get; private set; }

    /// <summary>The sealed versions that were loaded.</summary>
    public IReadOnlyList<SealedSecret> Versions => versions;

    /// <summary>What lies beside the main secret, as far as it was loaded.</summary>
    public IReadOnlyList<CredentialField> Fields => fields;

    /// <summary>What its editor would see.</summary>
    public CredentialDetails Details => new(Label, UserName, Address, Type);

    /// <summary>The version that a new main secret would have.</summary>
    public int NextVersion => LastVersion + 1;

    /// <summary>Whether sessions of this kind are followed by a rotation (product.md, "Defaults": rotation due).</summary>
    public bool RotatesAfterWhatWasSeen => ExposedSince is not null && (ExposedInEmergency || Plan.After == RotateAfter.EverySession);

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
        credential.Take(clean);
        credential.Raise(new CredentialAdded(now, by, identity.Id, identity.Name, credential.Id, clean.Label));
        return credential;
    }

    /// <summary>Changes what is known about it, not the secret. The fields must have been loaded.</summary>
    /// <returns>Done; or <c>not-vault-manager</c>, <c>field-not-kept</c> when codes lie beside it that the new type can't have, or what <see cref="CredentialDetails.Check"/> refuses.</returns>
    public Result<Done> Edit(Actor by, CredentialDetails details, Instant now)
    {
        if (!by.Has(RolePermissions.VaultManagers))
            return VaultRefusals.NotVaultManager;
        var clean = details.Trimmed();
        if (clean.Check() is { } refused)
            return refused;
        if (clean == Details)
            return Done.Yes;
        if (!clean.Type.HasCodes() && fields.Exists(f => f.CurrentVersion > 0 && f.Kind is FieldKind.TotpSeed or FieldKind.RecoveryCodes))
            return VaultRefusals.FieldNotKept;
        Take(clean);
        Raise(new CredentialEdited(now, by, IdentityId, Id, Label));
        return Done.Yes;
    }

    /// <summary>
    /// Puts a new main secret in force that a person says is right. The caller seals it for <see cref="NextVersion"/>.
    /// Nobody has verified it, so an exposed credential stays exposed.
    /// </summary>
    /// <returns>Done; or <c>not-vault-manager</c>.</returns>
    public Result<Done> ChangeSecret(Actor by, SealedSecret sealedSecret, Instant now)
    {
        if (!by.Has(RolePermissions.VaultManagers))
            return VaultRefusals.NotVaultManager;
        Keep(sealedSecret);
        CurrentVersion = sealedSecret.Version;
        SecretChangedAt = now;
        Raise(new CredentialSecretChanged(now, by, IdentityId, Id, Label, CurrentVersion));
        return Done.Yes;
    }

    /// <summary>The version that a new value of this field would have. The fields must have been loaded.</summary>
    public int NextVersionOf(FieldKind kind) => kind == FieldKind.Secret ? NextVersion : (FieldOf(kind)?.LastVersion ?? 0) + 1;

    /// <summary>A field beside the main secret, if it is kept.</summary>
    public CredentialField? FieldOf(FieldKind kind) => fields.Find(f => f.Kind == kind);

    /// <summary>Puts a new value of a field beside the main secret in force. The caller seals it for <see cref="NextVersionOf"/>.</summary>
    /// <param name="by">Who entered it, with fresh roles.</param>
    /// <param name="value">The sealed value.</param>
    /// <param name="codes">Recovery codes: how many there are.</param>
    /// <param name="now">The transaction's instant.</param>
    /// <returns>Done; or <c>not-vault-manager</c>, <c>field-not-kept</c>.</returns>
    public Result<Done> ChangeField(Actor by, SealedSecret value, int codes, Instant now)
    {
        if (!by.Has(RolePermissions.VaultManagers))
            return VaultRefusals.NotVaultManager;
        if (!Keeps(value.Field))
            return VaultRefusals.FieldNotKept;
        if (value.Version != NextVersionOf(value.Field) || value.CredentialId != Id)
            throw new InvalidOperationException("Sealed for another credential or version.");
        var field = FieldOf(value.Field);
        if (field is null)
            fields.Add(field = new CredentialField { CredentialId = Id, Kind = value.Field });
        versions.Add(value);
        (field.CurrentVersion, field.LastVersion, field.ChangedAt, field.Total, field.Left) = (value.Version, value.Version, now, codes, codes);
        Raise(new CredentialFieldChanged(now, by, IdentityId, Id, Label, value.Field, value.Version, codes));
        return Done.Yes;
    }

    /// <summary>Keeps a field beside the main secret no longer; its old versions stay sealed.</summary>
    /// <returns>Done; or <c>not-vault-manager</c>.</returns>
    public Result<Done> RemoveField(Actor by, FieldKind kind, Instant now)
    {
        if (!by.Has(RolePermissions.VaultManagers))
            return VaultRefusals.NotVaultManager;
        if (FieldOf(kind) is not { CurrentVersion: > 0 } field)
            return Done.Yes;
        (field.CurrentVersion, field.Total, field.Left) = (0, 0, 0);
        Raise(new CredentialFieldRemoved(now, by, IdentityId, Id, Label, kind));
        return Done.Yes;
    }

    /// <summary>Uses up the next recovery code.</summary>
    /// <returns>Which one it is, from 0; or <c>no-code-left</c>.</returns>
    public Result<int> TakeRecoveryCode()
    {
        if (FieldOf(FieldKind.RecoveryCodes) is not { CurrentVersion: > 0, Left: > 0 } codes)
            return VaultRefusals.NoCodeLeft;
        codes.Left--;
        return codes.Total - codes.Left - 1;
    }

    /// <summary>Decides how and after what the main secret is changed.</summary>
    /// <returns>Done; or <c>not-vault-manager</c>, or what <see cref="RotationPlan.Check"/> refuses.</returns>
    public Result<Done> EditPlan(Actor by, RotationPlan plan, Instant now)
    {
        if (!by.Has(RolePermissions.VaultManagers))
            return VaultRefusals.NotVaultManager;
        var clean = plan.Trimmed();
        if (clean.Check() is { } refused)
            return refused;
        if (clean == Plan)
            return Done.Yes;
        Plan = clean;
        Raise(new RotationPlanned(now, by, IdentityId, Id, Label, clean));
        return Done.Yes;
    }

    /// <summary>Somebody has seen the main secret: from the first time on it is exposed.</summary>
    /// <param name="inEmergency">Whether the session was an emergency.</param>
    /// <param name="now">The reveal.</param>
    public void Expose(bool inEmergency, Instant now)
    {
        ExposedSince ??= now;
        ExposedInEmergency |= inEmergency;
    }

    /// <summary>Keeps the secret that a rotation is about to set. It is not in force: step one of four (security.md, "Rotation").</summary>
    public void Stage(SealedSecret pending) => Keep(pending);

    /// <summary>Puts the staged version in force, because it logged in: step four of four. The exposure is over.</summary>
    public void Promote(int version, Instant now)
    {
        (CurrentVersion, SecretChangedAt, VerifiedVersion, VerifiedAt) = (version, now, version, now);
        (ExposedSince, ExposedInEmergency) = (null, false);
    }

    /// <summary>Puts an older version back in force, because it is the one that logs in.</summary>
    public void FallBack(int version, Instant now) => (CurrentVersion, SecretChangedAt) = (version, now);

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

    private bool Keeps(FieldKind kind) => kind switch
    {
        FieldKind.TotpSeed or FieldKind.RecoveryCodes => Type.HasCodes(),
        FieldKind.ConnectorKey => true,
        _ => false,
    };

    private void Keep(SealedSecret secret)
    {
        if (secret.Version != NextVersion || secret.CredentialId != Id || secret.Field != FieldKind.Secret)
            throw new InvalidOperationException("Sealed for another credential, field or version.");
        versions.Add(secret);
        LastVersion = secret.Version;
    }

    private void Take(CredentialDetails details) => (Label, UserName, Address, Type) = (details.Label, details.UserName, details.Address, details.Type);
}
