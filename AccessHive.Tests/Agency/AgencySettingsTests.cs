using AccessHive.Core.Agency;
using AccessHive.Core.Agency.UseCases;
using AccessHive.Core.Kernel;
using AccessHive.Tests.World;
using Microsoft.EntityFrameworkCore;
using NodaTime;
using Xunit;

namespace AccessHive.Tests.Agency;

public sealed class AgencySettingsTests
{
    [Fact]
    public async Task A_new_agency_works_weekdays_reviews_on_Monday_at_nine_and_within_three_days()
    {
        await using var agency = await TestAgency.FoundAsync();

        var card = await agency.Get<EditAgency>().ReadAsync();

        Assert.Equal(AgencyDetails.Default("Test Agency", "Europe/Berlin"), card.Details);
        Assert.Equal("Mon–Fri 09:00–18:00", card.Details.Hours.ToString());
    }

    [Fact]
    public async Task Every_value_is_kept_and_the_trail_says_what_changed()
    {
        await using var agency = await TestAgency.FoundAsync();
        var nights = new WorkingDay(new LocalTime(20, 0), LocalTime.Midnight);
        var wanted = new AgencyDetails(
            " Hansen & Co ", "America/New_York", WorkingHours.Default.With(IsoDayOfWeek.Monday, null).With(IsoDayOfWeek.Sunday, nights), IsoDayOfWeek.Wednesday, new LocalTime(14, 30), Duration.FromHours(48));

        (await agency.Get<EditAgency>().SaveAsync(agency.Adam, wanted, 1)).Require();

        var card = await agency.Get<EditAgency>().ReadAsync();
        Assert.Equal(wanted.Trimmed(), card.Details);
        Assert.Equal(("Adam", 2), (card.EditedBy, card.Revision));
        await using var db = await agency.ReadAsync();
        var said = System.Text.Encoding.UTF8.GetString((await db.Trail.OrderByDescending(e => e.Seq).FirstAsync()).Payload);
        foreach (var words in new[] { "Test Agency → Hansen & Co", "Mon–Fri 09:00–18:00 → Tue–Fri 09:00–18:00, Sun 20:00–24:00", "Monday 09:00 → Wednesday 14:30", "72 h → 48 h" })
            Assert.Contains(words, said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_Owner_and_Admin_edit_and_nobody_overwrites_what_they_have_not_seen()
    {
        await using var agency = await TestAgency.FoundAsync();
        var edit = agency.Get<EditAgency>();
        var details = (await edit.ReadAsync()).Details;

        Assert.Equal(AgencyRefusals.NotSettingsEditor, (await edit.SaveAsync(agency.Sofia, details with { Name = "Mine" }, 1)).Refusal);
        (await edit.SaveAsync(agency.Olivia, details with { Name = "Ours" }, 1)).Require();
        Assert.Equal(AgencyRefusals.AgencyChangedMeanwhile, (await edit.SaveAsync(agency.Adam, details with { Name = "Theirs" }, 1)).Refusal);
        Assert.Equal("Ours", (await edit.ReadAsync()).Details.Name);
    }

    public static TheoryData<string, AgencyDetails> Bad()
    {
        var good = AgencyDetails.Default("Agency", "Europe/Berlin");
        return new()
        {
            { "name-missing", good with { Name = "  " } },
            { "name-missing", good with { Name = new string('x', 101) } },
            { "zone-unknown", good with { Zone = "Europe/Atlantis" } },
            { "working-hours-invalid", good with { Hours = good.Hours.With(IsoDayOfWeek.Monday, new WorkingDay(new LocalTime(18, 0), new LocalTime(9, 0))) } },
            { "review-time-invalid", good with { ReviewDay = IsoDayOfWeek.None } },
            { "review-due-out-of-range", good with { ReviewDue = Duration.FromHours(23) } },
            { "review-due-out-of-range", good with { ReviewDue = Duration.FromHours(169) } },
            { "review-due-out-of-range", good with { ReviewDue = Duration.FromMinutes(90 * 60 + 1) } },
        };
    }

    [Theory]
    [MemberData(nameof(Bad))]
    public void Values_that_do_not_hold_are_refused(string code, AgencyDetails details) => Assert.Equal(code, details.Check()?.Code);

    [Fact]
    public void The_edges_hold()
    {
        var good = AgencyDetails.Default("A", "Etc/UTC");
        Assert.All(new[] { 24, 168 }, hours => Assert.Null((good with { ReviewDue = Duration.FromHours(hours) }).Check()));
        Assert.True(new WorkingDay(new LocalTime(9, 0), new LocalTime(18, 0)) is var day && day.Includes(new LocalTime(9, 0)) && !day.Includes(new LocalTime(18, 0)));
        Assert.True(new WorkingDay(LocalTime.Midnight, LocalTime.Midnight).Includes(new LocalTime(23, 59)));
        Assert.False(WorkingHours.Default.Includes(new LocalDateTime(2026, 11, 28, 12, 0)));
    }
}
