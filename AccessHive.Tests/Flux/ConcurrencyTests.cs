using System.Globalization;
using Fluxor;
using Xunit;

namespace AccessHive.Tests.Flux;

public sealed class ConcurrencyTests
{
    private const int Threads = 8;
    private const int Each = 2_000;

    [Fact]
    public async Task Actions_dispatched_from_many_threads_are_each_processed_once_and_in_the_order_of_their_thread()
    {
        await using var flux = await FluxScope.ReadyAsync(typeof(Tally), typeof(TallyReducers), typeof(Count), typeof(CountReducers));

        await OnManyThreadsAsync(flux, meanwhile: null);

        AssertHeardOnceAndInOrder(flux);
        Assert.Equal(100 + Threads * Each, flux.Get<IState<Count>>().Value.Words);
    }

    [Fact]
    public async Task Nothing_is_lost_when_the_store_becomes_ready_while_others_dispatch()
    {
        await using var flux = new FluxScope(typeof(Tally), typeof(TallyReducers));
        var store = flux.Store;

        await OnManyThreadsAsync(flux, store.InitializeAsync);
        flux.Dispatch(new Looked());

        AssertHeardOnceAndInOrder(flux);
    }

    [Fact]
    public async Task Actions_are_never_processed_by_two_threads_at_once()
    {
        await using var flux = await FluxScope.ReadyAsync(typeof(Tally), typeof(TallyReducers));
        var (inside, most) = (0, 0);
        flux.Get<IState<Tally>>().StateChanged += (_, _) =>
        {
            var now = Interlocked.Increment(ref inside);
            if (now > Volatile.Read(ref most))
                Volatile.Write(ref most, now);
            // Long enough for another thread to come in, if it can.
            Thread.SpinWait(500);
            Interlocked.Decrement(ref inside);
        };

        await OnManyThreadsAsync(flux, meanwhile: null);

        Assert.Equal(1, most);
    }

    private static async Task OnManyThreadsAsync(FluxScope flux, Func<Task>? meanwhile)
    {
        var dispatcher = flux.Get<IDispatcher>();
        using var start = new Barrier(Threads + (meanwhile is null ? 0 : 1));
        var threads = Enumerable.Range(0, Threads).Select(thread => Start(() =>
        {
            for (var i = 0; i < Each; i++)
                dispatcher.Dispatch(new Said(string.Create(CultureInfo.InvariantCulture, $"{thread}:{i}")));
        })).ToList();
        if (meanwhile is not null)
            threads.Add(Start(() => meanwhile().GetAwaiter().GetResult()));
        await Task.WhenAll(threads).WaitAsync(FluxScope.Patience);

        Task Start(Action work) => Task.Factory.StartNew(
            () =>
            {
                start.SignalAndWait();
                work();
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    private static void AssertHeardOnceAndInOrder(FluxScope flux)
    {
        var numbersByThread = flux.Heard
            .Select(word => word.Split(':'))
            .ToLookup(word => word[0], word => int.Parse(word[1], CultureInfo.InvariantCulture));
        Assert.Equal(Threads, numbersByThread.Count);
        Assert.All(numbersByThread, numbers => Assert.Equal(Enumerable.Range(0, Each), numbers));
    }
}
