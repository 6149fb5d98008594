using AccessHive.Core.Kernel;
using AccessHive.Core.Storage;
using AccessHive.Core.Vault;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using NodaTime;

namespace AccessHive.Core.Audit.UseCases;

/// <summary>
/// Signs the trail: at once after an emergency event, 60 seconds after the first change that no checkpoint covers, every
/// hour when nothing happens, when the day's key changes, at start and at stop. A checkpoint is no entry of the trail.
/// What fails is logged and tried again, and keeps nobody waiting.
/// </summary>
public sealed partial class CheckpointKeeper(
    Work work, IDbContextFactory<HiveContext> contexts, HouseSeal seal, CommitBell bell, HiveClock clock, ILogger<CheckpointKeeper> log) : BackgroundService
{
    /// <summary>How long a change waits for its checkpoint.</summary>
    public static readonly Duration AfterChanges = Duration.FromSeconds(60);

    /// <summary>How long nothing happens before there is a checkpoint all the same.</summary>
    public static readonly Duration WhenIdle = Duration.FromHours(1);

    private static readonly Duration LongestSleep = Duration.FromSeconds(30);
    private bool logHoldsErased = true;

    /// <summary>Makes the checkpoint that is due now, if one is.</summary>
    /// <returns>When to look again, unless the bell rings first.</returns>
    public async Task<Instant> LookAsync(CancellationToken cancellation)
    {
        await EmptyLogAsync(cancellation);
        var (cause, due) = await DueAsync(cancellation);
        if (cause is null)
            return due;
        await MakeAsync(cause, cancellation);
        return (await DueAsync(cancellation)).Due;
    }

    /// <summary>Makes a checkpoint now.</summary>
    /// <param name="cause">One of <see cref="CheckpointCause"/>.</param>
    /// <param name="cancellation">Cancels it.</param>
    public async Task MakeAsync(string cause, CancellationToken cancellation)
    {
        var isNewKey = (await work.RunAsAsync<bool>(Actor.System, async turn =>
        {
            var tree = await turn.Db.TrailTree.AsNoTracking().SingleAsync(turn.Cancellation);
            var last = await turn.Db.TrailCheckpoints.OrderByDescending(c => c.Id).Select(c => (long?)c.At).FirstOrDefaultAsync(turn.Cancellation);
            var at = Instant.Max(turn.Now, Instant.FromUnixTimeMilliseconds(last ?? 0));
            using var key = await DayKeys.TakeAsync(turn.Db, seal, tree.Origin, at, turn.Cancellation);
            var checkpoint = new Checkpoint(tree.Origin, tree.Size, Frontier.From(tree.Size, tree.Frontier).Root(), at, key.Epoch);
            turn.Db.TrailCheckpoints.Add(new TrailCheckpoint
            {
                Size = tree.Size,
                At = at.ToUnixTimeMilliseconds(),
                Epoch = key.Epoch,
                Note = key.Sign(checkpoint.Text),
                Cause = cause,
            });
            return key.IsNew;
        }, cancellation)).Require();
        logHoldsErased |= isNewKey;
        await EmptyLogAsync(cancellation);
    }

    /// <summary>Signs what there is before the server listens.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await TryAsync(() => MakeAsync(CheckpointCause.Start, cancellationToken), cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    /// <summary>Signs what there is when everybody else has stopped.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await TryAsync(() => MakeAsync(CheckpointCause.Stop, cancellationToken), cancellationToken);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var heard = bell.Rings;
            var due = clock.Now + LongestSleep;
            var looked = await TryAsync(async () => due = Instant.Min(due, await LookAsync(stoppingToken)), stoppingToken);
            var sleep = looked ? Duration.Max(due - clock.Now, Duration.FromMilliseconds(1)) : LongestSleep;
            await bell.WaitOrAsync(heard, sleep.ToTimeSpan(), clock.Time, stoppingToken);
        }
    }

    private async Task<(string? Cause, Instant Due)> DueAsync(CancellationToken cancellation)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var now = clock.Now;
        var size = await db.TrailTree.Select(t => t.Size).SingleAsync(cancellation);
        if (await db.TrailCheckpoints.OrderByDescending(c => c.Id).Select(c => new { c.Size, c.At, c.Epoch }).FirstOrDefaultAsync(cancellation) is not { } last)
            return (CheckpointCause.Start, now);
        if (await db.Trail.AnyAsync(e => e.Emergency && e.Seq > last.Size, cancellation))
            return (CheckpointCause.Emergency, now);
        var tomorrow = DayKeys.EndOf(last.Epoch);
        if (tomorrow <= now)
            return (CheckpointCause.Key, now);
        var changedAt = size == last.Size ? null : await db.Trail.Where(e => e.Seq == last.Size + 1).Select(e => (long?)e.RecordedAt).SingleOrDefaultAsync(cancellation);
        var due = changedAt is { } changed ? Instant.FromUnixTimeMilliseconds(changed) + AfterChanges : Instant.FromUnixTimeMilliseconds(last.At) + WhenIdle;
        if (due <= now)
            return (changedAt is null ? CheckpointCause.Idle : CheckpointCause.Changes, now);
        return (null, Instant.Min(due, tomorrow));
    }

    // The private half that was erased may still stand in the log.
    private async Task EmptyLogAsync(CancellationToken cancellation)
    {
        if (!logHoldsErased)
            return;
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        logHoldsErased = !await WriteAheadLog.EmptyAsync(db, cancellation);
    }

    private async Task<bool> TryAsync(Func<Task> act, CancellationToken cancellation)
    {
        try
        {
            await act();
            return true;
        }
        catch (Exception fault) when (!cancellation.IsCancellationRequested)
        {
            LogFault(log, fault);
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The trail could not be signed; it is tried again.")]
    private static partial void LogFault(ILogger log, Exception fault);
}
