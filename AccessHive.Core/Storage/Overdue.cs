using AccessHive.Core.Kernel;
using AccessHive.Core.Requests;
using Microsoft.EntityFrameworkCore;

namespace AccessHive.Core.Storage;

/// <summary>
/// What the clock has ended already is also ended in the database before something new takes its place: the deadline
/// loop says it aloud a moment later, or much later when it is in trouble, and nobody has to wait for it.
/// </summary>
internal static class Overdue
{
    public static async Task SettleAsync(Turn turn, PersonId person, CredentialId credential)
    {
        var unanswered = await turn.Db.Requests.Include(r => r.Asks)
            .Where(r => r.RequesterId == person && r.CredentialId == credential && r.State == RequestState.Pending && r.DecideBy <= turn.Now)
            .ToListAsync(turn.Cancellation);
        foreach (var request in unanswered)
            _ = request.Lapse(turn.Now);

        var usedUp = await turn.Db.Sessions
            .Where(s => s.HolderId == person && s.CredentialId == credential && s.EndedAt == null && s.EndsAt <= turn.Now)
            .ToListAsync(turn.Cancellation);
        foreach (var session in usedUp)
            _ = session.Expire(turn.Now);
    }
}
