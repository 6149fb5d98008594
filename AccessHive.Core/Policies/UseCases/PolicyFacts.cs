using AccessHive.Core.Agency;
using AccessHive.Core.Kernel;
using AccessHive.Core.Storage;
using AccessHive.Core.Vault;
using Microsoft.EntityFrameworkCore;

namespace AccessHive.Core.Policies.UseCases;

/// <summary>Everything that decides who could approve what: the people, the lists, and what is kept, counted by what makes a difference.</summary>
internal sealed class PolicyFacts
{
    private readonly IReadOnlyList<Kind> kinds;
    private readonly IReadOnlyDictionary<Guid, string> names;

    private PolicyFacts(IReadOnlyList<Person> people, IReadOnlyList<Actor> active, IReadOnlyList<ApproverList> saved, IReadOnlyList<ListedApprovers> lists, IReadOnlyList<Kind> kinds, IReadOnlyDictionary<Guid, string> names)
    {
        (People, Active, Saved, Lists) = (people, active, saved, lists);
        (this.kinds, this.names) = (kinds, names);
    }

    /// <summary>Everybody, also who left or has not joined.</summary>
    public IReadOnlyList<Person> People { get; }

    /// <summary>Everybody who can act.</summary>
    public IReadOnlyList<Actor> Active { get; }

    /// <summary>The lists as they are stored.</summary>
    public IReadOnlyList<ApproverList> Saved { get; }

    /// <summary>The lists as they count here; one of them may be tried only.</summary>
    public IReadOnlyList<ListedApprovers> Lists { get; }

    /// <param name="db">The database.</param>
    /// <param name="cancellation">Cancels the queries.</param>
    /// <param name="about">An identity that is looked at by itself although it has no list of its own.</param>
    public static async Task<PolicyFacts> ReadAsync(HiveContext db, CancellationToken cancellation, IdentityId? about = null)
    {
        var people = await db.People.AsNoTracking().OrderBy(p => p.Name).ThenBy(p => p.Id).ToListAsync(cancellation);
        var saved = await db.ApproverLists.AsNoTracking().ToListAsync(cancellation);
        var alone = saved.Where(l => l.Scope == ApproverScope.Identity).Select(l => new IdentityId(Guid.Parse(l.Key))).ToList();
        if (about is { } one)
            alone.Add(one);
        var own = await db.Identities.AsNoTracking().Where(i => alone.Contains(i.Id)).ToListAsync(cancellation);
        var rest = await db.Identities.Where(i => i.ArchivedAt == null && !alone.Contains(i.Id))
            .GroupBy(i => new { i.Client, i.Platform, i.Type, i.Risk })
            .Select(g => new { g.Key.Client, g.Key.Platform, g.Key.Type, g.Key.Risk, Count = g.Count() })
            .ToListAsync(cancellation);
        return new PolicyFacts(
            people, [.. people.Where(p => p.IsActive).Select(p => p.AsActor())], saved, [.. saved.Select(l => l.Listed)],
            [
                .. own.Where(i => i.ArchivedAt is null).Select(i => new Kind(i.Id, i.Client, i.Platform, i.Type, i.Risk, 1)),
                .. rest.Select(r => new Kind(null, r.Client, r.Platform, r.Type, r.Risk, r.Count)),
            ],
            own.ToDictionary(i => i.Id.Value, i => i.Name));
    }

    /// <summary>The same, with this list instead of the one for the same, or beside the others.</summary>
    public PolicyFacts With(ListedApprovers list) => Listing([.. Lists.Where(l => !l.Is(list.Scope, list.Key)), list]);

    /// <summary>The same, without this list.</summary>
    public PolicyFacts Without(ApproverScope scope, string key) => Listing([.. Lists.Where(l => !l.Is(scope, key))]);

    /// <summary>What is kept, by the list that counts for it.</summary>
    public IReadOnlyList<Covered> Covered()
    {
        var reach = new Dictionary<ListedApprovers, (int Approvers, int Seniors)>(ReferenceEqualityComparer.Instance);
        return
        [
            .. kinds.Select(k => (Kind: k, List: ListedApprovers.NarrowestFor(Lists, k.Id, k.Client, k.Platform)))
                .GroupBy(x => (x.List.Scope, x.List.Key, x.Kind.Type, x.Kind.Risk))
                .Select(g =>
                {
                    var list = g.First().List;
                    if (!reach.TryGetValue(list, out var able))
                        reach[list] = able = (Active.Count(list.Approvers.Admits), Active.Count(a => list.Approvers.Admits(a) && a.Has(RolePermissions.Seniors)));
                    return new Covered(list, NameOf(list), able.Approvers, able.Seniors, g.Key.Type, g.Key.Risk, g.Sum(x => x.Kind.Count));
                }),
        ];
    }

    /// <summary>How far a list goes under these rules.</summary>
    public ListReach ReachOf(ListedApprovers list, ApprovalRules rules)
        => new(Active.Count(list.Approvers.Admits), Gap.Of(rules, Covered().Where(c => c.List.Is(list.Scope, list.Key))));

    /// <summary>What a list is called.</summary>
    public string NameOf(ListedApprovers list)
        => list.Scope == ApproverScope.Identity && Guid.TryParse(list.Key, out var id) && names.TryGetValue(id, out var name) ? name : list.Key;

    private PolicyFacts Listing(IReadOnlyList<ListedApprovers> lists) => new(People, Active, Saved, lists, kinds, names);

    private sealed record Kind(IdentityId? Id, string Client, string Platform, IdentityType Type, RiskLevel Risk, int Count);
}
