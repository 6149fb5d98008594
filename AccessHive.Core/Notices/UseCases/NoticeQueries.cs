using System.Collections.Concurrent;
using AccessHive.Core.Kernel;
using AccessHive.Core.Live;
using AccessHive.Core.Storage;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace AccessHive.Core.Notices.UseCases;

/// <summary>What the bell shows.</summary>
/// <param name="Unread">How many notices call their reader; at most <see cref="Most"/>.</param>
/// <param name="Urgent">Whether an emergency is among them.</param>
public sealed record Bell(int Unread, bool Urgent)
{
    /// <summary>Counting ends here.</summary>
    public const int Most = 100;
}

/// <summary>One row of the page of notices.</summary>
/// <param name="Id">The notice.</param>
/// <param name="Seq">The entry of the trail it tells of.</param>
/// <param name="Story">What it tells.</param>
/// <param name="IsUnread">Whether it still calls its reader.</param>
/// <param name="IsOver">Whether what it waited for was settled.</param>
/// <param name="Anchor">The tree it carries.</param>
public sealed record NoticeRow(NoticeId Id, long Seq, NoticeStory Story, bool IsUnread, bool IsOver, NoticeAnchor? Anchor);

/// <summary>One page, newest first.</summary>
/// <param name="Rows">The rows.</param>
/// <param name="Before">Ask for notices before this entry to go on; null at the end.</param>
public sealed record NoticeList(IReadOnlyList<NoticeRow> Rows, long? Before);

/// <summary>What somebody is told, in the bell and on the page of notices: their own, and nobody else's.</summary>
public sealed class NoticeQueries(Work work, IDbContextFactory<HiveContext> contexts, LiveFeed feed, HiveClock clock)
{
    /// <summary>Rows on a page.</summary>
    public const int PageSize = 30;

    private const int Remembered = 64;
    private readonly ConcurrentDictionary<long, Lazy<Task<IReadOnlySet<PersonId>>>> told = [];

    /// <summary>The bell.</summary>
    public async Task<Bell> BellAsync(PersonId caller, CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var unread = await Unread(db, caller).Select(n => n.Urgent).OrderByDescending(urgent => urgent).Take(Bell.Most).ToListAsync(cancellation);
        return new Bell(unread.Count, unread.Contains(true));
    }

    /// <summary>Whether this person was told of an entry. Every open page asks that of every entry that tells anybody; the database is asked once.</summary>
    public async Task<bool> WasToldAsync(PersonId caller, long seq)
    {
        if (told.Count > Remembered && told.Keys.Order().First() is var oldest)
            told.TryRemove(oldest, out _);
        var asked = told.GetOrAdd(seq, s => new Lazy<Task<IReadOnlySet<PersonId>>>(() => ToldAsync(s)));
        try
        {
            return (await asked.Value).Contains(caller);
        }
        catch
        {
            told.TryRemove(seq, out _);
            throw;
        }
    }

    /// <summary>One page.</summary>
    /// <param name="caller">Who reads.</param>
    /// <param name="before">Notices of entries before this one; null for the newest.</param>
    /// <param name="cancellation">Cancels the query.</param>
    public async Task<NoticeList> PageAsync(PersonId caller, long? before = null, CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var until = before ?? long.MaxValue;
        var notices = db.Notices.Where(n => n.PersonId == caller && n.Way == NoticeWay.InApp && n.Seq < until).OrderByDescending(n => n.Seq).Take(PageSize + 1);
        var rows = (await NoticeStories.OfAsync(db, notices, cancellation)).OrderByDescending(r => r.Notice.Seq)
            .Select(r => new NoticeRow(r.Notice.Id, r.Notice.Seq, r.Story, r.Notice.IsUnread, r.Notice.OverAt is not null, r.Notice.Anchor)).ToList();
        return new NoticeList([.. rows.Take(PageSize)], rows.Count > PageSize ? rows[PageSize - 1].Seq : null);
    }

    /// <summary>The reader opened one of their notices. Somebody else's stays as it is.</summary>
    public Task MarkReadAsync(PersonId caller, NoticeId id, CancellationToken cancellation = default)
        => MarkAsync(caller, db => db.Notices.Where(n => n.Id == id && n.PersonId == caller && n.Way == NoticeWay.InApp && n.ReadAt == null), cancellation);

    /// <summary>The reader has seen all there are.</summary>
    public Task MarkAllReadAsync(PersonId caller, CancellationToken cancellation = default) => MarkAsync(caller, db => Unread(db, caller), cancellation);

    private async Task MarkAsync(PersonId caller, Func<HiveContext, IQueryable<Notice>> which, CancellationToken cancellation)
    {
        await work.RunAsAsync<Done>(Actor.System, async turn =>
        {
            Instant? now = turn.Now;
            await which(turn.Db).ExecuteUpdateAsync(n => n.SetProperty(x => x.ReadAt, now), turn.Cancellation);
            return Done.Yes;
        }, cancellation);
        feed.Tell(NoticeSignals.Read, caller, clock.Now);
    }

    private static IQueryable<Notice> Unread(HiveContext db, PersonId person)
        => db.Notices.Where(n => n.PersonId == person && n.Way == NoticeWay.InApp && n.ReadAt == null && n.OverAt == null);

    private async Task<IReadOnlySet<PersonId>> ToldAsync(long seq)
    {
        await using var db = await contexts.CreateDbContextAsync();
        return (await db.Notices.Where(n => n.Seq == seq && n.Way == NoticeWay.InApp).Select(n => n.PersonId).ToListAsync()).ToHashSet();
    }
}
