using AccessHive.Core.Agency.UseCases;
using AccessHive.Core.Kernel;
using AccessHive.Core.Policies;
using AccessHive.Core.Policies.UseCases;
using AccessHive.Core.Requests;
using AccessHive.Core.Requests.UseCases;
using AccessHive.Core.Vault;
using AccessHive.Core.Vault.UseCases;
using AccessHive.Tests.World;
using CsCheck;
using Microsoft.EntityFrameworkCore;
using NodaTime;
using Xunit;

namespace AccessHive.Tests.Policies;

public sealed class PreviewApprovalTests
{
    private static readonly Roles[] Held = [Roles.Member, Roles.Approver, Roles.Admin, Roles.Auditor, Roles.Approver | Roles.Auditor, Roles.IdentityManager];
    private static readonly string[] Keys = ["Client A", "Platform A", "", "client a"];

    [Fact]
    public async Task It_says_who_would_be_asked_and_who_of_them_is_here()
    {
        await using var agency = await TestAgency.FoundAsync();
        agency.Presence.Enters([agency.Priya, agency.Max]);

        var preview = (await PreviewAsync(agency, agency.Adam))!;

        Assert.Equal([("Olivia", false), ("Priya", true)], preview.Asked.Select(a => (a.Name, a.IsHere)));
        Assert.Equal((ApproverScope.Agency, true, ApprovalNeed.One, Shortfall.None), (preview.Scope, preview.Everybody, preview.Need, preview.Shortfall));
        Assert.Equal((agency.Now + Duration.FromHours(24), Duration.FromHours(4)), (preview.DecideBy, preview.Longest));
        Assert.Null(preview.Refused);
    }

    [Fact]
    public async Task Values_that_nobody_has_saved_yet_are_tried_and_stay_unsaved()
    {
        await using var agency = await TestAgency.FoundAsync();
        (await agency.ListAsync(ApproverScope.Client, "Bergmann Bikes", agency.Priya)).Require();
        var none = ApprovalRules.Default with { Mode = ApprovalMode.None, SharedNeedApproval = false, Window = Duration.FromHours(2) };

        Assert.Equal(0, (await PreviewAsync(agency, agency.Adam, new Unsaved(none)))!.Need.Approvals);
        Assert.Equal(["Olivia"], Names(await PreviewAsync(agency, agency.Adam, new Unsaved(List: new(ApproverScope.Client, "bergmann bikes", Of(agency.Olivia))))));
        Assert.Equal(["Olivia"], Names(await PreviewAsync(agency, agency.Adam, new Unsaved(List: new(ApproverScope.Identity, agency.Ads.ToString(), Of(agency.Olivia))))));
        // A wider list than the one that counts changes nothing.
        Assert.Equal(["Priya"], Names(await PreviewAsync(agency, agency.Adam, new Unsaved(List: new(ApproverScope.Platform, "Google Ads", Of(agency.Olivia))))));
        Assert.Equal(["Priya"], Names(await PreviewAsync(agency, agency.Adam)));
    }

    [Fact]
    public async Task When_the_only_approver_asks_it_says_so()
    {
        await using var agency = await TestAgency.FoundAsync();
        (await agency.ListAsync(ApproverScope.Client, "Bergmann Bikes", agency.Priya)).Require();

        Assert.Equal(Shortfall.OnlyTheRequester, (await PreviewAsync(agency, agency.Priya))!.Shortfall);
        Assert.Equal(Shortfall.None, (await PreviewAsync(agency, agency.Adam))!.Shortfall);
    }

    [Fact]
    public async Task Who_could_not_even_ask_is_told_why()
    {
        await using var agency = await TestAgency.FoundAsync();
        Assert.Equal(RequestRefusals.AuditorHoldsNothing, (await PreviewAsync(agency, agency.Aiko))!.Refused);
        (await agency.Get<ManagePeople>().DisableAsync(agency.Olivia, agency.Max)).Require();
        Assert.Equal("person-disabled", (await PreviewAsync(agency, agency.Max))!.Refused?.Code);
        (await agency.Get<KeepIdentities>().ArchiveAsync(agency.Ian, agency.Ads, archived: true)).Require();
        Assert.Equal(VaultRefusals.Archived, (await PreviewAsync(agency, agency.Adam))!.Refused);
        Assert.Null(await PreviewAsync(agency, PersonId.New()));
    }

    [Fact]
    public async Task What_the_identitys_page_says_is_the_same()
    {
        await using var agency = await TestAgency.FoundAsync();
        (await agency.ListAsync(ApproverScope.Identity, agency.Ads.ToString(), agency.Priya, agency.Adam)).Require();

        var approved = (await agency.Get<WhoApproves>().ReadAsync(agency.Adam, agency.Ads))!;

        Assert.Equal((ApproverScope.Identity, "Bergmann – Google Ads", Shortfall.None), (approved.Scope, approved.ListName, approved.Shortfall));
        Assert.Equal(["Priya"], approved.Names);
    }

