using System.Net;
using AccessHive.Core.Agency.UseCases;
using AccessHive.Core.Kernel;
using AccessHive.Tests.World;
using NodaTime;
using Xunit;

namespace AccessHive.Tests.Security;

public sealed class JoiningTests
{
    private const string Spent = "This link doesn't work any more";

    private static readonly (string Name, string Value)[] founding =
    [
        ("Form.Agency", "Nord & Süd"), ("Form.Zone", "Europe/Berlin"), ("Form.Name", "Nora"), ("Form.Email", "nora@agency.example"), ("Form.Password", Cast.Password),
    ];

    [Fact]
    public async Task The_setup_link_makes_the_first_owner_and_nobody_else()
    {
        await using var house = await RunningHouse.OpenAsync(new HouseWish(Empty: true));
        var link = $"/account/setup/{(await house.Get<Joining>().IssueSetupLinkAsync()).Require()}";
        using var nora = new Visitor(house.Url);
        var form = await nora.FormAsync(link);

        Assert.Equal(HttpStatusCode.Redirect, (await nora.SendFormAsync(link, form, founding)).StatusCode);

        Assert.Contains(Spent, await nora.ReadAsync(link), StringComparison.Ordinal);
        using var late = new Visitor(house.Url);
        var again = await nora.SendFormAsync(link, form, [.. founding, ("Form.Email", "late@agency.example")]);
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        Assert.Single(await house.Get<ManagePeople>().ListAsync(), p => p is { Name: "Nora", Roles: Roles.Owner });
        Assert.Equal(HttpStatusCode.Redirect, (await nora.SignInAsync("nora@agency.example")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await nora.GetAsync("/")).StatusCode);
    }

    [Fact]
    public async Task The_setup_link_works_for_thirty_minutes()
    {
        var time = new FakeTime();
        await using var house = await RunningHouse.OpenAsync(new HouseWish(Empty: true, Time: time));
        var link = $"/account/setup/{(await house.Get<Joining>().IssueSetupLinkAsync()).Require()}";
        using var nora = new Visitor(house.Url);

        time.Advance(Duration.FromMinutes(30) - Duration.FromMilliseconds(1));
        var form = await nora.FormAsync(link);
        time.Advance(Duration.FromMilliseconds(1));

        Assert.Contains(Spent, await nora.ReadAsync(link), StringComparison.Ordinal);
        await nora.SendFormAsync(link, form, founding);
        Assert.Empty(await house.Get<ManagePeople>().ListAsync());
    }

    [Fact]
    public async Task A_weak_password_is_refused_in_words_and_the_link_still_works()
    {
        await using var house = await RunningHouse.OpenAsync(new HouseWish(Empty: true));
        var link = $"/account/setup/{(await house.Get<Joining>().IssueSetupLinkAsync()).Require()}";
        using var nora = new Visitor(house.Url);

        var refused = await nora.FillInAsync(link, [.. founding[..4], ("Form.Password", "short")]);

        Assert.Equal(HttpStatusCode.OK, refused.StatusCode);
        Assert.Contains("12", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.DoesNotContain("value=\"short\"", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Redirect, (await nora.FillInAsync(link, founding)).StatusCode);
    }

    [Fact]
    public async Task An_invited_person_joins_by_their_link_once()
    {
        await using var house = await RunningHouse.OpenAsync();
        var link = $"/account/join/{(await house.Get<ManagePeople>().InviteAsync(house.Adam, new InvitePerson("Mia", "mia@agency.example", Roles.Member))).Require().Token}";
        using var mia = new Visitor(house.Url);
        var form = await mia.FormAsync(link);
        Assert.Contains("mia@agency.example", await mia.ReadAsync(link), StringComparison.Ordinal);

        Assert.Equal(HttpStatusCode.Redirect, (await mia.SendFormAsync(link, form, ("Form.Password", Cast.Password))).StatusCode);

        Assert.Contains(Spent, await mia.ReadAsync(link), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await mia.SendFormAsync(link, form, ("Form.Password", "another good password"))).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await mia.SignInAsync("mia@agency.example", "another good password")).StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, (await mia.SignInAsync("mia@agency.example")).StatusCode);
    }

    [Fact]
    public async Task A_join_link_is_worth_nothing_after_seven_days_a_newer_one_or_the_person_being_disabled()
    {
        var time = new FakeTime();
        await using var house = await RunningHouse.OpenAsync(new HouseWish(Time: time));
        var people = house.Get<ManagePeople>();
        using var somebody = new Visitor(house.Url);
        var old = (await people.InviteAsync(house.Adam, new InvitePerson("Old", "old@agency.example", Roles.Member))).Require();
        var renewed = (await people.InviteAsync(house.Adam, new InvitePerson("Renewed", "renewed@agency.example", Roles.Member))).Require();
        var newer = (await people.RenewLinkAsync(house.Adam, renewed.Person)).Require();
        Assert.Contains(Spent, await somebody.ReadAsync($"/account/join/{renewed.Token}"), StringComparison.Ordinal);
        Assert.DoesNotContain(Spent, await somebody.ReadAsync($"/account/join/{newer.Token}"), StringComparison.Ordinal);

        (await people.DisableAsync(house.Adam, renewed.Person)).Require();
        Assert.Contains(Spent, await somebody.ReadAsync($"/account/join/{newer.Token}"), StringComparison.Ordinal);

        time.Advance(Duration.FromDays(7) - Duration.FromMilliseconds(1));
        Assert.DoesNotContain(Spent, await somebody.ReadAsync($"/account/join/{old.Token}"), StringComparison.Ordinal);
        time.Advance(Duration.FromMilliseconds(1));
        Assert.Contains(Spent, await somebody.ReadAsync($"/account/join/{old.Token}"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Neither_link_opens_the_other_door()
    {
        await using var house = await RunningHouse.OpenAsync();
        var invited = (await house.Get<ManagePeople>().InviteAsync(house.Adam, new InvitePerson("Mia", "mia@agency.example", Roles.Member))).Require();
        using var mia = new Visitor(house.Url);

        Assert.Contains(Spent, await mia.ReadAsync($"/account/setup/{invited.Token}"), StringComparison.Ordinal);
        Assert.Contains(Spent, await mia.ReadAsync("/account/setup/0"), StringComparison.Ordinal);
        Assert.Contains(Spent, await mia.ReadAsync("/account/join/0"), StringComparison.Ordinal);
    }
}
