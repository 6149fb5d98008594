using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using AccessHive.Core.Audit.UseCases.Formats;
using AccessHive.Core.Audit.UseCases.Verifying;
using AccessHive.Core.Cases;
using AccessHive.Core.Kernel;
using AccessHive.Core.Requests;
using AccessHive.Core.Storage;
using AccessHive.Core.Vault;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using NodaTime;

namespace AccessHive.Core.Audit.UseCases;

/// <summary>A purge as a page shows it.</summary>
/// <param name="Id">Its number.</param>
/// <param name="First">The first entry that goes or went.</param>
/// <param name="Until">The last one.</param>
/// <param name="AskedBy">Who asked.</param>
/// <param name="AskedByName">Their name now.</param>
/// <param name="AskedAt">When.</param>
/// <param name="Reason">Why.</param>
/// <param name="File">The whole path of the exported file.</param>
/// <param name="Sha256">Its hash, in hex.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="ConfirmedByName">Who confirmed.</param>
/// <param name="DoneAt">When the entries went.</param>
public sealed record PurgeView(
    long Id, long First, long Until, PersonId AskedBy, string AskedByName, Instant AskedAt, string Reason, string File, string Sha256, long Bytes, string? ConfirmedByName, Instant? DoneAt);

/// <summary>What the Retention card shows.</summary>
/// <param name="Oldest">The number of the oldest entry.</param>
/// <param name="OldestAt">When it was recorded.</param>
/// <param name="Until">Up to where entries could go now; null when nothing is old enough.</param>
/// <param name="HeldBy">Cases that hold it, by number; 0 for an emergency without a case.</param>
/// <param name="Open">The purge that waits for its second person.</param>
/// <param name="Last">The last one that was done.</param>
/// <param name="Reads">Whether this person sees it at all.</param>
public sealed record RetentionCard(long Oldest, Instant? OldestAt, long? Until, IReadOnlyList<long> HeldBy, PurgeView? Open, PurgeView? Last, bool Reads);

/// <summary>
/// Purges the oldest entries: asked for by one person, exported, the export verified, confirmed by another. The hashes of their
/// subtrees stay, so that every later proof works.
/// </summary>
public sealed class PurgeTrail(Work work, IDbContextFactory<HiveContext> contexts, HousePaths paths, HouseSeal seal, HiveClock clock)
{
    private static readonly string version = typeof(PurgeTrail).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";

    /// <summary>The card.</summary>
    public async Task<RetentionCard> ReadAsync(PersonId caller, CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var reader = await Reader.AsActorAsync(db, caller, cancellation);
        var oldest = await db.Trail.OrderBy(e => e.Seq).Select(e => new { e.Seq, e.RecordedAt }).FirstOrDefaultAsync(cancellation);
        Instant? oldestAt = oldest is null ? null : Instant.FromUnixTimeMilliseconds(oldest.RecordedAt);
        if (!reader.Has(RolePermissions.TrailReaders))
            return new RetentionCard(oldest?.Seq ?? 0, oldestAt, null, [], null, null, Reads: false);
        var until = await UntilAsync(db, clock.Now, cancellation);
        var held = until is { } last ? await HeldAsync(db, last, cancellation) : [];
        var purges = await db.TrailPurges.AsNoTracking().Where(p => p.WithdrawnAt == null).OrderByDescending(p => p.Id).Take(2).ToListAsync(cancellation);
        return new RetentionCard(
            oldest?.Seq ?? 0, oldestAt, until, held, await ViewAsync(db, purges.Find(p => p.IsOpen), cancellation), await ViewAsync(db, purges.Find(p => p.DoneAt is not null), cancellation), Reads: true);
    }

