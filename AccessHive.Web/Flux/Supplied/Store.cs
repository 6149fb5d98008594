namespace Fluxor.Supplied;

internal sealed class Store : ActionSubscriptions, IStore, IDisposable
{
    private readonly IDispatcher dispatcher;
    private readonly ActionQueue queue;
    private readonly Dictionary<string, IFeature> features = new(StringComparer.InvariantCultureIgnoreCase);
    private readonly Feature[] receivers;
    private readonly (EffectPlan Method, object? Host)[] effects;
    private readonly TaskCompletionSource initialized = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool ready;

    public Store(IDispatcher dispatcher, Plan plan, IServiceProvider scope)
    {
        this.dispatcher = dispatcher;
        queue = new(() => ready ? Process : null);

        // Before the effects are made: what their constructors dispatch comes after the store's own first action.
        dispatcher.ActionDispatched += Keep;
        dispatcher.Dispatch(new StoreInitializedAction());

        receivers = [.. plan.Features.Select(feature => (Feature)scope.GetRequiredService(feature.Implementation))];
        foreach (var receiver in receivers)
            features.Add(receiver.GetName(), receiver);
        effects = [.. plan.Effects.Select(method => (method, method.HostIn(scope)))];
    }

    public event EventHandler<Exceptions.UnhandledExceptionEventArgs>? UnhandledException;

    public IReadOnlyDictionary<string, IFeature> Features => features;

    public Task Initialized => initialized.Task;

    public Task InitializeAsync()
    {
        var first = false;
        queue.Change(() =>
        {
            first = !ready;
            ready = true;
        });
        if (first)
            initialized.TrySetResult();
        return Task.CompletedTask;
    }

    public void Dispose() => dispatcher.ActionDispatched -= Keep;

    private void Keep(object? sender, ActionDispatchedEventArgs dispatched) => queue.Add(dispatched.Action);

    private void Process(object action)
    {
        foreach (var receiver in receivers)
            receiver.Receive(action);
        Notify(action);
        foreach (var (method, host) in effects)
        {
            if (method.ReactsTo(action))
                _ = RunAsync(method, host, action);
        }
    }

    // Runs at once up to the first await; nobody waits for the rest.
    private async Task RunAsync(EffectPlan effect, object? host, object action)
    {
        try
        {
            await effect.Run(host, action, dispatcher);
        }
        catch (Exception fault)
        {
            // On the pool, so that a listener never runs inside the dispatch that caused it.
            IEnumerable<Exception> faults = fault is AggregateException many ? many.Flatten().InnerExceptions : [fault];
            await Task.Run(() =>
            {
                foreach (var each in faults)
                    UnhandledException?.Invoke(this, new(each));
            });
        }
    }
}
