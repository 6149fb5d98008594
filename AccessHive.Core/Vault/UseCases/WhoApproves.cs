using AccessHive.Core.Kernel;
using AccessHive.Core.Policies;
using AccessHive.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace AccessHive.Core.Vault.UseCases;

/// <summary>Who would be asked when somebody checks an identity out.</summary>
/// <param name="Scope">Whose list counts.</param>
/// <param name="ListName">Its name; empty for the agency's.</param>
/// <param name="Need">Who has to say yes.</param>
/// <param name="Names">Who would be asked.</param>
/// <param name="Shortfall">Why that would not be enough.</param>
public sealed record ApprovedBy(ApproverScope Scope, string ListName, ApprovalNeed Need, IReadOnlyList<string> Names, Shortfall Shortfall);

/// <summary>Answers by whom an identity's checkouts are approved, for the person who looks.</summary>
public sealed class WhoApproves(IDbContextFactory<HiveContext> contexts)
{
    /// <summary>The answer; nothing, if there is no such identity.</summary>
    public async Task<ApprovedBy?> ReadAsync(PersonId caller, IdentityId id, CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        if (await db.Identities.AsNoTracking().SingleOrDefaultAsync(i => i.Id == id, cancellation) is not { } identity)
            return null;
        var outlook = await Outlook.OfAsync(db, identity, caller, rules: null, list: null, cancellation);
        return new ApprovedBy(outlook.List.Scope, await Outlook.NameAsync(db, outlook.List, cancellation), outlook.Need, [.. outlook.Asked.Select(a => a.Name)], outlook.Shortfall);
    }
}
