using AccessHive.Core.Kernel;
using AccessHive.Core.Vault;
using NodaTime;

namespace AccessHive.Core.Policies;

/// <summary>How the standard path decides whether somebody has to approve.</summary>
public enum ApprovalMode
{
    /// <summary>One approver for every checkout.</summary>
    Single,

    /// <summary>As many approvers as the identity's risk asks for.</summary>
    RiskBased,

    /// <summary>None.</summary>
    None,
}

/// <summary>Who has to say yes.</summary>
/// <param name="Approvals">How many different people; 0 when nobody has to.</param>
/// <param name="Senior">Whether they have to be an Owner or Admin.</param>
public sealed record ApprovalNeed(int Approvals, bool Senior)
{
    /// <summary>Nobody has to say yes.</summary>
    public static ApprovalNeed Nobody { get; } = new(0, Senior: false);

    /// <summary>One approver.</summary>
    public static ApprovalNeed One { get; } = new(1, Senior: false);

    /// <summary>One Owner or Admin.</summary>
    public static ApprovalNeed OneSenior { get; } = new(1, Senior: true);

    /// <summary>Two different approvers.</summary>
    public static ApprovalNeed Two { get; } = new(2, Senior: false);

    /// <summary>Whether this person's roles suffice.</summary>
    public bool Accepts(Actor approver) => !Senior || approver.Has(RolePermissions.Seniors);

    /// <summary>What satisfies both: a policy that became stricter reaches requests that still wait, one that became laxer does not.</summary>
    public ApprovalNeed And(ApprovalNeed other) => new(Math.Max(Approvals, other.Approvals), Senior || other.Senior);
}

/// <summary>The values on the Approval Policies card (P15).</summary>
/// <param name="Mode">How it is decided whether somebody has to approve.</param>
/// <param name="SharedNeedApproval">Shared credentials require at least one approver, whatever the mode.</param>
/// <param name="Window">How long approvers may take, 1 to 168 whole hours; always longer than the emergency window.</param>
/// <param name="CheckoutDuration">How long a checkout lasts at most, 15 minutes to 24 hours, in whole minutes.</param>
/// <param name="Extension">By how much the holder may extend it, once; zero for never, else 15 minutes to 24 hours, in whole minutes.</param>
public sealed record ApprovalRules(ApprovalMode Mode, bool SharedNeedApproval, Duration Window, Duration CheckoutDuration, Duration Extension)
{
    /// <summary>Shortest allowed approval window.</summary>
    public static Duration ShortestWindow { get; } = Duration.FromHours(1);

    /// <summary>Longest allowed approval window.</summary>
    public static Duration LongestWindow { get; } = Duration.FromHours(168);

    /// <summary>Shortest allowed checkout, and shortest extension.</summary>
    public static Duration ShortestCheckout { get; } = Duration.FromMinutes(15);

    /// <summary>Longest allowed checkout, and longest extension.</summary>
    public static Duration LongestCheckout { get; } = Duration.FromHours(24);

    /// <summary>How long the secret of a reveal-only identity can be looked at after it was granted; never extended.</summary>
    public static Duration RevealOnly { get; } = Duration.FromMinutes(15);

    /// <summary>What a new agency starts with (product.md, "Defaults").</summary>
    public static ApprovalRules Default { get; } =
        new(ApprovalMode.Single, SharedNeedApproval: true, Duration.FromHours(24), Duration.FromHours(4), Duration.FromHours(2));

    /// <summary>Checks the values on their own and against the emergency window, which stays shorter (P4).</summary>
    /// <param name="emergencyWindow">The approval window of the emergency card.</param>
    /// <returns>
    /// Nothing when they hold; or <c>standard-window-out-of-range</c>, <c>standard-window-not-longer</c>, <c>checkout-out-of-range</c>, <c>extension-out-of-range</c>.
    /// </returns>
    public Refusal? Check(Duration emergencyWindow)
    {
        if (!Enum.IsDefined(Mode) || Window < ShortestWindow || Window > LongestWindow || Window != Duration.FromHours((long)Window.TotalHours))
            return PolicyRefusals.StandardWindowOutOfRange;
        if (Window <= emergencyWindow)
            return PolicyRefusals.StandardWindowNotLonger;
        if (!IsCheckout(CheckoutDuration))
            return PolicyRefusals.CheckoutOutOfRange;
        return Extension == Duration.Zero || IsCheckout(Extension) ? null : PolicyRefusals.ExtensionOutOfRange;
    }

    /// <summary>Who has to say yes before this identity is checked out.</summary>
    public ApprovalNeed NeedFor(IdentityType type, RiskLevel risk)
    {
        var need = Mode switch
        {
            ApprovalMode.Single => ApprovalNeed.One,
            ApprovalMode.None => ApprovalNeed.Nobody,
            ApprovalMode.RiskBased => risk switch
            {
                RiskLevel.Low => ApprovalNeed.Nobody,
                RiskLevel.Medium => ApprovalNeed.One,
                RiskLevel.High => ApprovalNeed.OneSenior,
                RiskLevel.Critical => ApprovalNeed.Two,
                _ => ApprovalNeed.Two,
            },
            _ => ApprovalNeed.One,
        };
        return SharedNeedApproval && type.IsShared() ? need.And(ApprovalNeed.One) : need;
    }

