using System.Security.Cryptography;
using System.Text;
using AccessHive.Core.Kernel;
using AccessHive.Core.Requests;
using AccessHive.Core.Sessions.UseCases;
using AccessHive.Core.Storage;
using AccessHive.Core.Vault;
using AccessHive.Tests.World;
using Xunit;

namespace AccessHive.Tests.Start;

/// <summary>A house is copied while it is lived in, and a copy becomes a house again.</summary>
public sealed class BackupTests
{
    [Fact]
    public async Task Taken_under_load_it_becomes_a_house_that_starts_and_whose_trail_goes_on()
    {
        using var folder = new TestFolder();
        await using var lived = await RunningHouse.OpenAsync();
        using var enough = new CancellationTokenSource();
        var busy = Task.Run(() => WorkAsync(lived, enough.Token));
        var said = await HouseProcess.RunAsync("backup", folder.In("copy.db"), "--data", lived.Paths.DataFolder);
        await enough.CancelAsync();
        var rounds = await busy;

        Assert.Equal((0, ""), (said.ExitCode, said.Errors));
        Assert.True(rounds > 3);
        Assert.Contains("house.backed-up", await lived.TrailAsync());
        var moved = HousePaths.In(folder.In("data"));
        File.Copy(lived.Paths.KeyFile, moved.KeyFile);
        Assert.Equal(0, (await HouseProcess.RunAsync("restore", folder.In("copy.db"), "--data", moved.DataFolder)).ExitCode);
        var last = await AskAsync<long>(moved.Database, "SELECT MAX(Seq) FROM Trail");
        Assert.Equal("house.restored", await AskAsync<string>(moved.Database, $"SELECT Type FROM Trail WHERE Seq = {last}"));
        Assert.Equal(last, await AskAsync<long>(moved.Database, "SELECT COUNT(*) FROM Trail"));
        await using (var house = await HouseProcess.StartAsync(moved.DataFolder))
        {
            using var adam = new Visitor(house.Url);
            await adam.SignInAsync(Visitor.Email("Adam"));
            await house.StopAsync();
        }

        Assert.True(await AskAsync<long>(moved.Database, $"SELECT COUNT(*) FROM Trail WHERE Seq = {last + 1}") == 1);
        Assert.Equal(0, (await HouseProcess.RunAsync("backup", folder.In("again.db"), "--data", moved.DataFolder)).ExitCode);
    }

