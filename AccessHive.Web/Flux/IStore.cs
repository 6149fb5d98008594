namespace Fluxor;

/// <summary>The features of one scope (one circuit), and the place where actions are processed. To be called, never implemented.</summary>
public interface IStore : IActionSubscriber
{
    /// <summary>The features by name.</summary>
    IReadOnlyDictionary<string, IFeature> Features { get; }

    /// <summary>Complete once the store is ready and what was dispatched before has been replayed.</summary>
    Task Initialized { get; }

    /// <summary>Replays what was dispatched so far, then processes at once. A second call does nothing.</summary>
    Task InitializeAsync();

    /// <summary>Raised on a pool thread for each exception that left an effect.</summary>
    event EventHandler<Exceptions.UnhandledExceptionEventArgs>? UnhandledException;
}

/// <summary>The store's own first action, for effects that begin with the circuit.</summary>
public sealed class StoreInitializedAction
{
    internal StoreInitializedAction() { }
}
