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

    private static Task<IReadOnlyList<long>> OverdueAsync(HiveContext db, Instant now, CancellationToken cancellation)
        => Task.FromResult<IReadOnlyList<long>>([]);
}
