using AccessHive.Core.Audit;
using AccessHive.Core.Deadlines;
using AccessHive.Core.Kernel;
using AccessHive.Core.Storage;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace AccessHive.Core.Sessions.UseCases;

/// <summary>How people end a session: the holder early, somebody who may by revoking it (P10).</summary>
public sealed class EndSessionHandler(Work work)
{
    /// <summary>The holder is done.</summary>
    /// <returns>Done; or what <see cref="AccessSession.EndByHolder"/> refuses, or <c>session-not-found</c>.</returns>
    public Task<Result<Done>> EndAsync(PersonId caller, SessionId id, CancellationToken cancellation = default)
        => WithSessionAsync(caller, id, "end a session", (session, turn) => session.EndByHolder(turn.By, turn.Now), cancellation);

    /// <summary>Takes it away.</summary>
    /// <returns>Done; or what <see cref="AccessSession.Revoke"/> refuses, or <c>session-not-found</c>.</returns>
    public Task<Result<Done>> RevokeAsync(PersonId caller, SessionId id, string words, CancellationToken cancellation = default)
        => WithSessionAsync(caller, id, "revoke a session", (session, turn) => session.Revoke(turn.By, words, turn.Now), cancellation);

    private Task<Result<Done>> WithSessionAsync(PersonId caller, SessionId id, string what, Func<AccessSession, Turn, Result<Done>> then, CancellationToken cancellation)
        => work.RunAsync<Done>(caller, new Attempt(what, Emergency: true, new Subject(Session: id)), async turn =>
        {
            if (await turn.Db.Sessions.FindAsync([id], turn.Cancellation) is not { } session)
                return SessionRefusals.SessionNotFound;
            (turn.Concerning, turn.InEmergency) = (new Subject(session.HolderId, session.IdentityId, session.CredentialId, session.RequestId, id), session.IsEmergency);
            return then(session, turn);
        }, cancellation);
}

/// <summary>What falls due in Sessions: time that is used up. Every gate asks the clock itself; this only says it aloud.</summary>
public sealed class SessionDeadlines(Work work, IDbContextFactory<HiveContext> contexts, HiveClock clock) : IDeadlineSource
{
    /// <inheritdoc/>
    public string Name => "sessions";

    /// <inheritdoc/>
    public async Task<Instant?> NextAsync(CancellationToken cancellation)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        return await db.Sessions.Where(s => s.EndedAt == null).MinAsync(s => (Instant?)s.EndsAt, cancellation);
    }

    /// <inheritdoc/>
    public async Task SettleAsync(CancellationToken cancellation)
    {
        foreach (var id in await DueAsync(cancellation))
            await work.RunAsAsync<Done>(Actor.System, async turn => (await turn.Db.Sessions.SingleAsync(s => s.Id == id, turn.Cancellation)).Expire(turn.Now), cancellation);
    }

    private async Task<IReadOnlyList<SessionId>> DueAsync(CancellationToken cancellation)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var now = clock.Now;
        return await db.Sessions.Where(s => s.EndedAt == null && s.EndsAt <= now).OrderBy(s => s.EndsAt).Select(s => s.Id).ToListAsync(cancellation);
    }
}
