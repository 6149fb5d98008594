using AccessHive.Core.Agency.UseCases;
using AccessHive.Core.Kernel;
using AccessHive.Core.Sessions.UseCases;
using AccessHive.Tests.World;
using AccessHive.Web.Features.Audit;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AccessHive.Tests.Audit.Pages;

public sealed class AuditPageTests
{
    [Fact]
    public async Task One_click_narrows_the_trail_to_emergencies_and_the_address_says_so()
    {
        await using var agency = await AfterAnEmergencyAsync();
        await using var world = await PageWorld.OpenAsync(agency, agency.Aiko);
        var page = await OpenAsync(world);
        Assert.Contains("Identity added", Titles(page));
        var toggle = page.Find("button.is-emergency");
        Assert.Equal("false", toggle.GetAttribute("aria-pressed"));

        toggle.Click();

        page.WaitForAssertion(() => Assert.DoesNotContain("Identity added", Titles(page)));
        Assert.EndsWith("/audit?emergency=1", Address(world), StringComparison.Ordinal);
        Assert.Equal("true", page.Find("button.is-emergency").GetAttribute("aria-pressed"));
        Assert.All(page.FindAll("tbody tr"), row => Assert.NotNull(row.QuerySelector(".ah-chip.is-emergency")));
    }

    [Fact]
    public async Task The_address_decides_what_is_shown_and_which_filters_are_on()
    {
        await using var agency = await AfterAnEmergencyAsync();
        await using var world = await PageWorld.OpenAsync(agency, agency.Aiko);

        var page = await OpenAsync(world, $"audit?person={agency.Adam}&action=session.started&identity={agency.Ads}&text=berg");

        Assert.Equal(["Session started"], Titles(page));
        Assert.Equal("session.started", page.Find("select[aria-label=Action]").GetAttribute("value"));
        Assert.Equal("berg", page.Find("input[type=search]").GetAttribute("value"));
        Assert.Contains("Person: Adam", page.Markup, StringComparison.Ordinal);
        Assert.Contains("Identity: Bergmann – Google Ads", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_person_is_chosen_by_a_piece_of_the_name_with_the_keyboard()
    {
        await using var agency = await AfterAnEmergencyAsync();
        await using var world = await PageWorld.OpenAsync(agency, agency.Aiko);
        var page = await OpenAsync(world);
        var picker = page.Find("input[role=combobox][aria-label=Person]");

        picker.Input("riy");
        page.WaitForAssertion(() => Assert.Equal("true", page.Find("#by-person-0").GetAttribute("aria-selected")));
        picker.KeyDown(new KeyboardEventArgs { Key = "Enter" });

        page.WaitForAssertion(() => Assert.Contains("Person: Priya", page.Markup, StringComparison.Ordinal));
        Assert.EndsWith($"/audit?person={agency.Priya}", Address(world), StringComparison.Ordinal);
        Assert.Equal(["Request approved", "Person joined", "Person invited"], Titles(page));
    }

    [Fact]
    public async Task Words_are_searched_when_the_typing_rests_and_clear_shows_everything()
    {
        await using var agency = await AfterAnEmergencyAsync();
        await using var world = await PageWorld.OpenAsync(agency, agency.Aiko);
        var page = await OpenAsync(world);

        _ = page.Find("input[type=search]").InputAsync(new ChangeEventArgs { Value = "revealed" });
        agency.Time.AdvanceMinutes(1);

        page.WaitForAssertion(() => Assert.Equal(["Secret revealed"], Titles(page)));
        Assert.EndsWith("/audit?text=revealed", Address(world), StringComparison.Ordinal);
        Assert.Equal("200", page.Find("input[type=search]").GetAttribute("maxlength"));
        Assert.Equal("audit", page.Find(".ah-filters a").GetAttribute("href"));
    }

    [Fact]
    public async Task Nothing_found_says_so_and_leads_back()
    {
        await using var agency = await TestAgency.FoundAsync();
        await using var world = await PageWorld.OpenAsync(agency, agency.Aiko);

        var page = await OpenAsync(world, "audit?text=nevertyped");

        Assert.Contains("Nothing matches", page.Markup, StringComparison.Ordinal);
        Assert.Equal("audit", page.Find(".ah-empty a").GetAttribute("href"));
    }

    [Fact]
    public async Task An_entry_opens_with_its_facts_in_words_and_its_proof()
    {
        await using var agency = await AfterAnEmergencyAsync();
        await using var world = await PageWorld.OpenAsync(agency, agency.Aiko);
        var page = await OpenAsync(world, "audit?action=request.raised");

        page.Find("tbody tr").Click();

        page.WaitForElement("[role=dialog]");
        var drawer = page.Find("[role=dialog]");
        Assert.Contains("entry=", Address(world), StringComparison.Ordinal);
        Assert.Equal("Access requested", drawer.QuerySelector("h2")!.TextContent);
        Assert.Contains("Asked for30 minutes", drawer.TextContent, StringComparison.Ordinal);
        Assert.Contains("Kind of emergencyCompromised account", drawer.TextContent, StringComparison.Ordinal);
        Assert.Contains(TestAgency.GoodReason, drawer.TextContent, StringComparison.Ordinal);
        Assert.Contains("your time", drawer.TextContent, StringComparison.Ordinal);
        var proof = drawer.QuerySelectorAll(".proof code").Select(c => c.TextContent).ToList();
        Assert.Equal((64, 64), (proof[0].Length, proof[1].Length));
        Assert.Contains("\"type\":\"request.raised\"", proof[2], StringComparison.Ordinal);

        page.Find("[role=dialog]").KeyDown(new KeyboardEventArgs { Key = "Escape" });
        page.WaitForAssertion(() => Assert.Empty(page.FindAll("[role=dialog]")));
        Assert.EndsWith("/audit?action=request.raised", Address(world), StringComparison.Ordinal);
    }

    [Fact]
    public async Task From_an_open_entry_j_goes_to_the_older_one_and_k_back()
    {
        await using var agency = await AfterAnEmergencyAsync();
        await using var world = await PageWorld.OpenAsync(agency, agency.Aiko);
        var page = await OpenAsync(world, "audit?emergency=1");
        page.Find("tbody tr").Click();
        page.WaitForElement("[role=dialog]");
        var titles = Titles(page);
        Assert.Equal(titles[0], page.Find("#entry-title").TextContent);

        page.Find("[role=dialog]").KeyDown(new KeyboardEventArgs { Key = "j" });
        page.WaitForAssertion(() => Assert.Equal(titles[1], page.Find("#entry-title").TextContent));
        page.Find("[role=dialog]").KeyDown(new KeyboardEventArgs { Key = "k" });
        page.WaitForAssertion(() => Assert.Equal(titles[0], page.Find("#entry-title").TextContent));
    }

    [Fact]
    public async Task Whoever_does_not_read_the_trail_sees_their_own_part_and_is_told_so()
    {
        await using var agency = await AfterAnEmergencyAsync();
        await using var world = await PageWorld.OpenAsync(agency, agency.Max);

        var page = await OpenAsync(world);

        Assert.Equal(["Person joined", "Person invited"], Titles(page));
        Assert.Contains("You see your own part", page.Markup, StringComparison.Ordinal);
        Assert.Contains("Owner, Admin, Security Owner and Auditor", page.Markup, StringComparison.Ordinal);
        Assert.Empty(page.FindAll("input[aria-label=Person]"));
    }

    [Fact]
    public async Task Somebody_elses_entry_stays_closed_even_when_its_number_is_typed()
    {
        await using var agency = await AfterAnEmergencyAsync();
        await using var world = await PageWorld.OpenAsync(agency, agency.Max);

        var page = await OpenAsync(world, "audit?entry=1");

        page.WaitForElement("[role=dialog]");
        Assert.Contains("doesn't exist, or it isn't meant for you", page.Find("[role=dialog]").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task New_entries_appear_for_a_reader_at_the_top()
    {
        await using var agency = await TestAgency.FoundAsync();
        await using var world = await PageWorld.OpenAsync(agency, agency.Aiko);
        var page = await OpenAsync(world, "audit?action=person.disabled");
        Assert.Empty(page.FindAll("tbody tr"));

        await agency.Get<ManagePeople>().DisableAsync(agency.Olivia, agency.Max);
        await world.HearAsync();

        page.WaitForAssertion(() => Assert.Equal(["Person disabled"], Titles(page)));
    }

    [Fact]
    public async Task New_entries_wait_for_a_reader_who_has_scrolled_until_they_want_them()
    {
        await using var agency = await TestAgency.FoundAsync();
        await using var world = await PageWorld.OpenAsync(agency, agency.Aiko);
        var text = world.Page.JSInterop.SetupModule("./js/text.js");
        text.Mode = JSRuntimeMode.Loose;
        text.Setup<bool>("scrolled").SetResult(true);
        var page = await OpenAsync(world);
        var before = Titles(page);

        await agency.Get<ManagePeople>().DisableAsync(agency.Olivia, agency.Max);
        await agency.Get<ManagePeople>().EnableAsync(agency.Olivia, agency.Max);
        await world.HearAsync();

        page.WaitForAssertion(() => Assert.Equal("2 new", page.Find(".ah-fresh").TextContent));
        Assert.Equal(before, Titles(page));
        page.Find(".ah-fresh").Click();
        page.WaitForAssertion(() => Assert.Equal(["Person let back in", "Person disabled", .. before], Titles(page)));
        Assert.Empty(page.FindAll(".ah-fresh"));
    }

    [Fact]
    public async Task A_long_trail_is_read_page_by_page_and_each_page_has_an_address()
    {
        await using var agency = await TestAgency.FoundAsync();
        for (var i = 0; i < 60; i++)
            await agency.KeepAsync($"Client {i}");
        await using var world = await PageWorld.OpenAsync(agency, agency.Aiko);
        var page = await OpenAsync(world, "audit?action=identity.added");
        Assert.Equal(50, page.FindAll("tbody tr").Count);

        var older = page.Find(".ah-pager a");
        Assert.Equal("Older", older.TextContent);
        world.Page.Services.GetRequiredService<NavigationManager>().NavigateTo(older.GetAttribute("href")!);

        page.WaitForAssertion(() => Assert.Equal(11, page.FindAll("tbody tr").Count));
        Assert.Equal("audit?action=identity.added", page.FindAll(".ah-pager a").Single().GetAttribute("href"));
    }

    private static async Task<TestAgency> AfterAnEmergencyAsync()
    {
        var agency = await TestAgency.FoundAsync();
        var session = await agency.GrantAsync(agency.Adam);
        await agency.RevealAsync(agency.Adam, session);
        await agency.Get<EndSessionHandler>().EndAsync(agency.Adam, session);
        return agency;
    }

    private static async Task<IRenderedComponent<AuditPage>> OpenAsync(PageWorld world, string address = "audit")
    {
        world.Page.Services.GetRequiredService<NavigationManager>().NavigateTo(address);
        var page = world.Render<AuditPage>();
        await page.WaitForStateAsync(() => page.FindAll("[aria-busy]").Count == 0);
        return page;
    }

    private static string Address(PageWorld world) => world.Page.Services.GetRequiredService<NavigationManager>().Uri;

    private static List<string> Titles(IRenderedComponent<AuditPage> page) => [.. page.FindAll("tbody th a").Select(a => a.TextContent)];
}
