using Fluxor.Supplied;
using Microsoft.AspNetCore.Components;

namespace Fluxor.Blazor.Web.Components;

/// <summary>A component that renders when a state in one of its properties changes. Overrides call their base.</summary>
public abstract class FluxorComponent : ComponentBase, IAsyncDisposable
{
    private readonly Attachment attachment;

    /// <summary>Nothing is listened to before <see cref="OnInitialized"/>.</summary>
    protected FluxorComponent() => attachment = new(this, InvokeAsync, StateHasChanged, DispatchExceptionAsync);

    [Inject]
    private IActionSubscriber ActionSubscriber { get; set; } = default!;

    /// <summary>How often a second changed state may render this component; 0 is without limit. The last state is always shown.</summary>
    protected byte MaximumStateChangedNotificationsPerSecond { get; set; }

    /// <summary>Calls back on the renderer for each such action until the component is disposed, and renders.</summary>
    public void SubscribeToAction<TAction>(Action<TAction> callback) => attachment.SubscribeToAction(ActionSubscriber, callback);

    /// <summary>Stops listening.</summary>
    public async ValueTask DisposeAsync()
    {
        if (attachment.Disposed)
            return;
        attachment.Dispose();
        await DisposeAsyncCore(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>What the component itself has to clean up goes into an override.</summary>
    protected virtual ValueTask DisposeAsyncCore(bool disposing)
    {
        if (disposing)
            attachment.Detach(ActionSubscriber);
        return ValueTask.CompletedTask;
    }

    /// <summary>Begins to listen.</summary>
    protected override void OnInitialized()
    {
        base.OnInitialized();
        attachment.Begin(() => MaximumStateChangedNotificationsPerSecond);
    }
}
