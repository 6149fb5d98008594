using System.Globalization;
using System.Security.Cryptography;
using AccessHive.Core.Audit;
using AccessHive.Core.Vault;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace AccessHive.Core.Storage;

/// <summary>What a backup holds, after it was checked.</summary>
/// <param name="Bytes">Its size.</param>
/// <param name="Entries">Entries of its trail.</param>
/// <param name="Newest">When the newest of them was recorded.</param>
/// <param name="HasChecksum">Whether its checksum lay beside it.</param>
/// <param name="IsOfThisVersion">Otherwise an older version of AccessHive wrote it, and its secrets are checked once it was brought up to date.</param>
/// <param name="Secrets">Secrets the key opens; null when no key was asked, or the version is older.</param>
/// <param name="Dead">Secrets that were left behind by an earlier change of the key, and open with none of ours.</param>
public sealed record BackupFacts(long Bytes, long Entries, Instant? Newest, bool HasChecksum, bool IsOfThisVersion, long? Secrets, long Dead);

/// <summary>
/// Looks at a backup and changes nothing, not even a file beside it: its bytes, its structure, its trail, and whether a key
/// opens it.
/// </summary>
internal static class BackupCheck
{
    /// <summary>The checksum beside a backup, as <c>sha256sum</c> writes and checks it.</summary>
    public static string ChecksumOf(string file) => file + ".sha256";

    /// <summary>Checks everything.</summary>
    /// <param name="file">The backup.</param>
    /// <param name="key">The house's key, or null to leave the sealed things alone.</param>
    /// <param name="cancellation">Stops the check.</param>
    /// <exception cref="CannotStartException">What is wrong with it.</exception>
    public static async Task<BackupFacts> RunAsync(string file, IKeyWrapper? key, CancellationToken cancellation = default)
    {
        try
        {
            var hasChecksum = await CheckBytesAsync(file, cancellation);
            await using var connection = await OpenAsync(file, cancellation);
            if (await ScalarAsync(connection, "PRAGMA integrity_check(1)", cancellation) is not "ok")
                throw new CannotStartException($"The backup {file} is damaged inside: take another one.");
            await using var db = new HiveContext(new DbContextOptionsBuilder<HiveContext>().UseSqlite(connection).Options);
            var isOfThisVersion = await CheckVersionAsync(db, file, cancellation);
            if (await ScalarAsync(connection, $"SELECT COUNT(*) FROM HouseKeys WHERE Name = '{HouseKey.Before}'", cancellation) is not 0L)
                throw new CannotStartException($"{file} was taken while the key of the house was being changed: run rekey again to its end, then take another backup.");
            var (entries, newest) = await FollowTrailAsync(connection, file, cancellation);
            var (open, dead) = key is null ? (null, 0) : await CheckKeyAsync(db, file, key, isOfThisVersion, cancellation);
            return new BackupFacts(new FileInfo(file).Length, entries, newest, hasChecksum, isOfThisVersion, open, dead);
        }
        catch (Exception fault) when (OpenHouse.BecauseOf(fault) is { } broken)
        {
            throw new CannotStartException($"The backup {file} is damaged or no AccessHive database ({broken.Message.TrimEnd('.')}): take another one.");
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new CannotStartException($"The backup {file} can't be read: check its name and who may read it.");
        }
    }

    /// <summary>Checks that the key opens what is sealed; counts what it opens, and what was dead before.</summary>
    public static async Task<(long? Open, long Dead)> CheckKeyAsync(HiveContext db, string file, IKeyWrapper key, bool isOfThisVersion, CancellationToken cancellation)
    {
        if (await db.HouseKeys.AsNoTracking().SingleOrDefaultAsync(k => k.Name == HouseKey.Canary, cancellation) is not { } canary || !OpenHouse.Opens(new HouseSeal(key), canary))
            throw new CannotStartException($"The key of this house does not open {file}: it was made under another key or passphrase, so put that key file in place first.");
        if (!isOfThisVersion)
            return (null, 0);
        var (open, dead) = (0L, 0L);
        await foreach (var secret in db.Secrets.AsNoTracking().AsAsyncEnumerable().WithCancellation(cancellation))
        {
            if (secret.WrappedBy != key.KeyId)
                dead++;
            else if (Rewrap.Opens(secret, key))
                open++;
            else
                throw new CannotStartException($"The backup {file} is damaged: version {secret.Version.ToString(CultureInfo.InvariantCulture)} of the secret of credential {secret.CredentialId} does not open.");
        }

        return (open, dead);
    }