    /// <summary>Random agencies: whoever the preview names is asked by the request that is then really raised, and nobody else.</summary>
    [Fact]
    public async Task It_says_what_really_happens_whatever_the_lists_roles_risks_and_modes()
    {
        await using var agency = await TestAgency.FoundAsync();
        var lives = 0;
        await Gen.Select(
            Gen.Select(Gen.OneOf(Enum.GetValues<ApprovalMode>()), Gen.Bool, Gen.OneOf(1, 24, 168)),
            Gen.Select(Gen.OneOf(Enum.GetValues<IdentityType>()), Gen.OneOf(Enum.GetValues<RiskLevel>()), Gen.OneOf(Keys), Gen.OneOf(Keys)),
            Gen.OneOf(Held).Array[6],
            Gen.Bool.Array[6],
            Gen.Select(Gen.OneOf(Enum.GetValues<ApproverScope>()), Gen.Int[-1, 127]).Array[0, 4],
            Gen.Int[0, 6])
            .SampleAsync(
                async life => await LiveAsync(agency, ++lives, life.Item1, life.Item2, life.Item3, life.Item4, life.Item5, life.Item6),
                writeLine: Console.WriteLine, iter: 60, threads: 1);
        Assert.True(lives >= 60);
    }

    private static async Task LiveAsync(
        TestAgency agency, int life, (ApprovalMode Mode, bool Shared, int Hours) policy, (IdentityType Type, RiskLevel Risk, string Client, string Platform) kept,
        Roles[] roles, bool[] disabled, (ApproverScope Scope, int People)[] lists, int who)
    {
        PersonId[] others = [agency.Adam, agency.Priya, agency.Ian, agency.Sofia, agency.Aiko, agency.Max];
        foreach (var list in (await agency.Get<KeepApprovers>().ReadAsync()).Where(l => l.Scope != ApproverScope.Agency))
            (await agency.Get<KeepApprovers>().GiveUpAsync(agency.Olivia, list.Scope, list.Key)).Require();
        for (var i = 0; i < others.Length; i++)
        {
            await agency.Get<ManagePeople>().EnableAsync(agency.Olivia, others[i]);
            (await agency.Get<ManagePeople>().ChangeRolesAsync(agency.Olivia, others[i], roles[i])).Require();
        }

        var details = new IdentityDetails($"Account {life}", kept.Type, kept.Platform, kept.Client, null, "", kept.Risk);
        var (identity, credential) = await agency.KeepAsync(details, agency.Olivia);
        foreach (var (scope, people) in lists)
        {
            var key = scope switch { ApproverScope.Client => kept.Client, ApproverScope.Platform => kept.Platform, ApproverScope.Identity => identity.ToString(), _ => "" };
            if (scope is not (ApproverScope.Client or ApproverScope.Platform) || key.Length > 0)
                (await SaveAsync(agency, scope, key, people < 0 ? Approvers.AllDeciders : Of([.. others.Prepend(agency.Olivia).Where((_, i) => (people & (1 << i)) != 0)]))).Require();
        }

        for (var i = 0; i < others.Length; i++)
        {
            if (disabled[i])
                (await agency.Get<ManagePeople>().DisableAsync(agency.Olivia, others[i])).Require();
        }

        (await agency.SaveApprovalsAsync(agency.Olivia, r => r with { Mode = policy.Mode, SharedNeedApproval = policy.Shared, Window = Duration.FromHours(policy.Hours) }, shortfallAccepted: true)).Require();

        var requester = who == 0 ? agency.Olivia : others[who - 1];
        var preview = (await agency.Get<PreviewApproval>().ReadAsync(identity, requester, Unsaved.Nothing))!;
        var raised = await agency.Get<CheckOutHandler>().HandleAsync(requester, new CheckOut(credential, "To see whether it is true.", Duration.FromMinutes(10)));

        Assert.Equal(preview.Refused is null, !raised.IsRefused);
        if (raised.IsRefused)
            return;
        await using var db = await agency.ReadAsync();
        var request = await db.Requests.Include(r => r.Asks).SingleAsync(r => r.Id == raised.Value.Request);
        Assert.Equal(preview.Need.Approvals == 0, raised.Value.Session is not null);
        Assert.Equal(preview.Asked.Select(a => a.Id.Value).Order(), request.Asks.Select(a => a.PersonId.Value).Order());
        Assert.DoesNotContain(preview.Asked, a => a.Id == requester);
        Assert.Equal(preview.DecideBy, request.DecideBy);
        Assert.Equal(preview.Need, request.Terms.Need);
        Assert.Equal(preview.Need.Approvals > preview.Asked.Count, preview.Shortfall != Shortfall.None);
    }

    private static async Task<Result<Done>> SaveAsync(TestAgency agency, ApproverScope scope, string key, Approvers approvers)
    {
        var version = (await agency.Get<KeepApprovers>().ReadAsync()).FirstOrDefault(l => l.Scope == scope && ListedApprovers.Same(l.Key, key))?.Version ?? 0;
        return await agency.Get<KeepApprovers>().SaveAsync(agency.Olivia, new SaveApprovers(scope, key, approvers, version, ShortfallAccepted: true));
    }

    private static Task<ApprovalPreview?> PreviewAsync(TestAgency agency, PersonId who, Unsaved? unsaved = null)
        => agency.Get<PreviewApproval>().ReadAsync(agency.Ads, who, unsaved ?? Unsaved.Nothing);

    private static IEnumerable<string> Names(ApprovalPreview? preview) => preview!.Asked.Select(a => a.Name);

    private static Approvers Of(params PersonId[] people) => new(Everybody: false, people.ToHashSet());
}
