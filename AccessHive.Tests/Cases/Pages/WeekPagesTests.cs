using AccessHive.Core.Cases.UseCases;
using AccessHive.Core.Kernel;
using AccessHive.Core.Policies;
using AccessHive.Tests.World;
using AccessHive.Web.Features.Cases;
using AccessHive.Web.Features.Policies;
using Bunit;
using NodaTime;
using Xunit;

namespace AccessHive.Tests.Cases.Pages;

public sealed class WeekPagesTests
{
    [Fact]
    public async Task A_week_is_read_and_attested_on_its_page_by_typing_ones_own_name()
    {
        await using var agency = await TestAgency.FoundAsync();
        (await agency.RaiseAsync(agency.Olivia)).Require();
        agency.Time.Advance(Duration.FromHours(1));
        await agency.SettleAsync();
        agency.Time.Advance(Duration.FromDays(7));
        await using var world = await PageWorld.OpenAsync(agency, agency.Sofia);
        var page = world.Render<WeekDetailPage>(p => p.Add(w => w.Week, "2026-W48"));
        await page.WaitForAssertionAsync(() => page.Find("#attest-name"));
        foreach (var words in new[] { "Week 48 of 2026", "23 – 29 Nov 2026", "1 emergency", "Lapsed: nobody decided in time", "Review overdue", "Outside working hours", "isn't reviewed yet, and the record says so" })
            Assert.Contains(words, page.Markup, StringComparison.Ordinal);

        page.Find("#attest-name").Input("Olivia");
        await page.Find("form.attest").SubmitAsync();
        Assert.Contains("Type your own name", page.Markup, StringComparison.Ordinal);
        page.Find("#attest-name").Input("Sofia");
        await page.Find("form.attest").SubmitAsync();

        await page.WaitForAssertionAsync(() => Assert.Contains("answers for this week", page.Markup, StringComparison.Ordinal));
        Assert.Empty(page.FindAll("form.attest"));
        var list = world.Render<WeeksPage>();
        await list.WaitForAssertionAsync(() => Assert.Contains("by Sofia", list.Markup, StringComparison.Ordinal));
        Assert.Contains("No week waits.", list.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_reads_no_cases_is_told_so_and_an_unknown_week_says_what_a_week_looks_like()
    {
        await using var agency = await TestAgency.FoundAsync();
        await using var max = await PageWorld.OpenAsync(agency, agency.Max);
        await using var sofia = await PageWorld.OpenAsync(agency, agency.Sofia);

        foreach (var markup in new[] { max.Render<WeeksPage>().Markup, max.Render<PatternsPage>().Markup, max.Render<WeekDetailPage>(p => p.Add(w => w.Week, "2026-W48")).Markup })
            Assert.Contains("This is not for your roles", markup, StringComparison.Ordinal);
        var unknown = sofia.Render<WeekDetailPage>(p => p.Add(w => w.Week, "2026-W99"));
        await unknown.WaitForAssertionAsync(() => Assert.Contains("A week looks like 2026-W48", unknown.Markup, StringComparison.Ordinal));
        var empty = sofia.Render<PatternsPage>();
        await empty.WaitForAssertionAsync(() => Assert.Contains("No emergency in the last 26 weeks", empty.Markup, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Overdue_reviews_are_said_on_the_card_and_an_Owner_lifts_the_block_on_the_weeks()
    {
        await using var agency = await TestAgency.FoundAsync();
        (await agency.RaiseAsync(agency.Adam)).Require();
        agency.Time.Advance(Duration.FromDays(4));
        await agency.SettleAsync();
        await using var adam = await PageWorld.OpenAsync(agency, agency.Adam);
        var card = adam.Render<EmergencyAccessCard>();
        await card.WaitForAssertionAsync(() => Assert.Contains("A review is overdue.", card.Markup, StringComparison.Ordinal));
        card.Find("#card-edit").Click();
        card.Find("#block-while-overdue").Change(true);
        Assert.Contains("nobody could break the glass from the moment this is saved", card.Markup, StringComparison.Ordinal);
        card.Find(".buttons .is-primary").Click();
        await card.WaitForAssertionAsync(() => Assert.Contains("Saved. Block new emergencies while a review is overdue: off → on.", card.Markup, StringComparison.Ordinal));

        await using var olivia = await PageWorld.OpenAsync(agency, agency.Olivia);
        var weeks = olivia.Render<WeeksPage>();
        await weeks.WaitForAssertionAsync(() => weeks.Find("#lift-reason"));
        weeks.Find("#lift-reason").Input("Launch night of Bergmann.");
        await weeks.Find("details.lift form").SubmitAsync();

        await weeks.WaitForAssertionAsync(() => Assert.Contains("Olivia has lifted the block", weeks.Markup, StringComparison.Ordinal));
        Assert.NotEqual(ReviewDebtRefusals.Blocked, (await agency.RaiseAsync(agency.Adam, reason: "Another thing that can't wait at all.")).Refusal);
    }

    [Fact]
    public async Task Patterns_stand_in_a_drawing_and_in_a_table_beside_it()
    {
        await using var agency = await TestAgency.FoundAsync();
        var session = await agency.GrantAsync(agency.Olivia, agency.Priya);
        agency.Time.AdvanceMinutes(12);
        (await agency.Get<Core.Sessions.UseCases.EndSessionHandler>().EndAsync(agency.Olivia, session)).Require();
        await using var world = await PageWorld.OpenAsync(agency, agency.Aiko);
        var page = world.Render<PatternsPage>();

        await page.WaitForAssertionAsync(() => Assert.Contains("12 of 30 min", page.Markup, StringComparison.Ordinal));

        Assert.Equal("Emergencies per week, 1 in all", page.Find("svg[role=img]").GetAttribute("aria-label"));
        Assert.Contains("2026-W48", page.Find("table").TextContent, StringComparison.Ordinal);
        Assert.Contains("Bergmann Bikes", page.Markup, StringComparison.Ordinal);
    }
}
