using AccessHive.Core.Agency;
using AccessHive.Core.Cases.Weeks;
using AccessHive.Core.Kernel;
using AccessHive.Core.Requests;
using AccessHive.Core.Storage;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace AccessHive.Core.Cases.UseCases;

/// <summary>What the database knows of the agency's weeks, read together.</summary>
/// <param name="Calendar">The calendar by the settings as they are.</param>
/// <param name="First">The agency's first week.</param>
/// <param name="Attested">The weeks that are attested, and their spans.</param>
internal sealed record WeekFacts(ReviewCalendar Calendar, ReviewWeek First, IReadOnlyDictionary<ReviewWeek, WeekSpan> Attested)
{
    /// <summary>Nothing, as long as there is no agency.</summary>
    public static async Task<WeekFacts?> ReadAsync(HiveContext db, CancellationToken cancellation)
    {
        if (await db.Agency.AsNoTracking().SingleOrDefaultAsync(cancellation) is not { } agency)
            return null;
        var calendar = ReviewCalendar.Of(agency);
        var attested = await db.WeekAttestations.AsNoTracking().Select(a => new { a.Week, a.From, a.Until }).ToListAsync(cancellation);
        return new WeekFacts(
            calendar, calendar.WeekAt(agency.FoundedAt), attested.ToDictionary(a => ReviewWeek.TryParse(a.Week, out var week) ? week : default, a => new WeekSpan(a.From, a.Until)));
    }

    /// <summary>From when until when a week counts.</summary>
    public WeekSpan SpanOf(ReviewWeek week) => Calendar.SpanOf(week, Attested);

    /// <summary>What is true of a week for whoever wants to attest it.</summary>
    public async Task<WeekStanding> StandingAsync(HiveContext db, ReviewWeek week, PersonId caller, CancellationToken cancellation)
    {
        var span = SpanOf(week);
        var by = await db.WeekAttestations.Where(a => a.Week == week.ToString()).Select(a => a.Name).SingleOrDefaultAsync(cancellation);
        var raised = await Emergencies(db, span).CountAsync(cancellation);
        var open = await (
            from r in Emergencies(db, span)
            join m in db.CaseRequests on r.Id equals m.RequestId
            join c in db.Cases on m.CaseId equals c.Id
            where c.ReviewedAt == null
            select new { c.Id, c.Number }).ToListAsync(cancellation);
        List<long> own = [];
        foreach (var it in open.Distinct().OrderBy(c => c.Number))
        {
            var parties = await Casebook.PartiesAsync(db, it.Id, cancellation);
            if (parties.Requesters.Contains(caller) || parties.Deciders.Contains(caller))
                own.Add(it.Number);
        }

        return new WeekStanding(week, span, week >= First, by, raised, open.Count, own);
    }

    /// <summary>The emergencies that were raised in a span.</summary>
    public static IQueryable<AccessRequest> Emergencies(HiveContext db, WeekSpan span)
        => db.Requests.AsNoTracking().Where(r => r.Kind == RequestKind.Emergency && r.RaisedAt >= span.From && r.RaisedAt < span.Until);
}
