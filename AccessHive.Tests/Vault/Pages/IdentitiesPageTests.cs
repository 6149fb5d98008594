using AccessHive.Core.Kernel;
using AccessHive.Core.Vault;
using AccessHive.Core.Vault.UseCases;
using AccessHive.Tests.World;
using AccessHive.Web.Features.Vault;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using Xunit;

namespace AccessHive.Tests.Vault.Pages;

public sealed class IdentitiesPageTests
{
    [Fact]
    public async Task A_search_waits_for_a_pause_and_then_stands_in_the_address()
    {
        await using var agency = await TestAgency.FoundAsync();
        await agency.KeepAsync("Casa Verde – Mailchimp");
        await using var world = await PageWorld.OpenAsync(agency, agency.Max);
        var page = Open(world);
        Assert.Equal(2, Names(page).Count);

        page.Find("input[type=search]").Input("casa");
        Assert.EndsWith("/identities", Address(world), StringComparison.Ordinal);
        page.Find("input[type=search]").Input("casa mail");
        agency.Time.Advance(Duration.FromTimeSpan(IdentityFilters.Pause));

        page.WaitForAssertion(() => Assert.Equal(["Casa Verde – Mailchimp"], Names(page)));
        Assert.EndsWith("/identities?q=casa%20mail", Address(world), StringComparison.Ordinal);
        Assert.Equal("casa mail", page.Find("input[type=search]").GetAttribute("value"));
    }

    [Fact]
    public async Task Forty_thousand_characters_in_the_search_find_nothing_and_break_nothing()
    {
        await using var agency = await TestAgency.FoundAsync();
        await using var world = await PageWorld.OpenAsync(agency, agency.Max);
        var page = Open(world);

        page.Find("input[type=search]").Input(new string('x', 40_000));
        agency.Time.Advance(Duration.FromSeconds(1));

        page.WaitForAssertion(() => Assert.Contains("No identity matches", page.Markup, StringComparison.Ordinal));
        Assert.True(Address(world).Length < 200, "The address has grown with it.");
        Assert.Equal(IdentityFilter.SearchLength, page.Find("input[type=search]").GetAttribute("value")!.Length);
        Assert.Contains(page.FindAll("a"), a => a.TextContent == "Clear filters" && a.GetAttribute("href") == "identities");
    }

    [Theory]
    [InlineData("identities?page=99999999999&type=nonsense&archived=perhaps", 1)]
    [InlineData("identities?page=-1", 1)]
    [InlineData("identities?type=externalshared&client=bergmann%20bikes", 1)]
    [InlineData("identities?page=2147483647", 0)]
    [InlineData("identities?platform=Elsewhere", 0)]
    public async Task The_address_decides_what_is_shown_and_may_say_anything(string address, int rows)
    {
        await using var agency = await TestAgency.FoundAsync();
        await using var world = await PageWorld.OpenAsync(agency, agency.Max);

        var page = Open(world, address);

        Assert.Equal(rows, Names(page).Count);
    }

    [Fact]
    public async Task A_filter_goes_into_the_address_and_the_archived_are_a_list_of_their_own()
    {
        await using var agency = await TestAgency.FoundAsync();
        var (old, _) = await agency.KeepAsync("Old account");
        (await agency.Get<KeepIdentities>().ArchiveAsync(agency.Ian, old, archived: true)).Require();
        await using var world = await PageWorld.OpenAsync(agency, agency.Max);
        var page = Open(world);
        Assert.Equal(["Bergmann – Google Ads"], Names(page));

        page.FindAll("button").Single(b => b.TextContent == "Archived").Click();
        page.WaitForAssertion(() => Assert.Equal(["Old account"], Names(page)));
        page.Find("#identity-client").Change("Bergmann Bikes");

        page.WaitForAssertion(() => Assert.EndsWith("/identities?client=Bergmann%20Bikes&archived=true", Address(world), StringComparison.Ordinal));
        Assert.Equal(["Old account"], Names(page));
    }

    [Fact]
    public async Task The_list_follows_what_others_add_and_shows_where_an_emergency_runs()
    {
        await using var agency = await TestAgency.FoundAsync();
        await using var world = await PageWorld.OpenAsync(agency, agency.Priya);
        var page = Open(world);

        await agency.KeepAsync("Adler – Meta Business");
        await agency.GrantAsync(agency.Adam);
        await world.HearAsync();

        page.WaitForAssertion(() => Assert.Equal(["Adler – Meta Business", "Bergmann – Google Ads"], Names(page)));
        page.WaitForAssertion(() => Assert.Equal("Bergmann – Google Ads", page.Find("tr.is-emergency a").TextContent));
        Assert.Equal("Emergency", page.Find("tr.is-emergency .ah-chip").TextContent);
    }

    [Fact]
    public async Task Only_those_who_keep_identities_are_offered_to_add_one()
    {
        await using var agency = await TestAgency.FoundAsync();
        await using var keeper = await PageWorld.OpenAsync(agency, agency.Ian);
        await using var member = await PageWorld.OpenAsync(agency, agency.Max);

        Assert.NotNull(Open(keeper).Find("a[href='identities/new']"));
        Assert.Empty(Open(member).FindAll("a[href='identities/new']"));
    }

    [Fact]
    public async Task An_empty_vault_says_what_it_is_for_and_who_can_begin()
    {
        await using var agency = await TestAgency.FoundAsync();
        (await agency.Get<KeepIdentities>().ArchiveAsync(agency.Ian, agency.Ads, archived: true)).Require();
        await using var keeper = await PageWorld.OpenAsync(agency, agency.Ian);
        await using var member = await PageWorld.OpenAsync(agency, agency.Max);

        Assert.Contains("Add the first identity", Open(keeper).Find(".ah-empty").TextContent, StringComparison.Ordinal);
        Assert.Contains("Owner, Admin and Identity Manager add identities. Ask one of them.", Open(member).Find(".ah-empty").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fifty_to_a_page_and_the_next_page_is_an_address()
    {
        await using var agency = await TestAgency.FoundAsync();
        for (var i = 0; i < IdentityQueries.PageSize; i++)
            (await agency.Get<KeepIdentities>().AddAsync(agency.Ian, new IdentityDetails($"Account {i:00}", IdentityType.ApiKey, "", "", null, ""))).Require();
        await using var world = await PageWorld.OpenAsync(agency, agency.Max);
        var page = Open(world);
        Assert.Equal(IdentityQueries.PageSize, Names(page).Count);

        var next = page.FindAll(".ah-pager a").Single();
        Assert.Equal("identities?page=2", next.GetAttribute("href"));
        world.Page.Services.GetRequiredService<NavigationManager>().NavigateTo("identities?page=2");

        page.WaitForAssertion(() => Assert.Equal(["Bergmann – Google Ads"], Names(page)));
        Assert.Contains("51–51", page.Find(".ah-pager").TextContent, StringComparison.Ordinal);
    }

    private static IRenderedComponent<IdentitiesPage> Open(PageWorld world, string address = "identities")
    {
        world.Page.Services.GetRequiredService<NavigationManager>().NavigateTo(address);
        var page = world.Render<IdentitiesPage>();
        page.WaitForElement(".ah-table, .ah-empty");
        return page;
    }

    private static string Address(PageWorld world) => world.Page.Services.GetRequiredService<NavigationManager>().Uri;

    private static List<string> Names(IRenderedComponent<IdentitiesPage> page) => [.. page.FindAll("tbody th a").Select(a => a.TextContent)];
}
