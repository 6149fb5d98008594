using AccessHive.Core.Kernel;
using AccessHive.Core.Requests;
using AccessHive.Core.Requests.UseCases;
using AccessHive.Web.Features.Shared;
using Fluxor;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace AccessHive.Web.Features.Requests;

/// <summary>
/// Being asked: over whatever page the approver is on. Once it is on the screen the requester is told so (the receipt);
/// the tab's title, its icon, a sound and – if allowed – the system's notification call the approver back to it.
/// </summary>
public sealed partial class UrgentBanner : ComponentBase, IAsyncDisposable
{
    private Script urgent = default!;
    private Refusal? refusal;
    private string comment = "";
    private bool denying;

    /// <summary>What is asked.</summary>
    [Parameter, EditorRequired]
    public InboxItem Request { get; set; } = default!;

    [Inject]
    private DecideRequestHandler Decide { get; set; } = default!;

    [Inject]
    private IState<MeState> Me { get; set; } = default!;

    [Inject]
    private IDispatcher Dispatcher { get; set; } = default!;

    [Inject]
    private IJSRuntime Js { get; set; } = default!;

    private string Meta => string.Join(" · ", new[]
    {
        ReasonWords.For(Request.Justification.Category),
        ReasonWords.Minutes(Request.AskedFor),
        Request.CredentialLabel,
        Request.Justification.IncidentReference,
        Request.IsContinuation ? "continues an earlier session" : "",
    }.Where(t => t.Length > 0));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await urgent.CallAsync("settle", Request.Id.ToString());
        await urgent.DisposeAsync();
    }

    /// <inheritdoc/>
    protected override void OnInitialized() => urgent = new Script(Js, "urgent");

    /// <inheritdoc/>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!firstRender)
            return;
        await Decide.ShownAsync(Me.Value.Self, Request.Id);
        await urgent.CallAsync("raise", new
        {
            id = Request.Id.ToString(),
            title = $"{Request.RequesterName} asks for emergency access",
            body = Request.IdentityName,
            url = $"requests/{Request.Id}",
        });
    }

    private async Task DecideAsync(Verdict verdict)
    {
        var decided = await Decide.HandleAsync(Me.Value.Self, new DecideRequest(Request.Id, verdict, comment));
        refusal = decided.Refusal;
    }

    private void PutAway() => Dispatcher.Dispatch(new BannerPutAway(Request.Id));
}
