using Fluxor;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AccessHive.Tests.Flux;

public sealed class EffectTests
{
    [Fact]
    public async Task An_effect_of_an_instance_is_made_by_the_services_once_per_scope()
    {
        await using var flux = await FluxScope.ReadyAsync(typeof(Tally), typeof(TallyReducers), typeof(AnswerEffects));

        flux.Dispatch(new Asked("who"), new Asked("where"));

        Assert.Equal(["1: who", "2: where"], flux.Heard);
    }

    [Fact]
    public async Task A_static_effect_may_name_its_action_in_the_attribute_and_take_the_dispatcher_alone()
    {
        await using var flux = await FluxScope.ReadyAsync(typeof(Tally), typeof(TallyReducers), typeof(DoorEffects));

        flux.Dispatch(new Knocked());

        Assert.Equal(["come in"], flux.Heard);
    }

    [Fact]
    public async Task An_effect_takes_what_implements_its_action()
    {
        await using var flux = await FluxScope.ReadyAsync(typeof(Tally), typeof(TallyReducers), typeof(DoorEffects));

        flux.Dispatch(new Rang());

        Assert.Equal(["who is there"], flux.Heard);
    }

    [Fact]
    public async Task An_effect_sees_the_state_its_action_has_already_changed()
    {
        await using var flux = await FluxScope.ReadyAsync(typeof(Tally), typeof(TallyReducers), typeof(ReadingEffects));

        flux.Dispatch(new Said("a"), new Said("b"));

        Assert.Equal(["1 a", "2 b"], flux.Journal);
    }

    [Fact]
    public async Task An_effect_may_begin_with_the_store()
    {
        await using var flux = await FluxScope.ReadyAsync(typeof(Tally), typeof(TallyReducers), typeof(BeginningEffects));

        Assert.Equal(["good morning"], flux.Heard);
    }

    [Fact]
    public async Task Dispatch_does_not_wait_for_an_effect_that_waits()
    {
        await using var flux = await FluxScope.ReadyAsync(typeof(Tally), typeof(TallyReducers), typeof(WaitingEffects));
        var said = new TaskCompletionSource();
        flux.Get<IState<Tally>>().StateChanged += (_, _) => said.TrySetResult();
        var awaited = new Awaited();

        flux.Dispatch(awaited);

        Assert.Empty(flux.Heard);
        awaited.Word.SetResult("at last");
        await said.Task.WaitAsync(FluxScope.Patience);
        Assert.Equal(["at last"], flux.Heard);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_fault_in_an_effect_is_raised_by_the_store_and_not_by_Dispatch(bool later)
    {
        await using var flux = await FluxScope.ReadyAsync(typeof(Tally), typeof(FaultyEffects));
        var raised = new TaskCompletionSource<Exception>();
        flux.Store.UnhandledException += (_, unhandled) => raised.TrySetResult(unhandled.Exception);

        flux.Dispatch(new Tripped(later));

        var fault = await raised.Task.WaitAsync(FluxScope.Patience);
        Assert.Equal("tripped", Assert.IsType<FormatException>(fault).Message);
    }

    [Fact]
    public async Task A_fault_in_one_effect_stops_neither_the_others_nor_what_comes_after()
    {
        await using var flux = await FluxScope.ReadyAsync(
            typeof(Tally), typeof(TallyReducers), typeof(FaultyEffects), typeof(SteadyEffects));

        flux.Dispatch(new Tripped(Later: false), new Tripped(Later: true), new Said("done"));

        Assert.Equal(["steady", "steady", "done"], flux.Heard.OrderDescending(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(typeof(WithoutDispatcher<int>))]
    [InlineData(typeof(WithoutTask<int>))]
    [InlineData(typeof(WithTooMuch<int>))]
    public void An_effect_of_the_wrong_shape_is_refused_when_Fluxor_is_added(Type effects) =>
        Assert.Throws<ArgumentException>(() => new ServiceCollection().AddFluxor(options => options.ScanTypes(effects)));
}

internal sealed record Asked(string Question);

internal sealed record Knocked;

internal interface IVisit;

internal sealed record Rang : IVisit;

internal sealed record Tripped(bool Later);

internal sealed record Awaited
{
    public TaskCompletionSource<string> Word { get; } = new();
}

internal sealed class AnswerEffects
{
    private int asked;

    [EffectMethod]
    public Task OnAsked(Asked action, IDispatcher dispatcher)
    {
        dispatcher.Dispatch(new Said($"{++asked}: {action.Question}"));
        return Task.CompletedTask;
    }
}

internal static class DoorEffects
{
    [EffectMethod(typeof(Knocked))]
    public static Task OnKnocked(IDispatcher dispatcher)
    {
        dispatcher.Dispatch(new Said("come in"));
        return Task.CompletedTask;
    }

    [EffectMethod]
    public static Task OnVisit(IVisit _, IDispatcher dispatcher)
    {
        dispatcher.Dispatch(new Said("who is there"));
        return Task.CompletedTask;
    }
}

internal sealed class ReadingEffects(IState<Tally> tally, Journal journal)
{
    [EffectMethod]
    public Task OnSaid(Said action, IDispatcher dispatcher)
    {
        journal.Note($"{tally.Value.Heard.Count} {action.Word}");
        return Task.CompletedTask;
    }
}

internal static class BeginningEffects
{
    [EffectMethod(typeof(StoreInitializedAction))]
    public static Task OnStoreInitialized(IDispatcher dispatcher)
    {
        dispatcher.Dispatch(new Said("good morning"));
        return Task.CompletedTask;
    }
}

internal static class WaitingEffects
{
    [EffectMethod]
    public static async Task OnAwaited(Awaited action, IDispatcher dispatcher) => dispatcher.Dispatch(new Said(await action.Word.Task));
}

internal static class FaultyEffects
{
    [EffectMethod]
    public static Task OnTripped(Tripped action, IDispatcher dispatcher) =>
        action.Later ? TripLaterAsync() : throw new FormatException("tripped");

    private static async Task TripLaterAsync()
    {
        await Task.Yield();
        throw new FormatException("tripped");
    }
}

internal static class SteadyEffects
{
    [EffectMethod(typeof(Tripped))]
    public static Task OnTripped(IDispatcher dispatcher)
    {
        dispatcher.Dispatch(new Said("steady"));
        return Task.CompletedTask;
    }
}

// Generic, so that a scan of this assembly passes over them.
internal static class WithoutDispatcher<T>
{
    [EffectMethod(typeof(Said))]
    public static Task On(Said _) => Task.CompletedTask;
}

internal static class WithoutTask<T>
{
    [EffectMethod]
    public static void On(Said _, IDispatcher dispatcher) => dispatcher.Dispatch(_);
}

internal static class WithTooMuch<T>
{
    [EffectMethod(typeof(Said))]
    public static Task On(Said _, IDispatcher dispatcher) => Task.CompletedTask;
}
