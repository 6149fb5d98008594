using System.Data.Common;
using System.Runtime.CompilerServices;
using AccessHive.Core.Vault;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.Extensions.DependencyInjection;
using SQLitePCL;

namespace AccessHive.Core.Storage;

/// <summary>How the database is opened, in one place.</summary>
public static class HiveStorage
{
    /// <summary>The name of the database file in the data folder.</summary>
    public const string FileName = "accesshive.db";

    /// <summary>Opens this file: durable, foreign keys on, deleted bytes overwritten, secrets never in EF's log.</summary>
    public static DbContextOptionsBuilder UseHive(this DbContextOptionsBuilder options, string file)
        => options.UseSqlite(ConnectionString(file))
            .EnableSensitiveDataLogging(false)
            .ReplaceService<IModelCacheKeyFactory, ModelPerKey>()
            .AddInterceptors(new TrailAppender(), new NoticeOutbox(), new DurableConnection());

    /// <summary>Closes what the pool keeps open of this file, so that it is one file again and may be moved.</summary>
    internal static void LetGoOf(string file)
    {
        using var pooled = new SqliteConnection(ConnectionString(file));
        SqliteConnection.ClearPool(pooled);
    }

    private static string ConnectionString(string file)
        => new SqliteConnectionStringBuilder { DataSource = file, DefaultTimeout = 10, ForeignKeys = true }.ConnectionString;

    /// <summary>Says to each connection once how it is to write; one that comes back from the pool remembers it.</summary>
    private sealed class DurableConnection : DbConnectionInterceptor
    {
        private const string Pragmas = "PRAGMA synchronous=FULL; PRAGMA secure_delete=ON;";

        private readonly ConditionalWeakTable<sqlite3, object> told = [];

        public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData)
        {
            var handle = ((SqliteConnection)connection).Handle!;
            if (told.TryGetValue(handle, out _))
                return;
            using var command = connection.CreateCommand();
            command.CommandText = Pragmas;
            command.ExecuteNonQuery();
            told.AddOrUpdate(handle, this);
        }

        public override Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
        {
            // There is nothing to wait for: the driver has no asynchronous way.
            ConnectionOpened(connection, eventData);
            return Task.CompletedTask;
        }
    }
}

/// <summary>For <c>dotnet ef</c> only: the same services as the product, so that Identity's schema is the same too.</summary>
internal sealed class DesignTimeFactory : IDesignTimeDbContextFactory<HiveContext>
{
    public HiveContext CreateDbContext(string[] args)
    {
        var services = new ServiceCollection().AddAccessHive(HousePaths.In("design-time"), new FileKeyWrapper(new byte[FileKeyWrapper.KeyLength]));
        return services.BuildServiceProvider().GetRequiredService<IDbContextFactory<HiveContext>>().CreateDbContext();
    }
}
