using AccessHive.Core.Kernel;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using NodaTime;

namespace AccessHive.Web.Features.Shared;

/// <summary>
/// Time that runs out. The browser ticks by itself from a remaining duration; the server only anchors it – at the start,
/// when the end changes, and when the page comes back from sleep or a lost line.
/// </summary>
public sealed partial class Countdown : ComponentBase
{
    private static readonly int[] WarnAtMs = [300_000, 60_000];

    private ElementReference element;
    private Script script = default!;
    private DotNetObjectReference<Countdown>? self;
    private Instant anchored;

    /// <summary>When it is over.</summary>
    [Parameter, EditorRequired]
    public Instant Until { get; set; }

    /// <summary>When it began; the ring is full then.</summary>
    [Parameter, EditorRequired]
    public Instant From { get; set; }

    /// <summary>What runs out, for screen readers: "Emergency session on Google Ads".</summary>
    [Parameter, EditorRequired]
    public string Label { get; set; } = "";

    /// <summary>Small words under the clock.</summary>
    [Parameter]
    public string Caption { get; set; } = "";

    /// <summary>A ring instead of plain text.</summary>
    [Parameter]
    public bool Ring { get; set; }

    /// <summary>Whether it belongs to an emergency.</summary>
    [Parameter]
    public bool Emergency { get; set; }

    /// <summary>Whether the warnings are spoken; once per page is enough.</summary>
    [Parameter]
    public bool Speak { get; set; }

    /// <summary>More classes.</summary>
    [Parameter]
    public string Class { get; set; } = "";

    /// <summary>Time is up on this screen; the server says the rest.</summary>
    [Parameter]
    public EventCallback OnOver { get; set; }

    [Inject]
    private IJSRuntime Js { get; set; } = default!;

    private string Tone => Emergency ? "is-emergency" : "";

    private double RemainingMs => Math.Max(0, (Until - Clock.Now).TotalMilliseconds);

    /// <summary>The browser was away and asks for the server's figure.</summary>
    [JSInvokable]
    public double OnReturn() => RemainingMs;

    /// <summary>The browser's own clock says that time is up.</summary>
    [JSInvokable("OnOver")]
    public Task OverAsync() => InvokeAsync(() => OnOver.InvokeAsync());

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await script.DisposeAsync();
        self?.Dispose();
    }

    /// <inheritdoc/>
    protected override void OnInitialized() => script = new Script(Js, "countdown");

    /// <inheritdoc/>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            (anchored, self) = (Until, DotNetObjectReference.Create(this));
            await script.AttachAsync("start", "stop", element, new
            {
                remainingMs = RemainingMs,
                totalMs = (Until - From).TotalMilliseconds,
                warnAtMs = WarnAtMs,
                label = Label,
                speak = Speak,
                dotNetRef = self,
            });
        }
        else if (anchored != Until)
        {
            anchored = Until;
            await script.OnAttachedAsync("anchor", RemainingMs, (Until - From).TotalMilliseconds);
        }
    }
}
