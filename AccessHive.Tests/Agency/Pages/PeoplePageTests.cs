using AccessHive.Core.Agency.UseCases;
using AccessHive.Core.Kernel;
using AccessHive.Tests.World;
using AccessHive.Web.Features.Agency;
using AngleSharp.Dom;
using Bunit;
using MudBlazor;
using NodaTime;
using Xunit;

namespace AccessHive.Tests.Agency.Pages;

public sealed class PeoplePageTests
{
    [Fact]
    public async Task Everybody_finds_themselves_and_their_colleagues_with_all_their_roles()
    {
        await using var agency = await TestAgency.FoundAsync();
        (await agency.Get<ManagePeople>().ChangeRolesAsync(agency.Olivia, agency.Priya, Roles.Approver | Roles.SecurityOwner)).Require();
        await using var world = await PageWorld.OpenAsync(agency, agency.Max);

        var page = Open(world);

        Assert.Equal(["Adam", "Aiko", "Ian", "Max This is you", "Olivia", "Priya", "Sofia"], page.FindAll("tbody th").Select(Words));
        Assert.Equal(["Approver", "Security Owner"], Row(page, "Priya").QuerySelectorAll(".ah-chip").Select(c => c.TextContent));
    }

    [Fact]
    public async Task Who_may_only_look_is_told_why_and_finds_no_button()
    {
        await using var agency = await TestAgency.FoundAsync();
        await using var world = await PageWorld.OpenAsync(agency, agency.Max);

        var page = Open(world);

        Assert.Contains("Only Owner and Admin manage people. Ask one of them. You are Member.", page.Find("[role=note]").TextContent, StringComparison.Ordinal);
        Assert.Empty(page.FindAll("button"));
    }

