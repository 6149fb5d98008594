using Fluxor;
using Fluxor.DependencyInjection;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AccessHive.Tests.Flux;

public sealed class StateTests
{
    [Fact]
    public async Task A_state_begins_with_its_parameterless_constructor_even_a_private_one()
    {
        await using var flux = new FluxScope(typeof(Tally));

        Assert.Empty(flux.Get<IState<Tally>>().Value.Heard);
    }

    [Fact]
    public async Task A_state_begins_with_the_method_it_names_even_a_private_one()
    {
        await using var flux = new FluxScope(typeof(Count));

        Assert.Equal(100, flux.Get<IState<Count>>().Value.Words);
    }

    [Fact]
    public void A_state_that_cannot_begin_is_refused_when_Fluxor_is_added()
    {
        Assert.Throws<ArgumentException>(() => Add(options => options.ScanTypes(typeof(Unborn<int>))));
        Assert.Throws<InvalidOperationException>(() => Add(options => options.ScanTypes(typeof(Misnamed<int>))));
    }

    [Fact]
    public void A_store_without_anything_to_scan_is_refused_when_Fluxor_is_added() =>
        Assert.ThrowsAny<ArgumentException>(() => Add(_ => { }));

    [Fact]
    public void An_open_generic_type_cannot_be_scanned() =>
        Assert.Throws<InvalidOperationException>(() => Add(options => options.ScanTypes(typeof(Unborn<>))));

    [Fact]
    public async Task A_feature_is_named_by_its_attribute_or_by_its_type()
    {
        await using var flux = new FluxScope(typeof(Tally), typeof(Count));

        var features = flux.Store.Features;

        Assert.Equal(2, features.Count);
        Assert.Equal(typeof(Tally), features["tally"].GetStateType());
        Assert.Equal("Tally", features["tally"].GetName());
        Assert.Equal(new Count(100), features[typeof(Count).FullName!].GetState());
    }

    [Fact]
    public async Task StateChanged_is_raised_after_the_new_state_can_be_read()
    {
        await using var flux = await FluxScope.ReadyAsync(typeof(Tally), typeof(TallyReducers));
        var state = flux.Get<IState<Tally>>();
        state.StateChanged += (sender, _) => flux.Note($"{sender == state} {string.Join(' ', state.Value.Heard)}");
        flux.Store.Features["Tally"].StateChanged += (_, _) => flux.Note("feature");

        flux.Dispatch(new Said("a"));

        Assert.Equal(["True a", "feature"], flux.Journal.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task StateChanged_is_silent_when_the_reducer_returns_what_it_was_given()
    {
        await using var flux = await FluxScope.ReadyAsync(typeof(Tally), typeof(TallyReducers));
        flux.Get<IState<Tally>>().StateChanged += (_, _) => flux.Note("changed");

        flux.Dispatch(new Looked(), "an action nobody reduces");

        Assert.Empty(flux.Journal);
    }

    [Fact]
    public async Task StateChanged_is_raised_for_an_equal_state_that_is_another_object()
    {
        await using var flux = await FluxScope.ReadyAsync(typeof(Tally), typeof(TallyReducers));
        flux.Get<IState<Tally>>().StateChanged += (_, _) => flux.Note("changed");

        flux.Dispatch(new Copied());

        Assert.Equal(["changed"], flux.Journal);
    }

    [Fact]
    public async Task StateChanged_is_silent_for_who_stopped_listening()
    {
        await using var flux = await FluxScope.ReadyAsync(typeof(Tally), typeof(TallyReducers));
        void Changed(object? sender, EventArgs e) => flux.Note("changed");
        var state = flux.Get<IState<Tally>>();
        state.StateChanged += Changed;
        flux.Dispatch(new Said("a"));

        state.StateChanged -= Changed;
        flux.Dispatch(new Said("b"));

        Assert.Equal(["changed"], flux.Journal);
    }

    private static void Add(Action<FluxorOptions> configure) => new ServiceCollection().AddFluxor(configure);
}

// Generic, so that a scan of this assembly passes over them.
[FeatureState]
internal sealed record Unborn<T>(T Value);

[FeatureState(CreateInitialStateMethodName = "Begin")]
internal sealed record Misnamed<T>(T Value);
