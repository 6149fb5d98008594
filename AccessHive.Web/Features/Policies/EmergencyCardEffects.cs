using AccessHive.Core.Policies.UseCases;
using AccessHive.Web.Features.Shared;
using Fluxor;

namespace AccessHive.Web.Features.Policies;

/// <summary>Keeps an open card true, and saves it.</summary>
public sealed class EmergencyCardEffects(EditEmergencyPolicy edit, IState<MeState> me, IState<EmergencyCardState> state)
{
    /// <summary>A card opened.</summary>
    [EffectMethod]
    public Task OnWanted(CardWanted wanted, IDispatcher dispatcher) => ReadAsync(CardReadAfter.Live, dispatcher);

    /// <summary>The card was saved by somebody, or the people it counts changed.</summary>
    [EffectMethod]
    public Task OnFeed(FeedArrived arrived, IDispatcher dispatcher)
        => state.Value.IsOpen && Concerns(arrived.Item.Type) ? ReadAsync(CardReadAfter.Live, dispatcher) : Task.CompletedTask;

    /// <summary>Items were dropped.</summary>
    [EffectMethod]
    public Task OnBehind(FeedFellBehind behind, IDispatcher dispatcher) => state.Value.IsOpen ? ReadAsync(CardReadAfter.Live, dispatcher) : Task.CompletedTask;

    /// <summary>Save was pressed.</summary>
    [EffectMethod]
    public async Task OnSave(SaveCard save, IDispatcher dispatcher)
    {
        var result = await edit.SaveAsync(me.Value.Self, save.Rules, save.MadeOn.Revision);
        dispatcher.Dispatch(result.IsRefused ? new CardSaveRefused(result.Refusal) : new CardSaved(RuleChange.Between(save.MadeOn.Rules, save.Rules)));
    }

    /// <summary>It was saved.</summary>
    [EffectMethod]
    public Task OnSaved(CardSaved saved, IDispatcher dispatcher) => ReadAsync(CardReadAfter.Save, dispatcher);

    /// <summary>It was refused.</summary>
    [EffectMethod]
    public Task OnRefused(CardSaveRefused refused, IDispatcher dispatcher) => ReadAsync(CardReadAfter.Refusal, dispatcher);

    private static bool Concerns(string type)
        => type.StartsWith("policy.", StringComparison.Ordinal)
            || type is "person.joined" or "person.roles-changed" or "person.disabled" or "person.enabled" or "request.lapsed" or "agency.settings-changed" or "case.review-due" or "case.reviewed" or "case.reopened";

    private async Task ReadAsync(CardReadAfter after, IDispatcher dispatcher) => dispatcher.Dispatch(new CardRead(await edit.ReadAsync(), after));
}
