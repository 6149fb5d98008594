using AccessHive.Core.Kernel;
using AccessHive.Core.Live;
using AccessHive.Core.Requests.UseCases;
using AccessHive.Web.Features.Shared;
using Fluxor;

namespace AccessHive.Web.Features.Requests;

/// <summary>What this person waits for: the pill that follows them on every page until somebody decides.</summary>
[FeatureState]
public sealed record WaitingState(IReadOnlyList<InboxItem> Requests)
{
    private WaitingState()
        : this([])
    {
    }

    /// <summary>It was read.</summary>
    [ReducerMethod]
    public static WaitingState On(WaitingState state, WaitingLoaded loaded) => new(loaded.Requests);
}

/// <summary>What this person waits for was read.</summary>
public sealed record WaitingLoaded(IReadOnlyList<InboxItem> Requests);

/// <summary>Keeps it true.</summary>
public sealed class WaitingEffects(RequestQueries requests, IState<MeState> me)
{
    /// <summary>Who is here is known, or changed.</summary>
    [EffectMethod]
    public Task OnMe(MeLoaded loaded, IDispatcher dispatcher) => LoadAsync(loaded.Me.Self, dispatcher);

    /// <summary>One of their requests moved.</summary>
    [EffectMethod]
    public Task OnFeed(FeedArrived arrived, IDispatcher dispatcher)
        => me.Value.Id is { } self && arrived.Item.Person == self && InboxEffects.Moves(arrived.Item) ? LoadAsync(self, dispatcher) : Task.CompletedTask;

    /// <summary>Items were dropped.</summary>
    [EffectMethod]
    public Task OnBehind(FeedFellBehind behind, IDispatcher dispatcher)
        => me.Value.Id is { } self ? LoadAsync(self, dispatcher) : Task.CompletedTask;

    private async Task LoadAsync(PersonId self, IDispatcher dispatcher)
        => dispatcher.Dispatch(new WaitingLoaded(await requests.MinePendingAsync(self)));
}
