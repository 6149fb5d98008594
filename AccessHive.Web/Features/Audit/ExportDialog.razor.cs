using AccessHive.Core.Audit.UseCases;
using AccessHive.Core.Kernel;
using AccessHive.Web.Features.Shared;
using Fluxor;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace AccessHive.Web.Features.Audit;

/// <summary>Asks in which format, and shows how far the export is. The file itself is downloaded by the form it holds.</summary>
public sealed partial class ExportDialog : ComponentBase, IDisposable
{
    private readonly CancellationTokenSource gone = new();
    private ExportTicket ticket = default!;
    private string format = "jsonl";
    private long? estimate;

    /// <summary>What the page shows.</summary>
    [Parameter, EditorRequired]
    public TrailFilter Filter { get; set; } = default!;

    /// <summary>The same in words.</summary>
    [Parameter, EditorRequired]
    public IReadOnlyList<string> Words { get; set; } = [];

    [CascadingParameter]
    private IMudDialogInstance Dialog { get; set; } = default!;

    [Inject]
    private ExportTrail Export { get; set; } = default!;

    [Inject]
    private RunningExports Running { get; set; } = default!;

    [Inject]
    private IState<MeState> Me { get; set; } = default!;

    private bool ReadsAll => Me.Value.Has(RolePermissions.TrailReaders);

    /// <inheritdoc/>
    public void Dispose()
    {
        LetGo();
        gone.Cancel();
        gone.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task OnInitializedAsync()
    {
        Ask();
        try
        {
            estimate = await Export.EstimateAsync(Me.Value.Self, Filter, gone.Token);
        }
        catch (OperationCanceledException) when (gone.IsCancellationRequested)
        {
            // The dialog was closed.
        }
    }

    private void Again()
    {
        LetGo();
        Ask();
    }

    private void Ask()
    {
        ticket = Running.Ask(Me.Value.Self, Filter);
        ticket.Changed += Show;
    }

    private void LetGo()
    {
        ticket.Changed -= Show;
        Running.Forget(ticket);
    }

    private void Show(object? sender, EventArgs changed) => _ = InvokeAsync(StateHasChanged);
}
