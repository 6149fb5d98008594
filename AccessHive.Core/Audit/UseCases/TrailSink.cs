using AccessHive.Core.Audit.UseCases.Formats;
using AccessHive.Core.Kernel;
using AccessHive.Core.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AccessHive.Core.Audit.UseCases;

/// <summary>
/// Sends the trail to a syslog receiver while it grows. It reads behind everybody else and nobody waits for it; how far it
/// has come is kept, so that it goes on there after a restart. At least once: a batch counts as sent when the line was
/// still up a moment later, and is sent again otherwise.
/// </summary>
public sealed partial class TrailSink(IDbContextFactory<HiveContext> contexts, Work work, CommitBell bell, HiveClock clock, ILogger<TrailSink> log) : BackgroundService
{
    private static readonly TimeSpan LookAnyway = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(5);
    private const int MostUnsure = 10_000;
    private SyslogLine? line;
    private SyslogTarget? up;

    /// <summary>Sends what is there and not sent yet.</summary>
    /// <returns>Why not, if it doesn't get on.</returns>
    public async Task<Refusal?> SendAsync(CancellationToken cancellation)
    {
        var (target, progress) = await StateAsync(cancellation);
        if (!target.IsOn || progress is null)
        {
            await HangUpAsync();
            return null;
        }

        try
        {
            var batches = new EntryBatches(contexts, target.OnlyEmergency ? ReadTrail.Match(new TrailFilter(Emergency: true), only: null) : "", target.Personal, target.Personal);
            var (written, unsure) = (progress.Sent, 0);
            while (true)
            {
                var newest = await NewestAsync(cancellation);
                var batch = await batches.AfterAsync(written, newest, cancellation);
                if (batch.Count > 0)
                    await SendAsync(target, batch, cancellation);
                unsure += batch.Count;
                var over = batch.Count < EntryBatches.Size;
                // Between the last one that was meant for the receiver and the newest one nothing is.
                written = over ? newest : batch[^1].Seq;
                if (over || unsure >= MostUnsure)
                {
                    await SureAsync(progress, written, unsure, cancellation);
                    unsure = 0;
                }

                if (over)
                    return null;
            }
        }
        catch (SyslogLineException fault)
        {
            await HangUpAsync();
            if (progress.Problem != fault.Refusal.Code)
                await ReachedAsync(reached: null, fault.Refusal.Code, cancellation);
            return fault.Refusal;
        }
    }

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        if (line is not null)
            await line.CloseAsync(clock.Time);
        await HangUpAsync();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        for (var failed = 0; !stoppingToken.IsCancellationRequested;)
        {
            var heard = bell.Rings;
            try
            {
                failed = await SendAsync(stoppingToken) is null ? 0 : failed + 1;
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception fault)
            {
                failed++;
                LogFault(log, fault);
            }

            // While the receiver is away the bell is not listened to: a busy house would knock at a closed door all the time.
            if (failed == 0)
                await bell.WaitOrAsync(heard, LookAnyway, clock.Time, stoppingToken);
            else
                await Task.Delay(Pause(failed), clock.Time, stoppingToken);
        }
    }

    private static TimeSpan Pause(int failed) => TimeSpan.FromSeconds(Math.Min(LongestPause.TotalSeconds, Math.Pow(2, Math.Min(failed, 10))));

    private async Task SendAsync(SyslogTarget target, IReadOnlyList<ExportedEntry> batch, CancellationToken cancellation)
    {
        if (up != target)
            await HangUpAsync();
        line ??= await SyslogLine.OpenAsync(target, clock.Time, cancellation);
        up = target;
        using var messages = new MemoryStream();
        var head = Head();
        foreach (var entry in batch)
            SyslogFormat.Frame(messages, head, entry);
        await line.SendAsync(messages.GetBuffer().AsMemory(0, (int)messages.Length), clock.Time, cancellation);
    }

    // Where nothing was meant for the receiver, how far it was read is kept now and then only: every note of it is a commit.
    private async Task SureAsync(SyslogProgress progress, long written, int unsure, CancellationToken cancellation)
    {
        if (unsure > 0)
            await line!.SettleAsync(Moment, clock.Time, cancellation);
        else if (progress.Problem is null && written - progress.Sent < MostUnsure)
            return;
        if (written == progress.Sent && progress.Problem is null)
            return;
        await ReachedAsync(written, problem: null, cancellation);
        (progress.Sent, progress.Problem) = (written, null);
    }

    internal static ExportHead Head() => new("accesshive", 1, 1, Narrowed: false, Follows: true, "", Environment.MachineName);

    private async Task HangUpAsync()
    {
        if (line is not null)
            await line.DisposeAsync();
        (line, up) = (null, null);
    }

    private async Task<(SyslogTarget Target, SyslogProgress? Progress)> StateAsync(CancellationToken cancellation)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var sink = await db.SyslogSinks.AsNoTracking().SingleOrDefaultAsync(cancellation);
        return (sink?.Target ?? SyslogTarget.Nowhere, await db.SyslogProgress.AsNoTracking().SingleOrDefaultAsync(cancellation));
    }

    private async Task<long> NewestAsync(CancellationToken cancellation)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        return await db.Trail.MaxAsync(e => (long?)e.Seq, cancellation) ?? 0;
    }

    private Task<Result<Done>> ReachedAsync(long? reached, string? problem, CancellationToken cancellation) => work.RunAsAsync<Done>(Actor.System, async turn =>
    {
        var progress = await turn.Db.SyslogProgress.SingleAsync(turn.Cancellation);
        if (reached is { } sent)
            (progress.Sent, progress.SentAt) = (sent, turn.Now);
        (progress.Problem, progress.ProblemAt) = (problem, problem is null ? null : turn.Now);
        return Done.Yes;
    }, cancellation);

    [LoggerMessage(Level = LogLevel.Error, Message = "The trail could not be sent to its receiver; it is tried again.")]
    private static partial void LogFault(ILogger log, Exception fault);
}
