using AccessHive.Core.Audit;
using AccessHive.Core.Kernel;
using AccessHive.Core.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using NodaTime;

namespace AccessHive.Core.Deadlines;

/// <summary>
/// One loop for every room: settle what is due, take the next deadline, sleep until then or until the bell rings, never
/// longer than 30 s, which heals a clock that jumped. A source that fails is logged and tried again later, and stops
/// nobody else.
/// </summary>
public sealed partial class DeadlineLoop(IEnumerable<IDeadlineSource> sources, Work work, CommitBell bell, HiveClock clock, ILogger<DeadlineLoop> log) : BackgroundService
{
    private static readonly Duration LongestSleep = Duration.FromSeconds(30);
    private static readonly Duration NoticeableJump = Duration.FromSeconds(10);
    private readonly Dictionary<IDeadlineSource, (int Failures, Instant RetryAt)> troubled = [];
    private bool behind;

    /// <summary>Settles everything that is due now, in every room. Called before the server listens, and by the loop.</summary>
    /// <returns>When something is due next.</returns>
    public async Task<Instant?> SettleAsync(CancellationToken cancellation)
    {
        Instant? next = null;
        foreach (var source in sources)
        {
            var due = await SettleAsync(source, cancellation);
            next = next is null || due < next ? due ?? next : next;
        }

        return next;
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var heard = bell.Rings;
            await NoteClockAsync(stoppingToken);
            var next = await SettleAsync(stoppingToken);
            var sleep = next is { } due ? Duration.Max(Duration.Min(due - clock.Now, LongestSleep), Duration.FromMilliseconds(1)) : LongestSleep;
            await bell.WaitOrAsync(heard, sleep.ToTimeSpan(), clock.Time, stoppingToken);
        }
    }

    private async Task<Instant?> SettleAsync(IDeadlineSource source, CancellationToken cancellation)
    {
        if (troubled.TryGetValue(source, out var trouble) && clock.Now < trouble.RetryAt)
            return trouble.RetryAt;
        try
        {
            await source.SettleAsync(cancellation);
            troubled.Remove(source);
            return await source.NextAsync(cancellation);
        }
        catch (Exception fault) when (!cancellation.IsCancellationRequested)
        {
            // A cancellation that nobody here asked for is the source's own time-out.
            LogFault(log, fault, source.Name);
            var retryAt = clock.Now + Duration.FromSeconds(Math.Min(30, 1 << Math.Min(trouble.Failures, 5)));
            troubled[source] = (trouble.Failures + 1, retryAt);
            return retryAt;
        }
    }

    private async Task NoteClockAsync(CancellationToken cancellation)
    {
        var now = clock.Behind > NoticeableJump;
        if (now == behind)
            return;
        try
        {
            await work.RunAsAsync<Done>(Actor.System, turn =>
            {
                turn.Db.Note(new ClockJumped(turn.Now, clock.Wall));
                return Task.FromResult<Result<Done>>(Done.Yes);
            }, cancellation);
            behind = now;
        }
        catch (Exception fault) when (!cancellation.IsCancellationRequested)
        {
            LogFault(log, fault, "clock");
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Deadlines of {Source} could not be settled; they are tried again.")]
    private static partial void LogFault(ILogger log, Exception fault, string source);
}
