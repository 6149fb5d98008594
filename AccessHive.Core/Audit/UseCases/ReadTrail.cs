using System.Text;
using System.Text.Json;
using AccessHive.Core.Kernel;
using AccessHive.Core.Storage;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace AccessHive.Core.Audit.UseCases;

/// <summary>What the trail is narrowed to; every combination is one look-up.</summary>
/// <param name="Emergency">Emergency entries only (P11).</param>
/// <param name="Person">What this person did or what concerns them.</param>
/// <param name="Type">One kind of entry.</param>
/// <param name="Identity">Entries about this identity.</param>
/// <param name="From">Not before this instant.</param>
/// <param name="Until">Before this instant.</param>
/// <param name="Text">Words or beginnings of words; all of them must occur.</param>
/// <param name="Request">Entries about this request.</param>
/// <param name="Session">Entries of this session.</param>
public sealed record TrailFilter(
    bool Emergency = false, PersonId? Person = null, string? Type = null, IdentityId? Identity = null, Instant? From = null, Instant? Until = null, string Text = "",
    RequestId? Request = null, SessionId? Session = null)
{
    /// <summary>Most characters of free text.</summary>
    public const int TextLength = 200;
}

/// <summary>One row of the trail page.</summary>
/// <param name="Seq">The entry's number.</param>
/// <param name="At">When.</param>
/// <param name="Type">What happened.</param>
/// <param name="Emergency">Whether it belongs to an emergency.</param>
/// <param name="Actor">Who did it; nobody when the product itself or the console acted.</param>
/// <param name="ActorName">Their name now; the name they acted under, when there is no such person.</param>
/// <param name="Person">Whom it concerns.</param>
/// <param name="PersonName">Their name now.</param>
/// <param name="Identity">The identity.</param>
/// <param name="IdentityName">Its name now.</param>
/// <param name="Request">The request.</param>
/// <param name="Session">The session.</param>
/// <param name="Facts">What the entry says, in its order; facts about persons are in <see cref="TrailDetail"/> only.</param>
public sealed record TrailRow(
    long Seq, Instant At, string Type, bool Emergency, PersonId? Actor, string ActorName, PersonId? Person, string? PersonName,
    IdentityId? Identity, string? IdentityName, RequestId? Request, SessionId? Session, IReadOnlyList<KeyValuePair<string, string>> Facts);

/// <summary>One page, newest first.</summary>
/// <param name="Rows">The rows.</param>
/// <param name="Before">Ask for entries before this number to go on; null at the end.</param>
public sealed record TrailPage(IReadOnlyList<TrailRow> Rows, long? Before);

/// <summary>One entry in full, as the drawer shows it.</summary>
/// <param name="Row">What the list shows.</param>
/// <param name="Facts">What the entry says, in its order; erased personal facts are missing.</param>
/// <param name="Payload">The hashed bytes, as text.</param>
/// <param name="LeafHash">The leaf hash in hex.</param>
/// <param name="PreviousLeaf">The leaf hash of the entry before, in hex.</param>
public sealed record TrailDetail(TrailRow Row, IReadOnlyList<KeyValuePair<string, string>> Facts, string Payload, string LeafHash, string PreviousLeaf)
{
    /// <summary>Whether facts about people lie beside it.</summary>
    public bool HasPersonal { get; init; }

    /// <summary>Whether there were such facts and they were erased.</summary>
    public bool IsErased { get; init; }
}

/// <summary>
/// Reads the trail for people: everything for Owner, Admin, Security Owner and Auditor; for everybody else what they did
/// or what concerns them.
/// </summary>
public sealed class ReadTrail(IDbContextFactory<HiveContext> contexts)
{
    /// <summary>Rows on a page.</summary>
    public const int PageSize = 50;

    /// <summary>One page.</summary>
    /// <param name="caller">Who reads.</param>
    /// <param name="filter">What it is narrowed to.</param>
    /// <param name="before">Entries before this number; null for the newest.</param>
    /// <param name="cancellation">Cancels the query.</param>
    public async Task<TrailPage> PageAsync(PersonId caller, TrailFilter filter, long? before = null, CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        // Once for all of it: each query would open and close it by itself.
        await db.Database.OpenConnectionAsync(cancellation);
        var (from, until) = await RangeAsync(db, filter, before, cancellation);
        PersonId? only = await OnlyOwnAsync(db, caller, cancellation) ? caller : null;
        var match = Match(filter, only, Common(filter, only).Count > 1 && await db.TrailTree.AnyAsync(t => t.PairsFrom <= 1, cancellation));
        var rows = await TrailRows.NewestAsync(db, match, from, until, PageSize + 1, cancellation);
        return new TrailPage([.. rows.Take(PageSize)], rows.Count > PageSize ? rows[PageSize - 1].Seq : null);
    }

    /// <summary>One entry in full; nothing, if there is none or the caller may not read it.</summary>
    public async Task<TrailDetail?> DetailAsync(PersonId caller, long seq, CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        if (await db.Trail.AsNoTracking().SingleOrDefaultAsync(e => e.Seq == seq, cancellation) is not { } entry)
            return null;
        if (await OnlyOwnAsync(db, caller, cancellation) && entry.ActorId != caller && entry.PersonId != caller)
            return null;
        await db.Database.OpenConnectionAsync(cancellation);
        var row = (await TrailRows.NewestAsync(db, "", seq, seq + 1, 1, cancellation))[0];
        var note = await db.TrailNotes.AsNoTracking().SingleOrDefaultAsync(n => n.Seq == seq, cancellation);
        using var payload = JsonDocument.Parse(entry.Payload);
        List<KeyValuePair<string, string>> facts = [.. row.Facts];
        if (note is not null)
        {
            using var personal = JsonDocument.Parse(note.Text);
            facts.AddRange(FactsOf(personal.RootElement));
        }

        return new TrailDetail(row, facts, Encoding.UTF8.GetString(entry.Payload), Convert.ToHexStringLower(entry.LeafHash), payload.RootElement.GetProperty("prev").GetString()!)
        {
            HasPersonal = note is not null,
            IsErased = note is null && payload.RootElement.TryGetProperty("note", out _),
        };
    }

