using System.Globalization;
using AccessHive.Core.Vault;
using Npgsql;

namespace AccessHive.Tests.World.Servers;

/// <summary>A PostgreSQL server of this run's own: SCRAM logins over 127.0.0.1, every statement in its log, TLS with a certificate of its own making.</summary>
public sealed class PostgreSqlServer : IAsyncDisposable
{
    private static readonly Lazy<Task<PostgreSqlServer>> one = new(StartAsync);
    private readonly TestFolder folder;
    private readonly ServerProcess process;

    private PostgreSqlServer(TestFolder folder, ServerProcess process, int port)
    {
        this.folder = folder;
        this.process = process;
        Port = port;
    }

    public int Port { get; }

    /// <summary>A role that may log in, and nothing else.</summary>
    /// <param name="options">What else it is, in SQL; for example <c>CONNECTION LIMIT 0</c>.</param>
    public static async Task<PostgreSqlRole> NewRoleAsync(string options = "")
    {
        var server = await one.Value;
        var (name, password) = (TargetAccount.Fresh("role_"), TargetAccount.Fresh("first-"));
        await server.RunAsync($"SET log_statement = 'none'; SET log_min_duration_statement = -1; CREATE ROLE {name} LOGIN PASSWORD '{password}' {options}");
        return new PostgreSqlRole(server, name, password);
    }

    /// <summary>Runs statements as the superuser.</summary>
    public async Task RunAsync(string sql) => await AskAsync(sql);

    /// <summary>Asks for one value as the superuser.</summary>
    public async Task<string> AskAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder
        {
            Host = folder.In(""),
            Port = Port,
            Username = "postgres",
            Database = "postgres",
            Pooling = false,
        }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return Convert.ToString(await command.ExecuteScalarAsync(), CultureInfo.InvariantCulture) ?? "";
    }

    /// <summary>Its log up to now.</summary>
    public async Task<string> ReadLogAsync()
    {
        var mark = TargetAccount.Fresh("mark");
        await RunAsync($"SELECT '{mark}'");
        return await process.LogAsync(mark);
    }

    public async ValueTask DisposeAsync()
    {
        await process.DisposeAsync();
        folder.Dispose();
    }

    private static async Task<PostgreSqlServer> StartAsync()
    {
        var bin = Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql").OrderByDescending(d => int.TryParse(Path.GetFileName(d), CultureInfo.InvariantCulture, out var v) ? v : 0).Select(d => Path.Combine(d, "bin"))
            : [];
        if (Machine.Find("initdb", bin) is not { } initdb || Machine.Find("postgres", bin) is not { } postgres)
            throw Missing.Because("PostgreSQL is not on this machine; `sudo apt-get install postgresql` brings it.");
        var (place, free) = (new TestFolder(), Machine.FreePort());
        // The server refuses to run as root.
        string[] asItself = Machine.IsRoot ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] : [];
        SelfSigned.Write(place.In("server.crt"), place.In("server.key"));
        if (Machine.IsRoot)
            await Machine.RunAsync("chown", "-R", "postgres:postgres", place.In(""));
        await Machine.RunAsync([.. asItself, initdb, "-D", place.In("data"), "-U", "postgres", "--auth-local=trust", "--auth-host=scram-sha-256", "--no-sync", "-E", "UTF8", "--locale=C"]);
        string[] settings =
        [
            "listen_addresses=127.0.0.1", $"port={free}", $"unix_socket_directories={place.In("")}", "fsync=off", "max_connections=50",
            "log_statement=all", "log_connections=on", "log_min_error_statement=debug1", "log_min_duration_statement=0", "log_parameter_max_length=-1",
            "ssl=on", $"ssl_cert_file={place.In("server.crt")}", $"ssl_key_file={place.In("server.key")}",
        ];
        var started = await ServerProcess.StartGuardedAsync("ready to accept connections", "QUIT", [.. asItself, postgres, "-D", place.In("data"), .. settings.SelectMany(s => new[] { "-c", s })]);
        return TargetServers.Keep(new PostgreSqlServer(place, started, free));
    }
}

/// <summary>A role of the run's own PostgreSQL.</summary>
public sealed class PostgreSqlRole : TargetAccount
{
    private readonly PostgreSqlServer server;

    [System.Diagnostics.CodeAnalysis.SetsRequiredMembers]
    public PostgreSqlRole(PostgreSqlServer server, string name, string password)
    {
        this.server = server;
        (Host, Port, Database, UserName, Password) = ("127.0.0.1", server.Port, "postgres", name, password);
        Plan = PlanFor(ConnectorKind.PostgreSql, Host, Port, Database);
    }

    public PostgreSqlServer Server => server;

    public override async Task<bool> LogsInAsync(string password)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder
        {
            Host = Host,
            Port = Port,
            Database = Database,
            Username = UserName,
            Password = password,
            Pooling = false,
            SslMode = SslMode.Disable,
        }.ConnectionString);
        try
        {
            await connection.OpenAsync();
            return true;
        }
        catch (PostgresException refused) when (refused.SqlState == PostgresErrorCodes.InvalidPassword)
        {
            return false;
        }
    }

    public override Task<string> KeptAsync() => server.AskAsync($"SELECT rolpassword FROM pg_authid WHERE rolname = '{UserName}'");

    public override Task<string> ReadLogAsync() => server.ReadLogAsync();
}
