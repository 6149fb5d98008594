using AccessHive.Core.Cases.Weeks;
using AccessHive.Core.Deadlines;
using AccessHive.Core.Kernel;
using AccessHive.Core.Storage;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using NodaTime;
using NodaTime.Text;

namespace AccessHive.Core.Cases.UseCases;

/// <summary>
/// The weekly reminder (P13): one a day, at the agency's hour, until the week is attested. It is kept under its week and its
/// day, so that a second node, a second tick or a clock set back finds it there and does nothing.
/// </summary>
public sealed class WeekDeadlines(Work work, IDbContextFactory<HiveContext> contexts, HiveClock clock) : IDeadlineSource
{
    // There is nothing to do, and a refusal neither saves nor rings.
    private static readonly Refusal Nothing = new("no-week-due");

    /// <inheritdoc/>
    public string Name => "weeks";

    /// <inheritdoc/>
    public async Task<Instant?> NextAsync(CancellationToken cancellation)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var now = clock.Now;
        if (await WeekFacts.ReadAsync(db, cancellation) is not { } weeks)
            return null;
        return await DueAsync(db, weeks, now, cancellation) is { } due ? weeks.Calendar.SlotOn(due.Day) : weeks.Calendar.NextSlot(now);
    }

    /// <inheritdoc/>
    public async Task SettleAsync(CancellationToken cancellation)
    {
        if (!await IsDueAsync(cancellation))
            return;
        try
        {
            await work.RunAsAsync<Done>(Actor.System, RemindAsync, cancellation);
        }
        catch (DbUpdateException lost) when (lost.InnerException is SqliteException { SqliteErrorCode: 19 })
        {
            // Another node reminded first.
        }
    }

    private async Task<bool> IsDueAsync(CancellationToken cancellation)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        return await WeekFacts.ReadAsync(db, cancellation) is { } weeks && await DueAsync(db, weeks, clock.Now, cancellation) is not null;
    }

    private static async Task<Result<Done>> RemindAsync(Turn turn)
    {
        if (await WeekFacts.ReadAsync(turn.Db, turn.Cancellation) is not { } weeks || await DueAsync(turn.Db, weeks, turn.Now, turn.Cancellation) is not var (day, week, older))
            return Nothing;
        var span = weeks.SpanOf(week);
        var emergencies = WeekFacts.Emergencies(turn.Db, span);
        var unreviewed = await emergencies.CountAsync(r => turn.Db.CaseRequests.Any(m => m.RequestId == r.Id && turn.Db.Cases.Any(c => c.Id == m.CaseId && c.ReviewedAt == null)), turn.Cancellation);
        turn.Db.WeekReminders.Add(WeekReminder.Of(week, day, turn.Now));
        turn.Db.Note(new WeekReminded(turn.Now, week, day, span, await emergencies.CountAsync(turn.Cancellation), unreviewed, older));
        return Done.Yes;
    }

    private static async Task<(LocalDate Day, ReviewWeek Week, IReadOnlyList<ReviewWeek> Older)?> DueAsync(HiveContext db, WeekFacts weeks, Instant now, CancellationToken cancellation)
    {
        if (weeks.Calendar.DayDueAt(now) is not { } day || weeks.Calendar.OpenOn(day, weeks.First, weeks.Attested.Keys.ToHashSet()) is not var (week, older))
            return null;
        var key = LocalDatePattern.Iso.Format(day);
        return await db.WeekReminders.AnyAsync(r => r.Day == key, cancellation) ? null : (day, week, older);
    }
}
