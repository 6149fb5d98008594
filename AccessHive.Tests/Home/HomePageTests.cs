using AccessHive.Core.Agency.UseCases;
using AccessHive.Core.Kernel;
using AccessHive.Core.Policies;
using AccessHive.Tests.World;
using AccessHive.Web.Features.Home;
using Bunit;
using NodaTime;
using Xunit;

namespace AccessHive.Tests.Home;

public sealed class HomePageTests
{
    [Fact]
    public async Task Nothing_to_do_is_said_calmly()
    {
        await using var agency = await TestAgency.FoundAsync();
        await using var world = await PageWorld.OpenAsync(agency, agency.Priya);

        var home = await OpenAsync(world);

        Assert.Contains("Nothing needs you", home.Markup, StringComparison.Ordinal);
        Assert.Equal("Person joined", home.Find(".ah-story a").TextContent);
    }

    [Fact]
    public async Task A_request_that_waits_for_me_appears_while_I_look_and_leads_to_its_page()
    {
        await using var agency = await TestAgency.FoundAsync();
        await using var world = await PageWorld.OpenAsync(agency, agency.Priya);
        var home = await OpenAsync(world);

        var raised = (await agency.RaiseAsync(agency.Adam)).Require();
        await world.HearAsync();

        home.WaitForAssertion(() => Assert.Contains("Adam asks for Bergmann – Google Ads", home.Find("article h3").TextContent, StringComparison.Ordinal));
        Assert.Equal($"requests/{raised.Request}", home.Find("article a").GetAttribute("href"));
        Assert.Contains(TestAgency.GoodReason, home.Find("article").TextContent, StringComparison.Ordinal);
        Assert.NotNull(home.Find("article [role=timer]"));
    }

    [Fact]
    public async Task What_I_wait_for_becomes_what_I_hold()
    {
        await using var agency = await TestAgency.FoundAsync();
        var raised = (await agency.RaiseAsync(agency.Adam)).Require();
        await using var world = await PageWorld.OpenAsync(agency, agency.Adam);
        var home = await OpenAsync(world);
        Assert.Contains("You wait for Bergmann – Google Ads", home.Find("article").TextContent, StringComparison.Ordinal);

        var session = (await agency.DecideAsync(agency.Priya, raised.Request)).Require().Session;
        await world.HearAsync();

        home.WaitForAssertion(() => Assert.Contains("You hold Bergmann – Google Ads", home.Find("article").TextContent, StringComparison.Ordinal));
        Assert.Equal($"sessions/{session}", home.Find("article a").GetAttribute("href"));
    }

    [Fact]
    public async Task An_admin_reads_at_a_glance_that_nobody_could_approve_now()
    {
        await using var agency = await TestAgency.FoundAsync();
        agency.Presence.Enters(agency.Adam);
        await using var world = await PageWorld.OpenAsync(agency, agency.Adam);
        var home = await OpenAsync(world);
        Assert.Contains("Approval is required, but nobody else who could approve is here now", home.Find("[aria-label=Readiness]").TextContent, StringComparison.Ordinal);

        agency.Presence.Enters(agency.Priya);
        agency.Time.AdvanceMinutes(1);

        home.WaitForAssertion(() => Assert.Contains("Here now: Priya and you.", home.Find("[aria-label=Readiness]").TextContent, StringComparison.Ordinal));
        Assert.Empty(home.FindAll(".ah-note.is-warn"));
    }

    [Fact]
    public async Task Only_those_who_edit_the_settings_see_the_readiness()
    {
        await using var agency = await TestAgency.FoundAsync();
        await using var world = await PageWorld.OpenAsync(agency, agency.Sofia);

        Assert.Empty((await OpenAsync(world)).FindAll("[aria-label=Readiness]"));
    }

    [Theory]
    [InlineData(Roles.Owner, true, "1 person can start an emergency, 1 can approve.", "Only one person could approve")]
    [InlineData(Roles.Owner, false, "1 person can start an emergency, and no approval is required.", null)]
    [InlineData(Roles.Member, true, "0 people can start an emergency.", "nobody could break the glass")]
    public void Readiness_names_what_stands_in_the_way(Roles eligible, bool approval, string words, string? warning)
    {
        var owner = new PersonRow(PersonId.New(), "Olivia", "o@x", Roles.Owner, Instant.MinValue, null, null, 1);

        var ready = Readiness.Of([owner], new EmergencyRules(eligible, Duration.FromMinutes(60), approval, Duration.FromMinutes(15)), new HashSet<PersonId>(), owner.Id);

        Assert.StartsWith(words, ready.Words, StringComparison.Ordinal);
        if (warning is null)
            Assert.Null(ready.Warning);
        else
            Assert.Contains(warning, ready.Warning, StringComparison.Ordinal);
    }

    private static async Task<IRenderedComponent<HomePage>> OpenAsync(PageWorld world)
    {
        var home = world.Render<HomePage>();
        await home.WaitForStateAsync(() => home.FindAll("[aria-busy]").Count == 0);
        return home;
    }
}
