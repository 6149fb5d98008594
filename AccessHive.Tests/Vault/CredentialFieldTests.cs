using System.Text;
using AccessHive.Core.Audit.UseCases;
using AccessHive.Core.Kernel;
using AccessHive.Core.Sessions;
using AccessHive.Core.Sessions.UseCases;
using AccessHive.Core.Vault;
using AccessHive.Core.Vault.UseCases;
using AccessHive.Tests.World;
using Microsoft.EntityFrameworkCore;
using NodaTime;
using Xunit;

namespace AccessHive.Tests.Vault;

public sealed class CredentialFieldTests : IAsyncLifetime
{
    private const string Seed = "otpauth://totp/RFC?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&digits=8";
    private TestAgency agency = null!;

    private KeepIdentities Keep => agency.Get<KeepIdentities>();

    public async ValueTask InitializeAsync() => agency = await TestAgency.FoundAsync();

    public ValueTask DisposeAsync() => agency.DisposeAsync();

    [Theory]
    [InlineData(59, "94287082", 1)]
    [InlineData(1111111109, "07081804", 1)]
    [InlineData(1234567890, "89005924", 30)]
    public async Task The_holder_gets_the_code_of_the_moment_with_its_seconds_by_the_wall_clock(long second, string code, int valid)
    {
        await PutAsync(FieldKind.TotpSeed, Seed);
        var session = await agency.GrantAsync(agency.Adam);
        // The wall clock may be anywhere: the product's own time goes on, the site's clock decides about the code.
        agency.Time.SetWallClockBack(agency.Time.Now - Instant.FromUnixTimeSeconds(second));

        using var revealed = (await agency.Get<RevealCredentialHandler>().HandleAsync(agency.Adam, new RevealCredential(session, RevealMode.Shown, FieldKind.TotpSeed))).Require();

        Assert.Equal(code, Encoding.ASCII.GetString(revealed.Bytes.Span));
        Assert.Equal(Duration.FromSeconds(valid), revealed.ValidFor);
        Assert.Null(revealed.Codes);
    }

    [Fact]
    public async Task Codes_are_no_exposure_and_the_main_secret_is()
    {
        await PutAsync(FieldKind.TotpSeed, Seed);
        await PutAsync(FieldKind.RecoveryCodes, "one\ntwo");
        var session = await agency.GrantAsync(agency.Adam);
        (await agency.RevealAsync(agency.Adam, session, FieldKind.TotpSeed)).Require();
        (await agency.RevealAsync(agency.Adam, session, FieldKind.RecoveryCodes)).Require();
        await using var db = await agency.ReadAsync();
        Assert.Empty(await db.Exposures.ToListAsync());
        Assert.Null((await db.Credentials.AsNoTracking().SingleAsync(c => c.Id == agency.AdsPassword)).ExposedSince);

        (await agency.RevealAsync(agency.Adam, session)).Require();

        Assert.Single(await db.Exposures.ToListAsync());
    }

    [Fact]
    public async Task Each_recovery_code_leaves_once_in_order_and_then_there_is_none()
    {
        await PutAsync(FieldKind.RecoveryCodes, "one\n\ntwo\none\nthree");
        var session = await agency.GrantAsync(agency.Adam);

        Assert.Equal("one", (await agency.RevealAsync(agency.Adam, session, FieldKind.RecoveryCodes)).Require());
        using (var second = (await agency.Get<RevealCredentialHandler>().HandleAsync(agency.Adam, new RevealCredential(session, RevealMode.Copied, FieldKind.RecoveryCodes))).Require())
            Assert.Equal(("two", (1, 3)), (Encoding.UTF8.GetString(second.Bytes.Span), second.Codes));
        Assert.Equal("three", (await agency.RevealAsync(agency.Adam, session, FieldKind.RecoveryCodes)).Require());
        Assert.Equal(VaultRefusals.NoCodeLeft, (await agency.RevealAsync(agency.Adam, session, FieldKind.RecoveryCodes)).Refusal);

        await PutAsync(FieldKind.RecoveryCodes, "four");
        Assert.Equal("four", (await agency.RevealAsync(agency.Adam, session, FieldKind.RecoveryCodes)).Require());
    }

