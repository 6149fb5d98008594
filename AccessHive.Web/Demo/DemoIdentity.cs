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
    string Name, IdentityType Type, string Platform, string Client, CastMember? Owner, string Notes, params IReadOnlyList<DemoCredential> Credentials);

/// <summary>One credential of it.</summary>
/// <param name="Label">What it is.</param>
/// <param name="UserName">The name to sign in with.</param>
/// <param name="Address">Where to sign in.</param>
/// <param name="Shape">What its secret looks like.</param>
public sealed record DemoCredential(string Label, string UserName, string Address, SecretShape Shape = SecretShape.Password);
