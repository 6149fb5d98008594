using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using AccessHive.Core.Audit;
using AccessHive.Core.Kernel;
using AccessHive.Core.Vault;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;

namespace AccessHive.Core.Storage;

/// <summary>Copies a house while it is lived in, and puts a copy back. The key is never in it.</summary>
public static class Backups
{
    // What SQLite keeps beside a database; left beside another one it would be played into it.
    private static readonly string[] Logs = ["-wal", "-shm"];

    /// <summary>
    /// Writes what the house is at this instant into a file of its own, checks it, and lays its checksum beside it. The server may
    /// go on: it is not kept waiting, and nothing of the house is changed.
    /// </summary>
    /// <exception cref="CannotStartException">There is no house, the file is there already or can't be written, or what was written is not whole.</exception>
    public static async Task<BackupFacts> WriteAsync(HousePaths paths, string file, CancellationToken cancellation = default)
    {
        CheckIsHouse(paths);
        foreach (var taken in new[] { file, BackupCheck.ChecksumOf(file), file + ".part" }.Where(Path.Exists))
            throw new CannotStartException($"{taken} is there already, and a backup overwrites nothing: choose another name, or move it away.");
        var part = file + ".part";
        try
        {
            await OwnerOnly.Open(part, FileMode.CreateNew).DisposeAsync();
            Copy(paths.Database, part);
            var facts = await BackupCheck.RunAsync(part, key: null, cancellation);
            await WriteChecksumAsync(part, file, cancellation);
            File.Move(part, file);
            return facts with { HasChecksum = true };
        }
        catch (CannotStartException bad)
        {
            throw new CannotStartException(bad.Message.Replace(part, file, StringComparison.Ordinal));
        }
        catch (Exception fault) when (OpenHouse.BecauseOf(fault) is { } broken)
        {
            throw OpenHouse.CannotOpen(broken);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new CannotStartException($"The backup {file} can't be written ({refused.Message.TrimEnd('.')}): choose another place.");
        }
        finally
        {
            File.Delete(part);
        }
    }

    /// <summary>Notes the backup in the trail of the house. Safe beside a running server: one more writer that waits for its turn.</summary>
    /// <returns>Whether it could be noted; not, when the house is of an older version or busy.</returns>
    public static async Task<bool> NoteAsync(HousePaths paths, BackupFacts facts, CancellationToken cancellation = default)
    {
        if (!facts.IsOfThisVersion)
            return false;
        try
        {
            await using var services = Services(paths, new NoKey());
            (await services.GetRequiredService<Work>().RunAsAsync<Done>(Actor.Console, async turn =>
            {
                turn.Db.Note(new HouseBackedUp(await turn.NotBeforeTheTrailAsync(), facts.Entries));
                return Done.Yes;
            }, cancellation)).Require();
            return true;
        }
        catch (Exception fault) when (OpenHouse.BecauseOf(fault) is not null)
        {
            return false;
        }
        finally
        {
            HiveStorage.LetGoOf(paths.Database);
        }
    }

    /// <summary>Checks a backup and whether the key opens all of it. Changes nothing.</summary>
    /// <exception cref="CannotStartException">What is wrong with it.</exception>
    public static Task<BackupFacts> CheckAsync(string file, IKeyWrapper key, CancellationToken cancellation = default) => BackupCheck.RunAsync(file, key, cancellation);

    /// <summary>
    /// Puts a backup in place of the house, after the same check; the database that was there is moved aside. The copy is brought up to
    /// date, and the trail told, before it takes the place in one step. The caller holds the house.
    /// </summary>
    /// <returns>What the backup holds, and the name the database before has now; null when there was none.</returns>
    /// <exception cref="CannotStartException">What is wrong with it; the house is as it was.</exception>
    public static async Task<(BackupFacts Facts, string? Aside)> RestoreAsync(HousePaths paths, string file, IKeyWrapper key, CancellationToken cancellation = default)
    {
        var facts = await BackupCheck.RunAsync(file, key, cancellation);
        var staged = new HousePaths(Path.Combine(paths.DataFolder, ".restoring"), paths.KeyFile);
        try
        {
            if (Directory.Exists(staged.DataFolder))
                Directory.Delete(staged.DataFolder, recursive: true);
            OwnerOnly.MakeFolder(staged.DataFolder);
            await StageAsync(staged, file, cancellation);
            facts = await BringUpToDateAsync(staged, file, facts, key, cancellation);
            return (facts, PutInPlace(staged, paths));
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new CannotStartException($"The backup can't be put in place in {paths.DataFolder} ({refused.Message.TrimEnd('.')}).");
        }
        finally
        {
            HiveStorage.LetGoOf(staged.Database);
            if (Directory.Exists(staged.DataFolder))
                Directory.Delete(staged.DataFolder, recursive: true);
        }
    }

