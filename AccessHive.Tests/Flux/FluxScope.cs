using System.Collections.Concurrent;
using Fluxor;
using Microsoft.Extensions.DependencyInjection;

namespace AccessHive.Tests.Flux;

/// <summary>One scope, as one circuit has it, with a store made of the given types.</summary>
internal sealed class FluxScope : IAsyncDisposable
{
    /// <summary>How long a test waits for what other threads do before it fails.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly ServiceProvider provider;
    private readonly AsyncServiceScope scope;

    public FluxScope(params Type[] types)
    {
        provider = new ServiceCollection()
            .AddScoped<Journal>()
            .AddFluxor(options => options.ScanTypes(types[0], types[1..]))
            .BuildServiceProvider();
        scope = provider.CreateAsyncScope();
    }

    public IStore Store => Get<IStore>();

    public IReadOnlyList<string> Heard => Get<IState<Tally>>().Value.Heard;

    public IReadOnlyList<string> Journal => [.. Get<Journal>().Lines];

    public static async Task<FluxScope> ReadyAsync(params Type[] types)
    {
        var flux = new FluxScope(types);
        await flux.Store.InitializeAsync();
        return flux;
    }

    public T Get<T>()
        where T : notnull =>
        scope.ServiceProvider.GetRequiredService<T>();

    public AsyncServiceScope AnotherScope() => provider.CreateAsyncScope();

    public void Dispatch(params object[] actions)
    {
        foreach (var action in actions)
            Get<IDispatcher>().Dispatch(action);
    }

    public void Note(string line) => Get<Journal>().Note(line);

    public async ValueTask DisposeAsync()
    {
        await scope.DisposeAsync();
        await provider.DisposeAsync();
    }
}

/// <summary>What happened, in order, from whichever thread.</summary>
internal sealed class Journal
{
    private readonly ConcurrentQueue<string> lines = new();

    public IEnumerable<string> Lines => lines;

    public void Note(string line) => lines.Enqueue(line);
}
