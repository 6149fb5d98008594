using System.Text.Json;
using AccessHive.Core.Audit;
using AccessHive.Core.Cases.Signals;
using AccessHive.Core.Cases.Weeks;
using AccessHive.Core.Kernel;
using AccessHive.Core.Requests;
using AccessHive.Core.Sessions;
using AccessHive.Core.Storage;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace AccessHive.Core.Cases.UseCases;

/// <summary>Who answers for a week.</summary>
/// <param name="By">Their name, as they typed it.</param>
/// <param name="At">When.</param>
/// <param name="Text">What they added.</param>
/// <param name="Emergencies">How many emergencies the week had.</param>
/// <param name="Unreviewed">How many of them nobody had reviewed by then.</param>
public sealed record WeekAnswer(string By, Instant At, string Text, int Emergencies, int Unreviewed);

/// <summary>One week in the list.</summary>
/// <param name="Week">Which.</param>
/// <param name="Span">From when until when it counts.</param>
/// <param name="IsOver">Whether it can be attested.</param>
/// <param name="Emergencies">How many emergencies were raised in it.</param>
/// <param name="Unreviewed">How many of them nobody has reviewed.</param>
/// <param name="Answer">Who answers for it; nobody yet.</param>
public sealed record WeekRow(ReviewWeek Week, WeekSpan Span, bool IsOver, int Emergencies, int Unreviewed, WeekAnswer? Answer);

/// <summary>The weeks, newest first.</summary>
/// <param name="Rows">At most <see cref="WeekQueries.PageSize"/>.</param>
/// <param name="ToAttest">How many weeks of all wait to be attested.</param>
/// <param name="Older">The week with which an older page begins; nothing when these are all.</param>
public sealed record WeekList(IReadOnlyList<WeekRow> Rows, int ToAttest, ReviewWeek? Older);

/// <summary>One emergency of a week.</summary>
public sealed record WeekEmergency(
    RequestId Request, CaseId Case, long Number, bool IsContinuation, PersonId Requester, string RequesterName, IdentityId Identity, string IdentityName, string Client, string CredentialLabel,
    ReasonCategory Reason, Instant RaisedAt, RequestState State, bool ApprovalRequired, string? DecidedBy, Instant? ClosedAt,
    SessionId? Session, Instant? StartedAt, Instant? PlannedEnd, Instant? EndedAt, EndReason? EndReason, int Reveals,
    CaseGates Gates, CaseVerdict? Verdict, string? Reviewer, Instant? ReviewedAt);

/// <summary>A trail entry that belongs on the page of a week.</summary>
/// <param name="Seq">Its number.</param>
/// <param name="At">When.</param>
/// <param name="Type">What happened.</param>
/// <param name="Who">Who did it.</param>
/// <param name="What">What was tried, or which case.</param>
/// <param name="Refusal">Why it was refused.</param>
public sealed record WeekEntry(long Seq, Instant At, string Type, string Who, string What, string Refusal);

/// <summary>Everything the page of a week shows.</summary>
/// <param name="Row">The week.</param>
/// <param name="Before">The week before; nothing for the agency's first.</param>
/// <param name="Next">The week after; nothing for the one it is.</param>
/// <param name="WhyNot">Why whoever looks can't attest it; nothing when they can.</param>
/// <param name="Emergencies">Every emergency raised in it, oldest first.</param>
/// <param name="Refused">Refused attempts in it, oldest first; at most <see cref="WeekQueries.MostEntries"/>.</param>
/// <param name="Notable">What was changed about the rules and the trail itself: settings, lifted blocks, purges, erasures.</param>
/// <param name="Signals">What makes one look twice.</param>
/// <param name="Later">What happened to its cases after it was attested.</param>
public sealed record WeekPage(
    WeekRow Row, ReviewWeek? Before, ReviewWeek? Next, Refusal? WhyNot, IReadOnlyList<WeekEmergency> Emergencies, IReadOnlyList<WeekEntry> Refused, IReadOnlyList<WeekEntry> Notable,
    IReadOnlyList<Signal> Signals, IReadOnlyList<WeekEntry> Later)
{
    /// <summary>Those with a gate that isn't closed, one row for each case.</summary>
    public IReadOnlyList<WeekEmergency> StillOpen => [.. Emergencies.Where(e => !e.Gates.AllClosed).DistinctBy(e => e.Case)];
}

/// <summary>What people look at in the weekly review (P13).</summary>
public sealed class WeekQueries(IDbContextFactory<HiveContext> contexts, HiveClock clock)
{
    /// <summary>Weeks on a page of the list.</summary>
    public const int PageSize = 26;

    /// <summary>Most refused attempts on the page of a week; the rest is in the trail.</summary>
    public const int MostEntries = 200;

