using AccessHive.Core.Agency;
using AccessHive.Core.Agency.UseCases;
using AccessHive.Core.Audit.UseCases;
using AccessHive.Core.Kernel;
using AccessHive.Core.Policies;
using AccessHive.Core.Policies.UseCases;
using AccessHive.Core.Vault;
using AccessHive.Core.Vault.UseCases;
using AccessHive.Tests.World;
using AccessHive.Web.Features.Shared;
using Xunit;

namespace AccessHive.Tests.Policies;

public sealed class KeepApproversTests : IAsyncLifetime
{
    private const string Bergmann = "Bergmann Bikes";
    private TestAgency agency = null!;

    private KeepApprovers Keep => agency.Get<KeepApprovers>();

    public async ValueTask InitializeAsync() => agency = await TestAgency.FoundAsync();

    public ValueTask DisposeAsync() => agency.DisposeAsync();

    [Fact]
    public async Task A_new_agency_has_one_list_that_admits_everybody_whose_role_decides()
    {
        var row = Assert.Single(await Keep.ReadAsync());

        Assert.Equal((ApproverScope.Agency, true, 1, 3), (row.Scope, row.Everybody, row.Identities, row.Reach.Approvers));
        Assert.Empty(row.Reach.Gaps);
    }

    [Fact]
    public async Task Only_Owner_and_Admin_change_lists()
    {
        foreach (var nobody in new[] { agency.Priya, agency.Ian, agency.Sofia, agency.Aiko, agency.Max })
        {
            Assert.Equal(PolicyRefusals.NotSettingsEditor, (await Keep.SaveAsync(nobody, new(ApproverScope.Client, Bergmann, Approvers.AllDeciders, 0))).Refusal);
            Assert.Equal(PolicyRefusals.AgencyListStays, (await Keep.GiveUpAsync(agency.Adam, ApproverScope.Agency, "")).Refusal);
        }

        Assert.Single(await Keep.ReadAsync());
    }

    [Fact]
    public async Task An_empty_list_is_refused_until_it_is_accepted_and_then_means_nobody()
    {
        Assert.Equal(PolicyRefusals.NobodyCouldApprove, (await Keep.SaveAsync(agency.Adam, new(ApproverScope.Client, Bergmann, Approvers.Nobody, 0))).Refusal);
        Assert.Equal(PolicyRefusals.NobodyCouldApprove, (await Keep.SaveAsync(agency.Adam, new(ApproverScope.Client, Bergmann, Of(agency.Max), 0))).Refusal);

        (await Keep.SaveAsync(agency.Adam, new(ApproverScope.Client, Bergmann, Approvers.Nobody, 0, ShortfallAccepted: true))).Require();

        var row = (await Keep.ReadAsync())[1];
        Assert.Equal((ApproverScope.Client, Bergmann, 1, 0, 0), (row.Scope, row.Name, row.Identities, row.People.Count, row.Reach.Approvers));
        Assert.Equal(0, (await Keep.ReadAsync())[0].Identities);
    }

    [Fact]
    public async Task A_list_stands_only_for_what_is_in_use_and_the_spelling_of_the_identities_counts()
    {
        Assert.Equal(PolicyRefusals.ClientNotInUse, (await agency.ListAsync(ApproverScope.Client, "Nobody's", agency.Priya)).Refusal);
        Assert.Equal(PolicyRefusals.ClientNotInUse, (await agency.ListAsync(ApproverScope.Client, " ", agency.Priya)).Refusal);
        Assert.Equal(PolicyRefusals.PlatformNotInUse, (await agency.ListAsync(ApproverScope.Platform, "Nowhere", agency.Priya)).Refusal);
        Assert.Equal(VaultRefusals.IdentityNotFound, (await agency.ListAsync(ApproverScope.Identity, IdentityId.New().ToString(), agency.Priya)).Refusal);
        Assert.Equal(VaultRefusals.IdentityNotFound, (await agency.ListAsync(ApproverScope.Identity, "no id", agency.Priya)).Refusal);
        Assert.Equal(AgencyRefusals.PersonNotFound, (await agency.ListAsync(ApproverScope.Client, Bergmann, PersonId.New())).Refusal);

        (await agency.ListAsync(ApproverScope.Client, "bergmann BIKES", agency.Priya)).Require();
        (await agency.ListAsync(ApproverScope.Client, Bergmann, agency.Adam)).Require();
        Assert.Equal([Bergmann], (await Keep.ReadAsync()).Skip(1).Select(r => r.Key));

        (await agency.Get<KeepIdentities>().ArchiveAsync(agency.Ian, agency.Ads, archived: true)).Require();
        Assert.Equal(VaultRefusals.Archived, (await agency.ListAsync(ApproverScope.Identity, agency.Ads.ToString(), agency.Priya)).Refusal);
        Assert.Equal(PolicyRefusals.ClientNotInUse, (await agency.ListAsync(ApproverScope.Client, Bergmann, agency.Priya)).Refusal);
        (await Keep.GiveUpAsync(agency.Adam, ApproverScope.Client, "bergmann bikes")).Require();
        Assert.Equal(PolicyRefusals.NoSuchList, (await Keep.GiveUpAsync(agency.Adam, ApproverScope.Client, Bergmann)).Refusal);
    }