    private static async Task<bool> CheckBytesAsync(string file, CancellationToken cancellation)
    {
        if (new FileInfo(file + "-wal") is { Exists: true, Length: > 0 })
            throw new CannotStartException($"{file} was copied from a running house and is not whole without {file}-wal: use the backup command.");
        await using var stream = File.OpenRead(file);
        if (stream.Length == 0)
            throw new CannotStartException($"The backup {file} is empty: take another one.");
        if (!File.Exists(ChecksumOf(file)))
            return false;
        var written = (await File.ReadAllTextAsync(ChecksumOf(file), cancellation)).Split(' ')[0].Trim();
        if (!string.Equals(written, Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancellation)), StringComparison.OrdinalIgnoreCase))
            throw new CannotStartException($"The backup {file} is damaged: its bytes are not the ones in {ChecksumOf(file)}.");
        return true;
    }

    // Immutable: SQLite takes no lock and makes no file beside it.
    private static async Task<SqliteConnection> OpenAsync(string file, CancellationToken cancellation)
    {
        var source = new SqliteConnectionStringBuilder { DataSource = new Uri(Path.GetFullPath(file)).AbsoluteUri + "?immutable=1", Mode = SqliteOpenMode.ReadOnly, Pooling = false };
        var connection = new SqliteConnection(source.ConnectionString);
        await connection.OpenAsync(cancellation);
        return connection;
    }

    private static async Task<bool> CheckVersionAsync(HiveContext db, string file, CancellationToken cancellation)
    {
        var known = db.Database.GetMigrations().ToHashSet(StringComparer.Ordinal);
        var applied = (await db.Database.GetAppliedMigrationsAsync(cancellation)).ToList();
        if (applied.Count == 0)
            throw new CannotStartException($"{file} is not a backup of an AccessHive house: take another one.");
        if (applied.Find(m => !known.Contains(m)) is { } newer)
            throw new CannotStartException($"{file} was written by a newer version of AccessHive (it knows {newer}): use that version.");
        return known.Count == applied.Count;
    }

    private static async Task<(long Entries, Instant? Newest)> FollowTrailAsync(SqliteConnection connection, string file, CancellationToken cancellation)
    {
        var chain = TrailChain.Behind(await PurgedAsync(connection, cancellation));
        Instant? newest = null;
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT Seq, RecordedAt, Payload, LeafHash FROM Trail ORDER BY Seq";
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            if (!chain.Follow(reader.GetInt64(0), reader.GetFieldValue<byte[]>(2), reader.GetFieldValue<byte[]>(3)))
                throw new CannotStartException($"The trail in {file} does not hold: entry {(chain.Last + 1).ToString(CultureInfo.InvariantCulture)} is missing or was changed.");
            newest = Instant.FromUnixTimeMilliseconds(reader.GetInt64(1));
        }

        return (chain.Last, newest);
    }

    // A trail of an older version knows no purges.
    private static async Task<long> PurgedAsync(SqliteConnection connection, CancellationToken cancellation)
        => await ScalarAsync(connection, "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = 'TrailPurges'", cancellation) is 1L
            && await ScalarAsync(connection, "SELECT MAX(\"Until\") FROM \"TrailPurges\" WHERE \"DoneAt\" IS NOT NULL", cancellation) is long until ? until : 0;

    private static async Task<object?> ScalarAsync(SqliteConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return await command.ExecuteScalarAsync(cancellation);
    }
}
