using AccessHive.Core;
using AccessHive.Core.Agency.UseCases;
using AccessHive.Core.Kernel;
using AccessHive.Core.Requests;
using AccessHive.Core.Storage;
using AccessHive.Core.Vault;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace AccessHive.Bench;

/// <summary>A house of the product's own making, on disk, with its first owner; opened again when it is there already.</summary>
public sealed class BenchHouse : IAsyncDisposable
{
    private readonly FileKeyWrapper key;
    private readonly ServiceProvider services;

    private BenchHouse(HousePaths paths)
    {
        Paths = paths;
        Directory.CreateDirectory(Path.GetDirectoryName(paths.DataFolder)!);
        key = OpenHouse.TakeKey(paths);
        services = new ServiceCollection().AddLogging().AddSingleton<IPresence, Nobody>().AddAccessHive(paths, key).BuildServiceProvider();
    }

    public HousePaths Paths { get; }

    public PersonId Owner { get; private set; }

    public T Get<T>() where T : notnull => services.GetRequiredService<T>();

    public Task<HiveContext> ReadAsync() => Get<IDbContextFactory<HiveContext>>().CreateDbContextAsync();

    public static async Task<BenchHouse> OpenAsync(string folder)
    {
        var house = new BenchHouse(HousePaths.In(folder));
        await OpenHouse.PrepareAsync(house.Get<IDbContextFactory<HiveContext>>(), house.Get<HouseSeal>(), house.key, house.Get<HiveClock>());
        if (await house.Get<Joining>().NeedsSetupAsync())
        {
            var token = (await house.Get<Joining>().IssueSetupLinkAsync()).Require();
            (await house.Get<Joining>().FoundAsync(token, new FoundAgency("Bench", "Etc/UTC", "Olivia", "olivia@bench.example", "correct horse battery"))).Require();
        }

        await using var db = await house.ReadAsync();
        house.Owner = await db.People.Where(p => p.Email == "olivia@bench.example").Select(p => p.Id).SingleAsync();
        return house;
    }

    public async ValueTask DisposeAsync()
    {
        await services.DisposeAsync();
        key.Dispose();
        SqliteConnection.ClearAllPools();
    }

    private sealed class Nobody : IPresence
    {
        public IReadOnlySet<PersonId> Here() => new HashSet<PersonId>();
    }
}
