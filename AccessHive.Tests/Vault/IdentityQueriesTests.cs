using AccessHive.Core.Vault;
using AccessHive.Core.Vault.UseCases;
using AccessHive.Tests.World;
using Xunit;

namespace AccessHive.Tests.Vault;

public sealed class IdentityQueriesTests : IAsyncLifetime
{
    private TestAgency agency = null!;

    public async ValueTask InitializeAsync() => agency = await TestAgency.FoundAsync();

    public ValueTask DisposeAsync() => agency.DisposeAsync();

    [Theory]
    [InlineData("50%", "50% off")]
    [InlineData("%", "50% off")]
    [InlineData("_", "snake_case")]
    [InlineData("\\", "back\\slash")]
    [InlineData("[", "[brackets]")]
    [InlineData("'", "it's")]
    [InlineData("\"", "\"quoted\"")]
    public async Task What_means_something_to_LIKE_means_itself_in_a_search(string search, string found)
    {
        foreach (var name in new[] { "50% off", "500 off", "snake_case", "snakeXcase", "back\\slash", "[brackets]", "b", "it's", "\"quoted\"" })
            await AddAsync(name);

        var page = await ListAsync(new IdentityFilter(search));

        Assert.Equal([found], page.Rows.Select(r => r.Name));
    }

    [Fact]
    public async Task All_words_must_occur_in_name_client_or_platform()
    {
        await AddAsync("Ads", "Meta", "Nordwind");
        await AddAsync("Mail", "Meta", "Bergmann");

        Assert.Equal(["Ads"], await NamesAsync(new IdentityFilter("nord meta")));
        Assert.Equal(["Ads", "Mail"], await NamesAsync(new IdentityFilter("  META  ")));
        Assert.Empty(await NamesAsync(new IdentityFilter("nord berg")));
        Assert.Equal(["Mail"], await NamesAsync(new IdentityFilter(Client: "bergmann")));
        Assert.Equal(["Ads", "Mail"], await NamesAsync(new IdentityFilter(Platform: "Meta")));
        Assert.Equal(["Ads", "Mail"], await NamesAsync(new IdentityFilter(Type: IdentityType.ApiKey)));
    }

    [Theory]
    [InlineData(40_000, 1)]
    [InlineData(100_000, 1)]
    [InlineData(3, 5_000)]
    public async Task A_search_of_any_length_finds_nothing_and_breaks_nothing(int length, int words)
        => Assert.Empty(await NamesAsync(new IdentityFilter(string.Join(' ', Enumerable.Repeat(new string('z', length), words)))));

    [Fact]
    public async Task Archived_ones_are_listed_apart()
    {
        (await agency.Get<KeepIdentities>().ArchiveAsync(agency.Ian, agency.Ads, archived: true)).Require();

        Assert.Empty((await ListAsync(new IdentityFilter())).Rows);
        Assert.Single((await ListAsync(new IdentityFilter(Archived: true))).Rows);
        var (clients, platforms) = await agency.Get<IdentityQueries>().FacetsAsync();
        Assert.Empty(clients.Concat(platforms));
    }

    [Fact]
    public async Task A_row_says_whether_somebody_broke_the_glass()
    {
        Assert.False((await ListAsync(new IdentityFilter())).Rows[0].InEmergency);
        await agency.GrantAsync(agency.Adam, minutes: 5);
        Assert.True((await ListAsync(new IdentityFilter())).Rows[0].InEmergency);
        agency.Time.AdvanceMinutes(5);
        Assert.False((await ListAsync(new IdentityFilter())).Rows[0].InEmergency);
    }

    [Fact]
    public async Task Ten_thousand_identities_are_paged_by_name_and_counted_up_to_the_cap()
    {
        await agency.SqlAsync("""
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9999)
            INSERT INTO Identities (Id, Name, Type, Platform, Client, OwnerId, Notes, CreatedAt, ArchivedAt, Version)
            SELECT printf('%08X-0000-7000-8000-000000000000', i), printf('Account %05d', i), 'ExternalShared', 'Meta', printf('Client %03d', i % 300), NULL, '', 0, NULL, 1 FROM n
            """);

        var names = new List<string>();
        for (var page = 0; page < 3; page++)
        {
            var read = await agency.Get<IdentityQueries>().ListAsync(new IdentityFilter(), page);
            Assert.Equal((IdentityQueries.PageSize, IdentityQueries.CountCap + 1, true), (read.Rows.Count, read.Total, read.HasMore));
            names.AddRange(read.Rows.Select(r => r.Name));
        }

        Assert.Equal(Enumerable.Range(1, 150).Select(i => $"Account {i:00000}"), names);
        var last = await agency.Get<IdentityQueries>().ListAsync(new IdentityFilter(), 199);
        Assert.Equal((50, false), (last.Rows.Count, last.HasMore));
        Assert.Equal("Bergmann – Google Ads", last.Rows[^1].Name);
        var narrow = await agency.Get<IdentityQueries>().ListAsync(new IdentityFilter("09999 client"));
        Assert.Equal(("Account 09999", 1, false), (narrow.Rows[0].Name, narrow.Total, narrow.HasMore));
        Assert.Equal(200, (await agency.Get<IdentityQueries>().FacetsAsync()).Clients.Count);
    }

    [Theory]
    [InlineData(-1, 1)]
    [InlineData(1, 0)]
    [InlineData(int.MaxValue, 0)]
    public async Task A_page_that_does_not_exist_is_empty_and_one_before_the_first_is_the_first(int page, int rows)
        => Assert.Equal(rows, (await agency.Get<IdentityQueries>().ListAsync(new IdentityFilter(), page)).Rows.Count);

    private Task<IdentityListPage> ListAsync(IdentityFilter filter) => agency.Get<IdentityQueries>().ListAsync(filter);

    private async Task<IEnumerable<string>> NamesAsync(IdentityFilter filter) => (await ListAsync(filter)).Rows.Select(r => r.Name);

    private async Task AddAsync(string name, string platform = "", string client = "")
        => (await agency.Get<KeepIdentities>().AddAsync(agency.Ian, new IdentityDetails(name, IdentityType.ApiKey, platform, client, null, ""))).Require();
}
