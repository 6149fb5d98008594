using AccessHive.Core.Cases.Weeks;
using AccessHive.Core.Kernel;
using AccessHive.Core.Requests;
using AccessHive.Core.Storage;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace AccessHive.Core.Cases.UseCases;

/// <summary>The emergencies of one week, by what became of them.</summary>
/// <param name="Week">Which week.</param>
/// <param name="Approved">Approved by somebody.</param>
/// <param name="AtOnce">Granted without an approval, because none was required.</param>
/// <param name="NotGranted">Denied, withdrawn, lapsed or still waiting.</param>
/// <param name="Median">Half of the decisions by people took no longer; nothing, when there were none.</param>
/// <param name="Ninth">Nine of ten took no longer.</param>
public sealed record PatternWeek(ReviewWeek Week, int Approved, int AtOnce, int NotGranted, Duration? Median, Duration? Ninth)
{
    /// <summary>All of them.</summary>
    public int All => Approved + AtOnce + NotGranted;
}

/// <summary>What was used of what was granted.</summary>
/// <param name="Name">Whose: a client or a person. Empty for identities without a client.</param>
/// <param name="Sessions">How many emergency sessions.</param>
/// <param name="Granted">How long they could have lasted.</param>
/// <param name="Used">How long they lasted.</param>
/// <param name="Continuations">How many of them continued another.</param>
public sealed record PatternUse(string Name, int Sessions, Duration Granted, Duration Used, int Continuations);

/// <summary>The patterns of the last 26 weeks.</summary>
/// <param name="Weeks">Oldest first, the current week last.</param>
/// <param name="Median">Half of all decisions by people took no longer.</param>
/// <param name="Ninth">Nine of ten took no longer.</param>
/// <param name="Clients">By client, most granted time first.</param>
/// <param name="People">By holder, most granted time first.</param>
/// <param name="Maximum">The maximum duration on the card.</param>
/// <param name="ContinuedAtTheLimit">How many sessions that had the card's maximum were continued.</param>
/// <param name="AtTheLimit">How many sessions had it.</param>
public sealed record PatternPage(
    IReadOnlyList<PatternWeek> Weeks, Duration? Median, Duration? Ninth, IReadOnlyList<PatternUse> Clients, IReadOnlyList<PatternUse> People, Duration Maximum, int ContinuedAtTheLimit, int AtTheLimit)
{
    /// <summary>From how many continuations on the page says that the maximum may be too short.</summary>
    public const int HintFrom = 3;

    /// <summary>Whether continuations keep happening: three, and every fifth session at the limit.</summary>
    public bool MaximumTooShort => ContinuedAtTheLimit >= HintFrom && ContinuedAtTheLimit * 5 >= AtTheLimit;

    /// <summary>How many emergencies there were.</summary>
    public int All => Weeks.Sum(w => w.All);
}

/// <summary>What emergencies look like from afar.</summary>
public sealed class PatternQueries(IDbContextFactory<HiveContext> contexts, HiveClock clock)
{
    /// <summary>How many weeks are shown.</summary>
    public const int Weeks = 26;

    /// <summary>The patterns; nothing for people who don't read cases.</summary>
    public async Task<PatternPage?> ReadAsync(PersonId caller, CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        if (!(await Reader.AsActorAsync(db, caller, cancellation)).Has(RolePermissions.CaseReaders) || await WeekFacts.ReadAsync(db, cancellation) is not { } facts)
            return null;
        var now = clock.Now;
        var current = facts.Calendar.WeekAt(now);
        var weeks = Enumerable.Range(0, Weeks).Select(i => ReviewWeek.Of(current.Monday.PlusWeeks(i + 1 - Weeks))).Where(w => w >= facts.First).ToList();
        var since = facts.SpanOf(weeks[0]).From;
        var maximum = (await db.EmergencyPolicies.AsNoTracking().SingleAsync(cancellation)).Rules.MaximumDuration;
        var requests = await db.Requests.AsNoTracking().Where(r => r.Kind == RequestKind.Emergency && r.RaisedAt >= since)
            .Select(r => new { r.RaisedAt, r.State, r.DecidedBy, r.ClosedAt }).ToListAsync(cancellation);
        var sessions = await (
            from s in db.Sessions
            join i in db.Identities on s.IdentityId equals i.Id
            join p in db.People on s.HolderId equals p.Id
            where s.Kind == RequestKind.Emergency && s.StartedAt >= since
            select new { i.Client, Holder = p.Name, s.StartedAt, s.EndsAt, s.EndedAt, s.Limit, Continues = s.Continues != null, IsContinued = db.Sessions.Any(n => n.Continues == s.Id) })
            .ToListAsync(cancellation);
        var decided = requests.Where(r => r.DecidedBy is not null && r.ClosedAt is not null).Select(r => (r.RaisedAt, Took: r.ClosedAt!.Value - r.RaisedAt)).ToList();
        var uses = sessions.Select(s => (s.Client, s.Holder, Use: new PatternUse("", 1, s.EndsAt - s.StartedAt, Instant.Min(s.EndedAt ?? s.EndsAt, now) - s.StartedAt, s.Continues ? 1 : 0))).ToList();
        var all = decided.Select(d => d.Took).ToList();
        return new PatternPage(
            [
                .. weeks.Select(week =>
                {
                    var span = facts.SpanOf(week);
                    var own = requests.Where(r => span.Contains(r.RaisedAt)).ToList();
                    var took = decided.Where(d => span.Contains(d.RaisedAt)).Select(d => d.Took).ToList();
                    var approved = own.Count(r => r is { State: RequestState.Approved, DecidedBy: not null });
                    var atOnce = own.Count(r => r is { State: RequestState.Approved, DecidedBy: null });
                    return new PatternWeek(week, approved, atOnce, own.Count - approved - atOnce, Quantile(took, 0.5), Quantile(took, 0.9));
                }),
            ],
            Quantile(all, 0.5), Quantile(all, 0.9), Sum(uses.Select(u => (u.Client, u.Use))), Sum(uses.Select(u => (u.Holder, u.Use))), maximum,
            sessions.Count(s => s.Limit == maximum && s.EndsAt - s.StartedAt == maximum && s.IsContinued), sessions.Count(s => s.Limit == maximum && s.EndsAt - s.StartedAt == maximum));
    }

    /// <summary>The smallest value that at least this part of all values does not exceed; nothing for no values.</summary>
    internal static Duration? Quantile(IReadOnlyCollection<Duration> values, double part)
        => values.Count == 0 ? null : values.Order().ElementAt(Math.Max(0, (int)Math.Ceiling(values.Count * part) - 1));

    private static List<PatternUse> Sum(IEnumerable<(string Name, PatternUse Use)> uses) =>
    [
        .. uses.GroupBy(u => u.Name, StringComparer.Ordinal)
            .Select(g => new PatternUse(g.Key, g.Count(), Total(g.Select(u => u.Use.Granted)), Total(g.Select(u => u.Use.Used)), g.Sum(u => u.Use.Continuations)))
            .OrderByDescending(u => u.Granted).ThenBy(u => u.Name, StringComparer.Ordinal),
    ];

    private static Duration Total(IEnumerable<Duration> durations) => durations.Aggregate(Duration.Zero, (sum, d) => sum + d);
}
