using AccessHive.Core.Kernel;
using NodaTime;

namespace AccessHive.Core.Vault;

/// <summary>What kind of account it is.</summary>
public enum IdentityType
{
    /// <summary>An account on somebody else's platform, shared by several people; its password is changed by hand.</summary>
    ExternalShared,

    /// <summary>A shared account whose password AccessHive can change.</summary>
    ManagedShared,

    /// <summary>An account that programs use.</summary>
    ServiceAccount,

    /// <summary>A key for an interface.</summary>
    ApiKey,

    /// <summary>A client id and secret of an OAuth app.</summary>
    OAuthApp,
}

/// <summary>How much harm an account can do in the wrong hands. It decides who approves where the policy is risk-based.</summary>
public enum RiskLevel
{
    /// <summary>Little: no approval.</summary>
    Low,

    /// <summary>Some: one approver.</summary>
    Medium,

    /// <summary>Much: one senior approver, an Owner or Admin.</summary>
    High,

    /// <summary>The client's existence: two different approvers.</summary>
    Critical,
}

/// <summary>What can be done with an identity of a type.</summary>
public static class IdentityTypes
{
    /// <summary>Whether its secrets are only revealed and not checked out: keys that programs use have no holder who checks them in again.</summary>
    public static bool IsRevealOnly(this IdentityType type) => type is IdentityType.ApiKey or IdentityType.OAuthApp;

    /// <summary>Whether it is a shared credential in the sense of the approval policy.</summary>
    public static bool IsShared(this IdentityType type) => type is IdentityType.ExternalShared or IdentityType.ManagedShared;
}

/// <summary>What an editor of an identity types.</summary>
/// <param name="Name">1 to 120 characters, what people call it.</param>
/// <param name="Type">What kind of account.</param>
/// <param name="Platform">Where: Google Ads, Meta … up to 80 characters.</param>
/// <param name="Client">Whose account it is; empty for the agency's own. Up to 120 characters.</param>
/// <param name="Owner">Who answers for it; nobody yet, if null.</param>
/// <param name="Notes">Anything but secrets, up to 2,000 characters.</param>
/// <param name="Risk">How much harm it can do.</param>
public sealed record IdentityDetails(string Name, IdentityType Type, string Platform, string Client, PersonId? Owner, string Notes, RiskLevel Risk = RiskLevel.Medium)
{
    /// <summary>Longest name.</summary>
    public const int NameLength = 120;

    /// <summary>Longest platform.</summary>
    public const int PlatformLength = 80;

    /// <summary>Longest client.</summary>
    public const int ClientLength = 120;

    /// <summary>Longest notes.</summary>
    public const int NotesLength = 2000;

    /// <summary>The same without white space around it.</summary>
    public IdentityDetails Trimmed() => this with { Name = Name.Trim(), Platform = Platform.Trim(), Client = Client.Trim(), Notes = Notes.Trim() };

    /// <summary>Checks lengths.</summary>
    /// <returns>Nothing when they hold; or <c>identity-name-missing</c>, <c>text-too-long</c>.</returns>
    public Refusal? Check()
    {
        if (Name.Length is 0 or > NameLength)
            return VaultRefusals.IdentityNameMissing;
        return Platform.Length > PlatformLength || Client.Length > ClientLength || Notes.Length > NotesLength || !Enum.IsDefined(Type) || !Enum.IsDefined(Risk)
            ? VaultRefusals.TextTooLong
            : null;
    }
}

/// <summary>A client's account that several people work with. Its secrets are kept in its credentials.</summary>
public sealed class SharedIdentity : Aggregate
{
    private SharedIdentity()
    {
    }

    /// <summary>The identity's id.</summary>
    public IdentityId Id { get; private set; }

    /// <summary>What people call it.</summary>
    public string Name { get; private set; } = "";

    /// <summary>What kind of account.</summary>
    public IdentityType Type { get; private set; }

    /// <summary>Where it is an account.</summary>
    public string Platform { get; private set; } = "";

    /// <summary>Whose account it is.</summary>
    public string Client { get; private set; } = "";

    /// <summary>Who answers for it.</summary>
    public PersonId? OwnerId { get; private set; }

    /// <summary>Anything but secrets.</summary>
    public string Notes { get; private set; } = "";

    /// <summary>How much harm it can do.</summary>
    public RiskLevel Risk { get; private set; } = RiskLevel.Medium;

    /// <summary>When it was added.</summary>
    public Instant CreatedAt { get; private set; }

    /// <summary>Since when it is out of use; no access is given to it any more.</summary>
    public Instant? ArchivedAt { get; private set; }

    /// <summary>What its editor would see.</summary>
    public IdentityDetails Details => new(Name, Type, Platform, Client, OwnerId, Notes, Risk);

    /// <summary>Adds an identity.</summary>
    /// <returns>The identity; or <c>not-vault-manager</c>, or what <see cref="IdentityDetails.Check"/> refuses.</returns>
    public static Result<SharedIdentity> Add(Actor by, IdentityDetails details, Instant now)
    {
        if (!by.Has(RolePermissions.VaultManagers))
            return VaultRefusals.NotVaultManager;
        var clean = details.Trimmed();
        if (clean.Check() is { } refused)
            return refused;
        var identity = new SharedIdentity { Id = IdentityId.New(), CreatedAt = now };
        identity.Take(clean);
        identity.Raise(new IdentityAdded(now, by, identity.Id, clean));
        return identity;
    }

    /// <summary>Changes what is known about it.</summary>
    /// <param name="by">The editor, with fresh roles.</param>
    /// <param name="details">All values from now on.</param>
    /// <param name="madeOn">The <see cref="Aggregate.Version"/> the editor was looking at.</param>
    /// <param name="now">The transaction's instant.</param>
    /// <returns>Done; or <c>not-vault-manager</c>, <c>identity-changed-meanwhile</c>, or what <see cref="IdentityDetails.Check"/> refuses.</returns>
    public Result<Done> Edit(Actor by, IdentityDetails details, long madeOn, Instant now)
    {
        if (!by.Has(RolePermissions.VaultManagers))
            return VaultRefusals.NotVaultManager;
        if (madeOn != Version)
            return VaultRefusals.IdentityChangedMeanwhile;
        var clean = details.Trimmed();
        if (clean.Check() is { } refused)
            return refused;
        var before = Details;
        if (clean == before)
            return Done.Yes;
        Take(clean);
        Raise(new IdentityEdited(now, by, Id, before, clean));
        return Done.Yes;
    }

    /// <summary>Takes it out of use, or back into use.</summary>
    /// <returns>Done; or <c>not-vault-manager</c>.</returns>
    public Result<Done> Archive(Actor by, bool archived, Instant now)
    {
        if (!by.Has(RolePermissions.VaultManagers))
            return VaultRefusals.NotVaultManager;
        if (archived == ArchivedAt is not null)
            return Done.Yes;
        ArchivedAt = archived ? now : null;
        Raise(new IdentityArchived(now, by, Id, Name, archived));
        return Done.Yes;
    }

    private void Take(IdentityDetails details)
        => (Name, Type, Platform, Client, OwnerId, Notes, Risk) = (details.Name, details.Type, details.Platform, details.Client, details.Owner, details.Notes, details.Risk);
}
