using Fluxor.Blazor.Web.Components;
using Fluxor.Exceptions;
using Microsoft.AspNetCore.Components;

namespace Fluxor.Blazor.Web;

/// <summary>Makes the circuit's store ready, and gives what leaves an effect to the nearest error boundary.</summary>
public sealed class StoreInitializer : FluxorComponent
{
    [Inject]
    private IStore Store { get; set; } = default!;

    /// <summary>Asked first; <see cref="Exceptions.UnhandledExceptionEventArgs.Handled"/> keeps the exception from the boundary.</summary>
    [Parameter]
    public EventCallback<Exceptions.UnhandledExceptionEventArgs> UnhandledException { get; set; }

    /// <inheritdoc/>
    protected override void OnInitialized()
    {
        base.OnInitialized();
        Store.UnhandledException += Report;
    }

    /// <inheritdoc/>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        // After a render, so never while prerendering: what a prerendered page dispatches is not processed.
        await base.OnAfterRenderAsync(firstRender);
        if (!firstRender)
            return;
        try
        {
            await Store.InitializeAsync();
        }
        catch (Exception fault)
        {
            throw new StoreInitializationException("The store could not be initialized.", fault);
        }
    }

    /// <inheritdoc/>
    protected override ValueTask DisposeAsyncCore(bool disposing)
    {
        if (disposing)
            Store.UnhandledException -= Report;
        return base.DisposeAsyncCore(disposing);
    }

    private void Report(object? sender, Exceptions.UnhandledExceptionEventArgs unhandled) =>
        _ = InvokeAsync(() => ReportAsync(unhandled));

    private async Task ReportAsync(Exceptions.UnhandledExceptionEventArgs unhandled)
    {
        try
        {
            await UnhandledException.InvokeAsync(unhandled);
            if (!unhandled.WasHandled)
                await RaiseAsync(unhandled.Exception);
        }
        catch (Exception fault)
        {
            await RaiseAsync(fault);
        }
    }

    // Fluxor throws it after a render, which reaches the boundary inside an AggregateException: so do we, or a swap would be seen.
    private Task RaiseAsync(Exception fault) => DispatchExceptionAsync(new AggregateException(fault));
}
