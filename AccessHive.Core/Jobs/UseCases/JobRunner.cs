using AccessHive.Core.Kernel;
using AccessHive.Core.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using NodaTime;

namespace AccessHive.Core.Jobs.UseCases;

/// <summary>
/// Works off what is due: a few jobs at once, one in each lane. It sleeps until the next job is due or the bell rings,
/// never longer than 30 s. What a process that died was working on is due again at the next start.
/// </summary>
public sealed partial class JobRunner(
    Work work, IDbContextFactory<HiveContext> contexts, IEnumerable<IJobHandler> handlers, JobMetrics metrics, CommitBell bell, HiveClock clock, ILogger<JobRunner> log) : BackgroundService
{
    /// <summary>How many jobs run at once.</summary>
    public const int AtOnce = 4;

    private static readonly Duration LongestSleep = Duration.FromSeconds(30);
    // A handler that does not end with its cancellation is left to itself after this long.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);
    private readonly Dictionary<string, IJobHandler> handlers = handlers.ToDictionary(h => h.Kind, StringComparer.Ordinal);
    private readonly List<Task> running = [];
    private bool hasRecovered;

    /// <summary>Runs everything that is due, and what falls due by it, and waits for it.</summary>
    /// <returns>When the next job is due.</returns>
    public async Task<Instant?> RunDueAsync(CancellationToken cancellation)
    {
        while (await StartDueAsync(cancellation) > 0 || running.Count > 0)
        {
            await Task.WhenAll(running);
            running.Clear();
        }

        return await NextAsync(cancellation);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var heard = bell.Rings;
            var sleep = LongestSleep;
            try
            {
                await StartDueAsync(stoppingToken);
                if (await NextAsync(stoppingToken) is { } due)
                    sleep = Duration.Max(Duration.Min(due - clock.Now, LongestSleep), Duration.FromSeconds(1));
            }
            catch (Exception fault) when (!stoppingToken.IsCancellationRequested)
            {
                LogFault(log, fault);
            }

            await bell.WaitOrAsync(heard, sleep.ToTimeSpan(), clock.Time, stoppingToken);
        }
    }

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        // What is under way ends with its cancellation and is due again at the next start.
        await Task.WhenAny(Task.WhenAll(running), Task.Delay(Grace, clock.Time, cancellationToken));
    }

    private async Task<int> StartDueAsync(CancellationToken cancellation)
    {
        if (!hasRecovered)
            await RecoverAsync(cancellation);
        running.RemoveAll(t => t.IsCompleted);
        var started = 0;
        foreach (var id in await DueAsync(cancellation))
        {
            if (running.Count >= AtOnce)
                break;
            var taken = await work.RunAsAsync<Taken>(Actor.System, turn => TakeAsync(turn, id), cancellation);
            if (taken.IsRefused)
                continue;
            running.Add(Task.Run(() => RunAsync(taken.Value, cancellation), CancellationToken.None));
            started++;
        }

        return started;
    }

    private static async Task<Result<Taken>> TakeAsync(Turn turn, JobId id)
    {
        var job = await turn.Db.Jobs.SingleAsync(j => j.Id == id, turn.Cancellation);
        if (await turn.Db.Jobs.AnyAsync(j => j.Lane == job.Lane && j.State == JobState.Running, turn.Cancellation))
            return JobRefusals.JobNotDue;
        var taken = job.Take(turn.Now);
        return taken.IsRefused ? taken.Refusal : new Taken(job.Kind, job.TimeOut, new JobRun(id, job.About, job.Tries, job.Tries >= job.MostTries, turn.Now));
    }

    private async Task RunAsync(Taken taken, CancellationToken cancellation)
    {
        var began = clock.Time.GetTimestamp();
        try
        {
            var outcome = await TryAsync(taken, cancellation);
            metrics.Tried(taken.Kind, outcome.Answer switch { JobAnswer.Done => "done", JobAnswer.Again when !taken.Run.IsLast => "again", _ => "gave up" }, clock.Time.GetElapsedTime(began));
            await work.RunAsAsync<Done>(Actor.System, turn => SettleAsync(turn, taken.Run, outcome), cancellation);
        }
        catch (Exception fault)
        {
            // It stays Running, and is due again at the next start – which is what a process that ends leaves behind, too.
            if (!cancellation.IsCancellationRequested)
                LogFault(log, fault);
        }
    }

    private async Task<JobOutcome> TryAsync(Taken taken, CancellationToken cancellation)
    {
        if (!handlers.TryGetValue(taken.Kind, out var handler))
            return JobOutcome.GiveUp("This version of AccessHive doesn't know such work.");
        using var timeOut = new CancellationTokenSource(taken.TimeOut.ToTimeSpan(), clock.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, timeOut.Token);
        try
        {
            return await handler.RunAsync(taken.Run, either.Token).WaitAsync(taken.TimeOut.ToTimeSpan() + Grace, clock.Time, CancellationToken.None);
        }
        catch (Exception late) when (late is OperationCanceledException or TimeoutException && !cancellation.IsCancellationRequested)
        {
            return JobOutcome.Again(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"There was no answer within {taken.TimeOut.TotalSeconds} seconds."));
        }
        catch (Exception fault) when (!cancellation.IsCancellationRequested)
        {
            LogTry(log, fault, taken.Kind, taken.Run.Id);
            return JobOutcome.Again("Something broke inside AccessHive; its log says what.");
        }
    }

    private static async Task<Result<Done>> SettleAsync(Turn turn, JobRun run, JobOutcome outcome)
    {
        var job = await turn.Db.Jobs.SingleAsync(j => j.Id == run.Id, turn.Cancellation);
        if (job.State != JobState.Running || job.Tries != run.Try)
            return JobRefusals.JobNotDue;
        switch (outcome.Answer)
        {
            case JobAnswer.Done:
                job.Finish(turn.Now);
                break;
            case JobAnswer.Again:
                job.Fail(outcome.Problem, turn.Now);
                break;
            case JobAnswer.GiveUp:
                job.GiveUp(outcome.Problem, turn.Now);
                break;
        }

        return Done.Yes;
    }

    // One house, one process: what is Running when this one begins was left by one that is gone.
    private async Task RecoverAsync(CancellationToken cancellation)
    {
        await using (var db = await contexts.CreateDbContextAsync(cancellation))
        {
            if (!await db.Jobs.AnyAsync(j => j.State == JobState.Running, cancellation))
            {
                hasRecovered = true;
                return;
            }
        }

        await work.RunAsAsync<Done>(Actor.System, async turn =>
        {
            foreach (var job in await turn.Db.Jobs.Where(j => j.State == JobState.Running).ToListAsync(turn.Cancellation))
                job.Recover(turn.Now);
            return Done.Yes;
        }, cancellation);
        hasRecovered = true;
    }

    private async Task<IReadOnlyList<JobId>> DueAsync(CancellationToken cancellation)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var now = clock.Now;
        return await Free(db).Where(j => j.DueAt <= now).OrderBy(j => j.DueAt).ThenBy(j => j.Id).Select(j => j.Id).Take(AtOnce * 4).ToListAsync(cancellation);
    }

    private async Task<Instant?> NextAsync(CancellationToken cancellation)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        metrics.Count(
            await db.Jobs.LongCountAsync(j => j.State == JobState.Queued || j.State == JobState.Running, cancellation),
            await db.Jobs.LongCountAsync(j => j.State == JobState.GaveUp, cancellation));
        return await Free(db).MinAsync(j => (Instant?)j.DueAt, cancellation);
    }

    // Who waits for its lane is woken by the bell, when the one that is in it has ended.
    private static IQueryable<Job> Free(HiveContext db)
        => db.Jobs.Where(j => j.State == JobState.Queued && !db.Jobs.Any(r => r.State == JobState.Running && r.Lane == j.Lane));

    private sealed record Taken(string Kind, Duration TimeOut, JobRun Run);

    [LoggerMessage(Level = LogLevel.Error, Message = "Background work could not be started or settled; it is tried again.")]
    private static partial void LogFault(ILogger log, Exception fault);

    [LoggerMessage(Level = LogLevel.Error, Message = "A try of {Kind} broke (job {Job}).")]
    private static partial void LogTry(ILogger log, Exception fault, string kind, JobId job);
}
