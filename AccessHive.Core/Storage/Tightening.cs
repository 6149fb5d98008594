using AccessHive.Core.Kernel;
using AccessHive.Core.Policies;
using Microsoft.EntityFrameworkCore;

namespace AccessHive.Core.Storage;

/// <summary>
/// Whoever lost the right to emergency access, or to any access, loses the access too, in the same transaction as the change that took
/// the right away (P5; security.md, promise 9). Loosening never lengthens anything, so there is no counterpart.
/// </summary>
internal static class Tightening
{
    public static async Task RevokeWhereLostAsync(Turn turn, EmergencyPolicy policy, string words)
    {
        var running = await turn.Db.Sessions.Where(s => s.EndedAt == null && s.EndsAt > turn.Now).ToListAsync(turn.Cancellation);
        foreach (var session in running)
        {
            var holder = await turn.Db.People.FindAsync([session.HolderId], turn.Cancellation);
            if (holder is not { IsActive: true } || !(session.IsEmergency ? policy.Rules.IsEligible(holder.Roles) : holder.Roles.HasAny(RolePermissions.CanBeEligible)))
                _ = session.Revoke(Actor.System, words, turn.Now);
        }
    }
}
