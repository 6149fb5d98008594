using Microsoft.Extensions.Time.Testing;
using NodaTime;

namespace AccessHive.Tests.World;

/// <summary>Time that goes only where the test sends it: forward, and – for the wall clock alone – back.</summary>
public sealed class FakeTime(Instant start) : TimeProvider
{
    private readonly FakeTimeProvider inner = new(start.ToDateTimeOffset());
    private TimeSpan offset = TimeSpan.Zero;

    public FakeTime()
        : this(Instant.FromUtc(2026, 11, 23, 3, 0))
    {
    }

    public override long TimestampFrequency => inner.TimestampFrequency;

    public Instant Now => Instant.FromDateTimeOffset(GetUtcNow());

    public override DateTimeOffset GetUtcNow() => inner.GetUtcNow() + offset;

    public override long GetTimestamp() => inner.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => inner.CreateTimer(callback, state, dueTime, period);

    public void Advance(Duration by) => inner.Advance(by.ToTimeSpan());

    public void AdvanceMinutes(double minutes) => Advance(Duration.FromMinutes(minutes));

    /// <summary>Somebody sets the wall clock; the monotonic counter goes on.</summary>
    public void SetWallClockBack(Duration by) => offset -= by.ToTimeSpan();
}
