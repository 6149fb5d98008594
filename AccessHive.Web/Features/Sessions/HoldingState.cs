using AccessHive.Core.Kernel;
using AccessHive.Core.Live;
using AccessHive.Core.Requests.UseCases;
using AccessHive.Core.Sessions.UseCases;
using AccessHive.Web.Features.Shared;
using Fluxor;

namespace AccessHive.Web.Features.Sessions;

/// <summary>What this person holds, and what they are waiting for: the pill that follows them on every page.</summary>
[FeatureState]
public sealed record HoldingState(IReadOnlyList<SessionRow> Sessions, IReadOnlyList<InboxItem> Waiting)
{
    private HoldingState()
        : this([], [])
    {
    }

    /// <summary>It was read.</summary>
    [ReducerMethod]
    public static HoldingState On(HoldingState state, HoldingLoaded loaded) => new(loaded.Sessions, loaded.Waiting);
}

/// <summary>What this person holds was read.</summary>
public sealed record HoldingLoaded(IReadOnlyList<SessionRow> Sessions, IReadOnlyList<InboxItem> Waiting);

/// <summary>Keeps it true.</summary>
public sealed class HoldingEffects(SessionQueries sessions, RequestQueries requests, IState<MeState> me)
{
    /// <summary>Who is here is known, or changed.</summary>
    [EffectMethod]
    public Task OnMe(MeLoaded loaded, IDispatcher dispatcher) => LoadAsync(loaded.Me.Self, dispatcher);

    /// <summary>One of their requests or sessions moved.</summary>
    [EffectMethod]
    public Task OnFeed(FeedArrived arrived, IDispatcher dispatcher)
        => me.Value.Id is { } self && Moves(arrived.Item, self) ? LoadAsync(self, dispatcher) : Task.CompletedTask;

    /// <summary>Items were dropped.</summary>
    [EffectMethod]
    public Task OnBehind(FeedFellBehind behind, IDispatcher dispatcher)
        => me.Value.Id is { } self ? LoadAsync(self, dispatcher) : Task.CompletedTask;

    private static bool Moves(FeedItem item, PersonId self)
        => item.Person == self && (item.Type.StartsWith("session.", StringComparison.Ordinal) || item.Type.StartsWith("request.", StringComparison.Ordinal));

    private async Task LoadAsync(PersonId self, IDispatcher dispatcher)
        => dispatcher.Dispatch(new HoldingLoaded(await sessions.MineAsync(self), await requests.MinePendingAsync(self)));
}
