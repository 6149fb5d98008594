namespace Fluxor.Supplied;

internal abstract class Feature(string name) : IFeature
{
    public event EventHandler? StateChanged;

    public string GetName() => name;

    public abstract object? GetState();

    public abstract Type GetStateType();

    public abstract void Receive(object action);

    protected void RaiseStateChanged() => StateChanged?.Invoke(this, EventArgs.Empty);
}

/// <summary>A feature is what components are given as its <see cref="IState{TState}"/>.</summary>
internal sealed class Feature<TState> : Feature, IState<TState>
    where TState : class
{
    private readonly (ReducerPlan Method, object? Host)[] reducers;
    private volatile TState state;

    public Feature(FeaturePlan plan, IServiceProvider scope)
        : base(plan.Name)
    {
        state = (TState)plan.CreateInitialState();
        reducers = [.. plan.Reducers.Select(method => (method, method.HostIn(scope)))];
    }

    public TState Value => state;

    public override object? GetState() => state;

    public override Type GetStateType() => typeof(TState);

    public override void Receive(object action)
    {
        var next = state;
        foreach (var (method, host) in reducers)
        {
            if (method.ReactsTo(action))
                next = (TState)method.Reduce(host, next, action);
        }

        // By reference, as Fluxor does: an equal copy is a change.
        if (ReferenceEquals(next, state))
            return;
        state = next;
        RaiseStateChanged();
    }
}
