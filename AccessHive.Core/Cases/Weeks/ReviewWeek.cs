using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.InteropServices;
using NodaTime;
using NodaTime.Calendars;

namespace AccessHive.Core.Cases.Weeks;

/// <summary>One ISO week: Monday to Sunday, week 1 is the one with the year's first Thursday, so some years have a week 53.</summary>
/// <param name="Year">The week's year, which around New Year is not always the calendar's.</param>
/// <param name="Week">1 to 52, or 53.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct ReviewWeek(int Year, int Week) : IComparable<ReviewWeek>
{
    /// <summary>The week of a day.</summary>
    public static ReviewWeek Of(LocalDate day) => new(WeekYearRules.Iso.GetWeekYear(day), WeekYearRules.Iso.GetWeekOfWeekYear(day));

    /// <summary>Its first day.</summary>
    public LocalDate Monday => WeekYearRules.Iso.GetLocalDate(Year, Week, IsoDayOfWeek.Monday);

    /// <summary>Its last day.</summary>
    public LocalDate Sunday => Monday.PlusDays(6);

    /// <summary>The week after.</summary>
    public ReviewWeek Next => Of(Monday.PlusWeeks(1));

    /// <summary>The week before.</summary>
    public ReviewWeek Before => Of(Monday.PlusWeeks(-1));

    /// <summary>How many weeks this one lies after another; negative when it lies before.</summary>
    public int Since(ReviewWeek other) => Period.DaysBetween(other.Monday, Monday) / 7;

    /// <inheritdoc/>
    public int CompareTo(ReviewWeek other) => (Year, Week).CompareTo((other.Year, other.Week));

    /// <summary>Whether one lies before another.</summary>
    public static bool operator <(ReviewWeek left, ReviewWeek right) => left.CompareTo(right) < 0;

    /// <summary>Whether one lies after another.</summary>
    public static bool operator >(ReviewWeek left, ReviewWeek right) => left.CompareTo(right) > 0;

    /// <summary>Whether one lies not after another.</summary>
    public static bool operator <=(ReviewWeek left, ReviewWeek right) => left.CompareTo(right) <= 0;

    /// <summary>Whether one lies not before another.</summary>
    public static bool operator >=(ReviewWeek left, ReviewWeek right) => left.CompareTo(right) >= 0;

    /// <summary>"2026-W48", as ISO 8601 writes it; texts order as the weeks do.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Year:0000}-W{Week:00}");

    /// <summary>Reads "2026-W48"; no for anything else, also for a week 53 that its year doesn't have.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out ReviewWeek week)
    {
        week = default;
        if (text is not { Length: 8 } || text[4] != '-' || text[5] != 'W'
            || !int.TryParse(text.AsSpan(0, 4), NumberStyles.None, CultureInfo.InvariantCulture, out var year)
            || !int.TryParse(text.AsSpan(6), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            || year is < 1900 or > 9000 || number < 1 || number > WeekYearRules.Iso.GetWeeksInWeekYear(year))
        {
            return false;
        }

        week = new ReviewWeek(year, number);
        return true;
    }
}

/// <summary>From when until when a week counts: <c>[From, Until)</c>.</summary>
/// <param name="From">Its first instant.</param>
/// <param name="Until">The first instant that is not in it any more.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct WeekSpan(Instant From, Instant Until)
{
    /// <summary>Whether an instant lies in it.</summary>
    public bool Contains(Instant at) => From <= at && at < Until;
}
