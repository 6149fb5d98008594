using Microsoft.JSInterop;

namespace AccessHive.Web.Features.Shared;

/// <summary>
/// One of our scripts, as one component uses it: imported at its first call, given back with the component. Between two
/// awaits a page can be left and a component be gone; a call that comes too late then does nothing, and what it started
/// is ended.
/// </summary>
/// <param name="js">The circuit's browser.</param>
/// <param name="name">The file in <c>js/</c>, without its ending.</param>
public sealed class Script(IJSRuntime js, string name) : IAsyncDisposable
{
    private Task<IJSObjectReference>? module;
    private IJSObjectReference? attached;
    private string? end;
    private bool isGone;

    /// <summary>Whether something is attached.</summary>
    public bool IsAttached => attached is not null;

    /// <summary>Calls a function of the script.</summary>
    public Task CallAsync(string function, params object?[] args) => CallAsync<object?>(function, args);

    /// <summary>Calls a function of the script for its answer; without one, when it comes too late.</summary>
    public async Task<T?> CallAsync<T>(string function, params object?[] args)
    {
        if (isGone)
            return default;
        try
        {
            module ??= js.InvokeAsync<IJSObjectReference>("import", $"./js/{name}.js").AsTask();
            var script = await module;
            return isGone ? default : await script.InvokeAsync<T>(function, args);
        }
        catch (JSDisconnectedException)
        {
            return default;
        }
        catch (Exception late) when (isGone && late is JSException or ObjectDisposedException or OperationCanceledException)
        {
            return default;
        }
    }

    /// <summary>Starts something that lasts, for example a countdown; it is ended with the component.</summary>
    /// <param name="start">The function that starts it and answers with its handle.</param>
    /// <param name="stop">The function that ends it, given the handle.</param>
    /// <param name="args">What the start needs.</param>
    public async Task AttachAsync(string start, string stop, params object?[] args)
    {
        end = stop;
        attached = await CallAsync<IJSObjectReference>(start, args);
        if (isGone)
            await EndAsync();
    }

    /// <summary>Calls a function about what is attached: the handle is its first argument. Nothing happens while nothing is.</summary>
    public Task OnAttachedAsync(string function, params object?[] args) => OnAttachedAsync<object?>(function, args);

    /// <summary>The same, for its answer.</summary>
    public Task<T?> OnAttachedAsync<T>(string function, params object?[] args)
        => attached is null ? Task.FromResult<T?>(default) : CallAsync<T>(function, [attached, .. args]);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (isGone)
            return;
        isGone = true;
        await EndAsync();
        if (module is { IsCompletedSuccessfully: true })
            await QuietlyAsync(async () => await (await module).DisposeAsync());
    }

    private async Task EndAsync()
    {
        if (attached is not { } handle || module is null)
            return;
        attached = null;
        await QuietlyAsync(async () =>
        {
            await (await module).InvokeVoidAsync(end!, handle);
            await handle.DisposeAsync();
        });
    }

    // The browser has ended it by itself when there is no page any more.
    private static async Task QuietlyAsync(Func<Task> last)
    {
        try
        {
            await last();
        }
        catch (Exception gone) when (gone is JSDisconnectedException or JSException or ObjectDisposedException or OperationCanceledException)
        {
            // Nobody is left to tell.
        }
    }
}
