using AccessHive.Core.Kernel;
using AccessHive.Core.Requests;
using AccessHive.Core.Sessions.UseCases;
using AccessHive.Tests.World;
using NodaTime;
using Xunit;

namespace AccessHive.Tests.Sessions;

/// <summary>Who is where, who waits, what happened today – for these eyes.</summary>
public sealed class DashboardTests
{
    [Fact]
    public async Task It_counts_the_day_and_lists_what_runs_and_what_waits()
    {
        await using var agency = await TestAgency.FoundAsync();
        var midnight = agency.Now;
        var checkedIn = await agency.HoldAsync(agency.Max);
        (await agency.ExtendAsync(agency.Max, checkedIn)).Require();
        (await agency.CheckInAsync(agency.Max, checkedIn)).Require();
        var denied = (await agency.CheckOutAsync(agency.Max)).Require().Request;
        (await agency.DecideAsync(agency.Priya, denied, Verdict.Deny)).Require();
        await agency.HoldAsync(agency.Sofia, minutes: 5);
        agency.Time.AdvanceMinutes(5);
        await agency.SettleAsync();
        var running = await agency.GrantAsync(agency.Adam);
        var waiting = (await agency.CheckOutAsync(agency.Max)).Require().Request;

        var day = await agency.Get<Dashboard>().ReadAsync(agency.Olivia, null, midnight);

        Assert.Equal(new DayCount(Started: 3, CheckedIn: 1, Extended: 1, Expired: 1, Denied: 1, Revoked: 0), day.Count);
        Assert.Equal(running, Assert.Single(day.Running).Id);
        Assert.Equal(waiting, Assert.Single(day.Waiting).Id);
        Assert.Equal(2, day.Past.Count);
        Assert.Equal("session.started", day.Today[0].Type);
    }

    [Fact]
    public async Task One_way_only_is_all_of_that_way_and_nothing_of_the_other()
    {
        await using var agency = await TestAgency.FoundAsync();
        await agency.HoldAsync(agency.Max);
        await agency.GrantAsync(agency.Adam);
        (await agency.CheckOutAsync(agency.Sofia)).Require();

        var standard = await agency.Get<Dashboard>().ReadAsync(agency.Olivia, RequestKind.Standard, default);
        var emergency = await agency.Get<Dashboard>().ReadAsync(agency.Olivia, RequestKind.Emergency, default);

        Assert.Equal((1, 1, 1), (standard.Running.Count, standard.Waiting.Count, standard.Count.Started));
        Assert.Equal((1, 0, 1), (emergency.Running.Count, emergency.Waiting.Count, emergency.Count.Started));
        Assert.All(emergency.Today, row => Assert.True(row.Emergency));
    }

    [Fact]
    public async Task A_member_sees_their_own_and_no_more()
    {
        await using var agency = await TestAgency.FoundAsync();
        await agency.GrantAsync(agency.Adam);
        (await agency.CheckOutAsync(agency.Sofia)).Require();
        var mine = (await agency.CheckOutAsync(agency.Max)).Require().Request;

        var day = await agency.Get<Dashboard>().ReadAsync(agency.Max, null, default);

        Assert.Empty(day.Running);
        Assert.Empty(day.Today);
        Assert.Equal(mine, Assert.Single(day.Waiting).Id);
    }

    [Fact]
    public async Task Yesterday_is_not_today()
    {
        await using var agency = await TestAgency.FoundAsync();
        await agency.HoldAsync(agency.Max);
        agency.Time.AdvanceMinutes(1);

        var day = await agency.Get<Dashboard>().ReadAsync(agency.Olivia, null, agency.Now);

        Assert.Equal(0, day.Count.Started);
        Assert.Empty(day.Today);
    }
}
