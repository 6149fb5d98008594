using System.Globalization;
using AccessHive.Core.Kernel;
using AccessHive.Core.Live;
using AccessHive.Core.Vault.UseCases;
using AccessHive.Web.Features.Shared;
using Microsoft.AspNetCore.Components;

namespace AccessHive.Web.Features.Vault;

/// <summary>The list of identities. What it shows stands in the address bar and nowhere else.</summary>
public sealed partial class IdentitiesPage : LivePage
{
    private ListAddress address = ListAddress.Read(null, null, null, null, null, null);
    private IdentityListPage? list;
    private IReadOnlyList<string> clients = [];
    private IReadOnlyList<string> platforms = [];
    private bool namesAreOld = true;

    [SupplyParameterFromQuery(Name = "q")]
    private string? Search { get; set; }

    [SupplyParameterFromQuery(Name = "type")]
    private string? Type { get; set; }

    [SupplyParameterFromQuery(Name = "client")]
    private string? Client { get; set; }

    [SupplyParameterFromQuery(Name = "platform")]
    private string? Platform { get; set; }

    [SupplyParameterFromQuery(Name = "archived")]
    private string? Archived { get; set; }

    [SupplyParameterFromQuery(Name = "exposed")]
    private string? Exposed { get; set; }

    [SupplyParameterFromQuery(Name = "page")]
    private string? Page { get; set; }

    [Inject]
    private IdentityQueries Queries { get; set; } = default!;

    [Inject]
    private NavigationManager Navigation { get; set; } = default!;

    private bool MayKeep => Me.Value.Has(RolePermissions.VaultManagers);

    private string CountWords => list!.Total switch
    {
        1 => "1 identity",
        > IdentityQueries.CountCap => $"{Number(IdentityQueries.CountCap)}+ identities",
        var total => $"{Number(total)} identities",
    };

    private string RangeWords
    {
        get
        {
            var before = (address.Page - 1) * IdentityQueries.PageSize;
            return $"{Number(before + 1)}–{Number(before + list!.Rows.Count)}";
        }
    }

    /// <inheritdoc/>
    protected override Task OnParametersSetAsync()
    {
        address = ListAddress.Read(Search, Type, Client, Platform, Archived, Page, Exposed);
        return base.OnParametersSetAsync();
    }

    /// <inheritdoc/>
    protected override bool Concerns(FeedItem item)
    {
        if (item.Type.StartsWith("identity.", StringComparison.Ordinal))
            return namesAreOld = true;
        var changesRow = item.Type is "credential.added" or "credential.archived" or "session.started" or "session.expired" or "session.checked-in" or "session.ended-by-holder" or "session.revoked"
            or "session.secret-revealed" or "session.secret-copied" or "rotation.verified";
        return changesRow && list?.Rows.Any(r => r.Id == item.Identity) == true;
    }

    /// <inheritdoc/>
    protected override async Task LoadAsync(CancellationToken cancellation)
    {
        if (namesAreOld)
        {
            namesAreOld = false;
            (clients, platforms) = await Queries.FacetsAsync(cancellation);
        }

        list = await Queries.ListAsync(address.Filter, address.Page - 1, cancellation);
    }

    private static string Number(int value) => value.ToString("N0", CultureInfo.InvariantCulture);

    // One search is one step for the way back, however many letters it took.
    private void GoTo(ListAddress wanted)
        => Navigation.NavigateTo(wanted.Href, replace: address.Filter.Search.Length > 0 && wanted.Filter.Search.Length > 0 && wanted.Filter with { Search = "" } == address.Filter with { Search = "" });
}
