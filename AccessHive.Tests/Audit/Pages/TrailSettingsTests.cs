using AccessHive.Core.Audit;
using AccessHive.Core.Audit.UseCases;
using AccessHive.Core.Kernel;
using AccessHive.Core.Storage;
using AccessHive.Tests.World;
using AccessHive.Web.Features.Audit;
using Bunit;
using NodaTime;
using Xunit;

namespace AccessHive.Tests.Audit.Pages;

public sealed class TrailSettingsTests
{
    [Fact]
    public async Task The_line_says_how_far_the_trail_is_signed_and_follows()
    {
        await using var agency = await TestAgency.FoundAsync();
        await using var world = await PageWorld.OpenAsync(agency, agency.Aiko);
        var line = world.Render<CheckpointLine>();
        Assert.Equal("", line.Markup);

        await agency.Get<CheckpointKeeper>().LookAsync(default);

        line.WaitForAssertion(() => Assert.Matches("Checkpointed up to entry [0-9]+,", line.Find("summary").TextContent));
        (await agency.RaiseAsync(agency.Adam)).Require();
        await agency.Get<CheckpointKeeper>().LookAsync(default);
        await using var db = await agency.ReadAsync();
        var newest = db.Trail.Max(e => e.Seq);
        line.WaitForAssertion(() => Assert.Contains($"entry {newest},", line.Find("summary").TextContent, StringComparison.Ordinal));
        Assert.Contains("at once, for an emergency", line.Find("dl").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_card_shows_the_key_to_note_down_and_that_anchors_can_not_be_written()
    {
        await using var agency = await TestAgency.FoundAsync();
        await agency.Get<CheckpointKeeper>().LookAsync(default);
        Directory.CreateDirectory(agency.Paths.Anchors);
        await agency.Get<AnchorKeeper>().LookAsync(default);
        await using var world = await PageWorld.OpenAsync(agency, agency.Olivia);

        var card = world.Render<ProofCard>();

        card.WaitForAssertion(() => Assert.Contains("/20780+", card.Find("dl").TextContent, StringComparison.Ordinal));
        Assert.Contains("can't be written", card.Find(".ah-note").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_asked_sees_that_somebody_else_confirms_and_the_other_one_purges()
    {
        await using var agency = await TestAgency.FoundAsync();
        await agency.Get<Work>().RunAsAsync<Done>(Actor.System, turn =>
        {
            for (var i = 0; i < 300; i++)
                turn.Db.Note(new ClockJumped(turn.Now, turn.Now));
            return Task.FromResult<Result<Done>>(Done.Yes);
        }, default);
        agency.Time.Advance(Duration.FromDays(370));
        await using var adam = await PageWorld.OpenAsync(agency, agency.Adam);
        var asking = adam.Render<PurgeCard>();
        asking.WaitForAssertion(() => Assert.Contains("entries 1 to 256", asking.Markup, StringComparison.Ordinal));
        asking.Find("#purge-reason").Change("kept long enough");
        asking.Find("form").Submit();
        asking.WaitForAssertion(() => Assert.Contains("You asked, so somebody else confirms", asking.Markup, StringComparison.Ordinal));
        Assert.DoesNotContain("Purge them", asking.Markup, StringComparison.Ordinal);

        await using var sofia = await PageWorld.OpenAsync(agency, agency.Sofia);
        var dialogs = sofia.Dialogs();
        var confirming = sofia.Render<PurgeCard>();
        confirming.WaitForAssertion(() => confirming.Find("button.is-danger"));
        confirming.Find("button.is-danger").Click();
        dialogs.WaitForAssertion(() => dialogs.Find(".mud-dialog button.is-danger"));
        dialogs.Find(".mud-dialog button.is-danger").Click();

        confirming.WaitForAssertion(() => Assert.Contains("entries up to 256", confirming.Markup, StringComparison.Ordinal));
        await using var auditor = await PageWorld.OpenAsync(agency, agency.Max);
        var closed = auditor.Render<PurgeCard>();
        closed.WaitForAssertion(() => Assert.Contains("You are Member", closed.Markup, StringComparison.Ordinal));
    }
}
