using AccessHive.Core.Kernel;
using AccessHive.Core.Sessions.UseCases;
using AccessHive.Tests.World;
using Microsoft.Playwright;
using NodaTime;
using Xunit;

namespace AccessHive.Tests.Browser;

/// <summary>An emergency as people live through it: several browsers, one house.</summary>
[Collection<BrowserTests>]
public sealed class EmergencyTests(Chromium chromium)
{
    private static readonly TimeSpan OneSecond = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan TwoSeconds = TimeSpan.FromSeconds(2);

    [Fact]
    public async Task Two_people_live_through_an_emergency_from_the_click_to_the_wipe()
    {
        await using var house = await RunningHouse.OpenAsync();
        await using var priya = await Person.SignedInAsync(chromium, house.Url, "Priya", "/people");
        await using var adam = await Person.SignedInAsync(chromium, house.Url, "Adam", $"/identities/{house.Ads}");

        await adam.Page.GetByRole(AriaRole.Button, new() { Name = "Emergency Access" }).First.ClickAsync();
        await Assertions.Expect(adam.Page.GetByLabel("Justification")).ToBeFocusedAsync();
        await adam.Page.GetByLabel("Justification").FillAsync(Cast.GoodReason);
        var banner = await priya.LookOutForAsync(".ah-banner");
        await adam.Page.GetByRole(AriaRole.Button, new() { Name = "Request emergency access" }).ClickAsync();
        await adam.Page.WaitForURLAsync("**/requests/*");
        await banner.SeenAsync();
        await Assertions.Expect(priya.Page.GetByRole(AriaRole.Alertdialog)).ToContainTextAsync(Cast.GoodReason);
        await Assertions.Expect(adam.Page.Locator("#main")).ToContainTextAsync("One approver was asked and has seen it.");

        await priya.Page.GetByRole(AriaRole.Button, new() { Name = "Approve Adam" }).ClickAsync();
        await adam.Page.WaitForURLAsync("**/sessions/*");
        await Assertions.Expect(adam.Page.GetByRole(AriaRole.Timer).First).ToContainTextAsync("59:");

        await adam.Page.GetByRole(AriaRole.Button, new() { Name = "Reveal Password" }).ClickAsync();
        await ShownAsync(adam.Page);
        Assert.Contains(Cast.Secret, await adam.VisibleTreeAsync(), StringComparison.Ordinal);
        await adam.Page.GetByRole(AriaRole.Button, new() { Name = "End now" }).ClickAsync();
        await Assertions.Expect(adam.Page.Locator("#main")).ToContainTextAsync("You ended this session");

        Assert.DoesNotContain(Cast.Secret, await adam.VisibleTreeAsync(), StringComparison.Ordinal);
        Assert.Equal(["session.started", "session.secret-revealed", "session.ended-by-holder"], await house.TrailAsync("session."));
    }

