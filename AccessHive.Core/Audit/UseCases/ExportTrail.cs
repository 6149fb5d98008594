using System.Globalization;
using System.Reflection;
using System.Text;
using AccessHive.Core.Audit.UseCases.Formats;
using AccessHive.Core.Kernel;
using AccessHive.Core.Storage;
using Microsoft.EntityFrameworkCore;
using NodaTime.Text;

namespace AccessHive.Core.Audit.UseCases;

/// <summary>What somebody wants to take out of the trail.</summary>
/// <param name="Format">The id of a format of <see cref="ExportFormats"/>.</param>
/// <param name="Filter">What it is narrowed to.</param>
/// <param name="After">Entries after this number; 0 for all.</param>
/// <param name="Personal">Whether names and words of people go along, where the reader may see them.</param>
public sealed record ExportWish(string Format, TrailFilter Filter, long After = 0, bool Personal = true);

/// <summary>An export whose entry is in the trail, or that has nothing to say; only <see cref="ExportTrail"/> makes one.</summary>
public sealed class BegunExport
{
    internal BegunExport(Actor by, IExportFormat format, ExportHead head, EntryBatches batches, long entries)
        => (By, Format, Head, Batches, Entries) = (by, format, head, batches, entries);

    /// <summary>The format.</summary>
    public IExportFormat Format { get; }

    /// <summary>How many entries it holds.</summary>
    public long Entries { get; }

    /// <summary>Ask for entries after this number to go on.</summary>
    public long Next => Head.Last;

    internal Actor By { get; }

    internal ExportHead Head { get; }

    internal EntryBatches Batches { get; }
}

/// <summary>
/// Takes the trail out as a file or a stream: everything for those who read everything, to everybody else their own part,
/// without personal facts. An export is an entry itself, committed before the first line leaves – so its range ends
/// before that entry. It needs as much memory for ten entries as for ten million.
/// </summary>
public sealed class ExportTrail(Work work, IDbContextFactory<HiveContext> contexts, CheckpointKeeper checkpoints)
{
    /// <summary>Up to how many entries an estimate counts.</summary>
    public const int MostCounted = 100_000;

    private static readonly string version = typeof(ExportTrail).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";

    /// <summary>How many entries an export would hold now, counted up to <see cref="MostCounted"/>; nothing is noted.</summary>
    public async Task<long> EstimateAsync(PersonId caller, TrailFilter filter, CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var (from, until) = await ReadTrail.RangeAsync(db, filter, before: null, cancellation);
        var match = ReadTrail.Match(filter, await ReadTrail.OnlyOwnAsync(db, caller, cancellation) ? caller : null);
        return match.Length == 0
            ? await db.Trail.Where(e => e.Seq >= from && e.Seq < until).OrderBy(e => e.Seq).Take(MostCounted).LongCountAsync(cancellation)
            : await db.Database.SqlQuery<long>($"""SELECT COUNT(*) AS "Value" FROM (SELECT 1 FROM "TrailWords" WHERE "TrailWords" MATCH {match} AND rowid >= {from} AND rowid >= (SELECT MIN("Seq") FROM "Trail") AND rowid < {until} LIMIT {MostCounted})""").SingleAsync(cancellation);
    }

    /// <summary>Begins an export: says what it holds, and notes it.</summary>
    /// <param name="caller">Who exports.</param>
    /// <param name="wish">What.</param>
    /// <param name="cancellation">Ends it; nothing is noted then.</param>
    /// <returns>The export; or <c>export-format-unknown</c>, <c>caller-not-active</c>.</returns>
    public async Task<Result<BegunExport>> BeginAsync(PersonId caller, ExportWish wish, CancellationToken cancellation = default)
    {
        var attempt = new Attempt("export the trail", Emergency: false, Subject.Nothing);
        Actor reader;
        await using (var db = await contexts.CreateDbContextAsync(cancellation))
            reader = await Reader.AsActorAsync(db, caller, cancellation);
        var onlyOwn = !reader.Has(RolePermissions.TrailReaders);
        // So that what leaves is covered by a signature, up to the newest entry.
        if (reader.Roles != Roles.None && ExportFormats.Find(wish.Format) is { Proves: true } && await IsAheadAsync(cancellation))
            await checkpoints.MakeAsync(CheckpointCause.Export, cancellation);
        return await BeginAsync(reader, wish, onlyOwn, note => work.RunAsync<Done>(caller, attempt, turn =>
        {
            // Whoever may read less than a moment ago gets nothing that was counted for more.
            if (onlyOwn != !turn.By.Has(RolePermissions.TrailReaders))
                return Task.FromResult<Result<Done>>(ExportTrailRefusals.RolesChanged);
            turn.Db.Note(note(turn));
            return Task.FromResult<Result<Done>>(Done.Yes);
        }, cancellation), cancellation);
    }

