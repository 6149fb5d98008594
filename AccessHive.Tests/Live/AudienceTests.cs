using AccessHive.Core.Audit.UseCases;
using AccessHive.Core.Kernel;
using AccessHive.Core.Live;
using NodaTime;
using Xunit;

namespace AccessHive.Tests.Live;

public sealed class AudienceTests
{
    private static readonly PersonId Me = PersonId.New();

    [Fact]
    public void Everybody_sees_what_they_did_and_what_concerns_them()
    {
        foreach (var type in ReadTrail.Types)
        {
            Assert.True(Audience.Sees(Me, Roles.None, Item(type, actor: Me)));
            Assert.True(Audience.Sees(Me, Roles.None, Item(type, person: Me)));
        }
    }

    [Theory]
    [InlineData("request.", Roles.Owner | Roles.Admin | Roles.Approver | Roles.SecurityOwner | Roles.Auditor)]
    [InlineData("session.", Roles.Owner | Roles.Admin | Roles.Approver | Roles.SecurityOwner | Roles.Auditor)]
    [InlineData("policy.", RolePermissions.All)]
    [InlineData("identity.", RolePermissions.All)]
    [InlineData("credential.", RolePermissions.All)]
    [InlineData("rotation.verified", RolePermissions.All)]
    [InlineData("rotation.opened", RolePermissions.VaultManagers | RolePermissions.TrailReaders)]
    [InlineData("rotation.needs-person", RolePermissions.VaultManagers | RolePermissions.TrailReaders)]
    [InlineData("rotation.pending-shown", RolePermissions.VaultManagers | RolePermissions.TrailReaders)]
    [InlineData("person.invited", RolePermissions.All)]
    [InlineData("person.joined", RolePermissions.All)]
    [InlineData("person.roles-changed", RolePermissions.All)]
    [InlineData("person.disabled", RolePermissions.All)]
    [InlineData("person.enabled", RolePermissions.All)]
    [InlineData("person.sign", RolePermissions.TrailReaders)]
    [InlineData("agency.", RolePermissions.All)]
    [InlineData("reviews.", RolePermissions.All)]
    [InlineData("week.", RolePermissions.TrailReaders)]
    [InlineData("attempt.", RolePermissions.TrailReaders)]
    [InlineData("clock.", RolePermissions.TrailReaders)]
    [InlineData("house.", RolePermissions.TrailReaders)]
    public void Of_other_peoples_events_these_roles_see(string room, Roles seeing)
    {
        foreach (var type in ReadTrail.Types.Where(t => t.StartsWith(room, StringComparison.Ordinal)))
        {
            foreach (var role in RolePermissions.All.Each())
                Assert.True(seeing.HasAny(role) == Audience.Sees(Me, role, Item(type, PersonId.New(), PersonId.New())), $"{role} and {type}");
        }
    }

    [Fact]
    public void No_room_is_forgotten()
    {
        string[] rooms = ["case", "request", "session", "policy", "identity", "credential", "rotation", "person", "agency", "attempt", "clock", "house", "identities", "import", "notices", "reviews", "trail", "week"];

        Assert.Equal(rooms.Order(), ReadTrail.Types.Select(t => t.Split('.')[0]).Distinct().Order());
    }

    private static FeedItem Item(string type, PersonId? actor = null, PersonId? person = null)
        => new(1, Instant.MinValue, type, true, actor, person, null, null, null, null);
}
