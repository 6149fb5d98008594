using AccessHive.Core.Policies;
using AccessHive.Core.Policies.UseCases;
using AccessHive.Web.Features.Shared;
using Microsoft.AspNetCore.Components;
using NodaTime;

namespace AccessHive.Web.Features.Policies;

/// <summary>The card's values while somebody types, each with what it would mean.</summary>
public sealed partial class ApprovalCardFields : ComponentBase
{
    /// <summary>Where the focus goes when editing begins.</summary>
    public const string FirstInput = "[name=approval-mode]:checked";

    /// <summary>Where it goes when a value doesn't hold.</summary>
    public const string FirstInvalid = ".ah-card-rows [aria-invalid]";

    /// <summary>Where it goes when something has to be agreed to.</summary>
    public const string Accept = "#approval-accept";

    private static readonly int[] Windows = [4, 8, 24, 48, 72, 168];
    private static readonly int[] Checkouts = [30, 60, 120, 240, 480, 1440];
    private static readonly int[] Extensions = [0, 30, 60, 120, 240];

    /// <summary>What is typed.</summary>
    [Parameter, EditorRequired]
    public ApprovalDraft Draft { get; set; } = default!;

    /// <summary>Somebody typed.</summary>
    [Parameter, EditorRequired]
    public EventCallback<ApprovalDraft> DraftChanged { get; set; }

    /// <summary>The card as it is in force, to compare with.</summary>
    [Parameter, EditorRequired]
    public ApprovalCard Card { get; set; } = default!;

    /// <summary>Whether they agreed to what would be out of reach.</summary>
    [Parameter]
    public bool Accepted { get; set; }

    /// <summary>They ticked it.</summary>
    [Parameter]
    public EventCallback<bool> AcceptedChanged { get; set; }

    /// <summary>Enter was pressed in a number.</summary>
    [Parameter]
    public EventCallback OnEnter { get; set; }

    private ApprovalRules Would => Draft.Choices(Card.Rules);

    private IReadOnlyList<Gap> Opened => Card.Opened(Would);

    private int OpenedIdentities => Opened.Sum(g => g.Identities);

    private string WindowWords => ApprovalDraft.Hours(Draft.Window) is { } typed && typed != Card.Rules.Window
        ? $"A request lapses when nobody decides within {ApprovalWords.Lasting(typed)}. Now {ApprovalWords.Lasting(Card.Rules.Window)}."
        : $"Then a request lapses, and may be asked again. Always longer than the emergency window of {ApprovalWords.Lasting(Card.EmergencyWindow)}.";

    private string CheckoutWords => CardDraft.Parse(Draft.Checkout) is { } typed && typed != Card.Rules.CheckoutDuration
        ? $"New checkouts end after {ApprovalWords.Lasting(typed)} at the latest; running ones keep their end. Now {ApprovalWords.Lasting(Card.Rules.CheckoutDuration)}."
        : "At most; the session ends itself then. API keys and OAuth apps are only revealed, for 15 minutes.";

    private string ExtensionWords => CardDraft.Parse(Draft.Extension) is { } typed && typed != Card.Rules.Extension
        ? $"{(typed == Duration.Zero ? "Never extended: whoever needs longer checks in and out again." : $"Once, by {ApprovalWords.Lasting(typed)}.")} Now {RuleChange.ExtensionWords(Card.Rules.Extension)}."
        : "The holder extends a checkout once, while it runs.";
}
