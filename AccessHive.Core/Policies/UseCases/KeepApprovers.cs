using AccessHive.Core.Agency;
using AccessHive.Core.Audit;
using AccessHive.Core.Kernel;
using AccessHive.Core.Storage;
using AccessHive.Core.Vault;
using Microsoft.EntityFrameworkCore;

namespace AccessHive.Core.Policies.UseCases;

/// <summary>Why somebody who is named could not approve today.</summary>
public enum OutOfReach
{
    /// <summary>They could.</summary>
    No,

    /// <summary>They were invited and have not joined.</summary>
    NotJoined,

    /// <summary>They are disabled.</summary>
    Disabled,

    /// <summary>Their roles decide nothing.</summary>
    NoDecidingRole,
}

/// <summary>Somebody on a list.</summary>
public sealed record ListedPerson(PersonId Id, string Name, Roles Roles, OutOfReach OutOfReach);

/// <summary>A list of approvers as the page shows it.</summary>
/// <param name="Scope">What it stands for.</param>
/// <param name="Key">Which one.</param>
/// <param name="Name">Its name: the client's, the platform's, the identity's; empty for the agency.</param>
/// <param name="Everybody">Everybody whose role decides, instead of the people named.</param>
/// <param name="People">The people named, by name.</param>
/// <param name="Identities">For how many identities in use it counts.</param>
/// <param name="Reach">How far it goes today, under the rules in force.</param>
/// <param name="Version">Which edit this is; an edit names the one it was made on.</param>
public sealed record ApproversRow(
    ApproverScope Scope, string Key, string Name, bool Everybody, IReadOnlyList<ListedPerson> People, int Identities, ListReach Reach, long Version)
{
    /// <summary>Whom it admits.</summary>
    public Approvers Approvers => new(Everybody, People.Select(p => p.Id).ToHashSet());
}

/// <summary>What a list would do that nobody has saved yet.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Identities">For how many identities it would count.</param>
/// <param name="Reach">How far it would go.</param>
/// <param name="Able">Who could approve with it, by name.</param>
/// <param name="People">The people it names, by name, with what stands in the way.</param>
public sealed record ListForesight(string Name, int Identities, ListReach Reach, IReadOnlyList<string> Able, IReadOnlyList<ListedPerson> People);

/// <summary>What becomes of the identities of a list that is given up.</summary>
/// <param name="Next">The lists that count for them then, each with how many of them.</param>
/// <param name="Gaps">What those could not have approved.</param>
public sealed record GivenUpForesight(IReadOnlyList<(ApproverScope Scope, string Name, int Identities)> Next, IReadOnlyList<Gap> Gaps);

/// <summary>Saves who approves for one client, platform, identity, or for everything else.</summary>
/// <param name="Scope">What the list stands for.</param>
/// <param name="Key">Which one.</param>
/// <param name="Approvers">Who may approve from now on.</param>
/// <param name="MadeOn">The version the editor was looking at; 0 for a new list.</param>
/// <param name="ShortfallAccepted">Whether they were told that nobody or too few could approve with this, and want it so.</param>
public sealed record SaveApprovers(ApproverScope Scope, string Key, Approvers Approvers, long MadeOn, bool ShortfallAccepted = false);

/// <summary>Who approves (P15): the agency's list, and narrower ones.</summary>
public sealed class KeepApprovers(Work work, IDbContextFactory<HiveContext> contexts)
{
    /// <summary>All lists, the widest first.</summary>
    public async Task<IReadOnlyList<ApproversRow>> ReadAsync(CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var rules = (await db.ApprovalPolicies.AsNoTracking().SingleAsync(cancellation)).Rules;
        var facts = await PolicyFacts.ReadAsync(db, cancellation);
        var covered = facts.Covered();
        return
        [
            .. facts.Saved.Select(list =>
            {
                var (listed, mine) = (list.Listed, covered.Where(c => c.List.Is(list.Scope, list.Key)).ToList());
                var reach = new ListReach(facts.Active.Count(listed.Approvers.Admits), Gap.Of(rules, mine));
                return new ApproversRow(
                    list.Scope, list.Key, facts.NameOf(listed), list.Everybody, Named(facts.People, listed.Approvers.People), mine.Sum(c => c.Identities), reach, list.Version);
            }).OrderBy(r => Order(r.Scope)).ThenBy(r => r.Name, StringComparer.OrdinalIgnoreCase),
        ];
    }

    /// <summary>What a list would do, before it is saved.</summary>
    public async Task<ListForesight> ForeseeAsync(ListedApprovers list, CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var rules = (await db.ApprovalPolicies.AsNoTracking().SingleAsync(cancellation)).Rules;
        var facts = (await PolicyFacts.ReadAsync(db, cancellation, About(list.Scope, list.Key))).With(list);
        var mine = facts.Covered().Where(c => c.List.Is(list.Scope, list.Key)).ToList();
        return new ListForesight(
            facts.NameOf(list), mine.Sum(c => c.Identities), facts.ReachOf(list, rules), [.. facts.Active.Where(list.Approvers.Admits).Select(a => a.Name)],
            Named(facts.People, list.Approvers.People));
    }

    /// <summary>What becomes of a list's identities when it is given up.</summary>
    public async Task<GivenUpForesight> ForeseeGivingUpAsync(ApproverScope scope, string key, CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var rules = (await db.ApprovalPolicies.AsNoTracking().SingleAsync(cancellation)).Rules;
        var facts = await PolicyFacts.ReadAsync(db, cancellation);
        var (before, after) = (Counted(facts), Counted(facts.Without(scope, key)));
        var next = after.Select(a => (a.List.Scope, a.Name, Identities: a.Identities - before.Where(b => b.List.Is(a.List.Scope, a.List.Key)).Sum(b => b.Identities)))
            .Where(n => n.Identities > 0).OrderByDescending(n => n.Scope).ToList();
        return new GivenUpForesight(next, [.. Gap.Of(rules, facts.Without(scope, key).Covered()).Except(Gap.Of(rules, facts.Covered()))]);
    }

