using AccessHive.Core.Kernel;
using AccessHive.Core.Vault;

namespace AccessHive.Core.Policies;

/// <summary>A list of approvers as a value: what it covers, and whom it admits. It may be one that somebody is still typing.</summary>
/// <param name="Scope">What it stands for.</param>
/// <param name="Key">Which one, see <see cref="ApproverList.Key"/>.</param>
/// <param name="Approvers">Who may approve.</param>
public sealed record ListedApprovers(ApproverScope Scope, string Key, Approvers Approvers)
{
    /// <summary>Whether it stands for identities like these.</summary>
    /// <param name="identity">The identity; nothing for any that has no list of its own.</param>
    /// <param name="client">Its client.</param>
    /// <param name="platform">Its platform.</param>
    public bool Covers(IdentityId? identity, string client, string platform) => Scope switch
    {
        ApproverScope.Agency => true,
        ApproverScope.Platform => Same(Key, platform),
        ApproverScope.Client => Same(Key, client),
        ApproverScope.Identity => identity is { } id && Guid.TryParse(Key, out var key) && key == id.Value,
        _ => false,
    };

    /// <summary>Whether it is the list for this.</summary>
    public bool Is(ApproverScope scope, string key) => Scope == scope && Same(Key, key);

    /// <summary>The narrowest of the lists that cover identities like these; it counts alone.</summary>
    public static ListedApprovers NarrowestFor(IEnumerable<ListedApprovers> lists, IdentityId? identity, string client, string platform)
        => lists.Where(l => l.Covers(identity, client, platform)).MaxBy(l => l.Scope) ?? new(ApproverScope.Agency, "", Approvers.Nobody);

    /// <summary>The same key to the database: the case of A to Z makes no difference, every other letter does.</summary>
    public static bool Same(string one, string other)
        => one.Length == other.Length && one.AsSpan().CommonPrefixLength(other) is var alike && (alike == one.Length || SameFrom(one, other, alike));

    private static bool SameFrom(string one, string other, int start)
    {
        for (var i = start; i < one.Length; i++)
        {
            if (one[i] != other[i] && (!char.IsAsciiLetter(one[i]) || (one[i] ^ other[i]) != ' '))
                return false;
        }

        return true;
    }
}

/// <summary>Identities that one list covers and the policy treats alike, and how many could approve them.</summary>
/// <param name="List">The list that counts for them.</param>
/// <param name="Name">Whose list it is: the client's, the platform's, the identity's name; empty for the agency.</param>
/// <param name="Approvers">How many active people it admits.</param>
/// <param name="Seniors">How many of those are senior.</param>
/// <param name="Type">What kind of account they are.</param>
/// <param name="Risk">How much harm they can do.</param>
/// <param name="Identities">How many they are.</param>
public sealed record Covered(ListedApprovers List, string Name, int Approvers, int Seniors, IdentityType Type, RiskLevel Risk, int Identities)
{
    /// <summary>How many people could say a yes that counts.</summary>
    public int Able(ApprovalNeed need) => need.Senior ? Seniors : Approvers;
}

/// <summary>Identities that need more people than could approve them: every request for them would lapse.</summary>
/// <param name="Scope">The list that counts for them.</param>
/// <param name="Key">Which one.</param>
/// <param name="Name">Its name.</param>
/// <param name="Need">What they need.</param>
/// <param name="Able">How many people there are.</param>
/// <param name="Identities">How many identities that are.</param>
public sealed record Gap(ApproverScope Scope, string Key, string Name, ApprovalNeed Need, int Able, int Identities)
{
    /// <summary>What nobody, or too few, could approve under these rules.</summary>
    public static IReadOnlyList<Gap> Of(ApprovalRules rules, IEnumerable<Covered> covered) =>
    [
        .. covered.Select(c => (Covered: c, Need: rules.NeedFor(c.Type, c.Risk)))
            .Where(x => x.Covered.Able(x.Need) < x.Need.Approvals)
            .GroupBy(x => (x.Covered.List.Scope, x.Covered.List.Key, x.Covered.Name, x.Need, Able: x.Covered.Able(x.Need)))
            .Select(g => new Gap(g.Key.Scope, g.Key.Key, g.Key.Name, g.Key.Need, g.Key.Able, g.Sum(x => x.Covered.Identities)))
            .OrderBy(g => g.Scope).ThenBy(g => g.Name, StringComparer.OrdinalIgnoreCase).ThenBy(g => g.Need.Approvals).ThenBy(g => g.Need.Senior),
    ];

