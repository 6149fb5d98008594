using System.Net;
using System.Net.Http.Json;
using System.Security.Claims;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using AccessHive.Core.Connectors;
using AccessHive.Core.Kernel;
using AccessHive.Core.Sessions.UseCases;
using AccessHive.Core.Vault;
using AccessHive.Core.Vault.UseCases;
using AccessHive.Tests.Vault.Rotating;
using AccessHive.Tests.World;
using AccessHive.Web.Features.Vault;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Xunit;

namespace AccessHive.Tests.Vault.Pages;

public sealed class RotationEndpointTests
{
    private const string Canary = "canary-ö-𝄞";

    [Fact]
    public async Task What_one_person_enters_another_looks_at_and_only_the_glass_gets_it()
    {
        await using var agency = await TestAgency.FoundAsync();
        var id = await SeenAsync(agency);
        await using var house = await HouseAsync(agency);

        Assert.Equal(HttpStatusCode.OK, (await EnterAsync(house, agency.Ian, new RotationSecretEntered(Rotation: id.Value), Canary)).StatusCode);
        var own = await LookAsync(house, agency.Ian, id);
        Assert.Equal((HttpStatusCode.Conflict, "own-entry"), (own.StatusCode, await CodeAsync(own)));
        Assert.Equal(HttpStatusCode.Forbidden, (await LookAsync(house, agency.Olivia, id, header: "vault")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await LookAsync(house, null, id)).StatusCode);

        var shown = await LookAsync(house, agency.Olivia, id);

        Assert.Equal(Canary, await shown.Content.ReadAsStringAsync());
        Assert.True(shown.Headers.CacheControl!.NoStore);
        Assert.NotEmpty(shown.Headers.GetValues("X-AccessHive-Remaining-Ms").Single());
        Assert.Single(await agency.TrailAsync("rotation.pending-shown"));
    }

    [Fact]
    public async Task A_refusal_is_said_in_words_and_never_repeats_the_secret()
    {
        await using var agency = await TestAgency.FoundAsync();
        var id = await SeenAsync(agency);
        await using var house = await HouseAsync(agency);

        foreach (var (who, about, secret, code) in new[]
        {
            (agency.Max, new RotationSecretEntered(Rotation: id.Value), Canary, "not-vault-manager"),
            (agency.Ian, new RotationSecretEntered(Rotation: id.Value), Cast.Secret, "secret-same-as-before"),
            (agency.Ian, new RotationSecretEntered(Rotation: id.Value), "", "secret-missing"),
            (agency.Ian, new RotationSecretEntered(Rotation: id.Value), new string('x', 100_000), "secret-missing"),
            (agency.Ian, new RotationSecretEntered(Rotation: Guid.Empty), Canary, "rotation-not-found"),
            (agency.Ian, new RotationSecretEntered(KeyOf: agency.AdsPassword.Value), Canary, "signing-key-too-short"),
            (agency.Sofia, new RotationSecretEntered(KeyOf: agency.AdsPassword.Value), new string('k', 40), "not-vault-manager"),
        })
        {
            var answer = await EnterAsync(house, who, about, secret);
            var said = await answer.Content.ReadAsStringAsync();
            Assert.Equal((HttpStatusCode.Conflict, code), (answer.StatusCode, JsonDocument.Parse(said).RootElement.GetProperty("code").GetString()));
            Assert.DoesNotContain("canary", said, StringComparison.Ordinal);
        }

        Assert.Equal(HttpStatusCode.BadRequest, (await EnterAsync(house, agency.Ian, new RotationSecretEntered(), Canary)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await EnterAsync(house, agency.Ian, new RotationSecretEntered(KeyOf: agency.AdsPassword.Value), new string('k', 40))).StatusCode);
    }

    [Fact]
    public async Task A_report_that_is_signed_brings_the_next_try_and_nothing_else_is_heard()
    {
        var key = Encoding.ASCII.GetBytes(new string('k', 40));
        await using var world = await RotationWorld.OpenAsync(new TargetInMemory());
        (await world.Agency.Get<PlanRotation>().ChangeKeyAsync(world.Agency.Ian, world.Credential, [.. key])).Require();
        await world.SeenAsync();
        world.Trouble.TakesItsTime = true;
        await world.WorkAsync();
        world.Trouble.Heal();
        var order = world.Trouble.Orders.Single();
        await world.Target.ChangeOutsideAsync(await world.StoredAsync(2));
        await using var house = await HouseAsync(world.Agency);

        var body = Encoding.UTF8.GetBytes("""{"result":"yes"}""");
        var now = WebhookSignature.Timestamp(world.Agency.Now);
        foreach (var (stamp, signature, path) in new[]
        {
            (now, WebhookSignature.Sign(Encoding.ASCII.GetBytes(new string('x', 40)), now, body), order),
            (now, "", order),
            (WebhookSignature.Timestamp(world.Agency.Now - NodaTime.Duration.FromMinutes(6)), WebhookSignature.Sign(key, now, body), order),
            (now, WebhookSignature.Sign(key, now, body), RotationId.New().ToString()),
            (now, WebhookSignature.Sign(key, now, body), "nonsense"),
        })
            Assert.Equal(HttpStatusCode.Unauthorized, (await ReportAsync(house, path, stamp, signature, body)).StatusCode);
        await world.WorkAsync();
        Assert.Equal(RotationState.Stored, (await world.RotationAsync()).State);

        Assert.Equal(HttpStatusCode.NoContent, (await ReportAsync(house, order, now, WebhookSignature.Sign(key, now, body), body)).StatusCode);
        await world.WorkAsync();

        await world.IsDoneAsync();
        Assert.Single(await world.Agency.TrailAsync("rotation.reported"));
        Assert.Equal(HttpStatusCode.Unauthorized, (await ReportAsync(house, order, now, WebhookSignature.Sign(key, now, body), body)).StatusCode);
    }

