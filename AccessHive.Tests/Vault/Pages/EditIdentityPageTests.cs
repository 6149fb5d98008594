using AccessHive.Core.Kernel;
using AccessHive.Core.Vault;
using AccessHive.Core.Vault.UseCases;
using AccessHive.Tests.World;
using AccessHive.Web.Features.Vault;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AccessHive.Tests.Vault.Pages;

public sealed class EditIdentityPageTests
{
    [Fact]
    public async Task A_double_click_adds_one_identity_and_leads_to_it()
    {
        await using var agency = await TestAgency.FoundAsync();
        await using var world = await PageWorld.OpenAsync(agency, agency.Ian);
        var page = Open(world, null);
        page.Find("#name").Change("Adler – Meta Business");

        await Task.WhenAll(page.Find("form").SubmitAsync(), page.Find("form").SubmitAsync());

        var added = Assert.Single((await agency.Get<IdentityQueries>().ListAsync(new IdentityFilter("adler"))).Rows);
        Assert.EndsWith($"/identities/{added.Id}", Address(world), StringComparison.Ordinal);
        Assert.Equal("Ian", added.Owner);
    }

    [Fact]
    public async Task A_refused_save_says_why_and_keeps_what_was_typed()
    {
        await using var agency = await TestAgency.FoundAsync();
        await using var world = await PageWorld.OpenAsync(agency, agency.Ian);
        var page = Open(world, null);
        page.Find("#client").Change("Adler");
        page.Find("#notes").Change("Call before noon.");

        await page.Find("form").SubmitAsync();

        Assert.Contains("Enter a name of 1 to 120 characters.", page.Find("[role=alert]").TextContent, StringComparison.Ordinal);
        Assert.Equal("Adler", page.Find("#client").GetAttribute("value"));
        Assert.Equal("Call before noon.", page.Find("#notes").GetAttribute("value"));
    }

    [Fact]
    public async Task Two_editors_are_told_about_each_other_and_nothing_is_overwritten_unseen()
    {
        await using var agency = await TestAgency.FoundAsync();
        await using var world = await PageWorld.OpenAsync(agency, agency.Ian);
        var page = Open(world, agency.Ads);
        var (before, version) = (await agency.Get<KeepIdentities>().ReadAsync(agency.Ads))!.Value;
        (await agency.Get<KeepIdentities>().EditAsync(agency.Adam, agency.Ads, before with { Name = "Bergmann Ads", Client = "Bergmann AG" }, version)).Require();
        page.Find("#name").Change("Bergmann – Google");
        page.Find("#notes").Change("Mine.");

        await page.Find("form").SubmitAsync();

        Assert.Contains("Nothing was overwritten", page.Find("[role=alert]").TextContent, StringComparison.Ordinal);
        var changes = page.FindAll(".ah-note li").Select(li => li.TextContent).ToList();
        Assert.Equal(["Name is now Bergmann Ads. You changed it too: saving replaces it with yours.", "Client is now Bergmann AG. Taken over into the form."], changes);
        Assert.Equal("Bergmann – Google", page.Find("#name").GetAttribute("value"));
        Assert.Equal("Bergmann AG", page.Find("#client").GetAttribute("value"));

        await page.Find("form").SubmitAsync();

        var (after, _) = (await agency.Get<KeepIdentities>().ReadAsync(agency.Ads))!.Value;
        Assert.Equal(before with { Name = "Bergmann – Google", Client = "Bergmann AG", Notes = "Mine." }, after);
        Assert.EndsWith("tab=details", Address(world), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_risk_says_what_it_means_is_saved_and_is_kept_when_something_else_is_changed()
    {
        await using var agency = await TestAgency.FoundAsync();
        await using var world = await PageWorld.OpenAsync(agency, agency.Ian);
        var page = Open(world, agency.Ads);
        Assert.Contains("one approver", page.Find("#risk-hint").TextContent, StringComparison.Ordinal);

        await page.Find("#risk").ChangeAsync(nameof(RiskLevel.Critical));
        Assert.Contains("two different people", page.Find("#risk-hint").TextContent, StringComparison.Ordinal);
        await page.Find("form").SubmitAsync();
        page = Open(world, agency.Ads);
        page.Find("#notes").Change("Something else.");
        await page.Find("form").SubmitAsync();

        Assert.Equal((RiskLevel.Critical, "Something else."), ((await agency.Get<KeepIdentities>().ReadAsync(agency.Ads))!.Value.Details.Risk, (await agency.Get<KeepIdentities>().ReadAsync(agency.Ads))!.Value.Details.Notes));
    }

    [Fact]
    public async Task Who_does_not_keep_identities_is_told_who_does()
    {
        await using var agency = await TestAgency.FoundAsync();
        await using var world = await PageWorld.OpenAsync(agency, agency.Priya);

        var page = Open(world, null);

        Assert.Empty(page.FindAll("form"));
        Assert.Contains("Only Owner, Admin and Identity Manager keep identities. Ask one of them. You are Approver.", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_owner_who_left_stays_the_owner_until_somebody_else_is_chosen()
    {
        await using var agency = await TestAgency.FoundAsync();
        (await agency.Get<Core.Agency.UseCases.ManagePeople>().DisableAsync(agency.Olivia, agency.Ian)).Require();
        await using var world = await PageWorld.OpenAsync(agency, agency.Adam);
        var page = Open(world, agency.Ads);
        Assert.Contains("Ian (not active any more)", page.Find("#owner").TextContent, StringComparison.Ordinal);
        page.Find("#notes").Change("Something else.");

        await page.Find("form").SubmitAsync();

        Assert.Equal(agency.Ian, (await agency.Get<KeepIdentities>().ReadAsync(agency.Ads))!.Value.Details.Owner);
    }

    [Fact]
    public async Task Every_text_is_limited_to_what_its_field_holds()
    {
        await using var agency = await TestAgency.FoundAsync();
        await using var world = await PageWorld.OpenAsync(agency, agency.Ian);

        var texts = Open(world, null).FindAll("input, textarea").ToDictionary(t => t.Id!, t => t.GetAttribute("maxlength"));

        Assert.Equal(
            [("client", IdentityDetails.ClientLength), ("name", IdentityDetails.NameLength), ("notes", IdentityDetails.NotesLength), ("platform", IdentityDetails.PlatformLength)],
            texts.OrderBy(t => t.Key).Select(t => (t.Key, int.Parse(t.Value!, System.Globalization.CultureInfo.InvariantCulture))));
    }

    private static IRenderedComponent<EditIdentityPage> Open(PageWorld world, IdentityId? id)
    {
        var page = world.Render<EditIdentityPage>(p => p.Add(x => x.Id, id?.Value));
        page.WaitForElement("h1");
        return page;
    }

    private static string Address(PageWorld world) => world.Page.Services.GetRequiredService<NavigationManager>().Uri;
}
