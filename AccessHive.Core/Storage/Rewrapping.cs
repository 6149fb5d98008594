using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using AccessHive.Core.Vault;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace AccessHive.Core.Storage;

/// <summary>How far rewrapping has come.</summary>
/// <param name="Seen">Secrets that were looked at since it was begun or resumed.</param>
/// <param name="ToDo">How many there were to look at.</param>
public sealed record RewrapProgress(long Seen, long ToDo);

/// <summary>
/// Moves everything in the database from one key-encryption key to another, without reading a secret: what the house
/// keeps for itself in one transaction, then the keys of the secrets in batches, each its own transaction.
/// </summary>
internal sealed class Rewrapping(IDbContextFactory<HiveContext> contexts, IKeyWrapper from, IKeyWrapper to)
{
    private const int Batch = 1000;

    /// <summary>
    /// Seals the house's own rows with the new key, and keeps the old canary: from here on the house is half rekeyed. All or nothing.
    /// </summary>
    /// <exception cref="CannotStartException">The old key does not open one of them.</exception>
    public async Task BeginAsync(CancellationToken cancellation)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        try
        {
            await db.Database.ExecuteSqlAsync($"INSERT INTO \"HouseKeys\" (\"Name\", \"Sealed\", \"KeyId\") SELECT {HouseKey.Before}, \"Sealed\", \"KeyId\" FROM \"HouseKeys\" WHERE \"Name\" = {HouseKey.Canary}", cancellation);
            await HouseKeysAsync(db, cancellation);
            await TrailKeysAsync(db, cancellation);
            await SignInAsync(db, cancellation);
            await EachAsync(db, "DataProtectionKeys", "Xml", KeyRing, cancellation);
        }
        catch (Exception damaged) when (damaged is CryptographicException or FormatException)
        {
            throw new CannotStartException("Something the house keeps for itself does not open with its key, so the key can't be changed: nothing was changed; look with restore FILE --check for a backup that is whole.");
        }

