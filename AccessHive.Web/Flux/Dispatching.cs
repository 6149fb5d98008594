namespace Fluxor;

/// <summary>Takes what happened and hands it to the store, one action at a time and in order.</summary>
public interface IDispatcher
{
    /// <summary>Queues the action. It is processed before this returns, unless somebody is already processing: then by them.</summary>
    void Dispatch(object action);

    /// <summary>Raised for each action in turn. While nobody listens, actions are kept for the first who does.</summary>
    event EventHandler<ActionDispatchedEventArgs>? ActionDispatched;
}

/// <summary>Carries the action that was dispatched.</summary>
public sealed class ActionDispatchedEventArgs(object action) : EventArgs
{
    /// <summary>What was given to <see cref="IDispatcher.Dispatch"/>.</summary>
    public object Action { get; } = action;
}

/// <summary>Tells somebody outside the state about actions: after the reducers, before the effects.</summary>
public interface IActionSubscriber
{
    /// <summary>Calls back for every action that is a <typeparamref name="TAction"/>, on the thread that processes it.</summary>
    void SubscribeToAction<TAction>(object subscriber, Action<TAction> callback);

    /// <summary>Ends every subscription of this subscriber.</summary>
    void UnsubscribeFromAllActions(object subscriber);

    /// <summary>The same as <see cref="UnsubscribeFromAllActions"/>, for a <c>using</c>. To be disposed exactly once.</summary>
    IDisposable GetActionUnsubscriberAsIDisposable(object subscriber);
}
