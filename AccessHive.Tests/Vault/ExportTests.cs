using System.Globalization;
using System.Text;
using AccessHive.Core.Kernel;
using AccessHive.Core.Vault;
using AccessHive.Core.Vault.UseCases;
using AccessHive.Tests.World;
using CsvHelper;
using Xunit;

namespace AccessHive.Tests.Vault;

public sealed class ExportTests : IAsyncLifetime
{
    private TestAgency agency = null!;

    public async ValueTask InitializeAsync() => agency = await TestAgency.FoundAsync();

    public ValueTask DisposeAsync() => agency.DisposeAsync();

    [Fact]
    public async Task What_is_known_goes_out_and_no_secret_and_the_entry_counts_it()
    {
        (await agency.Get<KeepIdentities>().ChangeFieldAsync(agency.Ian, agency.AdsPassword, FieldKind.RecoveryCodes, "one\ntwo"u8.ToArray())).Require();
        await agency.Get<KeepIdentities>().AddAsync(agency.Ian, new IdentityDetails("=cmd|' /C calc'!A0", IdentityType.ApiKey, "+1", "@b", null, "-2", RiskLevel.Low));

        var rows = await ExportAsync(agency.Aiko, new IdentityFilter());

        Assert.Equal(2, rows.Count);
        Assert.Equal(("'=cmd|' /C calc'!A0", "'+1", "'@b", "'-2", "Low"), (rows[0]["Name"], rows[0]["Platform"], rows[0]["Client"], rows[0]["Notes"], rows[0]["Risk"]));
        Assert.Equal(("Bergmann – Google Ads", "Password", "ads@bergmann.example", "1", "no", "2"), (rows[1]["Name"], rows[1]["Credential"], rows[1]["User name"], rows[1]["Version"], rows[1]["One-time codes"], rows[1]["Recovery codes left"]));
        Assert.DoesNotContain(rows.SelectMany(r => r.Values), v => v.Contains(Cast.Secret, StringComparison.Ordinal));
        await using var db = await agency.ReadAsync();
        var entry = db.Trail.Single(e => e.Type == "identities.exported");
        Assert.Equal(agency.Aiko, entry.ActorId);
        Assert.Contains("\"identities\"", Encoding.UTF8.GetString(entry.Payload), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_filter_of_the_list_is_the_filter_of_the_file()
    {
        await agency.KeepAsync("Casa Verde – Mailchimp");

        Assert.Equal("Casa Verde – Mailchimp", Assert.Single(await ExportAsync(agency.Ian, new IdentityFilter("casa")))["Name"]);
        Assert.Empty(await ExportAsync(agency.Ian, new IdentityFilter(Archived: true)));
    }

    [Fact]
    public async Task Who_may_not_export_gets_nothing_and_nothing_is_opened()
    {
        foreach (var who in new[] { agency.Max, agency.Priya, agency.Sofia })
        {
            var refused = await agency.Get<ExportIdentities>().WriteAsync(who, new IdentityFilter(), () => throw new InvalidOperationException("Opened."));
            Assert.Equal(ExportRefusals.NotExporter, refused.Refusal);
        }
    }

    [Fact]
    public async Task Without_its_entry_no_line_leaves()
    {
        await agency.SqlAsync("CREATE TRIGGER Broken BEFORE INSERT ON Trail BEGIN SELECT RAISE(ABORT, 'disk'); END");

        await Assert.ThrowsAnyAsync<Microsoft.EntityFrameworkCore.DbUpdateException>(() => agency.Get<ExportIdentities>().WriteAsync(agency.Ian, new IdentityFilter(), () => throw new InvalidOperationException("Opened.")));
    }

    private async Task<List<Dictionary<string, string>>> ExportAsync(PersonId who, IdentityFilter filter)
    {
        using var file = new MemoryStream();
        (await agency.Get<ExportIdentities>().WriteAsync(who, filter, () => file)).Require();
        Assert.True(file.ToArray().AsSpan().StartsWith("\uFEFF"u8));
        using var csv = new CsvReader(new StreamReader(new MemoryStream(file.ToArray())), CultureInfo.InvariantCulture);
        csv.Read();
        csv.ReadHeader();
        List<Dictionary<string, string>> rows = [];
        while (csv.Read())
            rows.Add(csv.HeaderRecord!.ToDictionary(h => h, h => csv.GetField(h)!));
        return rows;
    }
}
