using System.Text;
using AccessHive.Core.Kernel;
using AccessHive.Core.Vault;
using AccessHive.Core.Vault.UseCases;
using AccessHive.Tests.World;
using NodaTime;
using OtpNet;
using Xunit;

namespace AccessHive.Tests.Vault;

public sealed class OneTimeSeedTests
{
    // RFC 6238, appendix B: the seeds are these digits, as long as the hash.
    private const string Sha1 = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

    public static TheoryData<long, string, string> Vectors { get; } = Rfc();

    [Theory]
    [MemberData(nameof(Vectors))]
    public void The_codes_are_those_of_rfc_6238_also_after_they_were_kept(long second, string address, string code)
    {
        using var read = OneTimeSeed.Read(Encoding.UTF8.GetBytes(address)).Require();
        using var seed = OneTimeSeed.Open(read.Write());
        var at = Instant.FromUnixTimeSeconds(second);

        Assert.Equal(code, Encoding.ASCII.GetString(seed.CodeAt(at)));
        Assert.Equal(Duration.FromSeconds(30 - (second % 30)), seed.ValidFrom(at));
    }

    [Fact]
    public void A_code_is_valid_up_to_the_edge_and_there_the_next_one_begins()
    {
        using var seed = OneTimeSeed.Read(Encoding.UTF8.GetBytes(Sha1)).Require();
        var edge = Instant.FromUnixTimeSeconds(60);

        Assert.Equal(Duration.FromMilliseconds(1), seed.ValidFrom(edge - Duration.FromMilliseconds(1)));
        Assert.Equal(Duration.FromSeconds(30), seed.ValidFrom(edge));
        Assert.NotEqual(seed.CodeAt(edge - Duration.FromMilliseconds(1)), seed.CodeAt(edge));
    }

    [Theory]
    [InlineData("gezd gnbv-gy3t qojq")]
    [InlineData("  GEZDGNBVGY3TQOJQ\r\n")]
    [InlineData("GEZDGNBVGY3TQOJQ======")]
    [InlineData("otpauth://totp/Bergmann:ads?secret=gezdgnbvgy3tqojq&issuer=Bergmann")]
    [InlineData("OTPAUTH://TOTP/x?issuer=a&SECRET=GEZDGNBVGY3TQOJQ%3D%3D&digits=6&period=30&algorithm=sha1#x")]
    public void What_a_site_shows_is_read_however_it_is_written(string typed)
    {
        using var seed = OneTimeSeed.Read(Encoding.UTF8.GetBytes(typed)).Require();

        var expected = new Totp("1234567890"u8.ToArray()).ComputeTotp(DateTimeOffset.FromUnixTimeSeconds(1111111109).UtcDateTime);
        Assert.Equal(expected, Encoding.ASCII.GetString(seed.CodeAt(Instant.FromUnixTimeSeconds(1111111109))));
    }

    [Theory]
    [InlineData("", "text")]
    [InlineData("GEZDGNBVGY3TQOJ1", "text")]
    [InlineData("GEZDGNBVGY3TQOJQG", "text")]
    [InlineData("GEZD=GNBVGY3TQOJQ", "text")]
    [InlineData("https://bergmann.example", "text")]
    [InlineData("otpauth://totp/x?issuer=a", "text")]
    [InlineData("GEZDGNBV", "length")]
    [InlineData("otpauth://hotp/x?secret=GEZDGNBVGY3TQOJQ&counter=1", "counter")]
    [InlineData("otpauth://totp/x?secret=GEZDGNBVGY3TQOJQ&digits=9", "setting")]
    [InlineData("otpauth://totp/x?secret=GEZDGNBVGY3TQOJQ&digits=5", "setting")]
    [InlineData("otpauth://totp/x?secret=GEZDGNBVGY3TQOJQ&algorithm=MD5", "setting")]
    [InlineData("otpauth://totp/x?secret=GEZDGNBVGY3TQOJQ&period=0", "setting")]
    [InlineData("otpauth://totp/x?secret=GEZDGNBVGY3TQOJQ&period=301", "setting")]
    public void What_is_no_seed_is_refused_and_it_is_said_why(string typed, string why)
    {
        var refused = OneTimeSeed.Read(Encoding.UTF8.GetBytes(typed)).Refusal!;

        Assert.Equal((VaultRefusals.OneTimeSeedNotUsable.Code, why), (refused.Code, refused.Facts["why"]));
    }

    [Fact]
    public void The_longest_seed_fits_and_one_byte_more_does_not()
    {
        Assert.False(OneTimeSeed.Read(Encoding.ASCII.GetBytes(Base32Encoding.ToString(new byte[OneTimeSeed.Longest]))).IsRefused);
        Assert.Equal("length", OneTimeSeed.Read(Encoding.ASCII.GetBytes(Base32Encoding.ToString(new byte[OneTimeSeed.Longest + 1]))).Refusal!.Facts["why"]);
    }

    [Theory]
    [InlineData("a-1\nb-2\r\n\r\n  c-3  \n", "a-1\nb-2\nc-3", 3)]
    [InlineData("one\rone\ntwo\n one ", "one\ntwo", 2)]
    [InlineData("1234 5678", "1234 5678", 1)]
    public void Recovery_codes_lose_empty_and_repeated_lines(string typed, string kept, int count)
    {
        var read = RecoveryCodes.Read(Encoding.UTF8.GetBytes(typed)).Require();

        Assert.Equal((kept, count), (Encoding.UTF8.GetString(read.Kept), read.Count));
        Assert.Equal(kept.Split('\n'), Enumerable.Range(0, count).Select(i => Encoding.UTF8.GetString(RecoveryCodes.At(read.Kept, i))));
    }

    [Fact]
    public void No_code_and_more_than_a_hundred_codes_are_refused()
    {
        Assert.Equal(VaultRefusals.RecoveryCodesMissing, RecoveryCodes.Read(" \n\r\n\t"u8).Refusal);
        Assert.False(RecoveryCodes.Read(Lines(RecoveryCodes.Most)).IsRefused);
        Assert.Equal(VaultRefusals.RecoveryCodesMissing, RecoveryCodes.Read(Lines(RecoveryCodes.Most + 1)).Refusal);

        static byte[] Lines(int count) => Encoding.ASCII.GetBytes(string.Join('\n', Enumerable.Range(0, count)));
    }

    private static string SeedOf(int length) => Base32Encoding.ToString(Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("1234567890", 7))[..length]));

    private static TheoryData<long, string, string> Rfc()
    {
        var data = new TheoryData<long, string, string>();
        foreach (var (second, codes) in new (long, string[])[]
        {
            (59, ["94287082", "46119246", "90693936"]),
            (1111111109, ["07081804", "68084774", "25091201"]),
            (1111111111, ["14050471", "67062674", "99943326"]),
            (1234567890, ["89005924", "91819424", "93441116"]),
            (2000000000, ["69279037", "90698825", "38618901"]),
            (20000000000, ["65353130", "77737706", "47863826"]),
        })
        {
            foreach (var ((hash, length), code) in new[] { ("SHA1", 20), ("SHA256", 32), ("SHA512", 64) }.Zip(codes))
                data.Add(second, $"otpauth://totp/RFC?secret={SeedOf(length)}&algorithm={hash}&digits=8&period=30", code);
        }

        return data;
    }
}
