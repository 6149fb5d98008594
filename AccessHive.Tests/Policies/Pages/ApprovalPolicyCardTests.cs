using AccessHive.Core.Agency.UseCases;
using AccessHive.Core.Kernel;
using AccessHive.Core.Policies;
using AccessHive.Core.Policies.UseCases;
using AccessHive.Core.Vault;
using AccessHive.Tests.World;
using AccessHive.Web.Features.Policies;
using AngleSharp.Dom;
using Bunit;
using Microsoft.AspNetCore.Components.Web;
using NodaTime;
using Xunit;

namespace AccessHive.Tests.Policies.Pages;

public sealed class ApprovalPolicyCardTests
{
    [Fact]
    public async Task The_card_speaks_the_guides_own_names()
    {
        await using var agency = await TestAgency.FoundAsync();
        await using var world = await PageWorld.OpenAsync(agency, agency.Adam);
        var card = await EditAsync(world);

        Assert.Equal("Approval Policies", card.Find("h2").TextContent);
        Assert.Equal(["Single Approval", "Risk-Based Approval", "No Approval"], card.FindAll("[type=radio]").Select(r => card.Find($"#{r.GetAttribute("aria-labelledby")}").TextContent));
        Assert.Equal("switch", Field(card, "Shared credentials require approval").GetAttribute("role"));
        foreach (var number in new[] { "Approval window", "Checkout duration", "Extension" })
            Assert.Equal("spinbutton", Field(card, number).GetAttribute("role"));
    }

    [Fact]
    public async Task Read_first_the_card_says_in_words_what_is_in_force()
    {
        await using var agency = await TestAgency.FoundAsync();
        await using var world = await PageWorld.OpenAsync(agency, agency.Adam);
        var card = await OpenAsync(world);

        foreach (var words in new[] { "Single Approval", "Every checkout needs one approver.", "1 identity needs one approver", "24 hours", "4 hours", "Once by 2 hours", "15 minutes", "Never edited" })
            Assert.Contains(words, card.Markup, StringComparison.Ordinal);
        Assert.Empty(card.FindAll("input"));
        Assert.Empty(card.FindAll(".warning"));
    }

    [Fact]
    public async Task What_a_choice_would_mean_stands_beside_it_while_it_is_made()
    {
        await using var agency = await TestAgency.FoundAsync();
        await agency.KeepAsync(new IdentityDetails("Export", IdentityType.ServiceAccount, "", "", null, "", RiskLevel.High));
        await using var world = await PageWorld.OpenAsync(agency, agency.Adam);
        var card = await EditAsync(world);

        Mode(card, ApprovalMode.None).Change("None");
        Assert.Equal("No Approval: 1 identity could be checked out at once by all 6 people who may; 1 identity needs one approver.", Words(card, "approval-mode-words"));
        Assert.Equal("1 of 1 shared account could otherwise be checked out at once; this way it needs one approver.", Words(card, "shared-need-approval-words"));

        Field(card, "Shared credentials require approval").Change(false);
        Assert.Equal("No Approval: 2 identities could be checked out at once by all 6 people who may.", Words(card, "approval-mode-words"));

        Mode(card, ApprovalMode.RiskBased).Change("RiskBased");
        Assert.Equal("Risk-Based Approval: 1 identity needs one approver; 1 identity needs an Owner or Admin.", Words(card, "approval-mode-words"));
    }

    [Fact]
    public async Task A_save_says_what_changed_and_goes_back_to_reading()
    {
        await using var agency = await TestAgency.FoundAsync();
        await using var world = await PageWorld.OpenAsync(agency, agency.Adam);
        var card = await EditAsync(world);

        Mode(card, ApprovalMode.RiskBased).Change("RiskBased");
        Field(card, "Approval window").Input("168");
        Field(card, "Extension").Input("0");
        Button(card, "Save").Click();

        card.WaitForAssertion(() => Assert.Contains(
            "Saved. Default mode: Single Approval → Risk-Based Approval; Approval window: 24 hours → 7 days; Extension: once by 2 hours → never.", card.Markup, StringComparison.Ordinal));
        Assert.Empty(card.FindAll("input"));
        Assert.Equal((ApprovalMode.RiskBased, Duration.FromHours(168), Duration.Zero), await SavedAsync(agency));
    }