    /// <summary>Says so when there is no house to begin with, before a folder is made for nothing.</summary>
    /// <exception cref="CannotStartException">No database in the folder.</exception>
    public static void CheckIsHouse(HousePaths paths)
    {
        if (!File.Exists(paths.Database))
            throw new CannotStartException($"There is no house in {paths.DataFolder}: name its folder with --data FOLDER.");
    }

    // One read transaction over all of it: writers go on beside it, and what they commit meanwhile is not in the copy.
    private static void Copy(string database, string part)
    {
        using var source = Open(database);
        using (var copy = Open(part))
        {
            source.BackupDatabase(copy);
            using var command = copy.CreateCommand();
            command.CommandText = "PRAGMA journal_mode=DELETE";
            command.ExecuteNonQuery();
        }

        using var written = new FileStream(part, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        written.Flush(flushToDisk: true);
    }

    private static async Task WriteChecksumAsync(string part, string file, CancellationToken cancellation)
    {
        await using var stream = File.OpenRead(part);
        var hash = Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancellation));
        await using var checksum = OwnerOnly.Open(BackupCheck.ChecksumOf(file), FileMode.CreateNew);
        await checksum.WriteAsync(Encoding.UTF8.GetBytes($"{hash}  {Path.GetFileName(file)}\n"), cancellation);
    }

    private static async Task StageAsync(HousePaths staged, string file, CancellationToken cancellation)
    {
        await using var from = File.OpenRead(file);
        await using var to = OwnerOnly.Open(staged.Database, FileMode.CreateNew);
        await from.CopyToAsync(to, cancellation);
        to.Flush(flushToDisk: true);
    }

    private static async Task<BackupFacts> BringUpToDateAsync(HousePaths staged, string file, BackupFacts facts, IKeyWrapper key, CancellationToken cancellation)
    {
        await using var services = Services(staged, key);
        var contexts = services.GetRequiredService<IDbContextFactory<HiveContext>>();
        await OpenHouse.PrepareAsync(contexts, services.GetRequiredService<HouseSeal>(), key, services.GetRequiredService<HiveClock>(), cancellation);
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var (open, dead) = await BackupCheck.CheckKeyAsync(db, file, key, isOfThisVersion: true, cancellation);
        (await services.GetRequiredService<Work>().RunAsAsync<Done>(Actor.Console, turn =>
        {
            turn.Db.Note(new HouseRestored(turn.Now, facts.Entries));
            return Task.FromResult<Result<Done>>(Done.Yes);
        }, cancellation)).Require();
        HiveStorage.LetGoOf(staged.Database);
        await db.Database.ExecuteSqlAsync($"PRAGMA journal_mode=DELETE", cancellation);
        return facts with { Secrets = open, Dead = dead };
    }

    // The database before keeps all it knew: what its log still holds is settled first, or moved with it.
    private static string? PutInPlace(HousePaths staged, HousePaths paths)
    {
        HiveStorage.LetGoOf(staged.Database);
        var aside = $"{paths.Database}.before-{TimeProvider.System.GetUtcNow().ToString("yyyyMMdd'T'HHmmssfff'Z'", CultureInfo.InvariantCulture)}";
        var replaces = File.Exists(paths.Database);
        if (replaces)
            Settle(paths.Database);
        // It speaks of the database that goes aside.
        ClosingSeals.Break(paths);
        foreach (var log in Logs.Where(end => File.Exists(paths.Database + end)))
            File.Move(paths.Database + log, aside + log);
        if (replaces)
            File.Replace(staged.Database, paths.Database, aside);
        else
            File.Move(staged.Database, paths.Database);
        return replaces ? aside : null;
    }

    private static void Settle(string database)
    {
        try
        {
            using var connection = Open(database);
            using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA wal_checkpoint(TRUNCATE)";
            command.ExecuteNonQuery();
        }
        catch (SqliteException)
        {
            // It is damaged, which may be why it is replaced: it goes aside as it is, with its log.
        }
    }

    private static SqliteConnection Open(string file)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Mode = SqliteOpenMode.ReadWrite, Pooling = false, DefaultTimeout = 10 }.ConnectionString);
        connection.Open();
        return connection;
    }

    private static ServiceProvider Services(HousePaths paths, IKeyWrapper key) => new ServiceCollection().AddLogging().AddAccessHive(paths, key).BuildServiceProvider();
}
