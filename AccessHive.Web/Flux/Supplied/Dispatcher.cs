namespace Fluxor.Supplied;

internal sealed class Dispatcher : IDispatcher
{
    private readonly ActionQueue queue;
    private EventHandler<ActionDispatchedEventArgs>? listeners;

    public Dispatcher() => queue = new(() => listeners is null ? null : Raise);

    public event EventHandler<ActionDispatchedEventArgs>? ActionDispatched
    {
        add => queue.Change(() => listeners += value);
        remove => queue.Change(() => listeners -= value);
    }

    public void Dispatch(object action)
    {
        ArgumentNullException.ThrowIfNull(action);
        queue.Add(action);
    }

    private void Raise(object action) => listeners?.Invoke(this, new(action));
}
