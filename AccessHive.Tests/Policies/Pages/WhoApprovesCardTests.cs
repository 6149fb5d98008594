using AccessHive.Core.Agency.UseCases;
using AccessHive.Core.Kernel;
using AccessHive.Core.Policies;
using AccessHive.Core.Policies.UseCases;
using AccessHive.Tests.World;
using AccessHive.Web.Features.Policies;
using AngleSharp.Dom;
using Bunit;
using Microsoft.AspNetCore.Components.Web;
using Xunit;

namespace AccessHive.Tests.Policies.Pages;

public sealed class WhoApprovesCardTests
{
    private const string Bergmann = "Bergmann Bikes";

    [Fact]
    public async Task Lists_are_read_at_a_glance_and_who_could_not_approve_is_marked()
    {
        await using var agency = await TestAgency.FoundAsync();
        await agency.ListAsync(ApproverScope.Client, Bergmann, agency.Priya, agency.Max);
        await using var world = await PageWorld.OpenAsync(agency, agency.Max);
        var card = await OpenAsync(world);

        Assert.Equal(["The agency", "Client Bergmann Bikes"], card.FindAll("h3").Select(h => h.TextContent));
        Assert.Equal(["Everybody who is Owner, Admin or Approver", "MaxMember, can't approve", "PriyaApprover"], card.FindAll(".ah-chip").Select(c => c.TextContent));
        Assert.Contains("is-warn", card.FindAll(".ah-chip")[1].ClassName, StringComparison.Ordinal);
        Assert.Contains("Only one person on the list of client Bergmann Bikes could approve", card.Find(".warning").TextContent, StringComparison.Ordinal);
        Assert.Contains("You are Member.", card.Markup, StringComparison.Ordinal);
        Assert.Empty(card.FindAll("button, input, select"));
    }

    [Fact]
    public async Task A_list_for_a_client_is_added_by_keyboard()
    {
        await using var agency = await TestAgency.FoundAsync();
        await using var world = await PageWorld.OpenAsync(agency, agency.Adam);
        var card = await OpenAsync(world);

        await ChooseAsync(card, "approvers-for", "berg");
        card.WaitForAssertion(() => Assert.Contains("With nobody on the list, nobody can approve – requests will lapse.", card.Markup, StringComparison.Ordinal));
        await ChooseAsync(card, "approvers-person", "pri");
        card.WaitForAssertion(() => Assert.Contains("Stands for 1 identity. Priya could approve.", card.Find("#approvers-words").TextContent, StringComparison.Ordinal));
        Assert.Empty(card.FindAll("#approvers-accept"));
        Button(card, "Save list").Click();

        card.WaitForAssertion(() => Assert.Contains("Saved the list of client Bergmann Bikes: Priya.", card.Markup, StringComparison.Ordinal));
        Assert.Equal(["Priya"], (await agency.Get<KeepApprovers>().ReadAsync())[1].People.Select(p => p.Name));
    }

    [Fact]
    public async Task With_nobody_on_it_a_list_is_saved_only_with_a_tick()
    {
        await using var agency = await TestAgency.FoundAsync();
        await using var world = await PageWorld.OpenAsync(agency, agency.Adam);
        var card = await OpenAsync(world);
        Button(card, "Edit").Click();
        card.WaitForAssertion(() => Assert.Contains("Adam, Olivia and Priya could approve.", card.Markup, StringComparison.Ordinal));

        card.Find("#approvers-named").Change(true);
        card.WaitForElement("#approvers-accept");
        Button(card, "Save list").Click();
        card.WaitForAssertion(() => Assert.Contains("nobody could approve", card.Find("[role=alert]").TextContent, StringComparison.Ordinal));
        Assert.Empty(await agency.TrailAsync("policy."));

        card.Find("#approvers-accept").Change(true);
        Button(card, "Save list").Click();

        card.WaitForAssertion(() => Assert.Contains("Saved the agency's list: nobody.", card.Markup, StringComparison.Ordinal));
        Assert.Equal("With nobody on the list, nobody can approve – requests will lapse.", card.Find(".warning").TextContent.Trim());
    }

