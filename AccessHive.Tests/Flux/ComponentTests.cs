using System.Globalization;
using Bunit;
using Fluxor;
using Fluxor.Blazor.Web;
using Fluxor.Blazor.Web.Components;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AccessHive.Tests.Flux;

public sealed class ComponentTests : BunitContext
{
    public ComponentTests()
    {
        Services.AddScoped<Journal>();
        Services.AddFluxor(options => options.ScanTypes(typeof(Tally), typeof(TallyReducers), typeof(FaultyEffects)));
    }

    private IDispatcher Dispatcher => Services.GetRequiredService<IDispatcher>();

    private Journal Journal => Services.GetRequiredService<Journal>();

    [Fact]
    public async Task The_initializer_makes_the_store_ready_and_replays()
    {
        Dispatcher.Dispatch(new Said("early"));

        Render<StoreInitializer>();

        await Services.GetRequiredService<IStore>().Initialized.WaitAsync(FluxScope.Patience);
        Assert.Equal(["early"], Services.GetRequiredService<IState<Tally>>().Value.Heard);
    }

    [Fact]
    public void A_component_shows_the_state_of_a_private_property_of_its_base_class()
    {
        Render<StoreInitializer>();
        var view = Render<TallyView>();
        Assert.Equal("", view.Markup);

        Dispatcher.Dispatch(new Said("hello"));

        view.WaitForAssertion(() => Assert.Equal("hello", view.Markup), FluxScope.Patience);
    }

    [Fact]
    public async Task A_component_renders_when_another_thread_dispatches()
    {
        Render<StoreInitializer>();
        var view = Render<TallyView>();

        await Task.Run(() => Dispatcher.Dispatch(new Said("hello")));

        view.WaitForAssertion(() => Assert.Equal("hello", view.Markup), FluxScope.Patience);
    }

    [Fact]
    public void A_component_hears_the_actions_it_subscribes_to_and_renders()
    {
        Render<StoreInitializer>();
        var view = Render<EarView>();

        Dispatcher.Dispatch(new Silenced());

        view.WaitForAssertion(() => Assert.Equal("silenced", view.Markup), FluxScope.Patience);
    }

    [Fact]
    public void A_component_that_was_taken_away_neither_renders_nor_hears()
    {
        Render<StoreInitializer>();
        var witness = Render<TallyView>();
        var page = Render<Page>(parameters => parameters.Add(each => each.Shown, true));
        var view = page.FindComponent<TallyView>().Instance;
        var (rendered, heard) = (view.Rendered, Journal.Lines.Count());

        page.Render(parameters => parameters.Add(each => each.Shown, false));
        Dispatcher.Dispatch(new Said("too late"));

        witness.WaitForAssertion(() => Assert.Equal("too late", witness.Markup), FluxScope.Patience);
        Assert.Equal(rendered, view.Rendered);
        Assert.Equal(heard + 2, Journal.Lines.Count());
        Assert.Equal(["cleaned", "witness heard too late"], Journal.Lines.TakeLast(2));
    }

    [Fact]
    public async Task A_component_that_was_taken_away_leaves_no_subscription_behind()
    {
        var actions = new SubscriberProbe();
        Services.AddScoped<IActionSubscriber>(_ => actions);
        var state = new StateProbe();
        var view = Render<ProbeView>(parameters => parameters.Add(each => each.State, state)).Instance;
        Assert.Equal(1, state.Listeners);
        Assert.Same(view, Assert.Single(actions.Subscribers));

        await DisposeComponentsAsync();

        Assert.Equal(0, state.Listeners);
        Assert.Empty(actions.Subscribers);
    }

    [Fact]
    public async Task A_component_that_never_began_to_listen_says_so_when_it_is_disposed() =>
        await Assert.ThrowsAnyAsync<SystemException>(async () => await new TallyView().DisposeAsync());

