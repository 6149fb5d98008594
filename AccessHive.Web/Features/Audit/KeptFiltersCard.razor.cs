using AccessHive.Core.Audit.UseCases;
using AccessHive.Core.Kernel;
using AccessHive.Core.Live;
using AccessHive.Web.Features.Shared;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace AccessHive.Web.Features.Audit;

/// <summary>The reader's kept filters: rename, remove, and the address to follow each.</summary>
public sealed partial class KeptFiltersCard : LivePage
{
    private IReadOnlyList<KeptFilter>? kept;
    private Core.Kernel.SavedFilterId? renaming;
    private Refusal? refusal;
    private string name = "";

    [Inject]
    private KeepFilters Filters { get; set; } = default!;

    [Inject]
    private IDialogService Dialogs { get; set; } = default!;

    [Inject]
    private NavigationManager Navigation { get; set; } = default!;

    /// <inheritdoc/>
    protected override bool Concerns(FeedItem item) => false;

    /// <inheritdoc/>
    protected override async Task LoadAsync(CancellationToken cancellation) => kept = await Filters.ListAsync(Self, cancellation);

    private string Follow(KeptFilter filter) => $"{Navigation.BaseUri.TrimEnd('/')}{ExportEndpoints.Path}?filter={filter.Id}&format=jsonl&after=0";

    private void StartRenaming(KeptFilter filter) => (renaming, name, refusal) = (filter.Id, filter.Name, null);

    private async Task RenameAsync()
    {
        if (renaming is not { } id)
            return;
        refusal = (await Filters.RenameAsync(Self, id, name, Gone)).Refusal;
        if (refusal is not null)
            return;
        renaming = null;
        await ReloadAsync();
    }

    private async Task RemoveAsync(KeptFilter filter)
    {
        await ConfirmDialog.AskAsync(Dialogs, $"Remove {filter.Name}?", "Remove", danger: true, () => Filters.RemoveAsync(Self, filter.Id), ["Programs that follow it are told that it is gone."]);
        await ReloadAsync();
    }
}
