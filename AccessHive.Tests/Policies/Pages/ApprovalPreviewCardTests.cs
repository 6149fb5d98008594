using AccessHive.Core.Kernel;
using AccessHive.Core.Policies;
using AccessHive.Core.Policies.UseCases;
using AccessHive.Tests.World;
using AccessHive.Web.Features.Policies;
using AccessHive.Web.Features.Vault;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AccessHive.Tests.Policies.Pages;

public sealed class ApprovalPreviewCardTests
{
    [Fact]
    public async Task It_says_who_would_be_asked_by_whose_list_and_what_happens_then()
    {
        await using var agency = await TestAgency.FoundAsync();
        await agency.ListAsync(ApproverScope.Client, "Bergmann Bikes", agency.Priya, agency.Olivia);
        agency.Presence.Enters(agency.Priya);
        await using var world = await PageWorld.OpenAsync(agency, agency.Adam);
        var card = Open(world, agency);

        card.WaitForAssertion(() => Assert.Equal(["OliviaOwner", "PriyaApprover, here now"], card.FindAll(".people li").Select(p => p.TextContent)));
        Assert.Contains("One approver has to say yes within 24 hours.", card.Find(".answer").TextContent, StringComparison.Ordinal);
        Assert.Contains("The list of client Bergmann Bikes counts. Single Approval is the default mode.", card.Markup, StringComparison.Ordinal);
        Assert.Contains("A session of up to 4 hours, extended once by 2 hours", card.Markup, StringComparison.Ordinal);
        Assert.Empty(card.FindAll(".warning"));
    }

    [Fact]
    public async Task It_follows_what_is_typed_and_what_others_save()
    {
        await using var agency = await TestAgency.FoundAsync();
        await using var world = await PageWorld.OpenAsync(agency, agency.Adam);
        var card = Open(world, agency, new Unsaved(ApprovalRules.Default with { Mode = ApprovalMode.None, SharedNeedApproval = false }));
        card.WaitForAssertion(() => Assert.Contains("Nobody. Adam checks it out at once, for up to 4 hours.", card.Find(".answer").TextContent, StringComparison.Ordinal));
        Assert.Contains("not saved yet", card.Markup, StringComparison.Ordinal);

        card.Render(p => p.Add(c => c.Unsaved, Unsaved.Nothing));
        card.WaitForAssertion(() => Assert.Equal(2, card.FindAll(".people li").Count));

        await agency.ListAsync(ApproverScope.Platform, "Google Ads", agency.Adam);
        await world.HearAsync();
        card.WaitForAssertion(() => Assert.Contains("Only Adam could approve on the list of platform Google Ads, and nobody decides their own request", card.Find(".warning").TextContent, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Somebody_else_is_chosen_by_keyboard_and_the_address_says_so()
    {
        await using var agency = await TestAgency.FoundAsync();
        await using var world = await PageWorld.OpenAsync(agency, agency.Adam);
        var card = Open(world, agency);
        card.WaitForAssertion(() => Assert.Equal(2, card.FindAll(".people li").Count));

        card.FindAll(".pickers button")[1].Click();
        await card.Find("#preview-person").InputAsync("max");
        card.WaitForAssertion(() => Assert.Equal("preview-person-0", card.Find("#preview-person").GetAttribute("aria-activedescendant")));
        await card.Find("#preview-person").KeyDownAsync(new KeyboardEventArgs { Key = "Enter" });

        Assert.EndsWith($"settings/approvals?identity={agency.Ads}&person={agency.Max}", world.Page.Services.GetRequiredService<NavigationManager>().Uri, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_identitys_page_says_by_whom_it_is_approved_and_leads_here()
    {
        await using var agency = await TestAgency.FoundAsync();
        await using var world = await PageWorld.OpenAsync(agency, agency.Max);
        var approved = world.Render<ApprovedByWho>(p => p.Add(c => c.Identity, agency.Ads));

        approved.WaitForAssertion(() => Assert.StartsWith("Adam, Olivia and Priya", approved.Markup.Trim(), StringComparison.Ordinal));
        Assert.Contains("It takes one approver; the agency's list counts.", approved.Markup, StringComparison.Ordinal);
        Assert.Equal($"settings/approvals?identity={agency.Ads}", approved.Find("a").GetAttribute("href"));

        await agency.ListAsync(ApproverScope.Identity, agency.Ads.ToString());
        await world.HearAsync();
        approved.WaitForAssertion(() => Assert.Contains("so nobody can approve", approved.Markup, StringComparison.Ordinal));
    }

    private static IRenderedComponent<ApprovalPreviewCard> Open(PageWorld world, TestAgency agency, Unsaved? unsaved = null)
        => world.Render<ApprovalPreviewCard>(p => p.Add(c => c.Identity, agency.Ads.Value).Add(c => c.Unsaved, unsaved ?? Unsaved.Nothing));
}
