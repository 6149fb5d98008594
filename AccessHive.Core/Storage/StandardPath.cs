using System.Globalization;
using AccessHive.Core.Kernel;
using AccessHive.Core.Policies;
using AccessHive.Core.Requests;
using AccessHive.Core.Vault;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace AccessHive.Core.Storage;

/// <summary>Who has to approve an identity's checkout, and who may: policy and lists read anew whenever it is asked.</summary>
internal static class StandardPath
{
    public static Task<ApprovalPolicy> PolicyAsync(HiveContext db, CancellationToken cancellation) => db.ApprovalPolicies.SingleAsync(cancellation);

    /// <summary>The narrowest list of approvers that covers the identity.</summary>
    public static async Task<ApproverList> ListAsync(HiveContext db, SharedIdentity identity, CancellationToken cancellation)
    {
        var id = Key(identity.Id);
        var lists = await db.ApproverLists.AsNoTracking()
            .Where(l => l.Scope == ApproverScope.Agency
                || (l.Scope == ApproverScope.Identity && l.Key == id)
                || (l.Scope == ApproverScope.Client && l.Key == identity.Client)
                || (l.Scope == ApproverScope.Platform && l.Key == identity.Platform))
            .ToListAsync(cancellation);
        return lists.MaxBy(l => l.Scope)!;
    }

    /// <summary>What is true for a request at this moment, whichever way it goes.</summary>
    public static async Task<Circumstances> CircumstancesAsync(HiveContext db, AccessRequest request, Actor? requester, int runningSessions, Instant now, CancellationToken cancellation)
    {
        if (request.IsEmergency)
        {
            var card = await db.EmergencyPolicies.SingleAsync(cancellation);
            // A review that fell overdue meanwhile makes approval mandatory for what still waits, too.
            var need = (await ReviewDebts.ReadAsync(db, now, cancellation)).IsOverdue ? ApprovalNeed.One : ApprovalNeed.Nobody;
            return new Circumstances(requester is not null && card.Rules.IsEligible(requester.Roles), runningSessions, Approvers.AllDeciders, need);
        }

        var identity = await db.Identities.SingleAsync(i => i.Id == request.IdentityId, cancellation);
        var policy = await PolicyAsync(db, cancellation);
        var list = await ListAsync(db, identity, cancellation);
        return new Circumstances(
            requester?.Has(RolePermissions.CanBeEligible) == true, runningSessions, list.Approvers, policy.Rules.NeedFor(identity.Type, identity.Risk))
        {
            Seconders = await SecondersAsync(db, request, cancellation),
        };
    }

    /// <summary>Who could say yes to somebody's checkout of this identity now, by name; never the requester.</summary>
    public static async Task<IReadOnlyList<Actor>> WhoCouldAsync(
        HiveContext db, SharedIdentity identity, ApprovalNeed need, PersonId requester, CancellationToken cancellation)
        => ApprovalOutlook.Of((await ListAsync(db, identity, cancellation)).Listed, need, requester, await Outlook.ActiveAsync(db, cancellation)).Asked;

    private static async Task<IReadOnlyCollection<Actor>> SecondersAsync(HiveContext db, AccessRequest request, CancellationToken cancellation)
    {
        if (request.Approvals.Count == 0)
            return [];
        var said = request.Approvals.Select(a => a.PersonId).ToList();
        return (await db.People.AsNoTracking().Where(p => said.Contains(p.Id)).ToListAsync(cancellation)).Where(p => p.IsActive).Select(p => p.AsActor()).ToList();
    }

    /// <summary>The terms a session of this request would get by the policy as it is now.</summary>
    public static async Task<PolicyTerms> TermsNowAsync(HiveContext db, AccessRequest request, Instant now, CancellationToken cancellation)
        => request.IsEmergency
            ? PolicyTerms.Of(await db.EmergencyPolicies.SingleAsync(cancellation), await ReviewDebts.ReadAsync(db, now, cancellation))
            : PolicyTerms.Of(await PolicyAsync(db, cancellation), await db.Identities.SingleAsync(i => i.Id == request.IdentityId, cancellation));

    /// <summary>An identity's id as the key of its list.</summary>
    public static string Key(IdentityId id) => id.Value.ToString("D", CultureInfo.InvariantCulture);
}
