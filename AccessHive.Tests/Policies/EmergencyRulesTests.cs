using AccessHive.Core.Kernel;
using AccessHive.Core.Policies;
using NodaTime;
using Xunit;

namespace AccessHive.Tests.Policies;

public sealed class EmergencyRulesTests
{
    [Fact]
    public void A_new_agency_starts_with_the_defaults_of_the_product()
    {
        var rules = EmergencyPolicy.Default().Rules;

        Assert.Equal(Roles.Owner | Roles.Admin, rules.EligibleRoles);
        Assert.Equal(Duration.FromMinutes(60), rules.MaximumDuration);
        Assert.True(rules.RequireApproval);
        Assert.Equal(Duration.FromMinutes(15), rules.ApprovalWindow);
        Assert.Null(rules.Check());
    }

    [Theory]
    [InlineData(4, "maximum-out-of-range")]
    [InlineData(5, null)]
    [InlineData(480, null)]
    [InlineData(481, "maximum-out-of-range")]
    [InlineData(0, "maximum-out-of-range")]
    [InlineData(-60, "maximum-out-of-range")]
    public void The_maximum_is_5_to_480_minutes(int minutes, string? refusal)
        => Assert.Equal(refusal, (EmergencyRules.Default with { MaximumDuration = Duration.FromMinutes(minutes) }).Check()?.Code);

    [Theory]
    [InlineData(1, "window-out-of-range")]
    [InlineData(2, null)]
    [InlineData(120, null)]
    [InlineData(121, "window-out-of-range")]
    public void The_approval_window_is_2_to_120_minutes_and_so_shorter_than_the_standard_one(int minutes, string? refusal)
    {
        var rules = EmergencyRules.Default with { ApprovalWindow = Duration.FromMinutes(minutes) };

        Assert.Equal(refusal, rules.Check()?.Code);
        Assert.True(EmergencyRules.LongestWindow < ApprovalRules.Default.Window);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    [InlineData(30_000_000_000)]
    public void Only_whole_minutes_are_kept(long nanoseconds)
    {
        var uneven = Duration.FromMinutes(30) + Duration.FromNanoseconds(nanoseconds);

        Assert.Equal(PolicyRefusals.MaximumOutOfRange, (EmergencyRules.Default with { MaximumDuration = uneven }).Check());
        Assert.Equal(PolicyRefusals.WindowOutOfRange, (EmergencyRules.Default with { ApprovalWindow = uneven }).Check());
    }

    [Theory]
    [InlineData(Roles.None, "eligible-role-missing")]
    [InlineData((Roles)128, "eligible-role-missing")]
    [InlineData(Roles.Auditor, "auditor-not-eligible")]
    [InlineData(Roles.Owner | Roles.Auditor, "auditor-not-eligible")]
    [InlineData(Roles.Owner | (Roles)128, "auditor-not-eligible")]
    [InlineData(Roles.Member, null)]
    [InlineData(RolePermissions.CanBeEligible, null)]
    public void Any_role_but_the_auditor_can_be_eligible(Roles eligible, string? refusal)
        => Assert.Equal(refusal, (EmergencyRules.Default with { EligibleRoles = eligible }).Check()?.Code);

    [Fact]
    public void One_eligible_role_among_several_is_enough_and_the_auditors_never_counts()
    {
        Assert.True(EmergencyRules.Default.IsEligible(Roles.Member | Roles.Admin));
        Assert.False(EmergencyRules.Default.IsEligible(Roles.Member | Roles.Approver));
        Assert.False(EmergencyRules.Default.IsEligible(Roles.None));
        Assert.False((EmergencyRules.Default with { EligibleRoles = RolePermissions.All }).IsEligible(Roles.Auditor));
    }
}
