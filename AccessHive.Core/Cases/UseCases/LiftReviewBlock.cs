using AccessHive.Core.Audit;
using AccessHive.Core.Kernel;
using AccessHive.Core.Policies;
using AccessHive.Core.Storage;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace AccessHive.Core.Cases.UseCases;

/// <summary>A case whose review is overdue, for a list.</summary>
public sealed record OverdueReview(CaseId Case, long Number, string IdentityName, string Requester, Instant DueAt);

/// <summary>A lift that is in force, in words.</summary>
public sealed record LiftShown(string By, Instant At, Instant Until, string Reason);

/// <summary>What overdue reviews mean at this moment.</summary>
/// <param name="Overdue">The cases, oldest first.</param>
/// <param name="Blocks">Whether the card says that new emergencies are blocked while one is overdue.</param>
/// <param name="Lifts">The lifts that are in force.</param>
/// <param name="WhyNot">Why whoever looks can't lift the block; nothing when they can.</param>
public sealed record OverdueReviews(IReadOnlyList<OverdueReview> Overdue, bool Blocks, IReadOnlyList<LiftShown> Lifts, Refusal? WhyNot)
{
    /// <summary>Nothing is overdue.</summary>
    public static OverdueReviews None { get; } = new([], Blocks: false, [], ReviewDebtRefusals.NothingBlocked);
}

/// <summary>Overdue reviews, and the way out of the block that an agency may have chosen for them.</summary>
public sealed class LiftReviewBlock(Work work, IDbContextFactory<HiveContext> contexts, HiveClock clock)
{
    /// <summary>What is overdue now; everybody who works here may know that, because it decides what an emergency takes.</summary>
    public async Task<OverdueReviews> ReadAsync(PersonId caller, CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var now = clock.Now;
        var debt = await ReviewDebts.ReadAsync(db, now, cancellation);
        if (!debt.IsOverdue)
            return OverdueReviews.None;
        var actor = await Reader.AsActorAsync(db, caller, cancellation);
        var rules = (await db.EmergencyPolicies.AsNoTracking().SingleAsync(cancellation)).Rules;
        var numbers = debt.Overdue.ToList();
        var due = await Casebook.ReviewDueAsync(db, cancellation);
        var cases = await (
            from c in db.Cases
            join i in db.Identities on c.IdentityId equals i.Id
            join p in db.People on c.RequesterId equals p.Id
            where numbers.Contains(c.Number)
            orderby c.Number
            select new { c.Id, c.Number, Identity = i.Name, Requester = p.Name, c.DueFrom }).ToListAsync(cancellation);
        var lifts = await (
            from l in db.ReviewBlockLifts
            join p in db.People on l.LiftedBy equals p.Id
            where l.Until > now
            orderby l.Id
            select new LiftShown(p.Name, l.LiftedAt, l.Until, l.Reason)).ToListAsync(cancellation);
        return new OverdueReviews(
            [.. cases.Select(c => new OverdueReview(c.Id, c.Number, c.Identity, c.Requester, c.DueFrom + due))], rules.BlockWhileOverdue, rules.BlockWhileOverdue ? lifts : [],
            ReviewBlockLift.WhyNot(actor, rules, debt));
    }

    /// <summary>Lifts the block for a while.</summary>
    /// <param name="caller">An Owner.</param>
    /// <param name="length">For how long, 1 to 24 whole hours.</param>
    /// <param name="reason">Why, 10 to 500 characters.</param>
    /// <param name="cancellation">Cancels before the commit.</param>
    /// <returns>Done; or what <see cref="ReviewBlockLift.Lift"/> refuses.</returns>
    public Task<Result<Done>> LiftAsync(PersonId caller, Duration length, string reason, CancellationToken cancellation = default)
        => work.RunAsync<Done>(caller, new Attempt("lift the block of new emergencies", Emergency: true, Subject.Nothing), async turn =>
        {
            var rules = (await turn.Db.EmergencyPolicies.SingleAsync(turn.Cancellation)).Rules;
            var lifted = ReviewBlockLift.Lift(turn.By, length, reason, rules, await ReviewDebts.ReadAsync(turn.Db, turn.Now, turn.Cancellation), turn.Now);
            if (lifted.IsRefused)
                return lifted.Refusal;
            turn.Db.ReviewBlockLifts.Add(lifted.Value);
            return Done.Yes;
        }, cancellation);
}
