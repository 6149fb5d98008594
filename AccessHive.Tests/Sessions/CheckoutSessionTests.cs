using AccessHive.Core.Agency.UseCases;
using AccessHive.Core.Kernel;
using AccessHive.Core.Requests;
using AccessHive.Core.Sessions;
using AccessHive.Core.Sessions.UseCases;
using AccessHive.Tests.World;
using Microsoft.EntityFrameworkCore;
using NodaTime;
using Xunit;

namespace AccessHive.Tests.Sessions;

/// <summary>Sessions of the standard path: extended once, checked in, expired, revoked.</summary>
public sealed class CheckoutSessionTests : IAsyncLifetime
{
    private TestAgency agency = null!;

    public async ValueTask InitializeAsync() => agency = await TestAgency.FoundAsync();

    public ValueTask DisposeAsync() => agency.DisposeAsync();

    [Fact]
    public async Task An_extension_lengthens_it_once_and_by_what_the_policy_offers()
    {
        var session = await agency.HoldAsync(agency.Max);
        var before = await RowAsync(session);

        (await agency.ExtendAsync(agency.Max, session)).Require();

        Assert.Equal(before.EndsAt + Duration.FromHours(2), (await RowAsync(session)).EndsAt);
        Assert.Equal("already-extended", (await agency.ExtendAsync(agency.Max, session)).Refusal?.Code);
        agency.Time.Advance(Duration.FromHours(3) - Duration.FromMilliseconds(1));
        Assert.Equal(Cast.Secret, (await agency.RevealAsync(agency.Max, session)).Require());
        agency.Time.Advance(Duration.FromMilliseconds(1));
        Assert.Equal("session-over", (await agency.RevealAsync(agency.Max, session)).Refusal?.Code);
    }

    [Fact]
    public async Task A_policy_that_offers_less_now_shortens_the_extension_and_one_that_offers_more_does_not_lengthen_it()
    {
        var (max, sofia) = (await agency.HoldAsync(agency.Max), await agency.HoldAsync(agency.Sofia));
        await agency.PolicyAsync(r => r with { Extension = Duration.FromMinutes(30) });
        (await agency.ExtendAsync(agency.Max, max)).Require();
        await agency.PolicyAsync(r => r with { Extension = Duration.FromHours(10) });
        (await agency.ExtendAsync(agency.Sofia, sofia)).Require();

        Assert.Equal(Duration.FromMinutes(90), await LengthAsync(max));
        Assert.Equal(Duration.FromHours(3), await LengthAsync(sofia));
    }

    [Fact]
    public async Task Only_the_holder_extends_and_checks_in()
    {
        var session = await agency.HoldAsync(agency.Max);

        Assert.Equal("not-your-session", (await agency.ExtendAsync(agency.Adam, session)).Refusal?.Code);
        Assert.Equal("not-your-session", (await agency.CheckInAsync(agency.Adam, session)).Refusal?.Code);
        Assert.Equal("session-not-found", (await agency.ExtendAsync(agency.Max, SessionId.New())).Refusal?.Code);
    }

    [Fact]
    public async Task An_emergency_is_never_extended()
    {
        var session = await agency.GrantAsync(agency.Adam);

        Assert.Equal("emergency-not-extended", (await agency.ExtendAsync(agency.Adam, session)).Refusal?.Code);
    }

    [Fact]
    public async Task A_holder_who_becomes_only_an_auditor_loses_the_session_in_the_same_commit()
    {
        var session = await agency.HoldAsync(agency.Max);

        (await agency.Get<ManagePeople>().ChangeRolesAsync(agency.Olivia, agency.Max, Roles.Auditor)).Require();

        Assert.Equal(EndReason.Revoked, (await RowAsync(session)).EndReason);
        Assert.Equal("session-over", (await agency.ExtendAsync(agency.Max, session)).Refusal?.Code);
    }

    [Fact]
    public async Task A_checkout_outlives_a_change_of_the_emergency_card()
    {
        var session = await agency.HoldAsync(agency.Max);

        await agency.SaveRulesAsync(r => r with { EligibleRoles = Roles.Owner });

        Assert.Equal(Cast.Secret, (await agency.RevealAsync(agency.Max, session)).Require());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task An_extension_raced_with_the_expiry_has_one_winner(int first)
    {
        var session = await agency.HoldAsync(agency.Max);
        agency.Time.Advance(Duration.FromMinutes(60) - Duration.FromMilliseconds(1));

        var extended = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => Task.Run(async () =>
        {
            if ((i + first) % 2 == 0)
                return !(await agency.ExtendAsync(agency.Max, session)).IsRefused;
            if (i is 50 or 51)
                agency.Time.Advance(Duration.FromMilliseconds(1));
            await agency.SettleAsync();
            return false;
        })));
        await agency.SettleAsync();

        var types = await agency.TrailAsync("session.");
        var won = extended.Count(e => e);
        Assert.Equal(won, types.Count(t => t == "session.extended"));
        Assert.Equal(1 - won, types.Count(t => t == "session.expired"));
        Assert.Equal(won == 1, (await RowAsync(session)).EndReason is null);
    }

    [Fact]
    public async Task A_clock_set_back_gives_no_time_and_no_second_extension()
    {
        var session = await agency.HoldAsync(agency.Max);
        agency.Time.AdvanceMinutes(60);
        Assert.Equal("session-over", (await agency.ExtendAsync(agency.Max, session)).Refusal?.Code);

        agency.Time.SetWallClockBack(Duration.FromHours(5));

        Assert.Equal("session-over", (await agency.ExtendAsync(agency.Max, session)).Refusal?.Code);
        Assert.Equal("session-over", (await agency.RevealAsync(agency.Max, session)).Refusal?.Code);
    }

    [Fact]
    public async Task The_page_knows_what_can_still_be_done()
    {
        var session = await agency.HoldAsync(agency.Max);
        Assert.Equal(Duration.FromHours(2), (await PageAsync(session)).Extension);

        (await agency.ExtendAsync(agency.Max, session)).Require();
        var page = await PageAsync(session);
        Assert.Equal((Duration.Zero, true), (page.Extension, page.ExtendedAt is not null));

        (await agency.CheckInAsync(agency.Max, session)).Require();
        Assert.True((await PageAsync(session)).MayCheckOutAgain);
    }

    private async Task<SessionPage> PageAsync(SessionId session) => (await agency.Get<SessionQueries>().PageAsync(agency.Max, session))!;

    private async Task<AccessSession> RowAsync(SessionId session)
    {
        await using var db = await agency.ReadAsync();
        return await db.Sessions.AsNoTracking().SingleAsync(s => s.Id == session);
    }

    private async Task<Duration> LengthAsync(SessionId session) => await RowAsync(session) is var row ? row.EndsAt - row.StartedAt : default;
}