    [Fact]
    public async Task A_report_that_comes_after_all_tries_lets_it_go_on()
    {
        var key = Encoding.ASCII.GetBytes(new string('k', 40));
        await using var world = await RotationWorld.OpenAsync(new TargetInMemory());
        (await world.Agency.Get<PlanRotation>().ChangeKeyAsync(world.Agency.Ian, world.Credential, [.. key])).Require();
        await world.SeenAsync();
        world.Trouble.TakesItsTime = true;
        await world.WorkItOutAsync();
        await world.NeedsPersonAsync();
        world.Trouble.Heal();
        await world.Target.ChangeOutsideAsync(await world.StoredAsync(2));

        var body = Encoding.UTF8.GetBytes("""{"result":"yes"}""");
        var now = WebhookSignature.Timestamp(world.Agency.Now);
        Assert.True(await world.Agency.Get<TakeReport>().HandleAsync(world.Trouble.Orders[0], now, WebhookSignature.Sign(key, now, body), body));
        await world.WorkAsync();

        await world.IsDoneAsync();
    }

    private static async Task<RotationId> SeenAsync(TestAgency agency)
    {
        var session = await agency.GrantAsync(agency.Adam);
        (await agency.RevealAsync(agency.Adam, session)).Require();
        (await agency.Get<EndSessionHandler>().EndAsync(agency.Adam, session)).Require();
        await agency.SettleAsync();
        return (await agency.Get<RotationQueries>().OpenAsync(agency.Olivia)).Single().Id;
    }

    private static async Task<string?> CodeAsync(HttpResponseMessage answer) => (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString();

    private static Task<HttpResponseMessage> EnterAsync(WebApplication house, PersonId who, RotationSecretEntered about, string secret)
        => SendAsync(house, who, RotationEndpoints.EntryPath, new ByteArrayContent([.. JsonSerializer.SerializeToUtf8Bytes(about, JsonSerializerOptions.Web), (byte)'\n', .. Encoding.UTF8.GetBytes(secret)]), "vault");

    private static Task<HttpResponseMessage> LookAsync(WebApplication house, PersonId? who, RotationId id, string header = "glass")
        => SendAsync(house, who, RotationEndpoints.PendingPath, JsonContent.Create(new PendingAsked(id.Value)), header);

    private static async Task<HttpResponseMessage> SendAsync(WebApplication house, PersonId? who, string path, HttpContent content, string header)
    {
        using var client = house.GetTestClient();
        using var message = new HttpRequestMessage(HttpMethod.Post, path) { Content = content };
        if (who is not null)
            message.Headers.Add(SignedInAs.Header, who.ToString());
        message.Headers.Add("X-AccessHive", header);
        return await client.SendAsync(message);
    }

    private static async Task<HttpResponseMessage> ReportAsync(WebApplication house, string order, string timestamp, string signature, byte[] body)
    {
        using var client = house.GetTestClient();
        using var message = new HttpRequestMessage(HttpMethod.Post, $"/hooks/rotations/{order}") { Content = new ByteArrayContent(body) };
        message.Headers.Add(WebhookSignature.TimestampHeader, timestamp);
        message.Headers.TryAddWithoutValidation(WebhookSignature.SignatureHeader, signature);
        return await client.SendAsync(message);
    }

    private static async Task<WebApplication> HouseAsync(TestAgency agency)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseTestServer();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(agency.Get<KeepRotations>()).AddSingleton(agency.Get<PlanRotation>()).AddSingleton(agency.Get<TakeReport>());
        builder.Services.AddAuthentication(SignedInAs.Header).AddScheme<AuthenticationSchemeOptions, SignedInAs>(SignedInAs.Header, null);
        builder.Services.AddAuthorization();
        var house = builder.Build();
        house.UseAuthentication().UseAuthorization();
        house.MapRotations();
        await house.StartAsync();
        return house;
    }

    /// <summary>Whoever a header names; the cookie itself is tested in Security.</summary>
    private sealed class SignedInAs(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
    {
        public const string Header = "signed-in-as";

        protected override Task<AuthenticateResult> HandleAuthenticateAsync()
        {
            var who = Request.Headers[Header].ToString();
            return Task.FromResult(who.Length == 0
                ? AuthenticateResult.NoResult()
                : AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, who)], Header)), Header)));
        }
    }
}
