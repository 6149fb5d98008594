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
/// Checking out in the usual way (P15): a purpose, a time, and in three lines what will happen. What is typed is kept by the
/// browser until it was sent; Enter does not submit by accident, because there is no form.
/// </summary>
public sealed partial class CheckoutDialog : ComponentBase, IAsyncDisposable
{
    private static readonly Duration Usual = Duration.FromHours(1);

    private readonly CancellationTokenSource gone = new();
    private ElementReference form;
    private Script browser = default!;
    private CheckoutOffer? offer;
    private bool missing;
    private bool draftWanted;
    private Guid credential;
    private string text = "";
    private Duration duration;
    private Refusal? refusal;
    private string? openInstead;

    /// <summary>What was wanted.</summary>
    [Parameter, EditorRequired]
    public CheckoutWanted Wanted { get; set; } = default!;

    [CascadingParameter]
    private IMudDialogInstance Dialog { get; set; } = default!;

    [Inject]
    private CheckoutOffers Offers { get; set; } = default!;

    [Inject]
    private CheckOutHandler Requests { get; set; } = default!;

    [Inject]
    private RequestQueries Queries { get; set; } = default!;

    [Inject]
    private IState<MeState> Me { get; set; } = default!;

    [Inject]
    private NavigationManager Navigation { get; set; } = default!;

    [Inject]
    private IJSRuntime Js { get; set; } = default!;

    private string DraftKey => $"checkout.{Wanted.Identity}";

    private string Verb => offer is { RevealOnly: true } ? "Reveal" : "Check out";

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
        offer = await Offers.ReadAsync(Me.Value.Self, Wanted.Identity, gone.Token);
        missing = offer is null;
        if (offer is null)
            return;
        credential = (Wanted.Credential ?? offer.Credentials[0].Id).Value;
        // Not the longest by itself: an hour is what most errands take.
        duration = offer.Durations.Contains(Usual) ? Usual : offer.Durations[^1];
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

        await browser.CallAsync("focus", "#checkout-purpose");
    }

    private static string HowLong(CheckoutOffer offer)
    {
        var most = ReasonWords.Minutes(offer.Longest);
        if (offer.RevealOnly)
            return $"You can look at it for at most {most}, then it is hidden again. It can't be extended.";
        return offer.Extension > Duration.Zero
            ? $"Access ends by itself after at most {most}. You can extend it once, by {ReasonWords.Minutes(offer.Extension)}."
            : $"Access ends by itself after at most {most}, and can't be extended.";
    }

    private string ButtonWords(CheckoutOffer terms)
    {
        var length = ReasonWords.Minutes(duration);
        return (terms.Need.Approvals, terms.RevealOnly) switch
        {
            (0, false) => $"Check out for {length}",
            (0, true) => $"Reveal for {length}",
            (_, false) => $"Ask to check out for {length}",
            (_, true) => $"Ask to reveal for {length}",
        };
    }

    private void Close() => Dialog.Cancel();

    private async Task AskAsync()
    {
        var raised = await Requests.HandleAsync(Me.Value.Self, new CheckOut(new CredentialId(credential), text, duration), gone.Token);
        refusal = raised.Refusal;
        if (raised.IsRefused)
        {
            openInstead = raised.Refusal.Code == RequestRefusals.AlreadyPending.Code ? await PendingAsync() : null;
            // What was true when the dialog opened may have changed: it says so, and shows what is true now.
            offer = await Offers.ReadAsync(Me.Value.Self, Wanted.Identity, gone.Token) ?? offer;
            return;
        }

        await browser.CallAsync("dropDraft", DraftKey);
        Dialog.Close();
        Navigation.NavigateTo(raised.Value.Session is { } session ? $"sessions/{session}" : $"requests/{raised.Value.Request}");
    }

    private async Task<string?> PendingAsync()
        => (await Queries.MinePendingAsync(Me.Value.Self, gone.Token)).FirstOrDefault(r => r.Identity == Wanted.Identity) is { } mine ? $"requests/{mine.Id}" : null;
}
