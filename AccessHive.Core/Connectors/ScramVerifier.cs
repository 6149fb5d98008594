using System.Security.Cryptography;

namespace AccessHive.Core.Connectors;

/// <summary>
/// What PostgreSQL keeps instead of a password (RFC 5802, RFC 7677), computed here: it lets the server check a login, and
/// nobody log in with it.
/// </summary>
public static class ScramVerifier
{
    /// <summary>PostgreSQL's own number.</summary>
    public const int Iterations = 4096;

    private const int SaltLength = 16;

    /// <summary>Computes a verifier with a salt of its own.</summary>
    /// <param name="password">Printable ASCII, which SASLprep leaves as it is.</param>
    /// <returns><c>SCRAM-SHA-256$iterations:salt$StoredKey:ServerKey</c>: letters, digits and <c>$ : + / =</c>, never a quote.</returns>
    public static string Compute(ReadOnlySpan<byte> password) => Compute(password, RandomNumberGenerator.GetBytes(SaltLength), Iterations);

    /// <summary>The same with a given salt.</summary>
    public static string Compute(ReadOnlySpan<byte> password, ReadOnlySpan<byte> salt, int iterations)
    {
        Span<byte> salted = stackalloc byte[SHA256.HashSizeInBytes];
        Span<byte> clientKey = stackalloc byte[SHA256.HashSizeInBytes];
        try
        {
            Rfc2898DeriveBytes.Pbkdf2(password, salt, salted, iterations, HashAlgorithmName.SHA256);
            HMACSHA256.HashData(salted, "Client Key"u8, clientKey);
            var storedKey = Convert.ToBase64String(SHA256.HashData(clientKey));
            var serverKey = Convert.ToBase64String(HMACSHA256.HashData(salted, "Server Key"u8));
            return $"SCRAM-SHA-256${iterations}:{Convert.ToBase64String(salt)}${storedKey}:{serverKey}";
        }
        finally
        {
            CryptographicOperations.ZeroMemory(salted);
            CryptographicOperations.ZeroMemory(clientKey);
        }
    }
}
