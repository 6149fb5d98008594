using AccessHive.Core.Agency;
using AccessHive.Core.Agency.UseCases;
using AccessHive.Core.Cases.UseCases;
using AccessHive.Core.Cases.Weeks;
using AccessHive.Core.Kernel;
using AccessHive.Core.Storage;
using AccessHive.Tests.World;
using Microsoft.EntityFrameworkCore;
using NodaTime;
using Xunit;

namespace AccessHive.Tests.Cases;

/// <summary>The test agency is founded on Monday 23 November 2026, 04:00 in Berlin, so week 48 is its first.</summary>
public sealed class WeekReminderTests
{
    private static readonly DateTimeZone Berlin = DateTimeZoneProviders.Tzdb["Europe/Berlin"];

    [Fact]
    public async Task On_Monday_at_nine_the_week_before_is_reminded_of_with_what_happened_in_it()
    {
        await using var agency = await TestAgency.FoundAsync();
        (await agency.RaiseAsync(agency.Olivia)).Require();
        await UntilAsync(agency, new LocalDate(2026, 11, 30), 8, 59);
        Assert.Empty(await agency.TrailAsync("week."));

        await UntilAsync(agency, new LocalDate(2026, 11, 30), 9, 0);

        await using var db = await agency.ReadAsync();
        var said = System.Text.Encoding.UTF8.GetString((await db.Trail.SingleAsync(e => e.Type == "week.reminder")).Payload);
        Assert.Contains("\"week\":\"2026-W48\",\"day\":\"2026-11-30\",\"from\":\"2026-11-22T23:00:00Z\",\"until\":\"2026-11-29T23:00:00Z\",\"emergencies\":\"1\"", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_repeats_daily_and_names_the_older_weeks_once_the_next_is_due()
    {
        await using var agency = await TestAgency.FoundAsync();
        for (var day = 0; day < 9; day++)
        {
            await UntilAsync(agency, new LocalDate(2026, 11, 30).PlusDays(day), 9, 0);
            await agency.SettleAsync();
        }

        Assert.Equal(
            [.. Enumerable.Range(0, 7).Select(_ => "2026-W48"), "2026-W49", "2026-W49"],
            await RemindedAsync(agency));
        await using var db = await agency.ReadAsync();
        var last = await db.Trail.Where(e => e.Type == "week.reminder").OrderBy(e => e.Seq).LastAsync();
        Assert.Contains("\"older weeks\":\"1\",\"oldest week\":\"2026-W48\"", System.Text.Encoding.UTF8.GetString(last.Payload), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_was_off_until_Wednesday_reminds_once_on_Wednesday()
    {
        await using var agency = await TestAgency.FoundAsync();
        agency.Time.Advance(At(new LocalDate(2026, 12, 2), 7, 0) - agency.Now);
        await agency.RestartAsync();
        await agency.SettleAsync();
        Assert.Empty(await RemindedAsync(agency));

        await UntilAsync(agency, new LocalDate(2026, 12, 2), 12, 0);
        await agency.SettleAsync();

        Assert.Equal(["2026-W48"], await RemindedAsync(agency));
    }

    [Fact]
    public async Task A_new_zone_or_hour_and_a_clock_set_back_remind_nobody_twice_on_a_day()
    {
        await using var agency = await TestAgency.FoundAsync();
        await UntilAsync(agency, new LocalDate(2026, 11, 30), 9, 0);
        await EditAsync(agency, d => d with { Zone = "America/New_York" });
        await UntilAsync(agency, new LocalDate(2026, 11, 30), 16, 0);
        await EditAsync(agency, d => d with { ReviewTime = new LocalTime(17, 0) });
        agency.Time.SetWallClockBack(Duration.FromHours(20));
        await UntilAsync(agency, new LocalDate(2026, 11, 30), 23, 30);

        Assert.Equal(["2026-W48"], await RemindedAsync(agency));
    }

    [Fact]
    public async Task Two_nodes_whose_ticks_race_remind_once()
    {
        await using var agency = await TestAgency.FoundAsync();
        agency.Time.Advance(At(new LocalDate(2026, 11, 30), 9, 0) - agency.Now);
        var nodes = Enumerable.Range(0, 6).Select(_ => new WeekDeadlines(
            new Work(agency.Get<IDbContextFactory<HiveContext>>(), agency.Get<HiveClock>(), new CommitBell()), agency.Get<IDbContextFactory<HiveContext>>(), agency.Get<HiveClock>())).ToList();

        await Task.WhenAll(nodes.Select(n => Task.Run(() => n.SettleAsync(CancellationToken.None))));

        Assert.Equal(["2026-W48"], await RemindedAsync(agency));
    }

    [Fact]
    public async Task The_database_keeps_one_reminder_for_a_day_whoever_writes_it()
    {
        await using var agency = await TestAgency.FoundAsync();
        await UntilAsync(agency, new LocalDate(2026, 11, 30), 9, 0);
        await using var db = await agency.ReadAsync();
        db.WeekReminders.Add(new WeekReminder { Week = "2026-W47", Day = "2026-11-30", At = agency.Now });

        await Assert.ThrowsAsync<DbUpdateException>(() => db.SaveChangesAsync());
    }

    private static Instant At(LocalDate day, int hour, int minute) => day.At(new LocalTime(hour, minute)).InZoneLeniently(Berlin).ToInstant();

    private static async Task UntilAsync(TestAgency agency, LocalDate day, int hour, int minute)
    {
        agency.Time.Advance(At(day, hour, minute) - agency.Now);
        await agency.SettleAsync();
    }

    private static async Task EditAsync(TestAgency agency, Func<AgencyDetails, AgencyDetails> change)
    {
        var card = await agency.Get<EditAgency>().ReadAsync();
        (await agency.Get<EditAgency>().SaveAsync(agency.Adam, change(card.Details), card.Revision)).Require();
    }

    private static async Task<IReadOnlyList<string>> RemindedAsync(TestAgency agency)
    {
        await using var db = await agency.ReadAsync();
        Assert.Equal(await db.WeekReminders.CountAsync(), await db.Trail.CountAsync(e => e.Type == "week.reminder"));
        return await db.WeekReminders.OrderBy(r => r.At).Select(r => r.Week).ToListAsync();
    }
}
