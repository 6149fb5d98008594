using System.Globalization;
using AccessHive.Core.Kernel;
using AccessHive.Core.Requests;
using AccessHive.Core.Storage;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace AccessHive.Core.Cases.UseCases;

/// <summary>Which cases a board shows.</summary>
public enum CaseView
{
    /// <summary>What this person can do something about, oldest first.</summary>
    NeedsMe,

    /// <summary>What is not closed, oldest first.</summary>
    Open,

    /// <summary>What is closed, newest first.</summary>
    Closed,

    /// <summary>Everything, newest first.</summary>
    All,
}

/// <summary>One case on the board.</summary>
/// <param name="Id">The case.</param>
/// <param name="Number">Its number.</param>
/// <param name="Identity">The identity.</param>
/// <param name="IdentityName">Its name.</param>
/// <param name="Client">Its client.</param>
/// <param name="CredentialLabel">The credential.</param>
/// <param name="Requester">Who broke the glass.</param>
/// <param name="RequesterName">Their name.</param>
/// <param name="OpenedAt">When.</param>
/// <param name="ClosedAt">When the last gate closed.</param>
/// <param name="Requests">How many requests belong to it.</param>
/// <param name="Gates">The three gates.</param>
/// <param name="Verdict">The verdict that stands.</param>
/// <param name="ReviewDueAt">From when on a missing verdict is overdue.</param>
/// <param name="OpenFollowUps">How many follow-ups are open.</param>
/// <param name="OverdueFollowUps">How many of them are overdue.</param>
/// <param name="NeedsMe">Whether the reader can do something about it.</param>
public sealed record CaseRow(
    CaseId Id, long Number, IdentityId Identity, string IdentityName, string Client, string CredentialLabel, PersonId Requester, string RequesterName, Instant OpenedAt, Instant? ClosedAt,
    int Requests, CaseGates Gates, CaseVerdict? Verdict, Instant ReviewDueAt, int OpenFollowUps, int OverdueFollowUps, bool NeedsMe);

/// <summary>One page of the board.</summary>
/// <param name="Rows">The rows.</param>
/// <param name="Next">Ask for cases after this number to go on; null at the end.</param>
/// <param name="NeedMe">How many cases the reader can do something about, on all pages.</param>
/// <param name="SeesAll">Whether these are everybody's, and not only the reader's own and those they decided.</param>
public sealed record CaseList(IReadOnlyList<CaseRow> Rows, long? Next, int NeedMe, bool SeesAll);

/// <summary>What the reader of a case may do with it now.</summary>
/// <param name="WhyNoVerdict">Why they may not give the verdict; nothing, when they may – as soon as the story is over.</param>
/// <param name="MayComment">Whether they may remark something.</param>
/// <param name="MayReopen">Whether they may take the verdict back.</param>
/// <param name="MayFollowUp">Whether they may add something to be done.</param>
/// <param name="MaySayClosed">Whether they may say that the account is closed at the platform.</param>
/// <param name="IsMine">Whether they broke the glass.</param>
/// <param name="Decided">Whether they decided one of its requests.</param>
/// <param name="ReadsTrail">Whether the links into the trail lead anywhere for them.</param>
public sealed record CaseRights(Refusal? WhyNoVerdict, bool MayComment, bool MayReopen, bool MayFollowUp, bool MaySayClosed, bool IsMine, bool Decided, bool ReadsTrail);

/// <summary>A case and what its reader may do.</summary>
public sealed record CasePage(CaseReport Report, CaseRights Mine);

/// <summary>What people look at in Cases: everything for those who review or audit; for everybody else their own, and those they decided or see to.</summary>
public sealed class CaseQueries(IDbContextFactory<HiveContext> contexts, HiveClock clock)
{
    /// <summary>Rows on a page of the board.</summary>
    public const int PageSize = 30;

    /// <summary>Most characters of free text.</summary>
    public const int TextLength = 100;