    [Fact]
    public async Task What_does_not_hold_is_said_beside_the_field_and_not_saved()
    {
        await using var agency = await TestAgency.FoundAsync();
        await agency.SaveRulesAsync(r => r with { ApprovalWindow = Duration.FromMinutes(120) });
        await using var world = await PageWorld.OpenAsync(agency, agency.Adam);
        var card = await EditAsync(world);

        Field(card, "Approval window").Input("2");
        Assert.Contains("must be longer than the emergency one", Words(card, "standard-window-words"), StringComparison.Ordinal);
        Field(card, "Approval window").Input("169");
        Assert.Contains("1 to 168 whole hours", Words(card, "standard-window-words"), StringComparison.Ordinal);
        Field(card, "Checkout duration").Input("14");
        Field(card, "Extension").Input("half an hour");
        Assert.Equal(3, card.FindAll("[aria-invalid]").Count);
        Button(card, "Save").Click();

        Assert.NotEmpty(card.FindAll("input"));
        Assert.Empty(await agency.TrailAsync("policy.approval"));
    }

    [Fact]
    public async Task What_too_few_could_approve_is_warned_of_in_words_and_saved_only_with_a_tick()
    {
        await using var agency = await TestAgency.FoundAsync();
        await agency.KeepAsync(new IdentityDetails("Stripe", IdentityType.ServiceAccount, "", "Lumen", null, "", RiskLevel.Critical));
        await agency.ListAsync(ApproverScope.Client, "Lumen", agency.Priya);
        await using var world = await PageWorld.OpenAsync(agency, agency.Adam);
        var card = await EditAsync(world);
        Assert.Empty(card.FindAll("#approval-accept"));

        Mode(card, ApprovalMode.RiskBased).Change("RiskBased");
        Assert.Equal(
            "The list of client Lumen: 1 identity needs two different approvers, and only one person on it could approve. Every request for it would lapse.",
            card.Find(".warning").TextContent.Trim());
        Button(card, "Save").Click();
        card.WaitForAssertion(() => Assert.Contains("requests for some identities could never be approved", card.Find("[role=alert]").TextContent, StringComparison.Ordinal));
        Assert.Empty(await agency.TrailAsync("policy.approval-edited"));

        card.Find("#approval-accept").Change(true);
        Button(card, "Save").Click();

        card.WaitForAssertion(() => Assert.NotNull(Button(card, "Edit")));
        Assert.Equal(ApprovalMode.RiskBased, (await SavedAsync(agency)).Mode);
        Assert.Single(card.FindAll(".warning"));
    }

    [Fact]
    public async Task A_tick_is_for_what_was_read_beside_it()
    {
        await using var agency = await TestAgency.FoundAsync();
        await agency.KeepAsync(new IdentityDetails("Stripe", IdentityType.ServiceAccount, "", "Lumen", null, "", RiskLevel.Critical));
        await agency.ListAsync(ApproverScope.Client, "Lumen", agency.Priya);
        await using var world = await PageWorld.OpenAsync(agency, agency.Adam);
        var card = await EditAsync(world);
        Mode(card, ApprovalMode.RiskBased).Change("RiskBased");
        card.Find("#approval-accept").Change(true);

        Mode(card, ApprovalMode.Single).Change("Single");
        Mode(card, ApprovalMode.RiskBased).Change("RiskBased");

        Assert.False(card.Find("#approval-accept").HasAttribute("checked"));
    }

    [Fact]
    public async Task Of_two_admins_the_second_sees_what_the_first_saved_before_anything_is_overwritten()
    {
        await using var agency = await TestAgency.FoundAsync();
        await using var world = await PageWorld.OpenAsync(agency, agency.Adam);
        var card = await EditAsync(world);
        Field(card, "Approval window").Input("8");
        await agency.SaveApprovalsAsync(agency.Olivia, r => r with { Window = Duration.FromHours(4), Mode = ApprovalMode.None });

        Button(card, "Save").Click(new MouseEventArgs { Detail = 1 });

        card.WaitForAssertion(() => Assert.Contains("Olivia saved these settings while you were editing.", card.Find("#approval-meanwhile[role=alert]").TextContent, StringComparison.Ordinal));
        Assert.Equal(
            [["Default mode", "No Approval", "the same"], ["Approval window", "4 hours", "8 hours"]],
            card.FindAll("#approval-meanwhile tbody tr").Select(row => row.Children.Select(c => c.TextContent).ToArray()));
        Button(card, "Save").Click(new MouseEventArgs { Detail = 2 });
        Assert.Single(await agency.TrailAsync("policy.approval"));

        Button(card, "Save").Click();

        card.WaitForAssertion(() => Assert.Contains("Saved. Approval window: 4 hours → 8 hours.", card.Markup, StringComparison.Ordinal));
        Assert.Equal((ApprovalMode.None, Duration.FromHours(8), Duration.FromHours(2)), await SavedAsync(agency));
    }

