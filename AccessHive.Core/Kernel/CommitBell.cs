namespace AccessHive.Core.Kernel;

/// <summary>
/// Rings after every commit. It carries no payload: whoever hears it reads the database, so a ring can be late or
/// doubled, but never wrong.
/// </summary>
public sealed class CommitBell
{
    private readonly Lock gate = new();
    private TaskCompletionSource next = New();
    private long rings;

    /// <summary>How often it rang. Read it before reading the database, then wait for a later ring.</summary>
    public long Rings
    {
        get
        {
            lock (gate)
                return rings;
        }
    }

    /// <summary>Wakes everybody who waits.</summary>
    public void Ring()
    {
        TaskCompletionSource rung;
        lock (gate)
        {
            rings++;
            rung = next;
            next = New();
        }

        rung.SetResult();
    }

    /// <summary>Returns as soon as it rang more than <paramref name="heard"/> times.</summary>
    public Task WaitAsync(long heard, CancellationToken cancellation)
    {
        lock (gate)
            return rings > heard ? Task.CompletedTask : next.Task.WaitAsync(cancellation);
    }

    /// <summary>Returns as soon as it rang more than <paramref name="heard"/> times, or after <paramref name="atMost"/>.</summary>
    /// <exception cref="OperationCanceledException">The wait was cancelled.</exception>
    public async Task WaitOrAsync(long heard, TimeSpan atMost, TimeProvider time, CancellationToken cancellation)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var ring = WaitAsync(heard, over.Token);
        var pause = Task.Delay(atMost, time, over.Token);
        await Task.WhenAny(ring, pause);
        await over.CancelAsync();
        cancellation.ThrowIfCancellationRequested();
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
