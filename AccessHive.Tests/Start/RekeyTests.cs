using System.Net;
using System.Text;
using AccessHive.Core.Kernel;
using AccessHive.Core.Storage;
using AccessHive.Core.Vault;
using AccessHive.Tests.World;
using Xunit;

namespace AccessHive.Tests.Start;

/// <summary>A house gets another key: everything opens afterwards, the old key opens nothing, and a kill in the middle loses nothing.</summary>
public sealed class RekeyTests
{
    private const string Half = "run rekey again";

    [Fact]
    public async Task Everything_opens_with_the_new_key_and_nothing_with_the_old()
    {
        await using var house = await KeptHouse.LeaveAsync(credentials: 3);
        using var old = house.Key();
        var cookies = await SignedInAsync(house);
        var trailKey = await house.AskAsync<byte[]>("SELECT SealedPrivate FROM TrailKeys");
        var (ring, accounts) = (await house.AskAsync<string>("SELECT group_concat(Xml) FROM DataProtectionKeys"), await house.AskAsync<string>("SELECT group_concat(UserName) FROM AspNetUsers"));

        var said = await house.DoesAsync("rekey");

        Assert.Contains("opens 4 secrets", said, StringComparison.Ordinal);
        Assert.Contains(house.Paths.KeyFile, said, StringComparison.Ordinal);
        using var key = house.Key();
        Assert.NotEqual(old.KeyId, key.KeyId);
        Assert.Equal((4, 4), await house.OpenedAsync(key));
        Assert.Equal((0, 4), await house.OpenedAsync(old));
        Assert.Equal(KeptHouse.MailPassword, Encoding.UTF8.GetString(new HouseSeal(key).Open(HousePurpose.MailPassword, await house.AskAsync<byte[]>("SELECT Sealed FROM HouseKeys WHERE Name = 'mail-password'"))));
        Assert.NotEqual(ring, await house.AskAsync<string>("SELECT group_concat(Xml) FROM DataProtectionKeys"));
        Assert.NotEqual(accounts, await house.AskAsync<string>("SELECT group_concat(UserName) FROM AspNetUsers"));
        Assert.Equal("house.rekeyed", await house.TrailAsync("house."));
        Assert.Equal(new HouseSeal(old).Open(HousePurpose.TrailKey, trailKey), new HouseSeal(key).Open(HousePurpose.TrailKey, await house.AskAsync<byte[]>("SELECT SealedPrivate FROM TrailKeys")));
        await StillWorksAsync(house, cookies);
        Assert.Equal(1L, await house.AskAsync<long>("SELECT COUNT(*) FROM DataProtectionKeys"));
    }

    [Fact]
    public async Task The_ciphertext_and_what_was_sealed_under_which_key_stay_as_they_are()
    {
        await using var house = await KeptHouse.LeaveAsync();
        using var old = house.Key();
        var sealedAs = await house.AskAsync<string>("SELECT hex(Ciphertext) || KeyId FROM Secrets");

        await house.DoesAsync("rekey");

        Assert.Equal(sealedAs, await house.AskAsync<string>("SELECT hex(Ciphertext) || KeyId FROM Secrets"));
        Assert.EndsWith(old.KeyId, sealedAs, StringComparison.Ordinal);
        Assert.NotEqual(old.KeyId, await house.AskAsync<string>("SELECT WrappedBy FROM Secrets"));
    }

    [Fact]
    public async Task To_a_passphrase_to_another_and_back_to_a_key_file()
    {
        await using var house = await KeptHouse.LeaveAsync();
        await house.DoesAsync("rekey", "--to-passphrase-file", house.PassphraseFile);
        Assert.StartsWith("$argon2id$", await File.ReadAllTextAsync(house.Paths.KeyFile), StringComparison.Ordinal);
        OwnerOnly(house.Paths.KeyFile);

        await house.RefusesAsync("--passphrase-file FILE", "--urls", "http://127.0.0.1:0");
        await house.RefusesAsync("is not the one of this house", "--passphrase-file", house.OtherFile, "--urls", "http://127.0.0.1:0");
        await house.RefusesAsync("is not the one of this house", "rekey", "--passphrase-file", house.OtherFile, "--to-key-file");
        await StillWorksAsync(house, null, "--passphrase-file", house.PassphraseFile);

        await house.DoesAsync("rekey", "--passphrase-file", house.PassphraseFile, "--to-passphrase-file", house.OtherFile);
        await house.RefusesAsync("is not the one of this house", "--passphrase-file", house.PassphraseFile, "--urls", "http://127.0.0.1:0");

        await house.DoesAsync("rekey", "--passphrase-file", house.OtherFile, "--to-key-file");
        using var key = house.Key();
        Assert.False(key.IsFromPassphrase);
        Assert.Equal((1, 1), await house.OpenedAsync(key));
        Assert.Equal("house.rekeyed house.rekeyed house.rekeyed", await house.TrailAsync("house."));
        await house.RefusesAsync("holds the key itself", "--passphrase-file", house.OtherFile, "--urls", "http://127.0.0.1:0");
    }