    [Fact]
    public async Task Who_could_not_approve_is_marked_with_why_and_a_list_whose_last_approver_is_demoted_is_out_of_reach()
    {
        var nina = (await agency.Get<ManagePeople>().InviteAsync(agency.Olivia, new InvitePerson("Nina", "nina@agency.example", Roles.Approver))).Require().Person;
        (await agency.ListAsync(ApproverScope.Client, Bergmann, agency.Priya, agency.Max, agency.Adam, nina)).Require();
        (await agency.Get<ManagePeople>().DisableAsync(agency.Olivia, agency.Adam)).Require();

        var row = (await Keep.ReadAsync())[1];
        Assert.Equal(
            [("Adam", OutOfReach.Disabled), ("Max", OutOfReach.NoDecidingRole), ("Nina", OutOfReach.NotJoined), ("Priya", OutOfReach.No)],
            row.People.Select(p => (p.Name, p.OutOfReach)));
        Assert.Equal(1, row.Reach.Approvers);

        (await agency.Get<ManagePeople>().ChangeRolesAsync(agency.Olivia, agency.Priya, Roles.Member)).Require();
        row = (await Keep.ReadAsync())[1];
        Assert.Equal(0, row.Reach.Approvers);
        Assert.Equal(new Gap(ApproverScope.Client, Bergmann, Bergmann, ApprovalNeed.One, 0, 1), Assert.Single(row.Reach.Gaps));
    }

    [Fact]
    public async Task A_list_with_too_few_for_what_it_covers_is_refused_until_it_is_accepted()
    {
        await agency.KeepAsync(new IdentityDetails("Stripe", IdentityType.ServiceAccount, "Stripe", "Lumen", null, "", RiskLevel.Critical));
        (await agency.SaveApprovalsAsync(agency.Adam, r => r with { Mode = ApprovalMode.RiskBased })).Require();

        Assert.Equal(PolicyRefusals.TooFewCouldApprove, (await Keep.SaveAsync(agency.Adam, new(ApproverScope.Client, "Lumen", Of(agency.Priya), 0))).Refusal);
        (await Keep.SaveAsync(agency.Adam, new(ApproverScope.Client, "Lumen", Of(agency.Priya, agency.Olivia), 0))).Require();
    }

    [Fact]
    public async Task Of_two_admins_who_change_the_same_list_the_second_is_told_and_overwrites_nothing()
    {
        (await Keep.SaveAsync(agency.Adam, new(ApproverScope.Client, Bergmann, Of(agency.Priya), 0))).Require();

        Assert.Equal(PolicyRefusals.ChangedMeanwhile, (await Keep.SaveAsync(agency.Olivia, new(ApproverScope.Client, Bergmann, Of(agency.Adam), 0))).Refusal);
        Assert.Equal("Priya", Assert.Single((await Keep.ReadAsync())[1].People).Name);

        (await Keep.GiveUpAsync(agency.Adam, ApproverScope.Client, Bergmann)).Require();
        Assert.Equal(PolicyRefusals.NoSuchList, (await Keep.SaveAsync(agency.Olivia, new(ApproverScope.Client, Bergmann, Of(agency.Adam), 1))).Refusal);
    }

    [Fact]
    public async Task A_hundred_people_may_be_named_and_not_one_more()
    {
        var people = Enumerable.Range(0, ApproverList.MostPeople + 1).Select(_ => PersonId.New()).ToHashSet();
        var (list, reach) = (ApproverList.For(ApproverScope.Client, Bergmann), new ListReach(1, []));
        var by = new Actor(agency.Adam, "Adam", Roles.Admin);

        Assert.Equal(PolicyRefusals.TooManyApprovers, list.Change(by, new Approvers(Everybody: false, people), reach, false, 0, [], agency.Now).Refusal);
        list.Change(by, new Approvers(Everybody: false, people.Skip(1).ToHashSet()), reach, false, 0, [], agency.Now).Require();
    }

    [Fact]
    public async Task What_a_list_would_do_is_known_before_it_is_saved_and_what_becomes_of_its_identities_before_it_is_removed()
    {
        var foreseen = await Keep.ForeseeAsync(new ListedApprovers(ApproverScope.Identity, agency.Ads.ToString(), Of(agency.Priya, agency.Max)));
        Assert.Equal(("Bergmann – Google Ads", 1, 1), (foreseen.Name, foreseen.Identities, foreseen.Reach.Approvers));
        Assert.Equal(["Priya"], foreseen.Able);
        Assert.Single(await Keep.ReadAsync());

        (await agency.ListAsync(ApproverScope.Client, Bergmann, agency.Priya)).Require();
        (await agency.ListAsync(ApproverScope.Platform, "Google Ads")).Require();
        var then = await Keep.ForeseeGivingUpAsync(ApproverScope.Client, Bergmann);
        Assert.Equal([(ApproverScope.Platform, "Google Ads", 1)], then.Next);
        Assert.Equal((ApproverScope.Platform, 0), (Assert.Single(then.Gaps).Scope, then.Gaps[0].Able));
    }

    [Fact]
    public async Task The_trail_says_for_what_and_whom_in_words()
    {
        (await agency.ListAsync(ApproverScope.Client, Bergmann, agency.Priya, agency.Adam)).Require();
        (await agency.ListAsync(ApproverScope.Identity, agency.Ads.ToString(), Approvers.AllDeciders)).Require();
        (await Keep.GiveUpAsync(agency.Adam, ApproverScope.Client, Bergmann)).Require();
        (await agency.SaveApprovalsAsync(agency.Adam, r => r with { Mode = ApprovalMode.RiskBased })).Require();

        var rows = (await agency.Get<ReadTrail>().PageAsync(agency.Aiko, new TrailFilter())).Rows.Where(r => r.Type.StartsWith("policy.", StringComparison.Ordinal)).ToList();

        Assert.Equal(
            ["Mode: Single Approval → Risk-Based Approval", "Client Bergmann Bikes", "Identity · everybody whose role decides", "Client Bergmann Bikes · 2 could approve"],
            rows.Select(TrailWords.Summary));
        Assert.Equal("Bergmann – Google Ads", rows[2].IdentityName);
    }

    private static Approvers Of(params PersonId[] people) => new(Everybody: false, people.ToHashSet());
}
