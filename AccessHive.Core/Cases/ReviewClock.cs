using NodaTime;

namespace AccessHive.Core.Cases;

/// <summary>When a verdict is overdue, and when somebody is reminded of it (product.md, "Defaults": 72 h, reminder at 24 h, then daily).</summary>
/// <param name="From">Since when the verdict is waited for: the case was opened, or opened again.</param>
/// <param name="Due">How long it may take.</param>
public sealed record ReviewClock(Instant From, Duration Due)
{
    /// <summary>How long a verdict may take in an agency that says nothing else.</summary>
    public static Duration UsualDue { get; } = Duration.FromHours(72);

    private static readonly Duration day = Duration.FromHours(24);

    /// <summary>From when on it is overdue; at this instant it is.</summary>
    public Instant DueAt => From + Due;

    // The first day on which it is overdue: later reminders are daily from there.
    private int FirstOverdueDay => Math.Max(1, (int)Math.Ceiling(Due / day));

    /// <summary>
    /// The day of the latest reminder that should have been sent by now, counted from <see cref="From"/>: 1, then each day from the one on
    /// which it is overdue. 0 when none should. What was missed while the server was off is not made up for, except by the latest.
    /// </summary>
    public int ReminderAt(Instant now)
    {
        var days = now < From ? 0 : (int)Math.Floor((now - From) / day);
        return days < 1 ? 0 : days >= FirstOverdueDay ? days : 1;
    }

    /// <summary>When the reminder after that of this day falls due.</summary>
    /// <param name="sent">The day of the last one; 0 when none was sent.</param>
    public Instant NextAfter(int sent) => From + (day * (sent < 1 ? 1 : Math.Max(sent + 1, FirstOverdueDay)));
}
