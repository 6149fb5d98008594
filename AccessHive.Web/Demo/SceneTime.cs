using NodaTime;

namespace AccessHive.Web.Demo;

/// <summary>Time that goes where the scenes send it, and only forward; wall clock and counter move together.</summary>
/// <param name="start">When the story begins.</param>
public sealed class SceneTime(Instant start) : TimeProvider
{
    private long ticks = start.ToUnixTimeTicks();

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch.AddTicks(Interlocked.Read(ref ticks));

    /// <inheritdoc/>
    public override long GetTimestamp() => Interlocked.Read(ref ticks);

    /// <summary>Lets this much time pass.</summary>
    public void Move(Duration by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, Duration.Zero);
        Interlocked.Add(ref ticks, by.BclCompatibleTicks);
    }
}
