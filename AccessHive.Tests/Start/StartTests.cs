using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using AccessHive.Core.Storage;
using AccessHive.Core.Vault;
using AccessHive.Tests.World;
using AccessHive.Web.Start;
using Xunit;

namespace AccessHive.Tests.Start;

/// <summary>The product as a process: what it says when it starts, and what it leaves alone when it doesn't.</summary>
public sealed class StartTests
{
    [Fact]
    public async Task It_says_where_it_listens_and_how_to_become_the_first_owner()
    {
        using var folder = new TestFolder();
        await using var house = await HouseProcess.StartAsync(folder.In("data"));
        using var nora = new Visitor(house.Url);

        Assert.StartsWith($"{house.Url}/account/setup/", house.SetupLink, StringComparison.Ordinal);
        Assert.Empty(house.Errors);
        var link = new Uri(house.SetupLink).AbsolutePath;
        var founded = await nora.FillInAsync(
            link, ("Form.Agency", "Nord"), ("Form.Zone", "Europe/Berlin"), ("Form.Name", "Nora"), ("Form.Email", "nora@agency.example"), ("Form.Password", Cast.Password));
        Assert.Equal(HttpStatusCode.Redirect, founded.StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, (await nora.SignInAsync("nora@agency.example")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await nora.GetAsync("/")).StatusCode);
        Assert.True((await (await nora.GetAsync("/css/app.css")).Content.ReadAsByteArrayAsync()).Length > 1000);

        Assert.Equal(0, await house.StopAsync());
        await using var again = await HouseProcess.StartAsync(folder.In("data"));
        Assert.DoesNotContain("/account/setup/", again.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("password", house.Output + again.Output, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Folder_key_and_database_are_for_their_owner_alone()
    {
        // Windows has access lists instead of modes; the folder of one's own profile has the right ones.
        if (OperatingSystem.IsWindows())
            return;
        using var folder = new TestFolder();
        await using (await HouseProcess.StartAsync(folder.In("data")))
        {
            const UnixFileMode others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;
            Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(folder.In("data")) & others);
            Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(folder.In("data.key")) & others);
        }
    }

    [Fact]
    public async Task A_new_start_makes_the_setup_link_before_worthless()
    {
        using var folder = new TestFolder();
        await using var house = await HouseProcess.StartAsync(folder.In("data"));
        var old = new Uri(house.SetupLink).AbsolutePath;
        await house.KillAsync();

        await using var again = await HouseProcess.StartAsync(folder.In("data"));

        using var visitor = new Visitor(again.Url);
        Assert.Contains("This link doesn't work any more", await visitor.ReadAsync(old), StringComparison.Ordinal);
        Assert.DoesNotContain("This link doesn't work any more", await visitor.ReadAsync(new Uri(again.SetupLink).AbsolutePath), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_and_version_are_answered_and_nothing_is_started()
    {
        var help = await HouseProcess.RunAsync("--help");
        var version = await HouseProcess.RunAsync("--version");

        Assert.Equal((0, ""), (help.ExitCode, help.Errors));
        Assert.All(["--demo", "--data", "--port", "--urls", "--passphrase-file", "--version", "--help", "backup FILE", "restore FILE", "--check", "rekey", "--to-passphrase-file FILE", "--to-key-file"], option => Assert.Contains(option, help.Output, StringComparison.Ordinal));
        Assert.Equal((0, ""), (version.ExitCode, version.Errors));
        Assert.Matches(@"^\d+\.\d+\.\d+\S*$", version.Output);
    }

    [Theory]
    [InlineData("--colour")]
    [InlineData("--port", "eighty")]
    public async Task What_it_does_not_understand_it_says_in_one_sentence(params string[] args)
    {
        using var folder = new TestFolder();

        await AssertRefusedAsync(folder, exitCode: 2, ["--data", folder.In("data"), .. args], args[0], "--help");
    }

    [Theory]
    [InlineData("--port")]
    [InlineData("--port", "0")]
    [InlineData("--port", "65536")]
    [InlineData("--port", "-1")]
    [InlineData("--port", "+80")]
    [InlineData("--port", "80", "--demo=yes")]
    [InlineData("--data")]
    [InlineData("--data", " ")]
    [InlineData("--urls", "ftp://localhost")]
    [InlineData("--urls", "localhost:5080")]
    [InlineData("--passphrase-file")]
    [InlineData("serve")]
    public void It_does_not_guess_what_was_meant(params string[] args)
    {
        var (options, answer) = StartOptions.Parse(args);

        Assert.Null(options);
        Assert.Equal(2, answer.ExitCode);
        Assert.EndsWith("see --help.", answer.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void It_understands_what_help_lists()
    {
        var (options, _) = StartOptions.Parse(["--demo", "--data", "somewhere", "--port", "6000"]);

        Assert.Equal(new StartOptions(Demo: true, "somewhere", "http://localhost:6000"), options);
        Assert.Equal("https://hive.example", StartOptions.Parse(["--urls", "https://hive.example"]).Options!.Url);
        Assert.Equal(Path.GetFullPath("somewhere") + ".key", options!.Paths.KeyFile);
    }

    [Fact]
    public void Hosts_that_webhooks_may_reach_inside_are_named_one_by_one()
    {
        Assert.Empty(StartOptions.Parse([]).Options!.WebhookHosts);
        Assert.Equal(["hooks.internal", "10.0.0.7"], StartOptions.Parse(["--webhook-host", "hooks.internal", "--webhook-host", "10.0.0.7"]).Options!.WebhookHosts);
        Assert.Null(StartOptions.Parse(["--webhook-host"]).Options);
    }

    [Fact]
    public async Task A_port_in_use_is_named_before_anything_is_touched()
    {
        using var folder = new TestFolder();
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port.ToString(System.Globalization.CultureInfo.InvariantCulture);

        await AssertRefusedAsync(folder, exitCode: 1, ["--data", folder.In("data"), "--port", port], port, "--port");
    }

    [Fact]
    public async Task A_folder_that_can_not_be_written_is_named()
    {
        using var folder = new TestFolder();
        await File.WriteAllTextAsync(folder.In("file"), "not a folder");

        await AssertRefusedAsync(folder, exitCode: 1, ["--data", folder.In("file/data"), "--urls", "http://127.0.0.1:0"], folder.In("file/data"), "--data");
    }

    [Fact]
    public async Task A_missing_key_is_named_and_no_new_one_is_made()
    {
        using var folder = await LivedInAsync();
        File.Delete(folder.In("data.key"));

        await AssertRefusedAsync(folder, exitCode: 1, ["--data", folder.In("data"), "--urls", "http://127.0.0.1:0"], folder.In("data.key"), "backup");
    }

    [Theory]
    [InlineData("of another house")]
    [InlineData("not a key at all")]
    [InlineData("")]
    public async Task A_key_that_does_not_fit_opens_nothing(string key)
    {
        using var folder = await LivedInAsync();
        await File.WriteAllTextAsync(folder.In("data.key"), key == "of another house" ? Convert.ToBase64String(RandomNumberGenerator.GetBytes(FileKeyWrapper.KeyLength)) : key);

        await AssertRefusedAsync(folder, exitCode: 1, ["--data", folder.In("data"), "--urls", "http://127.0.0.1:0"], "key file");
    }

    [Fact]
    public async Task A_database_of_a_newer_version_is_left_alone()
    {
        using var folder = await LivedInAsync("INSERT INTO __EFMigrationsHistory VALUES ('99991231235959_FromTheFuture', '99.0.0')");

        await AssertRefusedAsync(folder, exitCode: 1, ["--data", folder.In("data"), "--urls", "http://127.0.0.1:0"], "newer version");
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_left_alone()
    {
        using var folder = await LivedInAsync();
        await File.WriteAllTextAsync(Path.Combine(folder.In("data"), HiveStorage.FileName), "Dear diary, today nothing happened.");

        await AssertRefusedAsync(folder, exitCode: 1, ["--data", folder.In("data"), "--urls", "http://127.0.0.1:0"], "database");
    }

    [Fact]
    public async Task An_address_it_can_not_listen_on_is_said_in_a_sentence()
    {
        using var folder = new TestFolder();

        // Addresses of RFC 5737 belong to no machine.
        await AssertRefusedAsync(folder, exitCode: 1, ["--data", folder.In("data"), "--urls", "http://192.0.2.1:5080"], "5080");
        // That a certificate is missing turns out last: the host logs it too, the sentence is what people read.
        var said = await HouseProcess.RunAsync("--data", folder.In("data"), "--urls", "https://127.0.0.1:0");
        Assert.Equal(1, said.ExitCode);
        Assert.Matches("^For https://127.0.0.1:0 a certificate is needed: [^\n]+\\.$", said.Errors);
    }

    private static async Task AssertRefusedAsync(TestFolder? untouched, int exitCode, IEnumerable<string> args, params IEnumerable<string> words)
    {
        var before = untouched?.Fingerprint();

        var said = await HouseProcess.RunAsync(args);

        Assert.Equal(exitCode, said.ExitCode);
        Assert.Empty(said.Output);
        Assert.DoesNotContain('\n', said.Errors);
        Assert.EndsWith(".", said.Errors, StringComparison.Ordinal);
        Assert.All(words, w => Assert.Contains(w, said.Errors, StringComparison.Ordinal));
        if (untouched is not null)
            Assert.Equal(before, untouched.Fingerprint());
    }

    /// <summary>A data folder somebody has worked with, and what was done to its database afterwards.</summary>
    private static async Task<TestFolder> LivedInAsync(string sql = "")
    {
        await using var agency = await TestAgency.FoundAsync();
        if (sql.Length > 0)
            await agency.SqlAsync(sql);
        await agency.LeaveAsync();
        var folder = new TestFolder();
        Directory.CreateDirectory(folder.In("data"));
        File.Copy(agency.Paths.Database, Path.Combine(folder.In("data"), HiveStorage.FileName));
        File.Copy(agency.Paths.KeyFile, folder.In("data.key"));
        // Stays behind wherever a house was lived in.
        await File.WriteAllBytesAsync(HousePaths.In(folder.In("data")).Lock, []);
        return folder;
    }
}
