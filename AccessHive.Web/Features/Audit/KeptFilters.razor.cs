using AccessHive.Core.Audit.UseCases;
using AccessHive.Core.Kernel;
using AccessHive.Core.Live;
using AccessHive.Web.Features.Shared;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;

namespace AccessHive.Web.Features.Audit;

/// <summary>The reader's kept filters as links; what is shown now can be kept under a name.</summary>
public sealed partial class KeptFilters : LivePage
{
    private IReadOnlyList<KeptFilter> kept = [];
    private Refusal? refusal;
    private string name = "";
    private bool naming;

    /// <summary>What the address says.</summary>
    [Parameter, EditorRequired]
    public AuditQuery Query { get; set; } = default!;

    [Inject]
    private KeepFilters Filters { get; set; } = default!;

    /// <inheritdoc/>
    protected override bool Concerns(FeedItem item) => false;

    /// <inheritdoc/>
    protected override async Task LoadAsync(CancellationToken cancellation) => kept = await Filters.ListAsync(Self, cancellation);

    private static string Address(KeptFilter filter) => AuditQuery.ParseFilter(filter.Query).ToUri();

    private bool IsOn(KeptFilter filter) => AuditQuery.ParseFilter(filter.Query) == Query.Newest;

    private void Key(KeyboardEventArgs key)
    {
        if (key.Key == "Escape")
            naming = false;
    }

    private async Task KeepAsync()
    {
        refusal = (await Filters.SaveAsync(Self, name, Query.ToFilter(), Gone)).Refusal;
        if (refusal is not null)
            return;
        (naming, name) = (false, "");
        await ReloadAsync();
    }
}
