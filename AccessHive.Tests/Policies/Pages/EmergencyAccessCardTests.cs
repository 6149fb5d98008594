using AccessHive.Core.Agency.UseCases;
using AccessHive.Core.Kernel;
using AccessHive.Core.Policies;
using AccessHive.Core.Policies.UseCases;
using AccessHive.Core.Storage;
using AccessHive.Tests.World;
using AccessHive.Web.Features.Policies;
using AngleSharp.Dom;
using Bunit;
using Microsoft.AspNetCore.Components.Web;
using NodaTime;
using Xunit;

namespace AccessHive.Tests.Policies.Pages;

public sealed class EmergencyAccessCardTests
{
    [Fact]
    public async Task The_card_speaks_the_guides_own_names()
    {
        await using var agency = await TestAgency.FoundAsync();
        await using var world = await PageWorld.OpenAsync(agency, agency.Adam);
        var card = await OpenAsync(world);

        var region = card.Find("section[aria-labelledby]");
        Assert.Equal("Break-Glass / Emergency Access", card.Find($"h2#{region.GetAttribute("aria-labelledby")}").TextContent);
        Button(card, "Edit").Click();

        Assert.Equal("Eligible roles", card.Find($"#{card.Find("[role=group]").GetAttribute("aria-labelledby")}").TextContent);
        Assert.Equal("spinbutton", Field(card, "Maximum duration").GetAttribute("role"));
        Assert.Equal("switch", Field(card, "Require approval").GetAttribute("role"));
        Assert.Equal("spinbutton", Field(card, "Approval window").GetAttribute("role"));
        Assert.NotNull(Button(card, "Save"));
        Assert.NotNull(Button(card, "Cancel"));
    }

    [Fact]
    public async Task Read_first_the_card_says_in_words_what_is_in_force()
    {
        await using var agency = await TestAgency.FoundAsync();
        await using var world = await PageWorld.OpenAsync(agency, agency.Adam);
        var card = await OpenAsync(world);

        Assert.Equal(["Owner", "Admin"], card.FindAll(".ah-chip").Select(c => c.TextContent));
        Assert.Contains("2 people can break the glass.", card.Markup, StringComparison.Ordinal);
        Assert.Contains("60 minutes", card.Markup, StringComparison.Ordinal);
        Assert.Contains("Every emergency needs one approver within 15 minutes.", card.Markup, StringComparison.Ordinal);
        Assert.Contains("Never edited", card.Markup, StringComparison.Ordinal);
        Assert.Empty(card.FindAll("input"));
    }

