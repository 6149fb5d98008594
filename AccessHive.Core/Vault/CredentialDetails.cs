using AccessHive.Core.Kernel;

namespace AccessHive.Core.Vault;

/// <summary>What a credential is, which decides how its main secret is called and what may lie beside it.</summary>
public enum CredentialType
{
    /// <summary>A user name and a password; one-time codes and recovery codes may lie beside it.</summary>
    Password,

    /// <summary>The key file of a service account.</summary>
    KeyFile,

    /// <summary>A key for an interface; the label says which.</summary>
    ApiKey,

    /// <summary>The secret of an OAuth app; its client id is the user name.</summary>
    OAuthClient,
}

/// <summary>What a credential keeps in sealed form. Each has versions of its own.</summary>
public enum FieldKind
{
    /// <summary>The main secret: password, key, key file, client secret. This is what a rotation changes.</summary>
    Secret,

    /// <summary>The seed of time-based one-time codes. It never leaves the vault; the current code does.</summary>
    TotpSeed,

    /// <summary>Recovery codes, one a line; each leaves the vault once.</summary>
    RecoveryCodes,

    /// <summary>What a connector needs itself, a webhook's signing key. It never leaves the vault.</summary>
    ConnectorKey,
}

/// <summary>Which kind of credential goes with what.</summary>
public static class CredentialTypes
{
    /// <summary>What an identity of this type usually has.</summary>
    public static CredentialType UsualFor(IdentityType type) => type switch
    {
        IdentityType.ServiceAccount => CredentialType.KeyFile,
        IdentityType.ApiKey => CredentialType.ApiKey,
        IdentityType.OAuthApp => CredentialType.OAuthClient,
        _ => CredentialType.Password,
    };

    /// <summary>What such a credential is called while nobody has said it.</summary>
    public static string UsualLabel(this CredentialType type) => type switch
    {
        CredentialType.KeyFile => "Key file",
        CredentialType.ApiKey => "API key",
        CredentialType.OAuthClient => "OAuth client",
        _ => "Password",
    };

    /// <summary>Whether one-time codes and recovery codes may lie beside its main secret.</summary>
    public static bool HasCodes(this CredentialType type) => type == CredentialType.Password;
}

/// <summary>What an editor of a credential types besides the secret itself.</summary>
/// <param name="Label">What it is: Password, Recovery code, Client secret … 1 to 80 characters.</param>
/// <param name="UserName">The name to sign in with, not secret; up to 200 characters.</param>
/// <param name="Address">Where to sign in; up to 500 characters.</param>
/// <param name="Type">What kind of credential.</param>
public sealed record CredentialDetails(string Label, string UserName, string Address, CredentialType Type = CredentialType.Password)
{
    /// <summary>Longest label.</summary>
    public const int LabelLength = 80;

    /// <summary>Longest user name.</summary>
    public const int UserNameLength = 200;

    /// <summary>Longest address.</summary>
    public const int AddressLength = 500;

    /// <summary>The same without white space around it.</summary>
    public CredentialDetails Trimmed() => this with { Label = Label.Trim(), UserName = UserName.Trim(), Address = Address.Trim() };

    /// <summary>Checks lengths.</summary>
    /// <returns>Nothing when they hold; or <c>credential-label-missing</c>, <c>text-too-long</c>.</returns>
    public Refusal? Check()
    {
        if (Label.Length is 0 or > LabelLength)
            return VaultRefusals.CredentialLabelMissing;
        return UserName.Length > UserNameLength || Address.Length > AddressLength || !Enum.IsDefined(Type) ? VaultRefusals.TextTooLong : null;
    }
}
