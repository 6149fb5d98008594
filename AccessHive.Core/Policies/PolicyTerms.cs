using AccessHive.Core.Vault;
using NodaTime;

namespace AccessHive.Core.Policies;

/// <summary>The part of the policy that is pinned into a request when it is raised, so that later edits change nothing for it except to tighten.</summary>
/// <param name="MaximumDuration">The limit when it was raised.</param>
/// <param name="RequireApproval">Whether it needs a decision.</param>
/// <param name="ApprovalWindow">How long the decision may take.</param>
/// <param name="Revision">Which revision of the card this was.</param>
public sealed record PolicyTerms(Duration MaximumDuration, bool RequireApproval, Duration ApprovalWindow, int Revision)
{
    /// <summary>How many different people have to say yes, where approval is required.</summary>
    public int Approvals { get; init; } = 1;

    /// <summary>Whether they have to be an Owner or Admin.</summary>
    public bool Senior { get; init; }

    /// <summary>By how much the session may be extended, once; zero in an emergency (P3).</summary>
    public Duration Extension { get; init; }

    /// <summary>Whether approval is required only because a review was overdue when this was raised.</summary>
    public bool BecauseOverdue { get; init; }

    /// <summary>Who has to say yes by these terms.</summary>
    public ApprovalNeed Need => RequireApproval ? new(Approvals, Senior) : ApprovalNeed.Nobody;

    /// <summary>The terms of the emergency card as it is now: approval is mandatory while a review is overdue.</summary>
    public static PolicyTerms Of(EmergencyPolicy policy, ReviewDebt debt)
        => new(policy.Rules.MaximumDuration, policy.Rules.RequireApproval || debt.IsOverdue, policy.Rules.ApprovalWindow, policy.Revision)
        {
            BecauseOverdue = debt.IsOverdue && !policy.Rules.RequireApproval,
        };

    /// <summary>The terms of the standard path for an identity, by the card as it is now.</summary>
    public static PolicyTerms Of(ApprovalPolicy policy, SharedIdentity identity)
    {
        var need = policy.Rules.NeedFor(identity.Type, identity.Risk);
        return new PolicyTerms(policy.Rules.LongestFor(identity.Type), need.Approvals > 0, policy.Rules.Window, policy.Revision)
        {
            Approvals = Math.Max(1, need.Approvals),
            Senior = need.Senior,
            Extension = policy.Rules.ExtensionFor(identity.Type),
        };
    }
}
