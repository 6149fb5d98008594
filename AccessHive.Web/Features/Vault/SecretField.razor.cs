using AccessHive.Web.Features.Shared;
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
    private Script script = default!;
    private SecretAnswer? refused;

    /// <summary>How it is asked for.</summary>
    [Parameter, EditorRequired]
    public FieldEntry Entry { get; set; } = default!;

    /// <summary>What it is called here, if not as usual.</summary>
    [Parameter]
    public string? Label { get; set; }

    [Inject]
    private IJSRuntime Js { get; set; } = default!;

    /// <summary>Lets the browser send what is typed. A refusal is shown here, and what was typed is kept.</summary>
    /// <returns>Whether it is in the vault now.</returns>
    public async Task<bool> SendAsync(SecretEntered about)
    {
        var answer = await script.OnAttachedAsync<SecretAnswer>("send", SecretEndpoint.Path, about);
        refused = answer is { Ok: false } ? answer : null;
        StateHasChanged();
        return answer is { Ok: true };
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => script.DisposeAsync();

    /// <inheritdoc/>
    protected override void OnInitialized() => script = new Script(Js, "enter");

    /// <inheritdoc/>
    protected override Task OnAfterRenderAsync(bool firstRender)
        => firstRender ? script.AttachAsync("attach", "detach", element) : Task.CompletedTask;

    private sealed record SecretAnswer(bool Ok, Guid? Id, string? Code, string? Detail);
}
