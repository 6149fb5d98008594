using Fluxor;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AccessHive.Tests.Flux;

public sealed class ReducerTests
{
    [Fact]
    public async Task A_reducer_may_name_its_action_in_the_attribute_and_take_the_state_alone()
    {
        await using var flux = await FluxScope.ReadyAsync(typeof(Tally), typeof(TallyReducers));
        flux.Dispatch(new Said("a"), new Said("b"));

        flux.Dispatch(new Silenced());

        Assert.Empty(flux.Heard);
    }

    [Fact]
    public async Task A_reducer_takes_what_derives_from_its_action()
    {
        await using var flux = await FluxScope.ReadyAsync(typeof(Tally), typeof(TallyReducers));

        flux.Dispatch(new Shouted("HELLO"));

        Assert.Equal(["HELLO"], flux.Heard);
    }

    [Fact]
    public async Task A_reducer_of_an_instance_is_made_by_the_services()
    {
        await using var flux = await FluxScope.ReadyAsync(typeof(Tally), typeof(NotingReducers));

        flux.Dispatch(new Said("a"));

        Assert.Equal(["reduced a"], flux.Journal);
    }

    [Fact]
    public async Task Several_reducers_of_one_action_build_on_each_other()
    {
        await using var flux = await FluxScope.ReadyAsync(typeof(Tally), typeof(TallyReducers), typeof(NotingReducers));

        flux.Dispatch(new Said("a"));

        Assert.Equal(["a", "a, noted"], flux.Heard.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(typeof(WithoutAction<int>))]
    [InlineData(typeof(WithActionTwice<int>))]
    [InlineData(typeof(WithAnotherResult<int>))]
    public void A_reducer_of_the_wrong_shape_is_refused_when_Fluxor_is_added(Type reducers) =>
        Assert.Throws<ArgumentException>(() => new ServiceCollection().AddFluxor(options => options.ScanTypes(reducers)));

    [Fact]
    public void What_is_not_in_a_scanned_assembly_is_not_found()
    {
        using var elsewhere = new ServiceCollection()
            .AddFluxor(options => options.ScanAssemblies(typeof(Enumerable).Assembly))
            .BuildServiceProvider();
        using var scope = elsewhere.CreateScope();

        Assert.Empty(scope.ServiceProvider.GetRequiredService<IStore>().Features);
    }

    [Fact]
    public void What_is_in_any_of_the_scanned_assemblies_is_found()
    {
        var services = new ServiceCollection()
            .AddScoped<Journal>()
            .AddFluxor(options => options.ScanAssemblies(typeof(Enumerable).Assembly, typeof(Tally).Assembly));

        using var provider = services.BuildServiceProvider();
        using var scope = provider.CreateScope();

        Assert.Empty(scope.ServiceProvider.GetRequiredService<IState<Tally>>().Value.Heard);
        Assert.Contains(services, service => service.ServiceType == typeof(EchoEffects) && service.Lifetime == ServiceLifetime.Scoped);
    }
}

internal sealed class NotingReducers(Journal journal)
{
    [ReducerMethod]
    public Tally OnSaid(Tally state, Said action)
    {
        journal.Note($"reduced {action.Word}");
        return state with { Heard = state.Heard.Add($"{action.Word}, noted") };
    }
}

// Generic, so that a scan of this assembly passes over them.
internal static class WithoutAction<T>
{
    [ReducerMethod]
    public static Tally On(Tally state) => state;
}

internal static class WithActionTwice<T>
{
    [ReducerMethod(typeof(Said))]
    public static Tally On(Tally state, Said _) => state;
}

internal static class WithAnotherResult<T>
{
    [ReducerMethod]
    public static Count On(Tally state, Said _) => new(state.Heard.Count);
}
