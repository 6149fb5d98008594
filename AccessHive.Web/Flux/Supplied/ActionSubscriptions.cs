namespace Fluxor.Supplied;

internal abstract class ActionSubscriptions : IActionSubscriber
{
    private readonly Lock gate = new();
    private readonly List<Subscription> subscriptions = [];

    public void SubscribeToAction<TAction>(object subscriber, Action<TAction> callback)
    {
        ArgumentNullException.ThrowIfNull(subscriber);
        ArgumentNullException.ThrowIfNull(callback);
        lock (gate)
            subscriptions.Add(new(subscriber, typeof(TAction), action => callback((TAction)action)));
    }

    public void UnsubscribeFromAllActions(object subscriber)
    {
        ArgumentNullException.ThrowIfNull(subscriber);
        lock (gate)
            subscriptions.RemoveAll(subscription => subscription.Subscriber.Equals(subscriber));
    }

    public IDisposable GetActionUnsubscriberAsIDisposable(object subscriber) => new Unsubscriber(this, subscriber);

    // Called under the lock: once UnsubscribeFromAllActions has returned on another thread, no callback is running.
    protected void Notify(object action)
    {
        lock (gate)
        {
            foreach (var subscription in subscriptions.Where(each => each.Action.IsInstanceOfType(action)).ToArray())
                subscription.Callback(action);
        }
    }

    private sealed record Subscription(object Subscriber, Type Action, Action<object> Callback);

    private sealed class Unsubscriber(ActionSubscriptions from, object subscriber) : IDisposable
    {
        private bool disposed;

        public void Dispose()
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            disposed = true;
            from.UnsubscribeFromAllActions(subscriber);
        }
    }
}
