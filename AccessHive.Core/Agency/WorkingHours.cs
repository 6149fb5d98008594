using System.Globalization;
using System.Runtime.InteropServices;
using AccessHive.Core.Kernel;
using NodaTime;
using NodaTime.Text;

namespace AccessHive.Core.Agency;

/// <summary>The hours of one working day: <c>[From, Until)</c> in the agency's zone. Until midnight means to the end of the day.</summary>
/// <param name="From">When it begins, whole minutes.</param>
/// <param name="Until">When it is over, whole minutes; after <paramref name="From"/>, or midnight.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct WorkingDay(LocalTime From, LocalTime Until)
{
    /// <summary>Whether a time of day lies in it.</summary>
    public bool Includes(LocalTime time) => time >= From && (Until == LocalTime.Midnight || time < Until);

    /// <summary>Whether it has whole minutes and ends after it begins.</summary>
    public bool Holds => IsWholeMinutes(From) && IsWholeMinutes(Until) && (Until > From || Until == LocalTime.Midnight);

    private static bool IsWholeMinutes(LocalTime time) => time.NanosecondOfDay % NodaConstants.NanosecondsPerMinute == 0;

    /// <summary>"09:00–18:00"; the end of the day is "24:00".</summary>
    public override string ToString() => $"{Text(From)}–{(Until == LocalTime.Midnight ? "24:00" : Text(Until))}";

    private static string Text(LocalTime time) => LocalTimePattern.CreateWithInvariantCulture("HH:mm").Format(time);
}

/// <summary>
/// When the agency is at work, weekday by weekday, in its own zone. They decide nothing: an emergency outside them is only
/// pointed out to whoever looks back (product.md, "What nobody else has", 12).
/// </summary>
public sealed record WorkingHours(
    WorkingDay? Monday, WorkingDay? Tuesday, WorkingDay? Wednesday, WorkingDay? Thursday, WorkingDay? Friday, WorkingDay? Saturday, WorkingDay? Sunday)
{
    private static readonly string[] Names = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
    private static readonly LocalTimePattern Hour = LocalTimePattern.CreateWithInvariantCulture("HH:mm");

    /// <summary>Monday to Friday, 09:00 to 18:00: what a new agency starts with.</summary>
    public static WorkingHours Default { get; } = Week(new WorkingDay(new LocalTime(9, 0), new LocalTime(18, 0)));

    /// <summary>The hours of a weekday; nothing when nobody works then.</summary>
    public WorkingDay? On(IsoDayOfWeek day) => day switch
    {
        IsoDayOfWeek.Monday => Monday,
        IsoDayOfWeek.Tuesday => Tuesday,
        IsoDayOfWeek.Wednesday => Wednesday,
        IsoDayOfWeek.Thursday => Thursday,
        IsoDayOfWeek.Friday => Friday,
        IsoDayOfWeek.Saturday => Saturday,
        IsoDayOfWeek.Sunday => Sunday,
        _ => throw new ArgumentOutOfRangeException(nameof(day)),
    };

    /// <summary>The same with other hours on one weekday.</summary>
    public WorkingHours With(IsoDayOfWeek day, WorkingDay? hours) => Of([.. Days.Select((old, i) => i == (int)day - 1 ? hours : old)]);

    /// <summary>Whether the agency is at work at this local time.</summary>
    public bool Includes(LocalDateTime at) => On(at.DayOfWeek) is { } day && day.Includes(at.TimeOfDay);

    /// <summary>Whether every day holds.</summary>
    public bool Hold => Days.All(d => d is null or { Holds: true });

    /// <summary>"Mon–Fri 09:00–18:00"; neighbours with the same hours are told together.</summary>
    public override string ToString()
    {
        List<string> parts = [];
        for (var first = 0; first < Names.Length;)
        {
            var last = first;
            while (last + 1 < Names.Length && Days[last + 1] == Days[first])
                last++;
            if (Days[first] is { } hours)
                parts.Add($"{(last == first ? Names[first] : $"{Names[first]}–{Names[last]}")} {hours}");
            first = last + 1;
        }

        return parts.Count == 0 ? "none" : string.Join(", ", parts);
    }

    /// <summary>What is stored: seven days, <c>09:00-18:00</c> or <c>-</c>, parted by commas.</summary>
    public string ToStored() => string.Join(',', Days.Select(d => d is { } day ? string.Create(CultureInfo.InvariantCulture, $"{Hour.Format(day.From)}-{Hour.Format(day.Until)}") : "-"));

    /// <summary>Reads what was stored.</summary>
    /// <exception cref="FormatException">It was not written by <see cref="ToStored"/>.</exception>
    public static WorkingHours FromStored(string text)
    {
        var parts = text.Split(',');
        if (parts.Length != Names.Length)
            throw new FormatException("Working hours have seven days.");
        return Of([.. parts.Select(p => p == "-" ? (WorkingDay?)null : new WorkingDay(Hour.Parse(p[..5]).Value, Hour.Parse(p[6..]).Value))]);
    }

    private WorkingDay?[] Days => [Monday, Tuesday, Wednesday, Thursday, Friday, Saturday, Sunday];

    private static WorkingHours Week(WorkingDay day) => Of([day, day, day, day, day, null, null]);

    private static WorkingHours Of(WorkingDay?[] days) => new(days[0], days[1], days[2], days[3], days[4], days[5], days[6]);
}

