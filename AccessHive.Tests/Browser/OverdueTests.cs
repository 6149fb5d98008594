using AccessHive.Core.Sessions.UseCases;
using AccessHive.Tests.Cases;
using AccessHive.Tests.World;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using NodaTime;
using Xunit;

namespace AccessHive.Tests.Browser;

/// <summary>A review that nobody gave, as the next person in need meets it: a dialog that asks for approval all the same, or is closed.</summary>
[Collection<BrowserTests>]
public sealed class OverdueTests(Chromium chromium)
{
    private const string MoreReason = "Spend rose tenfold since 03:10, nobody booked it.";

    [Fact]
    public async Task While_a_review_is_overdue_an_approver_is_asked_although_the_card_says_no_and_a_verdict_ends_that()
    {
        await using var house = await OwingAsync();
        await using var priya = await Person.SignedInAsync(chromium, house.Url, "Priya", "/people");
        await using var olivia = await Person.SignedInAsync(chromium, house.Url, "Olivia", $"/identities/{house.Ads}");

        var dialog = await OpenDialogAsync(olivia);
        await Assertions.Expect(dialog).ToContainTextAsync("A review is overdue. The settings require no approval, but as long as a review is overdue every emergency needs one.");
        await Assertions.Expect(dialog.GetByRole(AriaRole.Link, new() { Name = "case 1" })).ToBeVisibleAsync();
        await olivia.Page.GetByLabel("Justification").FillAsync(MoreReason);
        await olivia.Page.GetByRole(AriaRole.Button, new() { Name = "Request emergency access" }).ClickAsync();

        await olivia.Page.WaitForURLAsync("**/requests/*");
        await Assertions.Expect(priya.Page.GetByRole(AriaRole.Alertdialog)).ToContainTextAsync(MoreReason);
        Assert.Single(await house.TrailAsync("session.started"));

        await using (var db = await house.ReadAsync())
            (await house.ReviewAsync(house.Sofia, await db.Cases.Where(c => c.Number == 1).Select(c => c.Id).SingleAsync())).Require();
        await using var adam = await Person.SignedInAsync(chromium, house.Url, "Adam", $"/identities/{house.Ads}");
        await Assertions.Expect(await OpenDialogAsync(adam)).Not.ToContainTextAsync("overdue");
        await adam.Page.GetByLabel("Justification").FillAsync(MoreReason);
        await adam.Page.GetByRole(AriaRole.Button, new() { Name = "Break the glass" }).ClickAsync();
        await adam.Page.WaitForURLAsync("**/sessions/*");
    }

    [Fact]
    public async Task Blocked_by_choice_the_dialog_says_who_can_lift_it_and_an_owner_lifts_it_on_the_page_of_weeks()
    {
        await using var house = await OwingAsync(block: true);
        await using var adam = await Person.SignedInAsync(chromium, house.Url, "Adam", $"/identities/{house.Ads}");
        var dialog = await OpenDialogAsync(adam);
        await Assertions.Expect(dialog).ToContainTextAsync("An owner can lift the block for a while: Olivia.");
        await Assertions.Expect(adam.Page.GetByRole(AriaRole.Button, new() { Name = "Request emergency access" })).ToBeDisabledAsync();
        await adam.Page.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();

        await using var olivia = await Person.SignedInAsync(chromium, house.Url, "Olivia", "/");
        await olivia.Page.GetByRole(AriaRole.Link, new() { Name = "Lift the block for a while" }).ClickAsync();
        await olivia.Page.WaitForURLAsync("**/cases/weeks");
        await olivia.Page.Locator("summary", new() { HasText = "Lift the block for a while" }).ClickAsync();
        await olivia.Page.GetByLabel("Why").FillAsync("Launch night of Bergmann.");
        await olivia.Page.GetByRole(AriaRole.Button, new() { Name = "Lift the block" }).ClickAsync();
        await Assertions.Expect(olivia.Page.Locator("#main")).ToContainTextAsync("Olivia has lifted the block until");

        await OpenDialogAsync(adam);
        await adam.Page.GetByLabel("Justification").FillAsync(MoreReason);
        await adam.Page.GetByRole(AriaRole.Button, new() { Name = "Request emergency access" }).ClickAsync();
        await adam.Page.WaitForURLAsync("**/requests/*");
        Assert.Equal(["reviews.block-lifted"], await house.TrailAsync("reviews."));
    }

    private static async Task<ILocator> OpenDialogAsync(Person person)
    {
        await person.Page.GetByRole(AriaRole.Button, new() { Name = "Emergency Access" }).First.ClickAsync();
        await Assertions.Expect(person.Page.GetByLabel("Justification")).ToBeFocusedAsync();
        return person.Page.Locator(".mud-dialog");
    }

    // Adam's emergency, granted at once, and for 72 hours nobody looks at it.
    private static async Task<RunningHouse> OwingAsync(bool block = false)
    {
        var time = new FakeTime();
        var house = await RunningHouse.OpenAsync(new HouseWish(Time: time));
        (await house.SaveRulesAsync(r => r with { RequireApproval = false, BlockWhileOverdue = block })).Require();
        var session = (await house.RaiseAsync(house.Adam)).Require().Session!.Value;
        (await house.Get<EndSessionHandler>().EndAsync(house.Adam, session)).Require();
        time.Advance(Duration.FromHours(72));
        await house.SettleAsync();
        return house;
    }
}
