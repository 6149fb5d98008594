using AccessHive.Core.Audit;
using AccessHive.Core.Kernel;
using AccessHive.Core.Requests;
using AccessHive.Core.Storage;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace AccessHive.Core.Policies.UseCases;

/// <summary>What the settings card shows.</summary>
/// <param name="Rules">The values in force.</param>
/// <param name="Revision">Which edit this is; an edit names the revision it was made on.</param>
/// <param name="EditedAt">When it was last edited.</param>
/// <param name="EditedBy">Who last edited it.</param>
/// <param name="ActivePeople">The roles of everybody who is active: what a wider list would mean is counted from these.</param>
/// <param name="LapsedLately">How many emergency requests of the last 30 days nobody decided in time (P14).</param>
public sealed record EmergencyCard(EmergencyRules Rules, int Revision, Instant? EditedAt, string? EditedBy, IReadOnlyList<Roles> ActivePeople, int LapsedLately)
{
    /// <summary>The approval window of the standard path, which is always longer (P4).</summary>
    public required Duration StandardWindow { get; init; }

    /// <summary>The numbers of the cases whose review is overdue.</summary>
    public IReadOnlyList<long> Overdue { get; init; } = [];

    /// <summary>From how many lapses on the card says that there is no cover around the clock.</summary>
    public const int TooManyLapses = 2;

    /// <summary>How many people these roles would let break the glass.</summary>
    public int PeopleWith(Roles eligible) => ActivePeople.Count(r => r.HasAny(eligible & RolePermissions.CanBeEligible));

    /// <summary>How many people could decide requests.</summary>
    public int Deciders => ActivePeople.Count(r => r.HasAny(RolePermissions.Deciders));
}

/// <summary>Reads and saves the Break-Glass / Emergency Access card (P1–P5).</summary>
public sealed class EditEmergencyPolicy(Work work, IDbContextFactory<HiveContext> contexts, HiveClock clock)
{
    /// <summary>The card as it is now.</summary>
    public async Task<EmergencyCard> ReadAsync(CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var policy = await db.EmergencyPolicies.AsNoTracking().SingleAsync(cancellation);
        var editor = policy.EditedBy is { } id ? await db.People.Where(p => p.Id == id).Select(p => p.Name).SingleOrDefaultAsync(cancellation) : null;
        var people = await db.People.Where(p => p.JoinedAt != null && p.DisabledAt == null).Select(p => p.Roles).ToListAsync(cancellation);
        var lately = clock.Now - Duration.FromDays(30);
        var lapsed = await db.Requests.CountAsync(r => r.State == RequestState.Lapsed && r.Kind == RequestKind.Emergency && r.RaisedAt > lately, cancellation);
        return new EmergencyCard(policy.Rules, policy.Revision, policy.EditedAt, editor, people, lapsed)
        {
            StandardWindow = (await db.ApprovalPolicies.AsNoTracking().SingleAsync(cancellation)).Rules.Window,
            Overdue = (await ReviewDebts.ReadAsync(db, clock.Now, cancellation)).Overdue,
        };
    }

    /// <summary>Saves the card; in force with the commit. Sessions whose holder is not eligible any more are revoked with it.</summary>
    /// <param name="caller">The editor.</param>
    /// <param name="rules">All values from now on.</param>
    /// <param name="madeOn">The revision the editor was looking at.</param>
    /// <param name="cancellation">Cancels before the commit.</param>
    /// <returns>Done; or what <see cref="EmergencyPolicy.Edit"/> refuses.</returns>
    public Task<Result<Done>> SaveAsync(PersonId caller, EmergencyRules rules, int madeOn, CancellationToken cancellation = default)
        => work.RunAsync(caller, new Attempt("edit the emergency access settings", Emergency: true, Subject.Nothing), async turn =>
        {
            var policy = await turn.Db.EmergencyPolicies.SingleAsync(turn.Cancellation);
            var standard = await StandardPath.PolicyAsync(turn.Db, turn.Cancellation);
            var result = policy.Edit(turn.By, rules, standard.Rules.Window, madeOn, turn.Now);
            if (!result.IsRefused)
                await Tightening.RevokeWhereLostAsync(turn, policy, "The list of roles that may use emergency access was tightened.");
            return result;
        }, cancellation);
}
