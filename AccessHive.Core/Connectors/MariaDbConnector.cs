using System.Security.Cryptography;
using System.Text;
using AccessHive.Core.Vault;
using MySqlConnector;

namespace AccessHive.Core.Connectors;

/// <summary>
/// The password of a MariaDB account, changed by the account itself. What is sent is the authentication string of
/// <c>mysql_native_password</c>, so neither password is in the general log, the slow log or the binary log.
/// </summary>
/// <remarks>
/// <para>MariaDB 10.2 and later, accounts identified by <c>mysql_native_password</c> (MariaDB's usual way). An account of
/// another way (<c>ed25519</c>, <c>unix_socket</c>, PAM) says no, and nothing is changed.</para>
/// <para>Oracle's MySQL is asked nothing: there an ordinary account may only name its next password in the clear, and
/// whether that reaches a log is a setting of the server. It is reached by the webhook.</para>
/// </remarks>
public sealed class MariaDbConnector : AccountConnector
{
    private const int UsualPort = 3306;

    /// <inheritdoc/>
    public override ConnectorKind Kind => ConnectorKind.MySql;

    private protected override async Task<TargetReply> ChangeAsync(
        RotationTarget target, ReadOnlyMemory<byte> current, ReadOnlyMemory<byte> next, CancellationToken cancellation)
    {
        await using var connection = Connection(target, current);
        await connection.OpenAsync(cancellation);
        // To MySQL the same statement would set the authentication string itself as a password.
        if (!connection.ServerVersion.Contains("MariaDB", StringComparison.OrdinalIgnoreCase))
            return Replies.No("The target is MySQL, where an account can't change its password without naming it to the server; use the webhook.");
        try
        {
            await using var command = new MySqlCommand($"SET PASSWORD = '{AuthenticationString(next.Span)}'", connection);
            await command.ExecuteNonQueryAsync(cancellation);
            return TargetReply.Yes;
        }
        catch (MySqlException refused) when (refused.ErrorCode is not (MySqlErrorCode.None or MySqlErrorCode.UnableToConnectToHost or MySqlErrorCode.CommandTimeoutExpired or MySqlErrorCode.ServerShutdown))
        {
            return Replies.ChangeRefused;
        }
    }

    private protected override async Task<TargetReply> TryAsync(RotationTarget target, ReadOnlyMemory<byte> secret, CancellationToken cancellation)
    {
        await using var connection = Connection(target, secret);
        await connection.OpenAsync(cancellation);
        return TargetReply.Yes;
    }

    private protected override TargetReply? Read(Exception fault) => fault switch
    {
        MySqlException { ErrorCode: MySqlErrorCode.AccessDenied } => Replies.WrongLogin,
        MySqlException { ErrorCode: MySqlErrorCode.UnknownDatabase or MySqlErrorCode.DatabaseAccessDenied } => Replies.Unknown("The target has no database of the name that is written in the plan, or not for this account."),
        MySqlException { ErrorCode: MySqlErrorCode.ConnectionCountError or MySqlErrorCode.HostIsBlocked } => Replies.Unknown("The target takes no connections at the moment."),
        _ => null,
    };

    /// <summary>What MariaDB keeps for a password: <c>*</c> and SHA-1 of SHA-1 in capitals.</summary>
    internal static string AuthenticationString(ReadOnlySpan<byte> password)
    {
#pragma warning disable CA5350 // The target's format; the passwords that are set this way are random and long.
        Span<byte> once = stackalloc byte[SHA1.HashSizeInBytes];
        SHA1.HashData(password, once);
        var twice = SHA1.HashData(once);
#pragma warning restore CA5350
        CryptographicOperations.ZeroMemory(once);
        return "*" + Convert.ToHexString(twice);
    }

    // The password comes by the callback: a connection string stays in the library's list of pools for ever.
    private static MySqlConnection Connection(RotationTarget target, ReadOnlyMemory<byte> secret) => new(new MySqlConnectionStringBuilder
    {
        Server = target.Plan.Host,
        Port = (uint)(target.Plan.Port == 0 ? UsualPort : target.Plan.Port),
        Database = target.Plan.Database,
        UserID = target.UserName,
        SslMode = target.Plan.Encryption switch
        {
            TargetEncryption.Verified => MySqlSslMode.VerifyFull,
            TargetEncryption.Encrypted => MySqlSslMode.Required,
            TargetEncryption.None => MySqlSslMode.Disabled,
            var other => throw new ArgumentOutOfRangeException(nameof(target), other, null),
        },
        ServerRedirectionMode = MySqlServerRedirectionMode.Disabled,
        AllowLoadLocalInfile = false,
        Pooling = false,
        AutoEnlist = false,
        ConnectionTimeout = (uint)ConnectWithin.TotalSeconds,
        CancellationTimeout = 1,
        ApplicationName = "AccessHive",
    }.ConnectionString)
    {
        ProvidePasswordCallback = _ => Encoding.UTF8.GetString(secret.Span),
    };
}