        await transaction.CommitAsync(CancellationToken.None);
    }

    /// <summary>Wraps the key of every secret with the new key. Secrets the old key does not open are left as they are.</summary>
    public async Task SecretsAsync(Action<RewrapProgress> progress, CancellationToken cancellation)
    {
        var toDo = await ToDoAsync(cancellation);
        var (seen, after) = (0L, 0L);
        while (await BatchAsync(after, cancellation) is { Count: > 0 } rows)
        {
            (seen, after) = (seen + rows.Count, rows[^1]);
            progress(new RewrapProgress(seen, toDo));
        }
    }

    private async Task<long> ToDoAsync(CancellationToken cancellation)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        return await db.Secrets.LongCountAsync(s => s.WrappedBy == from.KeyId, cancellation);
    }

    // Both queries ask the same in one transaction, so the numbers belong to the secrets in their order.
    private async Task<List<long>> BatchAsync(long after, CancellationToken cancellation)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        var rows = await db.Database.SqlQuery<long>($"SELECT rowid AS \"Value\" FROM \"Secrets\" WHERE rowid > {after} AND \"WrappedBy\" = {from.KeyId} ORDER BY rowid LIMIT {Batch}").ToListAsync(cancellation);
        var secrets = await db.Secrets.FromSql($"SELECT * FROM \"Secrets\" WHERE rowid > {after} AND \"WrappedBy\" = {from.KeyId} ORDER BY rowid LIMIT {Batch}").AsNoTracking().ToListAsync(cancellation);
        await using var update = Command(db, "UPDATE \"Secrets\" SET \"WrappedKey\" = $value, \"WrappedBy\" = $key WHERE rowid = $row", "$value", "$key", "$row");
        foreach (var (row, secret) in rows.Zip(secrets))
        {
            if (Rewrap.Move(secret, from, to) is { } wrapped)
                await RunAsync(update, cancellation, wrapped, to.KeyId, row);
        }

        await transaction.CommitAsync(CancellationToken.None);
        return rows;
    }

    private async Task HouseKeysAsync(HiveContext db, CancellationToken cancellation)
    {
        await using var update = Command(db, "UPDATE \"HouseKeys\" SET \"Sealed\" = $value, \"KeyId\" = $key WHERE \"Name\" = $name", "$value", "$key", "$name");
        foreach (var row in await db.HouseKeys.AsNoTracking().Where(k => k.Name != HouseKey.Before).ToListAsync(cancellation))
            await RunAsync(update, cancellation, Again(row.Name, row.Sealed), to.KeyId, row.Name);
    }

    // Of all days only the last one's private half is still there.
    private async Task TrailKeysAsync(HiveContext db, CancellationToken cancellation)
    {
        await using var update = Command(db, "UPDATE \"TrailKeys\" SET \"SealedPrivate\" = $value WHERE \"Epoch\" = $epoch", "$value", "$epoch");
        foreach (var row in await db.TrailKeys.AsNoTracking().Where(k => k.SealedPrivate != null).ToListAsync(cancellation))
            await RunAsync(update, cancellation, Again(HousePurpose.TrailKey, row.SealedPrivate!), row.Epoch);
    }

    // Whatever Identity calls protected, wherever it puts it: the model knows.
    private async Task SignInAsync(HiveContext db, CancellationToken cancellation)
    {
        var columns = db.Model.GetEntityTypes().SelectMany(e => e.GetProperties())
            .Where(p => p.PropertyInfo?.IsDefined(typeof(ProtectedPersonalDataAttribute), inherit: true) == true)
            .Select(p => (Table: p.DeclaringType.GetTableName()!, Column: p.GetColumnName())).Distinct();
        foreach (var (table, column) in columns)
            await EachAsync(db, table, column, text => Text(HousePurpose.SignIn, text), cancellation);
    }

    private string KeyRing(string xml)
    {
        var ring = XElement.Parse(xml, LoadOptions.PreserveWhitespace);
        foreach (var element in ring.Descendants().Where(e => e.Name.LocalName == HousePurpose.DataProtectionElement).ToList())
            element.Value = Text(HousePurpose.DataProtection, element.Value);
        return ring.ToString(SaveOptions.DisableFormatting);
    }

    private string Text(string purpose, string text) => Convert.ToBase64String(Again(purpose, Convert.FromBase64String(text)));

    private byte[] Again(string purpose, byte[] sealedBytes)
    {
        var plain = new HouseSeal(from).Open(purpose, sealedBytes);
        try
        {
            return new HouseSeal(to).Seal(purpose, plain);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plain);
        }
    }

    private static async Task EachAsync(HiveContext db, string table, string column, Func<string, string> change, CancellationToken cancellation)
    {
        var rows = new List<(long Row, string Text)>();
        await using (var read = Command(db, $"SELECT rowid, \"{column}\" FROM \"{table}\" WHERE \"{column}\" IS NOT NULL"))
        await using (var reader = await read.ExecuteReaderAsync(cancellation))
        {
            while (await reader.ReadAsync(cancellation))
                rows.Add((reader.GetInt64(0), reader.GetString(1)));
        }

        await using var update = Command(db, $"UPDATE \"{table}\" SET \"{column}\" = $value WHERE rowid = $row", "$value", "$row");
        foreach (var (row, text) in rows)
            await RunAsync(update, cancellation, change(text), row);
    }

    private static DbCommand Command(HiveContext db, string sql, params IEnumerable<string> parameters)
    {
        var command = db.Database.GetDbConnection().CreateCommand();
        command.Transaction = db.Database.CurrentTransaction!.GetDbTransaction();
        command.CommandText = sql;
        foreach (var name in parameters)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = name;
            command.Parameters.Add(parameter);
        }

        return command;
    }

    private static async Task RunAsync(DbCommand command, CancellationToken cancellation, params object[] values)
    {
        for (var i = 0; i < values.Length; i++)
            command.Parameters[i].Value = values[i];
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