    [Fact]
    public async Task Removing_a_list_says_which_one_counts_then_and_asks_first()
    {
        await using var agency = await TestAgency.FoundAsync();
        await agency.ListAsync(ApproverScope.Client, Bergmann, agency.Priya, agency.Adam);
        await using var world = await PageWorld.OpenAsync(agency, agency.Adam);
        var card = await OpenAsync(world);
        var dialogs = world.Dialogs();

        Button(card, "Remove").Click();
        dialogs.WaitForAssertion(() => Assert.Contains("From then on, the agency's list counts for 1 identity.", dialogs.Markup, StringComparison.Ordinal));
        dialogs.FindAll("button").Single(b => b.TextContent.Trim() == "Remove").Click();

        card.WaitForAssertion(() => Assert.Contains("Removed the list of client Bergmann Bikes.", card.Markup, StringComparison.Ordinal));
        Assert.Single(await agency.Get<KeepApprovers>().ReadAsync());
    }

    [Fact]
    public async Task Of_two_admins_the_second_sees_what_the_first_saved_before_it_is_overwritten()
    {
        await using var agency = await TestAgency.FoundAsync();
        await agency.ListAsync(ApproverScope.Client, Bergmann, agency.Priya);
        await using var world = await PageWorld.OpenAsync(agency, agency.Olivia);
        var card = await OpenAsync(world);
        card.FindAll("button").Single(b => b.GetAttribute("aria-label") == "Edit the list of client Bergmann Bikes").Click();
        card.WaitForElement("#approvers-words p");
        await ChooseAsync(card, "approvers-person", "oliv");
        await agency.ListAsync(ApproverScope.Client, Bergmann, agency.Adam);

        Button(card, "Save list").Click(new MouseEventArgs { Detail = 1 });
        card.WaitForAssertion(() => Assert.Contains("In force now: Adam.", card.Find("[role=alert]").TextContent, StringComparison.Ordinal));
        Button(card, "Save list").Click(new MouseEventArgs { Detail = 2 });
        Assert.Equal(["Adam"], (await agency.Get<KeepApprovers>().ReadAsync())[1].People.Select(p => p.Name));

        Button(card, "Save list").Click();

        card.WaitForAssertion(() => Assert.Contains("Saved the list of client Bergmann Bikes: Olivia and Priya.", card.Markup, StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_open_card_shows_a_list_whose_last_approver_was_just_disabled()
    {
        await using var agency = await TestAgency.FoundAsync();
        await agency.ListAsync(ApproverScope.Client, Bergmann, agency.Priya);
        await using var world = await PageWorld.OpenAsync(agency, agency.Adam);
        var card = await OpenAsync(world);

        await agency.Get<ManagePeople>().DisableAsync(agency.Olivia, agency.Priya);
        await world.HearAsync();

        card.WaitForAssertion(() => Assert.Contains("nobody can approve – requests will lapse", card.Find(".warning").TextContent, StringComparison.Ordinal));
        Assert.Contains("disabled, can't approve", card.Markup, StringComparison.Ordinal);
    }

    private static async Task ChooseAsync(IRenderedComponent<WhoApprovesCard> card, string picker, string piece)
    {
        await card.Find($"#{picker}").InputAsync(piece);
        card.WaitForAssertion(() => Assert.Equal($"{picker}-0", card.Find($"#{picker}").GetAttribute("aria-activedescendant")));
        await card.Find($"#{picker}").KeyDownAsync(new KeyboardEventArgs { Key = "Enter" });
    }

    private static async Task<IRenderedComponent<WhoApprovesCard>> OpenAsync(PageWorld world)
    {
        var card = world.Render<WhoApprovesCard>();
        await card.WaitForElementAsync("ul.lists");
        return card;
    }

    private static IElement Button(IRenderedComponent<WhoApprovesCard> card, string name) => card.FindAll("button").Single(b => b.TextContent.Trim() == name);
}
