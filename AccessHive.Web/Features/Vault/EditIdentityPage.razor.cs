using AccessHive.Core.Kernel;
using AccessHive.Core.Vault;
using AccessHive.Core.Vault.UseCases;
using AccessHive.Web.Features.Shared;
using Fluxor;
using Fluxor.Blazor.Web.Components;
using Microsoft.AspNetCore.Components;

namespace AccessHive.Web.Features.Vault;

/// <summary>
/// Adds or edits an identity. It does not follow the feed: what is typed stays as it is typed, and a save that meets
/// another one is told what changed.
/// </summary>
public sealed partial class EditIdentityPage : FluxorComponent
{
    private bool isLoaded;
    private bool isAdded;
    private IdentityPage? saved;
    private IdentityDraft? draft;
    private IReadOnlyList<OwnerChoice> owners = [];
    private IReadOnlyList<string> clients = [];
    private IReadOnlyList<string> platforms = [];
    private Refusal? refusal;
    private IReadOnlyList<MeanwhileChange>? meanwhile;

    /// <summary>Which identity; a new one, if null.</summary>
    [Parameter]
    public Guid? Id { get; set; }

    [Inject]
    private IState<MeState> Me { get; set; } = default!;

    [Inject]
    private IdentityQueries Queries { get; set; } = default!;

    [Inject]
    private KeepIdentities Keep { get; set; } = default!;

    [Inject]
    private NavigationManager Navigation { get; set; } = default!;

    private string Heading => saved is null ? "Add identity" : $"Edit {saved.Details.Name}";

    private string Back => saved is null ? "identities" : $"identities/{saved.Id}?tab=details";

    /// <inheritdoc/>
    protected override async Task OnParametersSetAsync()
    {
        (isLoaded, isAdded, refusal, meanwhile) = (false, false, null, null);
        (clients, platforms) = await Queries.FacetsAsync();
        owners = await Queries.OwnersAsync();
        saved = Id is { } id ? await Queries.PageAsync(Me.Value.Self, new IdentityId(id)) : null;
        draft = (Id, saved) switch
        {
            (null, _) => new IdentityDraft(new IdentityDetails("", IdentityType.ExternalShared, "", "", Me.Value.Self, ""), version: 0),
            (_, null) => null,
            _ => new IdentityDraft(saved.Details, saved.Version),
        };
        KeepOwnerChoosable();
        isLoaded = true;
    }

    private async Task SaveAsync()
    {
        meanwhile = null;
        if (isAdded)
            return;
        if (saved is null)
        {
            var added = await Keep.AddAsync(Me.Value.Self, draft!.Details);
            refusal = added.Refusal;
            isAdded = !added.IsRefused;
            if (!added.IsRefused)
                Navigation.NavigateTo($"identities/{added.Value}", replace: true);
            return;
        }

        refusal = (await Keep.EditAsync(Me.Value.Self, saved.Id, draft!.Details, draft.Version)).Refusal;
        if (refusal == VaultRefusals.IdentityChangedMeanwhile)
        {
            await CatchUpAsync(saved.Id);
        }
        else if (refusal is null)
        {
            Navigation.NavigateTo(Back, replace: true);
        }
    }

    private async Task CatchUpAsync(IdentityId id)
    {
        saved = await Queries.PageAsync(Me.Value.Self, id) ?? saved;
        KeepOwnerChoosable();
        meanwhile = draft!.MoveTo(saved!.Details, saved.Version, owner => owners.FirstOrDefault(o => o.Id == owner)?.Name ?? "nobody");
    }

    // Who answers for it may have left; saving something else must not quietly take them off.
    private void KeepOwnerChoosable()
    {
        if (saved is { Details.Owner: { } owner, OwnerName: { } name } && owners.All(o => o.Id != owner))
            owners = [.. owners, new OwnerChoice(owner, $"{name} (not active any more)")];
    }
}