    /// <summary>One page of the board.</summary>
    /// <param name="caller">Who looks.</param>
    /// <param name="view">Which cases.</param>
    /// <param name="text">A part of the identity's, client's or requester's name, or a number.</param>
    /// <param name="after">Cases after this number, in the view's order; null for the first page.</param>
    /// <param name="cancellation">Cancels the query.</param>
    public async Task<CaseList> BoardAsync(PersonId caller, CaseView view, string text = "", long? after = null, CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var actor = await Reader.AsActorAsync(db, caller, cancellation);
        var mine = NeedsMe(db, actor);
        var cases = Matching(db, Visible(db, actor), text);
        var oldestFirst = view is CaseView.NeedsMe or CaseView.Open;
        cases = view switch
        {
            CaseView.NeedsMe => cases.Where(c => mine.Contains(c.Id)),
            CaseView.Open => cases.Where(c => c.ClosedAt == null),
            CaseView.Closed => cases.Where(c => c.ClosedAt != null),
            _ => cases,
        };
        cases = oldestFirst
            ? cases.Where(c => after == null || c.Number > after).OrderBy(c => c.Number)
            : cases.Where(c => after == null || c.Number < after).OrderByDescending(c => c.Number);
        var rows = await RowsAsync(db, cases.Take(PageSize + 1), mine, cancellation);
        return new CaseList([.. rows.Take(PageSize)], rows.Count > PageSize ? rows[PageSize - 1].Number : null, await mine.CountAsync(cancellation), actor.Has(RolePermissions.CaseReaders));
    }

    /// <summary>How many cases this person can do something about.</summary>
    public async Task<int> CountAsync(PersonId caller, CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        return await NeedsMe(db, await Reader.AsActorAsync(db, caller, cancellation)).CountAsync(cancellation);
    }

    /// <summary>The case of a request or session; nothing, if there is none, or for those who may not read it.</summary>
    public async Task<(CaseId Id, long Number)?> OfAsync(PersonId caller, RequestId request, CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var visible = Visible(db, await Reader.AsActorAsync(db, caller, cancellation));
        return await visible.Where(c => db.CaseRequests.Any(m => m.CaseId == c.Id && m.RequestId == request)).Select(c => new { c.Id, c.Number }).SingleOrDefaultAsync(cancellation) is { } found
            ? (found.Id, found.Number)
            : null;
    }

    /// <summary>One case in full.</summary>
    /// <param name="caller">Who looks.</param>
    /// <param name="key">Its number or its id.</param>
    /// <param name="cancellation">Cancels the query.</param>
    /// <returns>The case; nothing, if there is none, or for those who may not read it.</returns>
    public async Task<CasePage?> PageAsync(PersonId caller, string key, CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var actor = await Reader.AsActorAsync(db, caller, cancellation);
        var number = long.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : 0;
        var id = Guid.TryParse(key, out var g) ? new CaseId(g) : default;
        var found = await Visible(db, actor).Include(c => c.Reviews).Include(c => c.FollowUps).Include(c => c.Comments).AsSplitQuery()
            .SingleOrDefaultAsync(c => number > 0 ? c.Number == number : c.Id == id, cancellation);
        if (found is null)
            return null;
        var parties = await Casebook.PartiesAsync(db, found.Id, cancellation);
        var report = await CaseTeller.TellAsync(db, found, parties, clock.Now, cancellation);
        var whyNot = EmergencyCase.MayBeReviewedBy(actor, parties);
        return new CasePage(report, new CaseRights(
            whyNot,
            actor.Has(RolePermissions.CaseReaders) && !parties.Requesters.Contains(caller) && !parties.Deciders.Contains(caller),
            whyNot is null && found.ReviewedAt is not null,
            whyNot is null,
            report.Gates.Rotated.Reason == GateReason.OutOfUse && actor.Has(RolePermissions.VaultManagers) && !parties.Requesters.Contains(caller),
            parties.Requesters.Contains(caller),
            parties.Deciders.Contains(caller),
            actor.Has(RolePermissions.TrailReaders)));
    }

    /// <summary>Who may see to a follow-up: everybody active, by name.</summary>
    public async Task<IReadOnlyList<(PersonId Id, string Name)>> OwnersAsync(CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        return [.. (await Outlook.ActiveAsync(db, cancellation)).Select(p => (p.Id!.Value, p.Name))];
    }

    private static IQueryable<EmergencyCase> Visible(HiveContext db, Actor actor)
    {
        var all = db.Cases.AsNoTracking();
        return actor.Has(RolePermissions.CaseReaders)
            ? all
            : all.Where(c => c.RequesterId == actor.Id
                || db.CaseRequests.Any(m => m.CaseId == c.Id && db.Requests.Any(r => r.Id == m.RequestId && r.DecidedBy == actor.Id))
                || db.CaseFollowUps.Any(f => f.CaseId == c.Id && f.OwnerId == actor.Id));
    }

