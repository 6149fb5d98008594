using System.Globalization;
using AccessHive.Core.Kernel;
using NodaTime;
using NodaTime.Text;

namespace AccessHive.Core.Cases.Weeks;

/// <summary>
/// That the reminder of a day went out. The database keeps one for each week and day, and one for each day: whichever node
/// or tick comes second finds it there and does nothing.
/// </summary>
public sealed class WeekReminder
{
    /// <summary>The week it reminds of, as ISO 8601 writes it.</summary>
    public string Week { get; init; } = "";

    /// <summary>The day in the agency's zone, as ISO 8601 writes it.</summary>
    public string Day { get; init; } = "";

    /// <summary>When it went out.</summary>
    public Instant At { get; init; }

    /// <summary>The reminder of a day.</summary>
    public static WeekReminder Of(ReviewWeek week, LocalDate day, Instant now) => new() { Week = week.ToString(), Day = LocalDatePattern.Iso.Format(day), At = now };
}

/// <summary>A week waits for its review (P13): once a day, until somebody attests it.</summary>
/// <param name="At">When.</param>
/// <param name="Week">The latest week that is due.</param>
/// <param name="Day">The day of the reminder, in the agency's zone.</param>
/// <param name="Span">From when until when the week counts.</param>
/// <param name="Emergencies">How many emergencies were raised in it.</param>
/// <param name="Unreviewed">How many of them nobody has reviewed.</param>
/// <param name="Older">Older weeks that wait too, newest first.</param>
public sealed record WeekReminded(Instant At, ReviewWeek Week, LocalDate Day, WeekSpan Span, int Emergencies, int Unreviewed, IReadOnlyList<ReviewWeek> Older)
    : DomainEvent(At, Actor.System)
{
    /// <inheritdoc/>
    public override string Type => "week.reminder";

    /// <inheritdoc/>
    public override bool Emergency => true;

    /// <inheritdoc/>
    public override void Tell(Facts facts) => facts
        .Add("week", Week.ToString())
        .Add("day", LocalDatePattern.Iso.Format(Day))
        .Add("from", Span.From)
        .Add("until", Span.Until)
        .Add("emergencies", Number(Emergencies))
        .Add("not reviewed", Number(Unreviewed))
        .Add("older weeks", Older.Count == 0 ? null : Number(Older.Count))
        .Add("oldest week", Older.Count == 0 ? null : Older[^1].ToString());

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
