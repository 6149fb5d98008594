using AccessHive.Core.Connectors;
using AccessHive.Core.Vault;
using AccessHive.Tests.World.Servers;
using Xunit;

namespace AccessHive.Tests.Connectors;

public sealed class PostgreSqlConnectorTests : ConnectorConformance
{
    protected override IRotationConnector Connector => Room.Connector(ConnectorKind.PostgreSql);

    protected override async Task<TargetAccount> NewAccountAsync() => await PostgreSqlServer.NewRoleAsync();

    // A certificate of its own making proves nothing.
    protected override RotationTarget Impostor(TargetAccount account) => account.Target with { Plan = account.Plan with { Encryption = TargetEncryption.Verified } };

    [Fact]
    public async Task Over_an_encrypted_way_whoever_answers_is_asked()
    {
        await using var role = await PostgreSqlServer.NewRoleAsync();
        var next = TargetAccount.NewPassword();

        await SetAsync(TargetAnswer.Yes, role, role.Target with { Plan = role.Plan with { Encryption = TargetEncryption.Encrypted } }, role.Password, next);

        Assert.True(await role.LogsInAsync(next));
    }

    [Fact]
    public async Task What_the_server_is_told_is_the_verifier_it_keeps()
    {
        await using var role = await PostgreSqlServer.NewRoleAsync();

        await SetAsync(TargetAnswer.Yes, role, role.Target, role.Password, TargetAccount.NewPassword());

        var kept = await role.KeptAsync();
        Assert.StartsWith("SCRAM-SHA-256$4096:", kept, StringComparison.Ordinal);
        Assert.Contains(kept, await role.ReadLogAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_role_that_acts_as_another_one_changes_its_own_password()
    {
        await using var team = await PostgreSqlServer.NewRoleAsync();
        await using var role = await PostgreSqlServer.NewRoleAsync($"IN ROLE {team.UserName}");
        await role.Server.RunAsync($"ALTER ROLE {role.UserName} SET role = '{team.UserName}'");
        var next = TargetAccount.NewPassword();

        await SetAsync(TargetAnswer.Yes, role, role.Target, role.Password, next);

        Assert.True(await role.LogsInAsync(next));
        Assert.True(await team.LogsInAsync(team.Password));
    }

    [Fact]
    public async Task A_role_that_may_not_write_says_no()
    {
        await using var role = await PostgreSqlServer.NewRoleAsync();
        await role.Server.RunAsync($"ALTER ROLE {role.UserName} SET default_transaction_read_only = on");

        await SetAsync(TargetAnswer.No, role, role.Target, role.Password, TargetAccount.NewPassword());

        Assert.True(await role.LogsInAsync(role.Password));
    }

    [Fact]
    public async Task A_role_with_no_connection_left_and_a_database_that_is_not_there_are_unknown()
    {
        await using var role = await PostgreSqlServer.NewRoleAsync("CONNECTION LIMIT 0");

        await LogInAsync(TargetAnswer.Unknown, role, role.Target, role.Password);
        await LogInAsync(TargetAnswer.Unknown, role, role.Target with { Plan = role.Plan with { Database = "nowhere" } }, role.Password);
    }

    [Fact]
    public async Task A_new_password_that_is_not_plain_ascii_is_refused_and_nothing_is_changed()
    {
        await using var role = await PostgreSqlServer.NewRoleAsync();

        await SetAsync(TargetAnswer.No, role, role.Target, role.Password, "pässword-of-the-client");
        await SetAsync(TargetAnswer.No, role, role.Target, role.Password, "two\nlines-of-a-password");
        await SetAsync(TargetAnswer.No, role, role.Target, role.Password, "");

        Assert.True(await role.LogsInAsync(role.Password));
    }
}