    /// <summary>What would be out of reach under the new rules and is not under those in force.</summary>
    public static IReadOnlyList<Gap> Opened(ApprovalRules before, ApprovalRules after, IReadOnlyCollection<Covered> covered)
    {
        var known = Of(before, covered);
        return [.. Of(after, covered).Where(g => !known.Any(k => k.Scope == g.Scope && k.Key == g.Key && k.Need == g.Need && k.Identities >= g.Identities))];
    }
}

/// <summary>How far a list goes today.</summary>
/// <param name="Approvers">How many active people it admits.</param>
/// <param name="Gaps">What it covers and cannot have approved.</param>
public sealed record ListReach(int Approvers, IReadOnlyList<Gap> Gaps);

/// <summary>Why a request would lapse, whoever is awake.</summary>
public enum Shortfall
{
    /// <summary>It would not: enough people could decide it.</summary>
    None,

    /// <summary>The list is empty: nobody, not anybody.</summary>
    NobodyListed,

    /// <summary>Nobody on the list is active and holds a role that decides.</summary>
    NobodyReachable,

    /// <summary>Only whoever asks could, and nobody decides their own request.</summary>
    OnlyTheRequester,

    /// <summary>A senior is needed and nobody else on the list is one.</summary>
    NoSenior,

    /// <summary>More different people are needed than there are besides the requester.</summary>
    TooFew,
}

/// <summary>What a checkout would meet: who would be asked, and whether that is enough.</summary>
/// <param name="List">The list that counts.</param>
/// <param name="Need">Who has to say yes.</param>
/// <param name="Asked">Who would be asked; nobody, when nobody has to say yes.</param>
/// <param name="Shortfall">Why that would not be enough.</param>
public sealed record ApprovalOutlook(ListedApprovers List, ApprovalNeed Need, IReadOnlyList<Actor> Asked, Shortfall Shortfall)
{
    /// <summary>Works it out.</summary>
    /// <param name="list">The narrowest list that covers the identity.</param>
    /// <param name="need">What the rules ask for.</param>
    /// <param name="requester">Who would ask; never asked themselves.</param>
    /// <param name="active">Everybody active in the agency, with their roles.</param>
    public static ApprovalOutlook Of(ListedApprovers list, ApprovalNeed need, PersonId requester, IReadOnlyCollection<Actor> active)
    {
        if (need.Approvals == 0)
            return new(list, need, [], Shortfall.None);
        var admitted = active.Where(list.Approvers.Admits).ToList();
        List<Actor> asked = [.. admitted.Where(a => need.Accepts(a) && !a.Is(requester))];
        return new(list, need, asked, asked.Count >= need.Approvals ? Shortfall.None : Missing(list, need, requester, admitted, asked.Count));
    }

    private static Shortfall Missing(ListedApprovers list, ApprovalNeed need, PersonId requester, List<Actor> admitted, int asked) => (asked, admitted.Count) switch
    {
        ( > 0, _) => Shortfall.TooFew,
        (_, 0) => list.Approvers is { Everybody: false, People.Count: 0 } ? Shortfall.NobodyListed : Shortfall.NobodyReachable,
        _ => need.Senior && admitted.Exists(a => !a.Is(requester)) ? Shortfall.NoSenior : Shortfall.OnlyTheRequester,
    };
}
