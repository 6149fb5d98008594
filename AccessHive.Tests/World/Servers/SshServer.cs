using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using AccessHive.Core.Vault;
using Renci.SshNet;
using Renci.SshNet.Common;

namespace AccessHive.Tests.World.Servers;

/// <summary>
/// An OpenSSH server of this run's own, in a mount namespace with a copy of /etc: its accounts and its host key exist
/// nowhere else, and go with it.
/// </summary>
public sealed class SshServer : IAsyncDisposable
{
    // Everything is mounted in memory and seen by nobody outside. Afterwards it takes orders on its standard input, and
    // ends with it.
    private const string House = """
        set -e
        port=$1
        sshd=$2
        mount -t tmpfs -o mode=755 tmpfs /mnt
        mkdir /mnt/etc /mnt/home
        cp -a /etc/. /mnt/etc/
        mount --bind /mnt/etc /etc
        mount -t tmpfs -o mode=755 tmpfs /run
        mkdir /run/sshd
        ssh-keygen -q -t ed25519 -N '' -f /mnt/host_key
        printf '%s\n' "Port $port" 'ListenAddress 127.0.0.1' 'HostKey /mnt/host_key' 'PidFile none' 'UsePAM no' 'PasswordAuthentication yes' \
          'MaxStartups 200' 'UseDNS no' 'LogLevel DEBUG3' > /mnt/sshd_config
        # A later OpenSSH keeps out whoever tried a wrong password.
        if "$sshd" -t -f /mnt/sshd_config -o PerSourcePenalties=no 2>/dev/null; then echo 'PerSourcePenalties no' >> /mnt/sshd_config; fi
        "$sshd" -D -e -f /mnt/sshd_config </dev/null >/dev/null &
        server=$!
        while read -r word name password; do
          case $word in
            fingerprint) ssh-keygen -l -E sha256 -f /mnt/host_key.pub | cut -d' ' -f2 ;;
            add)
              useradd -M -d "/mnt/home/$name" -s /bin/bash "$name" </dev/null
              mkdir -m 700 "/mnt/home/$name"
              echo 'trap '\''echo "$BASH_COMMAND" >> ~/commands'\'' DEBUG; PROMPT_COMMAND="history -a"' > "/mnt/home/$name/.bash_profile"
              chown -R "$name" "/mnt/home/$name"
              printf '%s:%s\n' "$name" "$password" | chpasswd ;;
            kept) grep "^$name:" /etc/shadow ;;
            files) find "/mnt/home/$name" -type f ! -name .bash_profile -exec cat {} + ;;
          esac
          echo .
        done
        kill $server
        """;

    private static readonly Lazy<Task<SshServer>> one = new(StartAsync);
    private readonly ServerProcess process;

    private SshServer(ServerProcess process, int port, string fingerprint)
    {
        this.process = process;
        Port = port;
        Fingerprint = fingerprint;
    }

    public int Port { get; }

    /// <summary>Of its host key, as <c>SHA256:…</c>.</summary>
    public string Fingerprint { get; }

    /// <summary>An account with a home folder and bash.</summary>
    public static async Task<SshAccount> NewAccountAsync()
    {
        var server = await one.Value;
        var (name, password) = (TargetAccount.Fresh("u"), TargetAccount.Fresh("First-"));
        await server.process.AskAsync($"add {name} {password}");
        return new SshAccount(server, name, password);
    }

    /// <summary>What the machine keeps for an account's password.</summary>
    public Task<string> KeptAsync(string name) => process.AskAsync($"kept {name}");

    /// <summary>The log up to now, and everything that lies in an account's home: its history and the commands its shell ran.</summary>
    public async Task<string> ReadLogAsync(string name)
    {
        var mark = TargetAccount.Fresh("mark");
        using (var visitor = new TcpClient())
        {
            await visitor.ConnectAsync("127.0.0.1", Port);
            await visitor.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"SSH-2.0-{mark}\r\n"));
            return await process.LogAsync(mark) + await process.AskAsync($"files {name}");
        }
    }

    public ValueTask DisposeAsync() => process.DisposeAsync();

    private static async Task<SshServer> StartAsync()
    {
        if (!OperatingSystem.IsLinux() || Machine.Find("sshd") is not { } sshd)
            throw Missing.Because("OpenSSH's server is not on this machine; `sudo apt-get install openssh-server` brings it.");
        // Where everything has to be there, an ordinary user is one who may ask for more.
        string[] asRoot = Machine.IsRoot ? [] : Missing.IsFailure ? ["sudo", "-n"] : throw Missing.Because("The SSH server of these tests has accounts of its own, for which it needs root: run the tests in a container, or `sudo dotnet test`.");
        if (!await MayUnshareAsync(asRoot))
            throw Missing.Because("The SSH server of these tests needs a mount namespace of its own (`unshare --mount`): give the container CAP_SYS_ADMIN.");
        var free = Machine.FreePort();
        var started = await ServerProcess.StartAsync(
            "Server listening", [.. asRoot, "unshare", "--mount", "--propagation=private", "sh", "-c", House, "house", free.ToString(CultureInfo.InvariantCulture), sshd]);
        return TargetServers.Keep(new SshServer(started, free, (await started.AskAsync("fingerprint")).Trim()));
    }

    private static async Task<bool> MayUnshareAsync(string[] asRoot)
    {
        string[] command = [.. asRoot, "unshare", "--mount", "true"];
        using var trial = Process.Start(new ProcessStartInfo(command[0], command.Skip(1)) { RedirectStandardError = true, UseShellExecute = false })!;
        await trial.WaitForExitAsync();
        return trial.ExitCode == 0;
    }
}

/// <summary>An account of the run's own SSH server.</summary>
public sealed class SshAccount : TargetAccount
{
    private readonly SshServer server;

    [System.Diagnostics.CodeAnalysis.SetsRequiredMembers]
    public SshAccount(SshServer server, string name, string password)
    {
        this.server = server;
        (Host, Port, UserName, Password) = ("127.0.0.1", server.Port, name, password);
        Plan = PlanFor(ConnectorKind.Ssh, Host, Port, hostKey: server.Fingerprint);
    }

    public override async Task<bool> LogsInAsync(string password)
    {
        using var client = new SshClient(Host, Port, UserName, password);
        client.HostKeyReceived += (_, host) => host.CanTrust = "SHA256:" + host.FingerPrintSHA256 == server.Fingerprint;
        try
        {
            await client.ConnectAsync(CancellationToken.None);
            return true;
        }
        catch (SshAuthenticationException)
        {
            return false;
        }
    }

    public override Task<string> KeptAsync() => server.KeptAsync(UserName);

    public override Task<string> ReadLogAsync() => server.ReadLogAsync(UserName);
}
