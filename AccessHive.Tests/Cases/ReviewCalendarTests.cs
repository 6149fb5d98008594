using AccessHive.Core.Cases.Weeks;
using CsCheck;
using NodaTime;
using Xunit;

namespace AccessHive.Tests.Cases;

public sealed class ReviewCalendarTests
{
    private static readonly DateTimeZone Berlin = DateTimeZoneProviders.Tzdb["Europe/Berlin"];
    private static readonly ReviewCalendar Usual = new(Berlin, IsoDayOfWeek.Monday, new LocalTime(9, 0));
    private static readonly Dictionary<ReviewWeek, WeekSpan> Nothing = [];
    private static readonly string[] Zones =
        ["Europe/Berlin", "America/Sao_Paulo", "Australia/Lord_Howe", "Pacific/Apia", "Africa/Cairo", "America/New_York", "Etc/UTC", "Asia/Kathmandu"];

    [Theory]
    [InlineData("2026-12-31", "2026-W53")]
    [InlineData("2027-01-03", "2026-W53")]
    [InlineData("2027-01-04", "2027-W01")]
    [InlineData("2024-12-30", "2025-W01")]
    [InlineData("2026-11-29", "2026-W48")]
    public void A_day_belongs_to_its_ISO_week_also_around_New_Year(string day, string week)
    {
        var of = ReviewWeek.Of(NodaTime.Text.LocalDatePattern.Iso.Parse(day).Value);

        Assert.Equal(week, of.ToString());
        Assert.True(ReviewWeek.TryParse(week, out var read));
        Assert.Equal(of, read);
        Assert.Equal(of, of.Next.Before);
        Assert.Equal(1, of.Next.Since(of));
    }

    [Theory]
    [InlineData("2025-W53")]
    [InlineData("2026-W00")]
    [InlineData("2026-W54")]
    [InlineData("2026W481")]
    [InlineData("2026-W4")]
    [InlineData("٢٠٢٦-W48")]
    [InlineData("")]
    [InlineData(null)]
    public void What_is_no_week_is_not_read_as_one(string? text) => Assert.False(ReviewWeek.TryParse(text, out _));

    [Fact]
    public void The_reminder_keeps_its_local_hour_across_both_changes_of_the_clocks()
    {
        Assert.Equal(Instant.FromUtc(2026, 3, 23, 8, 0), Usual.FirstDue(Week("2026-W12")));
        Assert.Equal(Instant.FromUtc(2026, 3, 30, 7, 0), Usual.FirstDue(Week("2026-W13")));
        Assert.Equal(Instant.FromUtc(2026, 10, 19, 7, 0), Usual.FirstDue(Week("2026-W42")));
        Assert.Equal(Instant.FromUtc(2026, 10, 26, 8, 0), Usual.FirstDue(Week("2026-W43")));
    }

    [Fact]
    public void An_hour_that_is_skipped_comes_later_and_one_that_is_doubled_comes_once()
    {
        var calendar = new ReviewCalendar(Berlin, IsoDayOfWeek.Sunday, new LocalTime(2, 30));

        Assert.Equal(Instant.FromUtc(2026, 3, 29, 1, 30), calendar.SlotOn(new LocalDate(2026, 3, 29)));
        Assert.Equal(Instant.FromUtc(2026, 10, 25, 0, 30), calendar.SlotOn(new LocalDate(2026, 10, 25)));
        Assert.Equal(new LocalDate(2026, 10, 25), calendar.DayDueAt(Instant.FromUtc(2026, 10, 25, 1, 30)));
    }

    [Fact]
    public void A_whole_day_that_a_zone_skipped_has_no_reminder_of_its_own()
    {
        var apia = new ReviewCalendar(DateTimeZoneProviders.Tzdb["Pacific/Apia"], IsoDayOfWeek.Friday, new LocalTime(9, 0));
        var slot = apia.SlotOn(new LocalDate(2011, 12, 30));

        Assert.Equal(apia.SlotOn(new LocalDate(2011, 12, 31)), slot);
        Assert.Equal(new LocalDate(2011, 12, 31), apia.DayDueAt(slot));
        Assert.Equal(apia.SlotOn(new LocalDate(2012, 1, 1)), apia.NextSlot(slot));
    }

