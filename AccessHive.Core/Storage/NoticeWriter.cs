using System.Text.Json;
using AccessHive.Core.Audit;
using AccessHive.Core.Jobs;
using AccessHive.Core.Kernel;
using AccessHive.Core.Notices;
using Microsoft.EntityFrameworkCore;

namespace AccessHive.Core.Storage;

/// <summary>Turns entries of the trail into rows of the outbox, by the plan and by who is who in this transaction.</summary>
internal static class NoticeWriter
{
    /// <summary>The kind of the jobs that send mails; what they are about is the notice's id.</summary>
    public const string MailJob = "mail";

    // Urgent mails have a lane of their own: they never wait behind a digest. They are given up early enough that the window is
    // still open for another way; all others are tried for about four hours.
    private const string UrgentLane = "mail/urgent";
    private const int UsualTries = 10;

    /// <summary>The job that sends a mail.</summary>
    public static Job JobFor(Notice notice, NodaTime.Instant now)
        => Job.Queue(MailJob, notice.Id.ToString(), notice.Urgent ? UrgentLane : MailJob, now, notice.Urgent ? Job.UsualTries : UsualTries);

    /// <summary>Writes the notices of these entries, and saves them.</summary>
    /// <param name="db">The database, inside a transaction.</param>
    /// <param name="entries">What is told.</param>
    /// <param name="late">Whether it happened in an earlier transaction: what asked for a decision may be over.</param>
    /// <param name="cancellation">Cancels before anything is saved.</param>
    public static async Task WriteAsync(HiveContext db, IReadOnlyList<TrailEntry> entries, bool late, CancellationToken cancellation)
    {
        var mails = await db.NoticeSettings.AnyAsync(s => s.Mail.On, cancellation);
        foreach (var entry in entries)
        {
            var happened = Read(entry);
            if (NoticePlan.SettledBy(entry.Type) is { } kind)
                await Waiting(db, kind, happened).ExecuteUpdateAsync(n => n.SetProperty(x => x.OverAt, entry.At), cancellation);
            HashSet<PersonId> told = [];
            foreach (var rule in NoticePlan.For(happened))
            {
                foreach (var reader in await NoticeAudiences.OfAsync(db, rule.Audience, happened, cancellation))
                {
                    if (told.Add(reader.Id))
                        Write(db, reader, rule, happened, mails);
                }
            }
        }

        if (late)
            await SettleAsync(db, cancellation);
        await db.SaveChangesAsync(cancellation);
    }

    // What nobody has read yet is in a small index of its own; decisions are found by their request, mails that wait among them.
    private static IQueryable<Notice> Waiting(HiveContext db, NoticeKind kind, Happening happened)
    {
        var (request, link) = (happened.About.Request, NoticePlan.LinkFor(kind, happened));
        return kind == NoticeKind.DecisionWanted
            ? db.Notices.Where(n => n.RequestId == request && n.Kind == NoticeKind.DecisionWanted && n.OverAt == null)
            : db.Notices.Where(n => n.Way == NoticeWay.InApp && n.ReadAt == null && n.OverAt == null && n.Kind == kind && n.Link == link);
    }

    private static async Task SettleAsync(HiveContext db, CancellationToken cancellation)
    {
        foreach (var notice in db.Notices.Local.Where(n => n.Kind == NoticeKind.DecisionWanted))
        {
            if (await db.Requests.AsNoTracking().SingleAsync(r => r.Id == notice.RequestId, cancellation) is { ClosedAt: { } closed })
                notice.Settle(closed);
        }
    }

    /// <summary>An entry as the plan reads it.</summary>
    public static Happening Read(TrailEntry entry)
    {
        using var payload = JsonDocument.Parse(entry.Payload);
        var facts = payload.RootElement.GetProperty("facts").EnumerateObject().ToDictionary(p => p.Name, p => p.Value.GetString() ?? "", StringComparer.Ordinal);
        return new Happening(entry.Seq, entry.At, entry.Type, entry.Emergency, entry.ActorId, new Subject(entry.PersonId, entry.IdentityId, entry.CredentialId, entry.RequestId, entry.SessionId), facts);
    }