    [Fact]
    public async Task It_says_what_it_holds_and_what_it_does_not_and_belongs_to_its_owner_alone()
    {
        await using var house = await KeptHouse.LeaveAsync(credentials: 2);
        var copy = house.In("copy.db");

        var said = await house.DoesAsync("backup", copy);

        Assert.Matches(@"copy\.db is written and checked: \d+\.\d MiB, \d+ entries, the newest of \d{4}-\d\d-\d\dT", said);
        Assert.Contains($"keep a copy of {house.Paths.KeyFile}", said, StringComparison.Ordinal);
        Assert.Equal("house.backed-up", await house.TrailAsync("house."));
        Assert.Equal($"{Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(copy)))}  copy.db\n", await File.ReadAllTextAsync(copy + ".sha256"));
        OwnerOnly(copy);
        OwnerOnly(copy + ".sha256");
        var before = await File.ReadAllBytesAsync(copy);
        await house.RefusesAsync("overwrites nothing", "backup", copy);
        Assert.Equal(before, await File.ReadAllBytesAsync(copy));
        Assert.Contains("all of its 3 secrets", await house.DoesAsync("restore", copy, "--check"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Checking_changes_nothing_and_needs_no_house_to_stand_still()
    {
        await using var house = await KeptHouse.LeaveAsync();
        await house.DoesAsync("backup", house.In("copy.db"));
        await using var server = await HouseProcess.StartAsync(house.Data);
        var before = house.Fingerprint();

        await house.DoesAsync("restore", house.In("copy.db"), "--check");

        Assert.Equal(before, house.Fingerprint());
        await server.StopAsync();
    }

    [Fact]
    public async Task What_was_in_place_is_moved_aside_with_all_it_knew()
    {
        await using var house = await KeptHouse.LeaveAsync();
        await house.DoesAsync("backup", house.In("copy.db"));
        // Somebody was killed after this: it is still in the log beside the database.
        await using (var killed = await HouseProcess.StartAsync(house.Data))
        {
            using var adam = new Visitor(killed.Url);
            await adam.SignInAsync(Visitor.Email("Adam"));
            await killed.KillAsync();
        }

        Assert.True(new FileInfo(house.Paths.Database + "-wal").Length > 0);

        var said = await house.DoesAsync("restore", house.In("copy.db"));

        var aside = Directory.GetFiles(house.Data, HiveStorage.FileName + ".before-*").Single();
        Assert.Contains(aside, said, StringComparison.Ordinal);
        Assert.Equal(1L, await house.AskAsync<long>("SELECT COUNT(*) FROM Trail WHERE Type = 'person.signed-in'", aside));
        Assert.Equal(0L, await house.AskAsync<long>("SELECT COUNT(*) FROM Trail WHERE Type = 'person.signed-in'"));
        Assert.Equal("house.restored", await house.TrailAsync("house."));
        OwnerOnly(house.Paths.Database);
    }

    [Fact]
    public async Task Any_flipped_byte_is_named_with_its_checksum_and_the_ones_that_matter_most_without()
    {
        await using var house = await KeptHouse.LeaveAsync();
        var copy = house.In("copy.db");
        await house.DoesAsync("backup", copy);
        var good = await File.ReadAllBytesAsync(copy);
        using var key = house.Key();
        for (var at = 0; at < good.Length; at += good.Length / 100)
            await NamedAsync(house, key, Flipped(good, at), "its bytes are not the ones");
        await house.RefusesAsync("its bytes are not the ones", "restore", copy, "--check");

        File.Delete(copy + ".sha256");
        var ciphertext = Convert.FromHexString(await house.AskAsync<string>("SELECT hex(Ciphertext) FROM Secrets"));
        await NamedAsync(house, key, Flipped(good, good.AsSpan().IndexOf(ciphertext)), "does not open");
        await NamedAsync(house, key, Flipped(good, good.AsSpan().IndexOf("\"seq\":7,"u8) + 6), "entry 7 is missing or was changed");
        await NamedAsync(house, key, Flipped(good, 0), "no AccessHive database");
        await NamedAsync(house, key, good[..^4096], "is damaged");
        await NamedAsync(house, key, good[..5000], "is damaged");
        await NamedAsync(house, key, "Dear diary, today nothing happened."u8.ToArray(), "no AccessHive database");
        await NamedAsync(house, key, [], "is empty");
        await File.WriteAllBytesAsync(copy, good);
        Assert.False((await Backups.CheckAsync(copy, key)).HasChecksum);
    }

    [Fact]
    public async Task A_trail_with_a_hole_in_it_is_not_a_good_backup()
    {
        await using var house = await KeptHouse.LeaveAsync();
        await house.SqlAsync("DROP TRIGGER TR_Trail_NoDelete; DELETE FROM Trail WHERE Seq = 5");

        await house.RefusesAsync("entry 5 is missing or was changed", "backup", house.In("copy.db"));

        Assert.False(File.Exists(house.In("copy.db")));
        Assert.False(File.Exists(house.In("copy.db.part")));
    }

    [Fact]
    public async Task Another_houses_key_puts_nothing_in_place()
    {
        await using var house = await KeptHouse.LeaveAsync();
        await house.DoesAsync("backup", house.In("copy.db"));
        await house.DoesAsync("rekey");
        var before = house.Fingerprint();

        await house.RefusesAsync("does not open", "restore", house.In("copy.db"), "--check");
        await house.RefusesAsync("does not open", "restore", house.In("copy.db"));

        Assert.Equal(before, house.Fingerprint());
    }

    [Fact]
    public async Task A_house_with_a_passphrase_is_backed_up_without_it_and_restored_with_it()
    {
        await using var house = await KeptHouse.LeaveAsync();
        await house.DoesAsync("rekey", "--to-passphrase-file", house.PassphraseFile);
        await house.DoesAsync("backup", house.In("copy.db"));
        File.Delete(house.Paths.Database);

        await house.RefusesAsync("--passphrase-file FILE", "restore", house.In("copy.db"));
        await house.RefusesAsync("does not open", "restore", house.In("copy.db"), "--passphrase-file", house.OtherFile);
        await house.DoesAsync("restore", house.In("copy.db"), "--passphrase-file", house.PassphraseFile);

        using var key = house.Key();
        Assert.Equal((1, 1), await house.OpenedAsync(key));
    }

    [Theory]
    [InlineData(2, "backup")]
    [InlineData(2, "backup", "one", "two")]
    [InlineData(2, "backup", "one", "--check")]
    [InlineData(2, "restore", "--check")]
    [InlineData(1, "backup", "one")]
    [InlineData(1, "restore", "/no/such/file")]
    public async Task What_it_can_not_do_it_says_in_one_sentence_and_makes_no_house(int exitCode, params string[] args)
    {
        using var folder = new TestFolder();

        var said = await HouseProcess.RunAsync([.. args, "--data", folder.In("data")]);

        Assert.Equal((exitCode, ""), (said.ExitCode, said.Output));
        Assert.Matches("^[^\n]+\\.$", said.Errors);
        Assert.False(Directory.Exists(folder.In("data")));
    }

    private static async Task NamedAsync(KeptHouse house, FileKeyWrapper key, byte[] bytes, string because)
    {
        var copy = house.In("copy.db");
        await File.WriteAllBytesAsync(copy, bytes);
        var named = await Assert.ThrowsAsync<CannotStartException>(() => Backups.CheckAsync(copy, key));
        Assert.Contains(because, named.Message, StringComparison.Ordinal);
        Assert.Matches("^[^\n]+\\.$", named.Message);
        Assert.False(File.Exists(copy + "-wal"));
    }

    private static void OwnerOnly(string file)
    {
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
    }

    private static byte[] Flipped(byte[] bytes, int at)
    {
        var copy = (byte[])bytes.Clone();
        copy[at] ^= 0x01;
        return copy;
    }

    // Keep, raise, decide, end, as fast as it goes; when Adam has asked often enough for an hour, the others still keep.
    private static async Task<int> WorkAsync(RunningHouse house, CancellationToken enough)
    {
        var rounds = 0;
        for (; !enough.IsCancellationRequested; rounds++)
        {
            await house.KeepAsync($"Account {rounds}");
            if ((await house.RaiseAsync(house.Adam)) is { IsRefused: false, Value: var raised })
            {
                var session = (await house.DecideAsync(house.Priya, raised.Request)).Require().Session!.Value;
                (await house.Get<EndSessionHandler>().EndAsync(house.Adam, session, CancellationToken.None)).Require();
            }
        }

        return rounds;
    }

    private static async Task<T> AskAsync<T>(string database, string sql)
    {
        await using var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={database};Pooling=False");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (T)(await command.ExecuteScalarAsync())!;
    }
}
