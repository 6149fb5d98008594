using AccessHive.Core.Audit.UseCases;
using AccessHive.Core.Kernel;
using AccessHive.Web.Features.Shared;
using Fluxor;
using Microsoft.AspNetCore.Components;
using NodaTime;
using NodaTime.Text;

namespace AccessHive.Web.Features.Audit;

/// <summary>What the trail is narrowed to. It shows what the address says, and asks for another address.</summary>
public sealed partial class AuditFilters : ComponentBase, IDisposable
{
    private static readonly TimeSpan StillTyping = TimeSpan.FromMilliseconds(250);

    private readonly CancellationTokenSource gone = new();
    private string text = "";
    private string told = "";
    private int typed;

    /// <summary>What the address says.</summary>
    [Parameter, EditorRequired]
    public AuditQuery Query { get; set; } = default!;

    /// <summary>Something else is wanted.</summary>
    [Parameter, EditorRequired]
    public EventCallback<AuditQuery> QueryChanged { get; set; }

    /// <summary>The name of the person in the address.</summary>
    [Parameter]
    public string? PersonName { get; set; }

    /// <summary>The name of the identity in the address.</summary>
    [Parameter]
    public string? IdentityName { get; set; }

    /// <summary>Whether other people can be found in what this reader sees.</summary>
    [Parameter]
    public bool OffersPeople { get; set; }

    [Inject]
    private FindSubjects Subjects { get; set; } = default!;

    [Inject]
    private IState<MeState> Me { get; set; } = default!;

    [Inject]
    private HiveClock Clock { get; set; } = default!;

    /// <inheritdoc/>
    public void Dispose()
    {
        gone.Cancel();
        gone.Dispose();
    }

    /// <inheritdoc/>
    protected override void OnParametersSet()
    {
        // Another address brings its own words; what is being typed is not taken away by the one it is on its way to.
        if (told != Query.Text)
            told = text = Query.Text;
    }

    private static string? Picked(ChangeEventArgs chosen) => chosen.Value is string { Length: > 0 } value ? value : null;

    private static string Iso(LocalDate? day) => day is { } date ? LocalDatePattern.Iso.Format(date) : "";

    private static LocalDate? Day(ChangeEventArgs chosen) => LocalDatePattern.Iso.Parse(chosen.Value as string ?? "") is { Success: true, Value: var day } ? day : null;

    private async Task TypedAsync(string? input)
    {
        text = input is { Length: > TrailFilter.TextLength } ? input[..TrailFilter.TextLength] : input ?? "";
        var mine = ++typed;
        try
        {
            await Task.Delay(StillTyping, Clock.Time, gone.Token);
        }
        catch (OperationCanceledException)
        {
            return;
        }

        if (mine == typed)
            await SearchAsync();
    }

    // Enter, or the field is left: what is typed is asked for now.
    private Task EnteredAsync()
    {
        typed++;
        return SearchAsync();
    }

    private Task SearchAsync()
    {
        told = text.Trim();
        return told == Query.Text ? Task.CompletedTask : ChangeAsync(Query with { Text = told });
    }

    private Task ChangeAsync(AuditQuery wanted) => QueryChanged.InvokeAsync(wanted);
}
