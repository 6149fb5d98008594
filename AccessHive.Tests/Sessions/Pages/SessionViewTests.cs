using AccessHive.Core.Kernel;
using AccessHive.Core.Sessions.UseCases;
using AccessHive.Tests.World;
using AccessHive.Web.Features.Sessions;
using Bunit;
using Xunit;

namespace AccessHive.Tests.Sessions.Pages;

public sealed class SessionViewTests
{
    [Fact]
    public async Task The_holder_finds_the_clock_the_glass_and_the_way_to_end_it_and_no_secret_in_the_markup()
    {
        await using var agency = await TestAgency.FoundAsync();
        var session = await agency.GrantAsync(agency.Adam);
        await using var world = await PageWorld.OpenAsync(agency, agency.Adam);

        var view = View(world, session);

        Assert.NotNull(view.Find("[role=timer]"));
        Assert.Contains("Reveal", view.Markup, StringComparison.Ordinal);
        Assert.Contains("End now", view.Markup, StringComparison.Ordinal);
        Assert.DoesNotContain(TestAgency.Secret, view.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_revocation_says_by_whom_and_why_and_takes_the_glass_away()
    {
        await using var agency = await TestAgency.FoundAsync();
        var session = await agency.GrantAsync(agency.Adam);
        await using var world = await PageWorld.OpenAsync(agency, agency.Adam);
        var view = View(world, session);

        await agency.Get<EndSessionHandler>().RevokeAsync(agency.Sofia, session, "The client called it off.");
        await world.HearAsync();

        view.WaitForAssertion(() => Assert.Contains("Revoked by Sofia", view.Markup, StringComparison.Ordinal));
        Assert.Contains("The client called it off.", view.Markup, StringComparison.Ordinal);
        Assert.Empty(view.FindAll(".ah-glass"));
    }

    [Fact]
    public async Task Ending_early_needs_one_click_and_offers_a_new_one_with_an_updated_justification()
    {
        await using var agency = await TestAgency.FoundAsync();
        var session = await agency.GrantAsync(agency.Adam);
        await using var world = await PageWorld.OpenAsync(agency, agency.Adam);
        var view = View(world, session);

        await view.Find("button.is-danger").ClickAsync(new());

        view.WaitForAssertion(() => Assert.Contains("You ended this session", view.Markup, StringComparison.Ordinal));
        Assert.Contains("Start a new one", view.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_may_revoke_sees_the_session_without_a_glass()
    {
        await using var agency = await TestAgency.FoundAsync();
        var session = await agency.GrantAsync(agency.Adam);
        await using var world = await PageWorld.OpenAsync(agency, agency.Sofia);

        var view = View(world, session);

        Assert.Empty(view.FindAll(".ah-glass"));
        Assert.Contains("Revoke", view.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_revocation_without_a_reason_is_refused_in_words()
    {
        await using var agency = await TestAgency.FoundAsync();
        var session = await agency.GrantAsync(agency.Adam);
        await using var world = await PageWorld.OpenAsync(agency, agency.Sofia);
        var view = View(world, session);
        await view.Find("button.is-danger").ClickAsync(new());

        await view.Find("button.is-danger").ClickAsync(new());

        Assert.Contains("Say why", view.Find("[role=alert]").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_pill_follows_the_holder_and_goes_with_the_session()
    {
        await using var agency = await TestAgency.FoundAsync();
        await using var world = await PageWorld.OpenAsync(agency, agency.Adam);
        var pill = world.Render<HoldingPill>();
        Assert.Empty(pill.FindAll("a"));

        var session = await agency.GrantAsync(agency.Adam);
        await world.HearAsync();
        pill.WaitForElement($"a[href='sessions/{session}']");
        await agency.Get<EndSessionHandler>().EndAsync(agency.Adam, session);
        await world.HearAsync();

        pill.WaitForAssertion(() => Assert.Empty(pill.FindAll("a")));
    }

    private static IRenderedComponent<SessionView> View(PageWorld world, SessionId session)
    {
        var view = world.Render<SessionView>(p => p.Add(v => v.Id, session.Value));
        view.WaitForElement("h1");
        return view;
    }
}