    /// <summary>Asks for everything that is old enough: exports it, verifies the export, and waits for a second person.</summary>
    /// <param name="caller">Who asks: Owner or Admin.</param>
    /// <param name="reason">Why, 3 to 500 characters.</param>
    /// <param name="written">Told how many entries have been exported.</param>
    /// <param name="cancellation">Ends it; nothing is asked for then.</param>
    /// <returns>
    /// The purge's number; or <c>purge-not-allowed</c>, <c>purge-reason-missing</c>, <c>purge-open-already</c>,
    /// <c>purge-nothing-old</c>, <c>purge-held</c>, <c>purge-export-failed</c>.
    /// </returns>
    public async Task<Result<long>> AskAsync(PersonId caller, string reason, IProgress<long>? written = null, CancellationToken cancellation = default)
    {
        var attempt = new Attempt("ask for a purge of the trail", Emergency: false, Subject.Nothing);
        var planned = await work.RunAsync<Plan>(caller, attempt, turn => PlanAsync(turn, reason), cancellation);
        if (planned.IsRefused)
            return planned.Refusal;
        var part = await ExportAsync(planned.Value, written, cancellation);
        if (part is null)
            return PurgeRefusals.ExportFailed.With("file", planned.Value.File);
        var asked = await work.RunAsync<TrailPurge>(caller, attempt, async turn =>
        {
            if (await RefusalAsync(turn, part.Until) is { } meanwhile)
                return meanwhile;
            var purge = TrailPurge.Ask(part, reason, turn.By, turn.Now);
            if (!purge.IsRefused)
                turn.Db.TrailPurges.Add(purge.Value);
            return purge;
        }, cancellation);
        if (!asked.IsRefused)
            return asked.Value.Id;
        File.Delete(planned.Value.File);
        return asked.Refusal;
    }

    /// <summary>Confirms a purge, and purges.</summary>
    /// <param name="caller">Who confirms: Owner, Admin or Security Owner, and never who asked.</param>
    /// <param name="id">The purge.</param>
    /// <param name="cancellation">Cancels before the commit.</param>
    /// <returns>Done; or <c>purge-not-confirmer</c>, <c>purge-over</c>, <c>purge-own</c>, <c>purge-file-changed</c>, <c>purge-held</c>.</returns>
    public async Task<Result<Done>> ConfirmAsync(PersonId caller, long id, CancellationToken cancellation = default)
    {
        var hash = await HashAsync(id, cancellation);
        return await work.RunAsync<Done>(caller, new Attempt("purge the trail", Emergency: false, Subject.Nothing), async turn =>
        {
            if (await turn.Db.TrailPurges.SingleOrDefaultAsync(p => p.Id == id, turn.Cancellation) is not { } purge)
                return PurgeRefusals.Over;
            turn.Concerning = new Subject(Person: purge.AskedBy);
            var confirmed = purge.Confirm(hash, turn.By, turn.Now);
            if (confirmed.IsRefused)
                return confirmed;
            if (await HeldAsync(turn.Db, purge.Until, turn.Cancellation) is { Count: > 0 } held)
                return Held(held);
            // First the entry that tells of it: without it nothing goes.
            await turn.Db.SaveChangesAsync(turn.Cancellation);
            await DeleteAsync(turn.Db, purge.Until, turn.Cancellation);
            purge.Finish(turn.Now);
            return Done.Yes;
        }, cancellation);
    }

    /// <summary>Gives a purge up.</summary>
    /// <returns>Done; or <c>purge-not-confirmer</c>, <c>purge-over</c>.</returns>
    public Task<Result<Done>> WithdrawAsync(PersonId caller, long id, CancellationToken cancellation = default)
        => work.RunAsync<Done>(caller, new Attempt("give up a purge of the trail", Emergency: false, Subject.Nothing), async turn
            => await turn.Db.TrailPurges.SingleOrDefaultAsync(p => p.Id == id, turn.Cancellation) is { } purge ? purge.Withdraw(turn.By, turn.Now) : PurgeRefusals.Over, cancellation);

    private static async Task DeleteAsync(HiveContext db, long until, CancellationToken cancellation)
    {
        await db.Database.ExecuteSqlAsync($"DELETE FROM \"TrailNotes\" WHERE \"Seq\" <= {until}", cancellation);
        await db.Database.ExecuteSqlAsync($"DELETE FROM \"Trail\" WHERE \"Seq\" <= {until}", cancellation);
        // Their words are found by nobody any more, and go in small steps.
        await TrailSweep.BeginAsync(db, cancellation);
    }

