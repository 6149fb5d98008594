using System.Text.Json;
using AccessHive.Core.Audit;
using AccessHive.Core.Kernel;
using AccessHive.Core.Requests;
using AccessHive.Core.Sessions;
using AccessHive.Core.Storage;
using AccessHive.Core.Vault;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace AccessHive.Core.Cases.UseCases;

/// <summary>Puts the story of a case together from what the rooms and the trail know.</summary>
internal static class CaseTeller
{
    /// <summary>Most entries of the trail that a story quotes; the trail has the rest.</summary>
    private const int MostSteps = 400;

    public static async Task<CaseReport> TellAsync(HiveContext db, EmergencyCase it, CaseParties parties, Instant now, CancellationToken cancellation)
    {
        var names = new Names(await db.People.Select(p => new { p.Id, p.Name }).ToDictionaryAsync(p => p.Id, p => p.Name, cancellation));
        var requests = await Casebook.Requests(db, it.Id).AsNoTracking().Include(r => r.Asks).OrderBy(r => r.RaisedAt).ThenBy(r => r.Id).ToListAsync(cancellation);
        var sessions = await Casebook.Sessions(db, it.Id).AsNoTracking().OrderBy(s => s.StartedAt).ToListAsync(cancellation);
        var identity = await db.Identities.Where(i => i.Id == it.IdentityId).Select(i => new { i.Name, i.Client }).SingleAsync(cancellation);
        var label = await db.Credentials.Where(c => c.Id == it.CredentialId).Select(c => c.Label).SingleAsync(cancellation);
        var facts = await Casebook.FactsAsync(db, it.Id, cancellation);
        var rotation = await RotationAsync(db, it, facts, sessions, cancellation);
        var steps = await StepsAsync(db, it, requests, rotation, names, now, cancellation);
        return new CaseReport(it.Id, it.Number, it.RequesterId, names[it.RequesterId], it.IdentityId, identity.Name, identity.Client, it.CredentialId, label)
        {
            Agency = await db.Agency.Select(a => a.Name).SingleAsync(cancellation),
            At = now,
            OpenedAt = it.OpenedAt,
            ClosedAt = it.ClosedAt,
            ReviewDueAt = facts.ReviewDueAt,
            Round = it.Round,
            ReopenReason = it.ReopenReason,
            Gates = CaseGates.Of(facts, now),
            Requests = [.. requests.Select(r => RequestOf(r, names, now))],
            Sessions = [.. sessions.Select(s => SessionOf(s, steps, names))],
            Overlaps = await OverlapsAsync(db, it, sessions, names, now, cancellation),
            Rotation = rotation is null ? null : new CaseRotationPart(
                rotation.Id, rotation.State, rotation.Cause, rotation.OpenedAt, rotation.DueAt, rotation.ClosedAt, names.Of(rotation.EnteredBy), names.Of(rotation.ClosedBy), rotation.Problem),
            AccountClosed = it.AccountClosedAt is { } closed ? (names.Of(it.AccountClosedBy) ?? "", closed, it.AccountClosedWords) : null,
            Timeline = [.. steps.Select(s => s.Step)],
            Reviews = await ReviewsAsync(db, it, names, cancellation),
            FollowUps = [.. it.FollowUps.OrderBy(f => f.DueAt).Select(f => new CaseFollowUpPart(f.Id, f.What, f.OwnerId, names[f.OwnerId], f.DueAt, names[f.AddedBy], f.AddedAt, f.DoneAt, names.Of(f.DoneBy)))],
            Comments = [.. it.Comments.OrderBy(c => c.At).Select(c => new CaseCommentPart(names[c.ById], c.At, c.Text))],
            Eligible = [.. (await Casebook.EligibleAsync(db, parties, cancellation)).Select(p => p.Name)],
            Proof = await ProofAsync(db, cancellation),
        };
    }

    private static CaseRequestPart RequestOf(AccessRequest r, Names names, Instant now) => new(
        r.Id, r.RaisedAt, r.Justification, r.AskedFor, r.Terms.MaximumDuration, r.Terms.RequireApproval, r.DecideBy,
        r.State == RequestState.Pending && now >= r.DecideBy ? RequestState.Lapsed : r.State,
        r.ClosedAt, names.Of(r.DecidedBy), r.Comment,
        [.. r.Asks.OrderBy(a => a.AskedAt).Select(a => new CaseReceipt(names[a.PersonId], a.AskedAt, a.ShownAt))]);

    private static CaseSessionPart SessionOf(AccessSession s, List<Told> steps, Names names)
    {
        int Times(string type) => steps.Count(t => t.Session == s.Id && t.Step.Type == type);
        return new CaseSessionPart(
            s.Id, s.RequestId, s.StartedAt, s.EndsAt, s.EndedAt, s.EndReason, names.Of(s.EndedBy), s.EndWords,
            Times("session.secret-revealed"), Times("session.secret-copied"), Times("session.secret-downloaded"), s.SeenVersion);
    }

    // The one that replaced what was seen; else the one that is open, or the last that was given up.
    private static async Task<Rotation?> RotationAsync(HiveContext db, EmergencyCase it, CaseFacts facts, List<AccessSession> sessions, CancellationToken cancellation)
    {
        if (facts.SeenVersion is not { } seen)
            return null;
        var since = sessions.Where(s => s.SeenVersion is not null).Min(s => s.StartedAt);
        var candidates = await db.Rotations.AsNoTracking().Where(r => r.CredentialId == it.CredentialId && (r.ClosedAt == null || r.ClosedAt >= since)).OrderBy(r => r.OpenedAt).ToListAsync(cancellation);
        return candidates.Find(r => r.State == RotationState.Done && r.PendingVersion > seen) ?? candidates.Find(r => r.IsOpen) ?? candidates.LastOrDefault();
    }

