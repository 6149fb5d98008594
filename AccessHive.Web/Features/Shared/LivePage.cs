using AccessHive.Core.Kernel;
using AccessHive.Core.Live;
using Fluxor;
using Fluxor.Blazor.Web.Components;
using Microsoft.AspNetCore.Components;

namespace AccessHive.Web.Features.Shared;

/// <summary>
/// A page that shows something of its own and stays true while it is looked at: it loads when it opens, and again when
/// something it shows was committed. Loads never overlap; what arrives meanwhile causes one more.
/// </summary>
public abstract class LivePage : FluxorComponent
{
    private readonly CancellationTokenSource gone = new();
    private bool loading;
    private bool again;

    /// <summary>Who is here.</summary>
    [Inject]
    protected IState<MeState> Me { get; set; } = default!;

    /// <summary>The dispatcher of this circuit.</summary>
    [Inject]
    protected IDispatcher Dispatcher { get; set; } = default!;

    /// <summary>Whether the first load is done.</summary>
    protected bool IsLoaded { get; private set; }

    /// <summary>Cancelled when the page is left.</summary>
    protected CancellationToken Gone => gone.Token;

    /// <summary>The person on this circuit.</summary>
    protected PersonId Self => Me.Value.Self;

    /// <summary>Whether what was committed changes what this page shows.</summary>
    protected abstract bool Concerns(FeedItem item);

    /// <summary>Reads what the page shows.</summary>
    protected abstract Task LoadAsync(CancellationToken cancellation);

    /// <inheritdoc/>
    protected override void OnInitialized()
    {
        base.OnInitialized();
        SubscribeToAction<FeedArrived>(arrived =>
        {
            if (Concerns(arrived.Item))
                _ = ReloadAsync();
        });
        SubscribeToAction<FeedFellBehind>(behind => _ = ReloadAsync());
    }

    /// <inheritdoc/>
    protected override Task OnParametersSetAsync() => ReloadAsync();

    /// <summary>Loads, or lets the load under way be followed by another.</summary>
    protected async Task ReloadAsync()
    {
        again = true;
        if (loading)
            return;
        loading = true;
        try
        {
            while (again && !gone.IsCancellationRequested)
            {
                again = false;
                await LoadAsync(gone.Token);
                IsLoaded = true;
                StateHasChanged();
            }
        }
        catch (OperationCanceledException) when (gone.IsCancellationRequested)
        {
            // The page was left.
        }
        catch (Exception fault)
        {
            await DispatchExceptionAsync(fault);
        }
        finally
        {
            loading = false;
        }
    }

    /// <inheritdoc/>
    protected override async ValueTask DisposeAsyncCore(bool disposing)
    {
        await base.DisposeAsyncCore(disposing);
        await gone.CancelAsync();
        gone.Dispose();
    }
}
