using AccessHive.Core.Audit;
using AccessHive.Core.Kernel;
using AccessHive.Core.Storage;
using AccessHive.Core.Vault;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace AccessHive.Core.Policies.UseCases;

/// <summary>What the Approval Policies card shows.</summary>
/// <param name="Rules">The values in force.</param>
/// <param name="Revision">Which edit this is; an edit names the revision it was made on.</param>
/// <param name="EditedAt">When it was last edited.</param>
/// <param name="EditedBy">Who last edited it.</param>
/// <param name="EmergencyWindow">The approval window of the emergency card, which stays shorter (P4).</param>
/// <param name="Holders">How many active people may check out at all: everybody but those who are only Auditors.</param>
/// <param name="Covered">What is kept, by what makes a difference to the policy: consequences are counted from it.</param>
public sealed record ApprovalCard(
    ApprovalRules Rules, int Revision, Instant? EditedAt, string? EditedBy, Duration EmergencyWindow, int Holders, IReadOnlyList<Covered> Covered)
{
    /// <summary>How many identities are in use.</summary>
    public int Identities => Covered.Sum(c => c.Identities);

    /// <summary>How many of them are shared credentials.</summary>
    public int Shared => Covered.Where(c => c.Type.IsShared()).Sum(c => c.Identities);

    /// <summary>How many identities would need exactly this.</summary>
    public int Needing(ApprovalRules rules, ApprovalNeed need) => Covered.Where(c => rules.NeedFor(c.Type, c.Risk) == need).Sum(c => c.Identities);

    /// <summary>How many identities are of this risk.</summary>
    public int OfRisk(RiskLevel risk) => Covered.Where(c => c.Risk == risk).Sum(c => c.Identities);

    /// <summary>What nobody, or too few, could approve under these rules.</summary>
    public IReadOnlyList<Gap> Gaps(ApprovalRules rules) => Gap.Of(rules, Covered);

    /// <summary>What these rules would put out of reach that is within it now.</summary>
    public IReadOnlyList<Gap> Opened(ApprovalRules rules) => Gap.Opened(Rules, rules, Covered);
}

/// <summary>Reads and saves the Approval Policies card (P15).</summary>
public sealed class EditApprovalPolicy(Work work, IDbContextFactory<HiveContext> contexts)
{
    /// <summary>The card as it is now.</summary>
    public async Task<ApprovalCard> ReadAsync(CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var policy = await db.ApprovalPolicies.AsNoTracking().SingleAsync(cancellation);
        var emergency = await db.EmergencyPolicies.AsNoTracking().SingleAsync(cancellation);
        var facts = await PolicyFacts.ReadAsync(db, cancellation);
        var editor = facts.People.FirstOrDefault(p => p.Id == policy.EditedBy)?.Name;
        return new ApprovalCard(
            policy.Rules, policy.Revision, policy.EditedAt, editor, emergency.Rules.ApprovalWindow,
            facts.Active.Count(p => p.Has(RolePermissions.CanBeEligible)), facts.Covered());
    }

    /// <summary>Saves the card; in force with the commit for every request that is raised from then on. One that waits already keeps the stricter of both.</summary>
    /// <param name="caller">The editor.</param>
    /// <param name="rules">All values from now on.</param>
    /// <param name="madeOn">The revision the editor was looking at.</param>
    /// <param name="shortfallAccepted">Whether they have been told what nobody could approve with this, and want it so.</param>
    /// <param name="cancellation">Cancels before the commit.</param>
    /// <returns>Done; or what <see cref="ApprovalPolicy.Edit"/> refuses.</returns>
    public Task<Result<Done>> SaveAsync(PersonId caller, ApprovalRules rules, int madeOn, bool shortfallAccepted = false, CancellationToken cancellation = default)
        => work.RunAsync(caller, new Attempt("edit the approval policies", Emergency: false, Subject.Nothing), async turn =>
        {
            var policy = await StandardPath.PolicyAsync(turn.Db, turn.Cancellation);
            var emergency = await turn.Db.EmergencyPolicies.AsNoTracking().SingleAsync(turn.Cancellation);
            var facts = await PolicyFacts.ReadAsync(turn.Db, turn.Cancellation);
            return policy.Edit(turn.By, rules, emergency.Rules.ApprovalWindow, facts.Covered(), shortfallAccepted, madeOn, turn.Now);
        }, cancellation);
}
