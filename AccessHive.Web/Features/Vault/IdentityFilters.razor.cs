using AccessHive.Core.Kernel;
using AccessHive.Core.Vault.UseCases;
using Microsoft.AspNetCore.Components;

namespace AccessHive.Web.Features.Vault;

/// <summary>What the list is narrowed by. It changes nothing itself: the page puts what is wanted into the address.</summary>
public sealed partial class IdentityFilters : ComponentBase, IDisposable
{
    /// <summary>A pause this long in typing is the end of a search.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private readonly CancellationTokenSource gone = new();
    private string typed = "";
    private string known = "";
    private int keystrokes;

    /// <summary>What the address bar says now.</summary>
    [Parameter, EditorRequired]
    public ListAddress Address { get; set; } = default!;

    /// <summary>Clients to choose from.</summary>
    [Parameter, EditorRequired]
    public IReadOnlyList<string> Clients { get; set; } = [];

    /// <summary>Platforms to choose from.</summary>
    [Parameter, EditorRequired]
    public IReadOnlyList<string> Platforms { get; set; } = [];

    /// <summary>Something else is wanted.</summary>
    [Parameter]
    public EventCallback<ListAddress> OnWanted { get; set; }

    [Inject]
    private HiveClock Clock { get; set; } = default!;

    /// <inheritdoc/>
    protected override void OnParametersSet()
    {
        // Our own search that comes back must not take away what was typed since; going back in the browser must.
        if (Address.Filter.Search == known)
            return;
        typed = known = Address.Filter.Search;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        gone.Cancel();
        gone.Dispose();
    }

    private static string Look(bool chosen) => chosen ? "ah-input choice is-chosen" : "ah-input choice";

    // An address may name a client that the list of clients doesn't have (any more).
    private static IEnumerable<string> WithChosen(IReadOnlyList<string> all, string chosen)
        => chosen.Length == 0 || all.Contains(chosen, StringComparer.OrdinalIgnoreCase) ? all : all.Prepend(chosen);

    private async Task TypedAsync(string? text)
    {
        typed = ListAddress.Cut(text, IdentityFilter.SearchLength);
        var mine = ++keystrokes;
        try
        {
            await Task.Delay(Pause, Clock.Time, gone.Token);
        }
        catch (OperationCanceledException)
        {
            return;
        }

        if (mine == keystrokes && typed != known)
            await ChangeAsync(Address.Filter);
    }

    // Whatever was typed goes along, so that choosing a filter in the middle of a word loses nothing.
    private Task ChangeAsync(IdentityFilter filter)
    {
        keystrokes++;
        known = typed;
        return OnWanted.InvokeAsync(Address.With(filter with { Search = typed }));
    }
}