    private async Task<Result<Plan>> PlanAsync(Turn turn, string reason)
    {
        if (!turn.By.Has(TrailPurge.MayAsk))
            return PurgeRefusals.NotAllowed;
        if (PurgeRefusals.ReasonOf(reason) is null)
            return PurgeRefusals.ReasonMissing;
        if (await UntilAsync(turn.Db, turn.Now, turn.Cancellation) is not { } until)
            return PurgeRefusals.NothingOld;
        if (await RefusalAsync(turn, until) is { } refused)
            return refused;
        var first = await turn.Db.Trail.MinAsync(e => e.Seq, turn.Cancellation);
        var tree = await turn.Db.TrailTree.AsNoTracking().SingleAsync(turn.Cancellation);
        var root = TreeProofs.Root(new StoredTree(turn.Db.Database.GetDbConnection(), turn.Db.Database.CurrentTransaction!.GetDbTransaction()), until);
        using var key = await DayKeys.NewestAsync(turn.Db, seal, tree.Origin, turn.Cancellation) ?? await DayKeys.TakeAsync(turn.Db, seal, tree.Origin, turn.Now, turn.Cancellation);
        await turn.Db.SaveChangesAsync(turn.Cancellation);
        var checkpoint = key.Sign(new Checkpoint(tree.Origin, until, root, turn.Now, key.Epoch).Text);
        var certificates = await turn.Db.TrailKeys.AsNoTracking().OrderBy(k => k.Epoch).Select(k => k.Certificate).ToListAsync(turn.Cancellation);
        var name = string.Create(CultureInfo.InvariantCulture, $"trail-{first}-{until}-{RandomNumberGenerator.GetHexString(8, lowercase: true)}.jsonl");
        return new Plan(new ExportHead(tree.Origin, first, until, Narrowed: false, Follows: false, version, Environment.MachineName)
        {
            Size = until,
            Keys = [.. certificates.Select(Encoding.UTF8.GetString)],
            Checkpoint = Encoding.UTF8.GetString(checkpoint),
        }, root, Path.Combine(paths.Archive, name));
    }

    // Read in batches, each in a query of its own: everybody goes on meanwhile, and what is old does not change.
    private async Task<PurgedPart?> ExportAsync(Plan plan, IProgress<long>? written, CancellationToken cancellation)
    {
        try
        {
            OwnerOnly.MakeFolder(paths.Archive);
            await using (var file = OwnerOnly.Open(plan.File, FileMode.CreateNew))
            {
                await WriteAsync(plan, file, written, cancellation);
                file.Flush(flushToDisk: true);
            }

            var report = VerifyTrail.Run(new VerifyWish(plan.File), tell: null, cancellation);
            if (report.Findings.Count > 0 || report.First != plan.Head.First || report.Last != plan.Head.Last || report.Entries != plan.Head.Last - plan.Head.First + 1)
            {
                File.Delete(plan.File);
                return null;
            }

            await using var read = File.OpenRead(plan.File);
            return new PurgedPart(plan.Head.First, plan.Head.Last, plan.Root, Path.GetFileName(plan.File), await SHA256.HashDataAsync(read, cancellation), read.Length);
        }
        catch (OperationCanceledException)
        {
            File.Delete(plan.File);
            throw;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException or NotATrailException)
        {
            return null;
        }
    }

    private async Task WriteAsync(Plan plan, FileStream file, IProgress<long>? written, CancellationToken cancellation)
    {
        var (head, batches) = (plan.Head, new EntryBatches(contexts, match: "", notes: true, names: false));
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        await db.Database.OpenConnectionAsync(cancellation);
        // A whole beginning verifies by its root; what follows an earlier purge, each entry by its proof.
        var tree = head.First == 1 ? null : new KeptHashes(new StoredTree(db.Database.GetDbConnection()));
        using var page = new MemoryStream();
        using var writer = new JsonLinesFormat().Open(page, head);
        writer.Begin();
        for (var after = head.First - 1; after < head.Last;)
        {
            var batch = await batches.AfterAsync(after, head.Last, cancellation);
            if (batch.Count == 0)
                break;
            foreach (var entry in batch)
            {
                if (tree is not null)
                    entry.Proof = TreeProofs.Inclusion(tree, entry.Seq - 1, head.Last);
                writer.Write(entry);
            }

            after = batch[^1].Seq;
            await file.WriteAsync(page.GetBuffer().AsMemory(0, (int)page.Length), cancellation);
            page.SetLength(0);
            written?.Report(after - head.First + 1);
        }

        writer.End(head.Last - head.First + 1);
        await file.WriteAsync(page.GetBuffer().AsMemory(0, (int)page.Length), cancellation);
    }