    private static IQueryable<EmergencyCase> Matching(HiveContext db, IQueryable<EmergencyCase> cases, string text)
    {
        var words = (text.Length > TextLength ? text[..TextLength] : text).Trim().TrimStart('#');
        if (words.Length == 0)
            return cases;
        var number = long.TryParse(words, NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : 0;
        var pattern = $"%{words.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal)}%";
        return cases.Where(c => c.Number == number
            || db.Identities.Any(i => i.Id == c.IdentityId && (EF.Functions.Like(i.Name, pattern, "\\") || EF.Functions.Like(i.Client, pattern, "\\")))
            || db.People.Any(p => p.Id == c.RequesterId && EF.Functions.Like(p.Name, pattern, "\\")));
    }

    // A verdict they may give now, a follow-up that is theirs, an account that somebody who keeps the vault has to answer for.
    private IQueryable<CaseId> NeedsMe(HiveContext db, Actor actor)
    {
        var now = clock.Now;
        var (reviews, keeps, me) = (actor.Has(RolePermissions.Reviewers), actor.Has(RolePermissions.VaultManagers), actor.Id);
        return db.Cases.Where(c =>
            db.CaseFollowUps.Any(f => f.CaseId == c.Id && f.OwnerId == me && f.DoneAt == null)
            || (c.ClosedAt == null && reviews && c.ReviewedAt == null && c.RequesterId != me
                && !(from m in db.CaseRequests
                     join r in db.Requests on m.RequestId equals r.Id
                     where m.CaseId == c.Id && (r.DecidedBy == me || r.Approvals.Any(a => a.PersonId == me) || (r.State == RequestState.Pending && r.DecideBy > now))
                     select r).Any()
                && !(from m in db.CaseRequests join s in db.Sessions on m.RequestId equals s.RequestId where m.CaseId == c.Id && s.EndedAt == null && s.EndsAt > now select s).Any())
            || (c.ClosedAt == null && keeps && c.RequesterId != me && c.AccountClosedAt == null
                && (from x in db.Credentials join i in db.Identities on x.IdentityId equals i.Id where x.Id == c.CredentialId && (x.ArchivedAt != null || i.ArchivedAt != null) select x).Any()
                && (from m in db.CaseRequests
                    join s in db.Sessions on m.RequestId equals s.RequestId
                    join x in db.Credentials on s.CredentialId equals x.Id
                    where m.CaseId == c.Id && s.SeenVersion >= x.VerifiedVersion
                    select s).Any()))
            .Select(c => c.Id);
    }

    private async Task<IReadOnlyList<CaseRow>> RowsAsync(HiveContext db, IQueryable<EmergencyCase> cases, IQueryable<CaseId> mine, CancellationToken cancellation)
    {
        var (now, due) = (clock.Now, await Casebook.ReviewDueAsync(db, cancellation));
        var found = await cases.Select(c => new
        {
            Case = c,
            Identity = db.Identities.Where(i => i.Id == c.IdentityId).Select(i => new { i.Name, i.Client }).First(),
            Label = db.Credentials.Where(x => x.Id == c.CredentialId).Select(x => x.Label).First(),
            Requester = db.People.Where(p => p.Id == c.RequesterId).Select(p => p.Name).First(),
            Requests = db.CaseRequests.Count(m => m.CaseId == c.Id),
            Open = db.CaseFollowUps.Count(f => f.CaseId == c.Id && f.DoneAt == null),
            Overdue = db.CaseFollowUps.Count(f => f.CaseId == c.Id && f.DoneAt == null && f.DueAt <= now),
            NeedsMe = mine.Contains(c.Id),
        }).ToListAsync(cancellation);
        var ids = found.Select(f => f.Case.Id).ToList();
        var facts = await Casebook.Facts(db, db.Cases.Where(c => ids.Contains(c.Id))).ToDictionaryAsync(f => f.Id, f => f.With(due), cancellation);
        return [.. found.Select(f => new CaseRow(
            f.Case.Id, f.Case.Number, f.Case.IdentityId, f.Identity.Name, f.Identity.Client, f.Label, f.Case.RequesterId, f.Requester, f.Case.OpenedAt, f.Case.ClosedAt,
            f.Requests, CaseGates.Of(facts[f.Case.Id], now), f.Case.Verdict, facts[f.Case.Id].ReviewDueAt, f.Open, f.Overdue, f.NeedsMe))];
    }
}
