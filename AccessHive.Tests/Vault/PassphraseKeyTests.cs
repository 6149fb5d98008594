using AccessHive.Core.Vault;
using Xunit;

namespace AccessHive.Tests.Vault;

public sealed class PassphraseKeyTests
{
    private static readonly PassphraseKey Cheapest = new(PassphraseKey.LeastMemoryKiB, 1, Convert.FromHexString("000102030405060708090a0b0c0d0e0f"));

    [Fact]
    public void The_same_passphrase_and_salt_make_the_same_key_and_anything_else_another()
    {
        using var key = Cheapest.Derive("correct horse battery"u8);
        using var again = PassphraseKey.Parse(Cheapest.ToString())!.Derive("correct horse battery"u8);
        using var typo = Cheapest.Derive("correct horse batterie"u8);
        using var salted = (Cheapest with { Salt = new byte[PassphraseKey.SaltLength] }).Derive("correct horse battery"u8);

        Assert.Equal(key.KeyId, again.KeyId);
        Assert.Equal(3, new[] { key.KeyId, typo.KeyId, salted.KeyId }.Distinct(StringComparer.Ordinal).Count());
        Assert.True(key.IsFromPassphrase);
    }

    [Fact]
    public void A_new_one_takes_its_usual_costs_and_a_salt_of_its_own()
    {
        var (one, two) = (PassphraseKey.New(), PassphraseKey.New());

        Assert.StartsWith("$argon2id$v=19$m=131072,t=4,p=1$", one.ToString(), StringComparison.Ordinal);
        Assert.NotEqual(one.ToString(), two.ToString());
    }

    [Theory]
    [InlineData("$argon2id$v=19$m=65536,t=1,p=1$AAECAwQFBgcICQoLDA0ODw", true)]
    [InlineData("$argon2id$v=19$m=65535,t=1,p=1$AAECAwQFBgcICQoLDA0ODw", false)]
    [InlineData("$argon2id$v=19$m=4194304,t=100,p=1$AAECAwQFBgcICQoLDA0ODw", true)]
    [InlineData("$argon2id$v=19$m=4194305,t=1,p=1$AAECAwQFBgcICQoLDA0ODw", false)]
    [InlineData("$argon2id$v=19$m=65536,t=0,p=1$AAECAwQFBgcICQoLDA0ODw", false)]
    [InlineData("$argon2id$v=19$m=65536,t=101,p=1$AAECAwQFBgcICQoLDA0ODw", false)]
    [InlineData("$argon2id$v=19$m=65536,t=1,p=2$AAECAwQFBgcICQoLDA0ODw", false)]
    [InlineData("$argon2i$v=19$m=65536,t=1,p=1$AAECAwQFBgcICQoLDA0ODw", false)]
    [InlineData("$argon2id$v=19$m=65536,t=1,p=1$AAECAwQFBgcICQoLDA0O", false)]
    [InlineData("$argon2id$v=19$m=65536,t=1,p=1$AAECAwQFBgcICQoLDA0ODw$AAAA", false)]
    [InlineData("$argon2id$v=19$m=65536,t=1,p=1", false)]
    [InlineData("", false)]
    public void Only_what_is_strong_enough_and_within_reason_is_read(string text, bool good)
    {
        Assert.Equal(good ? text : null, PassphraseKey.Parse(text)?.ToString());
        Assert.Equal(good, KeyFile.Parse(text) is { Passphrase: not null });
    }

    [Fact]
    public void A_key_file_says_what_was_put_into_it()
    {
        using var made = KeyFile.NewKey();
        using var key = made.Open([]);
        using var read = KeyFile.Parse(made.ToText())!;
        using var again = read.Open([]);

        Assert.Equal(key.KeyId, again.KeyId);
        Assert.False(key.IsFromPassphrase);
        Assert.Null(KeyFile.Parse(Convert.ToBase64String(new byte[31])));
        Assert.Null(KeyFile.Parse(Convert.ToBase64String(new byte[33])));
    }
}
