using System.Net;
using System.Net.Http.Json;
using System.Security.Claims;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using AccessHive.Core.Kernel;
using AccessHive.Core.Vault;
using AccessHive.Core.Vault.UseCases;
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

public sealed class SecretEndpointTests
{
    private const string Canary = "canary-ö-𝄞\nwith a second line";

    [Fact]
    public async Task A_new_credential_gets_exactly_the_bytes_that_were_typed()
    {
        await using var agency = await TestAgency.FoundAsync();
        await using var house = await HouseAsync(agency);

        var answer = await SendAsync(house, agency.Ian, new SecretEntered(agency.Ads.Value, Label: "Recovery code", UserName: "ads", Address: ""), Canary);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var added = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetGuid();
        Assert.Equal(Canary, (await agency.RevealAsync(agency.Adam, await agency.GrantAsync(agency.Adam, credential: new CredentialId(added)))).Require());
    }

    [Fact]
    public async Task A_changed_secret_is_the_next_version()
    {
        await using var agency = await TestAgency.FoundAsync();
        await using var house = await HouseAsync(agency);

        var answer = await SendAsync(house, agency.Ian, new SecretEntered(Credential: agency.AdsPassword.Value), Canary);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(2, (await agency.Get<IdentityQueries>().PageAsync(agency.Ian, agency.Ads))!.Credentials.Single().SecretVersion);
        Assert.Equal(Canary, (await agency.RevealAsync(agency.Adam, await agency.GrantAsync(agency.Adam))).Require());
    }

    [Fact]
    public async Task A_field_goes_beside_the_secret_and_a_key_file_brings_its_name()
    {
        await using var agency = await TestAgency.FoundAsync();
        await using var house = await HouseAsync(agency);

        Assert.Equal(HttpStatusCode.OK, (await SendAsync(house, agency.Ian, new SecretEntered(Credential: agency.AdsPassword.Value, Field: FieldKind.RecoveryCodes), "one\ntwo")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(house, agency.Ian, new SecretEntered(agency.Ads.Value, Label: "Key", Type: CredentialType.KeyFile, File: "key.json"), "{\n}")).StatusCode);
        var broken = await SendAsync(house, agency.Ian, new SecretEntered(agency.Ads.Value, Label: "Key", Type: CredentialType.KeyFile, File: "key.json"), Canary);

        Assert.Equal(HttpStatusCode.Conflict, broken.StatusCode);
        Assert.Contains("key-file-not-json", await broken.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        var cards = (await agency.Get<IdentityQueries>().PageAsync(agency.Ian, agency.Ads))!.Credentials;
        Assert.Equal([(CredentialType.Password, 1, 2), (CredentialType.KeyFile, 1, 0)], cards.Select(c => (c.Type, c.SecretVersion, c.Fields.Sum(f => f.Left))));
    }

    [Fact]
    public async Task A_refusal_is_said_in_words_and_never_repeats_the_secret()
    {
        await using var agency = await TestAgency.FoundAsync();
        await using var house = await HouseAsync(agency);

        foreach (var (who, about, secret, code) in new[]
        {
            (agency.Max, new SecretEntered(Credential: agency.AdsPassword.Value), Canary, "not-vault-manager"),
            (agency.Ian, new SecretEntered(agency.Ads.Value, Label: ""), Canary, "credential-label-missing"),
            (agency.Ian, new SecretEntered(agency.Ads.Value, Label: "Password"), "", "secret-missing"),
            (agency.Ian, new SecretEntered(agency.Ads.Value, Label: "Password"), new string('x', Credential.SecretLength + 1), "secret-missing"),
            (agency.Ian, new SecretEntered(agency.Ads.Value, Label: "Password"), new string('x', 100_000), "secret-missing"),
            (agency.Ian, new SecretEntered(Label: "Password"), Canary, "identity-not-found"),
        })
        {
            var answer = await SendAsync(house, who, about, secret);
            var said = await answer.Content.ReadAsStringAsync();

            Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
            Assert.Equal(code, JsonDocument.Parse(said).RootElement.GetProperty("code").GetString());
            Assert.NotEmpty(JsonDocument.Parse(said).RootElement.GetProperty("detail").GetString()!);
            Assert.DoesNotContain("canary", said, StringComparison.Ordinal);
        }

        Assert.Single((await agency.Get<IdentityQueries>().PageAsync(agency.Ian, agency.Ads))!.Credentials);
    }

    [Theory]
    [InlineData("no line feed")]
    [InlineData("not json\nsecret")]
    [InlineData("null\nsecret")]
    public async Task What_makes_no_sense_is_not_kept(string body)
    {
        await using var agency = await TestAgency.FoundAsync();
        await using var house = await HouseAsync(agency);

        Assert.Equal(HttpStatusCode.BadRequest, (await SendAsync(house, agency.Ian, Encoding.UTF8.GetBytes(body))).StatusCode);
    }

    [Fact]
    public async Task Only_our_own_script_and_only_somebody_signed_in_is_heard()
    {
        await using var agency = await TestAgency.FoundAsync();
        await using var house = await HouseAsync(agency);
        var body = Body(new SecretEntered(Credential: agency.AdsPassword.Value), Canary);

        Assert.Equal(HttpStatusCode.Unauthorized, (await SendAsync(house, null, body)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await SendAsync(house, agency.Ian, body, header: null)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await SendAsync(house, agency.Ian, body, header: "glass")).StatusCode);
    }

    private static Task<HttpResponseMessage> SendAsync(WebApplication house, PersonId who, SecretEntered about, string secret) => SendAsync(house, who, Body(about, secret));

    private static async Task<HttpResponseMessage> SendAsync(WebApplication house, PersonId? who, byte[] body, string? header = "vault")
    {
        using var client = house.GetTestClient();
        using var message = new HttpRequestMessage(HttpMethod.Post, SecretEndpoint.Path) { Content = new ByteArrayContent(body) };
        if (who is not null)
            message.Headers.Add(SignedInAs.Header, who.ToString());
        if (header is not null)
            message.Headers.Add("X-AccessHive", header);
        return await client.SendAsync(message);
    }

    private static byte[] Body(SecretEntered about, string secret)
        => [.. JsonSerializer.SerializeToUtf8Bytes(about, JsonSerializerOptions.Web), (byte)'\n', .. Encoding.UTF8.GetBytes(secret)];

    private static async Task<WebApplication> HouseAsync(TestAgency agency)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseTestServer();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(agency.Get<KeepIdentities>());
        builder.Services.AddAuthentication(SignedInAs.Header).AddScheme<AuthenticationSchemeOptions, SignedInAs>(SignedInAs.Header, null);
        builder.Services.AddAuthorization();
        var house = builder.Build();
        house.UseAuthentication().UseAuthorization();
        house.MapVaultSecrets();
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
