using AccessHive.Core.Kernel;
using AccessHive.Core.Live;
using AccessHive.Core.Vault;
using AccessHive.Core.Vault.UseCases;
using AccessHive.Web.Features.Shared;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace AccessHive.Web.Features.Vault;

/// <summary>One identity: how to get access, what it is, and who had it.</summary>
public sealed partial class OneIdentityPage : LivePage
{
    private static readonly (string Key, string Words)[] Tabs = [("access", "Access"), ("details", "Details"), ("history", "History")];

    private string tab = "access";
    private IdentityPage? identity;
    private IReadOnlyList<PastAccess>? history;
    private Guid shown;

    /// <summary>Which identity.</summary>
    [Parameter]
    public Guid Id { get; set; }

    [SupplyParameterFromQuery(Name = "tab")]
    private string? Tab { get; set; }

    [Inject]
    private IdentityQueries Queries { get; set; } = default!;

    [Inject]
    private KeepIdentities Keep { get; set; } = default!;

    [Inject]
    private IDialogService Dialogs { get; set; } = default!;

    private bool MayKeep => Me.Value.Has(RolePermissions.VaultManagers);

    // The same component serves the next identity, too.
    private bool IsStale => shown != Id;

    /// <inheritdoc/>
    protected override Task OnParametersSetAsync()
    {
        tab = Tabs.Any(t => t.Key == Tab) ? Tab! : "access";
        return base.OnParametersSetAsync();
    }

    /// <inheritdoc/>
    protected override bool Concerns(FeedItem item) => item.Identity?.Value == Id || item.Type == "policy.approval-edited";

    /// <inheritdoc/>
    protected override async Task LoadAsync(CancellationToken cancellation)
    {
        var id = new IdentityId(Id);
        identity = await Queries.PageAsync(Self, id, cancellation);
        history = tab == "history" ? await Queries.HistoryAsync(Self, id, cancellation) : null;
        shown = id.Value;
    }

    private static IEnumerable<string> Summary(IdentityDetails details)
        => new[] { VaultWords.Name(details.Type), details.Platform, details.Client }.Where(text => text.Length > 0);

    private string TabHref(string key) => key == "access" ? $"identities/{Id}" : $"identities/{Id}?tab={key}";

    private Task ArchiveAsync() => AskAsync(
        archived: true, "Archive",
        "It leaves the list, and nobody can ask for access to it any more. Sessions that run now reveal nothing from here on.",
        "Nothing is deleted; you can restore it at any time.");

    private Task RestoreAsync() => AskAsync(
        archived: false, "Restore",
        "It comes back into the list with its credentials, and people can ask for access to it again.");

    private Task AskAsync(bool archived, string verb, params string[] words)
    {
        var (id, name) = (identity!.Id, identity.Details.Name);
        return ConfirmDialog.AskAsync(Dialogs, $"{verb} {name}?", verb, danger: archived, () => Keep.ArchiveAsync(Self, id, archived), words);
    }
}
