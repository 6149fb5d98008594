using AccessHive.Core.Policies;
using AccessHive.Web.Features.Shared;
using NodaTime;

namespace AccessHive.Web.Features.Policies;

/// <summary>One value of the card that differs, in words.</summary>
/// <param name="Field">The guide's own name of the field.</param>
/// <param name="Before">What it was.</param>
/// <param name="After">What it is.</param>
public sealed record RuleChange(string Field, string Before, string After)
{
    /// <summary>Field names as the guide has them.</summary>
    public const string EligibleRoles = "Eligible roles";

    /// <inheritdoc cref="EligibleRoles"/>
    public const string MaximumDuration = "Maximum duration";

    /// <inheritdoc cref="EligibleRoles"/>
    public const string RequireApproval = "Require approval";

    /// <inheritdoc cref="EligibleRoles"/>
    public const string ApprovalWindow = "Approval window";

    /// <inheritdoc cref="EligibleRoles"/>
    public const string BlockWhileOverdue = "Block new emergencies while a review is overdue";

    /// <inheritdoc cref="EligibleRoles"/>
    public const string Mode = "Default mode";

    /// <inheritdoc cref="EligibleRoles"/>
    public const string SharedNeedApproval = "Shared credentials require approval";

    /// <inheritdoc cref="EligibleRoles"/>
    public const string CheckoutDuration = "Checkout duration";

    /// <inheritdoc cref="EligibleRoles"/>
    public const string Extension = "Extension";

    /// <summary>What differs, in the order of the card.</summary>
    public static IReadOnlyList<RuleChange> Between(ApprovalRules before, ApprovalRules after) => Between(All(before), All(after));

    /// <summary>What differs, in the order of the card.</summary>
    public static IReadOnlyList<RuleChange> Between(EmergencyRules before, EmergencyRules after)
        => Between(All(before), All(after));

    /// <summary>By how much a checkout may be extended, in words.</summary>
    public static string ExtensionWords(Duration extension) => extension == Duration.Zero ? "never" : $"once by {ApprovalWords.Lasting(extension)}";

    /// <summary>"Maximum duration: 60 minutes → 30 minutes".</summary>
    public override string ToString() => $"{Field}: {Before} → {After}";

    private static List<RuleChange> Between(IEnumerable<(string Field, string Words)> before, IEnumerable<(string Field, string Words)> after)
        => [.. before.Zip(after, (b, a) => new RuleChange(b.Field, b.Words, a.Words)).Where(c => c.Before != c.After)];

    private static IEnumerable<(string Field, string Words)> All(ApprovalRules rules) =>
    [
        (Mode, ApprovalWords.Name(rules.Mode)),
        (SharedNeedApproval, rules.SharedNeedApproval ? "on" : "off"),
        (ApprovalWindow, ApprovalWords.Lasting(rules.Window)),
        (CheckoutDuration, ApprovalWords.Lasting(rules.CheckoutDuration)),
        (Extension, ExtensionWords(rules.Extension)),
    ];

    private static IEnumerable<(string Field, string Words)> All(EmergencyRules rules) =>
    [
        (EligibleRoles, RefusalWords.Names(rules.EligibleRoles)),
        (MaximumDuration, CardWords.Minutes(rules.MaximumDuration)),
        (RequireApproval, rules.RequireApproval ? "on" : "off"),
        (ApprovalWindow, CardWords.Minutes(rules.ApprovalWindow)),
        (BlockWhileOverdue, rules.BlockWhileOverdue ? "on" : "off"),
    ];
}

/// <summary>What the card says of its values.</summary>
public static class CardWords
{
    /// <summary>"60 minutes", and beyond an hour "90 minutes (1 h 30 min)".</summary>
    public static string Minutes(Duration duration)
    {
        var minutes = (long)duration.TotalMinutes;
        var words = TrailWords.Minutes(minutes);
        return (minutes / 60, minutes % 60) switch
        {
            (0, _) or (1, 0) => words,
            (var hours, 0) => $"{words} ({hours} hours)",
            var (hours, rest) => $"{words} ({hours} h {rest} min)",
        };
    }

    /// <summary>The approval as a sentence.</summary>
    public static string Approval(EmergencyRules rules) => rules.RequireApproval
        ? $"Every emergency needs one approver within {Minutes(rules.ApprovalWindow)}"
        : "Granted at once to eligible people; every step is on record";

    /// <summary>What an overdue review means, with the block and without.</summary>
    public static string Block(bool blocks) => blocks
        ? "While a review is overdue, nobody can start an emergency, until somebody else has reviewed it or an Owner lifts the block for a while, with a reason."
        : "While a review is overdue, every new emergency needs an approval, also when none is required otherwise. It is not blocked.";

    /// <summary>How many people can break the glass.</summary>
    public static string CanBreak(int people) => people switch
    {
        0 => "Nobody active holds one of these roles: nobody could break the glass.",
        1 => "1 person can break the glass.",
        _ => $"{people} people can break the glass.",
    };

    /// <summary>What another list of roles means, compared to now.</summary>
    public static string WouldBreak(int then, int now) => (then, now) switch
    {
        (0, _) => CanBreak(0),
        _ when then > now => $"A wider list: {People(then)} could break the glass; now {now}.",
        _ when then < now => $"A narrower list: {People(then)} could break the glass; now {now}. Who loses it loses running emergency sessions at once.",
        _ => $"{People(then)} could break the glass, as many as now.",
    };

    /// <summary>What is wrong with requiring an approval when so few could give it; nothing, when enough can.</summary>
    public static string? TooFewDeciders(int deciders) => deciders switch
    {
        0 => "Nobody active could approve: every emergency would lapse. Give somebody the role Approver first.",
        1 => "Only one person could approve, and nobody approves their own request: when that person asks or is away, it lapses.",
        _ => null,
    };

    private static string People(int count) => count == 1 ? "1 person" : $"{count} people";
}
