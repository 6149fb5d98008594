using AccessHive.Core.Agency.UseCases;
using AccessHive.Core.Kernel;
using AccessHive.Core.Live;
using AccessHive.Web.Features.Shared;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.JSInterop;

namespace AccessHive.Web.Features.Agency;

/// <summary>The agency's own card: read first, edited in place; it follows every save in the house.</summary>
public sealed partial class AgencySettingsCard : LivePage
{
    private Script text = default!;
    private AgencyCard? card;
    private AgencyDraft? draft;
    private Refusal? refusal;
    private IReadOnlyList<string>? saved;
    private int savedAs;
    private bool saving;
    private string? focus;

    // The card the draft was made on: its revision goes with the save. It moves on only when a refused save has put the
    // newer values before this person's eyes.
    private AgencyCard? basis;
    private IReadOnlyList<string>? meanwhile;

    [Inject]
    private EditAgency Edit { get; set; } = default!;

    [Inject]
    private HiveClock Clock { get; set; } = default!;

    [Inject]
    private IJSRuntime Js { get; set; } = default!;

    private bool MayEdit => Me.Value.Has(RolePermissions.SettingsEditors);

    /// <inheritdoc/>
    protected override bool Concerns(FeedItem item) => item.Type is "agency.settings-changed";

    /// <inheritdoc/>
    protected override async Task LoadAsync(CancellationToken cancellation) => Take(await Edit.ReadAsync(cancellation));

    /// <inheritdoc/>
    protected override void OnInitialized()
    {
        base.OnInitialized();
        text = new Script(Js, "text");
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
        await text.DisposeAsync();
    }

    // Of two reads under way the newer revision stays; what this person saved is told until somebody saved after them.
    private void Take(AgencyCard read)
    {
        if (card is null || read.Revision >= card.Revision)
            card = read;
        if (card.Revision != savedAs)
            saved = null;
    }

    // The second click of a double click is not another decision.
    private void StartEditing(MouseEventArgs click)
    {
        if (click.Detail > 1 || card is null)
            return;
        (basis, draft, meanwhile, refusal, saved) = (card, AgencyDraft.Of(card.Details), null, null, null);
        focus = "#agency-name";
    }

    private void Cancel()
    {
        if (saving)
            return;
        refusal = null;
        StopEditing();
    }

    private void Key(KeyboardEventArgs key)
    {
        if (key.Key == "Escape" && draft is not null)
            Cancel();
    }

    private Task ClickSaveAsync(MouseEventArgs click) => click.Detail <= 1 ? SaveAsync() : Task.CompletedTask;

    private async Task SaveAsync()
    {
        if (draft is null || basis is null || saving)
            return;
        if (draft.Details is not { } details)
        {
            focus = ".ah-card-rows [aria-invalid]";
            return;
        }

        saving = true;
        try
        {
            var (from, result) = (basis, await Edit.SaveAsync(Self, details, basis.Revision, Gone));
            Take(await Edit.ReadAsync(Gone));
            refusal = result.Refusal;
            if (!result.IsRefused)
            {
                (saved, savedAs) = (AgencyWords.Between(from.Details, card!.Details), card.Revision);
                StopEditing();
            }
            else if (card!.Revision > from.Revision)
            {
                draft = draft.Rebase(from.Details, card.Details);
                (basis, meanwhile) = (card, AgencyWords.Between(from.Details, card.Details));
                focus = "#agency-meanwhile";
            }
        }
        finally
        {
            saving = false;
        }
    }

    private void StopEditing()
    {
        (draft, basis, meanwhile) = (null, null, null);
        focus = "#agency-edit";
    }
}
