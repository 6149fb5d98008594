using AccessHive.Core.Connectors;
using AccessHive.Core.Vault;
using AccessHive.Tests.World.Servers;
using Xunit;

namespace AccessHive.Tests.Connectors;

public sealed class WebhookConnectorTests : ConnectorConformance
{
    protected override IRotationConnector Connector => Room.Connector(ConnectorKind.Webhook);

    protected override async Task<TargetAccount> NewAccountAsync() => await WebhookReceiver.NewAccountAsync();

    // A certificate of its own making proves nothing.
    protected override RotationTarget Impostor(TargetAccount account) => At(account, ((WebhookAccount)account).Receiver.UnprovenUrl + "/rotation");

    [Fact]
    public async Task An_event_is_a_cloud_event_in_structured_json()
    {
        await using var account = await WebhookReceiver.NewAccountAsync();

        await SetAsync(TargetAnswer.Yes, account, account.Target, account.Password, TargetAccount.NewPassword(), "order-of-this-test");

        var log = await account.ReadLogAsync();
        Assert.Contains("Content-Type: application/cloudevents+json; charset=utf-8", log, StringComparison.Ordinal);
        Assert.Contains("Idempotency-Key: order-of-this-test", log, StringComparison.Ordinal);
        Assert.Contains("\"specversion\":\"1.0\"", log, StringComparison.Ordinal);
        Assert.Contains($"\"subject\":\"{account.Credential}\"", log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_order_that_was_taken_is_answered_later()
    {
        await using var account = await WebhookReceiver.NewAccountAsync();

        await SetAsync(TargetAnswer.Later, account, At(account, account.Receiver.Url + "/odd/202"), account.Password, TargetAccount.NewPassword());
    }

    [Theory]
    [InlineData("/odd/201")]
    [InlineData("/odd/400")]
    [InlineData("/odd/500")]
    [InlineData("/words/perhaps")]
    [InlineData("/words/%7B%22result%22%3A%22perhaps%22%7D")]
    [InlineData("/words/%7B%22result%22%3A1%7D")]
    [InlineData("/words/null")]
    [InlineData("/elsewhere")]
    [InlineData("/nowhere")]
    public async Task Any_other_answer_is_unknown(string path)
    {
        await using var account = await WebhookReceiver.NewAccountAsync();

        await SetAsync(TargetAnswer.Unknown, account, At(account, account.Receiver.Url + path), account.Password, TargetAccount.NewPassword());
    }

    [Fact]
    public async Task Another_key_is_not_believed_and_a_short_one_is_not_used()
    {
        await using var account = await WebhookReceiver.NewAccountAsync();

        await SetAsync(TargetAnswer.Unknown, account, account.Target with { Key = new byte[32] }, account.Password, TargetAccount.NewPassword());
        await SetAsync(TargetAnswer.Unknown, account, account.Target with { Key = new byte[31] }, account.Password, TargetAccount.NewPassword());

        Assert.True(await account.LogsInAsync(account.Password));
    }

    [Fact]
    public async Task An_address_in_the_clear_is_used_only_where_the_plan_says_so()
    {
        await using var account = await WebhookReceiver.NewAccountAsync();

        await SetAsync(TargetAnswer.Unknown, account, account.Target with { Plan = account.Plan with { Encryption = TargetEncryption.Encrypted } }, account.Password, TargetAccount.NewPassword());

        Assert.DoesNotContain(account.UserName, await account.ReadLogAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("hooks")]
    [InlineData("ftp://127.0.0.1/rotation")]
    [InlineData("file:///etc/hosts")]
    [InlineData("https://")]
    public async Task An_address_that_is_none_is_unknown(string address)
    {
        await using var account = await WebhookReceiver.NewAccountAsync();

        await SetAsync(TargetAnswer.Unknown, account, At(account, address), account.Password, TargetAccount.NewPassword());
    }

    [Fact]
    public async Task A_private_address_is_not_knocked_at_unless_its_host_is_named()
    {
        await using var account = await WebhookReceiver.NewAccountAsync();
        var target = At(account, account.Receiver.Url.Replace("127.0.0.1", "localhost", StringComparison.Ordinal) + "/rotation");

        foreach (var reach in new[] { null, WebhookReach.PublicOnly, new WebhookReach(["127.0.0.1"]) })
            Assert.Equal(TargetAnswer.Unknown, (await Room.Webhook(reach).LogInAsync(target, Bytes(account.Password), CancellationToken.None)).Answer);
        Assert.DoesNotContain(account.UserName, await account.ReadLogAsync(), StringComparison.Ordinal);

        Assert.Equal(TargetReply.Yes, await Room.Webhook(new WebhookReach(["LocalHost"])).LogInAsync(target, Bytes(account.Password), CancellationToken.None));
    }

    // Behind a plan's port there is one; behind this address there is its own.
    private static RotationTarget At(TargetAccount account, string address) => account.Target with { Plan = account.Plan with { Host = address, Port = 0, Encryption = address.StartsWith("https", StringComparison.Ordinal) ? TargetEncryption.Verified : TargetEncryption.None } };
}
