using System.Text.Json;
using AccessHive.Core.Kernel;
using NodaTime;

namespace AccessHive.Core.Notices;

/// <summary>
/// That somebody is told something by one way: a row of the outbox, written in the transaction of what it tells, and its
/// own receipt afterwards. It keeps ids and open facts; names are read where they lie when it is put into words.
/// </summary>
public sealed class Notice
{
    /// <summary>Longest link kept.</summary>
    public const int LinkLength = 200;

    /// <summary>Longest problem kept.</summary>
    public const int ProblemLength = 500;

    private Notice()
    {
    }

    /// <summary>The notice's id; a mail is known by it however often it is sent.</summary>
    public NoticeId Id { get; private set; }

    /// <summary>Who is told.</summary>
    public PersonId PersonId { get; private set; }

    /// <summary>By which way.</summary>
    public NoticeWay Way { get; private set; }

    /// <summary>What.</summary>
    public NoticeKind Kind { get; private set; }

    /// <summary>Of which entry of the trail; nobody is told of one twice by the same way.</summary>
    public long Seq { get; private set; }

    /// <summary>What happened, as the trail calls it.</summary>
    public string Type { get; private set; } = "";

    /// <summary>Whether it belongs to an emergency.</summary>
    public bool Emergency { get; private set; }

    /// <summary>Whether an emergency waits for the reader.</summary>
    public bool Urgent { get; private set; }

    /// <summary>Who did it; nobody when the product itself acted.</summary>
    public PersonId? ActorId { get; private set; }

    /// <summary>Whom it concerns.</summary>
    public PersonId? ConcernedId { get; private set; }

    /// <summary>The identity.</summary>
    public IdentityId? IdentityId { get; private set; }

    /// <summary>The credential.</summary>
    public CredentialId? CredentialId { get; private set; }

    /// <summary>The request.</summary>
    public RequestId? RequestId { get; private set; }

    /// <summary>The session.</summary>
    public SessionId? SessionId { get; private set; }

    /// <summary>The open facts of the entry, as JSON.</summary>
    public string FactsJson { get; private set; } = "{}";

    /// <summary>Where its subject is looked at, relative to the product's address.</summary>
    public string Link { get; private set; } = "";

    /// <summary>When it was written: the instant of what it tells.</summary>
    public Instant CreatedAt { get; private set; }

    /// <summary>How many entries the trail had then.</summary>
    public long? TreeSize { get; private set; }

    /// <summary>The first bytes of the tree's root then, in hex.</summary>
    public string? TreeRoot { get; private set; }

    /// <summary>Where it stands.</summary>
    public NoticeState State { get; private set; }

    /// <summary>When it went out.</summary>
    public Instant? SentAt { get; private set; }

    /// <summary>When the latest try failed.</summary>
    public Instant? FailedAt { get; private set; }

    /// <summary>Why it failed or was dropped, in words.</summary>
    public string Problem { get; private set; } = "";

    /// <summary>When the reader opened it. Nobody learns when a mail was read.</summary>
    public Instant? ReadAt { get; private set; }

    /// <summary>When there was nothing left to wait for.</summary>
    public Instant? OverAt { get; private set; }

    /// <summary>Whether it still calls its reader.</summary>
    public bool IsUnread => Way == NoticeWay.InApp && ReadAt is null && OverAt is null;

    /// <summary>The anchor it carries.</summary>
    public NoticeAnchor? Anchor => TreeSize is { } size && TreeRoot is { } root ? new NoticeAnchor(size, root) : null;

    /// <summary>The facts of the entry.</summary>
    public IReadOnlyDictionary<string, string> Facts => JsonSerializer.Deserialize<Dictionary<string, string>>(FactsJson) ?? [];

