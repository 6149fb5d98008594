using AccessHive.Core.Kernel;

namespace AccessHive.Web.Features.Agency;

/// <summary>What a role is for, for whoever gives it to somebody.</summary>
public static class RoleWords
{
    /// <summary>One sentence about one role.</summary>
    public static string About(Roles role) => role switch
    {
        Roles.Owner => "Answers for the agency: everything an Admin may, and makes other owners.",
        Roles.Admin => "Runs AccessHive: people, settings, identities. Decides requests.",
        Roles.Approver => "Decides other people's requests.",
        Roles.IdentityManager => "Keeps identities and their credentials.",
        Roles.SecurityOwner => "Reviews emergencies, revokes sessions, reads the audit trail.",
        Roles.Auditor => "Reads the audit trail. Never holds access.",
        Roles.Member => "Works with the identities.",
        _ => "",
    };
}
