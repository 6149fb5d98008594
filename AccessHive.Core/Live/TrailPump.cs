using AccessHive.Core.Kernel;
using AccessHive.Core.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using NodaTime;

namespace AccessHive.Core.Live;

/// <summary>
/// Waits for the bell, reads the trail after the last number it handed out, and hands out the rest. A ring that is lost
/// is healed by the next one, or by a look every two seconds.
/// </summary>
public sealed partial class TrailPump(IDbContextFactory<HiveContext> contexts, LiveFeed feed, CommitBell bell, HiveClock clock, ILogger<TrailPump> log) : BackgroundService
{
    private const int Batch = 500;
    private static readonly TimeSpan LookAnyway = TimeSpan.FromSeconds(2);
    private long last = -1;

    /// <summary>Hands out everything that was committed since the last time. The first call only takes its bearings.</summary>
    public async Task PumpAsync(CancellationToken cancellation)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        if (last < 0)
        {
            last = await db.Trail.MaxAsync(e => (long?)e.Seq, cancellation) ?? 0;
            return;
        }

        List<FeedItem> read;
        do
        {
            read = await db.Trail.Where(e => e.Seq > last).OrderBy(e => e.Seq).Take(Batch)
                .Select(e => new FeedItem(
                    e.Seq, Instant.FromUnixTimeMilliseconds(e.RecordedAt), e.Type, e.Emergency, e.ActorId, e.PersonId, e.IdentityId, e.CredentialId, e.RequestId, e.SessionId))
                .ToListAsync(cancellation);
            foreach (var item in read)
            {
                feed.Publish(item);
                last = item.Seq;
            }
        }
        while (read.Count == Batch);
    }

    /// <summary>Takes its bearings before the server listens: what is committed from then on reaches everybody who subscribed.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await PumpAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var heard = bell.Rings;
            try
            {
                await PumpAsync(stoppingToken);
            }
            catch (Exception fault) when (!stoppingToken.IsCancellationRequested)
            {
                LogFault(log, fault);
            }

            await bell.WaitOrAsync(heard, LookAnyway, clock.Time, stoppingToken);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The live feed could not read the trail; it tries again.")]
    private static partial void LogFault(ILogger log, Exception fault);
}
