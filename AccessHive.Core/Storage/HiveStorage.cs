using System.Data.Common;
using AccessHive.Core.Vault;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.Extensions.DependencyInjection;

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

    private sealed class DurableConnection : DbConnectionInterceptor
    {
        private const string Pragmas = "PRAGMA synchronous=FULL; PRAGMA secure_delete=ON;";

        public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData)
        {
            using var command = connection.CreateCommand();
            command.CommandText = Pragmas;
            command.ExecuteNonQuery();
        }

        public override async Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
        {
            await using var command = connection.CreateCommand();
            command.CommandText = Pragmas;
            await command.ExecuteNonQueryAsync(cancellationToken);
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
