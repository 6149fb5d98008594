using System.Diagnostics;
using System.Text;
using AccessHive.Core.Kernel;
using AccessHive.Core.Storage;
using AccessHive.Core.Vault;
using AccessHive.Core.Vault.UseCases;
using Microsoft.EntityFrameworkCore;

namespace AccessHive.Bench;

/// <summary>A new key, a backup and its check for a house with this many secrets.</summary>
internal static class RekeyBench
{
    private const int Batch = 10_000;

    public static async Task RunAsync(string folder, int credentials)
    {
        HousePaths paths;
        await using (var house = await BenchHouse.OpenAsync(folder))
        {
            paths = house.Paths;
            await FillAsync(house, credentials);
        }

        await TimeAsync("rekey", () => Rekeying.RunAsync(paths, new Unspoken(), new RekeyWish(null, new Unspoken()), _ => { }));
        var copy = $"{folder}-{Stopwatch.GetTimestamp()}.backup";
        await TimeAsync("backup, checked", () => Backups.WriteAsync(paths, copy));
        using var key = OpenHouse.ReadKey(paths, new Unspoken());
        await TimeAsync("restore --check", () => Backups.CheckAsync(copy, key));
    }

    private static async Task TimeAsync<T>(string what, Func<Task<T>> work)
    {
        var watch = Stopwatch.StartNew();
        var result = await work();
        Console.WriteLine($"{what}: {watch.Elapsed.TotalSeconds:0.0} s – {result}");
    }

    private static async Task FillAsync(BenchHouse house, int credentials)
    {
        await using (var db = await house.ReadAsync())
            credentials -= await db.Secrets.CountAsync();
        if (credentials <= 0)
            return;
        var identity = (await house.Get<KeepIdentities>().AddAsync(house.Owner, new IdentityDetails("Bench", IdentityType.ExternalShared, "", "", null, ""))).Require();
        var first = (await house.Get<KeepIdentities>().AddCredentialAsync(house.Owner, identity, new CredentialDetails("Password", "", ""), "secret"u8.ToArray())).Require();
        var keyring = house.Get<Keyring>();
        for (var left = credentials - 1; left > 0; left -= Batch)
        {
            await using var db = await house.ReadAsync();
            await using var transaction = await db.Database.BeginTransactionAsync();
            var columns = await db.Database.SqlQuery<string>($"SELECT group_concat(name) AS \"Value\" FROM pragma_table_info('Credentials') WHERE name <> 'Id'").SingleAsync();
            var copy = $"INSERT INTO Credentials (Id, {columns}) SELECT {{0}}, {columns} FROM Credentials WHERE Id = {{1}}";
            for (var i = 0; i < Math.Min(Batch, left); i++)
            {
                var id = CredentialId.New();
                await db.Database.ExecuteSqlRawAsync(copy, id.Value, first.Value);
                db.Secrets.Add(keyring.Seal(identity, id, FieldKind.Secret, 1, Encoding.UTF8.GetBytes("secret of the client"), house.Owner, house.Get<HiveClock>().Now));
            }

            await db.SaveChangesAsync();
            await transaction.CommitAsync();
        }
    }

    private sealed class Unspoken : IPassphrase
    {
        public byte[]? Given() => null;

        public byte[]? Ask() => null;
    }
}