    [Fact]
    public async Task An_open_card_follows_every_save_and_who_is_typing_is_told_at_once()
    {
        await using var agency = await TestAgency.FoundAsync();
        await using var world = await PageWorld.OpenAsync(agency, agency.Adam);
        var card = await OpenAsync(world);

        await agency.SaveApprovalsAsync(agency.Olivia, r => r with { CheckoutDuration = Duration.FromMinutes(90) });
        await world.HearAsync();
        card.WaitForAssertion(() => Assert.Contains("1 h 30 min", card.Markup, StringComparison.Ordinal));
        Assert.Contains("Last edited by Olivia", card.Markup, StringComparison.Ordinal);

        Button(card, "Edit").Click();
        await agency.SaveApprovalsAsync(agency.Olivia, r => r with { Mode = ApprovalMode.None });
        await world.HearAsync();
        card.WaitForAssertion(() => Assert.Equal(["Default mode", "No Approval", "untouched: theirs stays"], card.FindAll("#approval-meanwhile tbody tr > *").Select(c => c.TextContent)));
    }

    [Fact]
    public async Task Disabling_the_last_approver_of_a_list_shows_on_the_open_card()
    {
        await using var agency = await TestAgency.FoundAsync();
        await agency.ListAsync(ApproverScope.Client, "Bergmann Bikes", agency.Priya);
        await using var world = await PageWorld.OpenAsync(agency, agency.Adam);
        var card = await OpenAsync(world);
        Assert.Empty(card.FindAll(".warning"));

        await agency.Get<ManagePeople>().DisableAsync(agency.Olivia, agency.Priya);
        await world.HearAsync();

        card.WaitForAssertion(() => Assert.Contains("The list of client Bergmann Bikes: 1 identity needs one approver, and nobody on it could approve.", card.Find(".warning").TextContent, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Everybody_else_reads_the_card_and_is_told_who_edits_it()
    {
        await using var agency = await TestAgency.FoundAsync();
        await using var world = await PageWorld.OpenAsync(agency, agency.Priya);
        var card = await OpenAsync(world);

        Assert.Null(Button(card, "Edit"));
        Assert.Contains("Only Owner and Admin edit these settings. You are Approver.", card.Markup, StringComparison.Ordinal);
    }

    private static async Task<(ApprovalMode Mode, Duration Window, Duration Extension)> SavedAsync(TestAgency agency)
    {
        var rules = (await agency.Get<EditApprovalPolicy>().ReadAsync()).Rules;
        return (rules.Mode, rules.Window, rules.Extension);
    }

    private static async Task<IRenderedComponent<ApprovalPolicyCard>> OpenAsync(PageWorld world)
    {
        var card = world.Render<ApprovalPolicyCard>();
        await card.WaitForElementAsync("dl");
        return card;
    }

    private static async Task<IRenderedComponent<ApprovalPolicyCard>> EditAsync(PageWorld world)
    {
        var card = await OpenAsync(world);
        Button(card, "Edit").Click();
        return card;
    }

    private static IElement Button(IRenderedComponent<ApprovalPolicyCard> card, string name)
        => card.FindAll("button").SingleOrDefault(b => b.TextContent.Trim() == name)!;

    private static IElement Mode(IRenderedComponent<ApprovalPolicyCard> card, ApprovalMode mode) => card.Find($"#approval-mode-{mode}");

    private static string Words(IRenderedComponent<ApprovalPolicyCard> card, string id) => card.Find($"#{id}").TextContent.Trim();

    private static IElement Field(IRenderedComponent<ApprovalPolicyCard> card, string label)
        => card.Find($"#{card.FindAll("label").Single(l => l.TextContent.Trim() == label).GetAttribute("for")}");
}
