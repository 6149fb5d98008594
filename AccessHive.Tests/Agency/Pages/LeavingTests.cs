using AccessHive.Core.Kernel;
using AccessHive.Core.Sessions.UseCases;
using AccessHive.Core.Vault;
using AccessHive.Core.Vault.UseCases;
using AccessHive.Tests.World;
using AccessHive.Web.Features.Agency;
using Bunit;
using Xunit;

namespace AccessHive.Tests.Agency.Pages;

/// <summary>Whoever leaves still knows what they have seen.</summary>
public sealed class LeavingTests
{
    [Fact]
    public async Task Who_is_disabled_has_seen_something_which_is_listed_and_rotated_in_the_same_go()
    {
        await using var agency = await TestAgency.FoundAsync();
        await SeenByAdamAsync(agency);
        await using var world = await PageWorld.OpenAsync(agency, agency.Olivia);
        var dialogs = world.Dialogs();
        var page = world.Render<PeoplePage>();

        _ = page.Find("button[aria-label='Disable Adam']").ClickAsync(new());
        dialogs.WaitForAssertion(() => Assert.Contains("Bergmann – Google Ads (Password)", dialogs.Markup, StringComparison.Ordinal));
        dialogs.Find("button.is-danger").Click();

        page.WaitForAssertion(() => Assert.Contains("0 of 1 rotated, 1 wait for a person", page.Markup, StringComparison.Ordinal));
        var open = (await agency.Get<RotationQueries>().OpenAsync(agency.Olivia)).Single();
        Assert.Equal((RotationCause.PersonLeft, "Adam"), (open.Cause, open.PersonName));
    }

    [Fact]
    public async Task Who_wants_to_leaves_it_and_does_it_later_from_the_persons_entry()
    {
        await using var agency = await TestAgency.FoundAsync();
        await SeenByAdamAsync(agency);
        await using var world = await PageWorld.OpenAsync(agency, agency.Olivia);
        var dialogs = world.Dialogs();
        var page = world.Render<PeoplePage>();
        _ = page.Find("button[aria-label='Disable Adam']").ClickAsync(new());
        dialogs.WaitForElement("input[type=checkbox]").Change(false);
        dialogs.Find("button.is-danger").Click();
        page.WaitForAssertion(() => Assert.NotNull(page.Find("button[aria-label='Rotate all 1 that Adam has seen']")));
        Assert.Empty(await agency.TrailAsync("rotation."));

        page.Find("button[aria-label='Rotate all 1 that Adam has seen']").Click();

        page.WaitForAssertion(() => Assert.Contains("0 of 1 rotated", page.Markup, StringComparison.Ordinal));
        Assert.Single(await agency.TrailAsync("rotation.opened"));
    }

    // Nobody has looked since whether something follows from that.
    private static async Task SeenByAdamAsync(TestAgency agency)
    {
        var session = await agency.GrantAsync(agency.Adam);
        (await agency.RevealAsync(agency.Adam, session)).Require();
        (await agency.Get<EndSessionHandler>().EndAsync(agency.Adam, session)).Require();
    }
}