    [Fact]
    public async Task A_revocation_empties_the_open_glass_within_a_second_and_says_by_whom()
    {
        await using var house = await RunningHouse.OpenAsync();
        await using var adam = await HoldingAsync(house);
        var wiped = await adam.LookOutForEndOfAsync(".ah-glass[data-glass=shown]");

        await house.Get<EndSessionHandler>().RevokeAsync(house.Sofia, await SessionOfAsync(house), "Called off.");
        var committed = house.Now.ToDateTimeOffset();

        Assert.InRange(await wiped.SeenAsync() - committed, TimeSpan.Zero - OneSecond, OneSecond);
        await Assertions.Expect(adam.Page.Locator("#main")).ToContainTextAsync("Revoked by Sofia");
        Assert.DoesNotContain(Cast.Secret, await adam.VisibleTreeAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ending_it_in_one_tab_empties_the_glass_in_the_other()
    {
        await using var house = await RunningHouse.OpenAsync();
        await using var adam = await HoldingAsync(house);
        var other = await adam.OpenTabAsync(new Uri(adam.Page.Url).AbsolutePath);
        var wiped = await adam.LookOutForEndOfAsync(".ah-glass[data-glass=shown]");

        await other.GetByRole(AriaRole.Button, new() { Name = "End now" }).ClickAsync();

        await wiped.SeenAsync();
        Assert.DoesNotContain(Cast.Secret, await adam.VisibleTreeAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_role_taken_away_ends_the_session_on_the_screen_too()
    {
        await using var house = await RunningHouse.OpenAsync();
        await using var adam = await HoldingAsync(house);
        var wiped = await adam.LookOutForEndOfAsync(".ah-glass[data-glass=shown]");

        await house.SaveRulesAsync(house.Olivia, r => r with { EligibleRoles = Roles.Owner });

        await wiped.SeenAsync();
        await Assertions.Expect(adam.Page.Locator("#main")).ToContainTextAsync("was tightened");
    }

    [Fact]
    public async Task A_disabled_person_is_out_at_once_and_no_connection_brings_them_back()
    {
        await using var house = await RunningHouse.OpenAsync();
        await using var adam = await HoldingAsync(house, new BrowserWish(FaultsAreExpected: true));

        (await house.Get<Core.Agency.UseCases.ManagePeople>().DisableAsync(house.Olivia, house.Adam)).Require();

        await Assertions.Expect(adam.Page.GetByRole(AriaRole.Heading, new() { Name = "Sign in" })).ToBeVisibleAsync();
        Assert.DoesNotContain(Cast.Secret, await adam.VisibleTreeAsync(), StringComparison.Ordinal);
        await adam.Page.GoBackAsync();
        await Assertions.Expect(adam.Page.GetByRole(AriaRole.Heading, new() { Name = "Sign in" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_killed_server_leaves_nothing_on_the_glass_after_two_seconds()
    {
        await using var agency = await TestAgency.FoundAtAsync(Instant.FromDateTimeOffset(TimeProvider.System.GetUtcNow()) - Duration.FromMinutes(1));
        var session = await agency.GrantAsync(agency.Adam);
        await agency.LeaveAsync();
        await using var process = await HouseProcess.StartAsync(agency.Paths.DataFolder);
        await using var adam = await Person.SignedInAsync(chromium, process.Url, "Adam", $"/sessions/{session}", new BrowserWish(FaultsAreExpected: true));
        await adam.Page.GetByRole(AriaRole.Button, new() { Name = "Reveal Password" }).ClickAsync();
        await ShownAsync(adam.Page);
        var wiped = await adam.LookOutForEndOfAsync(".ah-glass[data-glass=shown]");

        var killed = TimeProvider.System.GetUtcNow();
        await process.KillAsync();

        Assert.InRange(await wiped.SeenAsync() - killed, TimeSpan.Zero - OneSecond, TwoSeconds);
        Assert.DoesNotContain(Cast.Secret, await adam.VisibleTreeAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_lost_line_empties_the_glass_and_coming_back_shows_nothing()
    {
        await using var house = await RunningHouse.OpenAsync();
        await using var adam = await HoldingAsync(house, new BrowserWish(FaultsAreExpected: true));
        var wiped = await adam.LookOutForEndOfAsync(".ah-glass[data-glass=shown]");

        await adam.Context.SetOfflineAsync(true);
        await wiped.SeenAsync();
        await adam.Context.SetOfflineAsync(false);
        await Person.ReadyAsync(adam.Page);

        Assert.DoesNotContain(Cast.Secret, await adam.VisibleTreeAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_denial_and_a_withdrawal_are_seen_on_the_other_side_without_a_reload()
    {
        await using var house = await RunningHouse.OpenAsync();
        var denied = (await house.RaiseAsync(house.Adam)).Require().Request;
        await using var adam = await Person.SignedInAsync(chromium, house.Url, "Adam", $"/requests/{denied}");
        await using var priya = await Person.SignedInAsync(chromium, house.Url, "Priya", "/sessions");
        await priya.Page.GetByRole(AriaRole.Button, new() { Name = "Deny Adam" }).ClickAsync();
        await priya.Page.GetByLabel("Why not?").FillAsync("The client is on it.");
        await priya.Page.GetByRole(AriaRole.Button, new() { Name = "Deny now" }).ClickAsync();
        await Assertions.Expect(adam.Page.Locator("#main")).ToContainTextAsync("Denied by Priya");
        await Assertions.Expect(adam.Page.Locator("#main")).ToContainTextAsync("The client is on it.");

        var withdrawn = (await house.RaiseAsync(house.Adam, reason: "The client is not on it, they are on a plane.")).Require().Request;
        await adam.GoToAsync($"/requests/{withdrawn}");
        await Assertions.Expect(priya.Page.GetByRole(AriaRole.Alertdialog)).ToBeVisibleAsync();
        await adam.Page.GetByRole(AriaRole.Button, new() { Name = "Withdraw" }).ClickAsync();
        await Assertions.Expect(priya.Page.GetByText("Withdrawn by Adam")).ToBeVisibleAsync();
        await Assertions.Expect(adam.Page.Locator("#main")).ToContainTextAsync("You withdrew this request.");
    }

    [Fact]
    public async Task At_the_end_of_its_time_the_page_is_told_and_says_what_can_be_done()
    {
        var time = new FakeTime();
        await using var house = await RunningHouse.OpenAsync(new HouseWish(Time: time));
        await using var adam = await HoldingAsync(house);
        var wiped = await adam.LookOutForEndOfAsync(".ah-glass[data-glass=shown]");

        time.AdvanceMinutes(30);
        await house.SettleAsync();

        await wiped.SeenAsync();
        await Assertions.Expect(adam.Page.Locator("#main")).ToContainTextAsync("The time was used up");
        await Assertions.Expect(adam.Page.GetByRole(AriaRole.Button, new() { Name = "Start a new one" })).ToBeVisibleAsync();
        await Assertions.Expect(adam.Page.Locator(".ah-pill")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_request_nobody_decides_lapses_before_the_eyes_of_both()
    {
        var time = new FakeTime();
        await using var house = await RunningHouse.OpenAsync(new HouseWish(Time: time));
        var request = (await house.RaiseAsync(house.Adam)).Require().Request;
        await using var adam = await Person.SignedInAsync(chromium, house.Url, "Adam", $"/requests/{request}");
        await using var priya = await Person.SignedInAsync(chromium, house.Url, "Priya", "/audit");
        await Assertions.Expect(priya.Page.GetByRole(AriaRole.Alertdialog)).ToBeVisibleAsync();

        time.AdvanceMinutes(15);
        await house.SettleAsync();

        await Assertions.Expect(adam.Page.Locator("#main")).ToContainTextAsync("This request lapsed: nobody decided by");
        await Assertions.Expect(priya.Page.GetByText("Lapsed, nobody decided in time: Adam")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Saving_the_card_makes_the_option_appear_and_disappear_while_somebody_looks()
    {
        await using var house = await RunningHouse.OpenAsync();
        await using var max = await Person.SignedInAsync(chromium, house.Url, "Max", $"/identities/{house.Ads}");
        await Assertions.Expect(max.Page.Locator("#main")).ToContainTextAsync("Only Owner and Admin can start emergency access. You are Member.");
        await using var adam = await Person.SignedInAsync(chromium, house.Url, "Adam", "/settings");
        await adam.Page.GetByRole(AriaRole.Button, new() { Name = "Edit", Exact = true }).ClickAsync();
        await adam.Page.GetByRole(AriaRole.Group, new() { Name = "Eligible roles" }).GetByLabel("Member").CheckAsync();

        var offered = await max.LookOutForAsync("#main button.is-emergency-outline:not([aria-disabled=true]):not([disabled])");
        await adam.Page.GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true }).ClickAsync();

        var seen = await offered.SeenAsync();
        Assert.InRange(seen - await SavedAsync(house), TimeSpan.Zero - OneSecond, OneSecond);
        var gone = await max.LookOutForEndOfAsync("#main button.is-emergency-outline:not([aria-disabled=true]):not([disabled])");
        await house.SaveRulesAsync(house.Olivia, r => r with { EligibleRoles = Roles.Owner });
        await gone.SeenAsync();
        await Assertions.Expect(max.Page.Locator("#main")).ToContainTextAsync("Only Owner can start emergency access.");
    }

    [Fact]
    public async Task Of_fifty_commits_each_is_on_the_other_screen_within_a_second()
    {
        await using var house = await RunningHouse.OpenAsync();
        await using var priya = await Person.SignedInAsync(chromium, house.Url, "Priya", "/sessions");
        List<double> milliseconds = [];
        for (var round = 0; round < 25; round++)
        {
            var appears = await priya.LookOutForAsync(".ah-count.is-emergency");
            var raised = (await house.RaiseAsync(house.Olivia, reason: $"Round {round} of fifty commits that are watched.")).Require();
            var committed = house.Now.ToDateTimeOffset();
            milliseconds.Add((await appears.SeenAsync() - committed).TotalMilliseconds);
            var goes = await priya.LookOutForEndOfAsync(".ah-count.is-emergency");
            await house.Get<Core.Requests.UseCases.DecideRequestHandler>().WithdrawAsync(house.Olivia, raised.Request);
            committed = house.Now.ToDateTimeOffset();
            milliseconds.Add((await goes.SeenAsync() - committed).TotalMilliseconds);
        }

        milliseconds.Sort();
        TestContext.Current.SendDiagnosticMessage($"commit to the other screen, 50 of them: p50 {milliseconds[24]:0} ms, p95 {milliseconds[47]:0} ms, worst {milliseconds[^1]:0} ms");
        Assert.True(milliseconds[^1] < 1000, $"The worst of fifty took {milliseconds[^1]:0} ms.");
    }

    private static Task ShownAsync(IPage page) => page.Locator(".ah-glass[data-glass=shown]").WaitForAsync();

    private static async Task<SessionId> SessionOfAsync(RunningHouse house)
        => (await house.Get<SessionQueries>().MineAsync(house.Adam))[0].Id;

    private static async Task<DateTimeOffset> SavedAsync(RunningHouse house)
        => (await house.Get<Core.Policies.UseCases.EditEmergencyPolicy>().ReadAsync()).EditedAt!.Value.ToDateTimeOffset();

    private async Task<Person> HoldingAsync(RunningHouse house, BrowserWish? wish = null)
    {
        var session = await house.GrantAsync(house.Adam);
        var adam = await Person.SignedInAsync(chromium, house.Url, "Adam", $"/sessions/{session}", wish);
        await adam.Page.GetByRole(AriaRole.Button, new() { Name = "Reveal Password" }).ClickAsync();
        await ShownAsync(adam.Page);
        return adam;
    }
}