    [Fact]
    public async Task Killed_in_the_middle_it_goes_on_where_it_stopped_and_no_server_starts_before()
    {
        const int many = 10_000;
        await using var house = await KeptHouse.LeaveAsync(many);
        using var old = house.Key();
        await using (var killed = await HouseProcess.UntilAsync("Rewrapped", "rekey", "--data", house.Data))
            await killed.KillAsync();

        var done = await house.AskAsync<long>($"SELECT COUNT(*) FROM Secrets WHERE WrappedBy <> '{old.KeyId}'");
        Assert.InRange(done, 1, many);
        using (var still = house.Key())
            Assert.Equal(old.KeyId, still.KeyId);
        OwnerOnly(house.Paths.NextKeyFile);
        await house.RefusesAsync(Half, "--urls", "http://127.0.0.1:0");
        await house.RefusesAsync(Half, "backup", house.In("half.db"));
        Assert.Equal(done, await house.AskAsync<long>($"SELECT COUNT(*) FROM Secrets WHERE WrappedBy <> '{old.KeyId}'"));

        Assert.Contains("from where it had stopped", await house.DoesAsync("rekey"), StringComparison.Ordinal);

        using var key = house.Key();
        Assert.Equal((many + 1, many + 1), await house.OpenedAsync(key));
        Assert.Equal((0, many + 1), await house.OpenedAsync(old));
        Assert.False(File.Exists(house.Paths.NextKeyFile));
        Assert.Equal("house.rekeyed", await house.TrailAsync("house."));
        await StillWorksAsync(house, null);
    }

    [Fact]
    public async Task A_change_to_a_passphrase_is_resumed_with_that_passphrase_only()
    {
        await using var house = await KeptHouse.LeaveAsync(10_000);
        await using (var killed = await HouseProcess.UntilAsync("Rewrapped", "rekey", "--data", house.Data, "--to-passphrase-file", house.PassphraseFile))
            await killed.KillAsync();

        await house.RefusesAsync("begun with a passphrase", "rekey", "--to-key-file");
        await house.RefusesAsync("The new passphrase is not the one", "rekey", "--to-passphrase-file", house.OtherFile);
        await house.RefusesAsync("--passphrase-file FILE", "rekey");
        await house.DoesAsync("rekey", "--to-passphrase-file", house.PassphraseFile);

        using var key = house.Key();
        Assert.Equal((10_001, 10_001), await house.OpenedAsync(key));
    }

    [Fact]
    public async Task Stopped_between_the_new_key_file_and_the_entry_it_only_writes_the_entry()
    {
        await using var house = await KeptHouse.LeaveAsync();
        using var old = house.Key();
        await house.DoesAsync("rekey", "--to-passphrase-file", house.PassphraseFile);
        // As it was one step before: the old canary still there.
        var before = new HouseSeal(old).Seal(HouseKey.Canary, "The key file belongs to this database."u8);
        await house.SqlAsync($"INSERT INTO HouseKeys (Name, Sealed, KeyId) VALUES ('{HouseKey.Before}', x'{Convert.ToHexString(before)}', '{old.KeyId}')");
        await house.RefusesAsync(Half, "--passphrase-file", house.PassphraseFile, "--urls", "http://127.0.0.1:0");

        await house.DoesAsync("rekey", "--to-passphrase-file", house.PassphraseFile);

        Assert.Equal("house.rekeyed house.rekeyed", await house.TrailAsync("house."));
        using var key = house.Key();
        Assert.Equal((1, 1), await house.OpenedAsync(key));
        Assert.Equal(0L, await house.AskAsync<long>($"SELECT COUNT(*) FROM HouseKeys WHERE Name = '{HouseKey.Before}'"));
    }

