using AccessHive.Core.Kernel;
using AccessHive.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace AccessHive.Core.Requests.UseCases;

/// <summary>Asks the next approvers, with who they are, what the lists say and who is here read now.</summary>
internal static class Routing
{
    public static async Task AskNextAsync(Turn turn, AccessRequest request, IPresence presence)
    {
        var people = await turn.Db.People
            .Where(p => p.JoinedAt != null && p.DisabledAt == null && (p.Roles & RolePermissions.Deciders) != Roles.None)
            .ToListAsync(turn.Cancellation);
        var at = await StandardPath.CircumstancesAsync(turn.Db, request, requester: null, 0, turn.Now, turn.Cancellation);
        var deciders = people.Select(p => p.AsActor()).Where(p => request.MayBeDecidedBy(p, at.Approvers, at.Need) is null).ToList();
        var (ask, circles, nextAt) = ApproverRouting.Next(request, deciders, presence.Here(), turn.Now);
        request.AskCircle(ask, circles, nextAt, turn.Now);
    }
}
