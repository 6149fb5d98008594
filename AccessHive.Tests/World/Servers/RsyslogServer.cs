using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace AccessHive.Tests.World.Servers;

/// <summary>
/// An rsyslog of a test's own on 127.0.0.1, with a configuration of its own: syslog over TLS, and lines of CEF over plain
/// TCP. What it understood of them it writes as JSON to its standard error, which is its log here.
/// </summary>
public sealed class RsyslogServer : IAsyncDisposable
{
    private const string Modules = "/usr/lib/x86_64-linux-gnu/rsyslog";
    private readonly TestFolder folder;
    private readonly ServerProcess process;

    private RsyslogServer(TestFolder folder, ServerProcess process, int port, int cefPort)
    {
        this.folder = folder;
        this.process = process;
        Port = port;
        CefPort = cefPort;
    }

    /// <summary>Where it takes syslog over TLS.</summary>
    public int Port { get; }

    /// <summary>Where it takes CEF, line by line.</summary>
    public int CefPort { get; }

    /// <summary>Its certificate, which vouches for itself.</summary>
    public string Certificate => File.ReadAllText(folder.In("cert.pem"));

    public static async Task<RsyslogServer> StartAsync(int? port = null, (string Certificate, string Key)? like = null)
    {
        if (Machine.Find("rsyslogd") is not { } program || !Directory.EnumerateFiles("/usr/lib", "lmnsd_ossl.so", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 3, IgnoreInaccessible = true }).Any())
            throw Missing.Because($"rsyslog with OpenSSL is not here ({Modules}): apt-get install rsyslog rsyslog-openssl.");
        var home = new TestFolder();
        if (like is { } pair)
        {
            await File.WriteAllTextAsync(home.In("cert.pem"), pair.Certificate);
            await File.WriteAllTextAsync(home.In("key.pem"), pair.Key);
        }
        else
        {
            SelfSigned.Write(home.In("cert.pem"), home.In("key.pem"));
        }

        var (tls, cef) = (port ?? Machine.FreePort(), Machine.FreePort());
        await File.WriteAllTextAsync(home.In("conf"), string.Create(CultureInfo.InvariantCulture, $$"""
            global(workDirectory="{{home.In("")}}" processInternalMessages="on" maxMessageSize="64k" defaultNetstreamDriver="ossl"
              defaultNetstreamDriverCAFile="{{home.In("cert.pem")}}" defaultNetstreamDriverCertFile="{{home.In("cert.pem")}}" defaultNetstreamDriverKeyFile="{{home.In("key.pem")}}")
            module(load="imtcp" streamDriver.name="ossl" streamDriver.mode="1" streamDriver.authMode="anon")
            module(load="imptcp")
            module(load="mmpstrucdata")
            module(load="mmnormalize")
            template(name="understood" type="list") {
              constant(value="{\"time\":\"") property(name="timestamp" dateFormat="rfc3339")
              constant(value="\",\"facility\":\"") property(name="syslogfacility-text")
              constant(value="\",\"severity\":\"") property(name="syslogseverity-text")
              constant(value="\",\"app\":\"") property(name="app-name" format="json")
              constant(value="\",\"msgid\":\"") property(name="msgid" format="json")
              constant(value="\",\"msg\":\"") property(name="msg" format="json")
              constant(value="\",\"data\":") property(name="$!rfc5424-sd") constant(value="}\n")
            }
            template(name="cef" type="string" string="%$!cef%\n")
            template(name="own" type="string" string="%msg%\n")
            ruleset(name="tls") { action(type="mmpstrucdata") action(type="omfile" file="/dev/stderr" template="understood") }
            ruleset(name="cef") { action(type="mmnormalize" useRawMsg="on" rule="rule=:%cef:cef%") action(type="omfile" file="/dev/stderr" template="cef") }
            input(type="imtcp" port="{{tls}}" address="127.0.0.1" ruleset="tls")
            input(type="imptcp" port="{{cef}}" address="127.0.0.1" ruleset="cef")
            action(type="omfile" file="/dev/stderr" template="own")

            """));
        // It says so once its inputs listen.
        var started = await ServerProcess.StartGuardedAsync("start", "TERM", program, "-n", "-f", home.In("conf"), "-i", home.In("pid"));
        return new RsyslogServer(home, started, tls, cef);
    }

    /// <summary>The same server again, after it was away: same port, same certificate.</summary>
    public static async Task<RsyslogServer> AgainAsync(RsyslogServer before)
    {
        var like = (await File.ReadAllTextAsync(before.folder.In("cert.pem")), await File.ReadAllTextAsync(before.folder.In("key.pem")));
        await before.DisposeAsync();
        return await StartAsync(before.Port, like);
    }

    /// <summary>What it understood, once these words are among it.</summary>
    public async Task<IReadOnlyList<JsonElement>> UnderstoodAsync(string words)
        => [.. (await process.LogAsync(words)).Split('\n').Where(l => l.StartsWith('{')).Select(l => JsonDocument.Parse(l).RootElement)];

    /// <summary>Sends lines to where it takes CEF.</summary>
    public async Task SendCefAsync(string lines)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, CefPort);
        await client.GetStream().WriteAsync(Encoding.UTF8.GetBytes(lines));
        client.Client.Shutdown(SocketShutdown.Send);
    }

    public async ValueTask DisposeAsync()
    {
        await process.DisposeAsync();
        if (Directory.Exists(folder.In("")))
            folder.Dispose();
    }
}
