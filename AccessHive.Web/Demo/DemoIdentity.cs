using AccessHive.Core.Vault;

namespace AccessHive.Web.Demo;

/// <summary>A client's account that the demo keeps.</summary>
/// <param name="Name">What people call it; scenes find it by this.</param>
/// <param name="Type">What kind of account.</param>
/// <param name="Platform">Where.</param>
/// <param name="Client">Whose; empty for the agency's own.</param>
/// <param name="Owner">Who answers for it; nobody yet, if null.</param>
/// <param name="Notes">Anything but secrets.</param>
/// <param name="Credentials">Its credentials; their secrets are made when it is kept.</param>
public sealed record DemoIdentity(
    string Name, IdentityType Type, string Platform, string Client, CastMember? Owner, string Notes, params IReadOnlyList<DemoCredential> Credentials)
{
    /// <summary>How much harm it can do.</summary>
    public RiskLevel Risk { get; init; } = RiskLevel.Medium;
}

/// <summary>One credential of it.</summary>
/// <param name="Label">What it is.</param>
/// <param name="UserName">The name to sign in with.</param>
/// <param name="Address">Where to sign in.</param>
/// <param name="Shape">What its secret looks like.</param>
public sealed record DemoCredential(string Label, string UserName, string Address, SecretShape Shape = SecretShape.Password)
{
    /// <summary>Whether the seed of one-time codes lies beside it.</summary>
    public bool HasOneTimeCodes { get; init; }

    /// <summary>Whether recovery codes lie beside it.</summary>
    public bool HasRecoveryCodes { get; init; }

    /// <summary>What kind of credential it is, by what its secret looks like.</summary>
    public CredentialType Type => Shape switch
    {
        SecretShape.ApiKey => CredentialType.ApiKey,
        SecretShape.ClientSecret => CredentialType.OAuthClient,
        SecretShape.KeyFile => CredentialType.KeyFile,
        _ => CredentialType.Password,
    };
}
