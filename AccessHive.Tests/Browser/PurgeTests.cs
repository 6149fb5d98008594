using AccessHive.Core.Audit;
using AccessHive.Core.Audit.UseCases.Verifying;
using AccessHive.Core.Kernel;
using AccessHive.Core.Storage;
using AccessHive.Tests.World;
using Microsoft.Playwright;
using NodaTime;
using Xunit;

namespace AccessHive.Tests.Browser;

/// <summary>A year later: one person asks that old entries go, another sees it without reloading and agrees.</summary>
[Collection<BrowserTests>]
public sealed class PurgeTests(Chromium chromium)
{
    [Fact]
    public async Task One_asks_another_agrees_and_the_file_that_is_left_proves_what_went()
    {
        var time = new FakeTime();
        await using var house = await RunningHouse.OpenAsync(new HouseWish(Time: time));
        await FillAsync(house, 600);
        time.Advance(Duration.FromDays(370));
        await using var sofia = await Person.SignedInAsync(chromium, house.Url, "Sofia", "/settings/trail");
        await using var adam = await Person.SignedInAsync(chromium, house.Url, "Adam", "/settings/trail");
        var (asking, agreeing) = (adam.Page.Locator("section", new() { HasText = "Retention" }).Last, sofia.Page.Locator("section", new() { HasText = "Retention" }).Last);

        await adam.Page.GetByLabel("Why they should go").FillAsync("Kept long enough.");
        await adam.Page.GetByRole(AriaRole.Button, new() { Name = "Export and ask" }).ClickAsync();
        await Assertions.Expect(asking).ToContainTextAsync("You asked, so somebody else confirms");
        await Assertions.Expect(asking.GetByRole(AriaRole.Button, new() { Name = "Purge them" })).ToHaveCountAsync(0);

        await Assertions.Expect(sofia.Page.GetByRole(AriaRole.Link, new() { Name = "Notices, 1 unread" })).ToBeVisibleAsync();
        await Assertions.Expect(agreeing).ToContainTextAsync("Adam asked to purge entries 1 to 512");
        await agreeing.GetByRole(AriaRole.Button, new() { Name = "Purge them" }).ClickAsync();
        await sofia.Page.Locator(".mud-dialog").GetByRole(AriaRole.Button, new() { Name = "Purge them" }).ClickAsync();
        await Assertions.Expect(asking).ToContainTextAsync("asked by Adam and confirmed by Sofia");

        var file = await asking.Locator("code", new() { HasText = ".jsonl" }).InnerTextAsync();
        Assert.Empty(VerifyTrail.Run(new VerifyWish(file)).Findings);
        await adam.GoToAsync("/audit");
        await Assertions.Expect(adam.Page.Locator("#main tbody tr").First).ToBeVisibleAsync();
        await Assertions.Expect(adam.Page.Locator("#main")).ToContainTextAsync("Oldest entries purged");
    }

    private static Task<Result<Done>> FillAsync(RunningHouse house, int entries) => house.Get<Work>().RunAsAsync<Done>(Actor.System, turn =>
    {
        for (var i = 0; i < entries; i++)
            turn.Db.Note(new ClockJumped(turn.Now, turn.Now));
        return Task.FromResult<Result<Done>>(Done.Yes);
    }, default);
}
