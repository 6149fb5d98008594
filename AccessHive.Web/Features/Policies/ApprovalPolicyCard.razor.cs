using AccessHive.Core.Kernel;
using AccessHive.Core.Live;
using AccessHive.Core.Policies;
using AccessHive.Core.Policies.UseCases;
using AccessHive.Web.Features.Shared;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.JSInterop;

namespace AccessHive.Web.Features.Policies;

/// <summary>The Approval Policies card (P15): read first, edited in place; it follows every save in the house.</summary>
public sealed partial class ApprovalPolicyCard : LivePage
{
    private const string Meanwhile = "approval-meanwhile";

    private Script text = default!;
    private ApprovalCard? card;
    private ApprovalDraft? draft;
    private Refusal? refusal;
    private IReadOnlyList<RuleChange>? saved;
    private int savedAs;
    private bool saving;
    private bool accepted;
    private string? focus;

    // The card the draft was made on: its revision goes with the save. It moves on only when a refused save has put the
    // newer values before this person's eyes.
    private ApprovalCard? basis;

    // What somebody else saved, once a save of this person was refused because of it; and what it replaced.
    private ApprovalCard? meanwhile;
    private ApprovalCard? replaced;

    /// <summary>Hears the values while they are typed; nothing, once nobody types.</summary>
    [Parameter]
    public EventCallback<ApprovalRules?> Typing { get; set; }

    [Inject]
    private EditApprovalPolicy Edit { get; set; } = default!;

    [Inject]
    private IJSRuntime Js { get; set; } = default!;

    private bool MayEdit => Me.Value.Has(RolePermissions.SettingsEditors);

    // A refusal shows what it was refused for; a save after that is news again.
    private bool ShowsRefused => meanwhile is not null && card is not null && card.Revision <= meanwhile.Revision;

    private IReadOnlyList<MeanwhileRow> MeanwhileRows
    {
        get
        {
            if (draft is null || card is null || basis is null)
                return [];
            var (from, to) = ShowsRefused ? (replaced!, meanwhile!) : (basis, card);
            return [.. RuleChange.Between(from.Rules, to.Rules).Select(change => MeanwhileRow.Of(change, draft.Words(change.Field)))];
        }
    }

    /// <inheritdoc/>
    protected override bool Concerns(FeedItem item)
        => item.Type.StartsWith("policy.", StringComparison.Ordinal) || item.Type.StartsWith("identity.", StringComparison.Ordinal) || item.Type.StartsWith("person.", StringComparison.Ordinal);

    /// <inheritdoc/>
    protected override async Task LoadAsync(CancellationToken cancellation) => Take(await Edit.ReadAsync(cancellation));

    /// <inheritdoc/>
    protected override void OnInitialized()
    {
        base.OnInitialized();
        text = new Script(Js, "text");
    }

    // The page around it renders whenever somebody types; that is no reason to read the card again.
    /// <inheritdoc/>
    protected override Task OnParametersSetAsync() => card is null ? base.OnParametersSetAsync() : Task.CompletedTask;

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
    private void Take(ApprovalCard read)
    {
        if (card is null || read.Revision >= card.Revision)
            card = read;
        if (card.Revision != savedAs)
            saved = null;
    }

    // The second click of a double click is not another decision.
    private async Task StartEditing(MouseEventArgs click)
    {
        if (click.Detail > 1 || card is null)
            return;
        (basis, draft, meanwhile, refusal, saved, accepted) = (card, ApprovalDraft.Of(card.Rules), null, null, null, false);
        focus = ApprovalCardFields.FirstInput;
        await TellAsync();
    }

    private async Task CancelAsync()
    {
        if (saving)
            return;
        refusal = null;
        await StopEditingAsync();
    }

    private Task TypedAsync(ApprovalDraft typed)
    {
        // A tick is for what was read beside it.
        if (card is not null && !card.Opened(typed.Choices(card.Rules)).SequenceEqual(card.Opened(draft!.Choices(card.Rules))))
            accepted = false;
        draft = typed;
        return TellAsync();
    }

    private Task Key(KeyboardEventArgs key) => key.Key == "Escape" && draft is not null ? CancelAsync() : Task.CompletedTask;

    private Task ClickSaveAsync(MouseEventArgs click) => click.Detail <= 1 ? SaveAsync() : Task.CompletedTask;

    private async Task SaveAsync()
    {
        if (draft is null || basis is null || card is null || saving)
            return;
        if (draft.Rules(card.EmergencyWindow) is not { } rules)
        {
            focus = ApprovalCardFields.FirstInvalid;
            return;
        }

        if (!accepted && card.Opened(rules).Count > 0)
        {
            refusal = PolicyRefusals.TooFewCouldApprove;
            focus = ApprovalCardFields.Accept;
            return;
        }

        saving = true;
        try
        {
            var (from, result) = (basis, await Edit.SaveAsync(Self, rules, basis.Revision, accepted, Gone));
            Take(await Edit.ReadAsync(Gone));
            refusal = result.Refusal;
            if (!result.IsRefused)
            {
                (saved, savedAs) = (RuleChange.Between(from.Rules, rules), card.Revision);
                await StopEditingAsync();
            }
            else if (card.Revision > from.Revision)
            {
                draft = draft.Rebase(from.Rules, card.Rules);
                (replaced, basis, meanwhile) = (from, card, card);
                focus = $"#{Meanwhile}";
                await TellAsync();
            }
        }
        finally
        {
            saving = false;
        }
    }

    private Task StopEditingAsync()
    {
        (draft, basis, meanwhile, replaced, accepted) = (null, null, null, null, false);
        focus = "#approval-edit";
        return TellAsync();
    }

    private Task TellAsync() => Typing.InvokeAsync(draft is null || card is null ? null : draft.Rules(card.EmergencyWindow) ?? draft.Choices(card.Rules));
}
