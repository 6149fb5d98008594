using AccessHive.Core.Kernel;
using Xunit;

namespace AccessHive.Tests.Kernel;

public sealed class ResultTests
{
    private static readonly Refusal No = new("no-way");

    [Fact]
    public void A_result_is_a_value_or_a_refusal()
    {
        Result<int> yes = 7;
        Result<int> no = No;

        Assert.False(yes.IsRefused);
        Assert.Equal(7, yes.Require());
        Assert.True(no.IsRefused);
        Assert.Equal(No, no.Refusal);
        Assert.Contains("no-way", Assert.Throws<InvalidOperationException>(() => no.Require()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_refusal_is_known_by_its_code_whatever_facts_it_carries()
    {
        var told = No.With("by", "Priya").With("state", "Denied");

        Assert.Equal(No, told);
        Assert.Equal(No.GetHashCode(), told.GetHashCode());
        Assert.Equal("Priya", told.Facts["by"]);
        Assert.Equal("Denied", told.Facts["state"]);
        Assert.Empty(No.Facts);
    }

    [Fact]
    public void The_permission_table_says_who_may_what()
    {
        Assert.Equal(Roles.Owner | Roles.Admin | Roles.Approver, RolePermissions.Deciders);
        Assert.Equal(Roles.Owner | Roles.Admin, RolePermissions.SettingsEditors);
        Assert.Equal(Roles.Owner | Roles.Admin, RolePermissions.PeopleManagers);
        Assert.Equal(Roles.Owner | Roles.Admin | Roles.IdentityManager, RolePermissions.VaultManagers);
        Assert.Equal(Roles.Owner | Roles.Admin | Roles.SecurityOwner, RolePermissions.Revokers);
        Assert.Equal(Roles.Owner | Roles.Admin | Roles.SecurityOwner | Roles.Auditor, RolePermissions.TrailReaders);
        Assert.False(RolePermissions.CanBeEligible.HasAny(Roles.Auditor));
        Assert.Equal(RolePermissions.All, RolePermissions.All.Each().Aggregate((a, b) => a | b));
        Assert.Equal(7, RolePermissions.All.Each().Count());
    }
}
