using AccessHive.Core.Policies;
using AccessHive.Core.Requests.UseCases;
using AccessHive.Web.Features.Shared;
using NodaTime;

namespace AccessHive.Web.Features.Requests;

/// <summary>Who has to say yes on the standard path, as people say it.</summary>
internal static class ApprovalWords
{
    /// <summary>What the dialog says before somebody asks.</summary>
    public static string Ahead(CheckoutOffer offer)
    {
        var within = ReasonWords.Window(offer.Window);
        return offer.Need switch
        {
            { Approvals: 0 } => offer.RevealOnly ? "Nobody has to approve: you see it at once." : "Nobody has to approve: it is yours at once.",
            { Approvals: > 1, Senior: var senior } => $"{Two(senior)} have to approve it within {within}{Names(offer.Approvers)}.",
            { Senior: true } => $"One Owner or Admin has to approve it within {within}{Names(offer.Approvers)}.",
            _ when offer.Approvers.Count > 4 => $"One of {offer.Approvers.Count} approvers has to approve it within {within}{Names(offer.Approvers)}.",
            _ => offer.Approvers.Count > 0 ? $"{ReasonWords.AnyOf(offer.Approvers)} approves it, within {within}." : $"Somebody has to approve it within {within}.",
        };
    }

    /// <summary>How far it is, where more than one has to say yes; empty elsewhere.</summary>
    public static string Progress(ApprovalStanding standing)
    {
        if (standing.Need.Approvals <= 1)
            return standing.Need.Senior ? "One Owner or Admin has to approve it." : "";
        return standing.By.Count == 0
            ? $"{Two(standing.Need.Senior)} have to approve it."
            : $"{standing.By.Count} of {standing.Need.Approvals} approvals, by {string.Join(" and ", standing.By)}.";
    }

    /// <summary>What can be done where nobody could approve.</summary>
    public static string NobodyCould(ApprovalNeed need, int could) => need.Approvals > 1 && could == 1
        ? "Two different people have to approve it, and only one could at the moment. Ask an Owner or Admin to name more approvers for this identity; until then your request would wait."
        : $"Nobody could approve this at the moment{(need.Senior ? ": it takes an Owner or Admin other than you" : "")}. Ask an Owner or Admin to name approvers for this identity; until then your request would wait, and lapse.";

    private static string Two(bool senior) => senior ? "Two Owners or Admins" : "Two different people";

    private static string Names(IReadOnlyList<string> names) => names.Count == 0 ? "" : $": {ReasonWords.AnyOf(names)}";
}
