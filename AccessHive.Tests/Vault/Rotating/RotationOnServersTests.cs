using AccessHive.Tests.World.Servers;
using Xunit;

namespace AccessHive.Tests.Vault.Rotating;

/// <summary>The suite on a real PostgreSQL; and neither password is in its log.</summary>
public sealed class RotationOnPostgreSqlTests : RotationSuite
{
    private PostgreSqlRole role = null!;

    [Fact]
    public async Task Neither_password_is_in_the_servers_log()
    {
        await World.SeenAsync();
        await World.WorkAsync();
        await World.IsDoneAsync();

        var log = await role.ReadLogAsync();

        Assert.True(log.Contains(role.UserName, StringComparison.Ordinal));
        Assert.False(log.Contains(role.Password, StringComparison.Ordinal), "The old password is in the log.");
        Assert.False(log.Contains(await World.StoredAsync(2), StringComparison.Ordinal), "The new password is in the log.");
    }

    protected override async Task<Target> TargetAsync() => new TargetOnServer(role = await PostgreSqlServer.NewRoleAsync());
}

/// <summary>The suite on a real MariaDB.</summary>
public sealed class RotationOnMariaDbTests : RotationSuite
{
    protected override async Task<Target> TargetAsync() => new TargetOnServer(await MariaDbServer.NewAccountAsync());
}

/// <summary>The suite on a real sshd.</summary>
public sealed class RotationOverSshTests : RotationSuite
{
    protected override async Task<Target> TargetAsync() => new TargetOnServer(await SshServer.NewAccountAsync());
}

/// <summary>The suite with a receiver of webhooks.</summary>
public sealed class RotationByWebhookTests : RotationSuite
{
    protected override async Task<Target> TargetAsync() => new TargetOnServer(await WebhookReceiver.NewAccountAsync());
}