    /// <summary>How long a session on such an identity lasts at most.</summary>
    public Duration LongestFor(IdentityType type) => type.IsRevealOnly() ? Duration.Min(RevealOnly, CheckoutDuration) : CheckoutDuration;

    /// <summary>By how much its holder may extend it, once.</summary>
    public Duration ExtensionFor(IdentityType type) => type.IsRevealOnly() ? Duration.Zero : Extension;

    private static bool IsCheckout(Duration value) => value >= ShortestCheckout && value <= LongestCheckout && EmergencyRules.IsWholeMinutes(value);
}

/// <summary>The settings card of the standard path (P15). One row; an edit made on an older revision is refused and told what changed.</summary>
public sealed class ApprovalPolicy : Aggregate
{
    private ApprovalPolicy()
    {
    }

    /// <summary>There is one row, and this is its key.</summary>
    public int Id { get; private set; } = 1;

    /// <summary>The values in force.</summary>
    public ApprovalRules Rules { get; private set; } = ApprovalRules.Default;

    /// <summary>Counts the saved edits, from 1.</summary>
    public int Revision { get; private set; } = 1;

    /// <summary>When it was last edited; never, for a new agency.</summary>
    public Instant? EditedAt { get; private set; }

    /// <summary>Who last edited it.</summary>
    public PersonId? EditedBy { get; private set; }

    /// <summary>The policy a new agency starts with.</summary>
    public static ApprovalPolicy Default() => new();

    /// <summary>Saves new values; in force with the commit.</summary>
    /// <param name="by">The editor, with fresh roles.</param>
    /// <param name="rules">All values from now on.</param>
    /// <param name="emergencyWindow">The approval window of the emergency card.</param>
    /// <param name="covered">What is kept and who could approve it today: rules that leave more out of reach than those in force are not saved by the way.</param>
    /// <param name="shortfallAccepted">Whether the editor has been told what nobody could approve with this, and wants it so.</param>
    /// <param name="madeOn">The revision the editor was looking at.</param>
    /// <param name="now">The transaction's instant.</param>
    /// <returns>
    /// Done; or <c>not-settings-editor</c>, <c>policy-changed-meanwhile</c>, <c>too-few-could-approve</c>, or what <see cref="ApprovalRules.Check"/> refuses.
    /// </returns>
    public Result<Done> Edit(Actor by, ApprovalRules rules, Duration emergencyWindow, IReadOnlyCollection<Covered> covered, bool shortfallAccepted, int madeOn, Instant now)
    {
        if (!by.Has(RolePermissions.SettingsEditors))
            return PolicyRefusals.NotSettingsEditor;
        if (madeOn != Revision)
            return PolicyRefusals.ChangedMeanwhile;
        if (rules.Check(emergencyWindow) is { } refused)
            return refused;
        if (rules == Rules)
            return Done.Yes;
        if (!shortfallAccepted && Gap.Opened(Rules, rules, covered).Count > 0)
            return PolicyRefusals.TooFewCouldApprove;

        var before = Rules;
        (Rules, EditedAt, EditedBy) = (rules, now, by.Id);
        Revision++;
        Raise(new ApprovalPolicyEdited(now, by, Revision, before, rules));
        return Done.Yes;
    }
}

/// <summary>The card of the standard path was saved: old and new values.</summary>
public sealed record ApprovalPolicyEdited(Instant At, Actor By, int Revision, ApprovalRules Before, ApprovalRules After) : DomainEvent(At, By)
{
    /// <inheritdoc/>
    public override string Type => "policy.approval-edited";

    /// <inheritdoc/>
    public override void Tell(Facts facts)
    {
        facts.Add("revision", Revision.ToString(System.Globalization.CultureInfo.InvariantCulture));
        Change(facts, "mode", Before.Mode.ToString(), After.Mode.ToString());
        Change(facts, "shared credentials require approval", OnOff(Before.SharedNeedApproval), OnOff(After.SharedNeedApproval));
        Change(facts, "approval window", Minutes(Before.Window), Minutes(After.Window));
        Change(facts, "checkout duration", Minutes(Before.CheckoutDuration), Minutes(After.CheckoutDuration));
        Change(facts, "extension", Minutes(Before.Extension), Minutes(After.Extension));
    }

    private static void Change(Facts facts, string what, string before, string after)
    {
        if (before != after)
            facts.Add(what, $"{before} → {after}");
    }

    private static string Minutes(Duration value) => $"{(long)value.TotalMinutes} min";

    private static string OnOff(bool value) => value ? "on" : "off";
}
