using AccessHive.Core.Cases;
using AccessHive.Core.Policies;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace AccessHive.Core.Storage;

/// <summary>What is owed in reviews, read anew whenever somebody asks for an emergency.</summary>
internal static class ReviewDebts
{
    public static async Task<ReviewDebt> ReadAsync(HiveContext db, Instant now, CancellationToken cancellation)
    {
        var overdue = await OverdueAsync(db, now, cancellation);
        if (overdue.Count == 0)
            return ReviewDebt.None;
        var lifts = await db.ReviewBlockLifts.AsNoTracking().Where(l => l.Until > now).OrderBy(l => l.Id).Select(l => new { l.LiftedBy, l.Until }).ToListAsync(cancellation);
        return new ReviewDebt(overdue, [.. lifts.Select(l => new LiftInForce(l.LiftedBy, l.Until))]);
    }

    // As the gate of a case says it: a verdict is missing since its time was over, and the story has ended.
    private static async Task<IReadOnlyList<long>> OverdueAsync(HiveContext db, Instant now, CancellationToken cancellation)
    {
        var due = await Casebook.ReviewDueAsync(db, cancellation);
        var since = now - due;
        var late = db.Cases.AsNoTracking().Where(c => c.ClosedAt == null && c.ReviewedAt == null && c.DueFrom <= since);
        if (!await late.AnyAsync(cancellation))
            return [];
        var facts = await Casebook.Facts(db, late).ToListAsync(cancellation);
        var overdue = facts.Where(f => CaseGates.Of(f.With(due), now).Reviewed.Reason == GateReason.ReviewOverdue).Select(f => f.Id).ToList();
        return await late.Where(c => overdue.Contains(c.Id)).OrderBy(c => c.Number).Select(c => c.Number).ToListAsync(cancellation);
    }
}
