using AccessHive.Core.Deadlines;
using AccessHive.Core.Kernel;
using AccessHive.Core.Requests;
using AccessHive.Core.Requests.UseCases;
using AccessHive.Core.Sessions.UseCases;
using AccessHive.Core.Storage;
using AccessHive.Tests.World;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using NodaTime;
using Xunit;

namespace AccessHive.Tests.Deadlines;

public sealed class DeadlineLoopTests : IAsyncLifetime
{
    private TestAgency agency = null!;

    public async ValueTask InitializeAsync() => agency = await TestAgency.FoundAsync();

    public ValueTask DisposeAsync() => agency.DisposeAsync();

    [Fact]
    public async Task What_is_due_in_every_room_is_settled_and_the_next_deadline_is_named()
    {
        await agency.GrantAsync(agency.Olivia, minutes: 10);
        var raised = (await agency.RaiseAsync(agency.Adam)).Require();
        var start = agency.Now;
        var loop = agency.Get<DeadlineLoop>();
        Assert.Equal(start + Duration.FromMinutes(7.5), await loop.SettleAsync(default));

        agency.Time.AdvanceMinutes(15);
        // What is left is the weekly review: Monday, 09:00 in the agency's zone.
        Assert.Equal(Instant.FromUtc(2026, 11, 23, 8, 0), await loop.SettleAsync(default));

        Assert.Equal(RequestState.Lapsed, (await agency.Get<RequestQueries>().PageAsync(agency.Adam, raised.Request))!.State);
        Assert.Single(await agency.TrailAsync("session.expired"));
    }

    [Fact]
    public async Task The_loop_wakes_at_the_deadline_by_itself()
    {
        await agency.GrantAsync(agency.Adam, minutes: 5);
        using var loop = Loop(agency.Services.GetServices<IDeadlineSource>());
        await loop.StartAsync(default);

        await CommittedAfterAsync(Duration.FromMinutes(5));

        await loop.StopAsync(default);
        Assert.Single(await agency.TrailAsync("session.expired"));
    }

    [Fact]
    public async Task A_deadline_that_is_nearer_than_the_one_slept_for_is_met_too()
    {
        await agency.GrantAsync(agency.Olivia, minutes: 60);
        using var loop = Loop(agency.Services.GetServices<IDeadlineSource>());
        await loop.StartAsync(default);
        await agency.GrantAsync(agency.Adam, minutes: 5);

        await CommittedAfterAsync(Duration.FromMinutes(5));

        await loop.StopAsync(default);
        Assert.Single(await agency.TrailAsync("session.expired"));
        Assert.Single(await agency.Get<SessionQueries>().RunningAsync(agency.Olivia));
    }

    [Fact]
    public async Task A_source_that_fails_stops_nobody_else()
    {
        var bad = new Source("bad", _ => throw new InvalidOperationException("broken"));
        var good = new Source("good", _ => null);
        using var loop = Loop([bad, good]);

        await loop.SettleAsync(default);

        Assert.Equal((1, 1), (bad.Settled, good.Settled));
    }

    [Fact]
    public async Task A_source_that_gives_up_with_a_cancellation_of_its_own_is_a_source_that_fails()
    {
        var bad = new Source("bad", _ => throw new TaskCanceledException("its own time-out"));
        var good = new Source("good", _ => null);
        using var loop = Loop([bad, good]);

        Assert.NotNull(await loop.SettleAsync(default));

        Assert.Equal((1, 1), (bad.Settled, good.Settled));
    }

