using System.Security.Cryptography;

namespace AccessHive.Core.Vault;

/// <summary>
/// What may be done with a sealed secret without reading it: its key moved from one key-encryption key to another, or
/// the whole of it checked. What the secret says never leaves this file.
/// </summary>
internal static class Rewrap
{
    /// <summary>The same data key wrapped by another key; the ciphertext stays as it is. Null when the first key does not open it.</summary>
    public static byte[]? Move(SealedSecret secret, IKeyWrapper from, IKeyWrapper to)
    {
        byte[]? dataKey = null;
        try
        {
            dataKey = from.Unwrap(secret.WrappedKey, Keyring.ContextOf(secret, from.KeyId));
            return to.Wrap(dataKey, Keyring.ContextOf(secret, to.KeyId));
        }
        catch (CryptographicException)
        {
            return null;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(dataKey);
        }
    }

    /// <summary>Whether this key opens the secret and not a bit of it was changed. What it says is zeroed unread.</summary>
    public static bool Opens(SealedSecret secret, IKeyWrapper key)
    {
        try
        {
            CryptographicOperations.ZeroMemory(new Keyring(key).Open(secret));
            return true;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }
}