    private static void Write(HiveContext db, NoticeReader reader, NoticeRule rule, Happening happened, bool mails)
    {
        var anchor = AnchorOf(db);
        db.Notices.Add(Notice.Write(reader.Id, NoticeWay.InApp, rule, happened, anchor));
        var mail = Notice.Write(reader.Id, NoticeWay.Email, rule, happened, anchor);
        if (!mails || !(reader.WantsMail || mail.Urgent))
            return;
        db.Notices.Add(mail);
        db.Jobs.Add(JobFor(mail, happened.At));
    }

    private static NoticeAnchor? AnchorOf(HiveContext db) => db.Head is { } head ? NoticeAnchor.Of(head.Size, head.Root) : null;
}

/// <summary>Somebody who is told.</summary>
/// <param name="Id">Who.</param>
/// <param name="WantsMail">Whether mails come that are not urgent.</param>
internal sealed record NoticeReader(PersonId Id, bool WantsMail);

/// <summary>Who an audience is, read in the transaction that tells. Never who did it, and never who is not active.</summary>
internal static class NoticeAudiences
{
    private const Roles Watching = Roles.Owner | Roles.SecurityOwner;

    public static async Task<IReadOnlyList<NoticeReader>> OfAsync(HiveContext db, NoticeAudience audience, Happening happened, CancellationToken cancellation)
    {
        var people = db.People.AsNoTracking().Where(p => p.JoinedAt != null && p.DisabledAt == null);
        if (happened.By is { } by)
            people = people.Where(p => p.Id != by);
        var (person, request) = (happened.About.Person, happened.About.Request);
        Guid? followUp = Guid.TryParse(happened.Fact("follow-up"), out var added) ? added : null;
        var reviewers = audience == NoticeAudience.ReviewersOfCase ? await ReviewersAsync(db, happened, cancellation) : [];
        people = audience switch
        {
            NoticeAudience.AskedNow => people.Where(p => db.Asks.Any(a => a.RequestId == request && a.PersonId == p.Id && a.AskedAt == happened.At)),
            NoticeAudience.Concerned => people.Where(p => p.Id == person),
            NoticeAudience.Watchers => With(people, Watching).Where(p => p.Id != person && !db.Requests.Any(r => r.Id == request && r.DecidedBy == p.Id)),
            NoticeAudience.ReviewersOfCase => people.Where(p => reviewers.Contains(p.Id)),
            NoticeAudience.FollowUpOwner => people.Where(p => db.CaseFollowUps.Any(f => f.Id == followUp && f.OwnerId == p.Id)),
            NoticeAudience.Reviewers => With(people, RolePermissions.Reviewers),
            NoticeAudience.VaultManagers => With(people, RolePermissions.VaultManagers),
            NoticeAudience.PurgeConfirmers => With(people, TrailPurge.MayConfirm),
            _ => throw new InvalidOperationException("Unknown audience."),
        };
        return await people.Select(p => new NoticeReader(p.Id, !db.NoticeChoices.Any(c => c.PersonId == p.Id && !c.WantsMail))).ToListAsync(cancellation);
    }

    // Who took part in any request of the case reviews nothing of it.
    private static async Task<List<PersonId>> ReviewersAsync(HiveContext db, Happening happened, CancellationToken cancellation)
        => CaseOf(happened) is { } id
            ? [.. (await Casebook.EligibleAsync(db, await Casebook.PartiesAsync(db, id, cancellation), cancellation)).Select(a => a.Id).OfType<PersonId>()]
            : [];

    private static CaseId? CaseOf(Happening happened) => Guid.TryParse(happened.Fact("case id"), out var id) ? new CaseId(id) : null;

    private static IQueryable<Agency.Person> With(IQueryable<Agency.Person> people, Roles roles) => people.Where(p => (p.Roles & roles) != Roles.None);
}
