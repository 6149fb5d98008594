using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace AccessHive.Web.Features.Vault;

/// <summary>
/// A field for a secret that this component never learns: no binding, no value. <c>enter.js</c> reads it in the browser
/// and posts it to <see cref="SecretEndpoint"/>.
/// </summary>
public sealed partial class SecretField : ComponentBase, IAsyncDisposable
{
    private ElementReference element;
    private IJSObjectReference? module;
    private IJSObjectReference? handle;
    private SecretAnswer? refused;

    /// <summary>What it is called.</summary>
    [Parameter, EditorRequired]
    public string Label { get; set; } = "";

    [Inject]
    private IJSRuntime Js { get; set; } = default!;

    /// <summary>Lets the browser send what is typed. A refusal is shown here, and what was typed is kept.</summary>
    /// <returns>Whether it is in the vault now.</returns>
    public async Task<bool> SendAsync(SecretEntered about)
    {
        var answer = await module!.InvokeAsync<SecretAnswer>("send", handle, SecretEndpoint.Path, about);
        refused = answer.Ok ? null : answer;
        StateHasChanged();
        return answer.Ok;
    }

    /// <inheritdoc/>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!firstRender)
            return;
        module = await Js.InvokeAsync<IJSObjectReference>("import", "./js/enter.js");
        handle = await module.InvokeAsync<IJSObjectReference>("attach", element);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        try
        {
            if (handle is not null)
            {
                await module!.InvokeVoidAsync("detach", handle);
                await handle.DisposeAsync();
            }

            if (module is not null)
                await module.DisposeAsync();
        }
        catch (JSDisconnectedException)
        {
            // The page is gone, and the field with it.
        }
    }

    private sealed record SecretAnswer(bool Ok, Guid? Id, string? Code, string? Detail);
}
