using System.Text;
using AccessHive.Core.Kernel;
using AccessHive.Core.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using NodaTime;

namespace AccessHive.Core.Audit.UseCases;

/// <summary>How the anchor file is.</summary>
/// <param name="File">Where it is.</param>
/// <param name="Size">Entries that its last record covers; null while nothing was written or read.</param>
/// <param name="At">When that checkpoint was made.</param>
/// <param name="Problem">Why it can't be written, in the system's words; null when it can.</param>
/// <param name="Since">Since when it can't.</param>
public sealed record AnchorState(string File, long? Size = null, Instant? At = null, string? Problem = null, Instant? Since = null);

/// <summary>
/// Keeps checkpoints a second time, in a file outside the data folder that only grows: it shows a trail that was cut or
/// rolled back together with its database. Each record is a signed note and a line that is one equals sign; before the first
/// checkpoint of a day stands the certificate of its key. What could not be written is written later.
/// </summary>
public sealed partial class AnchorKeeper(HousePaths paths, IDbContextFactory<HiveContext> contexts, CommitBell bell, HiveClock clock, ILogger<AnchorKeeper> log) : BackgroundService
{
    private const int Batch = 200;
    private const int MostAtFirst = 1000;
    private const int Tail = 256 * 1024;
    private static readonly byte[] End = "=\n"u8.ToArray();
    private static readonly TimeSpan TryAgain = TimeSpan.FromSeconds(30);
    private (long Id, long Epoch)? written;

    /// <summary>How it is now.</summary>
    public AnchorState State { get; private set; } = new(paths.Anchors);

    /// <summary>Writes every checkpoint that is not in the file yet.</summary>
    public async Task LookAsync(CancellationToken cancellation)
    {
        try
        {
            await using var db = await contexts.CreateDbContextAsync(cancellation);
            var newest = await db.TrailCheckpoints.MaxAsync(c => (long?)c.Id, cancellation) ?? 0;
            if (newest == 0 || (written is { } done && done.Id == newest && File.Exists(paths.Anchors)))
                return;
            await WriteAsync(db, cancellation);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or AnchorsOfAnotherException)
        {
            written = null;
            if (State.Problem is null)
                LogFault(log, fault, paths.Anchors);
            State = State with { Problem = fault.Message, Since = State.Since ?? clock.Now };
        }
    }

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await TryAsync(cancellationToken);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // A file system that hangs must not hold up the start.
        await Task.Yield();
        while (!stoppingToken.IsCancellationRequested)
        {
            var heard = bell.Rings;
            await TryAsync(stoppingToken);
            await bell.WaitOrAsync(heard, TryAgain, clock.Time, stoppingToken);
        }
    }

    private async Task TryAsync(CancellationToken cancellation)
    {
        try
        {
            await LookAsync(cancellation);
        }
        catch (Exception fault) when (!cancellation.IsCancellationRequested)
        {
            LogFault(log, fault, paths.Anchors);
        }
    }

    private async Task WriteAsync(HiveContext db, CancellationToken cancellation)
    {
        await using var file = OwnerOnly.Open(paths.Anchors, FileMode.OpenOrCreate);
        var (id, epoch) = written ?? await FindAsync(db, file, cancellation);
        file.Seek(0, SeekOrigin.End);
        while (await db.TrailCheckpoints.AsNoTracking().Where(c => c.Id > id).OrderBy(c => c.Id).Take(Batch).ToListAsync(cancellation) is { Count: > 0 } batch)
        {
            using var records = new MemoryStream();
            foreach (var checkpoint in batch)
            {
                foreach (var key in await db.TrailKeys.AsNoTracking().Where(k => k.Epoch > epoch && k.Epoch <= checkpoint.Epoch).OrderBy(k => k.Epoch).Select(k => k.Certificate).ToListAsync(cancellation))
                    Add(records, key);
                Add(records, checkpoint.Note);
                (id, epoch) = (checkpoint.Id, checkpoint.Epoch);
            }

            // Nothing is torn by a cancellation; only a machine that stops can, and the next look cuts that off.
            file.Write(records.GetBuffer().AsSpan(0, (int)records.Length));
            file.Flush(flushToDisk: true);
            written = (id, epoch);
            State = new AnchorState(paths.Anchors, batch[^1].Size, batch[^1].Instant);
        }
    }

    // Where the file stopped: a record that was torn is cut off, the last whole checkpoint is looked up.
    private async Task<(long Id, long Epoch)> FindAsync(HiveContext db, FileStream file, CancellationToken cancellation)
    {
        var origin = await db.TrailTree.Select(t => t.Origin).SingleAsync(cancellation);
        var from = Math.Max(0, file.Length - Tail);
        file.Seek(from, SeekOrigin.Begin);
        var tail = new byte[file.Length - from];
        file.ReadExactly(tail);
        var text = Encoding.UTF8.GetString(tail);
        var whole = tail.AsSpan().LastIndexOf("\n=\n"u8) is >= 0 and var end ? end + 3 : 0;
        if (whole < tail.Length && from + whole < file.Length)
            file.SetLength(from + whole);
        foreach (var record in text.Split("\n=\n").Reverse())
        {
            if (!SignedNote.TryParse(Encoding.UTF8.GetBytes(record + "\n"), out var note) || !Checkpoint.TryParse(note.Text, out var said))
                continue;
            if (said.Origin != origin)
                throw new AnchorsOfAnotherException();
            var at = said.At.ToUnixTimeMilliseconds();
            var known = await db.TrailCheckpoints.Where(c => c.Size == said.Size && c.At == at).OrderByDescending(c => c.Id).Select(c => (long?)c.Id).FirstOrDefaultAsync(cancellation);
            State = new AnchorState(paths.Anchors, said.Size, said.At);
            // The house was put back to a backup: the file keeps what it knew, and goes on with what there is now.
            return (known ?? await db.TrailCheckpoints.MaxAsync(c => c.Id, cancellation) - 1, said.Epoch);
        }

        return (Math.Max(0, await db.TrailCheckpoints.MaxAsync(c => c.Id, cancellation) - MostAtFirst), long.MinValue);
    }

    private static void Add(MemoryStream records, byte[] note)
    {
        records.Write(note);
        records.Write(End);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Checkpoints can't be written to {File}; it is tried again, and nothing waits for it.")]
    private static partial void LogFault(ILogger log, Exception fault, string file);

    private sealed class AnchorsOfAnotherException() : Exception("The file holds the checkpoints of another house: name another place, or move it away.");
}
