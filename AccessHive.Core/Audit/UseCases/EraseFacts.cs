using System.Globalization;
using System.Text;
using AccessHive.Core.Kernel;
using AccessHive.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace AccessHive.Core.Audit.UseCases;

/// <summary>
/// Erases what entries say about people: the notes beside them and their words in the index. The entries stay, with their
/// commitments, so no proof breaks; an entry says whose facts went, by whom and why.
/// </summary>
public sealed class EraseFacts(Work work, IDbContextFactory<HiveContext> contexts)
{
    /// <summary>Entries whose facts go in one transaction.</summary>
    public const int Batch = 2_000;

    /// <summary>Who may erase.</summary>
    public const Roles MayErase = RolePermissions.SettingsEditors;

    private const string Itself = "trail.erased";

    /// <summary>Erases the personal facts of one entry.</summary>
    /// <param name="caller">Owner or Admin.</param>
    /// <param name="seq">The entry.</param>
    /// <param name="reason">Why, 3 to 500 characters.</param>
    /// <param name="cancellation">Cancels before the commit.</param>
    /// <returns>How many entries it was; or <c>erase-not-allowed</c>, <c>purge-reason-missing</c>, <c>erase-nothing</c>.</returns>
    public Task<Result<int>> EntryAsync(PersonId caller, long seq, string reason, CancellationToken cancellation = default)
        => EraseAsync(caller, person: null, [seq], reason, cancellation);

    /// <summary>Erases the personal facts of everything a person did and that concerns them.</summary>
    /// <param name="caller">Owner or Admin.</param>
    /// <param name="person">The person.</param>
    /// <param name="reason">Why, 3 to 500 characters.</param>
    /// <param name="cancellation">Ends it between two batches; what was erased stays erased.</param>
    /// <returns>How many entries it was; or <c>erase-not-allowed</c>, <c>purge-reason-missing</c>, <c>erase-nothing</c>.</returns>
    public async Task<Result<int>> PersonAsync(PersonId caller, PersonId person, string reason, CancellationToken cancellation = default)
    {
        var seqs = await FindAsync(person, cancellation);
        var (erased, first) = (0, (Refusal?)PurgeRefusals.EraseNothing);
        for (var at = 0; at == 0 || at < seqs.Count; at += Batch)
        {
            var result = await EraseAsync(caller, person, [.. seqs.Skip(at).Take(Batch)], reason, cancellation);
            if (result.IsRefused && result.Refusal != PurgeRefusals.EraseNothing)
                return result.Refusal;
            if (!result.IsRefused)
                (erased, first) = (erased + result.Value, null);
        }

        return first is null ? erased : first;
    }

    private Task<Result<int>> EraseAsync(PersonId caller, PersonId? person, IReadOnlyList<long> seqs, string reason, CancellationToken cancellation)
        => work.RunAsync<int>(caller, new Attempt("erase personal facts of the trail", Emergency: false, new Subject(Person: person)), async turn =>
        {
            if (!turn.By.Has(MayErase))
                return PurgeRefusals.EraseNotAllowed;
            if (PurgeRefusals.ReasonOf(reason) is not { } why)
                return PurgeRefusals.ReasonMissing;
            var entries = await turn.Db.Trail.AsNoTracking().Where(e => seqs.Contains(e.Seq)).OrderBy(e => e.Seq).ToListAsync(turn.Cancellation);
            var noted = await turn.Db.TrailNotes.Where(n => seqs.Contains(n.Seq)).OrderBy(n => n.Seq).Select(n => n.Seq).ToListAsync(turn.Cancellation);
            if (noted.Count == 0)
                return PurgeRefusals.EraseNothing;
            turn.Db.Note(new TrailErased(turn.Now, turn.By, person, Ranges(noted), why));
            await turn.Db.TrailNotes.Where(n => noted.Contains(n.Seq)).ExecuteDeleteAsync(turn.Cancellation);
            foreach (var entry in entries)
                await TrailIndex.WithoutPeopleAsync(turn.Db, entry, turn.Cancellation);
            await TrailSweep.BeginAsync(turn.Db, turn.Cancellation);
            return noted.Count;
        }, cancellation);

    // What an erasure itself noted about a person – who erased, and why – stays until that entry is erased by its number.
    private async Task<List<long>> FindAsync(PersonId person, CancellationToken cancellation)
    {
        var match = TrailMarks.Is(TrailMarks.Person(person));
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        return await db.Database.SqlQuery<long>($"""
            SELECT t."Seq" AS "Value" FROM "TrailWords" w JOIN "Trail" t ON t."Seq" = w.rowid
            WHERE "TrailWords" MATCH {match} AND (t."Type" <> {Itself} OR t."ActorId" = {person.Value}) ORDER BY w.rowid
            """).ToListAsync(cancellation);
    }

    // 7,12-15
    private static string Ranges(List<long> numbers)
    {
        var text = new StringBuilder();
        for (var i = 0; i < numbers.Count;)
        {
            var end = i;
            while (end + 1 < numbers.Count && numbers[end + 1] == numbers[end] + 1)
                end++;
            text.Append(CultureInfo.InvariantCulture, $"{(i > 0 ? "," : "")}{numbers[i]}");
            if (end > i)
                text.Append(CultureInfo.InvariantCulture, $"-{numbers[end]}");
            i = end + 1;
        }

        return text.ToString();
    }
}
