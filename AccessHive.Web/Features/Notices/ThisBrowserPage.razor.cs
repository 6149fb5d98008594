using AccessHive.Web.Features.Shared;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace AccessHive.Web.Features.Notices;

/// <summary>How urgent requests call somebody back in this browser, and how it looks. Nothing of it is kept on the server.</summary>
public sealed partial class ThisBrowserPage : ComponentBase, IAsyncDisposable
{
    private static readonly (string Value, string Words)[] Themes = [("system", "Like the system"), ("light", "Light"), ("dark", "Dark")];

    private Script urgent = default!;
    private bool sound = true;
    private string permission = "";
    private string theme = "";
    private string tried = "";

    [Inject]
    private IJSRuntime Js { get; set; } = default!;

    private string Permission => permission switch
    {
        "granted" => "Allowed: an urgent request also shows outside this window.",
        "denied" => "Blocked: allow notifications for this site in the browser's settings to see urgent requests outside this window.",
        "unsupported" => "This browser has none. The banner, the sound and the title of the tab still call you.",
        "default" => "Not asked yet: when allowed, an urgent request also shows outside this window.",
        _ => "",
    };

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => urgent.DisposeAsync();

    /// <inheritdoc/>
    protected override void OnInitialized() => urgent = new Script(Js, "urgent");

    /// <inheritdoc/>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!firstRender)
            return;
        sound = await urgent.CallAsync<bool>("soundOn");
        permission = await urgent.CallAsync<string>("permission") ?? "";
        theme = await Js.InvokeAsync<string>("accesshive.theme.get");
        StateHasChanged();
    }

    private async Task SoundAsync(bool on)
    {
        sound = on;
        await urgent.CallAsync("setSound", sound);
    }

    private async Task TryAsync()
    {
        tried = await urgent.CallAsync<bool>("playSound") ? "Played. Nothing heard? Look at the volume of this device." : "The browser didn't allow the sound: click somewhere on the page and try again.";
    }

    private async Task AskAsync() => permission = await urgent.CallAsync<string>("askPermission") ?? "";

    private async Task ThemeAsync(string value)
    {
        theme = value;
        await Js.InvokeVoidAsync("accesshive.theme.set", value);
    }
}
