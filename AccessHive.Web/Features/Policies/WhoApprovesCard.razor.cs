using AccessHive.Core.Kernel;
using AccessHive.Core.Live;
using AccessHive.Core.Policies;
using AccessHive.Core.Policies.UseCases;
using AccessHive.Web.Features.Shared;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using MudBlazor;

namespace AccessHive.Web.Features.Policies;

/// <summary>The lists of approvers (P15): the agency's and narrower ones, one edited at a time.</summary>
public sealed partial class WhoApprovesCard : LivePage
{
    private Script text = default!;
    private IReadOnlyList<ApproversRow>? rows;
    private Edited? editing;
    private ApproverScope scope = ApproverScope.Client;
    private string? done;
    private string? focus;
    private int reads;

    /// <summary>Hears a list while it is typed; nothing, once nobody types.</summary>
    [Parameter]
    public EventCallback<ListedApprovers?> Typing { get; set; }

    [Inject]
    private KeepApprovers Keep { get; set; } = default!;

    [Inject]
    private PolicyChoices Choices { get; set; } = default!;

    [Inject]
    private IDialogService Dialogs { get; set; } = default!;

    [Inject]
    private IJSRuntime Js { get; set; } = default!;

    private bool MayEdit => Me.Value.Has(RolePermissions.SettingsEditors);

    /// <inheritdoc/>
    protected override bool Concerns(FeedItem item)
        => item.Type.StartsWith("policy.", StringComparison.Ordinal) || item.Type.StartsWith("identity.", StringComparison.Ordinal) || item.Type.StartsWith("person.", StringComparison.Ordinal);

    /// <inheritdoc/>
    protected override async Task LoadAsync(CancellationToken cancellation)
    {
        rows = await Keep.ReadAsync(cancellation);
        reads++;
    }

    /// <inheritdoc/>
    protected override void OnInitialized()
    {
        base.OnInitialized();
        text = new Script(Js, "text");
    }

    // The page around it renders whenever somebody types; that is no reason to read the lists again.
    /// <inheritdoc/>
    protected override Task OnParametersSetAsync() => rows is null ? base.OnParametersSetAsync() : Task.CompletedTask;

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

    private bool IsEdited(ApproversRow row) => editing is not null && editing.Scope == row.Scope && ListedApprovers.Same(editing.Key, row.Key);

    private void StartEditing(ApproversRow row) => (editing, done) = (new Edited(row.Scope, row.Key, row.Name), null);

    // Who chooses something that has a list already edits that one.
    private void Begin(PolicyChoice? choice)
    {
        if (choice is not null)
            (editing, done) = (new Edited(scope, choice.Key, choice.Name), null);
    }

    private Task<IReadOnlyList<PolicyChoice>> FindAsync(string piece) => scope switch
    {
        ApproverScope.Client => Choices.ClientsAsync(piece, Gone),
        ApproverScope.Platform => Choices.PlatformsAsync(piece, Gone),
        _ => Choices.IdentitiesAsync(piece, Gone),
    };

    private async Task SavedAsync(string words)
    {
        done = words;
        await StopAsync();
        await ReloadAsync();
    }

    private Task StopAsync()
    {
        focus = editing is null ? null : $"#{ApproverEntry.EditId(editing.Scope, editing.Key)}";
        editing = null;
        return Typing.InvokeAsync(null);
    }

    private async Task RemoveAsync(ApproversRow row)
    {
        var then = await Keep.ForeseeGivingUpAsync(row.Scope, row.Key, Gone);
        string[] words =
        [
            then.Next.Count == 0 ? "No identity in use is covered by it." : $"From then on, {ApprovalWords.Names([.. then.Next.Select(n => $"{ApprovalWords.ListOf(n.Scope, n.Name)} counts for {ApprovalWords.Identities(n.Identities)}")])}.",
            .. then.Gaps.Select(ApprovalWords.For),
        ];
        var name = ApprovalWords.ListOf(row.Scope, row.Name);
        await ConfirmDialog.AskAsync(Dialogs, $"Remove {name}?", "Remove", danger: true, async () =>
        {
            var result = await Keep.GiveUpAsync(Self, row.Scope, row.Key);
            if (!result.IsRefused)
                done = $"Removed {name}.";
            return result;
        }, words);
        await ReloadAsync();
    }

    private sealed record Edited(ApproverScope Scope, string Key, string Name);
}
