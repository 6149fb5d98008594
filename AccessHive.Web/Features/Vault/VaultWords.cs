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
