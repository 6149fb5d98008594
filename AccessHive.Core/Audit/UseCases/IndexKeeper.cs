using AccessHive.Core.Kernel;
using AccessHive.Core.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AccessHive.Core.Audit.UseCases;

/// <summary>
/// Keeps the word index of the trail as it should be, in small steps between other people's commits: entries that an older
/// version indexed are indexed again, and words of what was erased or purged are swept out.
/// </summary>
public sealed partial class IndexKeeper(Work work, IDbContextFactory<HiveContext> contexts, CommitBell bell, HiveClock clock, ILogger<IndexKeeper> log) : BackgroundService
{
    private static readonly TimeSpan TryAgain = TimeSpan.FromSeconds(30);
    private bool logHoldsErased;

    /// <summary>Does what there is to do, to its end.</summary>
    public async Task LookAsync(CancellationToken cancellation)
    {
        await using (var db = await contexts.CreateDbContextAsync(cancellation))
        {
            if (!logHoldsErased && !await db.TrailTree.AnyAsync(t => t.WordsToSweep || t.PairsFrom > 1, cancellation))
                return;
        }

        while (await StepAsync(TrailIndex.RenewAsync, cancellation) || await StepAsync(TrailSweep.StepAsync, cancellation))
            logHoldsErased = true;
        await using var emptied = await contexts.CreateDbContextAsync(cancellation);
        logHoldsErased = !await WriteAheadLog.EmptyAsync(emptied, cancellation);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var heard = bell.Rings;
            try
            {
                await LookAsync(stoppingToken);
            }
            catch (Exception fault) when (!stoppingToken.IsCancellationRequested)
            {
                LogFault(log, fault);
            }

            await bell.WaitOrAsync(heard, TryAgain, clock.Time, stoppingToken);
        }
    }

    private async Task<bool> StepAsync(Func<HiveContext, CancellationToken, Task<Result<bool>>> step, CancellationToken cancellation)
        => (await work.RunAsAsync<bool>(Actor.System, turn => step(turn.Db, turn.Cancellation), cancellation)) is { IsRefused: false, Value: true };

    [LoggerMessage(Level = LogLevel.Error, Message = "The word index of the trail could not be brought up to date; it is tried again.")]
    private static partial void LogFault(ILogger log, Exception fault);
}
