using System.Security.Cryptography;
using System.Text;
using AccessHive.Core.Kernel;
using AccessHive.Core.Vault;
using CsCheck;
using NodaTime;
using Xunit;

namespace AccessHive.Tests.Vault;

public sealed class KeyringTests : IDisposable
{
    private static readonly IdentityId Identity = IdentityId.New();
    private static readonly CredentialId Credential = CredentialId.New();
    private readonly FileKeyWrapper wrapper = new(RandomNumberGenerator.GetBytes(32));
    private readonly Keyring keyring;

    public KeyringTests() => keyring = new Keyring(wrapper);

    public void Dispose() => wrapper.Dispose();

    [Fact]
    public void What_is_sealed_opens_to_the_same_bytes()
        => Gen.Byte.Array[0, 300].Sample(secret => Assert.Equal(secret, keyring.Open(Seal(secret))));

    [Fact]
    public void The_same_secret_never_looks_the_same()
    {
        var (one, two) = (Seal("same"u8), Seal("same"u8));

        Assert.NotEqual(one.Ciphertext, two.Ciphertext);
        Assert.NotEqual(one.WrappedKey, two.WrappedKey);
    }

    [Fact]
    public void A_ciphertext_moved_to_another_row_does_not_open()
    {
        var good = Seal("secret"u8);

        Assert.Equal("secret"u8, keyring.Open(Moved(good)));
        DoesNotOpen(Moved(good, identity: IdentityId.New()));
        DoesNotOpen(Moved(good, credential: CredentialId.New()));
        DoesNotOpen(Moved(good, version: 2));
        DoesNotOpen(Moved(good, field: FieldKind.ConnectorKey));
        DoesNotOpen(Moved(good, format: 1));
        DoesNotOpen(Moved(good, keyId: "another"));
        DoesNotOpen(Moved(good, wrappedBy: "another"));
        DoesNotOpen(Moved(good, ciphertext: Seal("other"u8).Ciphertext));
    }

    [Fact]
    public void Every_flipped_bit_is_noticed()
    {
        var good = Seal("secret"u8);
        for (var bit = 0; bit < good.Ciphertext.Length * 8; bit++)
            DoesNotOpen(Moved(good, ciphertext: Flipped(good.Ciphertext, bit)));
        for (var bit = 0; bit < good.WrappedKey.Length * 8; bit++)
            DoesNotOpen(Moved(good, wrappedKey: Flipped(good.WrappedKey, bit)));
        DoesNotOpen(Moved(good, ciphertext: []));
        DoesNotOpen(Moved(good, wrappedKey: good.WrappedKey[..27]));
    }

    [Fact]
    public void Another_key_does_not_open_it()
    {
        using var other = new FileKeyWrapper(RandomNumberGenerator.GetBytes(32));

        Assert.ThrowsAny<CryptographicException>(() => new Keyring(other).Open(Seal("secret"u8)));
        Assert.NotEqual(wrapper.KeyId, other.KeyId);
    }

    [Fact]
    public void A_disposed_key_is_zeroed_and_opens_nothing_any_more()
    {
        var key = RandomNumberGenerator.GetBytes(32);
        var closed = new FileKeyWrapper(key);
        var secret = new Keyring(closed).Seal(Identity, Credential, FieldKind.Secret, 1, "secret"u8, null, Instant.MinValue);

        closed.Dispose();

        Assert.All(key, b => Assert.Equal(0, b));
        Assert.ThrowsAny<CryptographicException>(() => new Keyring(closed).Open(secret));
        Assert.Throws<ArgumentException>(() => new FileKeyWrapper(new byte[31]));
    }

    [Fact]
    public void What_the_house_seals_opens_for_the_same_purpose_only()
    {
        var seal = new HouseSeal(wrapper);
        var closed = seal.Seal("sign-in", "words"u8);

        Assert.Equal("words", Encoding.UTF8.GetString(seal.Open("sign-in", closed)));
        Assert.ThrowsAny<CryptographicException>(() => seal.Open("canary", closed));
    }

    private SealedSecret Seal(ReadOnlySpan<byte> secret) => keyring.Seal(Identity, Credential, FieldKind.Secret, 1, secret, null, Instant.MinValue);

    private void DoesNotOpen(SealedSecret moved) => Assert.ThrowsAny<CryptographicException>(() => keyring.Open(moved));

    private static byte[] Flipped(byte[] bytes, int bit)
    {
        var copy = (byte[])bytes.Clone();
        copy[bit / 8] ^= (byte)(1 << (bit % 8));
        return copy;
    }

    private static SealedSecret Moved(
        SealedSecret s, IdentityId? identity = null, CredentialId? credential = null, FieldKind? field = null, int? version = null, int? format = null, string? keyId = null, byte[]? ciphertext = null, byte[]? wrappedKey = null, string? wrappedBy = null)
        => new()
        {
            Format = format ?? s.Format,
            IdentityId = identity ?? s.IdentityId,
            CredentialId = credential ?? s.CredentialId,
            Field = field ?? s.Field,
            Version = version ?? s.Version,
            KeyId = keyId ?? s.KeyId,
            WrappedBy = wrappedBy ?? s.WrappedBy,
            Ciphertext = ciphertext ?? s.Ciphertext,
            WrappedKey = wrappedKey ?? s.WrappedKey,
        };
}
