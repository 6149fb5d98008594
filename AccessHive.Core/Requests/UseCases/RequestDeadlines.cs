using AccessHive.Core.Deadlines;
using AccessHive.Core.Kernel;
using AccessHive.Core.Storage;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace AccessHive.Core.Requests.UseCases;

/// <summary>What falls due in Requests: windows that close without a decision, and circles of approvers to be asked.</summary>
public sealed class RequestDeadlines(Work work, IDbContextFactory<HiveContext> contexts, HiveClock clock, IPresence presence) : IDeadlineSource
{
    /// <inheritdoc/>
    public string Name => "requests";

    /// <inheritdoc/>
    public async Task<Instant?> NextAsync(CancellationToken cancellation)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var pending = db.Requests.Where(r => r.State == RequestState.Pending);
        var window = await pending.MinAsync(r => (Instant?)r.DecideBy, cancellation);
        var circle = await pending.MinAsync(r => r.NextCircleAt, cancellation);
        return circle is null || window < circle ? window : circle;
    }

    /// <inheritdoc/>
    public async Task SettleAsync(CancellationToken cancellation)
    {
        foreach (var id in await DueAsync(cancellation))
        {
            await work.RunAsAsync<Done>(Actor.System, async turn =>
            {
                var request = await turn.Db.Requests.Include(r => r.Asks).SingleAsync(r => r.Id == id, turn.Cancellation);
                if (turn.Now >= request.DecideBy)
                    return request.Lapse(turn.Now);
                if (request.NextCircleAt <= turn.Now)
                    await Routing.AskNextAsync(turn, request, presence);
                return Done.Yes;
            }, cancellation);
        }
    }

    private async Task<IReadOnlyList<RequestId>> DueAsync(CancellationToken cancellation)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var now = clock.Now;
        return await db.Requests.Where(r => r.State == RequestState.Pending && (r.DecideBy <= now || r.NextCircleAt <= now)).Select(r => r.Id).ToListAsync(cancellation);
    }
}
