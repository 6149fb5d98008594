using AccessHive.Core.Deadlines;
using AccessHive.Core.Kernel;
using AccessHive.Core.Requests;
using AccessHive.Core.Storage;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace AccessHive.Core.Cases.UseCases;

/// <summary>
/// What falls due in Cases: reminders of missing verdicts, and cases in which the last gate has closed without anybody being there. At the
/// first settling of a process also the cases of emergencies that are older than cases.
/// </summary>
public sealed class CaseDeadlines(Work work, IDbContextFactory<HiveContext> contexts, HiveClock clock) : IDeadlineSource
{
    private const int MostAtOnce = 200;
    private bool complete;

    /// <inheritdoc/>
    public string Name => "cases";

    /// <inheritdoc/>
    public async Task<Instant?> NextAsync(CancellationToken cancellation)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var due = await Casebook.ReviewDueAsync(db, cancellation);
        var waiting = await db.Cases.Where(c => c.ClosedAt == null && c.ReviewedAt == null).Select(c => new { c.DueFrom, c.RemindedDay }).ToListAsync(cancellation);
        return waiting.Count == 0 ? null : waiting.Min(c => new ReviewClock(c.DueFrom, due).NextAfter(c.RemindedDay));
    }

    /// <inheritdoc/>
    public async Task SettleAsync(CancellationToken cancellation)
    {
        while (!complete)
            complete = await OpenOlderAsync(cancellation) < MostAtOnce;
        foreach (var credential in await DoneAsync(cancellation))
        {
            await work.RunAsAsync<Done>(Actor.System, async turn =>
            {
                await Casebook.CloseAsync(turn, credential);
                return Done.Yes;
            }, cancellation);
        }

        foreach (var id in await DueAsync(cancellation))
            await work.RunAsAsync<Done>(Actor.System, turn => RemindAsync(turn, id), cancellation);
    }

    private async Task<IReadOnlyList<CredentialId>> DoneAsync(CancellationToken cancellation)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var now = clock.Now;
        var judged = await Casebook.Facts(db, db.Cases.Where(c => c.ClosedAt == null && c.ReviewedAt != null)).ToListAsync(cancellation);
        var done = judged.Where(f => CaseGates.Of(f.With(Duration.Zero), now).AllClosed).Select(f => f.Id).ToList();
        return done.Count == 0 ? [] : await db.Cases.Where(c => done.Contains(c.Id)).Select(c => c.CredentialId).Distinct().ToListAsync(cancellation);
    }

    private async Task<IReadOnlyList<CaseId>> DueAsync(CancellationToken cancellation)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var (now, due) = (clock.Now, await Casebook.ReviewDueAsync(db, cancellation));
        var waiting = await db.Cases.Where(c => c.ClosedAt == null && c.ReviewedAt == null).OrderBy(c => c.Number).Select(c => new { c.Id, c.DueFrom, c.RemindedDay }).ToListAsync(cancellation);
        return [.. waiting.Where(c => new ReviewClock(c.DueFrom, due).ReminderAt(now) > c.RemindedDay).Select(c => c.Id)];
    }

    private static async Task<Result<Done>> RemindAsync(Turn turn, CaseId id)
    {
        var it = await turn.Db.Cases.SingleAsync(c => c.Id == id, turn.Cancellation);
        var eligible = await Casebook.EligibleAsync(turn.Db, await Casebook.PartiesAsync(turn.Db, id, turn.Cancellation), turn.Cancellation);
        it.Remind(await Casebook.ReviewDueAsync(turn.Db, turn.Cancellation), eligible.Count, turn.Now);
        return Done.Yes;
    }

    // Every request that is raised from now on has its case in the same transaction, so this is asked once.
    private async Task<int> OpenOlderAsync(CancellationToken cancellation)
    {
        await using (var db = await contexts.CreateDbContextAsync(cancellation))
        {
            if (!await Without(db).AnyAsync(cancellation))
                return 0;
        }

        var opened = await work.RunAsAsync<int>(Actor.System, async turn =>
        {
            var older = await Without(turn.Db).OrderBy(r => r.RaisedAt).ThenBy(r => r.Id).Take(MostAtOnce).ToListAsync(turn.Cancellation);
            foreach (var request in older)
            {
                await Casebook.EnterAsync(turn, request);
                await turn.Db.SaveChangesAsync(turn.Cancellation);
            }

            return older.Count;
        }, cancellation);
        return opened.Require();
    }

    private static IQueryable<AccessRequest> Without(HiveContext db)
        => db.Requests.Where(r => r.Kind == RequestKind.Emergency && !db.CaseRequests.Any(m => m.RequestId == r.Id));
}
