using System.Security.Cryptography;

namespace AccessHive.Web.Demo;

/// <summary>What a secret looks like.</summary>
public enum SecretShape
{
    /// <summary>Something a person types.</summary>
    Password,

    /// <summary>A key for an interface.</summary>
    ApiKey,

    /// <summary>The secret of an OAuth app.</summary>
    ClientSecret,

    /// <summary>Eight one-time codes, one a line.</summary>
    RecoveryCodes,

    /// <summary>The key file of a service account.</summary>
    KeyFile,

    /// <summary>The seed of one-time codes, in base32.</summary>
    OneTimeSeed,
}

/// <summary>Makes secrets that are new in every demo, look right at a glance, and say that they open nothing.</summary>
public static class DemoSecrets
{
    private const int Codes = 8;

    /// <summary>A new secret; whoever stores it zeroes it.</summary>
    public static byte[] Make(SecretShape shape) => shape switch
    {
        SecretShape.Password => [.. "demo-"u8, .. Unmistakable(4), .. "-"u8, .. Unmistakable(4), .. "-"u8, .. Unmistakable(4)],
        SecretShape.ApiKey => [.. "demo_key_"u8, .. Any(32)],
        SecretShape.ClientSecret => [.. "demo_secret_"u8, .. Any(40)],
        SecretShape.RecoveryCodes => [.. Enumerable.Range(0, Codes).SelectMany(CodeLine)],
        SecretShape.KeyFile =>
        [
            .. "{\n  \"type\": \"service_account\",\n  \"project_id\": \"demo\",\n  \"private_key_id\": \"demo-"u8, .. Digits(8),
            .. "\",\n  \"private_key\": \"demo_key_"u8, .. Any(48), .. "\"\n}\n"u8,
        ],
        SecretShape.OneTimeSeed => RandomNumberGenerator.GetItems("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"u8, 32),
        _ => throw new ArgumentOutOfRangeException(nameof(shape)),
    };

    private static byte[] CodeLine(int line) => [.. line == 0 ? ""u8 : "\n"u8, .. "demo-"u8, .. Digits(4), .. "-"u8, .. Digits(4)];

    private static byte[] Unmistakable(int length) => RandomNumberGenerator.GetItems("abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"u8, length);

    private static byte[] Any(int length) => RandomNumberGenerator.GetItems("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"u8, length);

    private static byte[] Digits(int length) => RandomNumberGenerator.GetItems("0123456789"u8, length);
}