    /// <summary>Writes a notice. One that is told in the product is there at once; any other waits to be sent.</summary>
    /// <param name="person">Who is told.</param>
    /// <param name="way">By which way.</param>
    /// <param name="rule">Why.</param>
    /// <param name="happened">What of.</param>
    /// <param name="anchor">The tree in this transaction.</param>
    public static Notice Write(PersonId person, NoticeWay way, NoticeRule rule, Happening happened, NoticeAnchor? anchor) => new()
    {
        Id = NoticeId.New(),
        PersonId = person,
        Way = way,
        Kind = rule.Kind,
        Seq = happened.Seq,
        Type = happened.Type,
        Emergency = happened.Emergency,
        Urgent = happened.Emergency && rule.WaitsForReader,
        ActorId = happened.By,
        ConcernedId = happened.About.Person,
        IdentityId = happened.About.Identity,
        CredentialId = happened.About.Credential,
        RequestId = happened.About.Request,
        SessionId = happened.About.Session,
        FactsJson = JsonSerializer.Serialize(happened.Facts),
        Link = NoticePlan.LinkFor(rule.Kind, happened),
        CreatedAt = happened.At,
        TreeSize = anchor?.Size,
        TreeRoot = anchor?.Root,
        State = way == NoticeWay.InApp ? NoticeState.Sent : NoticeState.Queued,
        SentAt = way == NoticeWay.InApp ? happened.At : null,
    };

    /// <summary>It went out. Once is enough: what is out stays out.</summary>
    public void MarkSent(Instant now)
    {
        if (State != NoticeState.Sent)
            (State, SentAt, Problem) = (NoticeState.Sent, now, "");
    }

    /// <summary>A try failed.</summary>
    /// <param name="problem">Why, in words and without any secret.</param>
    /// <param name="isLast">Whether no other follows by itself.</param>
    /// <param name="now">The transaction's instant.</param>
    public void MarkFailed(string problem, bool isLast, Instant now)
    {
        if (State != NoticeState.Sent)
            (State, FailedAt, Problem) = (isLast ? NoticeState.GivenUp : NoticeState.Failed, now, Cut(problem));
    }

    /// <summary>There is nothing left to tell.</summary>
    public void Drop(string why, Instant now)
    {
        if (State != NoticeState.Sent)
            (State, OverAt, Problem) = (NoticeState.Dropped, now, Cut(why));
    }

    /// <summary>There is nothing left to wait for.</summary>
    public void Settle(Instant at) => OverAt ??= at;

    /// <summary>Somebody asks for another try.</summary>
    /// <returns>Done; or <c>notice-not-given-up</c>.</returns>
    public Result<Done> TryAgain()
    {
        if (State is not (NoticeState.Failed or NoticeState.GivenUp))
            return NoticeRefusals.NoticeNotGivenUp;
        State = NoticeState.Queued;
        return Done.Yes;
    }

    /// <summary>The reader opened it; the first time counts.</summary>
    public void Read(Instant now) => ReadAt ??= now;

    private static string Cut(string text) => text.Length > ProblemLength ? text[..ProblemLength] : text;
}

/// <summary>
/// An entry of which nobody could be told in its own transaction: what it tells must not be stopped by it, and must not get
/// lost either. It is tried again until somebody is told.
/// </summary>
public sealed class NoticeDebt
{
    private NoticeDebt()
    {
    }

    /// <summary>The entry.</summary>
    public long Seq { get; private set; }

    /// <summary>Since when.</summary>
    public Instant Since { get; private set; }

    /// <summary>When it is tried again.</summary>
    public Instant DueAt { get; private set; }

    /// <summary>How often it was tried again.</summary>
    public int Tries { get; private set; }

    /// <summary>What went wrong: a kind of fault, for the log's reader.</summary>
    public string Problem { get; private set; } = "";

    /// <summary>Owes what an entry tells.</summary>
    public static NoticeDebt Of(long seq, string problem, Instant now)
        => new() { Seq = seq, Since = now, DueAt = now + Duration.FromSeconds(5), Problem = problem.Length > Notice.ProblemLength ? problem[..Notice.ProblemLength] : problem };

    /// <summary>It failed again: the next try comes after a pause that doubles, up to half an hour.</summary>
    public void Postpone(Instant now)
    {
        Tries++;
        DueAt = now + Duration.Min(Duration.FromSeconds(5L << Math.Min(Tries, 10)), Duration.FromMinutes(30));
    }
}