    private async Task<byte[]?> HashAsync(long id, CancellationToken cancellation)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        if (await db.TrailPurges.AsNoTracking().Where(p => p.Id == id).Select(p => p.File).SingleOrDefaultAsync(cancellation) is not { } name)
            return null;
        try
        {
            await using var file = File.OpenRead(Path.Combine(paths.Archive, name));
            return await SHA256.HashDataAsync(file, cancellation);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    // The last entry that is older than twelve months, down to a multiple of 256.
    private static async Task<long?> UntilAsync(HiveContext db, Instant now, CancellationToken cancellation)
    {
        var limit = now.InUtc().LocalDateTime.PlusMonths(-TrailPurge.MonthsKept).InUtc().ToInstant().ToUnixTimeMilliseconds();
        var young = await db.Trail.Where(e => e.RecordedAt >= limit).OrderBy(e => e.RecordedAt).ThenBy(e => e.Seq).Select(e => (long?)e.Seq).FirstOrDefaultAsync(cancellation)
            ?? ((await db.Trail.MaxAsync(e => (long?)e.Seq, cancellation) ?? 0) + 1);
        var until = (young - 1) / TrailPurge.Step * TrailPurge.Step;
        return await db.Trail.AnyAsync(e => e.Seq <= until, cancellation) ? until : null;
    }

    private static async Task<Refusal?> RefusalAsync(Turn turn, long until)
    {
        if (await turn.Db.TrailPurges.AnyAsync(p => p.DoneAt == null && p.WithdrawnAt == null, turn.Cancellation))
            return PurgeRefusals.OpenAlready;
        return await HeldAsync(turn.Db, until, turn.Cancellation) is { Count: > 0 } held ? Held(held) : null;
    }

    private static Refusal Held(IReadOnlyList<long> cases)
        => PurgeRefusals.Held.With("cases", string.Join(", ", cases.Where(c => c > 0).Select(c => c.ToString(CultureInfo.InvariantCulture))));

    // A case that is not closed needs its entries; so does an emergency that belongs to none.
    private static async Task<IReadOnlyList<long>> HeldAsync(HiveContext db, long until, CancellationToken cancellation)
    {
        var at = await db.Trail.Where(e => e.Seq <= until).OrderByDescending(e => e.Seq).Select(e => (long?)e.RecordedAt).FirstOrDefaultAsync(cancellation);
        var last = Instant.FromUnixTimeMilliseconds(at ?? 0);
        var open = await db.Set<EmergencyCase>().Where(c => c.ClosedAt == null && c.OpenedAt <= last).OrderBy(c => c.Number).Select(c => c.Number).Take(10).ToListAsync(cancellation);
        if (open.Count == 0 && await db.Requests.AnyAsync(r => r.Kind == RequestKind.Emergency && r.RaisedAt <= last && !db.Set<CaseMember>().Any(m => m.RequestId == r.Id), cancellation))
            open.Add(0);
        return open;
    }

    private async Task<PurgeView?> ViewAsync(HiveContext db, TrailPurge? purge, CancellationToken cancellation)
    {
        if (purge is null)
            return null;
        var names = await db.People.Where(p => p.Id == purge.AskedBy || p.Id == purge.ConfirmedBy).ToDictionaryAsync(p => p.Id, p => p.Name, cancellation);
        return new PurgeView(
            purge.Id, purge.First, purge.Until, purge.AskedBy, names.GetValueOrDefault(purge.AskedBy, "somebody"), purge.AskedAt, purge.Reason, Path.Combine(paths.Archive, purge.File),
            Convert.ToHexStringLower(purge.Sha256), purge.Bytes, purge.ConfirmedBy is { } second ? names.GetValueOrDefault(second, "somebody") : null, purge.DoneAt);
    }

    private sealed record Plan(ExportHead Head, byte[] Root, string File);

    // Neighbouring entries ask for nearly the same hashes.
    private sealed class KeptHashes(ITreeHashes from) : ITreeHashes
    {
        private const int Most = 64;
        private readonly Dictionary<(int Level, long First, int Count), byte[]> kept = [];

        public byte[] Read(int level, long first, int count)
        {
            if (!kept.TryGetValue((level, first, count), out var hashes))
            {
                if (kept.Count >= Most)
                    kept.Clear();
                kept[(level, first, count)] = hashes = from.Read(level, first, count);
            }

            return [.. hashes];
        }
    }
}
