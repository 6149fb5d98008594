using AccessHive.Core.Cases.UseCases;
using AccessHive.Core.Kernel;
using AccessHive.Core.Live;
using AccessHive.Web.Features.Shared;
using Fluxor;

namespace AccessHive.Web.Features.Cases;

/// <summary>How many cases this person can do something about: the count in the navigation.</summary>
[FeatureState]
public sealed record CasesState(int NeedMe)
{
    private CasesState()
        : this(0)
    {
    }

    /// <summary>They were counted.</summary>
    [ReducerMethod]
    public static CasesState On(CasesState state, CasesCounted counted) => new(counted.NeedMe);
}

/// <summary>They were counted.</summary>
public sealed record CasesCounted(int NeedMe);

/// <summary>Keeps the count true.</summary>
public sealed class CasesEffects(CaseQueries cases, IState<MeState> me)
{
    /// <summary>Who is here is known, or changed.</summary>
    [EffectMethod]
    public Task OnMe(MeLoaded loaded, IDispatcher dispatcher) => CountAsync(loaded.Me.Self, dispatcher);

    /// <summary>A case moved, or something ended that was in the way of a verdict.</summary>
    [EffectMethod]
    public Task OnFeed(FeedArrived arrived, IDispatcher dispatcher)
        => me.Value.Id is { } self && Moves(arrived.Item) ? CountAsync(self, dispatcher) : Task.CompletedTask;

    /// <summary>Items were dropped.</summary>
    [EffectMethod]
    public Task OnBehind(FeedFellBehind behind, IDispatcher dispatcher)
        => me.Value.Id is { } self ? CountAsync(self, dispatcher) : Task.CompletedTask;

    /// <summary>Whether what was committed moves a gate of some case.</summary>
    internal static bool Moves(FeedItem item)
        => item.Type.StartsWith("case.", StringComparison.Ordinal)
            || (item.Emergency && (item.Type.StartsWith("request.", StringComparison.Ordinal) || item.Type.StartsWith("session.", StringComparison.Ordinal)))
            || item.Type is "rotation.verified" or "credential.archived" or "identity.archived" or "identity.restored";

    private async Task CountAsync(PersonId self, IDispatcher dispatcher) => dispatcher.Dispatch(new CasesCounted(await cases.CountAsync(self)));
}
