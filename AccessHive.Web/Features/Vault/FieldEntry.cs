using AccessHive.Core.Vault;

namespace AccessHive.Web.Features.Vault;

/// <summary>How something that is sealed is asked for.</summary>
/// <param name="Label">What it is called.</param>
/// <param name="Hint">What to know before entering it.</param>
/// <param name="Lines">Whether it has several lines, which a one-line field would swallow.</param>
/// <param name="TakesFile">Whether it usually comes as a file.</param>
/// <param name="Generates">Whether a random one makes sense.</param>
public sealed record FieldEntry(string Label, string Hint, bool Lines = false, bool TakesFile = false, bool Generates = false)
{
    private const string Sealed = "It goes straight into the vault and is never shown here again.";

    /// <summary>How the main secret of such a credential is asked for.</summary>
    public static FieldEntry Of(CredentialType type) => type switch
    {
        CredentialType.KeyFile => new("Key file", $"Choose the file, or paste all of it. {Sealed}", Lines: true, TakesFile: true),
        CredentialType.ApiKey => new("Key", $"{Sealed} Several lines are fine.", Lines: true),
        CredentialType.OAuthClient => new("Client secret", Sealed, Generates: false),
        _ => new("Secret", $"{Sealed} Generated ones are made in your browser.", Generates: true),
    };

    /// <summary>How a field is asked for.</summary>
    public static FieldEntry Of(CredentialType type, FieldKind field) => field switch
    {
        FieldKind.TotpSeed => new(
            "Set-up key",
            $"What the site shows beside its QR code: letters and digits, or the otpauth:// address in it. {Sealed} Holders of a session see the code of the moment, never this."),
        FieldKind.RecoveryCodes => new("Recovery codes", $"One a line; repeated ones are dropped. {Sealed} Each leaves the vault once.", Lines: true),
        FieldKind.ConnectorKey => new("Signing key", $"{Sealed} Only AccessHive itself uses it."),
        _ => Of(type),
    };
}
