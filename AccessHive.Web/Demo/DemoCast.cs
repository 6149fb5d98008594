using AccessHive.Core.Kernel;

namespace AccessHive.Web.Demo;

public sealed record CastMember(string Name, string Email, Roles Roles, string About);

public static class DemoCast
{
    public const string Password = "northlight demo";

    public static IReadOnlyList<CastMember> All { get; } = [];
}