    private static readonly string[] Notable = ["reviews.block-lifted", "policy.emergency-edited", "trail.purge-asked", "trail.purge-withdrawn", "trail.purged", "trail.erased"];

    private static readonly string[] Verdicts = ["case.reviewed", "case.reopened", "case.closed"];

    /// <summary>The weeks, newest first; nothing for people who don't read cases.</summary>
    /// <param name="caller">Who looks.</param>
    /// <param name="newest">The newest week of the page; the one it is, if null.</param>
    /// <param name="cancellation">Cancels the query.</param>
    public async Task<WeekList?> ListAsync(PersonId caller, ReviewWeek? newest = null, CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var now = clock.Now;
        if (!(await Reader.AsActorAsync(db, caller, cancellation)).Has(RolePermissions.CaseReaders) || await WeekFacts.ReadAsync(db, cancellation) is not { } weeks)
            return null;
        var current = weeks.Calendar.WeekAt(now);
        List<ReviewWeek> listed = [];
        for (var week = newest is { } start && start < current ? start : current; week >= weeks.First && listed.Count < PageSize; week = week.Before)
            listed.Add(week);
        var waiting = 0;
        for (var week = current.Before; week >= weeks.First; week = week.Before)
            waiting += weeks.Attested.ContainsKey(week) ? 0 : 1;
        if (listed.Count == 0)
            return new WeekList([], waiting, null);
        var rows = await RowsAsync(db, weeks, listed, now, cancellation);
        return new WeekList(rows, waiting, listed[^1] > weeks.First ? listed[^1].Before : null);
    }

    /// <summary>One week; nothing for people who don't read cases, for weeks before the agency was founded and weeks to come.</summary>
    public async Task<WeekPage?> PageAsync(PersonId caller, ReviewWeek week, CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var now = clock.Now;
        var actor = await Reader.AsActorAsync(db, caller, cancellation);
        if (!actor.Has(RolePermissions.CaseReaders) || await WeekFacts.ReadAsync(db, cancellation) is not { } weeks || week < weeks.First || week > weeks.Calendar.WeekAt(now))
            return null;
        var row = (await RowsAsync(db, weeks, [week], now, cancellation))[0];
        var standing = await weeks.StandingAsync(db, week, caller, cancellation);
        var emergencies = await EmergenciesAsync(db, row.Span, now, cancellation);
        var (first, end) = (await TrailIndex.FirstAtAsync(db, row.Span.From, cancellation), await TrailIndex.FirstAtAsync(db, row.Span.Until, cancellation));
        var refused = await EntriesAsync(db, $"{TrailMarks.Is(TrailMarks.Emergency)} AND {TrailMarks.Is(TrailMarks.Type("attempt.refused"))}", first, end, cancellation);
        var notable = await EntriesAsync(db, TrailMarks.AnyOf(Notable.Select(TrailMarks.Type)), first, end, cancellation);
        return new WeekPage(
            row, week > weeks.First ? week.Before : null, week < weeks.Calendar.WeekAt(now) ? week.Next : null, WeekAttestation.WhyNot(actor, standing, now), emergencies, refused, notable,
            await SignalFacts.FindAsync(db, e => row.Span.Contains(e.Raised.At), row.Span.From, cancellation),
            row.Answer is { } answer ? await LaterAsync(db, emergencies, answer.At, cancellation) : []);
    }

    private static async Task<IReadOnlyList<WeekRow>> RowsAsync(HiveContext db, WeekFacts weeks, List<ReviewWeek> listed, Instant now, CancellationToken cancellation)
    {
        var (from, until) = (weeks.SpanOf(listed[^1]).From, weeks.SpanOf(listed[0]).Until);
        var raised = await WeekFacts.Emergencies(db, new WeekSpan(from, until))
            .Select(r => new { r.RaisedAt, Unreviewed = db.CaseRequests.Any(m => m.RequestId == r.Id && db.Cases.Any(c => c.Id == m.CaseId && c.ReviewedAt == null)) })
            .ToListAsync(cancellation);
        var keys = listed.Select(w => w.ToString()).ToList();
        var answers = await db.WeekAttestations.AsNoTracking().Where(a => keys.Contains(a.Week)).ToDictionaryAsync(a => a.Week, cancellation);
        return
        [
            .. listed.Select(week =>
            {
                var span = weeks.SpanOf(week);
                var own = raised.Where(r => span.Contains(r.RaisedAt)).ToList();
                return new WeekRow(week, span, now >= span.Until, own.Count, own.Count(r => r.Unreviewed),
                    answers.TryGetValue(week.ToString(), out var a) ? new WeekAnswer(a.Name, a.AttestedAt, a.Text, a.Emergencies, a.Unreviewed) : null);
            }),
        ];
    }

