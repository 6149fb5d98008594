using System.Globalization;
using AccessHive.Core.Kernel;
using AccessHive.Core.Policies;
using AccessHive.Web.Features.Shared;
using NodaTime;

namespace AccessHive.Web.Features.Policies;

/// <summary>The card as somebody is typing it: numbers are text until they are numbers.</summary>
/// <param name="Roles">The roles that are ticked.</param>
/// <param name="Maximum">Minutes, as typed.</param>
/// <param name="RequireApproval">Whether the switch is on.</param>
/// <param name="Window">Minutes, as typed.</param>
public sealed record CardDraft(Roles Roles, string Maximum, bool RequireApproval, string Window)
{
    /// <summary>Whether new emergencies are blocked while a review is overdue.</summary>
    public bool BlockWhileOverdue { get; init; }

    /// <summary>Most characters of a number; what is longer was no number of minutes anyway.</summary>
    public const int NumberLength = 8;

    /// <summary>The values in force, as a draft.</summary>
    public static CardDraft Of(EmergencyRules rules) => new(rules.EligibleRoles, Text(rules.MaximumDuration), rules.RequireApproval, Text(rules.ApprovalWindow)) { BlockWhileOverdue = rules.BlockWhileOverdue };

    /// <summary>What is wrong with the roles.</summary>
    public Refusal? RolesRefused => (EmergencyRules.Default with { EligibleRoles = Roles }).Check();

    /// <summary>What is wrong with the maximum duration.</summary>
    public Refusal? MaximumRefused
        => Parse(Maximum) is { } value ? (EmergencyRules.Default with { MaximumDuration = value }).Check() : PolicyRefusals.MaximumOutOfRange;

    /// <summary>What is wrong with the approval window.</summary>
    public Refusal? WindowRefused
        => Parse(Window) is { } value ? (EmergencyRules.Default with { ApprovalWindow = value }).Check() : PolicyRefusals.WindowOutOfRange;

    /// <summary>The values to save; nothing while one of them doesn't hold.</summary>
    public EmergencyRules? Rules
        => RolesRefused is null && MaximumRefused is null && WindowRefused is null
            ? new EmergencyRules(Roles, Parse(Maximum)!.Value, RequireApproval, Parse(Window)!.Value) { BlockWhileOverdue = BlockWhileOverdue }
            : null;

    /// <summary>Whole minutes; nothing for anything else.</summary>
    public static Duration? Parse(string text)
        => int.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var minutes) ? Duration.FromMinutes(minutes) : null;

    /// <summary>What was typed goes on, on a newer card: what this person didn't touch is taken over from it.</summary>
    /// <param name="from">The card the draft was made on.</param>
    /// <param name="to">The card as it is now.</param>
    public CardDraft Rebase(EmergencyRules from, EmergencyRules to)
    {
        var (old, fresh) = (Of(from), Of(to));
        return new CardDraft(
            Roles == old.Roles ? fresh.Roles : Roles,
            Maximum == old.Maximum ? fresh.Maximum : Maximum,
            RequireApproval == old.RequireApproval ? fresh.RequireApproval : RequireApproval,
            Window == old.Window ? fresh.Window : Window)
        {
            BlockWhileOverdue = BlockWhileOverdue == old.BlockWhileOverdue ? fresh.BlockWhileOverdue : BlockWhileOverdue,
        };
    }

    /// <summary>What is typed into a field, in words.</summary>
    public string Words(string field) => field switch
    {
        RuleChange.EligibleRoles => RefusalWords.Names(Roles),
        RuleChange.MaximumDuration => Parse(Maximum) is { } maximum ? CardWords.Minutes(maximum) : Maximum,
        RuleChange.RequireApproval => RequireApproval ? "on" : "off",
        RuleChange.BlockWhileOverdue => BlockWhileOverdue ? "on" : "off",
        _ => Parse(Window) is { } window ? CardWords.Minutes(window) : Window,
    };

    private static string Text(Duration duration) => ((long)duration.TotalMinutes).ToString(CultureInfo.InvariantCulture);
}

/// <summary>A value that somebody else saved while this person was typing.</summary>
/// <param name="Field">Which.</param>
/// <param name="Theirs">What is in force now.</param>
/// <param name="Yours">What is typed here, or what becomes of it.</param>
public sealed record MeanwhileRow(string Field, string Theirs, string Yours)
{
    /// <summary>Theirs beside ours.</summary>
    public static MeanwhileRow Of(RuleChange change, string typed)
    {
        var yours = typed == change.After ? "the same" : typed == change.Before ? "untouched: theirs stays" : typed;
        return new MeanwhileRow(change.Field, change.After, yours);
    }
}
