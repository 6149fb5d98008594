using AccessHive.Core.Kernel;
using AccessHive.Core.Policies;
using AccessHive.Core.Storage;
using AccessHive.Core.Vault;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace AccessHive.Core.Requests.UseCases;

/// <summary>What the dialog says before somebody checks out in the usual way (P15).</summary>
/// <param name="Identity">The identity.</param>
/// <param name="IdentityName">Its name.</param>
/// <param name="Client">Whose account it is.</param>
/// <param name="RevealOnly">Whether its secret is only revealed: nothing to check in, nothing to extend.</param>
/// <param name="Credentials">What can be asked for; at least one.</param>
/// <param name="Need">Who has to say yes.</param>
/// <param name="Approvers">Who could, by name; never whoever asks.</param>
/// <param name="Window">How long they may take.</param>
/// <param name="Longest">How long access lasts at most.</param>
/// <param name="Extension">By how much it can be extended, once; zero for never.</param>
public sealed record CheckoutOffer(
    IdentityId Identity, string IdentityName, string Client, bool RevealOnly, IReadOnlyList<OfferedCredential> Credentials, ApprovalNeed Need,
    IReadOnlyList<string> Approvers, Duration Window, Duration Longest, Duration Extension)
{
    private static readonly int[] Steps = [5, 10, 15, 30, 60, 120, 240, 480, 720, 1440];

    /// <summary>The lengths that can be asked for, up to the longest, which is always one of them.</summary>
    public IReadOnlyList<Duration> Durations
    {
        get
        {
            var most = (int)Longest.TotalMinutes;
            return [.. Steps.Where(s => s < most).TakeLast(4).Append(most).Select(m => Duration.FromMinutes(m))];
        }
    }

    /// <summary>Whether fewer people than needed could say yes: the request would wait until it lapses.</summary>
    public bool NobodyCould => Approvers.Count < Need.Approvals;
}

/// <summary>Prepares the dialog.</summary>
public sealed class CheckoutOffers(IDbContextFactory<HiveContext> contexts)
{
    /// <summary>What can be asked for on this identity; nothing, if there is no such identity or it is out of use.</summary>
    public async Task<CheckoutOffer?> ReadAsync(PersonId caller, IdentityId id, CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var identity = await db.Identities.AsNoTracking().SingleOrDefaultAsync(i => i.Id == id && i.ArchivedAt == null, cancellation);
        var credentials = await db.Credentials.Where(c => c.IdentityId == id && c.ArchivedAt == null).OrderBy(c => c.Id)
            .Select(c => new OfferedCredential(c.Id, c.Label, c.UserName)).ToListAsync(cancellation);
        if (identity is null || credentials.Count == 0)
            return null;
        var rules = (await db.ApprovalPolicies.AsNoTracking().SingleAsync(cancellation)).Rules;
        var need = rules.NeedFor(identity.Type, identity.Risk);
        var approvers = need.Approvals == 0 ? [] : await StandardPath.WhoCouldAsync(db, identity, need, caller, cancellation);
        return new CheckoutOffer(
            id, identity.Name, identity.Client, identity.Type.IsRevealOnly(), credentials, need, [.. approvers.Select(a => a.Name)],
            rules.Window, rules.LongestFor(identity.Type), rules.ExtensionFor(identity.Type));
    }
}
