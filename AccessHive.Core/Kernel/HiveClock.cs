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
    private Instant anchor = Instant.FromDateTimeOffset(time.GetUtcNow());
    private long anchorStamp = time.GetTimestamp();

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
                NotBefore(Wall);
                return Instant.FromUnixTimeMilliseconds(Counted.ToUnixTimeMilliseconds());
            }
        }
    }

    /// <summary>Takes note of an instant that is already in the trail: now can't be before it.</summary>
    public void Witness(Instant recorded)
    {
        lock (gate)
            NotBefore(recorded);
    }

    /// <summary>How far the wall clock lies behind now; positive when somebody set it back.</summary>
    public Duration Behind => Now - Wall;

    private Instant Counted => anchor + Duration.FromTimeSpan(time.GetElapsedTime(anchorStamp));

    // Between two anchors only the monotonic counter counts; a new one never lies behind what was counted.
    private void NotBefore(Instant instant)
    {
        if (instant > Counted)
            (anchor, anchorStamp) = (instant, time.GetTimestamp());
    }
}
