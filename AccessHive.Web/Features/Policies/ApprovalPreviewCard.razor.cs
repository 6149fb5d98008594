using AccessHive.Core.Kernel;
using AccessHive.Core.Live;
using AccessHive.Core.Policies;
using AccessHive.Core.Policies.UseCases;
using AccessHive.Core.Requests;
using AccessHive.Core.Vault;
using AccessHive.Web.Features.Shared;
using Microsoft.AspNetCore.Components;

namespace AccessHive.Web.Features.Policies;

/// <summary>Answers who would be asked for an identity by a person, now – also with what is being typed (P15).</summary>
public sealed partial class ApprovalPreviewCard : LivePage
{
    // Pages open and close without an entry in the trail, so who is here is looked at now and then.
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(20);

    private ApprovalPreview? preview;
    private Task looking = Task.CompletedTask;
    private (Unsaved, Guid?, Guid?)? asked;
    private bool choosing;
    private PolicyChoice? chosen;

    /// <summary>What is being typed.</summary>
    [Parameter, EditorRequired]
    public Unsaved Unsaved { get; set; } = Unsaved.Nothing;

    /// <summary>Which identity; the address says so.</summary>
    [Parameter]
    public Guid? Identity { get; set; }

    /// <summary>Who would ask; whoever looks, if nobody is named.</summary>
    [Parameter]
    public Guid? Person { get; set; }

    [Inject]
    private PreviewApproval Preview { get; set; } = default!;

    [Inject]
    private PolicyChoices Choices { get; set; } = default!;

    [Inject]
    private NavigationManager Navigation { get; set; } = default!;

    [Inject]
    private HiveClock Clock { get; set; } = default!;

    private bool IsTrying => Unsaved != Unsaved.Nothing;

    // Whoever takes the name away is about to choose another.
    private string? PersonName => choosing ? null : Person is null ? $"{Me.Value.Name} (you)" : preview?.PersonName ?? (chosen?.Key == Person.ToString() ? chosen?.Name : "unknown");

    private string? Warning => ApprovalWords.For(preview!.Shortfall, preview.Scope, preview.ListName, preview.PersonName, preview.Need);

    private string Why => $"{(preview!.Need.Approvals == 0 ? "" : $"{ApprovalWords.Sentence(ApprovalWords.ListOf(preview.Scope, preview.ListName))} counts{(preview.Everybody ? ", which admits everybody who is Owner, Admin or Approver" : "")}. ")}{Reason}";

    private string Reason => (preview!.Mode, preview.BecauseShared) switch
    {
        (_, true) => "It is a shared account, and shared credentials require approval.",
        (ApprovalMode.RiskBased, _) => $"{ApprovalWords.Name(ApprovalMode.RiskBased)}, and its risk is {ApprovalWords.Name(preview.Risk)}.",
        var (mode, _) => $"{ApprovalWords.Name(mode)} is the default mode.",
    };

    /// <inheritdoc/>
    protected override void OnInitialized()
    {
        base.OnInitialized();
        looking = LookAsync();
    }

    /// <inheritdoc/>
    protected override Task OnParametersSetAsync()
    {
        var now = (Unsaved, Identity, Person);
        if (asked == now)
            return Task.CompletedTask;
        asked = now;
        return base.OnParametersSetAsync();
    }

    /// <inheritdoc/>
    protected override bool Concerns(FeedItem item)
        => item.Type.StartsWith("policy.", StringComparison.Ordinal) || item.Type.StartsWith("person.", StringComparison.Ordinal) || (item.Identity is { } id && id.Value == Identity);

    /// <inheritdoc/>
    protected override async Task LoadAsync(CancellationToken cancellation)
        => preview = Identity is { } identity ? await Preview.ReadAsync(new IdentityId(identity), Person is { } person ? new PersonId(person) : Self, Unsaved, cancellation) : null;

    /// <inheritdoc/>
    protected override async ValueTask DisposeAsyncCore(bool disposing)
    {
        await base.DisposeAsyncCore(disposing);
        await looking;
    }

    private string RefusedWords(Refusal refused)
        => refused == VaultRefusals.CredentialNotFound ? "This identity keeps no credential yet, so there is nothing to check out."
            : refused == RequestRefusals.AuditorHoldsNothing ? $"{preview!.PersonName} could not ask at all: an Auditor never holds access."
            : RefusalWords.For(refused);

    private void ChoosePerson(PolicyChoice? choice)
    {
        (choosing, chosen) = (choice is null, choice);
        Go(Identity?.ToString(), choice?.Key);
    }

    private void Go(string? identity, string? person) => Navigation.NavigateTo(
        Navigation.GetUriWithQueryParameters("settings/approvals", new Dictionary<string, object?>(StringComparer.Ordinal) { ["identity"] = identity, ["person"] = person }), replace: true);

    private async Task LookAsync()
    {
        try
        {
            using var timer = new PeriodicTimer(LookAgain, Clock.Time);
            while (await timer.WaitForNextTickAsync(Gone))
                await InvokeAsync(ReloadAsync);
        }
        catch (OperationCanceledException)
        {
            // The page was left.
        }
    }
}
