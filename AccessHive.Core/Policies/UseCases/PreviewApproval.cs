using AccessHive.Core.Agency;
using AccessHive.Core.Kernel;
using AccessHive.Core.Requests;
using AccessHive.Core.Storage;
using AccessHive.Core.Vault;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace AccessHive.Core.Policies.UseCases;

/// <summary>Values that somebody is typing; nothing where those in force count.</summary>
/// <param name="Rules">The card.</param>
/// <param name="List">One list of approvers.</param>
public sealed record Unsaved(ApprovalRules? Rules = null, ListedApprovers? List = null)
{
    /// <summary>Nothing is being typed.</summary>
    public static Unsaved Nothing { get; } = new();
}

/// <summary>Somebody who would be asked.</summary>
/// <param name="Id">Who.</param>
/// <param name="Name">Their name.</param>
/// <param name="Roles">Their roles.</param>
/// <param name="IsHere">Whether they have a page open now.</param>
public sealed record AskedPerson(PersonId Id, string Name, Roles Roles, bool IsHere);

/// <summary>The answer to "who would be asked for this identity by this person, now?".</summary>
/// <param name="Identity">Which identity.</param>
/// <param name="IdentityName">Its name.</param>
/// <param name="Risk">Its risk.</param>
/// <param name="Person">Who would ask.</param>
/// <param name="PersonName">Their name.</param>
/// <param name="Refused">Why they could not even ask.</param>
/// <param name="Scope">Whose list counts.</param>
/// <param name="ListName">Its name; empty for the agency's.</param>
/// <param name="Everybody">Whether that list admits everybody whose role decides.</param>
/// <param name="Need">Who has to say yes.</param>
/// <param name="Mode">The mode that says so.</param>
/// <param name="BecauseShared">Whether it is only asked for because shared credentials require approval.</param>
/// <param name="Asked">Who would be asked, by name; never whoever asks.</param>
/// <param name="Shortfall">Why that would not be enough.</param>
/// <param name="Window">How long they would have.</param>
/// <param name="DecideBy">Until when, if the request were raised now.</param>
/// <param name="Longest">How long the session would last at most.</param>
/// <param name="Extension">By how much it could be extended, once; zero for never.</param>
public sealed record ApprovalPreview(
    IdentityId Identity, string IdentityName, RiskLevel Risk, PersonId Person, string PersonName, Refusal? Refused, ApproverScope Scope, string ListName, bool Everybody,
    ApprovalNeed Need, ApprovalMode Mode, bool BecauseShared, IReadOnlyList<AskedPerson> Asked, Shortfall Shortfall, Duration Window, Instant DecideBy, Duration Longest, Duration Extension);

/// <summary>Answers who would be asked (P15), by the same rules that decide it when somebody really asks.</summary>
public sealed class PreviewApproval(IDbContextFactory<HiveContext> contexts, HiveClock clock, IPresence presence)
{
    /// <summary>The answer; nothing, if there is no such identity or person.</summary>
    /// <param name="identityId">What would be checked out.</param>
    /// <param name="personId">Who would ask.</param>
    /// <param name="unsaved">Values to try instead of those in force.</param>
    /// <param name="cancellation">Cancels the query.</param>
    public async Task<ApprovalPreview?> ReadAsync(IdentityId identityId, PersonId personId, Unsaved unsaved, CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var identity = await db.Identities.AsNoTracking().SingleOrDefaultAsync(i => i.Id == identityId, cancellation);
        var person = await db.People.AsNoTracking().SingleOrDefaultAsync(p => p.Id == personId, cancellation);
        if (identity is null || person is null)
            return null;
        var rules = unsaved.Rules ?? (await db.ApprovalPolicies.AsNoTracking().SingleAsync(cancellation)).Rules;
        var outlook = await Outlook.OfAsync(db, identity, personId, rules, unsaved.List, cancellation);
        var here = presence.Here();
        return new ApprovalPreview(
            identityId, identity.Name, identity.Risk, personId, person.Name, await RefusedAsync(db, identity, person, cancellation),
            outlook.List.Scope, await Outlook.NameAsync(db, outlook.List, cancellation), outlook.List.Approvers.Everybody,
            outlook.Need, rules.Mode, (rules with { SharedNeedApproval = false }).NeedFor(identity.Type, identity.Risk) != outlook.Need,
            [.. outlook.Asked.Select(a => new AskedPerson(a.Id!.Value, a.Name, a.Roles, here.Contains(a.Id.Value)))], outlook.Shortfall,
            rules.Window, clock.Now + rules.Window, rules.LongestFor(identity.Type), rules.ExtensionFor(identity.Type));
    }

    // As a person would meet it: nobody asks who may not act, nothing is asked for that can't be given.
    private static async Task<Refusal?> RefusedAsync(HiveContext db, SharedIdentity identity, Person person, CancellationToken cancellation)
    {
        if (!person.IsActive)
            return AgencyRefusals.PersonDisabled;
        if (!person.Roles.HasAny(RolePermissions.CanBeEligible))
            return RequestRefusals.AuditorHoldsNothing;
        if (identity.ArchivedAt is not null)
            return VaultRefusals.Archived;
        return await db.Credentials.AnyAsync(c => c.IdentityId == identity.Id && c.ArchivedAt == null, cancellation) ? null : VaultRefusals.CredentialNotFound;
    }
}
