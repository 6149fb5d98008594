using AccessHive.Core.Deadlines;
using AccessHive.Core.Kernel;
using AccessHive.Core.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using NodaTime;

namespace AccessHive.Core.Notices.UseCases;

/// <summary>Pays what is owed: tells people of entries of which nobody could be told in their own transaction.</summary>
public sealed partial class NoticeDebts(Work work, IDbContextFactory<HiveContext> contexts, HiveClock clock, ILogger<NoticeDebts> log) : IDeadlineSource
{
    /// <inheritdoc/>
    public string Name => "notices";

    /// <inheritdoc/>
    public async Task<Instant?> NextAsync(CancellationToken cancellation)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        return await db.NoticeDebts.MinAsync(d => (Instant?)d.DueAt, cancellation);
    }

    /// <inheritdoc/>
    public async Task SettleAsync(CancellationToken cancellation)
    {
        foreach (var seq in await DueAsync(cancellation))
        {
            try
            {
                await work.RunAsAsync<Done>(Actor.System, turn => PayAsync(turn, seq), cancellation);
            }
            catch (Exception fault) when (!cancellation.IsCancellationRequested)
            {
                LogOwed(log, fault, seq);
                await work.RunAsAsync<Done>(Actor.System, turn => PostponeAsync(turn, seq), cancellation);
            }
        }
    }

    private async Task<IReadOnlyList<long>> DueAsync(CancellationToken cancellation)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var now = clock.Now;
        return await db.NoticeDebts.Where(d => d.DueAt <= now).OrderBy(d => d.Seq).Select(d => d.Seq).ToListAsync(cancellation);
    }

    private static async Task<Result<Done>> PayAsync(Turn turn, long seq)
    {
        var entry = await turn.Db.Trail.AsNoTracking().SingleOrDefaultAsync(e => e.Seq == seq, turn.Cancellation);
        if (entry is not null)
            await NoticeWriter.WriteAsync(turn.Db, [entry], late: true, turn.Cancellation);
        await turn.Db.NoticeDebts.Where(d => d.Seq == seq).ExecuteDeleteAsync(turn.Cancellation);
        return Done.Yes;
    }

    private static async Task<Result<Done>> PostponeAsync(Turn turn, long seq)
    {
        (await turn.Db.NoticeDebts.SingleAsync(d => d.Seq == seq, turn.Cancellation)).Postpone(turn.Now);
        return Done.Yes;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Nobody could be told of entry {Seq} of the trail; it is tried again.")]
    private static partial void LogOwed(ILogger log, Exception fault, long seq);
}
