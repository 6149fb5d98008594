using System.Globalization;
using AccessHive.Core.Kernel;
using NodaTime;
using NodaTime.Text;

namespace AccessHive.Web.Features.Shared;

/// <summary>Times as the reader of this circuit lives them: the browser says in which zone.</summary>
public sealed class ReaderZone(HiveClock clock)
{
    private static readonly ZonedDateTimePattern Exact = ZonedDateTimePattern.CreateWithInvariantCulture("ddd d MMM uuuu, HH:mm:ss", DateTimeZoneProviders.Tzdb);
    private static readonly ZonedDateTimePattern Hour = ZonedDateTimePattern.CreateWithInvariantCulture("HH:mm", DateTimeZoneProviders.Tzdb);
    private static readonly ZonedDateTimePattern Day = ZonedDateTimePattern.CreateWithInvariantCulture("d MMM", DateTimeZoneProviders.Tzdb);
    private static readonly ZonedDateTimePattern DayAndYear = ZonedDateTimePattern.CreateWithInvariantCulture("d MMM uuuu", DateTimeZoneProviders.Tzdb);

    /// <summary>The zone; UTC until the browser has said.</summary>
    public DateTimeZone Zone { get; private set; } = DateTimeZone.Utc;

    /// <summary>Takes what the browser said; an unknown name changes nothing.</summary>
    public void Use(string? iana) => Zone = DateTimeZoneProviders.Tzdb.GetZoneOrNull(iana ?? "") ?? Zone;

    /// <summary>"Mon 23 Nov 2026, 04:12:09 your time".</summary>
    public string ExactText(Instant at) => $"{Exact.Format(at.InZone(Zone))} your time";

    /// <summary>When a day begins where the reader is.</summary>
    public Instant StartOf(LocalDate day) => Zone.AtStartOfDay(day).ToInstant();

    /// <summary>"04:12".</summary>
    public string HourText(Instant at) => Hour.Format(at.InZone(Zone));

    /// <summary>"04:12" today, "24 Nov, 04:12" on any other day.</summary>
    public string WhenText(Instant at)
        => at.InZone(Zone).Date == clock.Now.InZone(Zone).Date ? HourText(at) : $"{Day.Format(at.InZone(Zone))}, {HourText(at)}";

    /// <summary>When the reader's day began.</summary>
    public Instant StartOfToday => StartOf(clock.Now.InZone(Zone).Date);

    /// <summary>"just now", "3 min ago", "in 2 h", "yesterday 04:12", "18 Nov".</summary>
    public string RelativeText(Instant at)
    {
        var now = clock.Now;
        var distance = now - at;
        if (distance < Duration.Zero)
            return -distance < Duration.FromHours(12) ? $"in {Rough(-distance)}" : $"{DayText(at, now)} {HourText(at)}";
        if (distance < Duration.FromMinutes(1))
            return "just now";
        return distance < Duration.FromHours(12) ? $"{Rough(distance)} ago" : DayText(at, now);
    }

    private static string Rough(Duration duration) => duration.TotalHours >= 1
        ? string.Create(CultureInfo.InvariantCulture, $"{(int)duration.TotalHours} h")
        : string.Create(CultureInfo.InvariantCulture, $"{Math.Max(1, (int)duration.TotalMinutes)} min");

    private string DayText(Instant at, Instant now)
    {
        var (day, today) = (at.InZone(Zone).Date, now.InZone(Zone).Date);
        return Period.DaysBetween(day, today) switch
        {
            0 => $"today {HourText(at)}",
            1 => $"yesterday {HourText(at)}",
            -1 => "tomorrow",
            _ => (day.Year == today.Year ? Day : DayAndYear).Format(at.InZone(Zone)),
        };
    }
}
