using AccessHive.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace AccessHive.Core.Notices.UseCases;

/// <summary>Notices with the names that belong to them now.</summary>
internal static class NoticeStories
{
    public static async Task<IReadOnlyList<(Notice Notice, NoticeStory Story)>> OfAsync(HiveContext db, IQueryable<Notice> notices, CancellationToken cancellation)
    {
        var read = await notices.AsNoTracking().Select(n => new
        {
            Notice = n,
            Actor = db.People.Where(p => p.Id == n.ActorId).Select(p => p.Name).FirstOrDefault(),
            Concerned = db.People.Where(p => p.Id == n.ConcernedId).Select(p => p.Name).FirstOrDefault(),
            Identity = db.Identities.Where(i => i.Id == n.IdentityId).Select(i => new { i.Name, i.Client }).FirstOrDefault(),
            Credential = db.Credentials.Where(c => c.Id == n.CredentialId).Select(c => c.Label).FirstOrDefault(),
            Request = n.Kind == NoticeKind.DecisionWanted ? db.Requests.Where(r => r.Id == n.RequestId).Select(r => new { r.AskedFor, r.DecideBy }).FirstOrDefault() : null,
        }).ToListAsync(cancellation);
        return [.. read.Select(r => (r.Notice, new NoticeStory(r.Notice.Kind, r.Notice.Type, r.Notice.Emergency, r.Notice.Urgent, r.Notice.CreatedAt, r.Notice.Link, r.Notice.Facts)
        {
            Actor = r.Actor ?? Kernel.Actor.System.Name,
            Concerned = r.Concerned ?? "",
            Identity = r.Identity?.Name ?? "",
            Client = r.Identity?.Client ?? "",
            Credential = r.Credential ?? "",
            AskedFor = r.Request?.AskedFor,
            DecideBy = r.Request?.DecideBy,
        }))];
    }
}
