using AccessHive.Core.Live;
using AccessHive.Web.Features.Shared;
using Fluxor;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace AccessHive.Web.Live;

/// <summary>
/// The circuit's line to the feed: no markup, once in the layout. It subscribes first and lets the snapshots be read
/// then, so nothing falls between; what this person may not know is left out here.
/// </summary>
public sealed class LiveConnection : ComponentBase, IAsyncDisposable
{
    private readonly CancellationTokenSource gone = new();
    private LiveFeed.Listener? listener;
    private Task reading = Task.CompletedTask;

    [Inject]
    private LiveFeed Feed { get; set; } = default!;

    [Inject]
    private CircuitPerson Person { get; set; } = default!;

    [Inject]
    private IDispatcher Dispatcher { get; set; } = default!;

    [Inject]
    private IState<MeState> Me { get; set; } = default!;

    [Inject]
    private ReaderZone Zone { get; set; } = default!;

    [Inject]
    private IJSRuntime Js { get; set; } = default!;

    /// <inheritdoc/>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!firstRender)
            return;
        listener = Feed.Subscribe();
        var person = await Person.IdAsync();
        Zone.Use(await Js.InvokeAsync<string>("accesshive.zone"));
        Dispatcher.Dispatch(new CircuitOpened(person));
        reading = ReadAsync(listener);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await gone.CancelAsync();
        listener?.Dispose();
        await reading;
        gone.Dispose();
    }

    private async Task ReadAsync(LiveFeed.Listener from)
    {
        try
        {
            await foreach (var item in from.ReadAsync(gone.Token))
                await InvokeAsync(() => Tell(item));
        }
        catch (OperationCanceledException)
        {
            // The page is gone.
        }
        catch (Exception fault)
        {
            await DispatchExceptionAsync(fault);
        }
    }

    private void Tell(FeedItem? item)
    {
        if (item is null)
            Dispatcher.Dispatch(new FeedFellBehind());
        else if (Me.Value.Id is { } self && Audience.Sees(self, Me.Value.Roles, item))
            Dispatcher.Dispatch(new FeedArrived(item));
    }
}
