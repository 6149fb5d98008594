namespace Fluxor.Supplied;

/// <summary>Lets through at most so many calls a second: the first at once, the rest as one when the window ends.</summary>
internal sealed class Throttle(Action act, TimeProvider clock) : IDisposable
{
    private readonly Lock gate = new();
    private ITimer? pending;
    private long? latest;
    private bool disposed;

    /// <param name="perSecond">0 lets everything through.</param>
    public void Invoke(byte perSecond)
    {
        lock (gate)
        {
            if (disposed || pending is not null)
                return;
            if (perSecond > 0)
            {
                var remaining = latest is { } then ? TimeSpan.FromSeconds(1.0 / perSecond) - clock.GetElapsedTime(then) : TimeSpan.Zero;
                if (remaining > TimeSpan.Zero)
                {
                    pending = clock.CreateTimer(_ => EndWindow(), null, remaining, Timeout.InfiniteTimeSpan);
                    return;
                }
                latest = clock.GetTimestamp();
            }
        }
        act();
    }

    public void Dispose()
    {
        lock (gate)
        {
            disposed = true;
            pending?.Dispose();
        }
    }

    private void EndWindow()
    {
        lock (gate)
        {
            if (disposed)
                return;
            pending?.Dispose();
            pending = null;
            latest = clock.GetTimestamp();
        }
        act();
    }
}