    /// <summary>The kinds of entry that occur, for the filter.</summary>
    public static IReadOnlyList<string> Types { get; } =
    [
        "request.raised", "request.routed", "request.shown", "request.approved", "request.approved-by-one", "request.turned-into-emergency", "request.denied", "request.withdrawn", "request.lapsed",
        "session.started", "session.secret-revealed", "session.secret-copied", "session.secret-downloaded", "session.expired", "session.ended-by-holder", "session.checked-in", "session.extended", "session.revoked",
        "policy.emergency-edited", "policy.approval-edited", "policy.approvers-changed", "policy.approvers-given-up", "attempt.refused",
        "identity.added", "identity.edited", "identity.archived", "identity.restored", "identities.exported", "import.finished",
        "credential.added", "credential.edited", "credential.secret-changed", "credential.field-changed", "credential.field-removed", "credential.rotation-planned", "credential.archived",
        "case.opened", "case.joined", "case.opened-by-reviewer", "case.reviewed", "case.reopened", "case.follow-up-added", "case.follow-up-done", "case.follow-up-undone",
        "case.commented", "case.review-due", "case.account-closed", "case.closed", "case.handed-over",
        "rotation.opened", "rotation.waits", "rotation.began", "rotation.stored", "rotation.set", "rotation.verified", "rotation.fell-back", "rotation.try-failed", "rotation.needs-person",
        "rotation.retried", "rotation.entered", "rotation.pending-shown", "rotation.rejected", "rotation.cancelled", "rotation.login-tested", "rotation.reported",
        "person.invited", "person.joined", "person.roles-changed", "person.disabled", "person.enabled", "person.signed-in", "person.sign-in-failed",
        "notices.settings-changed", "notices.mail-tested", "notices.mail-retried", "notices.mail-chosen",

        "agency.settings-changed", "week.reminder", "week.attested", "reviews.block-lifted", "clock.jumped",
        "house.rekeyed", "house.backed-up", "house.restored",
        "trail.exported", "trail.export-stopped", "trail.syslog-edited", "trail.syslog-tested",
        "trail.purge-asked", "trail.purge-withdrawn", "trail.purged", "trail.erased",
    ];

    /// <summary>The condition of the index.</summary>
    /// <param name="filter">What is looked for.</param>
    /// <param name="only">Whose own entries only.</param>
    /// <param name="pairs">Whether every entry has the marks of pairs already (<see cref="TrailTree.PairsFrom"/>).</param>
    internal static string Match(TrailFilter filter, PersonId? only, bool pairs = false)
    {
        var common = Common(filter, only);
        List<string> marks = pairs && common.Count > 1 ? [.. TrailMarks.Pairs(common)] : [.. common];
        if (filter.Request is { } request)
            marks.Add(TrailMarks.Request(request));
        if (filter.Session is { } session)
            marks.Add(TrailMarks.Session(session));
        var text = filter.Text.Length > TrailFilter.TextLength ? filter.Text[..TrailFilter.TextLength] : filter.Text;
        return string.Join(" AND ", marks.Select(TrailMarks.Is).Concat(TrailWords.Conditions(text)));
    }

    // What many entries have.
    private static HashSet<string> Common(TrailFilter filter, PersonId? only)
    {
        var marks = new HashSet<string>(StringComparer.Ordinal);
        if (filter.Emergency)
            marks.Add(TrailMarks.Emergency);
        if (filter.Person is { } person)
            marks.Add(TrailMarks.Person(person));
        if (only is { } own)
            marks.Add(TrailMarks.Person(own));
        if (!string.IsNullOrEmpty(filter.Type))
            marks.Add(TrailMarks.Type(filter.Type));
        if (filter.Identity is { } identity)
            marks.Add(TrailMarks.Identity(identity));
        return marks;
    }

    // Numbers and times grow together, so a span of time is a span of numbers.
    internal static async Task<(long From, long Until)> RangeAsync(HiveContext db, TrailFilter filter, long? before, CancellationToken cancellation)
    {
        var from = filter.From is { } f ? await TrailIndex.FirstAtAsync(db, f, cancellation) : 0;
        var until = filter.Until is { } u ? await TrailIndex.FirstAtAsync(db, u, cancellation) : long.MaxValue;
        return (from, Math.Min(until, before ?? long.MaxValue));
    }

    internal static async Task<bool> OnlyOwnAsync(HiveContext db, PersonId caller, CancellationToken cancellation)
    {
        var person = await db.People.AsNoTracking().SingleOrDefaultAsync(p => p.Id == caller, cancellation);
        return person is not { IsActive: true } || !person.Roles.HasAny(RolePermissions.TrailReaders);
    }

    private static List<KeyValuePair<string, string>> FactsOf(JsonElement facts)
        => [.. facts.EnumerateObject().Select(p => new KeyValuePair<string, string>(p.Name, p.Value.ToString()))];
}
