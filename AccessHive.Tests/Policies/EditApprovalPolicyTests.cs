using AccessHive.Core.Agency.UseCases;
using AccessHive.Core.Audit.UseCases;
using AccessHive.Core.Kernel;
using AccessHive.Core.Policies;
using AccessHive.Core.Policies.UseCases;
using AccessHive.Core.Vault;
using AccessHive.Core.Vault.UseCases;
using AccessHive.Tests.World;
using NodaTime;
using Xunit;

namespace AccessHive.Tests.Policies;

public sealed class EditApprovalPolicyTests : IAsyncLifetime
{
    private TestAgency agency = null!;

    public async ValueTask InitializeAsync() => agency = await TestAgency.FoundAsync();

    public ValueTask DisposeAsync() => agency.DisposeAsync();

    [Fact]
    public async Task Only_Owner_and_Admin_save_the_card()
    {
        foreach (var nobody in new[] { agency.Priya, agency.Ian, agency.Sofia, agency.Aiko, agency.Max })
            Assert.Equal(PolicyRefusals.NotSettingsEditor, (await agency.SaveApprovalsAsync(nobody, r => r with { Mode = ApprovalMode.None })).Refusal);

        (await agency.SaveApprovalsAsync(agency.Olivia, r => r with { Mode = ApprovalMode.None })).Require();

        Assert.Equal(("Olivia", 2, ApprovalMode.None), ((await Card()).EditedBy, (await Card()).Revision, (await Card()).Rules.Mode));
        Assert.Equal(5, (await agency.TrailAsync("attempt.refused")).Count);
    }

    [Fact]
    public async Task Of_two_admins_who_edit_the_same_revision_the_second_is_told_and_overwrites_nothing()
    {
        var seen = await Card();
        (await SaveAsync(agency.Adam, seen.Rules with { Window = Duration.FromHours(8) }, seen.Revision)).Require();

        Assert.Equal(PolicyRefusals.ChangedMeanwhile, (await SaveAsync(agency.Olivia, seen.Rules with { Mode = ApprovalMode.None }, seen.Revision)).Refusal);
        Assert.Equal((Duration.FromHours(8), ApprovalMode.Single), ((await Card()).Rules.Window, (await Card()).Rules.Mode));
    }

    [Fact]
    public async Task The_emergency_window_stays_the_shorter_one_from_both_sides()
    {
        (await agency.SaveRulesAsync(r => r with { ApprovalWindow = Duration.FromMinutes(60) })).Require();
        Assert.Equal(PolicyRefusals.StandardWindowNotLonger, (await agency.SaveApprovalsAsync(agency.Adam, r => r with { Window = Duration.FromHours(1) })).Refusal);

        (await agency.SaveRulesAsync(r => r with { ApprovalWindow = Duration.FromMinutes(59) })).Require();
        (await agency.SaveApprovalsAsync(agency.Adam, r => r with { Window = Duration.FromHours(1) })).Require();
        Assert.Equal(PolicyRefusals.WindowNotShorter, (await agency.SaveRulesAsync(r => r with { ApprovalWindow = Duration.FromMinutes(60) })).Refusal);
        Assert.Equal(Duration.FromHours(1), (await agency.Get<EditEmergencyPolicy>().ReadAsync()).StandardWindow);
    }

    [Fact]
    public async Task The_trail_says_what_each_value_was_and_is()
    {
        (await agency.SaveApprovalsAsync(agency.Adam, r => r with { Mode = ApprovalMode.RiskBased, Extension = Duration.Zero })).Require();

        var page = await agency.Get<ReadTrail>().PageAsync(agency.Aiko, new TrailFilter(Type: "policy.approval-edited"));
        var detail = await agency.Get<ReadTrail>().DetailAsync(agency.Aiko, Assert.Single(page.Rows).Seq);

        Assert.Equal([new("revision", "2"), new("mode", "Single → RiskBased"), new("extension", "120 min → 0 min"), new("by", "Adam")], detail!.Facts);
    }