/// <summary>The values on the agency's own card.</summary>
/// <param name="Name">1 to 100 characters.</param>
/// <param name="Zone">The IANA zone in which its weeks are reckoned.</param>
/// <param name="Hours">When it is at work.</param>
/// <param name="ReviewDay">The weekday on which the week before is due for its weekly review (P13).</param>
/// <param name="ReviewTime">The time of day of its reminder, in the agency's zone; whole minutes.</param>
/// <param name="ReviewDue">How long an emergency may wait for its review, 24 to 168 whole hours (P12).</param>
public sealed record AgencyDetails(string Name, string Zone, WorkingHours Hours, IsoDayOfWeek ReviewDay, LocalTime ReviewTime, Duration ReviewDue)
{
    /// <summary>Shortest time a review may take.</summary>
    public static Duration ShortestReviewDue { get; } = Duration.FromHours(24);

    /// <summary>Longest time a review may take.</summary>
    public static Duration LongestReviewDue { get; } = Duration.FromHours(168);

    /// <summary>What a new agency of this name and zone starts with: Monday 09:00, reviews within 72 hours.</summary>
    public static AgencyDetails Default(string name, string zone)
        => new(name, zone, WorkingHours.Default, IsoDayOfWeek.Monday, new LocalTime(9, 0), Duration.FromHours(72));

    /// <summary>The same without white space around the texts.</summary>
    public AgencyDetails Trimmed() => this with { Name = Name.Trim(), Zone = Zone.Trim() };

    /// <summary>Checks the trimmed values.</summary>
    /// <returns>Nothing when they hold; or <c>name-missing</c>, <c>zone-unknown</c>, <c>working-hours-invalid</c>, <c>review-time-invalid</c>, <c>review-due-out-of-range</c>.</returns>
    public Refusal? Check()
    {
        if (Name.Trim().Length is 0 or > Person.NameLength)
            return AgencyRefusals.NameMissing;
        if (DateTimeZoneProviders.Tzdb.GetZoneOrNull(Zone.Trim()) is null)
            return AgencyRefusals.ZoneUnknown;
        if (!Hours.Hold)
            return AgencyRefusals.WorkingHoursInvalid;
        if (ReviewDay is < IsoDayOfWeek.Monday or > IsoDayOfWeek.Sunday || ReviewTime.NanosecondOfDay % NodaConstants.NanosecondsPerMinute != 0)
            return AgencyRefusals.ReviewTimeInvalid;
        return ReviewDue < ShortestReviewDue || ReviewDue > LongestReviewDue || ReviewDue != Duration.FromHours((long)ReviewDue.TotalHours)
            ? AgencyRefusals.ReviewDueOutOfRange
            : null;
    }
}
