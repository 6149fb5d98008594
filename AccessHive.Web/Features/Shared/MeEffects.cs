using AccessHive.Core.Agency.UseCases;
using AccessHive.Core.Kernel;
using Fluxor;

namespace AccessHive.Web.Features.Shared;

/// <summary>Reads who is here when the circuit opens, and again when they or the card changed.</summary>
public sealed class MeEffects(Whoami whoami, IState<MeState> me)
{
    /// <summary>The circuit opened.</summary>
    [EffectMethod]
    public Task OnOpened(CircuitOpened opened, IDispatcher dispatcher) => LoadAsync(opened.Person, dispatcher);

    /// <summary>Something was committed.</summary>
    [EffectMethod]
    public Task OnFeed(FeedArrived arrived, IDispatcher dispatcher)
    {
        var item = arrived.Item;
        var mine = item.Person == me.Value.Id && item.Type is "person.roles-changed" or "person.enabled" or "person.disabled";
        return me.Value.Id is { } self && (mine || item.Type is "policy.emergency-edited" or "agency.settings-changed" or "case.review-due" or "case.reviewed" or "case.reopened")
            ? LoadAsync(self, dispatcher)
            : Task.CompletedTask;
    }

    /// <summary>Items were dropped.</summary>
    [EffectMethod]
    public Task OnBehind(FeedFellBehind behind, IDispatcher dispatcher)
        => me.Value.Id is { } self ? LoadAsync(self, dispatcher) : Task.CompletedTask;

    private async Task LoadAsync(PersonId person, IDispatcher dispatcher)
    {
        if (await whoami.ReadAsync(person) is { } read)
            dispatcher.Dispatch(new MeLoaded(new MeState(read.Id, read.Name, read.Email, read.Roles, read.Rules, read.Agency, read.IsDemo, IsLoaded: true)));
    }
}