    [Fact]
    public async Task Saving_the_same_values_changes_nothing_and_leaves_no_entry()
    {
        (await agency.SaveApprovalsAsync(agency.Adam, r => r)).Require();

        Assert.Equal(1, (await Card()).Revision);
        Assert.Empty(await agency.TrailAsync("policy."));
    }

    [Fact]
    public async Task What_is_kept_is_counted_by_what_makes_a_difference_and_without_what_is_archived()
    {
        await agency.KeepAsync(new IdentityDetails("Stripe", IdentityType.ServiceAccount, "Stripe", "", null, "", RiskLevel.Critical));
        var (old, _) = await agency.KeepAsync(new IdentityDetails("Old key", IdentityType.ApiKey, "Maps", "", null, "", RiskLevel.Low));
        Assert.Equal((3, 1), ((await Card()).Identities, (await Card()).OfRisk(RiskLevel.Low)));

        (await agency.Get<KeepIdentities>().ArchiveAsync(agency.Ian, old, archived: true)).Require();

        var card = await Card();
        Assert.Equal((2, 1, 6), (card.Identities, card.Shared, card.Holders));
        Assert.Equal(1, card.Needing(card.Rules with { Mode = ApprovalMode.RiskBased }, ApprovalNeed.Two));
        Assert.Equal(1, card.Needing(card.Rules with { Mode = ApprovalMode.None }, ApprovalNeed.Nobody));
    }

    [Fact]
    public async Task Rules_that_leave_Critical_identities_with_one_approver_are_refused_until_it_is_accepted()
    {
        await agency.KeepAsync(new IdentityDetails("Stripe", IdentityType.ServiceAccount, "Stripe", "Lumen", null, "", RiskLevel.Critical));
        (await agency.ListAsync(ApproverScope.Client, "Lumen", agency.Priya)).Require();

        Assert.Equal(PolicyRefusals.TooFewCouldApprove, (await agency.SaveApprovalsAsync(agency.Adam, r => r with { Mode = ApprovalMode.RiskBased })).Refusal);
        Assert.Equal(new Gap(ApproverScope.Client, "Lumen", "Lumen", ApprovalNeed.Two, 1, 1), Assert.Single((await Card()).Opened((await Card()).Rules with { Mode = ApprovalMode.RiskBased })));

        (await agency.SaveApprovalsAsync(agency.Adam, r => r with { Mode = ApprovalMode.RiskBased }, shortfallAccepted: true)).Require();
        // Known and accepted: other values are saved without being asked again.
        (await agency.SaveApprovalsAsync(agency.Adam, r => r with { Window = Duration.FromHours(8) })).Require();
    }

    [Fact]
    public async Task Rules_that_ask_for_a_senior_where_none_is_on_the_list_are_refused_until_it_is_accepted()
    {
        await agency.KeepAsync(new IdentityDetails("Stripe", IdentityType.ServiceAccount, "Stripe", "Lumen", null, "", RiskLevel.High));
        (await agency.ListAsync(ApproverScope.Platform, "stripe", agency.Priya)).Require();
        Assert.Equal(PolicyRefusals.TooFewCouldApprove, (await agency.SaveApprovalsAsync(agency.Adam, r => r with { Mode = ApprovalMode.RiskBased })).Refusal);

        (await agency.ListAsync(ApproverScope.Platform, "Stripe", agency.Priya, agency.Adam)).Require();
        (await agency.SaveApprovalsAsync(agency.Adam, r => r with { Mode = ApprovalMode.RiskBased })).Require();

        (await agency.Get<ManagePeople>().DisableAsync(agency.Olivia, agency.Adam)).Require();
        Assert.Equal(ApprovalNeed.OneSenior, Assert.Single((await Card()).Gaps((await Card()).Rules)).Need);
    }

    private Task<ApprovalCard> Card() => agency.Get<EditApprovalPolicy>().ReadAsync();

    private Task<Result<Done>> SaveAsync(PersonId by, ApprovalRules rules, int madeOn) => agency.Get<EditApprovalPolicy>().SaveAsync(by, rules, madeOn);
}
