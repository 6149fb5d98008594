using System.Net;
using AccessHive.Core.Agency.UseCases;
using AccessHive.Core.Kernel;
using AccessHive.Core.Vault;
using AccessHive.Tests.World;
using AccessHive.Web.Start;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using NodaTime;
using Xunit;

namespace AccessHive.Tests.Security;

public sealed class SignInTests(OneHouse one) : IClassFixture<OneHouse>
{
    private const string Wrong = "That didn't match.";

    private RunningHouse House => one.House;

    [Fact]
    public async Task Somebody_signs_in_and_gets_to_where_they_wanted()
    {
        using var visitor = new Visitor(House.Url);
        var sent = await visitor.GetAsync("/inbox?show=all");
        Assert.Equal(HttpStatusCode.Redirect, sent.StatusCode);
        var asked = sent.Headers.Location!;
        Assert.Equal("/account/sign-in?returnUrl=%2Finbox%3Fshow%3Dall", asked.IsAbsoluteUri ? asked.PathAndQuery : asked.ToString());

        var answer = await visitor.SignInAsync("  ADAM@agency.example ", returnUrl: "/inbox?show=all");

        Assert.Equal(new Uri(visitor.Url, "/inbox?show=all"), new Uri(visitor.Url, answer.Headers.Location!));
        Assert.Equal(HttpStatusCode.OK, (await visitor.GetAsync("/inbox?show=all")).StatusCode);
    }

