using AccessHive.Core.Kernel;
using AccessHive.Core.Policies;
using AccessHive.Core.Policies.UseCases;
using Microsoft.AspNetCore.Components;
using NodaTime;

namespace AccessHive.Web.Features.Policies;

/// <summary>The card's values while somebody types, each with what it would mean.</summary>
public sealed partial class EmergencyCardFields : ComponentBase
{
    /// <summary>Where the focus goes when editing begins.</summary>
    public const string FirstInput = "#eligible-Owner";

    /// <summary>Where it goes when a value doesn't hold.</summary>
    public const string FirstInvalid = ".ah-card-rows [aria-invalid]";

    private static readonly int[] Lengths = [15, 30, 60, 120, 240, 480];

    /// <summary>What is typed.</summary>
    [Parameter, EditorRequired]
    public CardDraft Draft { get; set; } = default!;

    /// <summary>Somebody typed.</summary>
    [Parameter, EditorRequired]
    public EventCallback<CardDraft> DraftChanged { get; set; }

    /// <summary>The card as it is in force, to compare with.</summary>
    [Parameter, EditorRequired]
    public EmergencyCard Card { get; set; } = default!;

    /// <summary>Enter was pressed in a number.</summary>
    [Parameter]
    public EventCallback OnEnter { get; set; }

    private int Would => Card.PeopleWith(Draft.Roles);

    private int Now => Card.PeopleWith(Card.Rules.EligibleRoles);

    private string MaximumWords => CardDraft.Parse(Draft.Maximum) is { } typed && typed != Card.Rules.MaximumDuration
        ? $"New sessions end after {CardWords.Minutes(typed)} at the latest; running ones keep their end. Now {CardWords.Minutes(Card.Rules.MaximumDuration)}."
        : "A hard limit: the session ends itself, and nothing lengthens it.";

    private Refusal? WindowRefused
        => Draft.WindowRefused ?? (CardDraft.Parse(Draft.Window) >= Card.StandardWindow ? PolicyRefusals.WindowNotShorter : null);

    private string WindowWords => (CardDraft.Parse(Draft.Window), Draft.RequireApproval) switch
    {
        (_, false) => "Counts once approval is required.",
        ({ } typed, _) when typed != Card.Rules.ApprovalWindow => $"A request lapses when nobody decides within {CardWords.Minutes(typed)}. Now {CardWords.Minutes(Card.Rules.ApprovalWindow)}.",
        _ => "Then a request lapses, and may be asked again.",
    };

    private string ApprovalWords => (Draft.RequireApproval, Card.Rules.RequireApproval) switch
    {
        (false, true) => "Granted at once to eligible people; every step is on record. Requests that wait now still need a decision.",
        (false, false) => "Granted at once to eligible people; every step is on record.",
        (true, _) => CardDraft.Parse(Draft.Window) is { } window ? $"Every emergency needs one approver within {CardWords.Minutes(window)}." : "Every emergency needs one approver.",
    };

    private static int Minutes(Duration duration) => (int)duration.TotalMinutes;

    private Task Tick(Roles role, bool ticked) => DraftChanged.InvokeAsync(Draft with { Roles = ticked ? Draft.Roles | role : Draft.Roles & ~role });
}
