using AccessHive.Core.Kernel;
using AccessHive.Core.Policies;
using AccessHive.Core.Policies.UseCases;
using Fluxor;

namespace AccessHive.Web.Features.Policies;

/// <summary>The Break-Glass / Emergency Access card on this circuit. Half-typed values are the component's own.</summary>
/// <param name="IsOpen">Whether a card is open: only then is it kept true.</param>
/// <param name="Card">What the database said last.</param>
/// <param name="IsSaving">A save is under way, until what came of it was read.</param>
/// <param name="Refusal">Why the last save was refused.</param>
/// <param name="Saved">What the last save changed; nothing when none succeeded since editing began.</param>
[FeatureState]
public sealed record EmergencyCardState(bool IsOpen, EmergencyCard? Card, bool IsSaving, Refusal? Refusal, IReadOnlyList<RuleChange>? Saved)
{
    private EmergencyCardState()
        : this(IsOpen: false, null, IsSaving: false, null, null)
    {
    }

    /// <summary>A card opens.</summary>
    [ReducerMethod]
    public static EmergencyCardState On(EmergencyCardState state, CardWanted wanted) => new() { IsOpen = true };

    /// <summary>The card closes: nothing needs to be read for it any more.</summary>
    [ReducerMethod]
    public static EmergencyCardState On(EmergencyCardState state, CardClosed closed) => new();

    /// <summary>It was read. Of two reads under way the newer revision stays.</summary>
    [ReducerMethod]
    public static EmergencyCardState On(EmergencyCardState state, CardRead read) => state with
    {
        Card = state.Card is { } known && known.Revision > read.Card.Revision ? known : read.Card,
        IsSaving = state.IsSaving && read.After == CardReadAfter.Live,
        // What this person saved is told until somebody saved after them.
        Saved = state.IsSaving || read.Card.Revision == state.Card?.Revision ? state.Saved : null,
    };

    /// <summary>Editing begins: the outcome of the last save is history.</summary>
    [ReducerMethod]
    public static EmergencyCardState On(EmergencyCardState state, CardEditing editing) => state with { Refusal = null, Saved = null };

    /// <summary>Save was pressed.</summary>
    [ReducerMethod]
    public static EmergencyCardState On(EmergencyCardState state, SaveCard save) => state with { IsSaving = true, Refusal = null, Saved = null };

    /// <summary>It was saved; the card is read next.</summary>
    [ReducerMethod]
    public static EmergencyCardState On(EmergencyCardState state, CardSaved saved) => state with { Saved = saved.Changes };

    /// <summary>It was refused; the card is read next, so that the person sees what is in force.</summary>
    [ReducerMethod]
    public static EmergencyCardState On(EmergencyCardState state, CardSaveRefused refused) => state with { Refusal = refused.Refusal };
}

/// <summary>Why the card was read.</summary>
public enum CardReadAfter
{
    /// <summary>It opened, or something it shows was committed.</summary>
    Live,

    /// <summary>This person saved it.</summary>
    Save,

    /// <summary>This person's save was refused.</summary>
    Refusal,
}

/// <summary>A card opens on this circuit.</summary>
public sealed record CardWanted;

/// <summary>It closes.</summary>
public sealed record CardClosed;

/// <summary>It was read.</summary>
public sealed record CardRead(EmergencyCard Card, CardReadAfter After);

/// <summary>This person begins or gives up editing.</summary>
public sealed record CardEditing;

/// <summary>This person saves.</summary>
/// <param name="Rules">All values from now on.</param>
/// <param name="MadeOn">The card they were looking at.</param>
public sealed record SaveCard(EmergencyRules Rules, EmergencyCard MadeOn);

/// <summary>It was saved.</summary>
public sealed record CardSaved(IReadOnlyList<RuleChange> Changes);

/// <summary>It was refused.</summary>
public sealed record CardSaveRefused(Refusal Refusal);
