using AccessHive.Core.Kernel;
using AccessHive.Core.Policies;
using AccessHive.Core.Vault;
using Microsoft.EntityFrameworkCore;

namespace AccessHive.Core.Storage;

/// <summary>Who would be asked, by what is true now; with values that are not saved yet, if there are some.</summary>
internal static class Outlook
{
    /// <param name="db">The database.</param>
    /// <param name="identity">What would be checked out.</param>
    /// <param name="requester">Who would ask.</param>
    /// <param name="rules">Rules to try instead of those in force.</param>
    /// <param name="list">A list to try; it takes the place of the one for the same, or stands beside the others.</param>
    /// <param name="cancellation">Cancels the query.</param>
    public static async Task<ApprovalOutlook> OfAsync(
        HiveContext db, SharedIdentity identity, PersonId requester, ApprovalRules? rules, ListedApprovers? list, CancellationToken cancellation)
    {
        rules ??= (await db.ApprovalPolicies.AsNoTracking().SingleAsync(cancellation)).Rules;
        var counts = (await StandardPath.ListAsync(db, identity, cancellation)).Listed;
        if (list is not null && list.Scope >= counts.Scope && list.Covers(identity.Id, identity.Client, identity.Platform))
            counts = list;
        return ApprovalOutlook.Of(counts, rules.NeedFor(identity.Type, identity.Risk), requester, await ActiveAsync(db, cancellation));
    }

    /// <summary>Everybody active, by name.</summary>
    public static async Task<IReadOnlyList<Actor>> ActiveAsync(HiveContext db, CancellationToken cancellation)
        => [.. (await db.People.AsNoTracking().Where(p => p.JoinedAt != null && p.DisabledAt == null).OrderBy(p => p.Name).ThenBy(p => p.Id).ToListAsync(cancellation)).Select(p => p.AsActor())];

    /// <summary>What a list is called: the client, the platform, the identity; nothing for the agency's.</summary>
    public static async Task<string> NameAsync(HiveContext db, ListedApprovers list, CancellationToken cancellation)
        => list.Scope == ApproverScope.Identity && Guid.TryParse(list.Key, out var key)
            ? await db.Identities.Where(i => i.Id == new IdentityId(key)).Select(i => i.Name).SingleOrDefaultAsync(cancellation) ?? list.Key
            : list.Key;
}
