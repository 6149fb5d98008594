using System.Security.Cryptography;
using AccessHive.Core.Kernel;
using AccessHive.Core.Vault;
using AccessHive.Core.Vault.UseCases;
using AccessHive.Tests.World;
using Microsoft.EntityFrameworkCore;
using NodaTime;
using Xunit;

namespace AccessHive.Tests.Vault;

public sealed class KeepIdentitiesTests : IAsyncLifetime
{
    private static readonly CredentialDetails Label = new("Password", "", "");
    private TestAgency agency = null!;

    public async ValueTask InitializeAsync() => agency = await TestAgency.FoundAsync();

    public ValueTask DisposeAsync() => agency.DisposeAsync();

    [Fact]
    public async Task Owner_Admin_and_Identity_Manager_keep_the_vault_and_nobody_else()
    {
        foreach (var keeper in new[] { agency.Olivia, agency.Adam, agency.Ian })
        {
            var id = (await Keep.AddAsync(keeper, Details($"Kept by {keeper}"))).Require();
            (await Keep.AddCredentialAsync(keeper, id, Label, [1])).Require();
        }

        foreach (var other in new[] { agency.Priya, agency.Sofia, agency.Aiko, agency.Max })
        {
            Refused(await Keep.AddAsync(other, Details("Mine")));
            Refused(await Keep.EditAsync(other, agency.Ads, Details("Mine"), await VersionAsync()));
            Refused(await Keep.ArchiveAsync(other, agency.Ads, archived: true));
            Refused(await Keep.AddCredentialAsync(other, agency.Ads, Label, [1]));
            Refused(await Keep.EditCredentialAsync(other, agency.AdsPassword, Label));
            Refused(await Keep.ChangeSecretAsync(other, agency.AdsPassword, [1]));
            Refused(await Keep.ArchiveCredentialAsync(other, agency.AdsPassword));
        }

        Assert.Equal(28, (await agency.TrailAsync("attempt.refused")).Count);

        static void Refused<T>(Result<T> result) => Assert.Equal(VaultRefusals.NotVaultManager, result.Refusal);
    }