    /// <summary>The same for who stands at the console of the machine and may read the file anyway.</summary>
    /// <param name="wish">What.</param>
    /// <param name="noting">Whether the house can be written, so that the export is noted.</param>
    /// <param name="cancellation">Ends it.</param>
    public Task<Result<BegunExport>> BeginAtConsoleAsync(ExportWish wish, bool noting, CancellationToken cancellation = default)
        => BeginAsync(Actor.Console, wish, onlyOwn: false, note => !noting ? Task.FromResult<Result<Done>>(Done.Yes) : work.RunAsAsync<Done>(Actor.Console, async turn =>
        {
            turn.Db.Note(note(turn) with { At = await turn.NotBeforeTheTrailAsync() });
            return Done.Yes;
        }, cancellation), cancellation);

    /// <summary>Writes it. Cancelled, or with nobody left who reads, it ends at once and says so in the trail.</summary>
    /// <param name="export">What was begun.</param>
    /// <param name="to">Where to.</param>
    /// <param name="written">Told how many entries have been written, after each batch.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task WriteAsync(BegunExport export, Stream to, IProgress<long>? written = null, CancellationToken cancellation = default)
    {
        var count = 0L;
        try
        {
            using var page = new MemoryStream();
            using var writer = export.Format.Open(page, export.Head);
            writer.Begin();
            var paths = export.Format.Proves && export.Head.NeedsProofs ? new AuditPaths(contexts, export.Head.Size) : null;
            for (var after = export.Head.First - 1; ;)
            {
                var batch = await export.Batches.AfterAsync(after, export.Head.Last, cancellation);
                if (paths is not null)
                    await paths.ProveAsync(batch, cancellation);
                foreach (var entry in batch)
                    writer.Write(entry);
                count += batch.Count;
                var over = batch.Count < EntryBatches.Size;
                if (over)
                    writer.End(count);
                else
                    after = batch[^1].Seq;
                await to.WriteAsync(page.GetBuffer().AsMemory(0, (int)page.Length), cancellation);
                page.SetLength(0);
                written?.Report(count);
                if (over)
                    break;
            }

            await to.FlushAsync(cancellation);
        }
        catch (Exception ended) when (ended is OperationCanceledException or IOException)
        {
            await StoppedAsync(export, count);
            throw;
        }
    }

    private async Task<Result<BegunExport>> BeginAsync(
        Actor reader, ExportWish wish, bool onlyOwn, Func<Func<Turn, TrailExported>, Task<Result<Done>>> noteAsync, CancellationToken cancellation)
    {
        if (ExportFormats.Find(wish.Format) is not { } format)
            return ExportTrailRefusals.FormatUnknown;
        var match = ReadTrail.Match(wish.Filter, onlyOwn ? reader.Id : null);
        var batches = new EntryBatches(contexts, match, notes: wish.Personal && !onlyOwn, names: wish.Personal);
        ExportHead head;
        await using (var db = await contexts.CreateDbContextAsync(cancellation))
            head = await HeadAsync(db, wish, match.Length > 0, format.Proves, cancellation);
        var entries = await batches.CountAsync(head.First - 1, head.Last, cancellation);
        var begun = new BegunExport(reader, format, head, batches, entries);
        // Who follows finds the entries of their own asking. If there is nothing else there is nothing new, and no entry
        // that would be new the next time.
        if (wish.After > 0 && (entries == 0 || await OnlyAskedAsync(reader, match, head, entries, cancellation)))
            return new BegunExport(reader, format, head with { Last = wish.After }, batches, 0);
        var noted = await noteAsync(turn => new TrailExported(turn.Now, turn.By, format.Id, FilterWords(wish), head.First, head.Last, entries));
        return noted.IsRefused ? noted.Refusal : begun;
    }

