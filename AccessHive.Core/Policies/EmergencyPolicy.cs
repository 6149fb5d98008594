using AccessHive.Core.Kernel;
using NodaTime;

namespace AccessHive.Core.Policies;

/// <summary>The values on the Break-Glass / Emergency Access card (P2–P4).</summary>
/// <param name="EligibleRoles">Who can start an emergency; never an Auditor.</param>
/// <param name="MaximumDuration">Hard limit of a session, 5 to 480 whole minutes.</param>
/// <param name="RequireApproval">Whether somebody else has to approve first.</param>
/// <param name="ApprovalWindow">How long they may take, 2 to 120 whole minutes, shorter than the standard window.</param>
public sealed record EmergencyRules(Roles EligibleRoles, Duration MaximumDuration, bool RequireApproval, Duration ApprovalWindow)
{
    /// <summary>
    /// Whether nobody can raise an emergency while a review is overdue. Off unless an agency chose so: an overdue review
    /// makes approval mandatory in any case.
    /// </summary>
    public bool BlockWhileOverdue { get; init; }

    /// <summary>Shortest allowed maximum, and shortest session that can be asked for.</summary>
    public static Duration ShortestMaximum { get; } = Duration.FromMinutes(5);

    /// <summary>Longest allowed maximum.</summary>
    public static Duration LongestMaximum { get; } = Duration.FromMinutes(480);

    /// <summary>Shortest allowed approval window.</summary>
    public static Duration ShortestWindow { get; } = Duration.FromMinutes(2);

    /// <summary>Longest allowed approval window.</summary>
    public static Duration LongestWindow { get; } = Duration.FromMinutes(120);

    /// <summary>What a new agency starts with.</summary>
    public static EmergencyRules Default { get; } =
        new(Roles.Owner | Roles.Admin, Duration.FromMinutes(60), RequireApproval: true, Duration.FromMinutes(15));

    /// <summary>Checks the values on their own.</summary>
    /// <returns>Nothing when they hold; or <c>eligible-role-missing</c>, <c>auditor-not-eligible</c>, <c>maximum-out-of-range</c>, <c>window-out-of-range</c>.</returns>
    public Refusal? Check()
    {
        if ((EligibleRoles & RolePermissions.All) == Roles.None)
            return PolicyRefusals.EligibleRoleMissing;
        if ((EligibleRoles & ~RolePermissions.CanBeEligible) != Roles.None)
            return PolicyRefusals.AuditorNotEligible;
        if (MaximumDuration < ShortestMaximum || MaximumDuration > LongestMaximum || !IsWholeMinutes(MaximumDuration))
            return PolicyRefusals.MaximumOutOfRange;
        return ApprovalWindow < ShortestWindow || ApprovalWindow > LongestWindow || !IsWholeMinutes(ApprovalWindow) ? PolicyRefusals.WindowOutOfRange : null;
    }

    /// <summary>Whether these roles can start an emergency (P2).</summary>
    public bool IsEligible(Roles roles) => (roles & EligibleRoles & RolePermissions.CanBeEligible) != Roles.None;

    /// <summary>Whether nothing is left beside whole minutes.</summary>
    internal static bool IsWholeMinutes(Duration value) => value == Duration.FromMinutes((long)value.TotalMinutes);
}

/// <summary>
/// The settings card (P1–P5). One row. Each saved edit has a revision; an edit that was made on an older one is
/// refused and told what changed, so that two admins never overwrite each other silently.
/// </summary>
public sealed class EmergencyPolicy : Aggregate
{
    private EmergencyPolicy()
    {
    }

    /// <summary>There is one row, and this is its key.</summary>
    public int Id { get; private set; } = 1;

    /// <summary>The values in force.</summary>
    public EmergencyRules Rules { get; private set; } = EmergencyRules.Default;

    /// <summary>Counts the saved edits, from 1.</summary>
    public int Revision { get; private set; } = 1;

    /// <summary>When it was last edited; never, for a new agency.</summary>
    public Instant? EditedAt { get; private set; }

    /// <summary>Who last edited it.</summary>
    public PersonId? EditedBy { get; private set; }

    /// <summary>The policy a new agency starts with.</summary>
    public static EmergencyPolicy Default() => new();

    /// <summary>Saves new values; in force with the commit (P5).</summary>
    /// <param name="by">The editor, with fresh roles.</param>
    /// <param name="rules">All values from now on.</param>
    /// <param name="standardWindow">The approval window of the standard path, which stays longer (P4).</param>
    /// <param name="madeOn">The revision the editor was looking at.</param>
    /// <param name="now">The transaction's instant.</param>
    /// <returns>Done; or <c>not-settings-editor</c>, <c>policy-changed-meanwhile</c>, <c>window-not-shorter</c>, or what <see cref="EmergencyRules.Check"/> refuses.</returns>
    public Result<Done> Edit(Actor by, EmergencyRules rules, Duration standardWindow, int madeOn, Instant now)
    {
        if (!by.Has(RolePermissions.SettingsEditors))
            return PolicyRefusals.NotSettingsEditor;
        if (madeOn != Revision)
            return PolicyRefusals.ChangedMeanwhile;
        if (rules.Check() is { } refused)
            return refused;
        if (rules.ApprovalWindow >= standardWindow)
            return PolicyRefusals.WindowNotShorter;
        if (rules == Rules)
            return Done.Yes;

        var before = Rules;
        Rules = rules;
        Revision++;
        EditedAt = now;
        EditedBy = by.Id;
        Raise(new EmergencyPolicyEdited(now, by, Revision, before, rules));
        return Done.Yes;
    }
}

