using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using AccessHive.Core.Vault;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace AccessHive.Core.Storage;

/// <summary>
/// ASP.NET Core Identity's own data at rest: authenticator keys and recovery codes are sealed with our key. Without
/// this they would lie in the database in clear (security.md, "Secrets at rest").
/// </summary>
public static class SignInProtection
{
    /// <summary>Chooses Identity's schema with passkeys, and seals its personal data.</summary>
    public static IServiceCollection AddSignInProtection(this IServiceCollection services)
    {
        services.Configure<IdentityOptions>(options =>
        {
            options.Stores.SchemaVersion = IdentitySchemaVersions.Version3;
            options.Stores.ProtectPersonalData = true;
        });
        return services
            .AddSingleton<IPersonalDataProtector, SealedPersonalData>()
            .AddSingleton<ILookupProtector, HashedLookup>()
            .AddSingleton<ILookupProtectorKeyRing, OneLookupKey>();
    }

    private sealed class SealedPersonalData(HouseSeal seal) : IPersonalDataProtector
    {
        [return: NotNullIfNotNull(nameof(data))]
        public string? Protect(string? data)
            => data is null ? null : Convert.ToBase64String(seal.Seal(HousePurpose.SignIn, Encoding.UTF8.GetBytes(data)));

        [return: NotNullIfNotNull(nameof(data))]
        public string? Unprotect(string? data)
            => data is null ? null : Encoding.UTF8.GetString(seal.Open(HousePurpose.SignIn, Convert.FromBase64String(data)));
    }

    // Accounts are looked up by id; the name Identity asks for is that id again, so a plain hash gives nothing away.
    private sealed class HashedLookup : ILookupProtector
    {
        [return: NotNullIfNotNull(nameof(data))]
        public string? Protect(string keyId, string? data)
            => data is null ? null : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(data)));

        [return: NotNullIfNotNull(nameof(data))]
        public string? Unprotect(string keyId, string? data) => throw new NotSupportedException("A hash has no way back.");
    }

    private sealed class OneLookupKey : ILookupProtectorKeyRing
    {
        public string CurrentKeyId => "sha256";

        public string this[string keyId] => keyId;

        public IEnumerable<string> GetAllKeyIds() => [CurrentKeyId];
    }
}
