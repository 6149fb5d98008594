using AccessHive.Core.Kernel;
using AccessHive.Core.Policies;
using AccessHive.Core.Vault;
using AccessHive.Core.Vault.UseCases;
using AccessHive.Tests.World;
using AccessHive.Web.Features.Shared;
using AccessHive.Web.Features.Vault;
using AngleSharp.Dom;
using Bunit;
using Fluxor;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AccessHive.Tests.Vault.Pages;

public sealed class OneIdentityPageTests
{
    [Fact]
    public async Task Emergency_access_stands_beside_the_checkout_and_asks_for_that_credential()
    {
        await using var agency = await TestAgency.FoundAsync();
        await using var world = await PageWorld.OpenAsync(agency, agency.Adam);
        EmergencyAccessWanted? wanted = null;
        world.Page.Services.GetRequiredService<IActionSubscriber>().SubscribeToAction<EmergencyAccessWanted>(this, asked => wanted = asked);
        var page = Open(world, agency.Ads);

        var options = page.FindAll("article .option > :first-child");
        Assert.Equal(["Check out", "Emergency Access"], options.Select(Words));
        Assert.Null(options[0].GetAttribute("aria-disabled"));
        Assert.Contains("Somebody approves it, for up to 4 h.", page.Find("article").TextContent, StringComparison.Ordinal);
        Assert.Null(options[1].GetAttribute("aria-disabled"));
        options[1].Click();

        Assert.Equal(new EmergencyAccessWanted(agency.Ads, agency.AdsPassword), wanted);
    }

    [Fact]
    public async Task Checking_out_is_the_primary_button_and_asks_for_that_credential()
    {
        await using var agency = await TestAgency.FoundAsync();
        await using var world = await PageWorld.OpenAsync(agency, agency.Max);
        CheckoutWanted? wanted = null;
        world.Page.Services.GetRequiredService<IActionSubscriber>().SubscribeToAction<CheckoutWanted>(this, asked => wanted = asked);
        var page = Open(world, agency.Ads);

        page.Find("article .option > button.is-primary").Click();

        Assert.Equal(new CheckoutWanted(agency.Ads, agency.AdsPassword), wanted);
    }

