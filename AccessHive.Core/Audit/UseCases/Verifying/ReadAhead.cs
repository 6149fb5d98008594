using System.Collections.Concurrent;

namespace AccessHive.Core.Audit.UseCases.Verifying;

/// <summary>Goes through something on a thread of its own, a little ahead of whoever takes it. What goes wrong there goes wrong here.</summary>
internal sealed class ReadAhead<T> : IDisposable
{
    private const int Ahead = 4;
    private readonly BlockingCollection<T> read = new(Ahead);
    private readonly CancellationTokenSource over = new();
    private readonly Task reading;

    public ReadAhead(IEnumerable<T> source)
        => reading = Task.Factory.StartNew(() => Read(source), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <summary>What there is, in its order, once.</summary>
    public IEnumerable<T> Items()
    {
        foreach (var item in read.GetConsumingEnumerable())
            yield return item;
        reading.GetAwaiter().GetResult();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        over.Cancel();
        ((IAsyncResult)reading).AsyncWaitHandle.WaitOne();
        read.Dispose();
        over.Dispose();
    }

    private void Read(IEnumerable<T> source)
    {
        try
        {
            foreach (var item in source)
                read.Add(item, over.Token);
        }
        finally
        {
            read.CompleteAdding();
        }
    }
}
