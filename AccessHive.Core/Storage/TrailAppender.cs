using System.Globalization;
using System.Text;
using AccessHive.Core.Audit;
using AccessHive.Core.Kernel;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace AccessHive.Core.Storage;

/// <summary>
/// Turns each raised event into exactly one trail entry, in the same transaction as the state: nobody can forget the
/// audit, and without the entry – and its place in the tree – there is no change.
/// </summary>
public sealed class TrailAppender : SaveChangesInterceptor
{
    /// <inheritdoc/>
    public override async ValueTask<InterceptionResult<int>> SavingChangesAsync(
        DbContextEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        if (eventData.Context is HiveContext db && db.TakeEvents() is { Count: > 0 } events)
            await AppendAsync(db, events, cancellationToken);
        return result;
    }

    /// <inheritdoc/>
    public override InterceptionResult<int> SavingChanges(DbContextEventData eventData, InterceptionResult<int> result)
        => eventData.Context is HiveContext db && db.TakeEvents().Count > 0
            ? throw new InvalidOperationException("Events are saved asynchronously, by Work.")
            : result;

    private static async Task AppendAsync(HiveContext db, IReadOnlyList<DomainEvent> events, CancellationToken cancellation)
    {
        if (db.Database.CurrentTransaction is null)
            throw new InvalidOperationException("Events need a transaction: change aggregates through Work.");

        var tree = await TreeRow.OpenAsync(db, cancellation);
        foreach (var happened in events)
        {
            var (entry, note) = TrailFormat.Write(happened, tree.Size + 1, tree.LastLeaf);
            tree.Append(entry.LeafHash);
            db.Trail.Add(entry);
            if (note is not null)
                db.TrailNotes.Add(note);
            await IndexAsync(db, happened, entry, cancellation);
        }

        db.Head = await tree.SaveAsync(cancellation);
    }

    private static async Task IndexAsync(HiveContext db, DomainEvent happened, TrailEntry entry, CancellationToken cancellation)
    {
        var words = await WordsAsync(db, happened, cancellation);
        var marks = TrailMarks.Of(entry);
        await db.Database.ExecuteSqlAsync($"INSERT INTO \"TrailWords\"(rowid, words, marks) VALUES ({entry.Seq}, {words}, {marks})", cancellation);
    }

    private static async Task<string> WordsAsync(HiveContext db, DomainEvent happened, CancellationToken cancellation)
    {
        var facts = new Facts();
        happened.Tell(facts);
        var words = new StringBuilder(happened.Type.Replace('.', ' ').Replace('-', ' ')).Append(' ').Append(happened.By.Name);
        foreach (var (_, value) in facts.Open.Concat(facts.Personal))
            words.Append(' ').Append(value);
        if (happened.About.Person is { } person && await db.People.FindAsync([person], cancellation) is { } concerned)
            words.Append(' ').Append(concerned.Name);
        if (happened.About.Identity is { } id && await db.Identities.FindAsync([id], cancellation) is { } identity)
            words.Append(CultureInfo.InvariantCulture, $" {identity.Name} {identity.Client} {identity.Platform}");
        return TrailWords.Index(words.ToString());
    }
}
