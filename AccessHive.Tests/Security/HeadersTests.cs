using System.Net;
using AccessHive.Core.Storage;
using AccessHive.Tests.World;
using Microsoft.AspNetCore.Identity;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;
using Xunit;

namespace AccessHive.Tests.Security;

public sealed class HeadersTests(OneHouse one) : IClassFixture<OneHouse>
{
    private RunningHouse House => one.House;

    [Theory]
    [InlineData("/account/sign-in")]
    [InlineData("/account/setup/nothing")]
    [InlineData("/account/join/nothing")]
    [InlineData("/nowhere")]
    [InlineData("/css/app.css")]
    [InlineData("/_framework/blazor.web.js")]
    [InlineData("/reveal")]
    public async Task Nothing_goes_out_to_a_stranger_without_the_headers(string path)
    {
        using var visitor = new Visitor(House.Url);
        AssertHeaders(await visitor.GetAsync(path));
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/identities")]
    [InlineData("/inbox")]
    [InlineData("/sessions")]
    [InlineData("/audit")]
    [InlineData("/people")]
    [InlineData("/settings")]
    [InlineData("/nowhere")]
    public async Task Nothing_goes_out_to_our_people_without_the_headers(string path)
    {
        using var visitor = await Visitor.SignedInAsync(House, "Olivia");
        AssertHeaders(await visitor.GetAsync(path));
    }

    [Fact]
    public async Task An_address_that_leads_nowhere_shows_a_page_to_a_person_and_a_number_to_a_program()
    {
        using var visitor = await Visitor.SignedInAsync(House, "Olivia");
        using var asks = new HttpRequestMessage(HttpMethod.Get, "/nowhere");
        asks.Headers.Add("Accept", "text/html,application/xhtml+xml");
        using var page = await visitor.Http.SendAsync(asks);
        Assert.Equal((HttpStatusCode.NotFound, "text/html"), (page.StatusCode, page.Content.Headers.ContentType?.MediaType));

        using var bare = await visitor.Http.GetAsync("/nowhere");
        Assert.Equal((HttpStatusCode.NotFound, 0), (bare.StatusCode, (await bare.Content.ReadAsByteArrayAsync()).Length));
    }

    [Fact]
    public async Task A_refusal_and_an_incident_carry_the_headers_too()
    {
        await using var broken = await RunningHouse.OpenAsync(new HouseWish(FaultsAreExpected: true));
        using var visitor = await Visitor.SignedInAsync(broken, "Olivia");
        AssertHeaders(await visitor.PostAsync("/reveal", null, "https://evil.example"));

        await using (var db = new SqliteConnection($"Data Source={broken.Paths.Database};Pooling=False"))
        {
            await db.OpenAsync();
            await using var spoil = db.CreateCommand();
            spoil.CommandText = "ALTER TABLE People RENAME TO Gone";
            await spoil.ExecuteNonQueryAsync();
        }

        var incident = await visitor.GetAsync("/");
        Assert.Equal(HttpStatusCode.InternalServerError, incident.StatusCode);
        AssertHeaders(incident);
        var words = await incident.Content.ReadAsStringAsync();
        var number = words[words.IndexOf("AH-", StringComparison.Ordinal)..][..11];
        Assert.Contains(broken.Log.Faults, f => f.Text.Contains(number, StringComparison.Ordinal));
        Assert.DoesNotContain("Sqlite", words, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("   at ", words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_page_holds_no_script_of_its_own_and_names_nothing_from_elsewhere()
    {
        using var visitor = await Visitor.SignedInAsync(House, "Olivia");
        foreach (var path in new[] { "/", "/account/sign-in" })
        {
            var page = new AngleSharp.Html.Parser.HtmlParser().ParseDocument(await visitor.ReadAsync(path));
            Assert.All(page.Scripts, s => Assert.True(s.Source is { Length: > 0 } && s.Text.Length == 0));
            var named = page.QuerySelectorAll("[src], link[href]").Select(e => e.GetAttribute("src") ?? e.GetAttribute("href")!).ToList();
            Assert.NotEmpty(named);
            Assert.All(named, n => Assert.False(n.Contains("//", StringComparison.Ordinal), n));
            foreach (var name in named)
            {
                var answer = await visitor.GetAsync("/" + name);
                Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{name} on {path} was answered {(int)answer.StatusCode}.");
                Assert.True((await answer.Content.ReadAsByteArrayAsync()).Length > 0, $"{name} came without a body.");
            }
        }
    }

    [Fact]
    public async Task Fonts_sounds_and_modules_are_served_with_a_body_and_their_type()
    {
        using var visitor = new Visitor(House.Url);
        var fonts = (await visitor.ReadAsync("/css/app.css")).Split("url(").Skip(1).Select(u => u[..u.IndexOf(')', StringComparison.Ordinal)].Trim('"', '\'')).Where(u => !u.StartsWith("data:", StringComparison.Ordinal)).ToList();
        Assert.True(fonts.Count >= 4, "The stylesheet names its fonts.");
        var named = fonts.Select(f => (Path: new Uri(new Uri(visitor.Url, "/css/app.css"), f).AbsolutePath, Type: "font/woff2")).Concat(
        [
            ("/js/glass.js", "text/javascript"), ("/js/countdown.js", "text/javascript"), ("/js/urgent.js", "text/javascript"), ("/js/keys.js", "text/javascript"),
            ("/js/text.js", "text/javascript"), ("/js/enter.js", "text/javascript"), ("/sounds/urgent.wav", "audio/wav"), ("/favicon-urgent.svg", "image/svg+xml"), ("/logo.svg", "image/svg+xml"),
        ]);
        foreach (var (path, type) in named)
        {
            var answer = await visitor.GetAsync(path);
            Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{path} was answered {(int)answer.StatusCode}.");
            Assert.Equal(type, answer.Content.Headers.ContentType?.MediaType);
            Assert.True((await answer.Content.ReadAsByteArrayAsync()).Length > 100, $"{path} came without a body.");
        }
    }

    [Fact]
    public async Task Passwords_are_hashed_slowly_enough()
    {
        await using var house = await RunningHouse.OpenAsync(new HouseWish(Empty: true, RealPasswordCost: true));

        Assert.True(house.Get<IOptions<PasswordHasherOptions>>().Value.IterationCount >= 220_000);
        Assert.True(house.Get<IOptions<IdentityOptions>>().Value.Stores.ProtectPersonalData);
    }

    private static void AssertHeaders(HttpResponseMessage answer)
    {
        string? One(string name) => answer.Headers.TryGetValues(name, out var values) ? Assert.Single(values) : null;
        var rules = One("Content-Security-Policy")?.Split(';', StringSplitOptions.TrimEntries) ?? [];
        Assert.Contains("default-src 'self'", rules);
        Assert.Contains("script-src 'self'", rules);
        Assert.Contains("connect-src 'self'", rules);
        Assert.Contains("object-src 'none'", rules);
        Assert.Contains("base-uri 'self'", rules);
        Assert.Contains("form-action 'self'", rules);
        Assert.Contains("frame-ancestors 'none'", rules);
        Assert.Equal("nosniff", One("X-Content-Type-Options"));
        Assert.Equal("same-origin", One("Referrer-Policy"));
        Assert.Equal("same-origin", One("Cross-Origin-Opener-Policy"));
        Assert.NotNull(One("Permissions-Policy"));
    }
}