    [Fact]
    public async Task Stopping_is_not_a_failure_of_the_source()
    {
        using var stop = new CancellationTokenSource();
        var source = new Source("stopped", _ => throw new OperationCanceledException(stop.Token));
        using var loop = Loop([source]);
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => loop.SettleAsync(stop.Token));
    }

    [Fact]
    public async Task A_source_that_keeps_failing_is_tried_again_after_1_2_4_8_16_and_then_every_30_seconds()
    {
        var broken = true;
        var source = new Source("bad", _ => broken ? throw new InvalidOperationException("broken") : null);
        using var loop = Loop([source]);
        var tried = 0;
        foreach (var pause in new[] { 1, 2, 4, 8, 16, 30, 30 })
        {
            Assert.Equal(agency.Now + Duration.FromSeconds(pause), await loop.SettleAsync(default));
            Assert.Equal(++tried, source.Settled);
            agency.Time.Advance(Duration.FromSeconds(pause) - Duration.FromMilliseconds(1));
            await loop.SettleAsync(default);
            Assert.Equal(tried, source.Settled);
            agency.Time.Advance(Duration.FromMilliseconds(1));
        }

        broken = false;
        Assert.Null(await loop.SettleAsync(default));
        broken = true;
        Assert.Equal(agency.Now + Duration.FromSeconds(1), await loop.SettleAsync(default));
    }

    [Fact]
    public async Task The_nearest_deadline_of_all_sources_is_the_next_one()
    {
        var now = agency.Now;
        using var loop = Loop(
        [
            new Source("never", _ => null), new Source("later", _ => now + Duration.FromHours(2)), new Source("soon", _ => now + Duration.FromMinutes(2)), new Source("never", _ => null),
        ]);

        Assert.Equal(now + Duration.FromMinutes(2), await loop.SettleAsync(default));
    }

    [Fact]
    public async Task A_wall_clock_set_back_and_set_right_again_are_an_entry_each()
    {
        var source = new Source("watched", _ => null);
        using var loop = Loop([source]);
        await loop.StartAsync(default);

        agency.Time.SetWallClockBack(Duration.FromSeconds(9));
        await RoundAsync(source);
        Assert.Empty(await agency.TrailAsync("clock.jumped"));
        agency.Time.SetWallClockBack(Duration.FromHours(1));
        await RoundAsync(source);
        Assert.Single(await agency.TrailAsync("clock.jumped"));
        agency.Time.SetWallClockBack(-Duration.FromHours(2));
        await RoundAsync(source);

        await loop.StopAsync(default);
        Assert.Equal(2, (await agency.TrailAsync("clock.jumped")).Count);
    }

    [Fact]
    public async Task A_jump_that_could_not_be_noted_is_noted_as_soon_as_it_can()
    {
        await agency.SqlAsync("CREATE TRIGGER Broken BEFORE INSERT ON Trail BEGIN SELECT RAISE(ABORT, 'disk'); END");
        var source = new Source("watched", _ => null);
        using var loop = Loop([source]);
        await loop.StartAsync(default);
        agency.Time.SetWallClockBack(Duration.FromHours(1));
        await RoundAsync(source);

        await agency.SqlAsync("DROP TRIGGER Broken");
        await RoundAsync(source);

        await loop.StopAsync(default);
        Assert.Single(await agency.TrailAsync("clock.jumped"));
    }

    private DeadlineLoop Loop(IEnumerable<IDeadlineSource> sources)
        => new(sources, agency.Get<Work>(), agency.Get<CommitBell>(), agency.Get<HiveClock>(), NullLogger<DeadlineLoop>.Instance);

    // Nobody rings: only time goes on, until the loop has committed something.
    private async Task CommittedAfterAsync(Duration by)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var heard = agency.Get<CommitBell>().Rings;
        agency.Time.Advance(by);
        while (agency.Get<CommitBell>().Rings == heard)
        {
            patience.Token.ThrowIfCancellationRequested();
            agency.Time.Advance(Duration.FromMilliseconds(1));
            await Task.Yield();
        }
    }

    // The second settling from now on belongs to a round that began after now.
    private async Task RoundAsync(Source source)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        for (var enough = source.Settled + 2; source.Settled < enough; await Task.Yield())
        {
            patience.Token.ThrowIfCancellationRequested();
            agency.Get<CommitBell>().Ring();
        }
    }

    private sealed class Source(string name, Func<int, Instant?> next) : IDeadlineSource
    {
        private int settled;

        public string Name => name;

        public int Settled => Volatile.Read(ref settled);

        public Task<Instant?> NextAsync(CancellationToken cancellation) => Task.FromResult(next(Settled));

        public Task SettleAsync(CancellationToken cancellation)
        {
            Interlocked.Increment(ref settled);
            return Task.CompletedTask;
        }
    }
}