    [Fact]
    public async Task An_invitation_shows_its_link_once_and_the_link_works()
    {
        await using var agency = await TestAgency.FoundAsync();
        await using var world = await PageWorld.OpenAsync(agency, agency.Adam);
        var dialogs = world.Dialogs();
        var page = Open(world);
        Invite(page, dialogs, "Mia", "mia@agency.example");

        await dialogs.Find("form").SubmitAsync();
        var link = dialogs.WaitForElement("#one-time-link").GetAttribute("value")!;
        Assert.Contains("Send this link to Mia yourself.", dialogs.Markup, StringComparison.Ordinal);
        dialogs.FindAll("button").Single(b => b.TextContent == "Done").Click();
        await world.HearAsync();

        page.WaitForAssertion(() => Assert.Contains("Invited", Words(Row(page, "Mia")), StringComparison.Ordinal));
        var token = link[(link.LastIndexOf('/') + 1)..];
        Assert.DoesNotContain(token, page.Markup + dialogs.Markup, StringComparison.Ordinal);
        (await agency.Get<Joining>().AcceptAsync(token, TestAgency.Password)).Require();
        await world.HearAsync();
        page.WaitForAssertion(() => Assert.Contains("Active", Words(Row(page, "Mia")), StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_refused_invitation_keeps_what_was_typed()
    {
        await using var agency = await TestAgency.FoundAsync();
        await using var world = await PageWorld.OpenAsync(agency, agency.Adam);
        var dialogs = world.Dialogs();
        var page = Open(world);
        Invite(page, dialogs, "Mia", "olivia@agency.example");

        await dialogs.Find("form").SubmitAsync();
        dialogs.WaitForAssertion(() => Assert.Contains("Somebody with this e-mail address is here already.", dialogs.Markup, StringComparison.Ordinal));
        Assert.Equal("Mia", dialogs.Find("#invite-name").GetAttribute("value"));
        dialogs.Find("#invite-email").Change("mia@agency.example");
        await dialogs.Find("form").SubmitAsync();

        dialogs.WaitForElement("#one-time-link");
        Assert.Single(await agency.Get<ManagePeople>().ListAsync(), p => p.Name == "Mia");
    }

    [Fact]
    public async Task Roles_are_changed_in_place_several_at_once()
    {
        await using var agency = await TestAgency.FoundAsync();
        await using var world = await PageWorld.OpenAsync(agency, agency.Adam);
        var page = Open(world);

        Press(page, "Change roles of Max");
        page.FindAll("fieldset label").Single(l => Words(l).StartsWith("Approver", StringComparison.Ordinal)).QuerySelector("input")!.Change(true);
        await page.Find("form").SubmitAsync();

        page.WaitForAssertion(() => Assert.Equal(["Approver", "Member"], Row(page, "Max").QuerySelectorAll(".ah-chip").Select(c => c.TextContent)));
        Assert.Empty(page.FindAll("fieldset"));
    }

    [Fact]
    public async Task The_last_owner_can_be_neither_demoted_nor_disabled_and_the_page_says_what_to_do_first()
    {
        await using var agency = await TestAgency.FoundAsync();
        await using var world = await PageWorld.OpenAsync(agency, agency.Olivia);
        var dialogs = world.Dialogs();
        var page = Open(world);
        const string words = "This is the last active owner, who can be neither demoted nor disabled. Make somebody else an owner first.";

        Press(page, "Change roles of Olivia");
        page.FindAll("fieldset input")[0].Change(false);
        page.FindAll("fieldset input")[1].Change(true);
        await page.Find("form").SubmitAsync();
        Assert.Contains(words, page.Find("tbody [role=alert]").TextContent, StringComparison.Ordinal);

        Press(page, "Disable Olivia");
        dialogs.WaitForElement("button.is-danger").Click();
        dialogs.WaitForAssertion(() => Assert.Contains(words, dialogs.Find("[role=alert]").TextContent, StringComparison.Ordinal));
        Assert.Contains("Active", Words(Row(page, "Olivia")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Disabling_says_what_will_happen_happens_and_can_be_undone()
    {
        await using var agency = await TestAgency.FoundAsync();
        await using var world = await PageWorld.OpenAsync(agency, agency.Adam);
        var dialogs = world.Dialogs();
        var page = Open(world);

        Press(page, "Disable Max");
        dialogs.WaitForElement("button.is-danger");
        Assert.Contains("Sessions they hold are revoked", dialogs.Markup, StringComparison.Ordinal);
        dialogs.Find("button.is-danger").Click();
        page.WaitForAssertion(() => Assert.Contains("Disabled", Words(Row(page, "Max")), StringComparison.Ordinal));

        Press(page, "Enable Max");
        dialogs.WaitForElement("button.is-primary").Click();
        page.WaitForAssertion(() => Assert.Contains("Active", Words(Row(page, "Max")), StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_admin_is_told_that_only_an_owner_touches_an_owner()
    {
        await using var agency = await TestAgency.FoundAsync();
        await using var world = await PageWorld.OpenAsync(agency, agency.Adam);
        var page = Open(world);

        Assert.EndsWith("Only an Owner changes an Owner", Words(Row(page, "Olivia")), StringComparison.Ordinal);
        Press(page, "Change roles of Max");
        Assert.True(page.FindAll("fieldset input")[0].HasAttribute("disabled"));
    }

    [Fact]
    public async Task An_invitation_that_ran_out_is_seen_and_gets_a_new_link()
    {
        await using var agency = await TestAgency.FoundAsync();
        var first = (await agency.Get<ManagePeople>().InviteAsync(agency.Adam, new InvitePerson("Mia", "mia@agency.example", Roles.Member))).Require();
        agency.Time.Advance(Duration.FromDays(7));
        await using var world = await PageWorld.OpenAsync(agency, agency.Adam);
        var dialogs = world.Dialogs();
        var page = Open(world);
        Assert.Contains("Invitation ran out", Words(Row(page, "Mia")), StringComparison.Ordinal);

        Press(page, "New link for Mia");
        dialogs.WaitForElement("button.is-primary").Click();
        var link = dialogs.WaitForElement("#one-time-link").GetAttribute("value")!;

        Assert.DoesNotContain(first.Token, link, StringComparison.Ordinal);
        (await agency.Get<Joining>().AcceptAsync(link[(link.LastIndexOf('/') + 1)..], TestAgency.Password)).Require();
    }

    private static IRenderedComponent<PeoplePage> Open(PageWorld world)
    {
        var page = world.Render<PeoplePage>();
        page.WaitForElement(".ah-table");
        return page;
    }

    private static void Invite(IRenderedComponent<PeoplePage> page, IRenderedComponent<MudDialogProvider> dialogs, string name, string email)
    {
        _ = page.FindAll("button").Single(b => Words(b) == "Invite a person").ClickAsync();
        dialogs.WaitForElement("#invite-name");
        dialogs.Find("#invite-name").Change(name);
        dialogs.Find("#invite-email").Change(email);
    }

    // Not awaited: what opens a dialog is under way until the dialog is closed.
    private static void Press(IRenderedComponent<PeoplePage> page, string label) => _ = page.Find($"button[aria-label='{label}']").ClickAsync();

    private static IElement Row(IRenderedComponent<PeoplePage> page, string name)
        => page.FindAll("tbody tr").Single(r => r.QuerySelector("th") is { } th && Words(th).Split(" This is you")[0] == name);

    private static string Words(IElement element) => string.Join(' ', element.TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
