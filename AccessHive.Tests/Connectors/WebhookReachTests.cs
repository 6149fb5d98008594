using System.Net;
using AccessHive.Core.Connectors;
using Xunit;

namespace AccessHive.Tests.Connectors;

public sealed class WebhookReachTests
{
    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("10.1.2.3")]
    [InlineData("100.64.0.1")]
    [InlineData("100.127.255.255")]
    [InlineData("127.0.0.1")]
    [InlineData("169.254.169.254")]
    [InlineData("172.16.0.1")]
    [InlineData("172.31.255.255")]
    [InlineData("192.0.2.1")]
    [InlineData("192.168.1.1")]
    [InlineData("198.19.0.1")]
    [InlineData("224.0.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("::")]
    [InlineData("::1")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("::ffff:10.0.0.1")]
    [InlineData("::127.0.0.1")]
    [InlineData("64:ff9b::7f00:1")]
    [InlineData("2001:0:7f00:1::")]
    [InlineData("2001:db8::1")]
    [InlineData("2002:7f00:1::")]
    [InlineData("fc00::1")]
    [InlineData("fd12::1")]
    [InlineData("fe80::1%1")]
    [InlineData("ff02::1")]
    public void What_is_not_of_the_whole_internet_is_not_public(string address)
    {
        Assert.False(WebhookReach.IsPublic(IPAddress.Parse(address)));
        Assert.True(new WebhookReach(["hooks.agency.example"]).Allows("Hooks.Agency.example", IPAddress.Parse(address)));
        Assert.False(new WebhookReach(["agency.example"]).Allows("hooks.agency.example", IPAddress.Parse(address)));
    }

    [Theory]
    [InlineData("9.255.255.255")]
    [InlineData("100.63.255.255")]
    [InlineData("172.15.255.255")]
    [InlineData("172.32.0.0")]
    [InlineData("223.255.255.255")]
    [InlineData("::ffff:9.9.9.9")]
    [InlineData("2606:4700::1111")]
    public void The_rest_is(string address) => Assert.True(WebhookReach.IsPublic(IPAddress.Parse(address)));
}