    /// <summary>Saves a list, or begins one.</summary>
    /// <returns>
    /// Done; or what <see cref="ApproverList.Change"/> refuses, or <c>no-such-list</c>, <c>client-not-in-use</c>, <c>platform-not-in-use</c>, <c>identity-not-found</c>,
    /// <c>archived</c>, <c>person-not-found</c>.
    /// </returns>
    public Task<Result<Done>> SaveAsync(PersonId caller, SaveApprovers command, CancellationToken cancellation = default)
        => work.RunAsync<Done>(caller, new Attempt("change who approves", Emergency: false, new Subject(Identity: About(command.Scope, command.Key))), async turn =>
        {
            var key = await KeyAsync(turn, command.Scope, command.Key.Trim());
            if (key.IsRefused)
                return key.Refusal;
            var named = command.Approvers.Everybody ? [] : command.Approvers.People.ToList();
            var list = await FindAsync(turn, command.Scope, key.Value);
            if (list is null && command.MadeOn > 0)
                return PolicyRefusals.NoSuchList;
            if (list is null)
                turn.Db.ApproverLists.Add(list = ApproverList.For(command.Scope, key.Value));

            var facts = await PolicyFacts.ReadAsync(turn.Db, turn.Cancellation, About(command.Scope, key.Value));
            if (named.Exists(id => facts.People.All(p => p.Id != id)))
                return AgencyRefusals.PersonNotFound;
            var rules = (await StandardPath.PolicyAsync(turn.Db, turn.Cancellation)).Rules;
            var listed = new ListedApprovers(command.Scope, key.Value, command.Approvers);
            var reach = facts.With(listed).ReachOf(listed, rules);
            return list.Change(
                turn.By, command.Approvers, reach, command.ShortfallAccepted, command.MadeOn, [.. facts.People.Where(p => named.Contains(p.Id)).Select(p => p.Name)], turn.Now);
        }, cancellation);

    /// <summary>Gives a narrower list up: the next wider one counts.</summary>
    /// <returns>Done; or what <see cref="ApproverList.GiveUp"/> refuses, or <c>no-such-list</c>.</returns>
    public Task<Result<Done>> GiveUpAsync(PersonId caller, ApproverScope scope, string key, CancellationToken cancellation = default)
        => work.RunAsync<Done>(caller, new Attempt("remove a list of approvers", Emergency: false, new Subject(Identity: About(scope, key))), async turn =>
        {
            if (await FindAsync(turn, scope, key) is not { } list)
                return PolicyRefusals.NoSuchList;
            var result = list.GiveUp(turn.By, turn.Now);
            if (!result.IsRefused)
                turn.Db.ApproverLists.Remove(list);
            return result;
        }, cancellation);

    private static Task<ApproverList?> FindAsync(Turn turn, ApproverScope scope, string key)
        => turn.Db.ApproverLists.SingleOrDefaultAsync(l => l.Scope == scope && l.Key == key, turn.Cancellation);

    // As the identities spell it, so that one client has one list.
    private static async Task<Result<string>> KeyAsync(Turn turn, ApproverScope scope, string key)
    {
        var inUse = turn.Db.Identities.Where(i => i.ArchivedAt == null);
        switch (scope)
        {
            case ApproverScope.Client:
                return key.Length > 0 && await inUse.Where(i => i.Client == key).Select(i => i.Client).FirstOrDefaultAsync(turn.Cancellation) is { } client
                    ? client
                    : PolicyRefusals.ClientNotInUse;
            case ApproverScope.Platform:
                return key.Length > 0 && await inUse.Where(i => i.Platform == key).Select(i => i.Platform).FirstOrDefaultAsync(turn.Cancellation) is { } platform
                    ? platform
                    : PolicyRefusals.PlatformNotInUse;
            case ApproverScope.Identity:
                if (About(scope, key) is not { } id || await turn.Db.Identities.FindAsync([id], turn.Cancellation) is not { } identity)
                    return VaultRefusals.IdentityNotFound;
                return identity.ArchivedAt is null ? StandardPath.Key(id) : VaultRefusals.Archived;
            default:
                return "";
        }
    }

    private static IdentityId? About(ApproverScope scope, string key) => scope == ApproverScope.Identity && Guid.TryParse(key, out var id) ? new IdentityId(id) : null;

    private static List<(ListedApprovers List, string Name, int Identities)> Counted(PolicyFacts facts)
        => [.. facts.Covered().GroupBy(c => (c.List.Scope, c.List.Key)).Select(g => (g.First().List, g.First().Name, g.Sum(c => c.Identities)))];

    private static List<ListedPerson> Named(IReadOnlyList<Person> people, IReadOnlySet<PersonId> named)
        => [.. people.Where(p => named.Contains(p.Id)).Select(p => new ListedPerson(p.Id, p.Name, p.Roles, Why(p)))];

    private static OutOfReach Why(Person person) => person switch
    {
        { DisabledAt: not null } => OutOfReach.Disabled,
        { JoinedAt: null } => OutOfReach.NotJoined,
        _ => person.Roles.HasAny(RolePermissions.Deciders) ? OutOfReach.No : OutOfReach.NoDecidingRole,
    };

    // As people think of them: the agency, its clients, its platforms, single accounts.
    private static int Order(ApproverScope scope) => scope switch
    {
        ApproverScope.Agency => 0,
        ApproverScope.Client => 1,
        ApproverScope.Platform => 2,
        _ => 3,
    };
}