    [Fact]
    public async Task A_new_key_that_was_written_and_never_used_is_made_again()
    {
        await using var house = await KeptHouse.LeaveAsync();
        await File.WriteAllTextAsync(house.Paths.NextKeyFile, "cut o");

        await house.DoesAsync("rekey");

        using var key = house.Key();
        Assert.Equal((1, 1), await house.OpenedAsync(key));
    }

    [Fact]
    public async Task A_secret_the_old_key_does_not_open_is_left_as_it_is_and_named_in_the_entry()
    {
        await using var house = await KeptHouse.LeaveAsync(credentials: 2);
        var ruined = await house.AskAsync<string>("SELECT CredentialId FROM Secrets ORDER BY CredentialId LIMIT 1");
        await house.SqlAsync($"UPDATE Secrets SET WrappedKey = zeroblob(60) WHERE CredentialId = '{ruined}'");

        Assert.Contains("1 secrets were left as they were", await house.DoesAsync("rekey"), StringComparison.Ordinal);

        using var key = house.Key();
        Assert.Equal((2, 3), await house.OpenedAsync(key));
        Assert.Contains("left as they were", await house.AskAsync<string>("SELECT CAST(Payload AS TEXT) FROM Trail ORDER BY Seq DESC LIMIT 1"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_one_of_server_and_rekey_and_restore_is_at_work_in_a_folder()
    {
        await using var house = await KeptHouse.LeaveAsync();
        var key = await File.ReadAllTextAsync(house.Paths.KeyFile);
        await house.DoesAsync("backup", house.In("copy.db"));
        await using (await HouseProcess.StartAsync(house.Data))
        {
            await house.RefusesAsync("at work in", "--urls", "http://127.0.0.1:0");
            await house.RefusesAsync("at work in", "rekey");
            await house.RefusesAsync("at work in", "restore", house.In("copy.db"));
        }

        Assert.Equal(key, await File.ReadAllTextAsync(house.Paths.KeyFile));
        await house.DoesAsync("rekey");
    }

    [Theory]
    [InlineData(2, "rekey", "now")]
    [InlineData(2, "rekey", "--to-key-file", "--to-passphrase-file", "x")]
    [InlineData(2, "rekey", "--to-passphrase-file")]
    [InlineData(2, "rekey", "--passphrase", "on the command line")]
    [InlineData(2, "rekey", "--data")]
    [InlineData(1, "rekey")]
    public async Task What_it_can_not_do_it_says_in_one_sentence_and_makes_no_house(int exitCode, params string[] args)
    {
        using var folder = new TestFolder();

        var said = await HouseProcess.RunAsync(args.Contains("--data") ? args : [.. args, "--data", folder.In("data")]);

        Assert.Equal((exitCode, ""), (said.ExitCode, said.Output));
        Assert.Matches("^[^\n]+\\.$", said.Errors);
        Assert.Empty(folder.Fingerprint());
        Assert.False(Directory.Exists(folder.In("data")));
    }

    private static async Task<CookieCollection> SignedInAsync(KeptHouse house)
    {
        await using var server = await HouseProcess.StartAsync(house.Data);
        using var adam = new Visitor(server.Url);
        await adam.SignInAsync(Visitor.Email("Adam"));
        Assert.Equal(HttpStatusCode.OK, (await adam.RevealAsync(house.Adams.Value, adam.Origin)).StatusCode);
        await server.StopAsync();
        return adam.Cookies.GetAllCookies();
    }

    // A cookie of before is still read, a password still lets in, and a secret still opens.
    private static async Task StillWorksAsync(KeptHouse house, CookieCollection? cookies, params string[] options)
    {
        await using var server = await HouseProcess.StartAsync(house.Data, options);
        using var adam = new Visitor(server.Url);
        if (cookies is null)
            Assert.Equal(HttpStatusCode.Redirect, (await adam.SignInAsync(Visitor.Email("Adam"))).StatusCode);
        else
            adam.Cookies.Add(cookies);
        var revealed = await adam.RevealAsync(house.Adams.Value, adam.Origin);
        Assert.Equal(HttpStatusCode.OK, revealed.StatusCode);
        Assert.Contains(Cast.Secret, await revealed.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await server.StopAsync();
    }

    private static void OwnerOnly(string file)
    {
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
    }
}
