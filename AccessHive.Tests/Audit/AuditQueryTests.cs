using AccessHive.Core.Kernel;
using AccessHive.Tests.World;
using AccessHive.Web.Features.Audit;
using AccessHive.Web.Features.Shared;
using NodaTime;
using Xunit;

namespace AccessHive.Tests.Audit;

public sealed class AuditQueryTests
{
    private const string Root = "http://localhost/";

    [Fact]
    public void Everything_that_is_filtered_stands_in_the_address_and_comes_back_from_it()
    {
        var query = new AuditQuery(
            Emergency: true, PersonId.New(), IdentityId.New(), "session.revoked", AuditTime.Custom, new LocalDate(2026, 11, 1), new LocalDate(2026, 11, 5), "größer & mehr=1",
            RequestId.New(), SessionId.New(), Before: 120, Entry: 118);

        Assert.Equal(query, AuditQuery.Parse(Root + query.ToUri()));
    }

    [Fact]
    public void Nothing_filtered_is_a_bare_address() => Assert.Equal("audit", new AuditQuery().ToUri());

    [Theory]
    [InlineData("audit?person=nobody&identity=1&action=drop.table&time=never&from=yesterday&to=9999-12-31&before=-1&entry=x&emergency=yes")]
    [InlineData("audit?before=99999999999999999999999&request=&session=0")]
    public void What_makes_no_sense_is_left_out(string address) => Assert.Equal(new AuditQuery(), AuditQuery.Parse(Root + address));

    [Fact]
    public void More_words_than_can_be_searched_are_cut()
        => Assert.Equal(200, AuditQuery.Parse(Root + "audit?text=" + new string('a', 40_000)).Text.Length);

    [Fact]
    public void Days_are_the_readers_own_and_both_ends_count()
    {
        var zone = new ReaderZone(new HiveClock(new FakeTime()));
        zone.Use("America/New_York");
        var query = new AuditQuery(Time: AuditTime.Custom, From: new LocalDate(2026, 11, 1), To: new LocalDate(2026, 11, 1));

        var filter = query.Filter(zone, Instant.FromUtc(2026, 11, 23, 3, 0));

        // The clocks go back that night: the day has 25 hours.
        Assert.Equal(Instant.FromUtc(2026, 11, 1, 4, 0), filter.From);
        Assert.Equal(Instant.FromUtc(2026, 11, 2, 5, 0), filter.Until);
    }

    [Fact]
    public void Today_begins_at_the_readers_midnight()
    {
        var zone = new ReaderZone(new HiveClock(new FakeTime()));
        zone.Use("America/New_York");

        var filter = new AuditQuery(Time: AuditTime.Today).Filter(zone, Instant.FromUtc(2026, 11, 23, 3, 0));

        Assert.Equal(Instant.FromUtc(2026, 11, 22, 5, 0), filter.From);
        Assert.Null(filter.Until);
    }
}
