using System.Text;
using AccessHive.Core.Kernel;
using AccessHive.Core.Sessions.UseCases;
using AccessHive.Core.Vault;
using AccessHive.Core.Vault.UseCases;
using AccessHive.Tests.Vault.Rotating;
using AccessHive.Tests.World;
using AccessHive.Web.Features.Home;
using AccessHive.Web.Features.Vault;
using Bunit;
using Xunit;

namespace AccessHive.Tests.Vault.Pages;

public sealed class RotationPagesTests
{
    [Fact]
    public async Task Nothing_open_says_when_something_will_be()
    {
        await using var agency = await TestAgency.FoundAsync();
        await using var world = await PageWorld.OpenAsync(agency, agency.Ian);

        var page = world.Render<RotationsPage>();

        Assert.Contains("No rotation is open", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_task_says_what_to_do_and_goes_live_through_its_states()
    {
        await using var agency = await TestAgency.FoundAsync();
        await using var world = await PageWorld.OpenAsync(agency, agency.Olivia);
        var page = world.Render<RotationsPage>();
        var id = await SeenAsync(agency);

        await world.HearAsync();
        page.WaitForAssertion(() => Assert.Contains("To be changed by hand", page.Markup, StringComparison.Ordinal));
        Assert.Contains("Seen in an emergency", page.Markup, StringComparison.Ordinal);
        Assert.NotNull(page.Find("button[aria-label='Enter new secret … Password of Bergmann – Google Ads']"));

        (await agency.Get<KeepRotations>().EnterAsync(agency.Ian, id, Encoding.UTF8.GetBytes("new-one"))).Require();
        await world.HearAsync();
        page.WaitForAssertion(() => Assert.Contains("Entered by Ian", page.Markup, StringComparison.Ordinal));
        Assert.NotNull(page.Find("button[aria-label='Confirm … Password of Bergmann – Google Ads']"));

        (await agency.Get<KeepRotations>().ShowPendingAsync(agency.Adam, id)).Require();
        (await agency.Get<KeepRotations>().ConfirmAsync(agency.Adam, id)).Require();
        await world.HearAsync();
        page.WaitForAssertion(() => Assert.Contains("Confirmed by Adam", page.Markup, StringComparison.Ordinal));
        Assert.Contains("No rotation is open", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_entered_it_is_not_offered_to_confirm_it()
    {
        await using var agency = await TestAgency.FoundAsync();
        var id = await SeenAsync(agency);
        (await agency.Get<KeepRotations>().EnterAsync(agency.Ian, id, Encoding.UTF8.GetBytes("new-one"))).Require();
        await using var world = await PageWorld.OpenAsync(agency, agency.Ian);

        var page = world.Render<RotationsPage>();

        Assert.Contains("Entered by you", page.Markup, StringComparison.Ordinal);
        Assert.Empty(page.FindAll("button[aria-label^='Confirm']"));
    }

    [Fact]
    public async Task Those_who_read_the_trail_look_and_everybody_else_is_told_who_does()
    {
        await using var agency = await TestAgency.FoundAsync();
        await SeenAsync(agency);
        await using var auditor = await PageWorld.OpenAsync(agency, agency.Aiko);
        await using var member = await PageWorld.OpenAsync(agency, agency.Max);

        var read = auditor.Render<RotationsPage>();
        Assert.Contains("You can look, but not change anything", read.Markup, StringComparison.Ordinal);
        Assert.Contains("To be changed by hand", read.Markup, StringComparison.Ordinal);
        Assert.Empty(read.FindAll("td button"));

        var refused = member.Render<RotationsPage>();
        Assert.Contains("Rotations are not for your roles", refused.Markup, StringComparison.Ordinal);
        Assert.DoesNotContain("Bergmann", refused.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stuck_rotation_is_said_on_home_and_can_be_tried_again()
    {
        await using var rotating = await RotationWorld.OpenAsync(new TargetInMemory());
        await rotating.SeenAsync();
        rotating.Trouble.IsDown = true;
        await rotating.WorkItOutAsync();
        await using var world = await PageWorld.OpenAsync(rotating.Agency, rotating.Agency.Ian);

        var home = world.Render<HomePage>();
        Assert.Contains("A rotation can't go on by itself.", home.Markup, StringComparison.Ordinal);
        Assert.Contains("Rotations open: 1", home.Markup, StringComparison.Ordinal);

        var page = world.Render<RotationsPage>();
        Assert.Contains("Needs a person", page.Markup, StringComparison.Ordinal);
        Assert.Contains("The target can't be reached.", page.Markup, StringComparison.Ordinal);
        Assert.Contains("5 of 5", page.Markup, StringComparison.Ordinal);

        rotating.Trouble.Heal();
        await page.Find("button[aria-label='Retry now: Password of Target']").ClickAsync(new());
        await rotating.WorkAsync();
        await world.HearAsync();
        page.WaitForAssertion(() => Assert.Contains("Verified by logging in", page.Markup, StringComparison.Ordinal));
        home.WaitForAssertion(() => Assert.DoesNotContain("can't go on by itself", home.Markup, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_credential_wears_since_when_and_to_whom_it_is_exposed()
    {
        await using var agency = await TestAgency.FoundAsync();
        await SeenAsync(agency);
        await using var world = await PageWorld.OpenAsync(agency, agency.Max);

        var page = world.Render<OneIdentityPage>(p => p.Add(x => x.Id, agency.Ads.Value));
        page.WaitForAssertion(() => Assert.Contains("to Adam", page.Markup, StringComparison.Ordinal));
        Assert.Contains("Exposed", page.Markup, StringComparison.Ordinal);
        Assert.DoesNotContain("Rotate now", page.Markup, StringComparison.Ordinal);

        var list = world.Render<IdentitiesPage>();
        list.WaitForAssertion(() => Assert.Contains("Exposed</span>", list.Markup, StringComparison.Ordinal));
        Assert.Single((await agency.Get<IdentityQueries>().ListAsync(new IdentityFilter(Exposed: true))).Rows);
    }

    [Fact]
    public async Task Whoever_keeps_the_vault_plans_a_rotation_and_is_told_what_is_missing()
    {
        await using var agency = await TestAgency.FoundAsync();
        await using var world = await PageWorld.OpenAsync(agency, agency.Ian);
        var dialogs = world.Dialogs();
        var page = world.Render<OneIdentityPage>(p => p.Add(x => x.Id, agency.Ads.Value));
        page.WaitForAssertion(() => Assert.NotNull(page.Find("button[aria-label='Rotation … Password']")));

        _ = page.Find("button[aria-label='Rotation … Password']").ClickAsync(new());
        dialogs.WaitForAssertion(() => Assert.NotNull(dialogs.Find("#plan-connector")));
        dialogs.Find("#plan-connector").Change("PostgreSql");
        dialogs.Find("form").Submit();
        dialogs.WaitForAssertion(() => Assert.Contains(RotationRefusals.TargetMissing.Code, dialogs.Markup, StringComparison.Ordinal));
        dialogs.Find("#plan-host").Change("db.client.example");
        dialogs.Find("form").Submit();

        page.WaitForAssertion(() => Assert.Equal(ConnectorKind.PostgreSql, agency.Get<PlanRotation>().ReadAsync(agency.AdsPassword).Result!.Value.Plan.Connector));
    }

    private static async Task<RotationId> SeenAsync(TestAgency agency)
    {
        var session = await agency.GrantAsync(agency.Adam);
        (await agency.RevealAsync(agency.Adam, session)).Require();
        (await agency.Get<EndSessionHandler>().EndAsync(agency.Adam, session)).Require();
        await agency.SettleAsync();
        return (await agency.Get<RotationQueries>().OpenAsync(agency.Olivia)).Single().Id;
    }
}