    [Fact]
    public void A_day_names_the_latest_week_that_is_due_and_counts_the_older_ones()
    {
        var (week, older) = Usual.OpenOn(new LocalDate(2026, 11, 25), Week("2026-W44"), new HashSet<ReviewWeek> { Week("2026-W46") })!.Value;

        Assert.Equal(Week("2026-W47"), week);
        Assert.Equal([Week("2026-W45"), Week("2026-W44")], older);
        Assert.Null(Usual.OpenOn(new LocalDate(2026, 11, 25), Week("2026-W48"), new HashSet<ReviewWeek>()));
    }

    [Fact]
    public void A_review_on_Wednesday_lets_the_week_before_wait_until_then()
    {
        var calendar = new ReviewCalendar(Berlin, IsoDayOfWeek.Wednesday, new LocalTime(14, 0));

        Assert.Equal(Week("2026-W46"), calendar.LatestDueOn(new LocalDate(2026, 11, 24)));
        Assert.Equal(Week("2026-W47"), calendar.LatestDueOn(new LocalDate(2026, 11, 25)));
    }

    [Fact]
    public void Between_weeks_in_two_zones_no_instant_is_lost_or_doubled()
    {
        var (before, after) = (new ReviewCalendar(Berlin, IsoDayOfWeek.Monday, new LocalTime(9, 0)), new ReviewCalendar(DateTimeZoneProviders.Tzdb["America/New_York"], IsoDayOfWeek.Monday, new LocalTime(9, 0)));
        var attested = new Dictionary<ReviewWeek, WeekSpan> { [Week("2026-W47")] = before.SpanOf(Week("2026-W47"), Nothing) };

        Assert.Equal(attested[Week("2026-W47")], after.SpanOf(Week("2026-W47"), attested));
        Assert.Equal(attested[Week("2026-W47")].Until, after.SpanOf(Week("2026-W48"), attested).From);
        Assert.Equal(attested[Week("2026-W47")].From, after.SpanOf(Week("2026-W46"), attested).Until);
        Assert.Equal(after.SpanOf(Week("2026-W49"), attested).From, after.SpanOf(Week("2026-W48"), attested).Until);
    }

    // Whatever the zone, the hour and the rhythm of the ticks: a day has one reminder, at its hour, and a week has one a day.
    [Fact]
    public void Ticks_at_any_rhythm_find_exactly_one_reminder_a_day()
        => Gen.Select(
                Gen.Int[0, Zones.Length - 1],
                Gen.Int[1, 7], Gen.Int[0, 24 * 60 - 1], Gen.Int[0, 12 * 365], Gen.Int[7, 300])
            .Sample(
                (which, day, minute, start, most) =>
                {
                    // A reminder is of its day: a tick has to come between its hour and midnight.
                    var step = Math.Min(most, 24 * 60 - minute);
                    var name = Zones[which];
                    var zone = DateTimeZoneProviders.Tzdb[name];
                    var calendar = new ReviewCalendar(zone, (IsoDayOfWeek)day, new LocalTime(minute / 60, minute % 60));
                    var from = Instant.FromUtc(2011, 1, 1, 0, 0) + Duration.FromDays(start);
                    Dictionary<LocalDate, Instant> reminded = [];
                    for (var now = from; now < from + Duration.FromDays(40); now += Duration.FromMinutes(step))
                    {
                        if (calendar.DayDueAt(now) is { } due)
                            reminded.TryAdd(due, now);
                    }

                    foreach (var (date, at) in reminded)
                        Assert.True(at - calendar.SlotOn(date) < Duration.FromMinutes(step) || at == from, $"{name} {date}");
                    var days = reminded.Keys.Order().ToList();
                    Assert.All(days.Zip(days.Skip(1)), pair => Assert.True(Period.DaysBetween(pair.First, pair.Second) <= (name == "Pacific/Apia" ? 2 : 1), $"{name} {pair}"));
                    Assert.True(days.Count >= (name == "Pacific/Apia" ? 38 : 39), name);
                    for (var now = from; now < from + Duration.FromDays(3); now = calendar.NextSlot(now))
                        Assert.NotNull(calendar.DayDueAt(calendar.NextSlot(now)));
                },
                iter: 40, threads: 1);

    private static ReviewWeek Week(string text) => ReviewWeek.TryParse(text, out var week) ? week : throw new ArgumentException("Not a week.", nameof(text));
}
