using System.Text;
using AccessHive.Core.Audit.UseCases.Formats;
using AccessHive.Core.Kernel;
using AccessHive.Core.Storage;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace AccessHive.Core.Audit.UseCases;

/// <summary>What the card of the live sink shows.</summary>
/// <param name="Target">Where to.</param>
/// <param name="Revision">Which edit this is; an edit names the revision it was made on.</param>
/// <param name="EditedAt">When it was last edited.</param>
/// <param name="EditedBy">By whom.</param>
/// <param name="Sent">Everything up to this entry has been taken; nothing, while it was never on.</param>
/// <param name="SentAt">When it last moved on.</param>
/// <param name="Behind">How many entries wait, counted up to <see cref="MostCounted"/>.</param>
/// <param name="Problem">Why it does not get on.</param>
/// <param name="ProblemAt">Since when.</param>
public sealed record SyslogCard(
    SyslogTarget Target, int Revision, Instant? EditedAt, string? EditedBy, long? Sent, Instant? SentAt, long Behind, Refusal? Problem, Instant? ProblemAt)
{
    /// <summary>Up to how many waiting entries are counted.</summary>
    public const int MostCounted = 1_000;
}

/// <summary>Reads, saves and tries the settings of the live sink.</summary>
public sealed class KeepSyslog(Work work, IDbContextFactory<HiveContext> contexts, HiveClock clock)
{
    /// <summary>The card as it is now; nothing for who neither edits settings nor reads the trail.</summary>
    public async Task<SyslogCard?> ReadAsync(PersonId caller, CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        if (!(await Reader.AsActorAsync(db, caller, cancellation)).Has(RolePermissions.SettingsEditors | RolePermissions.TrailReaders))
            return null;
        var sink = await db.SyslogSinks.AsNoTracking().SingleOrDefaultAsync(cancellation) ?? SyslogSink.Unset();
        var progress = await db.SyslogProgress.AsNoTracking().SingleOrDefaultAsync(cancellation);
        var editor = sink.EditedBy is { } id ? await db.People.Where(p => p.Id == id).Select(p => p.Name).SingleOrDefaultAsync(cancellation) : null;
        var behind = 0L;
        if (progress is not null && sink.Target.IsOn)
        {
            var waiting = db.Trail.Where(e => e.Seq > progress.Sent);
            behind = await (sink.Target.OnlyEmergency ? waiting.Where(e => e.Emergency) : waiting).OrderBy(e => e.Seq).Take(SyslogCard.MostCounted).LongCountAsync(cancellation);
        }

        return new SyslogCard(
            sink.Target, sink.Revision, sink.EditedAt, editor, progress?.Sent, progress?.SentAt, behind,
            progress?.Problem is { } code ? new Refusal(code) : null, progress?.ProblemAt);
    }

    /// <summary>Saves other settings. Switched on for the first time, it begins with the entry of that; later it goes on where it stopped.</summary>
    /// <returns>Done; or what <see cref="SyslogSink.Edit"/> refuses.</returns>
    public Task<Result<Done>> SaveAsync(PersonId caller, SyslogTarget target, int madeOn, CancellationToken cancellation = default)
        => work.RunAsync(caller, Attempt("edit where the trail is sent to"), async turn =>
        {
            var sink = await turn.Db.SyslogSinks.SingleOrDefaultAsync(turn.Cancellation);
            var isNew = sink is null;
            sink ??= SyslogSink.Unset();
            var result = sink.Edit(turn.By, Tidy(target), madeOn, turn.Now);
            if (result.IsRefused)
                return result;
            if (isNew)
                turn.Db.SyslogSinks.Add(sink);
            if (sink.Target.IsOn && !await turn.Db.SyslogProgress.AnyAsync(turn.Cancellation))
                turn.Db.SyslogProgress.Add(new SyslogProgress { Sent = await turn.Db.Trail.MaxAsync(e => (long?)e.Seq, turn.Cancellation) ?? 0 });
            return result;
        }, cancellation);

    /// <summary>Sends one message of a test to a receiver, saved or not. It is noted with its outcome.</summary>
    /// <returns>Done; or <c>not-settings-editor</c>, what <see cref="SyslogTarget.Check"/> refuses, <c>syslog-unreachable</c>, <c>syslog-not-trusted</c>, <c>syslog-hung-up</c>.</returns>
    public async Task<Result<Done>> TestAsync(PersonId caller, SyslogTarget target, CancellationToken cancellation = default)
    {
        target = Tidy(target);
        // Asked before anything leaves; who may not is in the trail as one who tried.
        var may = await work.RunAsync<Done>(caller, Attempt("send a test to where the trail is sent to"), turn =>
            Task.FromResult<Result<Done>>(!turn.By.Has(RolePermissions.SettingsEditors) ? SyslogRefusals.NotEditor : target.Check() is { } refusal ? refusal : Done.Yes), cancellation);
        if (may.IsRefused)
            return may;
        var problem = await TryAsync(target, cancellation);
        await work.RunAsync<Done>(caller, Attempt("send a test to where the trail is sent to"), turn =>
        {
            turn.Db.Note(new SyslogTested(turn.Now, turn.By, target.Host, target.Port, problem?.Code));
            return Task.FromResult<Result<Done>>(Done.Yes);
        }, cancellation);
        return problem is null ? Done.Yes : problem;
    }

    private async Task<Refusal?> TryAsync(SyslogTarget target, CancellationToken cancellation)
    {
        try
        {
            await using var line = await SyslogLine.OpenAsync(target, clock.Time, cancellation);
            using var message = new MemoryStream();
            SyslogFormat.Frame(message, TrailSink.Head(), new ExportedEntry
            {
                Seq = 0,
                RecordedAt = clock.Now.ToUnixTimeMilliseconds(),
                Type = "trail.syslog-tested",
                Emergency = false,
                Payload = Encoding.UTF8.GetBytes("{}"),
                LeafHash = TrailFormat.NoLeaf,
                Facts = [new("test", "This is a test of AccessHive, and no entry of its trail.")],
            });
            await line.SendAsync(message.ToArray(), clock.Time, cancellation);
            await line.CloseAsync(clock.Time);
            return null;
        }
        catch (SyslogLineException fault)
        {
            return fault.Refusal;
        }
    }

    private static SyslogTarget Tidy(SyslogTarget target) => target with { Host = target.Host.Trim(), Authority = target.Authority.Trim() };

    private static Attempt Attempt(string what) => new(what, Emergency: false, Subject.Nothing);
}
