using AccessHive.Core.Kernel;
using AccessHive.Core.Policies;
using AccessHive.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace AccessHive.Core.Agency.UseCases;

/// <summary>Who somebody is, and what is offered to them.</summary>
/// <param name="Id">The person.</param>
/// <param name="Name">Their name.</param>
/// <param name="Email">Their address.</param>
/// <param name="Roles">Their roles; none when they are not active.</param>
/// <param name="Rules">The card as it counts now: whether they are eligible follows from it, and that approval is mandatory while a review is overdue.</param>
/// <param name="Agency">The agency's name.</param>
/// <param name="IsDemo">Whether this is the demo.</param>
public sealed record Identified(PersonId Id, string Name, string Email, Roles Roles, EmergencyRules Rules, string Agency, bool IsDemo);

/// <summary>Says who is on a page. What they may do is decided again by every use case.</summary>
public sealed class Whoami(IDbContextFactory<HiveContext> contexts, HiveClock clock)
{
    /// <summary>The person as the database knows them now; nothing, if there is no such person.</summary>
    public async Task<Identified?> ReadAsync(PersonId id, CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        if (await db.People.AsNoTracking().SingleOrDefaultAsync(p => p.Id == id, cancellation) is not { } person)
            return null;
        var policy = await db.EmergencyPolicies.AsNoTracking().SingleAsync(cancellation);
        var agency = await db.Agency.AsNoTracking().SingleAsync(cancellation);
        return new Identified(id, person.Name, person.Email, person.IsActive ? person.Roles : Roles.None, (await ReviewDebts.ReadAsync(db, clock.Now, cancellation)).InForce(policy.Rules), agency.Name, agency.IsDemo);
    }

    /// <summary>The agency's name for pages outside; nothing, while it isn't founded.</summary>
    public async Task<(string Name, bool IsDemo)?> AgencyAsync(CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        return await db.Agency.AsNoTracking().SingleOrDefaultAsync(cancellation) is { } agency ? (agency.Name, agency.IsDemo) : null;
    }
}
