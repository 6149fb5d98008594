namespace AccessHive.Core.Kernel;

/// <summary>
/// What a person may do in the agency; a person may hold several (product.md, "Roles"). Separation of duties is
/// enforced per event and never by a role alone.
/// </summary>
[Flags]
public enum Roles
{
    /// <summary>No role.</summary>
    None = 0,

    /// <summary>Answers for the agency; there is always at least one.</summary>
    Owner = 1,

    /// <summary>Runs the product: people, settings, policies.</summary>
    Admin = 2,

    /// <summary>Decides other people's requests.</summary>
    Approver = 4,

    /// <summary>Keeps identities and credentials.</summary>
    IdentityManager = 8,

    /// <summary>Reviews, revokes, reads the trail.</summary>
    SecurityOwner = 16,

    /// <summary>Reads the trail; never holds access.</summary>
    Auditor = 32,

    /// <summary>Works with the identities.</summary>
    Member = 64,
}

/// <summary>The permission table of product.md, "Roles", in one place.</summary>
public static class RolePermissions
{
    /// <summary>Every role there is.</summary>
    public const Roles All = Roles.Owner | Roles.Admin | Roles.Approver | Roles.IdentityManager | Roles.SecurityOwner | Roles.Auditor | Roles.Member;

    /// <summary>Who may decide requests that are not their own.</summary>
    public const Roles Deciders = Roles.Owner | Roles.Admin | Roles.Approver;

    /// <summary>Whose approval counts where a senior one is needed.</summary>
    public const Roles Seniors = Roles.Owner | Roles.Admin;

    /// <summary>Who may edit settings and policies (P1).</summary>
    public const Roles SettingsEditors = Roles.Owner | Roles.Admin;

    /// <summary>Who may manage people.</summary>
    public const Roles PeopleManagers = Roles.Owner | Roles.Admin;

    /// <summary>Who may manage identities and credentials.</summary>
    public const Roles VaultManagers = Roles.Owner | Roles.Admin | Roles.IdentityManager;

    /// <summary>Who may revoke any running session.</summary>
    public const Roles Revokers = Roles.Owner | Roles.Admin | Roles.SecurityOwner;

    /// <summary>Who reads the whole trail.</summary>
    public const Roles TrailReaders = Roles.Owner | Roles.Admin | Roles.SecurityOwner | Roles.Auditor;

    /// <summary>Who may review an emergency that is not their own and that they did not approve (P12).</summary>
    public const Roles Reviewers = Roles.Owner | Roles.Admin | Roles.SecurityOwner;

    /// <summary>Who reads every case; everybody else their own, and those they decided.</summary>
    public const Roles CaseReaders = Reviewers | Roles.Auditor;

    /// <summary>Who may be made eligible for emergency access: anybody but an Auditor.</summary>
    public const Roles CanBeEligible = All & ~Roles.Auditor;

    /// <summary>Whether these roles share at least one with the others.</summary>
    public static bool HasAny(this Roles roles, Roles others) => (roles & others) != Roles.None;

    /// <summary>The single roles in this set, in the order of the product's table.</summary>
    public static IEnumerable<Roles> Each(this Roles roles) => Enum.GetValues<Roles>().Where(r => r != Roles.None && (roles & r) == r);
}
