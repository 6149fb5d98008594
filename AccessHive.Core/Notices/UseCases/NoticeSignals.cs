using AccessHive.Core.Kernel;
using AccessHive.Core.Live;
using NodaTime;

namespace AccessHive.Core.Notices.UseCases;

/// <summary>
/// That a receipt moved, for the pages that are open now. It is no event and stands in no trail: who misses it reads the
/// same with the next look.
/// </summary>
public static class NoticeSignals
{
    /// <summary>A mail went out, or failed: it concerns whom the notice is about.</summary>
    public const string Moved = "notice.moved";

    /// <summary>Somebody read notices of theirs.</summary>
    public const string Read = "notice.read";

    internal static void Tell(this LiveFeed feed, string type, PersonId? person, Instant now, Notice? notice = null)
        => feed.Publish(new FeedItem(notice?.Seq ?? 0, now, type, notice?.Emergency ?? false, null, person, null, null, notice?.RequestId, null));
}