    private static async Task<IReadOnlyList<WeekEmergency>> EmergenciesAsync(HiveContext db, WeekSpan span, Instant now, CancellationToken cancellation)
    {
        var raised = await (
            from r in WeekFacts.Emergencies(db, span)
            join m in db.CaseRequests on r.Id equals m.RequestId
            join c in db.Cases on m.CaseId equals c.Id
            join p in db.People on r.RequesterId equals p.Id
            join i in db.Identities on r.IdentityId equals i.Id
            join x in db.Credentials on r.CredentialId equals x.Id
            orderby r.RaisedAt, c.Number
            select new
            {
                Request = r,
                Case = c.Id,
                c.Number,
                c.Verdict,
                c.ReviewedAt,
                Requester = p.Name,
                Identity = i.Name,
                i.Client,
                x.Label,
                Decider = db.People.Where(d => d.Id == r.DecidedBy).Select(d => d.Name).FirstOrDefault(),
                Reviewer = db.People.Where(d => d.Id == c.ReviewedBy).Select(d => d.Name).FirstOrDefault(),
                Session = db.Sessions.Where(s => s.RequestId == r.Id).Select(s => new { s.Id, s.StartedAt, s.EndsAt, s.EndedAt, s.EndReason, s.Reveals }).FirstOrDefault(),
            }).AsNoTracking().ToListAsync(cancellation);
        var ids = raised.Select(r => r.Case).Distinct().ToList();
        var due = await Casebook.ReviewDueAsync(db, cancellation);
        var gates = (await Casebook.Facts(db, db.Cases.Where(c => ids.Contains(c.Id))).ToListAsync(cancellation)).ToDictionary(f => f.Id, f => CaseGates.Of(f.With(due), now));
        return
        [
            .. raised.Select(x => new WeekEmergency(
                x.Request.Id, x.Case, x.Number, x.Request.Continues is not null, x.Request.RequesterId, x.Requester, x.Request.IdentityId, x.Identity, x.Client, x.Label,
                x.Request.Justification.Category, x.Request.RaisedAt,
                x.Request.State == RequestState.Pending && now >= x.Request.DecideBy ? RequestState.Lapsed : x.Request.State, x.Request.Terms.RequireApproval, x.Decider, x.Request.ClosedAt,
                x.Session?.Id, x.Session?.StartedAt, x.Session?.EndsAt, x.Session?.EndedAt, x.Session?.EndReason, x.Session?.Reveals ?? 0,
                gates[x.Case], x.Verdict, x.Reviewer, x.ReviewedAt)),
        ];
    }

    private static async Task<IReadOnlyList<WeekEntry>> LaterAsync(HiveContext db, IReadOnlyList<WeekEmergency> emergencies, Instant attested, CancellationToken cancellation)
    {
        var cases = emergencies.Select(e => e.Case).Distinct().ToList();
        var raised = await db.Cases.Where(c => cases.Contains(c.Id)).Select(c => c.FirstRequestId).ToListAsync(cancellation);
        if (raised.Count == 0)
            return [];
        var match = $"{TrailMarks.AnyOf(raised.Select(TrailMarks.Request))} AND {TrailMarks.AnyOf(Verdicts.Select(TrailMarks.Type))}";
        return await EntriesAsync(db, match, await TrailIndex.FirstAtAsync(db, attested + Duration.FromMilliseconds(1), cancellation), long.MaxValue, cancellation);
    }

    private static async Task<IReadOnlyList<WeekEntry>> EntriesAsync(HiveContext db, string match, long from, long until, CancellationToken cancellation)
    {
        var read = await TrailIndex.Find(db, match, MostEntries, from, until)
            .Select(e => new { Entry = e, Actor = db.People.Where(p => p.Id == e.ActorId).Select(p => p.Name).FirstOrDefault(), Identity = db.Identities.Where(i => i.Id == e.IdentityId).Select(i => i.Name).FirstOrDefault() })
            .ToListAsync(cancellation);
        return [.. read.OrderBy(r => r.Entry.Seq).Select(r => Of(r.Entry, r.Actor, r.Identity))];
    }

    private static WeekEntry Of(TrailEntry entry, string? actor, string? identity)
    {
        using var payload = JsonDocument.Parse(entry.Payload);
        var facts = payload.RootElement.GetProperty("facts");
        string Fact(string name) => facts.TryGetProperty(name, out var value) ? value.ToString() : "";
        var what = entry.Type switch
        {
            "attempt.refused" => identity is null ? Fact("attempt") : $"{Fact("attempt")}: {identity}",
            _ when entry.Type.StartsWith("case.", StringComparison.Ordinal) => $"Case {Fact("case")}{(Fact("verdict") is { Length: > 0 } verdict && entry.Type == "case.reviewed" ? $": {verdict}" : "")}",
            _ => "",
        };
        return new WeekEntry(entry.Seq, entry.At, entry.Type, actor ?? (entry.ActorId is null ? "AccessHive" : "Somebody"), what, Fact("refusal"));
    }
}
