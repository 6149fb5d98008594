using AccessHive.Core.Audit.UseCases;
using AccessHive.Core.Kernel;
using AccessHive.Tests.World;
using Xunit;

namespace AccessHive.Tests.Audit;

public sealed class FindSubjectsTests
{
    [Fact]
    public async Task People_are_found_by_a_piece_of_their_name_whatever_its_case()
    {
        await using var agency = await TestAgency.FoundAsync();

        var found = Assert.Single(await agency.Get<FindSubjects>().PeopleAsync(agency.Aiko, "RIY"));

        Assert.Equal((agency.Priya.Value, "Priya"), (found.Id, found.Name));
    }

    [Fact]
    public async Task Who_reads_only_their_own_entries_finds_only_themselves()
    {
        await using var agency = await TestAgency.FoundAsync();

        Assert.Equal(["Max"], (await agency.Get<FindSubjects>().PeopleAsync(agency.Max, "")).Select(p => p.Name));
        Assert.Null((await agency.Get<FindSubjects>().NamesAsync(agency.Max, agency.Adam, null)).Person);
        Assert.Equal("Adam", (await agency.Get<FindSubjects>().NamesAsync(agency.Aiko, agency.Adam, null)).Person);
    }

    [Fact]
    public async Task Signs_that_mean_something_to_a_database_are_letters_like_others()
    {
        await using var agency = await TestAgency.FoundAsync();
        await agency.KeepAsync("100 % Bio_Markt");

        Assert.Equal(["100 % Bio_Markt"], (await agency.Get<FindSubjects>().IdentitiesAsync("%")).Select(i => i.Name));
        Assert.Equal(["100 % Bio_Markt"], (await agency.Get<FindSubjects>().IdentitiesAsync("o_m")).Select(i => i.Name));
        Assert.Empty(await agency.Get<FindSubjects>().IdentitiesAsync("\\"));
        Assert.Empty(await agency.Get<FindSubjects>().IdentitiesAsync(new string('x', 40_000)));
    }

    [Fact]
    public async Task At_most_twenty_are_found()
    {
        await using var agency = await TestAgency.FoundAsync();
        for (var i = 0; i < 25; i++)
            await agency.KeepAsync($"Client {i}");

        Assert.Equal(FindSubjects.Most, (await agency.Get<FindSubjects>().IdentitiesAsync("client")).Count);
    }
}
