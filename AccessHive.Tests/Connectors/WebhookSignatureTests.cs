using System.Security.Cryptography;
using AccessHive.Core.Connectors;
using CsCheck;
using NodaTime;
using Xunit;

namespace AccessHive.Tests.Connectors;

public sealed class WebhookSignatureTests
{
    private static readonly byte[] key = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];
    private static readonly Instant now = Instant.FromUnixTimeSeconds(1_800_000_000);
    private static readonly byte[] body = """{"result":"yes"}"""u8.ToArray();

    // printf '%s' '1800000000.{"result":"yes"}' | openssl dgst -sha256 -mac HMAC -macopt hexkey:000102…1f
    [Fact]
    public void A_signature_is_what_openssl_says_it_is()
        => Assert.Equal("v1=59800b31816908f1d85cc6f204b71d5f7c7105b05a9cc4cdce1599b88cc9fbc6", WebhookSignature.Sign(key, WebhookSignature.Timestamp(now), body));

    [Fact]
    public void What_was_signed_holds()
        => Gen.Byte.Array[0, 300].Sample(any => Assert.True(WebhookSignature.Holds(key, "1800000000", WebhookSignature.Sign(key, "1800000000", any), any, now)));

    [Theory]
    [InlineData(-300, true)]
    [InlineData(300, true)]
    [InlineData(-301, false)]
    [InlineData(301, false)]
    public void A_signature_holds_for_five_minutes_either_way(int seconds, bool holds)
        => Assert.Equal(holds, WebhookSignature.Holds(key, "1800000000", WebhookSignature.Sign(key, "1800000000", body), body, now.Plus(Duration.FromSeconds(seconds))));

    [Fact]
    public void Nothing_else_holds()
    {
        var good = WebhookSignature.Sign(key, "1800000000", body);

        Assert.False(WebhookSignature.Holds(RandomNumberGenerator.GetBytes(32), "1800000000", good, body, now));
        Assert.False(WebhookSignature.Holds(key, "1800000001", good, body, now));
        Assert.False(WebhookSignature.Holds(key, "1800000000", good, [.. body, (byte)' '], now));
        foreach (var signature in new[] { null, "", "v1=", good[3..], "v2=" + good[3..], good + "0", good + "00", good[..^1], good[..^2], good[..^1] + "x" })
            Assert.False(WebhookSignature.Holds(key, "1800000000", signature, body, now));
        foreach (var timestamp in new[] { null, "", " 1800000000", "+1800000000", "1800000000.0", "9223372036854775807", "-9223372036854775808", "99999999999999999999" })
            Assert.False(WebhookSignature.Holds(key, timestamp, WebhookSignature.Sign(key, timestamp ?? "", body), body, now));
    }

    [Fact]
    public void A_short_key_never_holds()
        => Assert.False(WebhookSignature.Holds(key.AsSpan(1), "1800000000", WebhookSignature.Sign(key.AsSpan(1), "1800000000", body), body, now));
}