    [Fact]
    public async Task When_requests_keep_lapsing_the_card_says_that_there_is_no_cover_around_the_clock()
    {
        await using var agency = await TestAgency.FoundAsync();
        await using var world = await PageWorld.OpenAsync(agency, agency.Adam);
        var card = await OpenAsync(world);
        foreach (var who in new[] { agency.Adam, agency.Olivia })
            await agency.RaiseAsync(who);
        Assert.DoesNotContain("around the clock", card.Markup, StringComparison.Ordinal);

        agency.Time.AdvanceMinutes(15);
        await agency.SettleAsync();
        await world.HearAsync();

        card.WaitForAssertion(() => Assert.Contains("2 requests lapsed in the last 30 days", card.Markup, StringComparison.Ordinal));
        Assert.Contains("no cover around the clock", card.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_approval_the_card_says_that_it_is_granted_at_once()
    {
        await using var agency = await TestAgency.FoundAsync();
        await agency.SaveRulesAsync(r => r with { RequireApproval = false });
        await using var world = await PageWorld.OpenAsync(agency, agency.Adam);
        var card = await OpenAsync(world);

        Assert.Contains("Granted at once to eligible people; every step is on record.", card.Markup, StringComparison.Ordinal);
        Assert.Contains("Last edited by Adam", card.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wider_list_is_told_in_people_while_it_is_ticked()
    {
        await using var agency = await TestAgency.FoundAsync();
        await using var world = await PageWorld.OpenAsync(agency, agency.Adam);
        var card = await EditAsync(world);

        Role(card, Roles.Member).Change(true);

        Assert.Equal("A wider list: 3 people could break the glass; now 2.", card.Find("#eligible-roles-words").TextContent.Trim());
    }

    [Fact]
    public async Task A_narrower_list_says_that_running_sessions_are_lost()
    {
        await using var agency = await TestAgency.FoundAsync();
        await using var world = await PageWorld.OpenAsync(agency, agency.Adam);
        var card = await EditAsync(world);

        Role(card, Roles.Admin).Change(false);

        Assert.Contains("A narrower list: 1 person could break the glass; now 2.", card.Find("#eligible-roles-words").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_list_that_nobody_is_on_is_warned_of_and_an_empty_one_is_refused()
    {
        await using var agency = await TestAgency.FoundAsync();
        await agency.Get<ManagePeople>().DisableAsync(agency.Olivia, agency.Max);
        await using var world = await PageWorld.OpenAsync(agency, agency.Adam);
        var card = await EditAsync(world);

        Role(card, Roles.Member).Change(true);
        Role(card, Roles.Owner).Change(false);
        Role(card, Roles.Admin).Change(false);
        Assert.Contains("nobody could break the glass", card.Find("#eligible-roles-words .warning").TextContent, StringComparison.Ordinal);

        Role(card, Roles.Member).Change(false);
        Assert.Contains("Choose at least one role", card.Find("#eligible-roles-words .ah-error").TextContent, StringComparison.Ordinal);
        Button(card, "Save").Click();
        Assert.Empty(await agency.TrailAsync("policy."));
    }

    [Fact]
    public async Task The_auditor_is_not_offered_and_the_card_says_why()
    {
        await using var agency = await TestAgency.FoundAsync();
        await using var world = await PageWorld.OpenAsync(agency, agency.Adam);
        var card = await EditAsync(world);

        Assert.Empty(card.FindAll("#eligible-Auditor"));
        Assert.Contains("An Auditor only reads", card.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Requiring_an_approval_that_only_one_person_could_give_is_warned_of()
    {
        await using var agency = await TestAgency.FoundAsync();
        await agency.SaveRulesAsync(r => r with { RequireApproval = false });
        await agency.Get<ManagePeople>().DisableAsync(agency.Olivia, agency.Adam);
        await agency.Get<ManagePeople>().DisableAsync(agency.Olivia, agency.Priya);
        await using var world = await PageWorld.OpenAsync(agency, agency.Olivia);
        var card = await EditAsync(world);
        Assert.Empty(card.FindAll(".warning"));

        Field(card, "Require approval").Change(true);

        Assert.Contains("Only one person could approve", card.Find(".warning").TextContent, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("abc")]
    [InlineData("4")]
    [InlineData("481")]
    [InlineData("60.5")]
    [InlineData("-60")]
    [InlineData("1e2")]
    [InlineData("٦٠")]
    public async Task A_maximum_that_does_not_hold_is_told_beside_the_field_and_not_saved(string typed)
    {
        await using var agency = await TestAgency.FoundAsync();
        await using var world = await PageWorld.OpenAsync(agency, agency.Adam);
        var card = await EditAsync(world);

        Field(card, "Maximum duration").Input(typed);
        Button(card, "Save").Click();

        Assert.Equal("The maximum duration is 5 to 480 whole minutes.", card.Find("#maximum-duration-words").TextContent.Trim());
        Assert.Equal("true", Field(card, "Maximum duration").GetAttribute("aria-invalid"));
        Assert.Empty(await agency.TrailAsync("policy."));
    }

    [Fact]
    public async Task Forty_thousand_characters_are_a_wrong_number_and_nothing_worse()
    {
        await using var agency = await TestAgency.FoundAsync();
        await using var world = await PageWorld.OpenAsync(agency, agency.Adam);
        var card = await EditAsync(world);

        Field(card, "Approval window").Input(new string('9', 40_000));

        Assert.Equal("The approval window is 2 to 120 whole minutes.", card.Find("#approval-window-words").TextContent.Trim());
        Assert.Equal(CardDraft.NumberLength, Field(card, "Approval window").GetAttribute("value")!.Length);
        Assert.All(card.FindAll("input[type=text]"), input => Assert.True(input.HasAttribute("maxlength")));
    }

    [Fact]
    public async Task Save_says_what_changed_and_the_card_reads_again()
    {
        await using var agency = await TestAgency.FoundAsync();
        await using var world = await PageWorld.OpenAsync(agency, agency.Adam);
        var card = await EditAsync(world);

        Field(card, "Maximum duration").Input("30");
        Field(card, "Require approval").Change(false);
        Button(card, "Save").Click();

        card.WaitForAssertion(() => Assert.Contains(
            "Saved. Maximum duration: 60 minutes → 30 minutes; Require approval: on → off.", card.Find("[role=status]").TextContent, StringComparison.Ordinal));
        Assert.Contains("Granted at once to eligible people", card.Markup, StringComparison.Ordinal);
        Assert.NotNull(Button(card, "Edit"));
    }

    [Fact]
    public async Task Enter_in_a_number_saves_and_escape_cancels()
    {
        await using var agency = await TestAgency.FoundAsync();
        await using var world = await PageWorld.OpenAsync(agency, agency.Adam);
        var card = await EditAsync(world);
        Field(card, "Maximum duration").Input("90");
        card.Find("section").KeyDown(new KeyboardEventArgs { Key = "Escape" });
        Assert.Empty(card.FindAll("input"));

        Button(card, "Edit").Click();
        Assert.Equal("60", Field(card, "Maximum duration").GetAttribute("value"));
        Field(card, "Maximum duration").Input("90");
        Field(card, "Maximum duration").KeyDown(new KeyboardEventArgs { Key = "Enter" });

        card.WaitForAssertion(() => Assert.Contains("90 minutes (1 h 30 min)", card.Find("dl").TextContent, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Save_pressed_twice_saves_once()
    {
        await using var agency = await TestAgency.FoundAsync();
        await using var world = await PageWorld.OpenAsync(agency, agency.Adam);
        var card = await EditAsync(world);
        Field(card, "Maximum duration").Input("30");

        // The database is busy, so that the first save is still under way when Save is pressed again.
        var busy = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var writer = agency.Get<Work>().RunAsAsync<Done>(Actor.System, async turn =>
        {
            await busy.Task;
            return Done.Yes;
        }, CancellationToken.None);
        Button(card, "Save").Click();
        Button(card, "Save").Click();
        busy.SetResult();
        await writer;

        card.WaitForAssertion(() => Assert.NotNull(Button(card, "Edit")));
        Assert.Single(await agency.TrailAsync("policy."));
        Assert.Empty(await agency.TrailAsync("attempt."));
    }

    [Fact]
    public async Task Of_two_admins_the_second_sees_what_the_first_saved_before_anything_is_overwritten()
    {
        await using var agency = await TestAgency.FoundAsync();
        await using var world = await PageWorld.OpenAsync(agency, agency.Adam);
        var card = await EditAsync(world);
        Field(card, "Maximum duration").Input("45");
        await agency.SaveRulesAsync(agency.Olivia, r => r with { MaximumDuration = Duration.FromMinutes(30), ApprovalWindow = Duration.FromMinutes(20) });

        Button(card, "Save").Click();

        card.WaitForAssertion(() => Assert.Contains("Olivia saved these settings while you were editing.", card.Find("[role=alert]").TextContent, StringComparison.Ordinal));
        Assert.Equal(
            [["Maximum duration", "30 minutes", "45 minutes"], ["Approval window", "20 minutes", "the same"]],
            card.FindAll("#card-meanwhile tbody tr").Select(row => row.Children.Select(c => c.TextContent).ToArray()));
        Assert.Equal("45", Field(card, "Maximum duration").GetAttribute("value"));
        Assert.Equal(Duration.FromMinutes(30), (await agency.Get<EditEmergencyPolicy>().ReadAsync()).Rules.MaximumDuration);

        Button(card, "Save").Click();

        card.WaitForAssertion(() => Assert.Contains("Saved. Maximum duration: 30 minutes → 45 minutes.", card.Markup, StringComparison.Ordinal));
        var saved = (await agency.Get<EditEmergencyPolicy>().ReadAsync()).Rules;
        Assert.Equal((Duration.FromMinutes(45), Duration.FromMinutes(20)), (saved.MaximumDuration, saved.ApprovalWindow));
    }

    [Fact]
    public async Task The_second_click_of_a_double_click_does_not_overwrite_what_the_first_one_was_refused_for()
    {
        await using var agency = await TestAgency.FoundAsync();
        await using var world = await PageWorld.OpenAsync(agency, agency.Adam);
        var card = await EditAsync(world);
        Field(card, "Maximum duration").Input("45");
        await agency.SaveRulesAsync(agency.Olivia, r => r with { MaximumDuration = Duration.FromMinutes(30) });

        Button(card, "Save").Click(new MouseEventArgs { Detail = 1 });
        card.WaitForElement("#card-meanwhile[role=alert]");
        Button(card, "Save").Click(new MouseEventArgs { Detail = 2 });

        Assert.Single(await agency.TrailAsync("policy."));
    }

    [Fact]
    public async Task Who_is_typing_is_told_as_soon_as_somebody_else_saves()
    {
        await using var agency = await TestAgency.FoundAsync();
        await using var world = await PageWorld.OpenAsync(agency, agency.Adam);
        var card = await EditAsync(world);
        Field(card, "Maximum duration").Input("45");

        await agency.SaveRulesAsync(agency.Olivia, r => r with { RequireApproval = false });
        await world.HearAsync();

        card.WaitForAssertion(() => Assert.Contains("Olivia saved these settings just now.", card.Find("#card-meanwhile").TextContent, StringComparison.Ordinal));
        Assert.Equal(["Require approval", "off", "untouched: theirs stays"], card.FindAll("#card-meanwhile tbody tr > *").Select(c => c.TextContent));
        Assert.Equal("45", Field(card, "Maximum duration").GetAttribute("value"));
    }

    [Fact]
    public async Task A_card_that_somebody_only_looks_at_follows_every_save_and_every_change_of_roles()
    {
        await using var agency = await TestAgency.FoundAsync();
        await using var world = await PageWorld.OpenAsync(agency, agency.Adam);
        var card = await OpenAsync(world);

        await agency.SaveRulesAsync(agency.Olivia, r => r with { MaximumDuration = Duration.FromMinutes(30) });
        await world.HearAsync();
        card.WaitForAssertion(() => Assert.Contains("30 minutes", card.Markup, StringComparison.Ordinal));
        Assert.Contains("Last edited by Olivia", card.Markup, StringComparison.Ordinal);

        await agency.Get<ManagePeople>().ChangeRolesAsync(agency.Olivia, agency.Max, Roles.Admin);
        await world.HearAsync();
        card.WaitForAssertion(() => Assert.Contains("3 people can break the glass.", card.Markup, StringComparison.Ordinal));
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

    [Fact]
    public async Task Who_lost_the_right_while_typing_is_refused_in_words_and_keeps_what_they_typed()
    {
        await using var agency = await TestAgency.FoundAsync();
        await using var world = await PageWorld.OpenAsync(agency, agency.Adam);
        var card = await EditAsync(world);
        Field(card, "Maximum duration").Input("45");
        await agency.Get<ManagePeople>().ChangeRolesAsync(agency.Olivia, agency.Adam, Roles.Member);

        Button(card, "Save").Click();

        card.WaitForAssertion(() => Assert.Contains("Only Owner and Admin change these settings.", card.Find("[role=alert]").TextContent, StringComparison.Ordinal));
        Assert.Equal("45", Field(card, "Maximum duration").GetAttribute("value"));
    }

    private static async Task<IRenderedComponent<EmergencyAccessCard>> OpenAsync(PageWorld world)
    {
        var card = world.Render<EmergencyAccessCard>();
        await card.WaitForElementAsync("dl");
        return card;
    }

    private static async Task<IRenderedComponent<EmergencyAccessCard>> EditAsync(PageWorld world)
    {
        var card = await OpenAsync(world);
        Button(card, "Edit").Click();
        return card;
    }

    private static IElement Button(IRenderedComponent<EmergencyAccessCard> card, string name)
        => card.FindAll("button").SingleOrDefault(b => b.TextContent.Trim() == name)!;

    private static IElement Role(IRenderedComponent<EmergencyAccessCard> card, Roles role) => card.Find($"#eligible-{role}");

    private static IElement Field(IRenderedComponent<EmergencyAccessCard> card, string label)
        => card.Find($"#{card.FindAll("label").Single(l => l.TextContent.Trim() == label).GetAttribute("for")}");
}
