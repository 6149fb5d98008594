using System.Globalization;
using AccessHive.Core.Kernel;
using AccessHive.Core.Policies;
using AccessHive.Web.Features.Shared;
using NodaTime;

namespace AccessHive.Web.Features.Policies;

/// <summary>The Approval Policies card as somebody is typing it: numbers are text until they are numbers.</summary>
/// <param name="Mode">The mode that is chosen.</param>
/// <param name="SharedNeedApproval">Whether the switch is on.</param>
/// <param name="Window">Hours, as typed.</param>
/// <param name="Checkout">Minutes, as typed.</param>
/// <param name="Extension">Minutes, as typed; 0 for none.</param>
public sealed record ApprovalDraft(ApprovalMode Mode, bool SharedNeedApproval, string Window, string Checkout, string Extension)
{
    /// <summary>The values in force, as a draft.</summary>
    public static ApprovalDraft Of(ApprovalRules rules)
        => new(rules.Mode, rules.SharedNeedApproval, Text(rules.Window.TotalHours), Text(rules.CheckoutDuration.TotalMinutes), Text(rules.Extension.TotalMinutes));

    /// <summary>Whole hours; nothing for anything else.</summary>
    public static Duration? Hours(string text) => CardDraft.Parse(text) is { } number ? number * 60 : null;

    /// <summary>What is wrong with the approval window.</summary>
    /// <param name="emergencyWindow">The one of the emergency card.</param>
    public Refusal? WindowRefused(Duration emergencyWindow)
        => Hours(Window) is { } value ? (ApprovalRules.Default with { Window = value }).Check(emergencyWindow) : PolicyRefusals.StandardWindowOutOfRange;

    /// <summary>What is wrong with the checkout duration.</summary>
    public Refusal? CheckoutRefused
        => CardDraft.Parse(Checkout) is { } value ? (ApprovalRules.Default with { CheckoutDuration = value }).Check(Duration.Zero) : PolicyRefusals.CheckoutOutOfRange;

    /// <summary>What is wrong with the extension.</summary>
    public Refusal? ExtensionRefused
        => CardDraft.Parse(Extension) is { } value ? (ApprovalRules.Default with { Extension = value }).Check(Duration.Zero) : PolicyRefusals.ExtensionOutOfRange;

    /// <summary>The values to save; nothing while one of them doesn't hold.</summary>
    public ApprovalRules? Rules(Duration emergencyWindow)
        => WindowRefused(emergencyWindow) is null && CheckoutRefused is null && ExtensionRefused is null
            ? new ApprovalRules(Mode, SharedNeedApproval, Hours(Window)!.Value, CardDraft.Parse(Checkout)!.Value, CardDraft.Parse(Extension)!.Value)
            : null;

    /// <summary>What the choices made so far would mean, whatever the numbers: they don't decide who is asked.</summary>
    public ApprovalRules Choices(ApprovalRules inForce) => inForce with { Mode = Mode, SharedNeedApproval = SharedNeedApproval };

    /// <summary>What was typed goes on, on a newer card: what this person didn't touch is taken over from it.</summary>
    /// <param name="from">The card the draft was made on.</param>
    /// <param name="to">The card as it is now.</param>
    public ApprovalDraft Rebase(ApprovalRules from, ApprovalRules to)
    {
        var (old, fresh) = (Of(from), Of(to));
        return new ApprovalDraft(
            Mode == old.Mode ? fresh.Mode : Mode,
            SharedNeedApproval == old.SharedNeedApproval ? fresh.SharedNeedApproval : SharedNeedApproval,
            Window == old.Window ? fresh.Window : Window,
            Checkout == old.Checkout ? fresh.Checkout : Checkout,
            Extension == old.Extension ? fresh.Extension : Extension);
    }

    /// <summary>What is typed into a field, in words.</summary>
    public string Words(string field) => field switch
    {
        RuleChange.Mode => ApprovalWords.Name(Mode),
        RuleChange.SharedNeedApproval => SharedNeedApproval ? "on" : "off",
        RuleChange.ApprovalWindow => Hours(Window) is { } window ? ApprovalWords.Lasting(window) : Window,
        RuleChange.CheckoutDuration => CardDraft.Parse(Checkout) is { } checkout ? ApprovalWords.Lasting(checkout) : Checkout,
        _ => CardDraft.Parse(Extension) is { } extension ? RuleChange.ExtensionWords(extension) : Extension,
    };

    private static string Text(double number) => ((long)number).ToString(CultureInfo.InvariantCulture);
}

/// <summary>What a choice on the card means for what is kept.</summary>
public static class ApprovalConsequences
{
    /// <summary>"No Approval: 14 identities could be checked out at once by all 9 people. 20 identities need one approver."</summary>
    public static string Of(AccessHive.Core.Policies.UseCases.ApprovalCard card, ApprovalRules rules)
    {
        if (card.Identities == 0)
            return "No identity is kept yet.";
        var words = new List<string>();
        if (card.Needing(rules, ApprovalNeed.Nobody) is > 0 and var free)
            words.Add($"{ApprovalWords.Identities(free)} could be checked out at once by {(card.Holders == 1 ? "the one person who may" : $"all {card.Holders} people who may")}");
        foreach (var need in new[] { ApprovalNeed.One, ApprovalNeed.OneSenior, ApprovalNeed.Two })
        {
            if (card.Needing(rules, need) is > 0 and var some)
                words.Add($"{ApprovalWords.Identities(some)} {(some == 1 ? "needs" : "need")} {ApprovalWords.Name(need)}");
        }

        return $"{ApprovalWords.Name(rules.Mode)}: {string.Join("; ", words)}.";
    }

    /// <summary>What the switch changes.</summary>
    public static string OfShared(AccessHive.Core.Policies.UseCases.ApprovalCard card, ApprovalRules rules)
    {
        var without = rules with { SharedNeedApproval = false };
        var freed = card.Covered.Where(c => AccessHive.Core.Vault.IdentityTypes.IsShared(c.Type) && without.NeedFor(c.Type, c.Risk).Approvals == 0).Sum(c => c.Identities);
        var shared = card.Shared == 1 ? "1 shared account" : $"{card.Shared} shared accounts";
        return (rules.SharedNeedApproval, freed, rules.Mode) switch
        {
            (_, 0, ApprovalMode.Single) => "Changes nothing with Single Approval: every checkout needs an approver anyway.",
            (_, 0, _) => $"Changes nothing now: none of the {shared} could be checked out without an approver anyway.",
            (true, _, _) => $"{freed} of {shared} could otherwise be checked out at once; this way {(freed == 1 ? "it needs" : "they need")} one approver.",
            (false, _, _) => $"{freed} of {shared} could be checked out at once.",
        };
    }
}
