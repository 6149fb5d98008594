using AccessHive.Core.Vault;

namespace AccessHive.Core.Storage;

/// <summary>
/// For what needs no key: to look at a house that may be half rekeyed, and to note a backup in its trail – so that one that
/// runs at night needs no passphrase.
/// </summary>
internal sealed class NoKey : IKeyWrapper
{
    public string KeyId => "none";

    public byte[] Wrap(ReadOnlySpan<byte> dataKey, ReadOnlySpan<byte> context) => throw new NotSupportedException("Nothing is sealed here.");

    public byte[] Unwrap(ReadOnlySpan<byte> wrapped, ReadOnlySpan<byte> context) => throw new NotSupportedException("Nothing is opened here.");
}
