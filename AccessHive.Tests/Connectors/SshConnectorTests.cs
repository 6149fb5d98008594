using AccessHive.Core.Connectors;
using AccessHive.Core.Vault;
using AccessHive.Tests.World.Servers;
using Xunit;

namespace AccessHive.Tests.Connectors;

public sealed class SshConnectorTests : ConnectorConformance
{
    protected override IRotationConnector Connector => Room.Connector(ConnectorKind.Ssh);

    protected override async Task<TargetAccount> NewAccountAsync() => await SshServer.NewAccountAsync();

    protected override RotationTarget Impostor(TargetAccount account)
        => account.Target with { Plan = account.Plan with { HostKey = "SHA256:" + Convert.ToBase64String(new byte[32]).TrimEnd('=') } };

    [Fact]
    public async Task Somebody_else_is_not_even_told_the_account()
    {
        await using var account = await SshServer.NewAccountAsync();

        await SetAsync(TargetAnswer.Unknown, account, Impostor(account), account.Password, TargetAccount.NewPassword());

        Assert.DoesNotContain(account.UserName, await account.ReadLogAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_shell_ran_passwd_and_nothing_else()
    {
        await using var account = await SshServer.NewAccountAsync();

        await SetAsync(TargetAnswer.Yes, account, account.Target, account.Password, TargetAccount.NewPassword());

        var commands = await account.ReadLogAsync();
        Assert.Contains("exec env LC_ALL=C sh -c 'passwd;", commands, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_password_the_machine_finds_too_weak_is_refused_and_nothing_is_changed()
    {
        await using var account = await SshServer.NewAccountAsync();

        await SetAsync(TargetAnswer.No, account, account.Target, account.Password, "aaaa");

        Assert.True(await account.LogsInAsync(account.Password));
    }

    [Fact]
    public async Task The_same_password_again_is_refused()
    {
        await using var account = await SshServer.NewAccountAsync();

        await SetAsync(TargetAnswer.No, account, account.Target, account.Password, account.Password);

        Assert.True(await account.LogsInAsync(account.Password));
    }
}
