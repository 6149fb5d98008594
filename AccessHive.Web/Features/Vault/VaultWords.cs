using AccessHive.Core.Vault;
using AccessHive.Core.Vault.UseCases;

namespace AccessHive.Web.Features.Vault;

/// <summary>What people read where the vault has codes.</summary>
public static class VaultWords
{
    /// <summary>A kind of account, as people say it.</summary>
    public static string Name(IdentityType type) => type switch
    {
        IdentityType.ExternalShared => "External shared account",
        IdentityType.ManagedShared => "Managed shared account",
        IdentityType.ServiceAccount => "Service account",
        IdentityType.ApiKey => "API key",
        IdentityType.OAuthApp => "OAuth app",
        _ => type.ToString(),
    };

    /// <summary>What such an account is, for whoever has to choose.</summary>
    public static string About(IdentityType type) => type switch
    {
        IdentityType.ExternalShared => "An account on somebody else's platform that several people share. Its password is changed by hand.",
        IdentityType.ManagedShared => "A shared account whose password AccessHive can change.",
        IdentityType.ServiceAccount => "An account that programs use.",
        IdentityType.ApiKey => "A key for an interface.",
        IdentityType.OAuthApp => "Client id and secret of an OAuth app.",
        _ => "",
    };

    /// <summary>A kind of credential, as people say it.</summary>
    public static string Name(CredentialType type) => type switch
    {
        CredentialType.Password => "Password",
        CredentialType.KeyFile => "Key file",
        CredentialType.ApiKey => "API key",
        CredentialType.OAuthClient => "OAuth client",
        _ => type.ToString(),
    };

    /// <summary>What such a credential is, for whoever has to choose.</summary>
    public static string About(CredentialType type) => type switch
    {
        CredentialType.Password => "A user name and a password. One-time codes and recovery codes can be added to it.",
        CredentialType.KeyFile => "The key file of a service account, for example JSON or PEM.",
        CredentialType.ApiKey => "A key for an interface. The label says which.",
        CredentialType.OAuthClient => "The client id and client secret of an OAuth app.",
        _ => "",
    };

    /// <summary>What the name to sign in with is called there.</summary>
    public static string UserName(CredentialType type) => type switch
    {
        CredentialType.KeyFile => "Account",
        CredentialType.ApiKey => "Name of the key",
        CredentialType.OAuthClient => "Client id",
        _ => "User name",
    };

    /// <summary>What the place to sign in at is called there.</summary>
    public static string Address(CredentialType type) => type is CredentialType.Password ? "Sign in at" : "Used at";

    /// <summary>What is kept of a credential, as people say it.</summary>
    public static string Name(FieldKind field) => field switch
    {
        FieldKind.Secret => "Secret",
        FieldKind.TotpSeed => "One-time codes",
        FieldKind.RecoveryCodes => "Recovery codes",
        FieldKind.ConnectorKey => "Connector's key",
        _ => field.ToString(),
    };

    /// <summary>How much harm an account can do.</summary>
    public static string Name(RiskLevel risk) => risk.ToString();

    /// <summary>What the risk means where the approval policy goes by it.</summary>
    public static string About(RiskLevel risk) => risk switch
    {
        RiskLevel.Low => "Little harm in the wrong hands. Where approval goes by risk: no approval.",
        RiskLevel.Medium => "Some harm in the wrong hands. Where approval goes by risk: one approver.",
        RiskLevel.High => "Much harm in the wrong hands. Where approval goes by risk: one senior approver, an Owner or Admin.",
        RiskLevel.Critical => "It can cost the client the business. Where approval goes by risk: two different people.",
        _ => "",
    };

    /// <summary>What a version of a secret is now.</summary>
    public static string Name(VersionState state) => state switch
    {
        VersionState.InForce => "In force",
        VersionState.Replaced => "Replaced",
        VersionState.Staged => "Made by a rotation, not in force",
        _ => state.ToString(),
    };

    /// <summary>What became of an access.</summary>
    public static string Name(PastAccess past) => past switch
    {
        { TurnedInto: not null } => "Became an emergency",
        { Emergency: false, Outcome: AccessOutcome.EndedByHolder } => "Checked in",
        { Emergency: false, Outcome: AccessOutcome.Running } => "Checked out",
        _ => Name(past.Outcome),
    };

    private static string Name(AccessOutcome outcome) => outcome switch
    {
        AccessOutcome.Waiting => "Waiting for a decision",
        AccessOutcome.Denied => "Denied",
        AccessOutcome.Withdrawn => "Withdrawn",
        AccessOutcome.Lapsed => "Lapsed: nobody decided in time",
        AccessOutcome.Running => "Running",
        AccessOutcome.Expired => "Time was up",
        AccessOutcome.EndedByHolder => "Ended by the holder",
        AccessOutcome.Revoked => "Revoked",
        _ => outcome.ToString(),
    };

    /// <summary>An address to sign in at, when it is one that a browser may open; nothing for anything else.</summary>
    public static Uri? Link(string address)
        => Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.Host.Length > 0 ? uri : null;
}
