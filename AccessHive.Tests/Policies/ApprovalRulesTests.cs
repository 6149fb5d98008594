using AccessHive.Core.Kernel;
using AccessHive.Core.Policies;
using AccessHive.Core.Vault;
using NodaTime;
using Xunit;

namespace AccessHive.Tests.Policies;

public sealed class ApprovalRulesTests
{
    private static readonly Actor Owner = Named("Olivia", Roles.Owner);
    private static readonly Actor Admin = Named("Adam", Roles.Admin);
    private static readonly Actor Approver = Named("Priya", Roles.Approver);
    private static readonly Actor Second = Named("Paul", Roles.Approver);
    private static readonly Actor Member = Named("Max", Roles.Member);

    [Theory]
    [InlineData(0, "standard-window-out-of-range")]
    [InlineData(59, "standard-window-out-of-range")]
    [InlineData(60, null)]
    [InlineData(61, "standard-window-out-of-range")]
    [InlineData(168 * 60, null)]
    [InlineData(169 * 60, "standard-window-out-of-range")]
    public void The_window_is_1_to_168_whole_hours(int minutes, string? refusal)
        => Assert.Equal(refusal, (ApprovalRules.Default with { Window = Duration.FromMinutes(minutes) }).Check(Duration.FromMinutes(15))?.Code);

    [Theory]
    [InlineData(59, null)]
    [InlineData(60, "standard-window-not-longer")]
    [InlineData(61, "standard-window-not-longer")]
    public void The_window_is_longer_than_the_emergency_one(int emergency, string? refusal)
        => Assert.Equal(refusal, (ApprovalRules.Default with { Window = Duration.FromHours(1) }).Check(Duration.FromMinutes(emergency))?.Code);

    [Theory]
    [InlineData(14, "checkout-out-of-range")]
    [InlineData(15, null)]
    [InlineData(24 * 60, null)]
    [InlineData((24 * 60) + 1, "checkout-out-of-range")]
    public void A_checkout_lasts_15_minutes_to_24_hours(int minutes, string? refusal)
        => Assert.Equal(refusal, (ApprovalRules.Default with { CheckoutDuration = Duration.FromMinutes(minutes) }).Check(Duration.FromMinutes(15))?.Code);

    [Theory]
    [InlineData(-15, "extension-out-of-range")]
    [InlineData(0, null)]
    [InlineData(1, "extension-out-of-range")]
    [InlineData(14, "extension-out-of-range")]
    [InlineData(15, null)]
    [InlineData(24 * 60, null)]
    [InlineData((24 * 60) + 1, "extension-out-of-range")]
    public void An_extension_is_none_or_15_minutes_to_24_hours(int minutes, string? refusal)
        => Assert.Equal(refusal, (ApprovalRules.Default with { Extension = Duration.FromMinutes(minutes) }).Check(Duration.FromMinutes(15))?.Code);

    [Theory]
    [InlineData(RiskLevel.Low, 0, false)]
    [InlineData(RiskLevel.Medium, 1, false)]
    [InlineData(RiskLevel.High, 1, true)]
    [InlineData(RiskLevel.Critical, 2, false)]
    public void By_risk_Low_needs_nobody_Medium_one_High_a_senior_and_Critical_two(RiskLevel risk, int approvals, bool senior)
        => Assert.Equal(new ApprovalNeed(approvals, senior), Rules(ApprovalMode.RiskBased, shared: false).NeedFor(IdentityType.ServiceAccount, risk));

    [Theory]
    [InlineData(IdentityType.ExternalShared, 1)]
    [InlineData(IdentityType.ManagedShared, 1)]
    [InlineData(IdentityType.ServiceAccount, 0)]
    [InlineData(IdentityType.ApiKey, 0)]
    [InlineData(IdentityType.OAuthApp, 0)]
    public void Shared_credentials_need_one_approver_whatever_the_mode(IdentityType type, int approvals)
    {
        Assert.Equal(approvals, Rules(ApprovalMode.None, shared: true).NeedFor(type, RiskLevel.Critical).Approvals);
        Assert.Equal(0, Rules(ApprovalMode.None, shared: false).NeedFor(type, RiskLevel.Critical).Approvals);
    }

    [Theory]
    [InlineData("Bergmann Bikes", "bergmann BIKES", true)]
    [InlineData("Müller", "MüLLER", true)]
    [InlineData("Müller", "MÜLLER", false)]
    [InlineData("a@b", "a`b", false)]
    [InlineData("Bergmann", "Bergmann ", false)]
    [InlineData("", "", true)]
    public void Keys_are_the_same_to_us_as_to_the_database(string one, string other, bool same) => Assert.Equal(same, ListedApprovers.Same(one, other));

