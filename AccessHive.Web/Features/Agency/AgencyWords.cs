using AccessHive.Core.Agency;
using NodaTime;
using NodaTime.Text;

namespace AccessHive.Web.Features.Agency;

/// <summary>What the agency's card says of its values.</summary>
public static class AgencyWords
{
    private static readonly LocalTimePattern Hour = LocalTimePattern.CreateWithInvariantCulture("HH:mm");
    private static readonly ZonedDateTimePattern Clock = ZonedDateTimePattern.CreateWithInvariantCulture("ddd HH:mm", DateTimeZoneProviders.Tzdb);

    /// <summary>"Mondays at 09:00".</summary>
    public static string Review(AgencyDetails details) => $"{details.ReviewDay}s at {Hour.Format(details.ReviewTime)}";

    /// <summary>"72 hours (3 days)".</summary>
    public static string Due(Duration due)
    {
        var hours = (long)due.TotalHours;
        return hours % 24 == 0 ? $"{hours} hours ({(hours == 24 ? "1 day" : $"{hours / 24} days")})" : $"{hours} hours";
    }

    /// <summary>"It is Tue 19:04 there."; nothing for an unknown zone.</summary>
    public static string? NowIn(string zone, Instant now)
        => DateTimeZoneProviders.Tzdb.GetZoneOrNull(zone.Trim()) is { } known ? $"It is {Clock.Format(now.InZone(known))} there." : null;

    /// <summary>What differs, in the order of the card.</summary>
    public static IReadOnlyList<string> Between(AgencyDetails before, AgencyDetails after)
    {
        (string What, string Before, string After)[] all =
        [
            ("Name", before.Name, after.Name),
            ("Time zone", before.Zone, after.Zone),
            ("Working hours", Hours(before.Hours), Hours(after.Hours)),
            ("Weekly review", Review(before), Review(after)),
            ("Review due", Due(before.ReviewDue), Due(after.ReviewDue)),
        ];
        return [.. all.Where(c => c.Before != c.After).Select(c => $"{c.What}: {c.Before} → {c.After}")];
    }

    /// <summary>The working hours in words.</summary>
    public static string Hours(WorkingHours hours) => hours.ToString() is "none" ? "No working hours" : hours.ToString();
}
