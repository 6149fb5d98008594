using System.Security.Cryptography;
using AccessHive.Core.Kernel;
using AccessHive.Core.Vault;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;
using NodaTime;

namespace AccessHive.Core.Storage;

/// <summary>Where the product keeps things.</summary>
/// <param name="DataFolder">The database's folder, readable by its owner only.</param>
/// <param name="KeyFile">The key-encryption key; beside that folder, never in it.</param>
public sealed record HousePaths(string DataFolder, string KeyFile)
{
    /// <summary>The database file.</summary>
    public string Database => Path.Combine(DataFolder, HiveStorage.FileName);

    /// <summary>Held by the one process that may change the house (see <see cref="HouseLock"/>).</summary>
    public string Lock => Path.Combine(DataFolder, ".lock");

    /// <summary>Where checkpoints are also kept, if somebody said where.</summary>
    public string? AnchorPath { get; init; }

    /// <summary>Where checkpoints are also kept: beside the folder, unless another place was named.</summary>
    public string Anchors => AnchorPath ?? DataFolder + ".anchors";

    /// <summary>Where the exports of purged entries lie: beside the folder.</summary>
    public string Archive => DataFolder + ".archive";

    /// <summary>The key to come, while the house is being rekeyed.</summary>
    public string NextKeyFile => KeyFile + ".next";

    /// <summary>The usual places for a data folder: the key file beside it.</summary>
    public static HousePaths In(string dataFolder)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(dataFolder));
        return new HousePaths(full, full + ".key");
    }
}

/// <summary>Why the product can't start, or a command can't be carried out: one sentence that says what to do. Nothing was touched.</summary>
public sealed class CannotStartException(string sentence) : Exception(sentence);

/// <summary>Opens the house at start: folder, key, database, canary, clock – in the order in which nothing is touched before it is known to fit.</summary>
public static class OpenHouse
{
    private static readonly byte[] CanaryWords = "The key file belongs to this database."u8.ToArray();

    /// <summary>Reads the key file, or makes folder and key on the very first start – from a passphrase, if one is given.</summary>
    /// <param name="paths">Where things are kept.</param>
    /// <param name="passphrase">Says the passphrase; null when there is none to say.</param>
    /// <exception cref="CannotStartException">The folder can't be written, the key is missing or unreadable, or a passphrase is missing or too much.</exception>
    public static FileKeyWrapper TakeKey(HousePaths paths, IPassphrase? passphrase = null)
    {
        var hasDatabase = File.Exists(paths.Database);
        if (File.Exists(paths.KeyFile))
        {
            CheckWritable(paths);
            return KeyFiles.Open(paths.KeyFile, passphrase);
        }

        if (hasDatabase)
            throw new CannotStartException($"The key file {paths.KeyFile} is missing, and without it the secrets in {paths.DataFolder} can't be opened: put it back from your backup.");
        CheckWritable(paths);
        return KeyFiles.Make(paths.KeyFile, passphrase);
    }

    /// <summary>Reads the key file and touches nothing.</summary>
    /// <param name="paths">Where things are kept.</param>
    /// <param name="passphrase">Says the passphrase.</param>
    /// <exception cref="CannotStartException">The key is missing or unreadable, or a passphrase is missing or too much.</exception>
    public static FileKeyWrapper ReadKey(HousePaths paths, IPassphrase passphrase) => KeyFiles.Open(paths.KeyFile, passphrase);

    /// <summary>Checks that key and database belong together, brings the database up to date, and sets the clock's floor.</summary>
    /// <exception cref="CannotStartException">A database of a newer version, another database's key, no database at all, or a trail that was cut.</exception>
    public static async Task PrepareAsync(IDbContextFactory<HiveContext> contexts, HouseSeal seal, IKeyWrapper wrapper, HiveClock clock, CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        try
        {
            await BringUpToDateAsync(db, () => CheckFitsAsync(db, seal, wrapper, cancellation), cancellation);
            if (!await db.HouseKeys.AnyAsync(k => k.Name == HouseKey.Canary, cancellation))
            {
                db.HouseKeys.Add(NewCanary(wrapper));
                await db.SaveChangesAsync(cancellation);
            }

            await TreeRow.PlantAsync(db, cancellation);
            if (await db.Trail.OrderByDescending(e => e.Seq).Select(e => (long?)e.RecordedAt).FirstOrDefaultAsync(cancellation) is { } newest)
                clock.Witness(Instant.FromUnixTimeMilliseconds(newest));
            if (await db.TrailCheckpoints.OrderByDescending(c => c.Id).Select(c => (long?)c.At).FirstOrDefaultAsync(cancellation) is { } signed)
                clock.Witness(Instant.FromUnixTimeMilliseconds(signed));
        }
        catch (TrailBrokenException broken)
        {
            throw new CannotStartException(broken.Message);
        }
        catch (Exception fault) when (BecauseOf(fault) is { } broken)
        {
            throw CannotOpen(broken);
        }
    }