    [Fact]
    public async Task An_auditor_finds_the_checkout_disabled_with_the_reason()
    {
        await using var agency = await TestAgency.FoundAsync();
        await using var world = await PageWorld.OpenAsync(agency, agency.Aiko);

        var button = Open(world, agency.Ads).Find("article .option > button.is-primary");

        Assert.Equal("true", button.GetAttribute("aria-disabled"));
        Assert.Throws<MissingEventHandlerException>(() => button.Click());
        Assert.Contains("An Auditor never holds access.", button.ParentElement!.TextContent, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(IdentityType.ApiKey)]
    [InlineData(IdentityType.OAuthApp)]
    public async Task A_key_is_revealed_and_not_checked_out(IdentityType type)
    {
        await using var agency = await TestAgency.FoundAsync();
        var (identity, _) = await agency.KeepAsync("Mail API", type);
        await using var world = await PageWorld.OpenAsync(agency, agency.Max);

        var option = Open(world, identity).Find("article .option");

        Assert.Equal("Reveal", Words(option.Children[0]));
        Assert.Contains("for up to 15 min", option.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_waits_in_the_usual_way_opens_that_request_and_can_still_break_the_glass()
    {
        await using var agency = await TestAgency.FoundAsync();
        var request = (await agency.CheckOutAsync(agency.Adam)).Require().Request;
        await using var world = await PageWorld.OpenAsync(agency, agency.Adam);

        var options = Open(world, agency.Ads).FindAll("article .option > :first-child");

        Assert.Equal($"requests/{request}", options[0].GetAttribute("href"));
        Assert.Null(options[1].GetAttribute("aria-disabled"));
    }

    [Fact]
    public async Task Whoever_has_it_checked_out_opens_that_session_and_needs_no_emergency()
    {
        await using var agency = await TestAgency.FoundAsync();
        var session = await agency.HoldAsync(agency.Adam);
        await using var world = await PageWorld.OpenAsync(agency, agency.Adam);

        var options = Open(world, agency.Ads).FindAll("article .option > :first-child");

        Assert.Equal($"sessions/{session}", options[0].GetAttribute("href"));
        Assert.Equal("true", options[1].GetAttribute("aria-disabled"));
    }

    [Fact]
    public async Task Who_is_not_eligible_finds_the_same_button_disabled_with_why_and_whom_to_ask()
    {
        await using var agency = await TestAgency.FoundAsync();
        await using var world = await PageWorld.OpenAsync(agency, agency.Max);
        EmergencyAccessWanted? wanted = null;
        world.Page.Services.GetRequiredService<IActionSubscriber>().SubscribeToAction<EmergencyAccessWanted>(this, asked => wanted = asked);
        var page = Open(world, agency.Ads);

        foreach (var button in Emergencies(page))
        {
            Assert.Equal("true", button.GetAttribute("aria-disabled"));
            Assert.False(button.HasAttribute("disabled"), "A disabled button can't be reached by keyboard.");
            Assert.Equal(
                "Only Owner and Admin can start emergency access. You are Member. Ask one of them to do it, or an admin to widen the list.",
                page.Find("#" + button.GetAttribute("aria-describedby")).TextContent);
        }

        Assert.Equal(2, Emergencies(page).Count);
        Assert.Throws<MissingEventHandlerException>(() => Emergencies(page)[0].Click());
        Assert.Null(wanted);
    }

    [Fact]
    public async Task The_option_appears_and_disappears_while_people_look_when_the_card_is_saved()
    {
        await using var agency = await TestAgency.FoundAsync();
        await using var world = await PageWorld.OpenAsync(agency, agency.Max);
        var page = Open(world, agency.Ads);
        Assert.All(Emergencies(page), button => Assert.Equal("true", button.GetAttribute("aria-disabled")));

        (await agency.SaveRulesAsync(rules => rules with { EligibleRoles = rules.EligibleRoles | Roles.Member })).Require();
        await world.HearAsync();
        page.WaitForAssertion(() => Assert.All(Emergencies(page), button => Assert.Null(button.GetAttribute("aria-disabled"))));

        (await agency.SaveRulesAsync(_ => EmergencyRules.Default)).Require();
        await world.HearAsync();
        page.WaitForAssertion(() => Assert.Contains("You are Member", page.Markup, StringComparison.Ordinal));
        Assert.All(Emergencies(page), button => Assert.Equal("true", button.GetAttribute("aria-disabled")));
    }

    [Fact]
    public async Task My_request_and_then_my_session_take_the_place_of_the_option()
    {
        await using var agency = await TestAgency.FoundAsync();
        await using var world = await PageWorld.OpenAsync(agency, agency.Adam);
        var page = Open(world, agency.Ads);

        var raised = (await agency.RaiseAsync(agency.Adam)).Require();
        await world.HearAsync();
        page.WaitForAssertion(() => Assert.Contains("Waiting for a decision – open", page.Find($"article a[href='requests/{raised.Request}']").TextContent, StringComparison.Ordinal));

        var session = (await agency.DecideAsync(agency.Priya, raised.Request)).Require().Session;
        await world.HearAsync();
        page.WaitForAssertion(() => Assert.Contains("Open your session", page.Find($"article a[href='sessions/{session}']").TextContent, StringComparison.Ordinal));
        Assert.Empty(Emergencies(page));
    }

    [Fact]
    public async Task Everybody_sees_who_holds_it_and_that_it_is_an_emergency()
    {
        await using var agency = await TestAgency.FoundAsync();
        await agency.GrantAsync(agency.Adam);
        await using var world = await PageWorld.OpenAsync(agency, agency.Max);

        var held = Open(world, agency.Ads).Find("section.held");

        Assert.Contains("Adam holds Password", Words(held), StringComparison.Ordinal);
        Assert.NotNull(held.QuerySelector(".ah-chip.is-emergency"));
        Assert.NotNull(held.QuerySelector("[role=timer]"));
    }

    [Fact]
    public async Task An_archived_identity_offers_no_access_and_says_so_while_people_look()
    {
        await using var agency = await TestAgency.FoundAsync();
        await using var world = await PageWorld.OpenAsync(agency, agency.Adam);
        var page = Open(world, agency.Ads);

        (await agency.Get<KeepIdentities>().ArchiveAsync(agency.Ian, agency.Ads, archived: true)).Require();
        await world.HearAsync();

        page.WaitForAssertion(() => Assert.Contains("It is out of use", page.Markup, StringComparison.Ordinal));
        Assert.Empty(Emergencies(page));
        Assert.DoesNotContain("Check out", page.Markup, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://ads.example/login", true)]
    [InlineData("http://ads.example", true)]
    [InlineData("javascript:alert(1)", false)]
    [InlineData("data:text/html,x", false)]
    [InlineData("ads.example", false)]
    public async Task Only_a_web_address_becomes_a_link_and_it_leads_outside_safely(string address, bool isLink)
    {
        await using var agency = await TestAgency.FoundAsync();
        (await agency.Get<KeepIdentities>().EditCredentialAsync(agency.Ian, agency.AdsPassword, new CredentialDetails("Password", "ads", address))).Require();
        await using var world = await PageWorld.OpenAsync(agency, agency.Max);

        var page = Open(world, agency.Ads);

        Assert.Contains(address, page.Find("article").TextContent, StringComparison.Ordinal);
        var link = page.FindAll("article dd a");
        Assert.Equal(isLink ? 1 : 0, link.Count);
        Assert.All(link, a => Assert.Equal("noopener noreferrer", a.GetAttribute("rel")));
    }

    [Fact]
    public async Task The_secret_is_in_no_markup_whoever_looks_and_whatever_is_open()
    {
        await using var agency = await TestAgency.FoundAsync();
        await using var world = await PageWorld.OpenAsync(agency, agency.Olivia);
        var dialogs = world.Dialogs();
        var page = Open(world, agency.Ads);

        // Not awaited: it is under way until the dialog is closed.
        _ = page.FindAll("article button").Single(b => Words(b) == "Change secret").ClickAsync();
        dialogs.WaitForElement("input[data-enter-secret]");

        var field = dialogs.Find("input[data-enter-secret]");
        Assert.Equal("password", field.GetAttribute("type"));
        Assert.False(field.HasAttribute("value"));
        Assert.DoesNotContain(field.Attributes, a => a.Name.StartsWith("blazor:", StringComparison.Ordinal));
        Assert.DoesNotContain(TestAgency.Secret, page.Markup + dialogs.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_type_of_a_new_credential_changes_the_words_and_the_field()
    {
        await using var agency = await TestAgency.FoundAsync();
        var robot = (await agency.Get<KeepIdentities>().AddAsync(agency.Ian, new IdentityDetails("Robot", IdentityType.ServiceAccount, "", "", null, ""))).Require();
        await using var world = await PageWorld.OpenAsync(agency, agency.Ian);
        var dialogs = world.Dialogs();
        var page = Open(world, robot);

        // Not awaited: it is under way until the dialog is closed.
        _ = page.FindAll("button").Single(b => Words(b) == "Add credential").ClickAsync();
        dialogs.WaitForElement("textarea[data-enter-secret]");
        Assert.Equal("Key file", dialogs.Find("#credential-label").GetAttribute("value"));
        Assert.NotNull(dialogs.Find("input[type=file][data-enter-file]"));

        await dialogs.Find("#credential-type").ChangeAsync(nameof(CredentialType.OAuthClient));

        Assert.Equal("Client id", dialogs.Find("label[for=credential-user]").TextContent);
        Assert.Equal("Client secret", dialogs.Find("label[for=secret]").TextContent);
        Assert.Equal("OAuth client", dialogs.Find("#credential-label").GetAttribute("value"));
        Assert.Equal("password", dialogs.Find("input[data-enter-secret]").GetAttribute("type"));
    }

    [Fact]
    public async Task The_fields_are_there_for_all_and_can_be_kept_and_looked_back_at_by_few()
    {
        await using var agency = await TestAgency.FoundAsync();
        (await agency.Get<KeepIdentities>().ChangeFieldAsync(agency.Ian, agency.AdsPassword, FieldKind.RecoveryCodes, "one\ntwo"u8.ToArray())).Require();
        await using var keeper = await PageWorld.OpenAsync(agency, agency.Ian);
        await using var member = await PageWorld.OpenAsync(agency, agency.Max);

        var kept = Open(keeper, agency.Ads);
        await kept.Find("details.versions").TriggerEventAsync("ontoggle", EventArgs.Empty);

        Assert.Equal(["1 Ian In force", "Recovery codes, 1 Ian In force"], kept.FindAll("details.versions tbody tr").Select(r => string.Join(' ', r.Children.Where((_, i) => i != 1).Select(Words))));
        Assert.NotNull(kept.Find("button[aria-label='Add One-time codes of Password']"));
        var seen = Open(member, agency.Ads);
        Assert.Contains("2 of 2 left", seen.Markup, StringComparison.Ordinal);
        Assert.DoesNotContain("One-time codes", seen.Markup, StringComparison.Ordinal);
        Assert.Empty(seen.FindAll("details.versions"));
    }

    [Fact]
    public async Task The_history_says_what_became_of_each_access()
    {
        await using var agency = await TestAgency.FoundAsync();
        var lapsing = (await agency.RaiseAsync(agency.Olivia)).Require();
        agency.Time.AdvanceMinutes(16);
        await agency.SettleAsync();
        await agency.GrantAsync(agency.Adam, minutes: 20);
        agency.Time.AdvanceMinutes(20);
        await using var world = await PageWorld.OpenAsync(agency, agency.Aiko);
        world.Page.Services.GetRequiredService<NavigationManager>().NavigateTo($"identities/{agency.Ads}?tab=history");

        var rows = Open(world, agency.Ads).FindAll("tbody tr").Select(Words).ToList();

        Assert.Equal(2, rows.Count);
        Assert.StartsWith("Adam Emergency", rows[0], StringComparison.Ordinal);
        Assert.EndsWith("Priya Time was up 20 min", rows[0], StringComparison.Ordinal);
        Assert.Contains("Lapsed: nobody decided in time", rows[1], StringComparison.Ordinal);
        Assert.NotEqual(default, lapsing);
    }

    [Fact]
    public async Task A_member_reads_only_their_own_history_and_is_offered_nothing_to_keep()
    {
        await using var agency = await TestAgency.FoundAsync();
        await agency.GrantAsync(agency.Adam);
        await using var world = await PageWorld.OpenAsync(agency, agency.Max);
        world.Page.Services.GetRequiredService<NavigationManager>().NavigateTo($"identities/{agency.Ads}?tab=history");

        var page = Open(world, agency.Ads);

        Assert.Contains("You haven't asked for access yet", page.Markup, StringComparison.Ordinal);
        Assert.NotNull(page.Find($"a[href='audit?identity={agency.Ads}']"));
        Assert.DoesNotContain("Change secret", page.Markup, StringComparison.Ordinal);
    }

    private static IRenderedComponent<OneIdentityPage> Open(PageWorld world, IdentityId id)
    {
        var page = world.Render<OneIdentityPage>(p => p.Add(x => x.Id, id.Value));
        page.WaitForElement(".ah-tabs");
        return page;
    }

    private static IReadOnlyList<IElement> Emergencies(IRenderedComponent<OneIdentityPage> page)
        => [.. page.FindAll("button").Where(b => Words(b) == "Emergency Access")];

    // What is seen: without what only a screen reader is told.
    private static string Words(IElement element)
    {
        var seen = (IElement)element.Clone();
        foreach (var hidden in seen.QuerySelectorAll(".ah-sr").ToList())
            hidden.Remove();
        return string.Join(' ', seen.TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }
}
