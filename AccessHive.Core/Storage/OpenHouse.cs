using System.Security.Cryptography;
using System.Text;
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

    /// <summary>The usual places for a data folder: the key file beside it.</summary>
    public static HousePaths In(string dataFolder)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(dataFolder));
        return new HousePaths(full, full + ".key");
    }
}

/// <summary>Why the product can't start: one sentence that says what to do. Nothing was touched.</summary>
public sealed class CannotStartException(string sentence) : Exception(sentence);

/// <summary>Opens the house at start: folder, key, database, canary, clock – in the order in which nothing is touched before it is known to fit.</summary>
public static class OpenHouse
{
    private const UnixFileMode OwnerFolder = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode OwnerFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private static readonly byte[] CanaryWords = "The key file belongs to this database."u8.ToArray();

    /// <summary>Reads the key file, or makes folder and key on the very first start.</summary>
    /// <exception cref="CannotStartException">The folder can't be written, or the key is missing or unreadable.</exception>
    public static FileKeyWrapper TakeKey(HousePaths paths)
    {
        var hasDatabase = File.Exists(paths.Database);
        if (File.Exists(paths.KeyFile))
        {
            CheckWritable(paths);
            return ReadKey(paths);
        }

        if (hasDatabase)
            throw new CannotStartException($"The key file {paths.KeyFile} is missing, and without it the secrets in {paths.DataFolder} can't be opened: put it back from your backup.");
        CheckWritable(paths);
        return MakeKey(paths);
    }

    /// <summary>Checks that key and database belong together, brings the database up to date, and sets the clock's floor.</summary>
    /// <exception cref="CannotStartException">A database of a newer version, another database's key, or no database at all.</exception>
    public static async Task PrepareAsync(IDbContextFactory<HiveContext> contexts, HouseSeal seal, IKeyWrapper wrapper, HiveClock clock, CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        try
        {
            await BringUpToDateAsync(db, seal, cancellation);
            if (!await db.HouseKeys.AnyAsync(k => k.Name == HouseKey.Canary, cancellation))
            {
                db.HouseKeys.Add(new HouseKey { Name = HouseKey.Canary, Sealed = seal.Seal(HouseKey.Canary, CanaryWords), KeyId = wrapper.KeyId });
                await db.SaveChangesAsync(cancellation);
            }

            if (await db.Trail.OrderByDescending(e => e.Seq).Select(e => (long?)e.RecordedAt).FirstOrDefaultAsync(cancellation) is { } newest)
                clock.Witness(Instant.FromUnixTimeMilliseconds(newest));
        }
        catch (Exception fault) when ((fault as SqliteException ?? fault.InnerException as SqliteException) is { } broken)
        {
            throw new CannotStartException($"The database can't be opened ({broken.Message.TrimEnd('.')}): check that it is an AccessHive database and that nothing else is using it.");
        }
    }

    private static async Task BringUpToDateAsync(HiveContext db, HouseSeal seal, CancellationToken cancellation)
    {
        var known = db.Database.GetMigrations().ToHashSet(StringComparer.Ordinal);
        var applied = (await db.Database.GetAppliedMigrationsAsync(cancellation)).ToHashSet(StringComparer.Ordinal);
        if (applied.FirstOrDefault(m => !known.Contains(m)) is { } newer)
            throw new CannotStartException($"The database was written by a newer version of AccessHive (it knows {newer}): start that version, or restore a backup made by this one.");
        if (applied.Count > 0)
            await CheckCanaryAsync(db, seal, cancellation);
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

    private static async Task CheckCanaryAsync(HiveContext db, HouseSeal seal, CancellationToken cancellation)
    {
        var canary = await db.HouseKeys.AsNoTracking().SingleOrDefaultAsync(k => k.Name == HouseKey.Canary, cancellation);
        if (canary is null)
            return;
        try
        {
            if (seal.Open(HouseKey.Canary, canary.Sealed).AsSpan().SequenceEqual(CanaryWords))
                return;
        }
        catch (CryptographicException)
        {
            // Said below: whatever the reason, this key does not open this database.
        }

        throw new CannotStartException("The key file does not belong to this database: put back the one that was made with it.");
    }

    private static void CheckWritable(HousePaths paths)
    {
        try
        {
            if (!Directory.Exists(paths.DataFolder))
                MakeFolder(paths.DataFolder);
            var probe = Path.Combine(paths.DataFolder, ".probe");
            File.WriteAllBytes(probe, []);
            File.Delete(probe);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new CannotStartException($"The data folder {paths.DataFolder} can't be written: choose another with --data FOLDER, or change its owner.");
        }
    }

    private static void MakeFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(folder);
        else
            Directory.CreateDirectory(folder, OwnerFolder);
    }

    private static FileKeyWrapper ReadKey(HousePaths paths)
    {
        try
        {
            var text = File.ReadAllText(paths.KeyFile).Trim();
            var key = Convert.FromBase64String(text);
            if (key.Length == FileKeyWrapper.KeyLength)
                return new FileKeyWrapper(key);
        }
        catch (Exception unreadable) when (unreadable is FormatException or IOException or UnauthorizedAccessException)
        {
            // Said below.
        }

        throw new CannotStartException($"The key file {paths.KeyFile} can't be read as a key: put back the one that was made with this database.");
    }

    private static FileKeyWrapper MakeKey(HousePaths paths)
    {
        var key = RandomNumberGenerator.GetBytes(FileKeyWrapper.KeyLength);
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
                options.UnixCreateMode = OwnerFile;
            using var file = new FileStream(paths.KeyFile, options);
            file.Write(Encoding.ASCII.GetBytes(Convert.ToBase64String(key) + "\n"));
            // On the disk before anything is sealed with it: a power cut must not leave a database without its key.
            file.Flush(flushToDisk: true);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new CannotStartException($"The key file {paths.KeyFile} can't be written: choose another data folder with --data FOLDER.");
        }

        return new FileKeyWrapper(key);
    }
}
