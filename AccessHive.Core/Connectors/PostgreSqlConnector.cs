using System.Text;
using AccessHive.Core.Vault;
using Npgsql;

namespace AccessHive.Core.Connectors;

/// <summary>
/// The password of a PostgreSQL role, changed by the role itself. What is sent is a verifier, so neither password is in
/// the server's log, whatever it logs. PostgreSQL 10 and later.
/// </summary>
/// <remarks>
/// A server that lets the role in without asking for a password (<c>trust</c>, <c>peer</c>), or asks for it in the clear,
/// is not believed: its yes would say nothing, and it might be anybody.
/// </remarks>
public sealed class PostgreSqlConnector : AccountConnector
{
    private const int UsualPort = 5432;
    private const string UsualDatabase = "postgres";

    /// <inheritdoc/>
    public override ConnectorKind Kind => ConnectorKind.PostgreSql;

    private protected override async Task<TargetReply> ChangeAsync(
        RotationTarget target, ReadOnlyMemory<byte> current, ReadOnlyMemory<byte> next, CancellationToken cancellation)
    {
        await using var source = Source(target, current);
        await using var connection = await source.OpenConnectionAsync(cancellation);
        try
        {
            await using var batch = connection.CreateBatch();
            // A role may be set up to act as another one from the start; it is this one's own password.
            batch.BatchCommands.Add(new NpgsqlBatchCommand("SET ROLE NONE"));
            batch.BatchCommands.Add(new NpgsqlBatchCommand($"ALTER ROLE CURRENT_USER PASSWORD '{ScramVerifier.Compute(next.Span)}'"));
            await batch.ExecuteNonQueryAsync(cancellation);
            return TargetReply.Yes;
        }
        catch (PostgresException refused) when (IsRefusal(refused.SqlState))
        {
            return Replies.ChangeRefused;
        }
    }

    private protected override async Task<TargetReply> TryAsync(RotationTarget target, ReadOnlyMemory<byte> secret, CancellationToken cancellation)
    {
        await using var source = Source(target, secret);
        await using var connection = await source.OpenConnectionAsync(cancellation);
        return TargetReply.Yes;
    }

    private protected override TargetReply? Read(Exception fault) => fault switch
    {
        PostgresException { SqlState: PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification } => Replies.WrongLogin,
        PostgresException { SqlState: PostgresErrorCodes.InvalidCatalogName } => Replies.Unknown("The target has no database of the name that is written in the plan."),
        PostgresException { SqlState: PostgresErrorCodes.TooManyConnections or PostgresErrorCodes.CannotConnectNow } => Replies.Unknown("The target takes no connections at the moment."),
        _ => null,
    };

    // Privilege, read-only, a policy's veto: what would be said again next time.
    private static bool IsRefusal(string state)
        => state is PostgresErrorCodes.InsufficientPrivilege or PostgresErrorCodes.ReadOnlySqlTransaction || state[..2] is "22" or "23" or "42" or "0A";

    // A data source of its own, disposed with the connection: a plain connection would leave its connection string, and the
    // password in it, in the library's list of pools for ever.
    private static NpgsqlDataSource Source(RotationTarget target, ReadOnlyMemory<byte> secret)
    {
        var builder = new NpgsqlSlimDataSourceBuilder(new NpgsqlConnectionStringBuilder
        {
            Host = target.Plan.Host,
            Port = target.Plan.Port == 0 ? UsualPort : target.Plan.Port,
            Database = target.Plan.Database.Length == 0 ? UsualDatabase : target.Plan.Database,
            Username = target.UserName,
            SslMode = target.Plan.Encryption switch
            {
                TargetEncryption.Verified => SslMode.VerifyFull,
                TargetEncryption.Encrypted => SslMode.Require,
                TargetEncryption.None => SslMode.Disable,
                var other => throw new ArgumentOutOfRangeException(nameof(target), other, null),
            },
            RequireAuth = "ScramSHA256,MD5",
            GssEncryptionMode = GssEncryptionMode.Disable,
            Pooling = false,
            Enlist = false,
            Timeout = (int)ConnectWithin.TotalSeconds,
            CancellationTimeout = 500,
            ApplicationName = "AccessHive",
        }.ConnectionString);
        builder.EnableTransportSecurity();
        builder.ConfigureTypeLoading(types => types.EnableTypeLoading(enable: false));
        builder.UsePasswordProvider(_ => Encoding.UTF8.GetString(secret.Span), (_, _) => ValueTask.FromResult(Encoding.UTF8.GetString(secret.Span)));
        return builder.Build();
    }
}
