using System.Diagnostics.CodeAnalysis;

namespace Fluxor.Supplied;

/// <summary>
/// Actions in order, read by one thread at a time: whoever adds while nobody reads becomes the reader and reads to the end;
/// whoever adds while somebody reads, from another thread or from inside, leaves the action to them.
/// </summary>
/// <param name="reader">Who reads now; null keeps the actions. Asked before each action, under the lock.</param>
internal sealed class ActionQueue(Func<Action<object>?> reader)
{
    private readonly Lock gate = new();
    private readonly Queue<object> waiting = new();
    private bool reading;

    public void Add(object action) => Change(() => waiting.Enqueue(action));

    /// <summary>Makes a change under the lock, then reads what can be read.</summary>
    public void Change(Action change)
    {
        lock (gate)
        {
            change();
            if (reading || reader() is null)
                return;
            reading = true;
        }

        try
        {
            while (TryTake(out var action, out var read))
                read(action);
        }
        catch
        {
            // Otherwise one throwing reducer would silence this circuit for good.
            lock (gate)
                reading = false;
            throw;
        }
    }

    // "Nothing left" and "no longer reading" are one step: an action added after it finds no reader and starts one.
    private bool TryTake([NotNullWhen(true)] out object? action, [NotNullWhen(true)] out Action<object>? read)
    {
        lock (gate)
        {
            action = null;
            read = reader();
            return reading = read is not null && waiting.TryDequeue(out action);
        }
    }
}
