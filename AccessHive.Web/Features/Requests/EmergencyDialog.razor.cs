using System.Globalization;
using AccessHive.Core.Kernel;
using AccessHive.Core.Requests;
using AccessHive.Core.Requests.UseCases;
using AccessHive.Web.Features.Shared;
using Fluxor;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using MudBlazor;
using NodaTime;

namespace AccessHive.Web.Features.Requests;

/// <summary>
/// Breaking the glass. What is typed is kept by the browser until it was sent, so that it survives a lost line and a
/// reload; Enter does not submit by accident, because there is no form.
/// </summary>
public sealed partial class EmergencyDialog : ComponentBase, IAsyncDisposable
{
    private readonly CancellationTokenSource gone = new();
    private ElementReference form;
    private Script browser = default!;
    private EmergencyOffer? offer;
    private bool missing;
    private bool draftWanted;
    private Guid credential;
    private ReasonCategory category = ReasonCategory.CompromisedAccount;
    private string text = "";
    private string reference = "";
    private Duration duration;
    private Refusal? refusal;
    private string? openInstead;

    /// <summary>What was wanted.</summary>
    [Parameter, EditorRequired]
    public EmergencyAccessWanted Wanted { get; set; } = default!;

    [CascadingParameter]
    private IMudDialogInstance Dialog { get; set; } = default!;

    [Inject]
    private EmergencyOffers Offers { get; set; } = default!;

    [Inject]
    private RaiseRequestHandler Requests { get; set; } = default!;

    [Inject]
    private RequestQueries Queries { get; set; } = default!;

    [Inject]
    private IState<MeState> Me { get; set; } = default!;

    [Inject]
    private NavigationManager Navigation { get; set; } = default!;

    [Inject]
    private IJSRuntime Js { get; set; } = default!;

    private bool TooShort => text.Trim().Length < Justification.Shortest;

    private string CountWords
    {
        get
        {
            var length = text.Trim().Length;
            return length < Justification.Shortest
                ? string.Create(CultureInfo.InvariantCulture, $"{Justification.Shortest - length} more to go")
                : string.Create(CultureInfo.InvariantCulture, $"{length:N0} of {Justification.Longest:N0}");
        }
    }

    private string DraftKey => $"emergency.{Wanted.Identity}";

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await gone.CancelAsync();
        gone.Dispose();
        await browser.DisposeAsync();
    }

    /// <inheritdoc/>
    protected override async Task OnInitializedAsync()
    {
        browser = new Script(Js, "text");
        offer = await Offers.ReadAsync(Me.Value.Self, Wanted.Identity, Wanted.Continues, gone.Token);
        missing = offer is null;
        if (offer is null)
            return;
        credential = (Wanted.Credential ?? offer.Credentials[0].Id).Value;
        duration = offer.Durations[^1];
        draftWanted = true;
    }

    /// <inheritdoc/>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!draftWanted)
            return;
        draftWanted = false;
        var draft = await browser.CallAsync<string>("keepDraft", form, DraftKey);
        if (text.Length == 0 && draft is { Length: > 0 })
        {
            text = draft.Length > Justification.Longest ? draft[..Justification.Longest] : draft;
            StateHasChanged();
        }

        await browser.CallAsync("focus", "#emergency-justification");
    }

    private static string WhoIsAsked(EmergencyOffer offer)
    {
        if (!offer.Rules.RequireApproval)
            return "You get access at once. Whoever may revoke it sees the session from its first second.";
        var window = ReasonWords.Minutes(offer.Rules.ApprovalWindow);
        var here = offer.Here.Count switch
        {
            0 => "",
            1 => $" {offer.Here[0]} is here now.",
            <= 3 => $" {string.Join(", ", offer.Here.Take(offer.Here.Count - 1))} and {offer.Here[^1]} are here now.",
            _ => string.Create(CultureInfo.InvariantCulture, $" {offer.Here.Count} people who can approve are here now."),
        };
        return $"One approver has to say yes within {window}.{here}";
    }

    private static string HowLong(EmergencyOffer offer)
        => $"Access ends by itself after at most {ReasonWords.Minutes(offer.Rules.MaximumDuration)}, and can't be extended. End it early when you are done.";

    private static string NobodyHere(EmergencyOffer offer) => offer.Deciders == 0
        ? "Nobody else in this agency could approve. Ask an owner to make somebody an approver; you can still ask, but nobody will answer."
        : "Nobody who could approve has a page open now. Ask anyway, and call one of them: the request waits in their inbox.";

    private string ButtonWords(EmergencyOffer terms) => terms.Rules.RequireApproval
        ? $"Request emergency access – {ReasonWords.Minutes(duration)}"
        : $"Break the glass – {ReasonWords.Minutes(duration)}";

    private void Close() => Dialog.Cancel();

    private async Task AskAsync()
    {
        var command = new RaiseRequest(new CredentialId(credential), new Justification(text, category, reference), duration, Wanted.Continues);
        var raised = await Requests.HandleAsync(Me.Value.Self, command, gone.Token);
        refusal = raised.Refusal;
        if (raised.IsRefused)
        {
            openInstead = raised.Refusal.Code == RequestRefusals.AlreadyPending.Code ? await PendingAsync() : null;
            return;
        }

        await browser.CallAsync("dropDraft", DraftKey);
        Dialog.Close();
        Navigation.NavigateTo(raised.Value.Session is { } session ? $"sessions/{session}" : $"requests/{raised.Value.Request}");
    }

    private async Task<string?> PendingAsync()
        => (await Queries.MinePendingAsync(Me.Value.Self, gone.Token)).FirstOrDefault(r => r.Identity == Wanted.Identity) is { } mine ? $"requests/{mine.Id}" : null;
}