    private async Task<bool> IsAheadAsync(CancellationToken cancellation)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var signed = await db.TrailCheckpoints.MaxAsync(c => (long?)c.Size, cancellation) ?? 0;
        return await db.Trail.AnyAsync(e => e.Seq > signed, cancellation);
    }

    private static async Task<ExportHead> HeadAsync(HiveContext db, ExportWish wish, bool narrowed, bool proves, CancellationToken cancellation)
    {
        var (from, until) = await ReadTrail.RangeAsync(db, wish.Filter, before: null, cancellation);
        var newest = await db.Trail.MaxAsync(e => (long?)e.Seq, cancellation) ?? 0;
        var oldest = await db.Trail.MinAsync(e => (long?)e.Seq, cancellation) ?? 1;
        var first = Math.Max(Math.Max(from, oldest), wish.After + 1);
        var last = Math.Min(until == long.MaxValue ? long.MaxValue : until - 1, newest);
        var tree = await db.TrailTree.AsNoTracking().SingleOrDefaultAsync(cancellation);
        var keys = await db.TrailKeys.AsNoTracking().OrderBy(k => k.Epoch).Select(k => k.Certificate).ToListAsync(cancellation);
        var checkpoint = await db.TrailCheckpoints.AsNoTracking().OrderByDescending(c => c.Id).FirstOrDefaultAsync(cancellation);
        // What no checkpoint covers yet could not be verified: it waits for the next one.
        if (proves && checkpoint is not null)
            last = Math.Min(last, checkpoint.Size);
        last = Math.Max(last, first - 1);
        return new ExportHead(tree?.Origin ?? "accesshive", first, last, narrowed, wish.After > 0, version, Environment.MachineName)
        {
            Size = checkpoint?.Size ?? newest,
            Checkpoint = checkpoint is null ? null : Encoding.UTF8.GetString(checkpoint.Note),
            Keys = [.. keys.Select(Encoding.UTF8.GetString)],
        };
    }

    // Of what matches, how much is the reader's own asking.
    private async Task<bool> OnlyAskedAsync(Actor reader, string match, ExportHead head, long entries, CancellationToken cancellation)
    {
        var asking = TrailMarks.AnyOf([TrailMarks.Type("trail.exported"), TrailMarks.Type("trail.export-stopped")]);
        var condition = match.Length == 0 ? asking : $"{match} AND {asking}";
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var asked = db.Trail.FromSql($"""
            SELECT t.* FROM "Trail" t JOIN (
                SELECT rowid AS "Found" FROM "TrailWords" WHERE "TrailWords" MATCH {condition} AND rowid >= {head.First} AND rowid <= {head.Last}) ON t."Seq" = "Found"
            """);
        return await asked.Where(e => e.ActorId == reader.Id).LongCountAsync(cancellation) >= entries;
    }

    private Task<Result<Done>> StoppedAsync(BegunExport export, long count) => work.RunAsAsync<Done>(export.By, async turn =>
    {
        turn.Db.Note(new TrailExportStopped(await turn.NotBeforeTheTrailAsync(), turn.By, export.Format.Id, count, export.Entries));
        return Done.Yes;
    }, CancellationToken.None);

    private static string FilterWords(ExportWish wish)
    {
        var filter = wish.Filter;
        return string.Join(", ", new[]
        {
            filter.Emergency ? "emergency" : "",
            filter.Type ?? "",
            filter.Person is { } person ? $"person {person}" : "",
            filter.Identity is { } identity ? $"identity {identity}" : "",
            filter.Request is { } request ? $"request {request}" : "",
            filter.Session is { } session ? $"session {session}" : "",
            filter.From is { } from ? $"from {InstantPattern.General.Format(from)}" : "",
            filter.Until is { } until ? $"until {InstantPattern.General.Format(until)}" : "",
            filter.Text.Trim().Length > 0 ? $"words {filter.Text.Trim()}" : "",
            wish.After > 0 ? string.Create(CultureInfo.InvariantCulture, $"after {wish.After}") : "",
            wish.Personal ? "" : "without personal facts",
        }.Where(w => w.Length > 0));
    }
}

/// <summary>Why an export of the trail is refused.</summary>
public static class ExportTrailRefusals
{
    /// <summary>There is no such format.</summary>
    public static readonly Refusal FormatUnknown = new("export-format-unknown");

    /// <summary>What the person may read changed while the export began.</summary>
    public static readonly Refusal RolesChanged = new("export-roles-changed");
}
