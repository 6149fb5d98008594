using System.Globalization;
using System.Runtime.InteropServices;
using AccessHive.Core.Kernel;
using NodaTime;

namespace AccessHive.Core.Policies;

/// <summary>
/// What the agency owes in reviews at this moment. While something is overdue, every new emergency needs an approval, also
/// when the card doesn't ask for one – and on an agency that chose so none can be raised until it is reviewed or an Owner
/// lifts the block for a while (product.md, "What we leave out on purpose").
/// </summary>
/// <param name="Overdue">The numbers of the cases whose review is overdue, oldest first.</param>
/// <param name="Lifts">Who has lifted the block, and until when: those that are in force.</param>
public sealed record ReviewDebt(IReadOnlyList<long> Overdue, IReadOnlyList<LiftInForce> Lifts)
{
    /// <summary>Nothing is overdue.</summary>
    public static ReviewDebt None { get; } = new([], []);

    /// <summary>Whether something is overdue.</summary>
    public bool IsOverdue => Overdue.Count > 0;

    /// <summary>The overdue cases as a sentence lists them: "case 12, case 14", at most five and how many more.</summary>
    public string Cases => string.Join(", ", Overdue.Take(5).Select(n => string.Create(CultureInfo.InvariantCulture, $"case {n}")))
        + (Overdue.Count > 5 ? string.Create(CultureInfo.InvariantCulture, $" and {Overdue.Count - 5} more") : "");

    /// <summary>The card's rules as they count now: approval is mandatory while something is overdue.</summary>
    public EmergencyRules InForce(EmergencyRules rules) => IsOverdue ? rules with { RequireApproval = true } : rules;

    /// <summary>
    /// Whether this person can't raise an emergency now. Nobody goes through a door that they opened themselves – except the
    /// last Owner, for whom nobody else could.
    /// </summary>
    /// <param name="rules">The card as it is now.</param>
    /// <param name="requester">Who wants to raise one.</param>
    /// <param name="isLastOwner">Whether they are the only active Owner.</param>
    public bool Blocks(EmergencyRules rules, PersonId requester, bool isLastOwner)
        => IsOverdue && rules.BlockWhileOverdue && !Lifts.Any(l => l.By != requester || isLastOwner);
}

/// <summary>A lift that is in force.</summary>
/// <param name="By">The Owner who lifted.</param>
/// <param name="Until">It counts before this instant, not at it.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct LiftInForce(PersonId By, Instant Until);

/// <summary>An Owner lets emergencies through for a while although reviews are overdue. It runs out by itself.</summary>
public sealed class ReviewBlockLift : Aggregate
{
    /// <summary>Fewest characters of the reason, trimmed.</summary>
    public const int ShortestReason = 10;

    /// <summary>Most characters of the reason.</summary>
    public const int LongestReason = 500;

    private ReviewBlockLift()
    {
    }

    /// <summary>The usual length.</summary>
    public static Duration Usual { get; } = Duration.FromHours(4);

    /// <summary>The longest.</summary>
    public static Duration Longest { get; } = Duration.FromHours(24);

    /// <summary>Numbers the lifts, from 1.</summary>
    public long Id { get; private set; }

    /// <summary>Who lifted it.</summary>
    public PersonId LiftedBy { get; private set; }

    /// <summary>When.</summary>
    public Instant LiftedAt { get; private set; }

    /// <summary>It counts before this instant, not at it.</summary>
    public Instant Until { get; private set; }

    /// <summary>Why.</summary>
    public string Reason { get; private set; } = "";

    /// <summary>Lifts the block.</summary>
    /// <param name="by">Who lifts, with fresh roles.</param>
    /// <param name="length">For how long: 1 to 24 whole hours.</param>
    /// <param name="reason">Why, 10 to 500 characters.</param>
    /// <param name="rules">The card as it is now.</param>
    /// <param name="debt">What is overdue, and which lifts are in force.</param>
    /// <param name="now">The transaction's instant.</param>
    /// <returns>The lift; or <c>not-owner</c>, <c>nothing-blocked</c>, <c>lifted-by-you-already</c>, <c>lift-length-out-of-range</c>, <c>lift-reason-missing</c>.</returns>
    public static Result<ReviewBlockLift> Lift(Actor by, Duration length, string reason, EmergencyRules rules, ReviewDebt debt, Instant now)
    {
        if (WhyNot(by, rules, debt) is { } refused)
            return refused;
        if (length < Duration.FromHours(1) || length > Longest || length != Duration.FromHours((long)length.TotalHours))
            return ReviewDebtRefusals.LengthOutOfRange;
        if (reason.Trim().Length is < ShortestReason or > LongestReason)
            return ReviewDebtRefusals.ReasonMissing;

        var lift = new ReviewBlockLift { LiftedBy = by.Id!.Value, LiftedAt = now, Until = now + length, Reason = reason.Trim() };
        lift.Raise(new ReviewBlockLifted(now, by, lift.Until, debt.Cases, lift.Reason));
        return lift;
    }

    /// <summary>Why this person can't lift the block now, whatever they type.</summary>
    /// <returns>Nothing when they can; or <c>not-owner</c>, <c>nothing-blocked</c>, <c>lifted-by-you-already</c>.</returns>
    public static Refusal? WhyNot(Actor by, EmergencyRules rules, ReviewDebt debt)
    {
        if (by.Id is not { } owner || !by.Has(Roles.Owner))
            return ReviewDebtRefusals.NotOwner;
        if (!rules.BlockWhileOverdue || !debt.IsOverdue)
            return ReviewDebtRefusals.NothingBlocked;
        return debt.Lifts.Any(l => l.By == owner) ? ReviewDebtRefusals.LiftedByYouAlready : null;
    }
}

/// <summary>An Owner lifted the block for a while.</summary>
public sealed record ReviewBlockLifted(Instant At, Actor By, Instant Until, string Cases, string Reason) : DomainEvent(At, By)
{
    /// <inheritdoc/>
    public override string Type => "reviews.block-lifted";

    /// <inheritdoc/>
    public override bool Emergency => true;

    /// <inheritdoc/>
    public override void Tell(Facts facts) => facts.Add("until", Until).AddMinutes("minutes", Until - At).Add("overdue cases", Cases).AddPersonal("reason", Reason);
}

/// <summary>Why overdue reviews say no.</summary>
public static class ReviewDebtRefusals
{
    /// <summary>New emergencies are blocked while reviews are overdue; facts <c>cases</c> and <c>owners</c>, who can lift it.</summary>
    public static readonly Refusal Blocked = new("reviews-overdue");

    /// <summary>Only an Owner lifts the block.</summary>
    public static readonly Refusal NotOwner = new("not-owner");

    /// <summary>Nothing is overdue, or the card doesn't block.</summary>
    public static readonly Refusal NothingBlocked = new("nothing-blocked");

    /// <summary>Their own lift is still in force.</summary>
    public static readonly Refusal LiftedByYouAlready = new("lifted-by-you-already");

    /// <summary>1 to 24 whole hours.</summary>
    public static readonly Refusal LengthOutOfRange = new("lift-length-out-of-range");

    /// <summary>A reason of 10 to 500 characters is needed.</summary>
    public static readonly Refusal ReasonMissing = new("lift-reason-missing");
}