    [Fact]
    public void The_narrowest_list_counts_alone_and_no_list_at_all_means_nobody()
    {
        var id = IdentityId.New();
        ListedApprovers[] lists =
        [
            new(ApproverScope.Agency, "", Approvers.AllDeciders), new(ApproverScope.Platform, "Google Ads", Approvers.Nobody),
            new(ApproverScope.Client, "Bergmann", Approvers.Nobody), new(ApproverScope.Identity, id.ToString(), Approvers.Nobody),
        ];

        Assert.Equal(ApproverScope.Identity, ListedApprovers.NarrowestFor(lists, id, "Bergmann", "Google Ads").Scope);
        Assert.Equal(ApproverScope.Client, ListedApprovers.NarrowestFor(lists, IdentityId.New(), "Bergmann", "Google Ads").Scope);
        Assert.Equal(ApproverScope.Platform, ListedApprovers.NarrowestFor(lists, null, "Other", "google ads").Scope);
        Assert.Equal(ApproverScope.Agency, ListedApprovers.NarrowestFor(lists, null, "", "").Scope);
        Assert.False(ListedApprovers.NarrowestFor([], null, "", "").Approvers.Admits(Owner));
    }

    [Fact]
    public void Two_of_two_are_enough_and_one_of_two_is_a_gap()
    {
        var rules = Rules(ApprovalMode.RiskBased, shared: false);

        Assert.Empty(Gap.Of(rules, [Kept(RiskLevel.Critical, approvers: 2, seniors: 0)]));
        Assert.Equal(new Gap(ApproverScope.Agency, "", "", ApprovalNeed.Two, 1, 3), Assert.Single(Gap.Of(rules, [Kept(RiskLevel.Critical, approvers: 1, seniors: 1)])));
        Assert.Empty(Gap.Of(rules, [Kept(RiskLevel.High, approvers: 1, seniors: 1)]));
        Assert.Equal(0, Assert.Single(Gap.Of(rules, [Kept(RiskLevel.High, approvers: 5, seniors: 0)])).Able);
        Assert.Empty(Gap.Of(rules, [Kept(RiskLevel.Low, approvers: 0, seniors: 0)]));
    }

    [Fact]
    public void What_is_out_of_reach_already_is_not_opened_by_new_rules_and_more_of_it_is()
    {
        Covered[] kept = [Kept(RiskLevel.Medium, approvers: 0, seniors: 0), Kept(RiskLevel.Critical, approvers: 1, seniors: 1)];
        var (single, risk) = (Rules(ApprovalMode.Single, shared: false), Rules(ApprovalMode.RiskBased, shared: false));

        Assert.Empty(Gap.Opened(single, single with { Window = Duration.FromHours(2) }, kept));
        Assert.Equal(ApprovalNeed.Two, Assert.Single(Gap.Opened(single, risk, kept)).Need);
        Assert.Empty(Gap.Opened(risk, Rules(ApprovalMode.None, shared: false), kept));
    }

    [Fact]
    public void The_requester_is_never_asked_and_it_is_said_why_the_others_are_not_enough()
    {
        var everybody = new ListedApprovers(ApproverScope.Agency, "", Approvers.AllDeciders);
        Actor[] all = [Owner, Admin, Approver, Second, Member];

        Assert.Equal([Admin, Approver, Second], Outlook(everybody, ApprovalNeed.One, Owner, all).Asked);
        Assert.Equal([Admin], Outlook(everybody, ApprovalNeed.OneSenior, Owner, all).Asked);
        Assert.Equal((0, Shortfall.None), (Outlook(Only(), ApprovalNeed.Nobody, Owner, all).Asked.Count, Outlook(Only(), ApprovalNeed.Nobody, Owner, all).Shortfall));
        Assert.Equal(Shortfall.NobodyListed, Outlook(Only(), ApprovalNeed.One, Member, all).Shortfall);
        Assert.Equal(Shortfall.NobodyReachable, Outlook(Only(Member), ApprovalNeed.One, Owner, all).Shortfall);
        Assert.Equal(Shortfall.OnlyTheRequester, Outlook(Only(Owner), ApprovalNeed.One, Owner, all).Shortfall);
        Assert.Equal(Shortfall.NoSenior, Outlook(Only(Owner, Approver), ApprovalNeed.OneSenior, Owner, all).Shortfall);
        Assert.Equal(Shortfall.TooFew, Outlook(Only(Owner, Approver), ApprovalNeed.Two, Owner, all).Shortfall);
        Assert.Equal(Shortfall.None, Outlook(Only(Owner, Approver, Second), ApprovalNeed.Two, Owner, all).Shortfall);
    }

    private static ApprovalOutlook Outlook(ListedApprovers list, ApprovalNeed need, Actor requester, Actor[] all) => ApprovalOutlook.Of(list, need, requester.Id!.Value, all);

    private static ListedApprovers Only(params Actor[] people) => new(ApproverScope.Agency, "", new Approvers(Everybody: false, people.Select(p => p.Id!.Value).ToHashSet()));

    private static Covered Kept(RiskLevel risk, int approvers, int seniors)
        => new(new ListedApprovers(ApproverScope.Agency, "", Approvers.Nobody), "", approvers, seniors, IdentityType.ServiceAccount, risk, 3);

    private static ApprovalRules Rules(ApprovalMode mode, bool shared) => ApprovalRules.Default with { Mode = mode, SharedNeedApproval = shared };

    private static Actor Named(string name, Roles roles) => new(PersonId.New(), name, roles);
}
