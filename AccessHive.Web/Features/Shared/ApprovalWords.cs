using System.Globalization;
using AccessHive.Core.Kernel;
using AccessHive.Core.Policies;
using AccessHive.Core.Vault;
using NodaTime;

namespace AccessHive.Web.Features.Shared;

/// <summary>What people read about the standard path: modes, risks, who has to say yes, and when nobody could.</summary>
public static class ApprovalWords
{
    private const int MostNames = 3;

    /// <summary>A mode, by the guide's own name.</summary>
    public static string Name(ApprovalMode mode) => mode switch
    {
        ApprovalMode.Single => "Single Approval",
        ApprovalMode.RiskBased => "Risk-Based Approval",
        ApprovalMode.None => "No Approval",
        _ => mode.ToString(),
    };

    /// <summary>What a mode means.</summary>
    public static string About(ApprovalMode mode) => mode switch
    {
        ApprovalMode.Single => "Every checkout needs one approver.",
        ApprovalMode.RiskBased => "The identity's risk decides: Low nobody, Medium one approver, High an Owner or Admin, Critical two different approvers.",
        ApprovalMode.None => "A checkout is granted at once; every step is on record.",
        _ => "",
    };

    /// <summary>A risk as people say it.</summary>
    public static string Name(RiskLevel risk) => risk.ToString();

    /// <summary>Who has to say yes: "one approver".</summary>
    public static string Name(ApprovalNeed need) => need switch
    {
        { Approvals: 0 } => "nobody",
        { Approvals: 1, Senior: false } => "one approver",
        { Approvals: 1 } => "an Owner or Admin",
        { Approvals: 2, Senior: false } => "two different approvers",
        { Senior: true } => string.Create(CultureInfo.InvariantCulture, $"{need.Approvals} different Owners or Admins"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{need.Approvals} different approvers"),
    };

    /// <summary>Whose list it is, in a sentence: "the list of client Bergmann Bikes".</summary>
    public static string ListOf(ApproverScope scope, string name) => scope == ApproverScope.Agency ? "the agency's list" : $"the list of {Of(scope, name)}";

    /// <summary>What it is for, as a heading: "Client Bergmann Bikes".</summary>
    public static string Heading(ApproverScope scope, string name) => scope == ApproverScope.Agency ? "The agency" : Sentence(Of(scope, name));

    /// <summary>"1 identity", "14 identities".</summary>
    public static string Identities(int count) => Count(count, "identity", "identities");

    /// <summary>"1 person", "9 people".</summary>
    public static string People(int count) => Count(count, "person", "people");

    /// <summary>What is out of reach.</summary>
    public static string For(Gap gap)
    {
        var need = gap.Identities == 1 ? "needs" : "need";
        var there = (gap.Able, gap.Need.Senior) switch
        {
            (0, true) => "no Owner or Admin on it is active",
            (0, false) => "nobody on it could approve",
            (1, _) => "only one person on it could approve",
            _ => $"only {gap.Able} people on it could approve",
        };
        return $"{Sentence(ListOf(gap.Scope, gap.Name))}: {Identities(gap.Identities)} {need} {Name(gap.Need)}, and {there}. Every request for {(gap.Identities == 1 ? "it" : "them")} would lapse.";
    }

    /// <summary>Why a request would lapse, and what can be done.</summary>
    /// <param name="shortfall">Why.</param>
    /// <param name="scope">Whose list counts.</param>
    /// <param name="list">Its name.</param>
    /// <param name="requester">Who would ask.</param>
    /// <param name="need">Who has to say yes.</param>
    public static string? For(Shortfall shortfall, ApproverScope scope, string list, string requester, ApprovalNeed need) => shortfall switch
    {
        Shortfall.None => null,
        Shortfall.NobodyListed => $"Nobody is on {ListOf(scope, list)}, so nobody can approve: the request would lapse. Name somebody, or use emergency access.",
        Shortfall.NobodyReachable => $"Nobody on {ListOf(scope, list)} is active and Owner, Admin or Approver: the request would lapse. Name somebody who is.",
        Shortfall.OnlyTheRequester => $"Only {requester} could approve on {ListOf(scope, list)}, and nobody decides their own request: it would lapse. Name somebody else, too.",
        Shortfall.NoSenior => $"An Owner or Admin has to approve, and nobody else on {ListOf(scope, list)} is one: the request would lapse.",
        _ => $"It takes {Name(need)} besides {requester}, and there are not as many on {ListOf(scope, list)}: the request would lapse.",
    };

    /// <summary>"Priya", "Adam and Priya", "Adam, Olivia, Priya and 4 more".</summary>
    public static string Names(IReadOnlyList<string> names) => names.Count switch
    {
        0 => "nobody",
        1 => names[0],
        <= MostNames + 1 => $"{string.Join(", ", names.Take(names.Count - 1))} and {names[^1]}",
        _ => string.Create(CultureInfo.InvariantCulture, $"{string.Join(", ", names.Take(MostNames))} and {names.Count - MostNames} more"),
    };

    /// <summary>"45 minutes", "4 hours", "1 h 30 min", "7 days".</summary>
    public static string Lasting(Duration duration)
    {
        var minutes = (long)duration.TotalMinutes;
        return (minutes / 60, minutes % 60) switch
        {
            (0, _) => TrailWords.Minutes(minutes),
            ( >= 48 and var hours, 0) when hours % 24 == 0 => string.Create(CultureInfo.InvariantCulture, $"{hours / 24} days"),
            (1, 0) => "1 hour",
            (var hours, 0) => string.Create(CultureInfo.InvariantCulture, $"{hours} hours"),
            var (hours, rest) => string.Create(CultureInfo.InvariantCulture, $"{hours} h {rest} min"),
        };
    }

    /// <summary>With a capital letter at its beginning.</summary>
    public static string Sentence(string words) => words.Length == 0 ? words : char.ToUpperInvariant(words[0]) + words[1..];

    private static string Of(ApproverScope scope, string name) => scope switch
    {
        ApproverScope.Client => $"client {name}",
        ApproverScope.Platform => $"platform {name}",
        ApproverScope.Identity => $"identity {name}",
        _ => "the agency",
    };

    private static string Count(int count, string one, string many) => string.Create(CultureInfo.InvariantCulture, $"{count:N0} {(count == 1 ? one : many)}");
}
