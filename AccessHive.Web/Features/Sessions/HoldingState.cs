using AccessHive.Core.Kernel;
using AccessHive.Core.Live;
using AccessHive.Core.Sessions.UseCases;
using AccessHive.Web.Features.Shared;
using Fluxor;

namespace AccessHive.Web.Features.Sessions;

/// <summary>What this person holds: the pill that follows them on every page.</summary>
[FeatureState]
public sealed record HoldingState(IReadOnlyList<SessionRow> Sessions)
{
    private HoldingState()
        : this([])
    {
    }

    /// <summary>It was read.</summary>
    [ReducerMethod]
    public static HoldingState On(HoldingState state, HoldingLoaded loaded) => new(loaded.Sessions);
}

/// <summary>What this person holds was read.</summary>
public sealed record HoldingLoaded(IReadOnlyList<SessionRow> Sessions);

/// <summary>Keeps it true.</summary>
public sealed class HoldingEffects(SessionQueries sessions, IState<MeState> me)
{
    /// <summary>Who is here is known, or changed.</summary>
    [EffectMethod]
    public Task OnMe(MeLoaded loaded, IDispatcher dispatcher) => LoadAsync(loaded.Me.Self, dispatcher);

    /// <summary>One of their sessions moved.</summary>
    [EffectMethod]
    public Task OnFeed(FeedArrived arrived, IDispatcher dispatcher)
        => me.Value.Id is { } self && Moves(arrived.Item, self) ? LoadAsync(self, dispatcher) : Task.CompletedTask;

    /// <summary>Items were dropped.</summary>
    [EffectMethod]
    public Task OnBehind(FeedFellBehind behind, IDispatcher dispatcher)
        => me.Value.Id is { } self ? LoadAsync(self, dispatcher) : Task.CompletedTask;

    private static bool Moves(FeedItem item, PersonId self)
        => item.Person == self && item.Type is "session.started" or "session.extended" or "session.expired" or "session.checked-in" or "session.ended-by-holder" or "session.revoked";

    private async Task LoadAsync(PersonId self, IDispatcher dispatcher)
        => dispatcher.Dispatch(new HoldingLoaded(await sessions.MineAsync(self)));
}
