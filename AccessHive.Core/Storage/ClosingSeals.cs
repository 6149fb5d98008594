using System.Security.Cryptography;
using AccessHive.Core.Audit;
using AccessHive.Core.Vault;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace AccessHive.Core.Storage;

/// <summary>
/// Seals a house that was cleanly closed: a signed note beside the database over every byte of it. Whoever changes the
/// house breaks the seal first.
/// </summary>
public static class ClosingSeals
{
    /// <summary>A database longer than this gets no seal: nobody waits for a machine that hashes while it should stop.</summary>
    public const long MaximumLength = 2L << 30;

    /// <summary>Seals the house, if it is whole, small enough, and nobody else has it open. The caller holds the house.</summary>
    /// <returns>Whether there is a seal now.</returns>
    public static async Task<bool> WriteAsync(HousePaths paths, IKeyWrapper key, CancellationToken cancellation = default)
    {
        try
        {
            HiveStorage.LetGoOf(paths.Database);
            if (new FileInfo(paths.Database) is not { Exists: true, Length: <= MaximumLength })
                return false;
            var (tree, signer) = await ReadAsync(paths, new HouseSeal(key), cancellation);
            using (signer)
            {
                if (tree is null || signer is null || new FileInfo(paths.Database + "-wal") is { Exists: true, Length: > 0 })
                    return false;
                await using var file = File.OpenRead(paths.Database);
                var hash = await SHA256.HashDataAsync(file, cancellation);
                var seal = new ClosingSeal(tree.Origin, tree.Size, Frontier.From(tree.Size, tree.Frontier).Root(), hash, file.Length);
                Put(ClosingSeal.Beside(paths.Database), signer.Sign(seal.Text));
                return true;
            }
        }
        catch (Exception fault) when (OpenHouse.BecauseOf(fault) is not null || fault is IOException or UnauthorizedAccessException or CryptographicException or FormatException)
        {
            // A seal that is missing says nothing; it must not keep the product from stopping.
            return false;
        }
    }

    /// <summary>Breaks the seal, if there is one: the house is about to be changed.</summary>
    internal static void Break(HiveContext db)
    {
        if (db.Database.GetDbConnection().DataSource is { Length: > 0 } database)
            File.Delete(ClosingSeal.Beside(database));
    }

    /// <inheritdoc cref="Break(HiveContext)"/>
    internal static void Break(HousePaths paths) => File.Delete(ClosingSeal.Beside(paths.Database));

    private static async Task<(TrailTree? Tree, DayKey? Signer)> ReadAsync(HousePaths paths, HouseSeal seal, CancellationToken cancellation)
    {
        var source = new SqliteConnectionStringBuilder { DataSource = paths.Database, Pooling = false, DefaultTimeout = 5 };
        await using var db = new HiveContext(new DbContextOptionsBuilder<HiveContext>().UseSqlite(source.ConnectionString).Options);
        if (!await WriteAheadLog.EmptyAsync(db, cancellation))
            return (null, null);
        var tree = await db.TrailTree.AsNoTracking().SingleOrDefaultAsync(cancellation);
        return (tree, tree is null ? null : await DayKeys.NewestAsync(db, seal, tree.Origin, cancellation));
    }

    private static void Put(string file, byte[] note)
    {
        File.Delete(file + ".part");
        using (var stream = OwnerOnly.Open(file + ".part", FileMode.CreateNew))
        {
            stream.Write(note);
            stream.Flush(flushToDisk: true);
        }

        File.Move(file + ".part", file, overwrite: true);
    }
}
