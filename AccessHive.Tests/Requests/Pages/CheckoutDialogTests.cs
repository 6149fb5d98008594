using AccessHive.Core.Kernel;
using AccessHive.Core.Policies;
using AccessHive.Core.Requests.UseCases;
using AccessHive.Core.Vault;
using AccessHive.Tests.World;
using AccessHive.Web.Features.Requests;
using AccessHive.Web.Features.Shared;
using AngleSharp.Dom;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;
using NodaTime;
using Xunit;

namespace AccessHive.Tests.Requests.Pages;

public sealed class CheckoutDialogTests
{
    [Fact]
    public async Task The_dialog_says_who_approves_how_long_and_what_the_button_does()
    {
        await using var agency = await TestAgency.FoundAsync();
        await agency.ApproversAsync(agency.Priya, agency.Adam);
        await using var world = await PageWorld.OpenAsync(agency, agency.Max);

        var dialog = Open(world, agency.Ads);

        Assert.Contains("Adam or Priya approves it, within 24 h.", dialog.Markup, StringComparison.Ordinal);
        Assert.Contains("at most 4 h. You can extend it once, by 2 h.", dialog.Markup, StringComparison.Ordinal);
        Assert.Equal("Ask to check out for 1 h", AskButton(dialog).TextContent.Trim());
        Assert.DoesNotContain("emergency", dialog.Find(".mud-dialog").ClassName, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_nobody_has_to_approve_it_is_theirs_at_once()
    {
        await using var agency = await TestAgency.FoundAsync();
        await agency.PolicyAsync(r => r with { Mode = ApprovalMode.None, SharedNeedApproval = false });
        await using var world = await PageWorld.OpenAsync(agency, agency.Max);
        var dialog = Open(world, agency.Ads);
        Assert.Contains("Nobody has to approve: it is yours at once.", dialog.Markup, StringComparison.Ordinal);
        dialog.Find("#checkout-purpose").Input(StandardCast.Purpose);

        await AskButton(dialog).ClickAsync(new());

        Assert.Contains("/sessions/", Address(world), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(RiskLevel.High, "One Owner or Admin has to approve it within 24 h: Adam or Olivia.")]
    [InlineData(RiskLevel.Critical, "Two different people have to approve it within 24 h: Adam, Olivia or Priya.")]
    public async Task The_risk_decides_who_has_to_say_yes(RiskLevel risk, string words)
    {
        await using var agency = await TestAgency.FoundAsync();
        await agency.PolicyAsync(r => r with { Mode = ApprovalMode.RiskBased });
        var (identity, _) = await agency.KeepAsync("Bank", IdentityType.ExternalShared, risk);
        await using var world = await PageWorld.OpenAsync(agency, agency.Max);

        Assert.Contains(words, Open(world, identity).Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_nobody_could_approve_it_is_said_before_anything_is_typed()
    {
        await using var agency = await TestAgency.FoundAsync();
        await agency.ApproversAsync();
        await using var world = await PageWorld.OpenAsync(agency, agency.Max);

        var dialog = Open(world, agency.Ads);

        Assert.Contains("Nobody could approve this at the moment.", dialog.Find(".ah-note").TextContent, StringComparison.Ordinal);
        Assert.Contains("Ask an Owner or Admin to name approvers", dialog.Find(".ah-note").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_is_revealed_and_every_word_says_so()
    {
        await using var agency = await TestAgency.FoundAsync();
        var (identity, _) = await agency.KeepAsync("Mail API", IdentityType.ApiKey);
        await using var world = await PageWorld.OpenAsync(agency, agency.Max);

        var dialog = Open(world, identity);

        Assert.Equal("Ask to reveal for 15 min", AskButton(dialog).TextContent.Trim());
        Assert.Contains("Reveal Mail API", dialog.Find(".ah-dialog-title").TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain("heck in", dialog.Markup, StringComparison.Ordinal);
        Assert.DoesNotContain("extend it once", dialog.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Too_short_a_purpose_is_refused_and_nothing_is_lost_then_asking_leads_to_the_request()
    {
        await using var agency = await TestAgency.FoundAsync();
        await using var world = await PageWorld.OpenAsync(agency, agency.Max);
        var dialog = Open(world, agency.Ads);
        dialog.Find("#checkout-purpose").Input("x");
        await AskButton(dialog).ClickAsync(new());
        Assert.Contains("Say in a few words", dialog.Find("[role=alert]").TextContent, StringComparison.Ordinal);

        dialog.Find("#checkout-purpose").Input(StandardCast.Purpose);
        dialog.FindAll("input[name=checkout-duration]")[0].Change("on");
        await AskButton(dialog).ClickAsync(new());

        var request = Assert.Single(await agency.Get<RequestQueries>().MinePendingAsync(agency.Max));
        Assert.Equal((Duration.FromMinutes(15), StandardCast.Purpose), (request.AskedFor, request.Justification.Text));
        Assert.EndsWith($"requests/{request.Id}", Address(world), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_waits_already_is_led_to_that_request()
    {
        await using var agency = await TestAgency.FoundAsync();
        await using var world = await PageWorld.OpenAsync(agency, agency.Max);
        var dialog = Open(world, agency.Ads);
        dialog.Find("#checkout-purpose").Input(StandardCast.Purpose);
        var other = (await agency.CheckOutAsync(agency.Max)).Require().Request;

        await AskButton(dialog).ClickAsync(new());

        Assert.NotNull(dialog.Find($"a[href='requests/{other}']"));
    }

    [Theory]
    [InlineData(15, "5,10,15")]
    [InlineData(60, "5,10,15,30,60")]
    [InlineData(240, "15,30,60,120,240")]
    [InlineData(1440, "120,240,480,720,1440")]
    [InlineData(100, "10,15,30,60,100")]
    public void The_steps_end_with_the_longest(int longest, string steps)
    {
        var offer = new CheckoutOffer(IdentityId.New(), "", "", false, [], ApprovalNeed.One, [], Duration.FromHours(24), Duration.FromMinutes(longest), Duration.Zero);

        Assert.Equal(steps, string.Join(",", offer.Durations.Select(d => (int)d.TotalMinutes)));
    }

    private static string Address(PageWorld world) => world.Page.Services.GetRequiredService<NavigationManager>().Uri;

    private static IRenderedComponent<MudDialogProvider> Open(PageWorld world, IdentityId identity)
    {
        var dialogs = world.Dialogs();
        world.Render<AccessDialogHost>();
        world.Dispatcher.Dispatch(new CheckoutWanted(identity, null));
        dialogs.WaitForElement("#checkout-purpose");
        return dialogs;
    }

    private static IElement AskButton(IRenderedComponent<MudDialogProvider> dialog) => dialog.Find(".mud-dialog-actions button.is-primary");
}
