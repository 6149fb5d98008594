using AccessHive.Core.Kernel;
using AccessHive.Core.Sessions;
using AccessHive.Core.Vault;
using AccessHive.Web.Features.Shared;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using NodaTime;

namespace AccessHive.Web.Features.Sessions;

/// <summary>
/// One glass of a session. The secret is never here: the browser fetches it, shows it, and wipes it by its own clock,
/// when the line is gone, or when this component says so. .NET only learns that it was shown, hidden or refused.
/// </summary>
public sealed partial class Glass : ComponentBase, IAsyncDisposable
{
    private const int ShowMs = 30_000;
    private ElementReference element;
    private Script script = default!;
    private DotNetObjectReference<Glass>? self;
    private Instant anchored;
    private bool isShown;
    private bool wiped;
    private string refused = "";

    /// <summary>The session whose secret it shows.</summary>
    [Parameter, EditorRequired]
    public SessionId Session { get; set; }

    /// <summary>When the session ends; the glass shows nothing from then on.</summary>
    [Parameter, EditorRequired]
    public Instant EndsAt { get; set; }

    /// <summary>What the secret is: "Password".</summary>
    [Parameter, EditorRequired]
    public string Label { get; set; } = "";

    /// <summary>Whether it belongs to an emergency.</summary>
    [Parameter]
    public bool Emergency { get; set; }

    /// <summary>What of the credential it shows.</summary>
    [Parameter]
    public FieldKind Field { get; set; }

    /// <summary>What the button that shows it says.</summary>
    [Parameter]
    public string Verb { get; set; } = "Reveal";

    /// <summary>What to know before asking for it.</summary>
    [Parameter]
    public string Hint { get; set; } = "";

    /// <summary>Whether it can be saved as a file.</summary>
    [Parameter]
    public bool Downloads { get; set; }

    /// <summary>Whether there is nothing to show any more.</summary>
    [Parameter]
    public bool Disabled { get; set; }

    [Inject]
    private IJSRuntime Js { get; set; } = default!;

    [Inject]
    private HiveClock Clock { get; set; } = default!;

    private string ElementId => $"glass-{Session}-{Field}";

    private double RemainingMs => Math.Max(0, (EndsAt - Clock.Now).TotalMilliseconds);

    /// <summary>The server says so: whatever is on the glass goes now.</summary>
    public async Task WipeAsync(string reason)
    {
        if (wiped)
            return;
        wiped = true;
        await script.OnAttachedAsync("wipe", reason);
    }

    /// <summary>The browser shows it, or has copied it.</summary>
    [JSInvokable]
    public Task OnShown(string kind) => InvokeAsync(() =>
    {
        (isShown, refused) = (kind == "shown" || isShown, "");
        StateHasChanged();
    });

    /// <summary>The browser hid it again.</summary>
    [JSInvokable]
    public Task OnHidden(string reason) => InvokeAsync(() =>
    {
        isShown = false;
        StateHasChanged();
    });

    /// <summary>Nothing was shown; why, in words.</summary>
    [JSInvokable]
    public Task OnRefused(string code, string message) => InvokeAsync(() =>
    {
        refused = message;
        StateHasChanged();
    });

    /// <summary>The browser asks whether anybody is still there, each second while something is shown.</summary>
    [JSInvokable]
    public bool OnPulse() => !wiped;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await script.DisposeAsync();
        self?.Dispose();
    }

    /// <inheritdoc/>
    protected override void OnInitialized() => script = new Script(Js, "glass");

    /// <inheritdoc/>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!firstRender)
        {
            // The session was extended: what is shown stays as long as it may, and no longer.
            if (anchored == EndsAt)
                return;
            anchored = EndsAt;
            await script.OnAttachedAsync("anchor", RemainingMs);
            return;
        }

        anchored = EndsAt;
        self = DotNetObjectReference.Create(this);
        await script.AttachAsync("attach", "detach", element, self, new { sessionId = Session.ToString(), label = Label, pulse = true });
        StateHasChanged();
    }

    private Task RevealAsync() => AskAsync("reveal", RevealMode.Shown);

    private Task CopyAsync() => AskAsync("copy", RevealMode.Copied);

    private Task DownloadAsync() => AskAsync("download", RevealMode.Downloaded);

    private async Task AskAsync(string how, RevealMode mode)
    {
        refused = "";
        var body = new { session = Session.Value, copy = mode == RevealMode.Copied, download = mode == RevealMode.Downloaded, field = Field.ToString() };
        await script.OnAttachedAsync<string>(how, new { url = "/reveal", body, remainingMs = RemainingMs, showMs = ShowMs, name = Label });
    }

    private Task HideAsync() => script.OnAttachedAsync("hide");
}
