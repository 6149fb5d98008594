using AccessHive.Core.Kernel;

namespace AccessHive.Web.Demo;

/// <summary>One of the people a visitor can be.</summary>
/// <param name="Name">Their name.</param>
/// <param name="Email">The address they sign in with.</param>
/// <param name="Roles">What they may do.</param>
/// <param name="Who">One sentence: who they are, and what to try as them.</param>
public sealed record CastMember(string Name, string Email, Roles Roles, string Who);

/// <summary>The people of Northlight, the demo's agency. All share one password, which the sign-in page shows.</summary>
public static class DemoCast
{
    /// <summary>Everybody's password, in the demo only.</summary>
    public const string Password = "northlight-by-night";

    /// <summary>The agency.</summary>
    public const string Agency = "Northlight";

    /// <summary>The zone in which its week is reckoned.</summary>
    public const string Zone = "Europe/Oslo";

    /// <summary>The first owner.</summary>
    public static CastMember Ingrid { get; } = new("Ingrid Halvorsen", "ingrid@northlight.example", Roles.Owner,
        "Founded the agency: decide the urgent request that is waiting, then open Settings > Emergency Access.");

    /// <summary>The second owner.</summary>
    public static CastMember Tomasz { get; } = new("Tomasz Zieliński", "tomasz@northlight.example", Roles.Owner,
        "Co-owner in the middle of an emergency: watch the countdown, reveal a credential, end the session.");

    /// <summary>The admin.</summary>
    public static CastMember Amara { get; } = new("Amara Okafor", "amara@northlight.example", Roles.Admin,
        "Runs the product and has just broken the glass herself: see what waiting for a decision looks like.");

    /// <summary>An approver.</summary>
    public static CastMember Priya { get; } = new("Priya Raghunathan", "priya@northlight.example", Roles.Approver,
        "Approver on duty: the urgent request is on every page she opens – approve it or deny it.");

    /// <summary>Another approver.</summary>
    public static CastMember Mateo { get; } = new("Mateo Fuentes", "mateo@northlight.example", Roles.Approver,
        "The other approver: open the inbox next to Priya's and see who decides first.");

    /// <summary>The identity manager.</summary>
    public static CastMember Yuki { get; } = new("Yuki Tanaka", "yuki@northlight.example", Roles.IdentityManager,
        "Keeps the clients' accounts: add an identity, change a secret, ask for emergency access.");

    /// <summary>The security owner.</summary>
    public static CastMember Sofia { get; } = new("Sofia Lindqvist", "sofia@northlight.example", Roles.SecurityOwner,
        "Answers for security: revoke the running session and read why earlier ones ended.");

    /// <summary>Approver and identity manager at once.</summary>
    public static CastMember Leila { get; } = new("Leila Haddad", "leila@northlight.example", Roles.Approver | Roles.IdentityManager,
        "Two roles in one person: ask for emergency access, then try to approve it yourself.");

    /// <summary>The auditor.</summary>
    public static CastMember Kwame { get; } = new("Kwame Mensah", "kwame@northlight.example", Roles.Auditor,
        "Reads everything and holds nothing: filter the audit trail to emergencies and open an entry.");

    /// <summary>A member.</summary>
    public static CastMember Chloe { get; } = new("Chloé Bernard", "chloe@northlight.example", Roles.Member,
        "Works with the accounts every day: open an identity and see why she can't break the glass, and whom to ask.");

    /// <summary>A member who was disabled for a day.</summary>
    public static CastMember Rohan { get; } = new("Rohan Mehta", "rohan@northlight.example", Roles.Member,
        "A freelancer who was disabled for a day and let back in: find it on his own page of the trail.");

    /// <summary>Everybody a visitor can sign in as.</summary>
    public static IReadOnlyList<CastMember> All { get; } = [Ingrid, Tomasz, Amara, Priya, Mateo, Yuki, Sofia, Leila, Kwame, Chloe, Rohan];

    /// <summary>Whom a newcomer is offered first; the waiting request is never theirs.</summary>
    public static CastMember First => Ingrid;

    /// <summary>Somebody who was invited and has not joined; nobody can sign in as her.</summary>
    public static CastMember Invited { get; } = new("Sarah Abernathy", "sarah@northlight.example", Roles.Member | Roles.Approver,
        "Invited, and has not joined yet.");
}
