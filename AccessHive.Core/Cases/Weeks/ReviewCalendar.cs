using AccessHive.Core.Agency;
using NodaTime;

namespace AccessHive.Core.Cases.Weeks;

/// <summary>
/// The agency's calendar of weekly reviews (P13): which week it is, when a week's reminder is due, and on which days it
/// repeats. Pure; local times that a change of the clocks skips or doubles are resolved leniently (forward by the gap, and
/// the earlier of two).
/// </summary>
/// <param name="zone">The agency's zone.</param>
/// <param name="day">The weekday on which the week before falls due.</param>
/// <param name="time">The time of day of every reminder.</param>
public sealed class ReviewCalendar(DateTimeZone zone, IsoDayOfWeek day, LocalTime time)
{
    /// <summary>The calendar by the agency's settings as they are.</summary>
    public static ReviewCalendar Of(AgencySettings agency)
        => new(DateTimeZoneProviders.Tzdb.GetZoneOrNull(agency.Zone) ?? DateTimeZone.Utc, agency.ReviewDay, agency.ReviewTime);

    /// <summary>The zone in which weeks are reckoned.</summary>
    public DateTimeZone Zone => zone;

    /// <summary>The week it is.</summary>
    public ReviewWeek WeekAt(Instant now) => ReviewWeek.Of(now.InZone(zone).Date);

    /// <summary>
    /// From when until when a week counts. A week that somebody attested keeps its span for ever, and its neighbours begin
    /// and end where it does: when the agency moves to another zone no instant falls between two weeks, and none into two.
    /// </summary>
    /// <param name="week">Which week.</param>
    /// <param name="attested">The spans of attested weeks.</param>
    public WeekSpan SpanOf(ReviewWeek week, IReadOnlyDictionary<ReviewWeek, WeekSpan> attested)
    {
        if (attested.TryGetValue(week, out var kept))
            return kept;
        var from = attested.TryGetValue(week.Before, out var before) ? before.Until : StartOf(week);
        var until = attested.TryGetValue(week.Next, out var after) ? after.From : StartOf(week.Next);
        return new WeekSpan(from, Instant.Max(from, until));
    }

    /// <summary>When the reminder of a day is due, whatever week it is for.</summary>
    public Instant SlotOn(LocalDate date) => date.At(time).InZoneLeniently(zone).ToInstant();

    /// <summary>When the first reminder of a week is due: on the review's weekday in the week after it.</summary>
    public Instant FirstDue(ReviewWeek week) => SlotOn(FirstDay(week));

    /// <summary>The latest week whose first reminder is due on this day or before.</summary>
    public ReviewWeek LatestDueOn(LocalDate date)
    {
        var before = ReviewWeek.Of(date).Before;
        return date >= FirstDay(before) ? before : before.Before;
    }

    /// <summary>
    /// The day whose reminder is due now: today, once its hour has come. What a day before has missed is not made up –
    /// today's reminder says it as well.
    /// </summary>
    public LocalDate? DayDueAt(Instant now)
    {
        var today = now.InZone(zone).Date;
        // A gap around midnight can push a late hour into the next day.
        LocalDate[] days = [today, today.PlusDays(-1)];
        foreach (var date in days)
        {
            if (SlotOn(date) is var slot && slot <= now && slot.InZone(zone).Date == today)
                return date;
        }

        return null;
    }

    /// <summary>The next reminder's hour after now.</summary>
    public Instant NextSlot(Instant now)
    {
        for (var date = now.InZone(zone).Date; ; date = date.PlusDays(1))
        {
            if (SlotOn(date) is var slot && slot > now)
                return slot;
        }
    }

    /// <summary>
    /// The week to remind of on a day: the latest that is due and not attested. Older ones are named in the same reminder,
    /// so that a day has one.
    /// </summary>
    /// <param name="date">The day.</param>
    /// <param name="first">The agency's first week.</param>
    /// <param name="attested">The weeks that are attested.</param>
    /// <returns>The week, and how many older ones are open too; nothing when all are attested.</returns>
    public (ReviewWeek Week, IReadOnlyList<ReviewWeek> Older)? OpenOn(LocalDate date, ReviewWeek first, IReadOnlySet<ReviewWeek> attested)
    {
        List<ReviewWeek> found = [];
        for (var week = LatestDueOn(date); week >= first; week = week.Before)
        {
            if (!attested.Contains(week))
                found.Add(week);
        }

        ReviewWeek[] open = [.. found];

        return open.Length == 0 ? null : (open[0], open[1..]);
    }

    private LocalDate FirstDay(ReviewWeek week) => week.Next.Monday.PlusDays((int)day - 1);

    private Instant StartOf(ReviewWeek week) => zone.AtStartOfDay(week.Monday).ToInstant();
}
