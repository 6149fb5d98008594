using AccessHive.Core.Kernel;
using AccessHive.Core.Requests;
using AccessHive.Core.Requests.UseCases;
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

public sealed class EmergencyDialogTests
{
    [Fact]
    public async Task The_dialog_says_who_is_asked_and_how_long_before_anything_is_typed()
    {
        await using var agency = await TestAgency.FoundAsync();
        agency.Presence.Enters(agency.Priya);
        await using var world = await PageWorld.OpenAsync(agency, agency.Adam);
        var dialog = Open(world, agency);

        Assert.Contains("One approver has to say yes within 15 min. Priya is here now.", dialog.Markup, StringComparison.Ordinal);
        Assert.Contains("at most 1 h", dialog.Markup, StringComparison.Ordinal);
        Assert.Equal("Request emergency access – 1 h", AskButton(dialog).TextContent.Trim());
        Assert.Contains("20 more to go", dialog.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_nobody_here_who_could_approve_the_dialog_says_so_and_lets_them_ask_anyway()
    {
        await using var agency = await TestAgency.FoundAsync();
        await using var world = await PageWorld.OpenAsync(agency, agency.Adam);
        var dialog = Open(world, agency);

        Assert.Contains("Nobody who could approve has a page open now.", dialog.Markup, StringComparison.Ordinal);
        Assert.False(AskButton(dialog).HasAttribute("disabled"));
    }

    [Fact]
    public async Task Too_short_a_justification_is_refused_beside_what_was_typed_and_nothing_is_lost()
    {
        await using var agency = await TestAgency.FoundAsync();
        await using var world = await PageWorld.OpenAsync(agency, agency.Adam);
        var dialog = Open(world, agency);
        dialog.Find("#emergency-justification").Input("too short");

        await AskButton(dialog).ClickAsync(new());

        Assert.Contains("Say a little more", dialog.Find("[role=alert]").TextContent, StringComparison.Ordinal);
        Assert.Equal("too short", dialog.Find("#emergency-justification").GetAttribute("value"));
    }

    [Fact]
    public async Task Asking_leads_to_the_page_of_the_request_with_what_was_typed_and_chosen()
    {
        await using var agency = await TestAgency.FoundAsync();
        await using var world = await PageWorld.OpenAsync(agency, agency.Adam);
        var dialog = Open(world, agency);
        dialog.Find("#emergency-justification").Input(TestAgency.GoodReason);
        dialog.FindAll("input[name=emergency-duration]")[0].Change("on");

        await AskButton(dialog).ClickAsync(new());

        var request = Assert.Single(await agency.Get<RequestQueries>().MinePendingAsync(agency.Adam));
        Assert.Equal(Duration.FromMinutes(5), request.AskedFor);
        Assert.Equal(TestAgency.GoodReason, request.Justification.Text);
        Assert.EndsWith($"requests/{request.Id}", world.Page.Services.GetRequiredService<NavigationManager>().Uri, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_approval_off_the_glass_breaks_at_once()
    {
        await using var agency = await TestAgency.FoundAsync();
        await agency.SaveRulesAsync(r => r with { RequireApproval = false });
        await using var world = await PageWorld.OpenAsync(agency, agency.Adam);
        var dialog = Open(world, agency);
        dialog.Find("#emergency-justification").Input(TestAgency.GoodReason);
        Assert.Equal("Break the glass – 1 h", AskButton(dialog).TextContent.Trim());

        await AskButton(dialog).ClickAsync(new());

        Assert.Contains("/sessions/", world.Page.Services.GetRequiredService<NavigationManager>().Uri, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_continuation_shows_the_words_of_last_time_and_refuses_them_again()
    {
        await using var agency = await TestAgency.FoundAsync();
        var before = await agency.GrantAsync(agency.Adam);
        agency.Time.AdvanceMinutes(30);
        await using var world = await PageWorld.OpenAsync(agency, agency.Adam);
        var dialog = Open(world, agency, before);
        Assert.Contains(TestAgency.GoodReason, dialog.Find(".ah-quote").TextContent, StringComparison.Ordinal);
        dialog.Find("#emergency-justification").Input(TestAgency.GoodReason.ToUpperInvariant());

        await AskButton(dialog).ClickAsync(new());

        Assert.Contains("updated justification", dialog.Find("[role=alert]").TextContent, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(5, "5")]
    [InlineData(7, "5,7")]
    [InlineData(60, "5,10,15,30,45,60")]
    [InlineData(480, "90,120,180,240,360,480")]
    public void The_steps_end_with_the_maximum(int maximum, string steps)
    {
        var rules = Core.Policies.EmergencyRules.Default with { MaximumDuration = Duration.FromMinutes(maximum) };
        var offer = new EmergencyOffer(IdentityId.New(), "", "", [], rules, 0, [], null);

        Assert.Equal(steps, string.Join(",", offer.Durations.Select(d => (int)d.TotalMinutes)));
    }

    private static IRenderedComponent<MudDialogProvider> Open(PageWorld world, TestAgency agency, SessionId? continues = null)
    {
        var dialogs = world.Dialogs();
        world.Render<AccessDialogHost>();
        world.Dispatcher.Dispatch(new EmergencyAccessWanted(agency.Ads, agency.AdsPassword, continues));
        dialogs.WaitForElement("#emergency-justification");
        return dialogs;
    }

    private static IElement AskButton(IRenderedComponent<MudDialogProvider> dialog) => dialog.Find("button.is-emergency");
}
