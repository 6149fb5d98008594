using System.Security.Cryptography;
using AccessHive.Core;
using AccessHive.Core.Kernel;
using AccessHive.Core.Storage;
using AccessHive.Core.Vault;
using AccessHive.Tests.World;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AccessHive.Tests.Storage;

/// <summary>A house that can't be opened says so in one sentence, and not a byte of it was touched.</summary>
public sealed class OpenHouseTests : IAsyncLifetime
{
    private TestAgency agency = null!;

    public async ValueTask InitializeAsync() => agency = await TestAgency.FoundAsync();

    public ValueTask DisposeAsync() => agency.DisposeAsync();

    [Fact]
    public async Task A_closed_house_is_opened_again_with_everything_in_it_and_nothing_lost()
    {
        var session = await agency.GrantAsync(agency.Adam);

        await agency.RestartAsync();

        Assert.Equal(TestAgency.Secret, (await agency.RevealAsync(agency.Adam, session)).Require());
    }

    [Fact]
    public async Task A_database_of_a_newer_version_is_left_alone()
        => await CannotStartAsync("newer version", db => SqlAsync(db, "INSERT INTO __EFMigrationsHistory VALUES ('29990101000000_Future', '99.0')"));

    [Fact]
    public async Task Another_houses_key_is_refused()
        => await CannotStartAsync("does not belong", _ => File.WriteAllTextAsync(agency.Paths.KeyFile, Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))));

    [Fact]
    public async Task A_missing_key_is_missed_and_no_new_one_is_made()
        => await CannotStartAsync("is missing", _ =>
        {
            File.Delete(agency.Paths.KeyFile);
            return Task.CompletedTask;
        });

    [Theory]
    [InlineData("")]
    [InlineData("not base64 at all!")]
    [InlineData("AAAA")]
    public async Task A_key_file_that_holds_no_key_is_refused(string content)
        => await CannotStartAsync("can't be read as a key", _ => File.WriteAllTextAsync(agency.Paths.KeyFile, content));

    [Fact]
    public async Task A_file_that_is_no_database_is_refused()
        => await CannotStartAsync("can't be opened", db => File.WriteAllBytesAsync(db, RandomNumberGenerator.GetBytes(40_000)));

    [Fact]
    public async Task A_database_that_was_cut_off_is_refused()
        => await CannotStartAsync("can't be opened", async db => await File.WriteAllBytesAsync(db, (await File.ReadAllBytesAsync(db))[..20_000]));

    [Fact]
    public async Task A_database_with_ruined_pages_is_refused()
        => await CannotStartAsync("can't be opened", async db =>
        {
            var bytes = await File.ReadAllBytesAsync(db);
            bytes.AsSpan(4096).Fill(0x5A);
            await File.WriteAllBytesAsync(db, bytes);
        });

    [Fact]
    public async Task A_database_whose_trail_can_not_be_read_is_refused()
        => await CannotStartAsync("can't be opened", db => SqlAsync(db, "ALTER TABLE Trail RENAME TO Elsewhere"));

    [Fact]
    public async Task Somebody_elses_database_is_refused_and_gets_no_tables_of_ours()
        => await CannotStartAsync("not an AccessHive database", async db =>
        {
            File.Delete(db);
            await SqlAsync(db, "CREATE TABLE Invoices (Id INTEGER PRIMARY KEY)");
        });

    [Fact]
    public async Task A_data_folder_that_can_not_be_written_is_refused()
    {
        var paths = HousePaths.In(Path.Combine(Path.GetDirectoryName(agency.Paths.DataFolder)!, "taken"));
        await File.WriteAllTextAsync(paths.DataFolder, "a file where the folder should be");

        var refused = Assert.Throws<CannotStartException>(() => OpenHouse.TakeKey(paths));

        OneSentence(refused, "can't be written");
        Assert.False(File.Exists(paths.KeyFile));
        Assert.Equal("a file where the folder should be", await File.ReadAllTextAsync(paths.DataFolder));
    }

    [Fact]
    public async Task A_key_file_that_can_not_be_written_is_refused()
    {
        var parent = Path.GetDirectoryName(agency.Paths.DataFolder)!;
        await File.WriteAllTextAsync(Path.Combine(parent, "keys"), "a file where the key's folder should be");

        var refused = Assert.Throws<CannotStartException>(() => OpenHouse.TakeKey(new HousePaths(Path.Combine(parent, "new"), Path.Combine(parent, "keys", "house.key"))));

        OneSentence(refused, "can't be written");
    }

    [Fact]
    public async Task A_start_that_was_killed_in_the_middle_of_a_migration_does_not_stop_the_next_one()
    {
        await ClosedAsync();
        await SqlAsync(agency.Paths.Database, """
            CREATE TABLE IF NOT EXISTS "__EFMigrationsLock" ("Id" INTEGER NOT NULL CONSTRAINT "PK___EFMigrationsLock" PRIMARY KEY, "Timestamp" TEXT NOT NULL);
            INSERT INTO "__EFMigrationsLock" VALUES (1, '2026-11-23 00:00:00');
            """);

        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        await OpenAsync(agency.Paths, patience.Token);
    }

    [Fact]
    public async Task A_first_start_that_was_killed_in_the_middle_of_the_migration_does_not_stop_the_next_one()
    {
        var paths = HousePaths.In(Path.Combine(Path.GetDirectoryName(agency.Paths.DataFolder)!, "first"));
        using var key = OpenHouse.TakeKey(paths);
        await SqlAsync(paths.Database, """
            CREATE TABLE "__EFMigrationsLock" ("Id" INTEGER NOT NULL CONSTRAINT "PK___EFMigrationsLock" PRIMARY KEY, "Timestamp" TEXT NOT NULL);
            INSERT INTO "__EFMigrationsLock" VALUES (1, '2026-11-23 00:00:00');
            """);

        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        await OpenAsync(paths, patience.Token);

        await using var connection = new SqliteConnection($"Data Source={paths.Database};Pooling=False");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA journal_mode";
        Assert.Equal("wal", await command.ExecuteScalarAsync());
    }

    [Fact]
    public void The_first_start_makes_folder_and_key_for_the_owner_alone()
    {
        var paths = HousePaths.In(Path.Combine(Path.GetDirectoryName(agency.Paths.DataFolder)!, "first"));

        using var key = OpenHouse.TakeKey(paths);

        Assert.Equal(32, Convert.FromBase64String(File.ReadAllText(paths.KeyFile).Trim()).Length);
        Assert.Empty(Directory.GetFiles(paths.DataFolder));
        using var again = OpenHouse.TakeKey(paths);
        Assert.Equal(key.KeyId, again.KeyId);
        if (OperatingSystem.IsWindows())
            return;
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(paths.KeyFile));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(paths.DataFolder));
    }

    [Fact]
    public async Task The_database_is_durable_overwrites_what_it_deletes_and_keeps_its_foreign_keys()
    {
        await using var db = await agency.ReadAsync();
        await db.Database.OpenConnectionAsync();
        await db.Database.CloseConnectionAsync();
        await db.Database.OpenConnectionAsync();

        Assert.Equal("wal", await PragmaAsync("journal_mode"));
        Assert.Equal("2", await PragmaAsync("synchronous"));
        Assert.Equal("1", await PragmaAsync("secure_delete"));
        Assert.Equal("1", await PragmaAsync("foreign_keys"));

        async Task<string> PragmaAsync(string name)
        {
            await using var command = db.Database.GetDbConnection().CreateCommand();
            command.CommandText = $"PRAGMA {name}";
            return $"{await command.ExecuteScalarAsync()}";
        }
    }

    private static void OneSentence(CannotStartException refused, string because)
    {
        Assert.Contains(because, refused.Message, StringComparison.Ordinal);
        Assert.EndsWith(".", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("\n", refused.Message, StringComparison.Ordinal);
    }

    private static async Task SqlAsync(string database, string sql)
    {
        await using var connection = new SqliteConnection($"Data Source={database};Pooling=False");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }

    // SQLite leaves its empty work files beside a ruined database; they hold nothing and belong to nobody.
    private static Dictionary<string, string> Everything(string folder)
        => Directory.GetFiles(folder, "*", SearchOption.AllDirectories)
            .Where(f => !f.EndsWith("-shm", StringComparison.Ordinal) && !(f.EndsWith("-wal", StringComparison.Ordinal) && new FileInfo(f).Length == 0))
            .ToDictionary(f => f, f => Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(f))), StringComparer.Ordinal);

    private static async Task OpenAsync(HousePaths paths, CancellationToken cancellation = default)
    {
        using var key = OpenHouse.TakeKey(paths);
        await using var services = new ServiceCollection().AddLogging().AddSingleton<TimeProvider>(new FakeTime()).AddAccessHive(paths, key).BuildServiceProvider();
        var contexts = services.GetRequiredService<IDbContextFactory<HiveContext>>();
        try
        {
            await OpenHouse.PrepareAsync(contexts, services.GetRequiredService<HouseSeal>(), key, services.GetRequiredService<HiveClock>(), cancellation);
        }
        finally
        {
            await using var db = await contexts.CreateDbContextAsync(CancellationToken.None);
            SqliteConnection.ClearPool((SqliteConnection)db.Database.GetDbConnection());
        }
    }

    private async Task CannotStartAsync(string because, Func<string, Task> broken)
    {
        await ClosedAsync();
        await broken(agency.Paths.Database);
        var folder = Path.GetDirectoryName(agency.Paths.DataFolder)!;
        var before = Everything(folder);

        var refused = await Assert.ThrowsAsync<CannotStartException>(() => OpenAsync(agency.Paths));

        OneSentence(refused, because);
        Assert.Equal(before, Everything(folder));
    }

    // The agency's own services are still there; they just hold no file any more.
    private async Task ClosedAsync()
    {
        await using var db = await agency.ReadAsync();
        SqliteConnection.ClearPool((SqliteConnection)db.Database.GetDbConnection());
    }
}