    /// <summary>What the database said, when that is what went wrong.</summary>
    internal static SqliteException? BecauseOf(Exception fault) => fault as SqliteException ?? fault.InnerException as SqliteException;

    /// <summary>The sentence for a database that can't be opened.</summary>
    internal static CannotStartException CannotOpen(SqliteException broken)
        => new($"The database can't be opened ({broken.Message.TrimEnd('.')}): check that it is an AccessHive database and that nothing else is using it.");

    /// <summary>A row that only this key opens.</summary>
    private static HouseKey NewCanary(IKeyWrapper wrapper)
        => new() { Name = HouseKey.Canary, Sealed = new HouseSeal(wrapper).Seal(HouseKey.Canary, CanaryWords), KeyId = wrapper.KeyId };

    /// <summary>Whether this key opens that row.</summary>
    internal static bool Opens(HouseSeal seal, HouseKey canary)
    {
        try
        {
            return seal.Open(HouseKey.Canary, canary.Sealed).AsSpan().SequenceEqual(CanaryWords);
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    /// <summary>Brings a database of this or an older version up to date, once it is known that the key fits.</summary>
    internal static async Task BringUpToDateAsync(HiveContext db, Func<Task> checkFits, CancellationToken cancellation)
    {
        var known = db.Database.GetMigrations().ToHashSet(StringComparer.Ordinal);
        var applied = (await db.Database.GetAppliedMigrationsAsync(cancellation)).ToHashSet(StringComparer.Ordinal);
        if (applied.FirstOrDefault(m => !known.Contains(m)) is { } newer)
            throw new CannotStartException($"The database was written by a newer version of AccessHive (it knows {newer}): start that version, or restore a backup made by this one.");
        if (applied.Count > 0)
            await checkFits();
        ClosingSeals.Break(db);
        if (!known.IsSubsetOf(applied))
            await MigrateAsync(db, isNew: applied.Count == 0, cancellation);
        // A restored backup, or a first start that was killed early, may have left another mode behind.
        await db.Database.ExecuteSqlAsync($"PRAGMA journal_mode=WAL", cancellation);
    }

    private static async Task MigrateAsync(HiveContext db, bool isNew, CancellationToken cancellation)
    {
        if (await db.GetService<IRelationalDatabaseCreator>().ExistsAsync(cancellation))
        {
            // One house, one process: a lock that is still there was left by one that was killed, and would be waited for for ever.
            await db.Database.ExecuteSqlAsync($"DROP TABLE IF EXISTS \"__EFMigrationsLock\"", cancellation);
            var tables = await db.Database.SqlQuery<int>($"SELECT COUNT(*) AS \"Value\" FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_\\_EF%' ESCAPE '\\'").SingleAsync(cancellation);
            if (isNew && tables > 0)
                throw new CannotStartException("The file in the data folder is not an AccessHive database: choose another folder with --data FOLDER, or move the file away.");
        }

        await db.Database.MigrateAsync(cancellation);
    }

    private static async Task CheckFitsAsync(HiveContext db, HouseSeal seal, IKeyWrapper wrapper, CancellationToken cancellation)
    {
        var canaries = await db.HouseKeys.AsNoTracking().Where(k => k.Name == HouseKey.Canary || k.Name == HouseKey.Before).ToListAsync(cancellation);
        if (canaries.Exists(k => k.Name == HouseKey.Before))
            throw new CannotStartException("Changing the key of this house was begun and not finished: run rekey again, it goes on where it stopped.");
        if (canaries.SingleOrDefault() is { } canary && !Opens(seal, canary))
            throw new CannotStartException(NotThisKey(wrapper));
    }

    /// <summary>The sentence for a key that does not open the house.</summary>
    internal static string NotThisKey(IKeyWrapper wrapper) => wrapper is FileKeyWrapper { IsFromPassphrase: true }
        ? "The passphrase is not the one of this house, or the key file belongs to another: nothing was opened."
        : "The key file does not belong to this database: put back the one that was made with it.";

    private static void CheckWritable(HousePaths paths)
    {
        try
        {
            OwnerOnly.MakeFolder(paths.DataFolder);
            var probe = Path.Combine(paths.DataFolder, ".probe");
            File.WriteAllBytes(probe, []);
            File.Delete(probe);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new CannotStartException($"The data folder {paths.DataFolder} can't be written: choose another with --data FOLDER, or change its owner.");
        }
    }
}
