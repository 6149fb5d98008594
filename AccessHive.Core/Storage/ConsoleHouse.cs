using AccessHive.Core.Vault;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace AccessHive.Core.Storage;

/// <summary>
/// A house as a command opens it, beside the process that may be running it: no key, no hosted services, nothing
/// migrated. What needs a key fails.
/// </summary>
public sealed class ConsoleHouse : IAsyncDisposable
{
    private readonly ServiceProvider services;
    private readonly HousePaths paths;

    private ConsoleHouse(HousePaths paths)
    {
        this.paths = paths;
        services = new ServiceCollection().AddLogging().AddAccessHive(paths, new NoKey()).BuildServiceProvider();
    }

    /// <summary>Opens a house that is there and of this version.</summary>
    /// <exception cref="CannotStartException">There is none, or another version of AccessHive keeps it.</exception>
    public static async Task<ConsoleHouse> OpenAsync(HousePaths paths)
    {
        Backups.CheckIsHouse(paths);
        var house = new ConsoleHouse(paths);
        try
        {
            await using var db = await house.Get<IDbContextFactory<HiveContext>>().CreateDbContextAsync();
            var known = db.Database.GetMigrations().ToList();
            var applied = (await db.Database.GetAppliedMigrationsAsync()).ToList();
            if (!applied.SequenceEqual(known, StringComparer.Ordinal))
                throw new CannotStartException($"The house in {paths.DataFolder} is of another version of AccessHive: start this version once, or use the version that runs it.");
            return house;
        }
        catch (SqliteException fault)
        {
            await house.DisposeAsync();
            throw new CannotStartException($"The database {paths.Database} can't be read ({fault.Message.TrimEnd('.')}): check who owns it, or put back a backup.");
        }
        catch
        {
            await house.DisposeAsync();
            throw;
        }
    }

    /// <summary>One of the product's services.</summary>
    public T Get<T>() where T : notnull => services.GetRequiredService<T>();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await services.DisposeAsync();
        HiveStorage.LetGoOf(paths.Database);
    }
}
