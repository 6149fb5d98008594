using AccessHive.Core.Cases.UseCases;
using AccessHive.Core.Deadlines;
using AccessHive.Core.Kernel;
using AccessHive.Core.Sessions.UseCases;
using AccessHive.Tests.World;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using Xunit;

namespace AccessHive.Tests.Cases;

/// <summary>A missing verdict is called for at 24 hours and daily once it is overdue, exactly once for each case and day.</summary>
public sealed class RemindersTests : IAsyncLifetime
{
    private TestAgency agency = null!;

    public async ValueTask InitializeAsync() => agency = await TestAgency.FoundAsync();

    public ValueTask DisposeAsync() => agency.DisposeAsync();

    [Fact]
    public async Task It_reminds_on_day_one_three_and_four_and_not_after_the_verdict()
    {
        var it = await agency.OverAsync(seen: false);
        List<int> reminded = [];
        for (var hour = 0; hour < 97; hour++)
        {
            if (agency.Get<HiveClock>().Now >= await NextAsync())
                reminded.Add(hour);
            await agency.SettleAsync();
            agency.Time.AdvanceMinutes(60);
        }

        Assert.Equal([24, 72, 96], reminded);
        Assert.Equal([1, 3, 4], (await agency.CaseAsync(it.Id)).Reminders.Select(r => r.Day).Order());
        await agency.ReviewAsync(agency.Sofia, it.Id);
        agency.Time.Advance(Duration.FromDays(9));
        await agency.SettleAsync();
        Assert.Equal(3, (await agency.TrailAsync("case.review-due")).Count);
        Assert.Null(await NextAsync());
    }

    [Fact]
    public async Task Two_ticks_at_once_and_a_server_that_was_off_for_days_remind_once()
    {
        var it = await agency.OverAsync(seen: false);
        await agency.LeaveAsync();
        agency.Time.Advance(Duration.FromHours(130));
        await agency.RestartAsync();

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => Source().SettleAsync(CancellationToken.None))));

        Assert.Equal(5, Assert.Single((await agency.CaseAsync(it.Id)).Reminders).Day);
        Assert.Single(await agency.TrailAsync("case.review-due"));
        var twice = await Assert.ThrowsAsync<Microsoft.Data.Sqlite.SqliteException>(() => agency.SqlAsync("INSERT INTO CaseReminders SELECT * FROM CaseReminders"));
        Assert.Contains("UNIQUE", twice.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Emergencies_that_are_older_than_cases_get_theirs_at_the_start_with_what_was_seen_in_them()
    {
        var first = await agency.GrantAsync(agency.Adam);
        await agency.RevealAsync(agency.Adam, first);
        await agency.Get<EndSessionHandler>().EndAsync(agency.Adam, first);
        agency.Time.AdvanceMinutes(1);
        await agency.RotateAsync();
        var again = await agency.GrantAsync(agency.Adam);
        await agency.RevealAsync(agency.Adam, again);
        await agency.RaiseAsync(agency.Olivia);
        agency.Time.Advance(Duration.FromDays(40));
        await agency.SettleAsync();
        await MakeOlderAsync();

        await agency.RestartAsync();
        await agency.SettleAsync();

        await using var db = await agency.ReadAsync();
        Assert.Equal([1, 2, 3], await db.Cases.OrderBy(c => c.Number).Select(c => c.Number).ToListAsync());
        Assert.Equal([(int?)1, 2], await db.Sessions.OrderBy(s => s.StartedAt).Select(s => s.SeenVersion).ToListAsync());
        Assert.Equal(3, await db.Trail.CountAsync(e => e.Type == "case.opened" && e.Seq > 3 && e.ActorId == null));
        // Nobody is overdue because the product was updated.
        Assert.Equal([agency.Now], await db.Cases.Select(c => c.DueFrom).Distinct().ToListAsync());
        var one = await agency.CaseOfAsync(first);
        await agency.ReviewAsync(agency.Sofia, one.Id);
        Assert.NotNull((await agency.CaseAsync(one.Id)).ClosedAt);
        var two = await agency.CaseOfAsync(again);
        await agency.ReviewAsync(agency.Sofia, two.Id);
        Assert.Null((await agency.CaseAsync(two.Id)).ClosedAt);
        await Assert.ThrowsAsync<Microsoft.Data.Sqlite.SqliteException>(() => agency.SqlAsync("UPDATE Sessions SET Reveals = 0 WHERE EndedAt IS NOT NULL"));
    }

    // What the migration did is undone, as if this version had never been here.
    private async Task MakeOlderAsync()
    {
        foreach (var table in new[] { "CaseReminders", "CaseComments", "CaseFollowUps", "CaseReviews", "CaseOpenings", "CaseRequests", "Cases" })
        {
            await agency.SqlAsync($"DROP TRIGGER IF EXISTS TR_{table}_NoDelete");
            await agency.SqlAsync($"DROP TABLE {table}");
        }

        await agency.SqlAsync("ALTER TABLE Sessions DROP COLUMN SeenVersion");
        await agency.SqlAsync("DELETE FROM __EFMigrationsHistory WHERE MigrationId LIKE '%\\_Cases' ESCAPE '\\'");
    }

    private CaseDeadlines Source() => agency.Services.GetServices<IDeadlineSource>().OfType<CaseDeadlines>().Single();

    private Task<Instant?> NextAsync() => Source().NextAsync(CancellationToken.None);
}