    [Fact]
    public async Task Twenty_tabs_at_once_get_ten_different_codes_and_ten_refusals()
    {
        await PutAsync(FieldKind.RecoveryCodes, string.Join('\n', Enumerable.Range(0, 10).Select(i => $"code-{i}")));
        var session = await agency.GrantAsync(agency.Adam);

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => agency.RevealAsync(agency.Adam, session, FieldKind.RecoveryCodes))));

        Assert.Equal(Enumerable.Range(0, 10).Select(i => $"code-{i}"), answers.Where(a => !a.IsRefused).Select(a => a.Value!).Order(StringComparer.Ordinal));
        Assert.Equal(10, answers.Count(a => a.Refusal == VaultRefusals.NoCodeLeft));
        Assert.Equal(10, (await agency.TrailAsync("session.secret-revealed")).Count);
    }

    [Fact]
    public async Task Without_its_entry_no_code_leaves_and_none_is_used_up()
    {
        await PutAsync(FieldKind.RecoveryCodes, "one\ntwo");
        var session = await agency.GrantAsync(agency.Adam);
        await agency.SqlAsync("CREATE TRIGGER Broken BEFORE INSERT ON Trail BEGIN SELECT RAISE(ABORT, 'disk'); END");
        await Assert.ThrowsAnyAsync<Exception>(() => agency.RevealAsync(agency.Adam, session, FieldKind.RecoveryCodes));
        await agency.SqlAsync("DROP TRIGGER Broken");

        Assert.Equal("one", (await agency.RevealAsync(agency.Adam, session, FieldKind.RecoveryCodes)).Require());
    }

    [Fact]
    public async Task Every_reveal_says_in_the_trail_what_it_was_and_how_many_codes_are_left()
    {
        await PutAsync(FieldKind.TotpSeed, Seed);
        await PutAsync(FieldKind.RecoveryCodes, "one\ntwo");
        var session = await agency.GrantAsync(agency.Adam);
        (await agency.RevealAsync(agency.Adam, session)).Require();
        (await agency.RevealAsync(agency.Adam, session, FieldKind.TotpSeed)).Require();
        (await agency.RevealAsync(agency.Adam, session, FieldKind.RecoveryCodes)).Require();

        await using var db = await agency.ReadAsync();
        var entries = (await db.Trail.Where(e => e.Type == "session.secret-revealed").OrderBy(e => e.Seq).ToListAsync()).ConvertAll(e => Encoding.UTF8.GetString(e.Payload));

        Assert.Equal(3, entries.Count);
        Assert.Contains("\"Secret\"", entries[0], StringComparison.Ordinal);
        Assert.Contains("\"TotpSeed\"", entries[1], StringComparison.Ordinal);
        Assert.Contains("\"RecoveryCodes\"", entries[2], StringComparison.Ordinal);
        Assert.Contains("codes left", entries[2], StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_seed_and_a_connectors_key_never_leave_and_the_rules_of_the_session_hold_for_every_field()
    {
        await PutAsync(FieldKind.TotpSeed, Seed);
        await PutAsync(FieldKind.RecoveryCodes, "one\ntwo");
        await PutAsync(FieldKind.ConnectorKey, "signing-key");
        var session = await agency.GrantAsync(agency.Adam);

        foreach (var mode in Enum.GetValues<RevealMode>())
        {
            var answer = await agency.Get<RevealCredentialHandler>().HandleAsync(agency.Adam, new RevealCredential(session, mode, FieldKind.ConnectorKey));
            Assert.Equal(VaultRefusals.FieldNotRevealed, answer.Refusal);
            using var code = (await agency.Get<RevealCredentialHandler>().HandleAsync(agency.Adam, new RevealCredential(session, mode, FieldKind.TotpSeed))).Require();
            Assert.Equal(8, code.Bytes.Length);
            Assert.All(code.Bytes.ToArray(), b => Assert.InRange(b, (byte)'0', (byte)'9'));
        }

        foreach (var field in new[] { FieldKind.TotpSeed, FieldKind.RecoveryCodes, FieldKind.ConnectorKey })
        {
            Assert.Equal(SessionRefusals.NotYourSession, (await agency.RevealAsync(agency.Olivia, session, field)).Refusal);
        }

        agency.Time.AdvanceMinutes(30);
        Assert.Equal(SessionRefusals.SessionOver, (await agency.RevealAsync(agency.Adam, session, FieldKind.RecoveryCodes)).Refusal);
        Assert.Equal(2, (await CardAsync()).Fields.Single(f => f.Kind == FieldKind.RecoveryCodes).Left);
    }

    [Fact]
    public async Task What_is_not_kept_or_was_removed_is_not_revealed()
    {
        var session = await agency.GrantAsync(agency.Adam);
        Assert.Equal(VaultRefusals.FieldNotKept, (await agency.RevealAsync(agency.Adam, session, FieldKind.TotpSeed)).Refusal);
        await PutAsync(FieldKind.TotpSeed, Seed);
        (await agency.RevealAsync(agency.Adam, session, FieldKind.TotpSeed)).Require();

        (await Keep.RemoveFieldAsync(agency.Ian, agency.AdsPassword, FieldKind.TotpSeed)).Require();

        Assert.Equal(VaultRefusals.FieldNotKept, (await agency.RevealAsync(agency.Adam, session, FieldKind.TotpSeed)).Refusal);
        Assert.Empty((await CardAsync()).Fields);
    }

    [Fact]
    public async Task Only_a_password_has_codes_and_it_stays_one_while_it_has_them()
    {
        var key = (await Keep.AddCredentialAsync(agency.Ian, agency.Ads, new CredentialDetails("Key", "", "", CredentialType.ApiKey), "k"u8.ToArray())).Require();
        Assert.Equal(VaultRefusals.FieldNotKept, (await Keep.ChangeFieldAsync(agency.Ian, key, FieldKind.TotpSeed, Encoding.UTF8.GetBytes(Seed))).Refusal);
        await PutAsync(FieldKind.TotpSeed, Seed);

        var asKey = new CredentialDetails("Password", "ads", "", CredentialType.ApiKey);
        Assert.Equal(VaultRefusals.FieldNotKept, (await Keep.EditCredentialAsync(agency.Ian, agency.AdsPassword, asKey)).Refusal);
        (await Keep.RemoveFieldAsync(agency.Ian, agency.AdsPassword, FieldKind.TotpSeed)).Require();
        (await Keep.EditCredentialAsync(agency.Ian, agency.AdsPassword, asKey)).Require();
    }

    [Fact]
    public async Task Only_those_who_keep_the_vault_enter_fields_and_what_was_typed_is_zeroed_whatever_comes_of_it()
    {
        foreach (var (who, typed, refused) in new[]
        {
            (agency.Ian, Seed, null), (agency.Max, Seed, VaultRefusals.NotVaultManager), (agency.Ian, "nonsense!", VaultRefusals.OneTimeSeedNotUsable),
        })
        {
            var bytes = Encoding.UTF8.GetBytes(typed);
            Assert.Equal(refused, (await Keep.ChangeFieldAsync(who, agency.AdsPassword, FieldKind.TotpSeed, bytes)).Refusal);
            Assert.All(bytes, b => Assert.Equal(0, b));
        }
    }

    [Theory]
    [InlineData("""{"type":"service_account","private_key":"-----BEGIN"}""", "", true)]
    [InlineData("{\n  \"a\": 1\n}\n", "key.json", true)]
    [InlineData("{\"a\": 1", "key.json", false)]
    [InlineData("{\"a\": 1", "", false)]
    [InlineData("{\"a\": 1} {\"b\": 2}", "", false)]
    [InlineData("-----BEGIN PRIVATE KEY-----", "key.json", false)]
    [InlineData("-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----\n", "key.pem", true)]
    public async Task A_key_file_that_says_it_is_json_has_to_be(string text, string file, bool good)
    {
        var details = new CredentialDetails("Key file", "", "", CredentialType.KeyFile);

        var added = await Keep.AddCredentialAsync(agency.Ian, agency.Ads, details, Encoding.UTF8.GetBytes(text), file);

        Assert.Equal(good ? null : VaultRefusals.KeyFileNotJson, added.Refusal);
        if (good)
            Assert.Equal(text, (await agency.RevealAsync(agency.Adam, await agency.GrantAsync(agency.Adam, credential: added.Value))).Require());
    }

    [Fact]
    public async Task The_history_says_of_each_version_since_when_by_whom_and_what_it_is_now_to_those_who_keep_the_vault()
    {
        agency.Time.AdvanceMinutes(1);
        var second = agency.Now;
        (await Keep.ChangeSecretAsync(agency.Adam, agency.AdsPassword, "second"u8.ToArray())).Require();
        await PutAsync(FieldKind.RecoveryCodes, "one");
        await PutAsync(FieldKind.RecoveryCodes, "two");

        var rows = await agency.Get<IdentityQueries>().VersionsAsync(agency.Olivia, agency.AdsPassword);

        Assert.Equal(
            [(FieldKind.Secret, 2, "Adam", VersionState.InForce), (FieldKind.Secret, 1, "Ian", VersionState.Replaced), (FieldKind.RecoveryCodes, 2, "Ian", VersionState.InForce), (FieldKind.RecoveryCodes, 1, "Ian", VersionState.Replaced)],
            rows.Select(r => (r.Field, r.Version, r.By!, r.State)));
        Assert.Equal(second, rows[0].SealedAt);
        Assert.Empty(await agency.Get<IdentityQueries>().VersionsAsync(agency.Max, agency.AdsPassword));
        Assert.Empty(await agency.Get<IdentityQueries>().VersionsAsync(agency.Aiko, agency.AdsPassword));
    }

    private async Task PutAsync(FieldKind field, string typed)
        => (await Keep.ChangeFieldAsync(agency.Ian, agency.AdsPassword, field, Encoding.UTF8.GetBytes(typed))).Require();

    private async Task<CredentialCard> CardAsync() => (await agency.Get<IdentityQueries>().PageAsync(agency.Ian, agency.Ads))!.Credentials.Single(c => c.Id == agency.AdsPassword);
}
