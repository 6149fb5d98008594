using NodaTime;

namespace AccessHive.Core.Kernel;

/// <summary>
/// The product's only clock. It never runs backwards: now is the latest of the wall clock, the newest instant in the
/// trail, and what the machine's monotonic counter says has passed since. A wall clock set back therefore revives
/// nothing and lengthens nothing (product.md, "Expiry is a fact of the clock").
/// </summary>
public sealed class HiveClock(TimeProvider time)
{
    private readonly Lock gate = new();
    private Instant floor = Instant.MinValue;
    private long floorStamp = time.GetTimestamp();

    /// <summary>The provider that timers and waits use.</summary>
    public TimeProvider Time => time;

    /// <summary>What the machine's wall clock says, right or wrong.</summary>
    public Instant Wall => Instant.FromDateTimeOffset(time.GetUtcNow());

    /// <summary>Now, cut to whole milliseconds as the trail stores them; never earlier than any answer before.</summary>
    public Instant Now
    {
        get
        {
            lock (gate)
            {
                var wall = Wall;
                var stamp = time.GetTimestamp();
                var counted = floor == Instant.MinValue ? floor : floor + Duration.FromTimeSpan(time.GetElapsedTime(floorStamp, stamp));
                floor = wall > counted ? wall : counted;
                floorStamp = stamp;
                return Instant.FromUnixTimeMilliseconds(floor.ToUnixTimeMilliseconds());
            }
        }
    }

    /// <summary>Takes note of an instant that is already in the trail: now can't be before it.</summary>
    public void Witness(Instant recorded)
    {
        lock (gate)
        {
            if (recorded <= floor)
                return;
            floor = recorded;
            floorStamp = time.GetTimestamp();
        }
    }

    /// <summary>How far the wall clock lies behind now; positive when somebody set it back.</summary>
    public Duration Behind => Now - Wall;
}