    private static async Task<IReadOnlyList<CaseOverlap>> OverlapsAsync(
        HiveContext db, EmergencyCase it, List<AccessSession> sessions, Names names, Instant now, CancellationToken cancellation)
    {
        if (sessions.Count == 0)
            return [];
        var (from, until) = (sessions.Min(s => s.StartedAt), sessions.Max(s => s.EndedAt ?? s.EndsAt));
        var mine = sessions.Select(s => s.Id).ToList();
        var others = await db.Sessions.AsNoTracking()
            .Where(s => s.CredentialId == it.CredentialId && !mine.Contains(s.Id) && s.StartedAt < until && (s.EndedAt ?? s.EndsAt) > from)
            .OrderBy(s => s.StartedAt).ToListAsync(cancellation);
        return [.. others.Where(o => sessions.Any(s => o.StartedAt < (s.EndedAt ?? s.EndsAt) && (o.EndedAt ?? o.EndsAt) > s.StartedAt))
            .Select(o => new CaseOverlap(o.Id, names[o.HolderId], o.IsEmergency, o.StartedAt, Instant.Min(o.EndedAt ?? o.EndsAt, Instant.Max(now, o.StartedAt))))];
    }

    private static async Task<IReadOnlyList<CaseReviewPart>> ReviewsAsync(HiveContext db, EmergencyCase it, Names names, CancellationToken cancellation)
    {
        List<CaseReviewPart> parts = [];
        foreach (var review in it.Reviews.OrderBy(r => r.Round))
        {
            var (from, until) = (review.At - CaseReview.BulkWithin, review.At + CaseReview.BulkWithin);
            var bulk = await db.CaseReviews.AnyAsync(r => r.ReviewerId == review.ReviewerId && r.CaseId != it.Id && r.At > from && r.At < until, cancellation);
            parts.Add(new CaseReviewPart(
                review.Round, names[review.ReviewerId], review.OpenedAt, review.At, review.Verdict, review.Answers, review.Comment, review.IsInstant, bulk, review.Round == it.Round && it.ReviewedAt is not null));
        }

        return parts;
    }

    // One look-up of the trail's index for the requests – their sessions carry them, and so does the case – and one for the rotation.
    private static async Task<List<Told>> StepsAsync(
        HiveContext db, EmergencyCase it, List<AccessRequest> requests, Rotation? rotation, Names names, Instant now, CancellationToken cancellation)
    {
        var entries = await TrailIndex.Find(db, TrailMarks.AnyOf(requests.Select(r => TrailMarks.Request(r.Id))), MostSteps).ToListAsync(cancellation);
        if (rotation is not null)
        {
            var (from, until) = (rotation.OpenedAt.ToUnixTimeMilliseconds(), (rotation.ClosedAt ?? now).ToUnixTimeMilliseconds());
            var about = $"{TrailMarks.Is(TrailMarks.Identity(it.IdentityId))} AND {TrailMarks.AnyOf(RotationTypes.Select(TrailMarks.Type))}";
            entries.AddRange(await TrailIndex.Find(db, about, MostSteps).Where(e => e.CredentialId == it.CredentialId && e.RecordedAt >= from && e.RecordedAt <= until).ToListAsync(cancellation));
        }

        return [.. entries.DistinctBy(e => e.Seq).OrderBy(e => e.Seq).Select(e => new Told(StepOf(e, names), e.SessionId))];
    }

    private static string[] RotationTypes { get; } =
    [
        "rotation.opened", "rotation.waits", "rotation.began", "rotation.stored", "rotation.set", "rotation.verified", "rotation.fell-back", "rotation.try-failed", "rotation.needs-person", "rotation.retried",
        "rotation.entered", "rotation.pending-shown", "rotation.rejected", "rotation.cancelled", "rotation.reported",
    ];

    private static CaseStep StepOf(TrailEntry entry, Names names)
    {
        using var payload = JsonDocument.Parse(entry.Payload);
        var by = names.Of(entry.ActorId) ?? payload.RootElement.GetProperty("by").GetString() ?? "";
        return new CaseStep(
            entry.Seq, entry.At, entry.Type, by,
            [.. payload.RootElement.GetProperty("facts").EnumerateObject().Select(p => new KeyValuePair<string, string>(p.Name, p.Value.ToString()))]);
    }

    private static async Task<CaseProof?> ProofAsync(HiveContext db, CancellationToken cancellation)
    {
        if (await db.TrailTree.AsNoTracking().SingleOrDefaultAsync(cancellation) is not { } tree)
            return null;
        var checkpoint = await db.TrailCheckpoints.AsNoTracking().OrderByDescending(c => c.Id).Select(c => c.Note).FirstOrDefaultAsync(cancellation);
        return new CaseProof(tree.Size, Convert.ToBase64String(Frontier.From(tree.Size, tree.Frontier).Root()), checkpoint is null ? null : System.Text.Encoding.UTF8.GetString(checkpoint));
    }

    private sealed record Told(CaseStep Step, SessionId? Session);

    private sealed class Names(Dictionary<PersonId, string> all)
    {
        public string this[PersonId id] => all.GetValueOrDefault(id, "");

        public string? Of(PersonId? id) => id is { } one ? all.GetValueOrDefault(one) : null;
    }
}