    [Fact]
    public async Task The_plain_bytes_are_zeroed_whatever_comes_of_it()
    {
        foreach (var (who, size) in new[] { (agency.Ian, 20), (agency.Max, 20), (agency.Ian, 8193) })
        {
            var added = RandomNumberGenerator.GetBytes(size);
            await Keep.AddCredentialAsync(who, agency.Ads, Label, added);
            var changed = RandomNumberGenerator.GetBytes(size);
            await Keep.ChangeSecretAsync(who, agency.AdsPassword, changed);
            Assert.All(added.Concat(changed), b => Assert.Equal(0, b));
        }

        await agency.SqlAsync("CREATE TRIGGER Broken BEFORE INSERT ON Secrets BEGIN SELECT RAISE(ABORT, 'disk'); END");
        var lost = RandomNumberGenerator.GetBytes(20);
        await Assert.ThrowsAsync<DbUpdateException>(() => Keep.ChangeSecretAsync(agency.Ian, agency.AdsPassword, lost));
        Assert.All(lost, b => Assert.Equal(0, b));
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [InlineData(8192, true)]
    [InlineData(8193, false)]
    public async Task A_secret_has_1_to_8192_bytes(int size, bool good)
    {
        Assert.Equal(good ? null : VaultRefusals.SecretMissing, (await Keep.AddCredentialAsync(agency.Ian, agency.Ads, Label, new byte[size])).Refusal);
        Assert.Equal(good ? null : VaultRefusals.SecretMissing, (await Keep.ChangeSecretAsync(agency.Ian, agency.AdsPassword, new byte[size])).Refusal);
    }

    [Fact]
    public async Task Each_change_of_a_secret_is_a_version_of_its_own_and_the_old_one_is_kept()
    {
        agency.Time.AdvanceMinutes(1);
        (await Keep.ChangeSecretAsync(agency.Ian, agency.AdsPassword, "second"u8.ToArray())).Require();
        (await Keep.ChangeSecretAsync(agency.Adam, agency.AdsPassword, "third"u8.ToArray())).Require();

        await using var db = await agency.ReadAsync();
        var versions = await db.Secrets.Where(s => s.CredentialId == agency.AdsPassword).OrderBy(s => s.Version).ToListAsync();
        Assert.Equal([1, 2, 3], versions.Select(v => v.Version));
        var keyring = agency.Get<Keyring>();
        Assert.Equal(["second", "third"], versions.Skip(1).Select(v => System.Text.Encoding.UTF8.GetString(keyring.Open(v))));
        var card = Assert.Single((await agency.Get<IdentityQueries>().PageAsync(agency.Adam, agency.Ads))!.Credentials);
        Assert.Equal((3, agency.Now), (card.SecretVersion, card.SecretChangedAt));
    }

    [Fact]
    public async Task A_ciphertext_pasted_into_another_row_by_hand_does_not_leave_the_vault()
    {
        var (_, other) = await agency.KeepAsync("Nordwind – Meta", "somebody-elses-secret");
        var session = await agency.GrantAsync(agency.Adam);
        await agency.SqlAsync($"""
            UPDATE Secrets SET Ciphertext = (SELECT Ciphertext FROM Secrets WHERE CredentialId = '{Sql(other)}'), WrappedKey = (SELECT WrappedKey FROM Secrets WHERE CredentialId = '{Sql(other)}')
            WHERE CredentialId = '{Sql(agency.AdsPassword)}'
            """);

        await Assert.ThrowsAnyAsync<CryptographicException>(() => agency.RevealAsync(agency.Adam, session));
    }

    [Fact]
    public async Task Of_two_who_edit_the_same_version_the_second_is_told()
    {
        var version = await VersionAsync();
        (await Keep.EditAsync(agency.Ian, agency.Ads, Details("First"), version)).Require();

        Assert.Equal(VaultRefusals.IdentityChangedMeanwhile, (await Keep.EditAsync(agency.Adam, agency.Ads, Details("Second"), version)).Refusal);

        Assert.Equal("First", (await Keep.ReadAsync(agency.Ads))!.Value.Details.Name);
    }

    [Theory]
    [InlineData("", "p", "c", "n", "identity-name-missing")]
    [InlineData("  ", "p", "c", "n", "identity-name-missing")]
    [InlineData("x*121", "p", "c", "n", "identity-name-missing")]
    [InlineData("x*120", "x*80", "x*120", "x*2000", null)]
    [InlineData("x", "x*81", "c", "n", "text-too-long")]
    [InlineData("x", "p", "x*121", "n", "text-too-long")]
    [InlineData("x", "p", "c", "x*2001", "text-too-long")]
    public async Task Names_and_texts_have_their_lengths(string name, string platform, string client, string notes, string? refusal)
    {
        var details = new IdentityDetails(Long(name), IdentityType.ApiKey, Long(platform), Long(client), null, Long(notes));

        Assert.Equal(refusal, (await Keep.AddAsync(agency.Ian, details)).Refusal?.Code);
        Assert.Equal(refusal, (await Keep.EditAsync(agency.Ian, agency.Ads, details, await VersionAsync())).Refusal?.Code);

        static string Long(string text) => text.Split('*') is [_, var times] ? new string('x', int.Parse(times, System.Globalization.CultureInfo.InvariantCulture)) : text;
    }

    [Fact]
    public async Task What_is_unknown_is_not_found()
    {
        Assert.Equal(VaultRefusals.IdentityNotFound, (await Keep.ArchiveAsync(agency.Ian, IdentityId.New(), archived: true)).Refusal);
        Assert.Equal(VaultRefusals.IdentityNotFound, (await Keep.AddCredentialAsync(agency.Ian, IdentityId.New(), Label, [1])).Refusal);
        Assert.Equal(VaultRefusals.CredentialNotFound, (await Keep.ChangeSecretAsync(agency.Ian, CredentialId.New(), [1])).Refusal);
        Assert.Null(await Keep.ReadAsync(IdentityId.New()));
        Assert.Null(await agency.Get<IdentityQueries>().PageAsync(agency.Ian, IdentityId.New()));
    }

    [Fact]
    public async Task The_page_tells_a_person_what_they_wait_for_and_hold_and_who_else_holds_something()
    {
        var raised = (await agency.RaiseAsync(agency.Adam)).Require();
        var session = await agency.GrantAsync(agency.Olivia);

        var adams = (await agency.Get<IdentityQueries>().PageAsync(agency.Adam, agency.Ads))!;
        Assert.Equal((raised.Request, (SessionId?)null), (adams.Credentials[0].MyPending, adams.Credentials[0].MySession));
        Assert.Equal("Olivia", Assert.Single(adams.Running).HolderName);
        var olivias = (await agency.Get<IdentityQueries>().PageAsync(agency.Olivia, agency.Ads))!;
        Assert.Equal(((RequestId?)null, session), (olivias.Credentials[0].MyPending, olivias.Credentials[0].MySession));

        agency.Time.Advance(Duration.FromHours(1));
        var later = (await agency.Get<IdentityQueries>().PageAsync(agency.Olivia, agency.Ads))!;
        Assert.Equal(((RequestId?)null, (SessionId?)null, 0), (later.Credentials[0].MyPending, later.Credentials[0].MySession, later.Running.Count));
    }

    private KeepIdentities Keep => agency.Get<KeepIdentities>();

    private static IdentityDetails Details(string name) => new(name, IdentityType.ExternalShared, "", "", null, "");

    private static string Sql(CredentialId id) => id.ToString().ToUpperInvariant();

    private async Task<long> VersionAsync() => (await Keep.ReadAsync(agency.Ads))!.Value.Version;
}
