using System.Globalization;
using AccessHive.Core.Agency;
using AccessHive.Core.Kernel;
using NodaTime;
using NodaTime.Text;

namespace AccessHive.Web.Features.Agency;

/// <summary>The hours of a weekday as somebody is typing them.</summary>
/// <param name="Works">Whether the agency is at work on it.</param>
/// <param name="From">When it begins, as typed.</param>
/// <param name="Until">When it ends, as typed; 00:00 for the end of the day.</param>
public sealed record DayDraft(bool Works, string From, string Until)
{
    private static readonly LocalTimePattern Hour = LocalTimePattern.CreateWithInvariantCulture("HH:mm");

    /// <summary>The hours in force, as a draft; the usual ones where nobody works yet.</summary>
    public static DayDraft Of(WorkingDay? day) => day is { } hours ? new(true, Hour.Format(hours.From), Hour.Format(hours.Until)) : new(false, "09:00", "18:00");

    /// <summary>The hours to save; nothing for a day off.</summary>
    public WorkingDay? Hours => Works && Parse(From) is { } from && Parse(Until) is { } until ? new WorkingDay(from, until) : null;

    /// <summary>What is wrong with them.</summary>
    public Refusal? Refused => !Works || Hours is { Holds: true } ? null : AgencyRefusals.WorkingHoursInvalid;

    /// <summary>A time of day as a browser's field says it; nothing for anything else.</summary>
    public static LocalTime? Parse(string text) => Hour.Parse(text.Length > 5 ? text[..5] : text) is { Success: true, Value: var time } ? time : null;
}

/// <summary>The agency's card as somebody is typing it.</summary>
public sealed record AgencyDraft(string Name, string Zone, IReadOnlyList<DayDraft> Days, IsoDayOfWeek ReviewDay, string ReviewTime, string ReviewDue)
{
    /// <summary>The weekdays in order.</summary>
    public static IReadOnlyList<IsoDayOfWeek> Weekdays { get; } = [.. Enumerable.Range(1, 7).Select(d => (IsoDayOfWeek)d)];

    private static readonly LocalTimePattern Hour = LocalTimePattern.CreateWithInvariantCulture("HH:mm");

    /// <summary>The values in force, as a draft.</summary>
    public static AgencyDraft Of(AgencyDetails details) => new(
        details.Name, details.Zone, [.. Weekdays.Select(d => DayDraft.Of(details.Hours.On(d)))], details.ReviewDay, Hour.Format(details.ReviewTime),
        ((long)details.ReviewDue.TotalHours).ToString(CultureInfo.InvariantCulture));

    /// <summary>What is wrong with the name.</summary>
    public Refusal? NameRefused => Default(d => d with { Name = Name });

    /// <summary>What is wrong with the zone.</summary>
    public Refusal? ZoneRefused => Default(d => d with { Zone = Zone });

    /// <summary>What is wrong with the time of the weekly review.</summary>
    public Refusal? TimeRefused => DayDraft.Parse(ReviewTime) is null ? AgencyRefusals.ReviewTimeInvalid : null;

    /// <summary>What is wrong with the time a review may take.</summary>
    public Refusal? DueRefused => Due is { } due ? Default(d => d with { ReviewDue = due }) : AgencyRefusals.ReviewDueOutOfRange;

    /// <summary>The values to save; nothing while one of them doesn't hold.</summary>
    public AgencyDetails? Details
    {
        get
        {
            if (NameRefused is not null || ZoneRefused is not null || TimeRefused is not null || DueRefused is not null || Days.Any(d => d.Refused is not null))
                return null;
            var hours = Weekdays.Aggregate(WorkingHours.Default, (all, day) => all.With(day, Days[(int)day - 1].Hours));
            return new AgencyDetails(Name, Zone, hours, ReviewDay, DayDraft.Parse(ReviewTime)!.Value, Due!.Value);
        }
    }

    /// <summary>The same with other hours on one weekday.</summary>
    public AgencyDraft With(IsoDayOfWeek day, DayDraft hours) => this with { Days = [.. Days.Select((old, i) => i == (int)day - 1 ? hours : old)] };

    /// <summary>What was typed goes on, on newer values: what this person didn't touch is taken over from them.</summary>
    public AgencyDraft Rebase(AgencyDetails from, AgencyDetails to)
    {
        var (old, fresh) = (Of(from), Of(to));
        return new AgencyDraft(
            Name == old.Name ? fresh.Name : Name, Zone == old.Zone ? fresh.Zone : Zone, [.. Days.Select((d, i) => d == old.Days[i] ? fresh.Days[i] : d)],
            ReviewDay == old.ReviewDay ? fresh.ReviewDay : ReviewDay, ReviewTime == old.ReviewTime ? fresh.ReviewTime : ReviewTime, ReviewDue == old.ReviewDue ? fresh.ReviewDue : ReviewDue);
    }

    private Duration? Due => int.TryParse(ReviewDue.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var hours) ? Duration.FromHours(hours) : null;

    private static Refusal? Default(Func<AgencyDetails, AgencyDetails> change) => change(AgencyDetails.Default("Agency", "Etc/UTC")).Check();
}
