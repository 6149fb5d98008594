using AccessHive.Core.Agency.UseCases;
using AccessHive.Tests.World;
using AccessHive.Web.Features.Agency;
using Bunit;
using NodaTime;
using Xunit;

namespace AccessHive.Tests.Agency.Pages;

public sealed class AgencySettingsCardTests
{
    [Fact]
    public async Task Read_first_then_edited_in_place_and_every_other_open_card_follows()
    {
        await using var agency = await TestAgency.FoundAsync();
        await using var adam = await PageWorld.OpenAsync(agency, agency.Adam);
        await using var sofia = await PageWorld.OpenAsync(agency, agency.Sofia);
        var (mine, theirs) = (await OpenAsync(adam), await OpenAsync(sofia));
        foreach (var words in new[] { "Test Agency", "Europe/Berlin", "Mon–Fri 09:00–18:00", "Mondays at 09:00", "72 hours (3 days)", "Never edited" })
            Assert.Contains(words, theirs.Markup, StringComparison.Ordinal);
        Assert.Empty(theirs.FindAll("#agency-edit"));
        Assert.Contains("Only Owner and Admin edit", theirs.Markup, StringComparison.Ordinal);

        mine.Find("#agency-edit").Click();
        mine.Find("#agency-zone").Input("America/New_York");
        mine.Find("#works-Saturday").Change(true);
        mine.Find("[aria-label='Saturday until']").Change("12:30");
        mine.Find("#agency-due").Input("48");
        mine.Find(".buttons .is-primary").Click();

        await mine.WaitForAssertionAsync(() => Assert.Contains("Saved. Time zone: Europe/Berlin → America/New_York", mine.Markup, StringComparison.Ordinal));
        await sofia.HearAsync();
        await theirs.WaitForAssertionAsync(() => Assert.Contains("Mon–Fri 09:00–18:00, Sat 09:00–12:30", theirs.Markup, StringComparison.Ordinal));
        Assert.Contains("48 hours (2 days)", theirs.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_does_not_hold_is_said_beside_it_and_not_saved()
    {
        await using var agency = await TestAgency.FoundAsync();
        await using var world = await PageWorld.OpenAsync(agency, agency.Adam);
        var card = await OpenAsync(world);
        card.Find("#agency-edit").Click();

        card.Find("#agency-zone").Input("Berlin, somewhere");
        card.Find("#agency-due").Input("12");
        card.Find("[aria-label='Monday until']").Change("08:00");
        card.Find(".buttons .is-primary").Click();

        foreach (var words in new[] { "There is no such time zone", "24 to 168 whole hours", "ends after it begins" })
            Assert.Contains(words, card.Markup, StringComparison.Ordinal);
        Assert.Equal(1, (await agency.Get<EditAgency>().ReadAsync()).Revision);
    }

    [Fact]
    public async Task A_save_on_older_values_overwrites_nothing_and_says_what_changed()
    {
        await using var agency = await TestAgency.FoundAsync();
        await using var world = await PageWorld.OpenAsync(agency, agency.Adam);
        var card = await OpenAsync(world);
        card.Find("#agency-edit").Click();
        card.Find("#agency-name").Input("Mine");
        var details = (await agency.Get<EditAgency>().ReadAsync()).Details;
        await agency.Get<EditAgency>().SaveAsync(agency.Olivia, details with { ReviewDue = Duration.FromHours(96) }, 1);

        card.Find(".buttons .is-primary").Click();

        await card.WaitForAssertionAsync(() => Assert.Contains("Olivia saved these settings while you were editing", card.Markup, StringComparison.Ordinal));
        Assert.Equal("96", card.Find("#agency-due").GetAttribute("value"));
        Assert.Equal("Mine", card.Find("#agency-name").GetAttribute("value"));
        card.Find(".buttons .is-primary").Click();
        await card.WaitForAssertionAsync(() => Assert.Contains("Saved. Name: Test Agency → Mine.", card.Markup, StringComparison.Ordinal));
    }

    private static async Task<IRenderedComponent<AgencySettingsCard>> OpenAsync(PageWorld world)
    {
        var card = world.Render<AgencySettingsCard>();
        await card.WaitForAssertionAsync(() => card.Find("dl"));
        return card;
    }
}
