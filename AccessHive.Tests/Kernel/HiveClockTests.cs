using AccessHive.Core.Kernel;
using AccessHive.Tests.World;
using CsCheck;
using NodaTime;
using Xunit;

namespace AccessHive.Tests.Kernel;

public sealed class HiveClockTests
{
    private readonly FakeTime time = new();
    private readonly HiveClock clock;

    public HiveClockTests() => clock = new HiveClock(time);

    [Fact]
    public void Now_is_the_wall_clock_cut_to_whole_milliseconds()
    {
        time.Advance(Duration.FromTicks(12_345_678));

        Assert.Equal(time.Now - Duration.FromTicks(5_678), clock.Now);
    }

    [Fact]
    public void A_wall_clock_set_back_leaves_now_where_it_was_and_the_monotonic_pace_goes_on()
    {
        var before = clock.Now;

        time.SetWallClockBack(Duration.FromHours(1));

        Assert.Equal(before, clock.Now);
        time.AdvanceMinutes(7);
        Assert.Equal(before + Duration.FromMinutes(7), clock.Now);
        Assert.Equal(Duration.FromHours(1), clock.Behind);
    }

    [Fact]
    public void A_wall_clock_set_forward_is_believed_and_setting_it_right_again_is_not()
    {
        var before = clock.Now;

        time.SetWallClockBack(Duration.FromHours(-2));
        Assert.Equal(before + Duration.FromHours(2), clock.Now);
        time.SetWallClockBack(Duration.FromHours(2));

        Assert.Equal(before + Duration.FromHours(2), clock.Now);
    }

    [Fact]
    public void An_instant_that_is_in_the_trail_already_can_not_be_before_now()
    {
        var recorded = time.Now + Duration.FromHours(3);

        clock.Witness(recorded);

        Assert.Equal(recorded, clock.Now);
        time.AdvanceMinutes(1);
        Assert.Equal(recorded + Duration.FromMinutes(1), clock.Now);
    }

    [Fact]
    public void Witnessing_an_instant_of_the_past_takes_no_time_away()
    {
        var start = clock.Now;
        time.SetWallClockBack(Duration.FromHours(1));
        time.AdvanceMinutes(10);

        clock.Witness(start + Duration.FromMinutes(1));

        Assert.Equal(start + Duration.FromMinutes(10), clock.Now);
    }

    [Fact]
    public void Asking_often_does_not_slow_it_down()
    {
        var start = clock.Now;
        time.SetWallClockBack(Duration.FromHours(1));
        for (var asked = 0; asked < 10_000; asked++)
        {
            time.Advance(Duration.FromTicks(1_001));
            _ = clock.Now;
        }

        Assert.Equal(start + Duration.FromMilliseconds(1_001), clock.Now);
    }

    [Fact]
    public void Whatever_happens_to_the_wall_clock_now_never_runs_backwards_and_never_stands_still()
    {
        var step = Gen.Select(Gen.Int[0, 3], Gen.Long[0, 90 * 60_000]);
        step.List[1, 60].Sample(steps =>
        {
            var wall = new FakeTime();
            var asked = new HiveClock(wall);
            var last = asked.Now;
            foreach (var (what, amount) in steps)
            {
                var by = Duration.FromMilliseconds(amount);
                switch (what)
                {
                    case 0: wall.Advance(by); break;
                    case 1: wall.SetWallClockBack(by); break;
                    case 2: wall.SetWallClockBack(-by); break;
                    default: asked.Witness(wall.Now + by); break;
                }

                var now = asked.Now;
                Assert.True(what == 0 ? now >= last + by : now >= last, $"{last} → {now} after {what} by {by}");
                Assert.True(now >= wall.Now - Duration.FromMilliseconds(1));
                last = now;
            }
        });
    }
}
