using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using AccessHive.Core.Connectors;
using AccessHive.Core.Kernel;
using AccessHive.Core.Vault;

namespace AccessHive.Tests.World.Servers;

/// <summary>
/// One account on a real server, made for one test, with everything a rotation needs to know – and with what a test needs
/// to see for itself, done without any connector.
/// </summary>
public abstract class TargetAccount : IAsyncDisposable
{
    public required string Host { get; init; }

    public required int Port { get; init; }

    public string Database { get; init; } = "";

    public required string UserName { get; init; }

    /// <summary>What it starts with.</summary>
    public required string Password { get; init; }

    public required RotationPlan Plan { get; init; }

    /// <summary>What the connector itself needs; empty but for the webhook.</summary>
    public byte[] Key { get; init; } = [];

    public CredentialId Credential { get; } = CredentialId.New();

    public RotationTarget Target => new(Credential, UserName, Plan, Key);

    /// <summary>The same target behind another port of 127.0.0.1.</summary>
    public RotationTarget Behind(int port) => Target with { Plan = Plan with { Port = port } };

    /// <summary>Logs in with plain client code.</summary>
    public abstract Task<bool> LogsInAsync(string password);

    /// <summary>What the server keeps for the password: it differs once the password has been changed.</summary>
    public abstract Task<string> KeptAsync();

    /// <summary>Everything the server has logged up to now, of this account and of all others.</summary>
    public abstract Task<string> ReadLogAsync();

    /// <summary>The account stays; its server goes at the end of the run.</summary>
    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    /// <summary>A word nobody has used.</summary>
    public static string Fresh(string beginning) => string.Create(CultureInfo.InvariantCulture, $"{beginning}{RandomNumberGenerator.GetHexString(16, lowercase: true)}");

    /// <summary>A password the product made.</summary>
    public static string NewPassword(PasswordShape? shape = null) => Encoding.ASCII.GetString(Core.Vault.NewPassword.Make(shape ?? PasswordShape.Usual));

    protected static RotationPlan PlanFor(ConnectorKind kind, string host, int port, string database = "", string hostKey = "")
        => RotationPlan.Usual with { Connector = kind, Host = host, Port = port, Database = database, HostKey = hostKey, Encryption = TargetEncryption.None };
}
