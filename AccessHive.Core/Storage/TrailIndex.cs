using System.Globalization;
using System.Text;
using System.Text.Json;
using AccessHive.Core.Audit;
using AccessHive.Core.Kernel;
using AccessHive.Core.Vault;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace AccessHive.Core.Storage;

/// <summary>The word index of the trail: words and marks of each entry, in the transaction that writes or changes it.</summary>
internal static class TrailIndex
{
    // A step holds up other people's commits for some 50 ms.
    private const int Step = 200;

    /// <summary>The newest entries that fit a condition of the index, as many as are wanted at most, in no order.</summary>
    /// <param name="db">The database.</param>
    /// <param name="match">The condition.</param>
    /// <param name="most">At most so many.</param>
    /// <param name="from">Not before this number.</param>
    /// <param name="until">Before this number.</param>
    public static IQueryable<TrailEntry> Find(HiveContext db, string match, int most, long from = 0, long until = long.MaxValue) => db.Trail.FromSql($"""
        SELECT t.* FROM "Trail" t JOIN (
            SELECT rowid AS "Found" FROM "TrailWords" WHERE "TrailWords" MATCH {match} AND rowid >= {from} AND rowid < {until} ORDER BY rowid DESC LIMIT {most}) ON t."Seq" = "Found"
        """).AsNoTracking();

    /// <summary>The number of the first entry that is not before an instant; of one to come, if there is none.</summary>
    public static async Task<long> FirstAtAsync(HiveContext db, Instant instant, CancellationToken cancellation)
    {
        // Entries are at whole milliseconds; the first one not before an instant between two of them is at the later one.
        var at = instant.ToUnixTimeMilliseconds();
        if (Instant.FromUnixTimeMilliseconds(at) < instant)
            at++;
        return await db.Trail.Where(e => e.RecordedAt >= at).OrderBy(e => e.RecordedAt).ThenBy(e => e.Seq).Select(e => (long?)e.Seq).FirstOrDefaultAsync(cancellation) ?? long.MaxValue;
    }

    /// <summary>Indexes a new entry.</summary>
    public static async Task AddAsync(HiveContext db, DomainEvent happened, TrailEntry entry, CancellationToken cancellation)
    {
        var facts = new Facts();
        happened.Tell(facts);
        var words = await WordsAsync(db, entry, happened.By.Name, facts.Open.Concat(facts.Personal).Select(f => f.Value), withPerson: true, cancellation);
        await InsertAsync(db, entry, words, cancellation);
    }

    /// <summary>Indexes an entry again without any words about people; what it can be filtered by stays.</summary>
    public static Task WithoutPeopleAsync(HiveContext db, TrailEntry entry, CancellationToken cancellation) => AgainAsync(db, entry, note: null, withPeople: false, cancellation);

    /// <summary>Indexes the newest entries that an older version indexed without the marks of pairs, a step of them.</summary>
    /// <returns>Whether there was something to do.</returns>
    public static async Task<Result<bool>> RenewAsync(HiveContext db, CancellationToken cancellation)
    {
        var from = await db.TrailTree.Select(t => t.PairsFrom).SingleAsync(cancellation);
        if (from <= 1)
            return false;
        var entries = await db.Trail.AsNoTracking().Where(e => e.Seq < from).OrderByDescending(e => e.Seq).Take(Step).ToListAsync(cancellation);
        var to = entries is [.., var last] ? last.Seq : 1;
        var notes = await db.TrailNotes.AsNoTracking().Where(n => n.Seq >= to && n.Seq < from).ToDictionaryAsync(n => n.Seq, cancellation);
        var erasures = await Find(db, TrailMarks.Is(TrailMarks.Type("trail.erased")), int.MaxValue).Where(e => e.PersonId != null).Select(e => new { e.Seq, e.PersonId }).ToListAsync(cancellation);
        foreach (var entry in entries)
        {
            // What was said about this person then was erased, their name in the index with it.
            var isErased = erasures.Exists(e => e.Seq > entry.Seq && (e.PersonId == entry.ActorId || e.PersonId == entry.PersonId));
            await AgainAsync(db, entry, notes.GetValueOrDefault(entry.Seq), withPeople: !isErased, cancellation);
        }

        // Entries before the oldest one were purged.
        var done = entries.Count < Step ? 1 : to;
        await db.Database.ExecuteSqlAsync($"UPDATE \"TrailTree\" SET \"PairsFrom\" = {done}", cancellation);
        if (done == 1)
            await TrailSweep.BeginAsync(db, cancellation);
        return true;
    }

    private static async Task AgainAsync(HiveContext db, TrailEntry entry, TrailNote? note, bool withPeople, CancellationToken cancellation)
    {
        using var payload = JsonDocument.Parse(entry.Payload);
        var facts = ValuesOf(payload.RootElement.GetProperty("facts"));
        if (note is not null)
        {
            using var personal = JsonDocument.Parse(note.Text);
            facts.AddRange(ValuesOf(personal.RootElement));
        }

        // What was committed to and is not there was erased.
        withPeople &= note is not null || !payload.RootElement.TryGetProperty("note", out _);
        var words = await WordsAsync(db, entry, withPeople ? payload.RootElement.GetProperty("by").GetString() : null, facts, withPeople, cancellation);
        await db.Database.ExecuteSqlAsync($"DELETE FROM \"TrailWords\" WHERE rowid = {entry.Seq}", cancellation);
        await InsertAsync(db, entry, words, cancellation);
    }

    private static async Task<string> WordsAsync(HiveContext db, TrailEntry entry, string? by, IEnumerable<string> facts, bool withPerson, CancellationToken cancellation)
    {
        var words = new StringBuilder(entry.Type.Replace('.', ' ').Replace('-', ' ')).Append(' ').Append(by);
        foreach (var fact in facts)
            words.Append(' ').Append(fact);
        if (withPerson && entry.PersonId is { } person && await db.People.FindAsync([person], cancellation) is { } concerned)
            words.Append(' ').Append(concerned.Name);
        if (entry.IdentityId is { } id && await db.Identities.FindAsync([id], cancellation) is { } identity)
            words.Append(CultureInfo.InvariantCulture, $" {identity.Name} {identity.Client} {identity.Platform}");
        return TrailWords.Index(words.ToString());
    }

    private static List<string> ValuesOf(JsonElement facts) => [.. facts.EnumerateObject().Select(f => f.Value.ToString())];

    private static Task<int> InsertAsync(HiveContext db, TrailEntry entry, string words, CancellationToken cancellation)
        => db.Database.ExecuteSqlAsync($"INSERT INTO \"TrailWords\"(rowid, words, marks) VALUES ({entry.Seq}, {words}, {TrailMarks.Of(entry)})", cancellation);
}
