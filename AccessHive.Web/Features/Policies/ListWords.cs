using AccessHive.Core.Policies;
using AccessHive.Core.Policies.UseCases;
using AccessHive.Web.Features.Shared;

namespace AccessHive.Web.Features.Policies;

/// <summary>What has to be said of a list before somebody relies on it.</summary>
public static class ListWords
{
    /// <summary>Nobody is on it, nobody on it could approve, too few could, or only one.</summary>
    public static IReadOnlyList<string> Warnings(ApproverScope scope, string name, Approvers approvers, ListReach reach)
    {
        if (reach.Approvers == 0)
        {
            return
            [
                approvers is { Everybody: false, People.Count: 0 }
                    ? "With nobody on the list, nobody can approve – requests will lapse."
                    : "Nobody on this list is active and Owner, Admin or Approver, so nobody can approve – requests will lapse.",
            ];
        }

        var gaps = reach.Gaps.Select(ApprovalWords.For).ToList();
        return gaps.Count == 0 && reach.Approvers == 1
            ? [$"Only one person on {ApprovalWords.ListOf(scope, name)} could approve, and nobody decides their own request: when that person asks or is away, it lapses."]
            : gaps;
    }
}

/// <summary>What a chip says beside a name.</summary>
public static class PersonWords
{
    /// <summary>Their roles, or what stands in the way.</summary>
    public static string Of(ListedPerson person) => person.OutOfReach switch
    {
        OutOfReach.Disabled => "disabled, can't approve",
        OutOfReach.NotJoined => "invited, can't approve yet",
        OutOfReach.NoDecidingRole => $"{RefusalWords.Names(person.Roles)}, can't approve",
        _ => RefusalWords.Names(person.Roles),
    };
}
