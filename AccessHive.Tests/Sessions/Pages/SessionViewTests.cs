using AccessHive.Core.Kernel;
using AccessHive.Core.Sessions.UseCases;
using AccessHive.Core.Vault;
using AccessHive.Core.Vault.UseCases;
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

    [Fact]
    public async Task There_is_a_glass_for_each_thing_the_credential_keeps_and_it_says_how_many_codes_are_left()
    {
        await using var agency = await TestAgency.FoundAsync();
        var keep = agency.Get<KeepIdentities>();
        (await keep.ChangeFieldAsync(agency.Ian, agency.AdsPassword, FieldKind.TotpSeed, "GEZDGNBVGY3TQOJQ"u8.ToArray())).Require();
        (await keep.ChangeFieldAsync(agency.Ian, agency.AdsPassword, FieldKind.RecoveryCodes, "one\ntwo"u8.ToArray())).Require();
        (await keep.ChangeFieldAsync(agency.Ian, agency.AdsPassword, FieldKind.ConnectorKey, "key"u8.ToArray())).Require();
        var session = await agency.GrantAsync(agency.Adam);
        await using var world = await PageWorld.OpenAsync(agency, agency.Adam);
        var view = View(world, session);
        Assert.Equal(["Password", "One-time code", "Recovery code"], view.FindAll(".ah-secret:has(.ah-glass) .ah-label").Select(l => l.TextContent));
        Assert.Contains("2 of 2 left", view.Markup, StringComparison.Ordinal);
        Assert.DoesNotContain("Download", view.Markup, StringComparison.Ordinal);

        (await agency.RevealAsync(agency.Adam, session, FieldKind.RecoveryCodes)).Require();
        (await agency.RevealAsync(agency.Adam, session, FieldKind.RecoveryCodes)).Require();
        await world.HearAsync();

        view.WaitForAssertion(() => Assert.Contains("All 2 are used up", view.Markup, StringComparison.Ordinal));
        Assert.True(view.Find("button[aria-label='Use one Recovery code']").HasAttribute("disabled"));
    }

    [Fact]
    public async Task A_key_file_can_be_downloaded_and_its_account_is_called_that()
    {
        await using var agency = await TestAgency.FoundAsync();
        var key = (await agency.Get<KeepIdentities>().AddCredentialAsync(agency.Ian, agency.Ads, new CredentialDetails("Key file", "robot", "", CredentialType.KeyFile), "{}"u8.ToArray())).Require();
        var session = await agency.GrantAsync(agency.Adam, credential: key);
        await using var world = await PageWorld.OpenAsync(agency, agency.Adam);

        var view = View(world, session);

        Assert.NotNull(view.Find("button[aria-label='Download Key file as a file']"));
        Assert.Contains("Account", view.Markup, StringComparison.Ordinal);
    }

    private static IRenderedComponent<SessionView> View(PageWorld world, SessionId session)
    {
        var view = world.Render<SessionView>(p => p.Add(v => v.Id, session.Value));
        view.WaitForElement("h1");
        return view;
    }
}
