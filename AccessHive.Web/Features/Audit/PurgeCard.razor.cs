using System.Globalization;
using AccessHive.Core.Audit;
using AccessHive.Core.Audit.UseCases;
using AccessHive.Core.Kernel;
using AccessHive.Core.Live;
using AccessHive.Web.Features.Shared;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace AccessHive.Web.Features.Audit;

/// <summary>How long entries are kept: the purge with its two people, and the erasure of what is said about people.</summary>
public sealed partial class PurgeCard : LivePage
{
    private RetentionCard? card;
    private string reason = "";
    private Refusal? refusal;
    private long? exported;
    private CancellationTokenSource? stop;
    private TrailSubject? person;
    private string eraseReason = "";
    private Refusal? eraseRefusal;
    private int? erased;

    [Inject]
    private PurgeTrail Purge { get; set; } = default!;

    [Inject]
    private EraseFacts Erase { get; set; } = default!;

    [Inject]
    private FindSubjects Subjects { get; set; } = default!;

    [Inject]
    private IDialogService Dialogs { get; set; } = default!;

    private string CouldGo => card switch
    {
        { Until: null } => string.Create(CultureInfo.InvariantCulture, $"nothing: there are no {TrailPurge.Step} entries older than {TrailPurge.MonthsKept} months"),
        { HeldBy: [0, ..] } => "nothing: an emergency of that time belongs to no case",
        { HeldBy: { Count: > 0 } held } => $"nothing: {(held.Count == 1 ? "case" : "cases")} {string.Join(", ", held)} of that time {(held.Count == 1 ? "is" : "are")} not closed",
        { Until: { } until, Oldest: var oldest } => string.Create(CultureInfo.InvariantCulture, $"entries {oldest:N0} to {until:N0}"),
        _ => "",
    };

    /// <inheritdoc/>
    protected override bool Concerns(FeedItem item)
        => item.Type.StartsWith("trail.", StringComparison.Ordinal) || item.Type.StartsWith("case.", StringComparison.Ordinal) || item.Type.StartsWith("person.", StringComparison.Ordinal);

    /// <inheritdoc/>
    protected override async Task LoadAsync(CancellationToken cancellation) => card = await Purge.ReadAsync(Self, cancellation);

    private async Task AskAsync()
    {
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(Gone);
        (stop, exported, refusal) = (stopping, 0, null);
        try
        {
            refusal = (await Purge.AskAsync(Self, reason, new Progress<long>(count => _ = InvokeAsync(() => Told(count))), stopping.Token)).Refusal;
            if (refusal is null)
                reason = "";
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Stopped, or the page was left: nothing was asked for.
        }
        finally
        {
            (stop, exported) = (null, null);
        }

        await ReloadAsync();
    }

    private void Told(long count)
    {
        if (exported is null)
            return;
        exported = count;
        StateHasChanged();
    }

    private async Task ConfirmAsync(PurgeView open)
    {
        await ConfirmDialog.AskAsync(
            Dialogs, $"Purge entries {ProofWords.Number(open.First)} to {ProofWords.Number(open.Until)}?", "Purge them", danger: true, () => Purge.ConfirmAsync(Self, open.Id),
            "They are removed for good, with what they say about people. Only the exported file keeps them.",
            "The trail says who asked, who confirmed, and which file it is.");
        await ReloadAsync();
    }

    private async Task WithdrawAsync(PurgeView open)
    {
        await ConfirmDialog.AskAsync(Dialogs, "Give this purge up?", "Give it up", danger: false, () => Purge.WithdrawAsync(Self, open.Id), "Nothing is purged. The exported file stays where it is.");
        await ReloadAsync();
    }

    private async Task EraseAsync()
    {
        (erased, eraseRefusal) = (null, null);
        if (person is not { } chosen)
        {
            eraseRefusal = AccessHive.Core.Agency.AgencyRefusals.PersonNotFound;
            return;
        }

        await ConfirmDialog.AskAsync(
            Dialogs, $"Erase what the trail says about {chosen.Name}?", "Erase", danger: true, () => EraseAsync(new PersonId(chosen.Id)),
            "Names and words beside every entry that they made or that concerns them are removed for good.", "The entries stay, and one more says which they are, by whom and why.");
        await ReloadAsync();
    }

    private async Task<Result<Done>> EraseAsync(PersonId whom)
    {
        var result = await Erase.PersonAsync(Self, whom, eraseReason, Gone);
        if (result.IsRefused)
            return result.Refusal;
        (erased, person, eraseReason) = (result.Value, null, "");
        return Done.Yes;
    }
}
