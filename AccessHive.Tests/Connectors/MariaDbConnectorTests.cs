using AccessHive.Core.Connectors;
using AccessHive.Core.Vault;
using AccessHive.Tests.World.Servers;
using Xunit;

namespace AccessHive.Tests.Connectors;

public sealed class MariaDbConnectorTests : ConnectorConformance
{
    protected override IRotationConnector Connector => Room.Connector(ConnectorKind.MySql);

    protected override async Task<TargetAccount> NewAccountAsync() => await MariaDbServer.NewAccountAsync();

    // A certificate of its own making proves nothing.
    protected override RotationTarget Impostor(TargetAccount account) => account.Target with { Plan = account.Plan with { Encryption = TargetEncryption.Verified } };

    [Fact]
    public async Task Over_an_encrypted_way_whoever_answers_is_asked()
    {
        await using var account = await MariaDbServer.NewAccountAsync();
        var next = TargetAccount.NewPassword();

        await SetAsync(TargetAnswer.Yes, account, account.Target with { Plan = account.Plan with { Encryption = TargetEncryption.Encrypted } }, account.Password, next);

        Assert.True(await account.LogsInAsync(next));
    }

    [Fact]
    public async Task What_the_server_is_told_is_the_string_it_keeps()
    {
        await using var account = await MariaDbServer.NewAccountAsync();

        await SetAsync(TargetAnswer.Yes, account, account.Target, account.Password, TargetAccount.NewPassword());

        Assert.Contains($"SET PASSWORD = '{await account.KeptAsync()}'", await account.ReadLogAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_account_of_another_way_says_no_and_keeps_its_password()
    {
        await using var account = await MariaDbServer.NewAccountAsync();
        await account.Server.RunUnseenAsync($"ALTER USER '{account.UserName}'@'127.0.0.1' IDENTIFIED VIA mysql_old_password USING '5d2e19393cc5ef67' OR mysql_native_password USING PASSWORD('{account.Password}')");
        var kept = await account.KeptAsync();

        await SetAsync(TargetAnswer.No, account, account.Target, account.Password, TargetAccount.NewPassword());

        Assert.Equal(kept, await account.KeptAsync());
    }

    [Fact]
    public async Task A_database_that_is_not_for_this_account_is_unknown()
    {
        await using var account = await MariaDbServer.NewAccountAsync();

        await LogInAsync(TargetAnswer.Unknown, account, account.Target with { Plan = account.Plan with { Database = "mysql" } }, account.Password);
        await LogInAsync(TargetAnswer.Unknown, account, account.Target with { Plan = account.Plan with { Database = "nowhere" } }, account.Password);
    }
}
