using AccessHive.Tests.Cases;
using AccessHive.Tests.World;
using Microsoft.Playwright;
using Xunit;

namespace AccessHive.Tests.Browser;

/// <summary>An emergency until it is closed: ended by its holder, rotated by two others, reviewed by a fourth – and the board that nobody reloads says so.</summary>
[Collection<BrowserTests>]
public sealed class CaseTests(Chromium chromium)
{
    [Fact]
    public async Task An_emergency_is_closed_when_it_is_ended_and_rotated_and_reviewed_by_somebody_else()
    {
        await using var house = await RunningHouse.OpenAsync();
        var session = await house.GrantAsync(house.Adam);
        await using var aiko = await Person.SignedInAsync(chromium, house.Url, "Aiko", "/cases?show=all");
        var board = aiko.Page.Locator("tbody tr");
        await Assertions.Expect(board).ToContainTextAsync("Running");
        await using var adam = await Person.SignedInAsync(chromium, house.Url, "Adam", $"/sessions/{session}");
        await adam.Page.GetByRole(AriaRole.Button, new() { Name = "Reveal Password" }).ClickAsync();
        await adam.Page.Locator(".ah-glass[data-glass=shown]").WaitForAsync();
        await adam.Page.GetByRole(AriaRole.Button, new() { Name = "End now" }).ClickAsync();
        await Assertions.Expect(board).ToContainTextAsync("To be rotated");
        await Assertions.Expect(board).ToContainTextAsync("To be reviewed");
        await adam.Page.GetByRole(AriaRole.Link, new() { Name = "Case 1" }).ClickAsync();
        await Assertions.Expect(adam.Page.Locator("#main")).ToContainTextAsync("This emergency is your own");
        await Assertions.Expect(adam.Page.GetByRole(AriaRole.Button, new() { Name = "Give the verdict" })).ToHaveCountAsync(0);

        await house.RotateAsync();
        await Assertions.Expect(board).Not.ToContainTextAsync("To be rotated");
        await using var sofia = await Person.SignedInAsync(chromium, house.Url, "Sofia", "/");
        await sofia.Page.GetByRole(AriaRole.Link, new() { Name = "Bergmann – Google Ads" }).First.ClickAsync();
        await sofia.Page.WaitForURLAsync("**/cases/1");
        await Assertions.Expect(sofia.Page.Locator("#main")).ToContainTextAsync(Cast.GoodReason);
        await sofia.Page.GetByRole(AriaRole.Group, new() { Name = "Was the justification" }).GetByText("Yes").ClickAsync();
        await sofia.Page.GetByRole(AriaRole.Group, new() { Name = "Was the duration right?" }).GetByText("Yes").ClickAsync();
        await sofia.Page.GetByRole(AriaRole.Group, new() { Name = "Does something need follow-up?" }).GetByText("No", new() { Exact = true }).ClickAsync();
        await sofia.Page.GetByRole(AriaRole.Radio, new() { Name = "Genuine" }).CheckAsync();
        await sofia.Page.GetByRole(AriaRole.Button, new() { Name = "Give the verdict" }).ClickAsync();

        await Assertions.Expect(sofia.Page.Locator(".ah-gate.is-closed")).ToHaveCountAsync(3);
        await Assertions.Expect(board).ToContainTextAsync("Genuine");
        await Assertions.Expect(board.Locator(".ah-chip.is-success")).ToHaveCountAsync(4);
        await Assertions.Expect(adam.Page.Locator(".ah-page-head")).ToContainTextAsync("Closed");
        Assert.Equal(["case.opened", "case.opened-by-reviewer", "case.reviewed", "case.closed"], await house.TrailAsync("case."));
    }
}