/// <summary>The card was saved: old and new values (P5).</summary>
public sealed record EmergencyPolicyEdited(Instant At, Actor By, int Revision, EmergencyRules Before, EmergencyRules After) : DomainEvent(At, By)
{
    /// <inheritdoc/>
    public override string Type => "policy.emergency-edited";

    /// <inheritdoc/>
    public override bool Emergency => true;

    /// <inheritdoc/>
    public override void Tell(Facts facts)
    {
        facts.Add("revision", Revision.ToString(System.Globalization.CultureInfo.InvariantCulture));
        Change(facts, "eligible roles", Names(Before.EligibleRoles), Names(After.EligibleRoles));
        Change(facts, "maximum duration", Minutes(Before.MaximumDuration), Minutes(After.MaximumDuration));
        Change(facts, "require approval", OnOff(Before.RequireApproval), OnOff(After.RequireApproval));
        Change(facts, "approval window", Minutes(Before.ApprovalWindow), Minutes(After.ApprovalWindow));
        Change(facts, "block while a review is overdue", OnOff(Before.BlockWhileOverdue), OnOff(After.BlockWhileOverdue));
    }

    private static void Change(Facts facts, string what, string before, string after)
    {
        if (before != after)
            facts.Add(what, $"{before} → {after}");
    }

    private static string Names(Roles roles) => string.Join(", ", roles.Each());

    private static string Minutes(Duration value) => $"{(long)value.TotalMinutes} min";

    private static string OnOff(bool value) => value ? "on" : "off";
}

/// <summary>Why Policies says no.</summary>
public static class PolicyRefusals
{
    /// <summary>Only Owner and Admin edit the card.</summary>
    public static readonly Refusal NotSettingsEditor = new("not-settings-editor");

    /// <summary>Somebody else saved while the editor was typing.</summary>
    public static readonly Refusal ChangedMeanwhile = new("policy-changed-meanwhile");

    /// <summary>At least one role must stay eligible.</summary>
    public static readonly Refusal EligibleRoleMissing = new("eligible-role-missing");

    /// <summary>An Auditor never holds access.</summary>
    public static readonly Refusal AuditorNotEligible = new("auditor-not-eligible");

    /// <summary>5 to 480 whole minutes.</summary>
    public static readonly Refusal MaximumOutOfRange = new("maximum-out-of-range");

    /// <summary>2 to 120 whole minutes.</summary>
    public static readonly Refusal WindowOutOfRange = new("window-out-of-range");

    /// <summary>The emergency window must be shorter than the standard one.</summary>
    public static readonly Refusal WindowNotShorter = new("window-not-shorter");

    /// <summary>1 to 168 whole hours.</summary>
    public static readonly Refusal StandardWindowOutOfRange = new("standard-window-out-of-range");

    /// <summary>The standard window must be longer than the emergency one.</summary>
    public static readonly Refusal StandardWindowNotLonger = new("standard-window-not-longer");

    /// <summary>15 minutes to 24 hours.</summary>
    public static readonly Refusal CheckoutOutOfRange = new("checkout-out-of-range");

    /// <summary>None, or 15 minutes to 24 hours.</summary>
    public static readonly Refusal ExtensionOutOfRange = new("extension-out-of-range");

    /// <summary>At most 100 people on a list.</summary>
    public static readonly Refusal TooManyApprovers = new("too-many-approvers");

    /// <summary>With this list nobody could approve; the editor has to say that they want it so.</summary>
    public static readonly Refusal NobodyCouldApprove = new("nobody-could-approve");

    /// <summary>With this some identities would need an approver, or a senior one, or a second one, whom there isn't; the editor has to say that they want it so.</summary>
    public static readonly Refusal TooFewCouldApprove = new("too-few-could-approve");

    /// <summary>No identity in use belongs to this client.</summary>
    public static readonly Refusal ClientNotInUse = new("client-not-in-use");

    /// <summary>No identity in use is on this platform.</summary>
    public static readonly Refusal PlatformNotInUse = new("platform-not-in-use");

    /// <summary>There is no such list of approvers, or not any more.</summary>
    public static readonly Refusal NoSuchList = new("no-such-list");

    /// <summary>The agency's own list can be changed, not removed.</summary>
    public static readonly Refusal AgencyListStays = new("agency-list-stays");
}
