using AccessHive.Core.Kernel;
using AccessHive.Core.Policies.UseCases;
using AccessHive.Web.Features.Shared;
using Fluxor;
using Fluxor.Blazor.Web.Components;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.JSInterop;

namespace AccessHive.Web.Features.Policies;

/// <summary>
/// The Break-Glass / Emergency Access card (P1–P5): read first, edited in place. What is half typed lives here; what is
/// in force lives in <see cref="EmergencyCardState"/> and follows every save in the house.
/// </summary>
public sealed partial class EmergencyAccessCard : FluxorComponent
{
    private Script text = default!;
    private CardDraft? draft;
    private string? focus;

    // The card the draft was made on: its revision goes with the save. It moves on only when a refused save has put the
    // newer values before this person's eyes.
    private EmergencyCard? basis;

    // What somebody else saved, once a save of this person was refused because of it; and what it replaced.
    private EmergencyCard? meanwhile;
    private EmergencyCard? replaced;

    [Inject]
    private IState<MeState> Me { get; set; } = default!;

    [Inject]
    private IState<EmergencyCardState> State { get; set; } = default!;

    [Inject]
    private IDispatcher Dispatcher { get; set; } = default!;

    [Inject]
    private IJSRuntime Js { get; set; } = default!;

    private EmergencyCard? Card => State.Value.Card;

    private bool MayEdit => Me.Value.Has(RolePermissions.SettingsEditors);

    // A refusal shows what it was refused for; a save after that is news again.
    private bool ShowsRefused => meanwhile is not null && Card is not null && Card.Revision <= meanwhile.Revision;

    private IReadOnlyList<MeanwhileRow> MeanwhileRows
    {
        get
        {
            if (draft is null || Card is null || basis is null)
                return [];
            var (from, to) = ShowsRefused ? (replaced!, meanwhile!) : (basis, Card);
            return [.. RuleChange.Between(from.Rules, to.Rules).Select(change => MeanwhileRow.Of(change, draft.Words(change.Field)))];
        }
    }

    /// <inheritdoc/>
    protected override void OnInitialized()
    {
        base.OnInitialized();
        text = new Script(Js, "text");
        SubscribeToAction<CardRead>(WasRead);
        Dispatcher.Dispatch(new CardWanted());
    }

    /// <inheritdoc/>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (focus is not { } target)
            return;
        focus = null;
        await text.CallAsync("focus", target);
    }

    /// <inheritdoc/>
    protected override async ValueTask DisposeAsyncCore(bool disposing)
    {
        await base.DisposeAsyncCore(disposing);
        Dispatcher.Dispatch(new CardClosed());
        await text.DisposeAsync();
    }

    // The second click of a double click is not another decision.
    private void Edit(MouseEventArgs click)
    {
        if (click.Detail > 1 || Card is null)
            return;
        (basis, draft, meanwhile) = (Card, CardDraft.Of(Card.Rules), null);
        focus = EmergencyCardFields.FirstInput;
        Dispatcher.Dispatch(new CardEditing());
    }

    private void Cancel()
    {
        if (State.Value.IsSaving)
            return;
        Dispatcher.Dispatch(new CardEditing());
        StopEditing();
    }

    private void Typed(CardDraft typed) => draft = typed;

    private void Key(KeyboardEventArgs key)
    {
        if (key.Key == "Escape" && draft is not null)
            Cancel();
    }

    private void ClickSave(MouseEventArgs click)
    {
        if (click.Detail <= 1)
            Save();
    }

    private void Save()
    {
        if (draft is null || basis is null || State.Value.IsSaving)
            return;
        if (draft.Rules is { } rules)
            Dispatcher.Dispatch(new SaveCard(rules, basis));
        else
            focus = EmergencyCardFields.FirstInvalid;
    }

    private void WasRead(CardRead read)
    {
        if (draft is null || basis is null)
            return;
        if (read.After == CardReadAfter.Save)
            StopEditing();
        else if (read.After == CardReadAfter.Refusal && Card is { } newer && newer.Revision > basis.Revision)
            MoveTo(newer);
    }

    private void MoveTo(EmergencyCard newer)
    {
        draft = draft!.Rebase(basis!.Rules, newer.Rules);
        (replaced, basis, meanwhile) = (basis, newer, newer);
        focus = $"#{CardMeanwhile.ElementId}";
    }

    private void StopEditing()
    {
        (draft, basis, meanwhile, replaced) = (null, null, null, null);
        focus = "#card-edit";
    }
}
