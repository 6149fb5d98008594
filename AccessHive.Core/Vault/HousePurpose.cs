namespace AccessHive.Core.Vault;

/// <summary>
/// What <see cref="HouseSeal"/> is used for, besides the rows of <c>HouseKeys</c>, whose names are their purposes.
/// Whoever seals something new also teaches <c>rekey</c> to seal it again; an architecture test says so.
/// </summary>
public static class HousePurpose
{
    /// <summary>ASP.NET Core Identity's personal data: base64 in columns of its own.</summary>
    public const string SignIn = "sign-in";

    /// <summary>The password of the mail server: a row of <c>HouseKeys</c>, and its name.</summary>
    public const string MailPassword = "mail-password";

    /// <summary>Data Protection's key ring: base64 in elements of its XML.</summary>
    public const string DataProtection = "data-protection";

    /// <summary>The private half of the day's key that signs checkpoints: a column of <c>TrailKeys</c>.</summary>
    public const string TrailKey = "trail-key";

    /// <summary>The name of the elements of the key ring.</summary>
    public const string DataProtectionElement = "sealed";
}
