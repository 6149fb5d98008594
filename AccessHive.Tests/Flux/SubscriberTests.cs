using Fluxor;
using Xunit;

namespace AccessHive.Tests.Flux;

public sealed class SubscriberTests
{
    [Fact]
    public async Task A_subscriber_hears_of_its_action_and_what_derives_from_it()
    {
        await using var flux = await FluxScope.ReadyAsync(typeof(Tally));
        var subscriber = new object();
        flux.Get<IActionSubscriber>().SubscribeToAction<Said>(subscriber, action => flux.Note(action.Word));

        flux.Dispatch(new Said("hello"), new Silenced(), new Shouted("HELLO"));

        Assert.Equal(["hello", "HELLO"], flux.Journal);
        flux.Get<IActionSubscriber>().UnsubscribeFromAllActions(subscriber);
    }

    [Fact]
    public async Task Unsubscribing_ends_everything_of_that_subscriber_and_nothing_of_the_others()
    {
        await using var flux = await FluxScope.ReadyAsync(typeof(Tally));
        var (leaving, staying) = (new object(), new object());
        flux.Store.SubscribeToAction<Said>(leaving, _ => flux.Note("leaving, said"));
        flux.Store.SubscribeToAction<Silenced>(leaving, _ => flux.Note("leaving, silenced"));
        flux.Store.SubscribeToAction<Said>(staying, _ => flux.Note("staying"));

        flux.Store.UnsubscribeFromAllActions(leaving);

        flux.Dispatch(new Said("hello"), new Silenced());
        Assert.Equal(["staying"], flux.Journal);
        flux.Store.UnsubscribeFromAllActions(staying);
    }

    [Fact]
    public async Task A_subscription_ends_when_its_unsubscriber_is_disposed()
    {
        await using var flux = await FluxScope.ReadyAsync(typeof(Tally));
        var subscriber = new object();
        flux.Store.SubscribeToAction<Said>(subscriber, action => flux.Note(action.Word));

        using (flux.Store.GetActionUnsubscriberAsIDisposable(subscriber))
            flux.Dispatch(new Said("during"));

        flux.Dispatch(new Said("after"));
        Assert.Equal(["during"], flux.Journal);
    }

    [Fact]
    public async Task An_unsubscriber_is_disposed_only_once()
    {
        await using var flux = await FluxScope.ReadyAsync(typeof(Tally));
        var unsubscriber = flux.Store.GetActionUnsubscriberAsIDisposable(new object());
        unsubscriber.Dispose();

        Assert.Throws<ObjectDisposedException>(unsubscriber.Dispose);
    }

    [Fact]
    public async Task A_subscriber_may_leave_while_it_is_being_told()
    {
        await using var flux = await FluxScope.ReadyAsync(typeof(Tally));
        var subscriber = new object();
        flux.Store.SubscribeToAction<Said>(subscriber, action =>
        {
            flux.Note(action.Word);
            flux.Store.UnsubscribeFromAllActions(subscriber);
        });

        flux.Dispatch(new Said("first"), new Said("second"));

        Assert.Equal(["first"], flux.Journal);
    }
}
