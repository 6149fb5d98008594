using AccessHive.Core.Audit.UseCases;
using AccessHive.Core.Kernel;
using AccessHive.Core.Live;
using AccessHive.Web.Features.Shared;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;
using Microsoft.JSInterop;
using MudBlazor;

namespace AccessHive.Web.Features.Audit;

/// <summary>
/// The trail (P11). The address says what is shown; a page is one look-up by key, however long the trail is, and nothing
/// is counted but what arrived since the reader looked.
/// </summary>
public sealed partial class AuditPage : LivePage
{
    private AuditQuery query = new();
    private AuditQuery? listed;
    private bool listedAll;
    private TrailPage page = new([], null);
    private TrailPage? waiting;
    private int fresh;
    private long newest;
    private long? opened;
    private TrailDetail? detail;
    private (string? Person, string? Identity) names;
    private Script text = default!;
    private string? focus;

    [Inject]
    private ReadTrail Trail { get; set; } = default!;

    [Inject]
    private FindSubjects Subjects { get; set; } = default!;

    [Inject]
    private NavigationManager Navigation { get; set; } = default!;

    [Inject]
    private ReaderZone Zone { get; set; } = default!;

    [Inject]
    private HiveClock Clock { get; set; } = default!;

    [Inject]
    private IDialogService Dialogs { get; set; } = default!;

    [Inject]
    private IJSRuntime Js { get; set; } = default!;

    private bool ReadsAll => Me.Value.Has(RolePermissions.TrailReaders);

    /// <inheritdoc/>
    protected override void OnInitialized()
    {
        base.OnInitialized();
        text = new Script(Js, "text");
        Navigation.LocationChanged += Moved;
    }

    /// <inheritdoc/>
    protected override bool Concerns(FeedItem item) => true;

    /// <inheritdoc/>
    protected override async Task LoadAsync(CancellationToken cancellation)
    {
        query = AuditQuery.Parse(Navigation.Uri);
        if (listed != query.List || listedAll != ReadsAll)
            await ListAsync(query, cancellation);
        else
            await LookForNewAsync(cancellation);
        if (opened != query.Entry)
            await OpenedAsync(query.Entry, cancellation);
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
        Navigation.LocationChanged -= Moved;
        await base.DisposeAsyncCore(disposing);
        await text.DisposeAsync();
    }

    private void Moved(object? sender, LocationChangedEventArgs moved)
    {
        if (Navigation.ToBaseRelativePath(moved.Location).Split('?', '#')[0] == AuditQuery.Path)
            _ = InvokeAsync(ReloadAsync);
    }

    private async Task ListAsync(AuditQuery asked, CancellationToken cancellation)
    {
        var filter = asked.Filter(Zone, Clock.Now);
        page = await Trail.PageAsync(Self, filter, asked.Before, cancellation);
        newest = asked.Before is null ? Top(page) : Top(await Trail.PageAsync(Self, filter, null, cancellation));
        names = await Subjects.NamesAsync(Self, asked.Person, asked.Identity, cancellation);
        (listed, listedAll, waiting, fresh) = (asked.List, ReadsAll, null, 0);
    }

    // New entries appear by themselves for who stands at the top; for everybody else nothing jumps.
    private async Task LookForNewAsync(CancellationToken cancellation)
    {
        var first = await Trail.PageAsync(Self, query.Filter(Zone, Clock.Now), null, cancellation);
        var arrived = first.Rows.Count(r => r.Seq > newest);
        if (arrived == 0)
            return;
        if (query.Before is null && !await text.CallAsync<bool>("scrolled"))
            Show(first);
        else
            (waiting, fresh) = (first, arrived == ReadTrail.PageSize ? arrived + 1 : arrived);
    }

    private async Task OpenedAsync(long? entry, CancellationToken cancellation)
    {
        detail = entry is { } seq ? await Trail.DetailAsync(Self, seq, cancellation) : null;
        focus = entry is null && opened is { } closed ? $"#{TrailTable.LinkId(closed)}" : null;
        opened = entry;
    }

    // What is exported is what is listed: all of it, not this page.
    private async Task ExportAsync()
    {
        var shown = await Dialogs.ShowAsync<ExportDialog>("Export the trail", new DialogParameters<ExportDialog>
        {
            { d => d.Filter, query.Filter(Zone, Clock.Now) }, { d => d.Words, [.. query.Words(names.Person, names.Identity)] },
        });
        await shown.Result;
    }

    private async Task ReadAgainAsync()
    {
        if (opened is { } seq)
            detail = await Trail.DetailAsync(Self, seq, Gone);
    }

    private async Task ShowFreshAsync()
    {
        if (query.Before is not null || waiting is not { } first)
        {
            Navigation.NavigateTo(query.Newest.ToUri());
            return;
        }

        Show(first);
        await text.CallAsync("focus", "h1");
    }

    private void Show(TrailPage first) => (page, newest, waiting, fresh) = (first, Top(first), null, 0);

    private void Narrow(AuditQuery narrowed) => Navigation.NavigateTo(
        (narrowed with { Before = null, Entry = null }).ToUri(),
        // Each letter typed is not a step to go back to.
        replace: query.Text.Length > 0 && narrowed.Text != query.Text);

    private void Open(long seq) => Navigation.NavigateTo((query with { Entry = seq }).ToUri(), replace: query.Entry is not null);

    private void Close() => Navigation.NavigateTo((query with { Entry = null }).ToUri(), replace: true);

    private long? Neighbour(int step)
    {
        var rows = page.Rows;
        for (var i = 0; i < rows.Count; i++)
        {
            if (rows[i].Seq == query.Entry)
                return i + step >= 0 && i + step < rows.Count ? rows[i + step].Seq : null;
        }

        return null;
    }

    private static long Top(TrailPage page) => page.Rows.Count > 0 ? page.Rows[0].Seq : 0;
}
