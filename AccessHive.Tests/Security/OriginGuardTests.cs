using System.Net;
using AccessHive.Tests.World;
using Xunit;

namespace AccessHive.Tests.Security;

public sealed class OriginGuardTests(OneHouse one) : IClassFixture<OneHouse>
{
    private RunningHouse House => one.House;

    private static string[] Foreign(Visitor visitor) =>
        ["https://evil.example", "null", $"https://{visitor.Url.Authority}", "http://127.0.0.1:1", $"http://localhost:{visitor.Url.Port}", $"{visitor.Origin}.evil.example"];

    [Theory]
    [InlineData("/_blazor")]
    [InlineData("/_BLAZOR")]
    [InlineData("/_blazor/")]
    [InlineData("/hubs/access")]
    [InlineData("/Hubs/Access")]
    public async Task A_socket_from_a_foreign_page_is_refused_with_the_cookie_in_hand(string path)
    {
        using var visitor = await Visitor.SignedInAsync(House, "Adam");
        foreach (var origin in Foreign(visitor))
        {
            var (status, socket) = await visitor.KnockAsync(path, origin);
            socket?.Dispose();
            Assert.True(status == HttpStatusCode.Forbidden, $"{origin} at {path} was answered {(int)status}.");
        }
    }

    [Theory]
    [InlineData("/_blazor")]
    [InlineData("/hubs/access")]
    public async Task A_socket_from_our_own_page_is_opened(string path)
    {
        using var visitor = await Visitor.SignedInAsync(House, "Adam");

        var (status, socket) = await visitor.KnockAsync(path, visitor.Origin);

        Assert.Equal(HttpStatusCode.SwitchingProtocols, status);
        socket!.Dispose();
    }

    [Theory]
    [InlineData("/_blazor/negotiate?negotiateVersion=1")]
    [InlineData("/_blazor/disconnect")]
    [InlineData("/hubs/access/negotiate?negotiateVersion=1")]
    [InlineData("/reveal")]
    [InlineData("/account/sign-in")]
    [InlineData("/account/sign-out")]
    [InlineData("/account/here")]
    [InlineData("/somewhere/else")]
    public async Task A_foreign_page_can_post_nothing(string path)
    {
        using var visitor = await Visitor.SignedInAsync(House, "Adam");
        foreach (var origin in Foreign(visitor))
        {
            var answer = await visitor.PostAsync(path, null, origin, ("X-AccessHive", "glass"));
            Assert.True(answer.StatusCode == HttpStatusCode.Forbidden, $"{origin} at {path} was answered {(int)answer.StatusCode}.");
        }

        Assert.Equal(HttpStatusCode.OK, (await visitor.GetAsync("/")).StatusCode);
    }

    [Theory]
    [InlineData("PUT")]
    [InlineData("PATCH")]
    [InlineData("DELETE")]
    [InlineData("ANYTHING")]
    public async Task No_other_verb_gets_past_the_guard(string verb)
    {
        using var visitor = await Visitor.SignedInAsync(House, "Adam");
        using var request = new HttpRequestMessage(new HttpMethod(verb), new Uri("/account/sign-out", UriKind.Relative));
        request.Headers.Add("Origin", "https://evil.example");

        Assert.Equal(HttpStatusCode.Forbidden, (await visitor.Http.SendAsync(request)).StatusCode);
    }

    [Fact]
    public async Task A_secret_is_given_only_to_a_page_that_says_where_it_comes_from()
    {
        using var visitor = await Visitor.SignedInAsync(House, "Adam");
        var session = Guid.CreateVersion7();

        Assert.Equal(HttpStatusCode.Forbidden, (await visitor.RevealAsync(session, origin: null)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await visitor.RevealAsync(session, visitor.Origin, fromGlass: false)).StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await visitor.RevealAsync(session, visitor.Origin)).StatusCode);
        Assert.NotEqual(HttpStatusCode.OK, (await visitor.GetAsync("/reveal")).StatusCode);
    }

    [Fact]
    public async Task Nobody_gets_a_secret_without_signing_in()
    {
        using var visitor = new Visitor(House.Url);
        Assert.Equal(HttpStatusCode.Unauthorized, (await visitor.RevealAsync(Guid.CreateVersion7(), visitor.Origin)).StatusCode);
    }

    [Theory]
    [InlineData("/_blazor?id=x")]
    [InlineData("/_blazor/?id=x")]
    [InlineData("/_BLAZOR?id=x")]
    public async Task A_circuit_runs_over_a_socket_and_nothing_else(string path)
    {
        using var visitor = await Visitor.SignedInAsync(House, "Adam");
        using var negotiated = System.Text.Json.JsonDocument.Parse(
            await (await visitor.PostAsync("/_blazor/negotiate?negotiateVersion=1", null, visitor.Origin)).Content.ReadAsStringAsync());
        var real = path.Replace("id=x", $"id={Uri.EscapeDataString(negotiated.RootElement.GetProperty("connectionToken").GetString()!)}", StringComparison.Ordinal);

        Assert.Equal(HttpStatusCode.BadRequest, (await visitor.GetAsync(real)).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await visitor.PostAsync(real, null, visitor.Origin)).StatusCode);
    }
}
