using AccessHive.Core.Requests;

namespace AccessHive.Web.Demo;

/// <summary>What somebody in an emergency asks for.</summary>
/// <param name="Identity">The identity's name, see <see cref="DemoVault"/>; its first credential is meant.</param>
/// <param name="Category">What kind of emergency.</param>
/// <param name="Words">The justification.</param>
/// <param name="Minutes">For how long.</param>
/// <param name="Reference">A ticket or incident number.</param>
public sealed record Plea(string Identity, ReasonCategory Category, string Words, int Minutes, string Reference = "");
