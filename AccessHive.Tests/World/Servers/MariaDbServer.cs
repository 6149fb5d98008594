using System.Globalization;
using System.Text;
using AccessHive.Core.Vault;
using MySqlConnector;

namespace AccessHive.Tests.World.Servers;

/// <summary>A MariaDB server of this run's own: general log and binary log on, TLS with a certificate of its own making.</summary>
public sealed class MariaDbServer : IAsyncDisposable
{
    private static readonly Lazy<Task<MariaDbServer>> one = new(StartAsync);
    private readonly TestFolder folder;
    private readonly ServerProcess process;

    private MariaDbServer(TestFolder folder, ServerProcess process, int port)
    {
        this.folder = folder;
        this.process = process;
        Port = port;
    }

    public int Port { get; }

    /// <summary>An account that may log in, and nothing else.</summary>
    public static async Task<MariaDbAccount> NewAccountAsync()
    {
        var server = await one.Value;
        var (name, password) = (TargetAccount.Fresh("u_"), TargetAccount.Fresh("first-"));
        await server.RunUnseenAsync($"CREATE USER '{name}'@'127.0.0.1' IDENTIFIED VIA mysql_native_password USING PASSWORD('{password}')");
        return new MariaDbAccount(server, name, password);
    }

    /// <summary>Runs a statement as the superuser, and keeps it out of the logs.</summary>
    public async Task RunUnseenAsync(string sql) => await AskAsync("SET SESSION sql_log_off = 1, SESSION sql_log_bin = 0", sql);

    /// <summary>Runs statements as the superuser and gives the last one's first value.</summary>
    public async Task<string> AskAsync(params IReadOnlyList<string> statements)
    {
        await using var connection = new MySqlConnection(new MySqlConnectionStringBuilder
        {
            Server = folder.In("socket"),
            ConnectionProtocol = MySqlConnectionProtocol.Unix,
            UserID = Environment.UserName,
            Pooling = false,
        }.ConnectionString);
        await connection.OpenAsync();
        object? value = null;
        foreach (var statement in statements)
        {
            await using var command = new MySqlCommand(statement, connection);
            value = await command.ExecuteScalarAsync();
        }

        return Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
    }

    /// <summary>Its general log, its binary log and its error log up to now.</summary>
    public async Task<string> ReadLogAsync()
    {
        var mark = TargetAccount.Fresh("mark");
        await AskAsync($"SELECT '{mark}'");
        var general = await ReadAsync(folder.In("data/general.log"));
        Xunit.Assert.Contains(mark, general, StringComparison.Ordinal);
        var binary = await Task.WhenAll(Directory.GetFiles(folder.In("data"), "binlog.0*").Select(ReadAsync));
        return general + string.Concat(binary) + await process.LogAsync("ready for connections");
    }

    public async ValueTask DisposeAsync()
    {
        await process.DisposeAsync();
        folder.Dispose();
    }

    private static async Task<string> ReadAsync(string path)
    {
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(file, Encoding.Latin1);
        return await reader.ReadToEndAsync();
    }

    private static async Task<MariaDbServer> StartAsync()
    {
        if (Machine.Find("mariadb-install-db") is not { } install || Machine.Find("mariadbd") is not { } mariadbd)
            throw Missing.Because("MariaDB is not on this machine; `sudo apt-get install mariadb-server` brings it.");
        var (place, free) = (new TestFolder(), Machine.FreePort());
        var user = Machine.IsRoot ? "mysql" : Environment.UserName;
        SelfSigned.Write(place.In("server.crt"), place.In("server.key"));
        if (Machine.IsRoot)
            await Machine.RunAsync("chown", "-R", "mysql:mysql", place.In(""));
        await Machine.RunAsync(
            install, "--no-defaults", $"--datadir={place.In("data")}", $"--user={user}", "--auth-root-authentication-method=socket", $"--auth-root-socket-user={Environment.UserName}",
            "--skip-test-db", "--skip-name-resolve");
        var started = await ServerProcess.StartGuardedAsync(
            "ready for connections", "KILL",
            mariadbd, "--no-defaults", $"--user={user}", $"--datadir={place.In("data")}", $"--socket={place.In("socket")}", $"--pid-file={place.In("pid")}",
            "--bind-address=127.0.0.1", $"--port={free}", "--skip-name-resolve", "--general-log", $"--general-log-file={place.In("data/general.log")}",
            "--log-bin=binlog", "--server-id=1", "--binlog-format=STATEMENT", "--innodb-flush-log-at-trx-commit=0", "--innodb-buffer-pool-size=16M",
            $"--ssl-cert={place.In("server.crt")}", $"--ssl-key={place.In("server.key")}");
        return TargetServers.Keep(new MariaDbServer(place, started, free));
    }
}

/// <summary>An account of the run's own MariaDB.</summary>
public sealed class MariaDbAccount : TargetAccount
{
    private readonly MariaDbServer server;

    [System.Diagnostics.CodeAnalysis.SetsRequiredMembers]
    public MariaDbAccount(MariaDbServer server, string name, string password)
    {
        this.server = server;
        (Host, Port, UserName, Password) = ("127.0.0.1", server.Port, name, password);
        Plan = PlanFor(ConnectorKind.MySql, Host, Port);
    }

    public MariaDbServer Server => server;

    public override async Task<bool> LogsInAsync(string password)
    {
        await using var connection = new MySqlConnection(new MySqlConnectionStringBuilder
        {
            Server = Host,
            Port = (uint)Port,
            UserID = UserName,
            Password = password,
            Pooling = false,
            SslMode = MySqlSslMode.Disabled,
        }.ConnectionString);
        try
        {
            await connection.OpenAsync();
            return true;
        }
        catch (MySqlException refused) when (refused.ErrorCode == MySqlErrorCode.AccessDenied)
        {
            return false;
        }
    }

    public override Task<string> KeptAsync() => server.AskAsync($"SELECT authentication_string FROM mysql.user WHERE User = '{UserName}'");

    public override Task<string> ReadLogAsync() => server.ReadLogAsync();
}