    [Fact]
    public async Task The_cookie_is_out_of_reach_for_scripts_and_for_other_sites()
    {
        using var visitor = new Visitor(House.Url);

        var cookie = Assert.Single((await visitor.SignInAsync(Visitor.Email("Adam"))).Headers.GetValues("Set-Cookie"), c => c.StartsWith("AccessHive=", StringComparison.Ordinal)).Split(';', StringSplitOptions.TrimEntries);

        Assert.Contains("httponly", cookie);
        Assert.Contains("samesite=strict", cookie);
        Assert.Contains("path=/", cookie);
        Assert.DoesNotContain(cookie, a => a.StartsWith("domain", StringComparison.Ordinal) || a.StartsWith("expires", StringComparison.Ordinal) || a.StartsWith("max-age", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Behind_https_the_cookie_is_secure_and_bound_to_the_host()
    {
        using var folder = new TestFolder();
        using var key = new FileKeyWrapper(new byte[FileKeyWrapper.KeyLength]);
        await using var app = HiveHost.Build(new StartOptions(Demo: false, folder.In("data"), "https://hive.example"), key);
        var cookie = app.Services.GetRequiredService<IOptionsMonitor<CookieAuthenticationOptions>>().Get(IdentityConstants.ApplicationScheme).Cookie;

        Assert.Equal("__Host-AccessHive", cookie.Name);
        Assert.Equal(CookieSecurePolicy.Always, cookie.SecurePolicy);
    }

    [Theory]
    [InlineData("adam@agency.example", "not the password")]
    [InlineData("nobody@agency.example", Cast.Password)]
    [InlineData("adam@agency.example", "")]
    [InlineData("", "")]
    [InlineData("' OR 1=1 --", Cast.Password)]
    public async Task A_sign_in_that_does_not_match_says_the_same_whoever_it_was(string email, string password)
    {
        using var visitor = new Visitor(House.Url);

        var answer = await visitor.SignInAsync(email, password);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains(Wrong, await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Redirect, (await visitor.GetAsync("/")).StatusCode);
    }

    [Fact]
    public async Task A_failed_sign_in_is_in_the_trail_and_locks_nobody_out()
    {
        await using var house = await RunningHouse.OpenAsync();
        using var visitor = new Visitor(house.Url);
        for (var i = 0; i < 12; i++)
            await visitor.SignInAsync(Visitor.Email("Adam"), "not the password");

        Assert.Equal(12, (await house.TrailAsync("person.sign-in-failed")).Count);
        Assert.Equal(HttpStatusCode.Redirect, (await visitor.SignInAsync(Visitor.Email("Adam"))).StatusCode);
        Assert.Single(await house.TrailAsync("person.signed-in"));
    }

    [Fact]
    public async Task A_disabled_person_can_neither_sign_in_nor_go_on()
    {
        await using var house = await RunningHouse.OpenAsync();
        using var max = await Visitor.SignedInAsync(house, "Max");
        Assert.Equal(HttpStatusCode.OK, (await max.GetAsync("/")).StatusCode);

        (await house.Get<ManagePeople>().DisableAsync(house.Adam, house.Max)).Require();

        Assert.Equal(HttpStatusCode.Redirect, (await max.GetAsync("/")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await max.RevealAsync(Guid.CreateVersion7(), max.Origin)).StatusCode);
        Assert.Contains(Wrong, await (await max.SignInAsync(Visitor.Email("Max"))).Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Being_enabled_again_does_not_bring_an_old_cookie_back_to_life()
    {
        await using var house = await RunningHouse.OpenAsync();
        using var max = await Visitor.SignedInAsync(house, "Max");
        var cookies = max.Cookies.GetCookies(max.Url).Select(c => new System.Net.Cookie(c.Name, c.Value, c.Path, c.Domain)).ToList();
        (await house.Get<ManagePeople>().DisableAsync(house.Adam, house.Max)).Require();
        (await house.Get<ManagePeople>().EnableAsync(house.Adam, house.Max)).Require();

        using var thief = new Visitor(house.Url);
        cookies.ForEach(thief.Cookies.Add);

        Assert.Equal(HttpStatusCode.Redirect, (await thief.GetAsync("/")).StatusCode);
    }

    [Fact]
    public async Task A_sign_in_lasts_ten_hours_at_most_and_half_an_hour_without_a_sign_of_life()
    {
        var time = new FakeTime();
        await using var house = await RunningHouse.OpenAsync(new HouseWish(Time: time));
        using var busy = await Visitor.SignedInAsync(house, "Adam");
        using var idle = await Visitor.SignedInAsync(house, "Olivia");

        time.AdvanceMinutes(29);
        Assert.Equal(HttpStatusCode.NoContent, (await busy.PostAsync("/account/here", null, busy.Origin, ("X-AccessHive", "here"))).StatusCode);
        time.AdvanceMinutes(2);
        Assert.Equal(HttpStatusCode.Redirect, (await idle.GetAsync("/")).StatusCode);
        for (var gone = Duration.FromMinutes(31); gone < Duration.FromMinutes(595); gone += Duration.FromMinutes(20))
        {
            Assert.Equal(HttpStatusCode.OK, (await busy.GetAsync("/")).StatusCode);
            time.AdvanceMinutes(20);
        }

        Assert.Equal(HttpStatusCode.Redirect, (await busy.GetAsync("/")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await busy.PostAsync("/account/here", null, busy.Origin, ("X-AccessHive", "here"))).StatusCode);
    }

    [Theory]
    [InlineData("https://evil.example/")]
    [InlineData("//evil.example/")]
    [InlineData("///evil.example/")]
    [InlineData("/\\evil.example/")]
    [InlineData("\\\\evil.example/")]
    [InlineData("/\t/evil.example/")]
    [InlineData("/\n/evil.example/")]
    [InlineData("/\r\n/evil.example/")]
    [InlineData("/%09/evil.example/")]
    [InlineData("/%2F/evil.example/")]
    [InlineData("javascript:alert(1)")]
    [InlineData(" //evil.example/")]
    [InlineData("/.//evil.example/")]
    [InlineData("/x/..//evil.example/")]
    [InlineData("evil.example")]
    [InlineData("@evil.example/")]
    public async Task Nobody_is_sent_elsewhere_after_signing_in(string wanted)
    {
        await using var house = await RunningHouse.OpenAsync();
        using var visitor = new Visitor(house.Url);

        var answer = await visitor.SignInAsync(Visitor.Email("Adam"), returnUrl: wanted);

        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        // As a browser reads it: white space inside is dropped, and a backslash is a slash.
        var said = Assert.Single(answer.Headers.GetValues("Location"));
        var read = string.Concat(said.Where(c => c is not ('\t' or '\r' or '\n'))).Trim().Replace('\\', '/');
        Assert.Equal(visitor.Origin, new Uri(visitor.Url, read).GetLeftPart(UriPartial.Authority));
    }

    [Fact]
    public async Task Guessing_is_slowed_down_and_looking_is_not()
    {
        await using var house = await RunningHouse.OpenAsync();
        using var visitor = new Visitor(house.Url);
        var form = await visitor.FormAsync("/account/sign-in");
        var answers = new List<HttpStatusCode>();
        for (var i = 0; i < 40; i++)
            answers.Add((await visitor.SendFormAsync("/account/sign-in", form, ("Form.Email", "adam@agency.example"), ("Form.Password", "guess"))).StatusCode);

        Assert.Equal(30, answers.TakeWhile(a => a == HttpStatusCode.OK).Count());
        Assert.All(answers.Skip(30), a => Assert.Equal(HttpStatusCode.TooManyRequests, a));
        Assert.Equal(HttpStatusCode.OK, (await visitor.GetAsync("/account/sign-in")).StatusCode);
    }

    [Fact]
    public async Task A_form_that_did_not_come_from_our_page_is_refused()
    {
        using var visitor = new Visitor(House.Url);
        var form = (await visitor.FormAsync("/account/sign-in")).Where(f => f.Key != "__RequestVerificationToken").ToDictionary();

        var answer = await visitor.SendFormAsync("/account/sign-in", form, ("Form.Email", Visitor.Email("Adam")), ("Form.Password", Cast.Password));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public async Task Signing_out_closes_the_pages_of_that_sign_in_and_no_others()
    {
        using var here = await Visitor.SignedInAsync(House, "Adam");
        using var elsewhere = await Visitor.SignedInAsync(House, "Adam");
        await using var circuit = await OpenSocket.ToCircuitAsync(here);
        await using var other = await OpenSocket.ToCircuitAsync(elsewhere);

        Assert.Equal(HttpStatusCode.Redirect, (await here.PostAsync("/account/sign-out", null, here.Origin)).StatusCode);

        await circuit.ClosedAsync();
        Assert.True(other.IsOpen);
        Assert.Equal(HttpStatusCode.Redirect, (await here.GetAsync("/")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await elsewhere.GetAsync("/")).StatusCode);
    }

    [Fact]
    public async Task Who_signs_out_or_is_disabled_while_a_page_connects_does_not_keep_it()
    {
        await using var house = await RunningHouse.OpenAsync();
        using var adam = await Visitor.SignedInAsync(house, "Adam");
        await using var late = await OpenSocket.ToCircuitAsync(adam, async () => await adam.PostAsync("/account/sign-out", null, adam.Origin));
        await late.ClosedAsync();

        using var max = await Visitor.SignedInAsync(house, "Max");
        await using var page = await OpenSocket.ToHubAsync(max, async () => (await house.Get<ManagePeople>().DisableAsync(house.Adam, house.Max)).Require());
        await page.ClosedAsync();
    }

    [Fact]
    public async Task Disabling_somebody_closes_their_pages_and_programs_at_once()
    {
        await using var house = await RunningHouse.OpenAsync();
        using var max = await Visitor.SignedInAsync(house, "Max");
        using var adam = await Visitor.SignedInAsync(house, "Adam");
        await using var page = await OpenSocket.ToCircuitAsync(max);
        await using var program = await OpenSocket.ToHubAsync(max);
        await using var bystander = await OpenSocket.ToCircuitAsync(adam);

        (await house.Get<ManagePeople>().DisableAsync(house.Adam, house.Max)).Require();

        await page.ClosedAsync();
        await program.ClosedAsync();
        Assert.True(bystander.IsOpen);
        Assert.Equal(HttpStatusCode.Unauthorized, (await max.KnockAsync("/hubs/access", max.Origin)).Status);
    }
}