    [Fact]
    public void A_component_that_limits_itself_skips_states_but_shows_the_last_one()
    {
        Render<StoreInitializer>();
        var view = Render<CalmView>();

        for (var i = 1; i <= 200; i++)
            Dispatcher.Dispatch(new Said(i.ToString(CultureInfo.InvariantCulture)));

        view.WaitForAssertion(() => Assert.EndsWith(" 200", view.Markup, StringComparison.Ordinal), FluxScope.Patience);
        Assert.InRange(view.Instance.Rendered, 2, 100);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_fault_in_an_effect_reaches_the_error_boundary(bool later)
    {
        var boundary = Render<ErrorBoundary>(parameters => parameters
            .AddChildContent<StoreInitializer>()
            .Add(each => each.ErrorContent, fault => $"<p>{fault.GetBaseException().Message}</p>"));

        Dispatcher.Dispatch(new Tripped(later));

        boundary.WaitForAssertion(() => boundary.MarkupMatches("<p>tripped</p>"), FluxScope.Patience);
    }

    [Fact]
    public async Task A_fault_that_somebody_handled_stays_away_from_the_error_boundary()
    {
        var handled = new TaskCompletionSource<Exception>();
        var boundary = Render<ErrorBoundary>(parameters => parameters
            .AddChildContent<StoreInitializer>(initializer => initializer.Add(each => each.UnhandledException, unhandled =>
            {
                unhandled.Handled();
                handled.TrySetResult(unhandled.Exception);
            }))
            .Add(each => each.ErrorContent, fault => $"<p>{fault.GetBaseException().Message}</p>"));

        Dispatcher.Dispatch(new Tripped(Later: false));

        Assert.IsType<FormatException>(await handled.Task.WaitAsync(FluxScope.Patience));
        await boundary.InvokeAsync(() => { });
        boundary.MarkupMatches("");
    }

    [Fact]
    public void A_fault_while_replaying_reaches_the_error_boundary_as_a_store_that_could_not_begin()
    {
        Dispatcher.Dispatch(new Garbled());

        var boundary = Render<ErrorBoundary>(parameters => parameters
            .AddChildContent<StoreInitializer>()
            .Add(each => each.ErrorContent, fault => $"<p>{Describe(fault.GetBaseException())}</p>"));

        boundary.WaitForAssertion(
            () => boundary.MarkupMatches("<p>StoreInitializationException: not a word after 0</p>"), FluxScope.Patience);

        static string Describe(Exception fault) => $"{fault.GetType().Name}: {fault.InnerException!.Message}";
    }
}

internal abstract class TallyComponent : FluxorComponent
{
    /// <summary>How often it was rendered.</summary>
    public int Rendered { get; private set; }

    [Inject]
    private IState<Tally> Tally { get; set; } = default!;

    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        Rendered++;
        builder.AddContent(0, string.Join(' ', Tally.Value.Heard));
    }
}

internal sealed class TallyView : TallyComponent
{
    [Parameter]
    public string Name { get; set; } = "witness";

    [Inject]
    private Journal Journal { get; set; } = default!;

    protected override void OnInitialized()
    {
        base.OnInitialized();
        SubscribeToAction<Said>(action => Journal.Note($"{Name} heard {action.Word}"));
    }

    protected override async ValueTask DisposeAsyncCore(bool disposing)
    {
        await base.DisposeAsyncCore(disposing);
        Journal.Note("cleaned");
    }
}

internal sealed class CalmView : TallyComponent
{
    public CalmView() => MaximumStateChangedNotificationsPerSecond = 20;
}

internal sealed class EarView : FluxorComponent
{
    private string heard = "";

    protected override void OnInitialized()
    {
        base.OnInitialized();
        SubscribeToAction<Silenced>(_ => heard = "silenced");
    }

    protected override void BuildRenderTree(RenderTreeBuilder builder) => builder.AddContent(0, heard);
}

internal sealed class ProbeView : FluxorComponent
{
    [Parameter]
    public IState<int> State { get; set; } = default!;

    protected override void OnInitialized()
    {
        base.OnInitialized();
        SubscribeToAction<Said>(_ => { });
    }
}

/// <summary>A state that counts who listens.</summary>
internal sealed class StateProbe : IState<int>
{
    public event EventHandler? StateChanged
    {
        add => Listeners++;
        remove => Listeners--;
    }

    public int Listeners { get; private set; }

    public int Value => Listeners;
}

/// <summary>Knows who has subscribed and not yet left.</summary>
internal sealed class SubscriberProbe : IActionSubscriber
{
    public List<object> Subscribers { get; } = [];

    public void SubscribeToAction<TAction>(object subscriber, Action<TAction> callback) => Subscribers.Add(subscriber);

    public void UnsubscribeFromAllActions(object subscriber) => Subscribers.RemoveAll(each => each == subscriber);

    public IDisposable GetActionUnsubscriberAsIDisposable(object subscriber) => throw new NotSupportedException();
}

/// <summary>Shows the tally, or takes it away.</summary>
internal sealed class Page : ComponentBase
{
    [Parameter]
    public bool Shown { get; set; }

    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        if (!Shown)
            return;
        builder.OpenComponent<TallyView>(0);
        builder.AddComponentParameter(1, nameof(TallyView.Name), "page");
        builder.CloseComponent();
    }
}
