using AccessHive.Core.Deadlines;
using AccessHive.Core.Kernel;
using AccessHive.Core.Requests;
using AccessHive.Core.Requests.UseCases;
using AccessHive.Core.Sessions;
using AccessHive.Core.Sessions.UseCases;
using AccessHive.Tests.World;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using Xunit;

namespace AccessHive.Tests.Requests;

/// <summary>Promise 4: a hundred commands at once, on real SQLite, and exactly one ends it.</summary>
public sealed class OneWinnerTests : IAsyncLifetime
{
    private const int Commands = 100;
    private TestAgency agency = null!;

    public async ValueTask InitializeAsync() => agency = await TestAgency.FoundAsync();

    public ValueTask DisposeAsync() => agency.DisposeAsync();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Of_100_parallel_approvals_denials_withdrawals_and_lapses_exactly_one_ends_the_request(int first)
    {
        var request = (await agency.RaiseAsync(agency.Adam, minutes: 5)).Require().Request;
        agency.Time.Advance(Duration.FromMinutes(15) - Duration.FromMilliseconds(1));

        var results = await AtOnceAsync(i => ((i + first) % 5) switch
        {
            0 => Succeeded(agency.DecideAsync(agency.Priya, request)),
            1 => Succeeded(agency.DecideAsync(agency.Olivia, request, Verdict.Deny)),
            2 => Succeeded(agency.Get<DecideRequestHandler>().WithdrawAsync(agency.Adam, request)),
            3 => SettleAsync(advance: i == 50),
            _ => Succeeded(agency.DecideAsync(agency.Adam, request)),
        });
        agency.Time.Advance(Duration.FromMilliseconds(1));
        await SettleAsync(advance: false);

        await using var db = await agency.ReadAsync();
        var state = (await db.Requests.SingleAsync(r => r.Id == request)).State;
        string[] terminal = ["request.approved", "request.denied", "request.withdrawn", "request.lapsed"];
        var ends = await db.Trail.Where(e => terminal.Contains(e.Type)).Select(e => e.Type).ToListAsync();
        Assert.Equal([$"request.{state.ToString().ToLowerInvariant()}"], ends);
        Assert.Equal(state == RequestState.Lapsed ? 0 : 1, results.Count(won => won));
        Assert.Equal(state == RequestState.Approved ? 1 : 0, await db.Sessions.CountAsync());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Of_100_parallel_commands_on_a_checkout_that_takes_two_people_exactly_one_ends_it(int first)
    {
        var critical = await agency.CriticalAsync();
        var request = (await agency.CheckOutAsync(agency.Max, critical)).Require().Request;
        agency.Time.Advance(Duration.FromHours(24) - Duration.FromMilliseconds(1));

        await AtOnceAsync(i => ((i + first) % 7) switch
        {
            0 or 1 => Succeeded(agency.DecideAsync(agency.Priya, request)),
            2 => Succeeded(agency.DecideAsync(agency.Adam, request)),
            3 => Succeeded(agency.DecideAsync(agency.Olivia, request, Verdict.Deny)),
            4 => Succeeded(agency.Get<DecideRequestHandler>().WithdrawAsync(agency.Max, request)),
            5 => SettleAsync(advance: i == 50),
            _ => Succeeded(agency.DecideAsync(agency.Max, request)),
        });
        agency.Time.Advance(Duration.FromMilliseconds(1));
        await SettleAsync(advance: false);

        await using var db = await agency.ReadAsync();
        var ended = await db.Requests.Include(r => r.Approvals).SingleAsync(r => r.Id == request);
        string[] terminal = ["request.approved", "request.denied", "request.withdrawn", "request.lapsed"];
        var ends = await db.Trail.Where(e => terminal.Contains(e.Type)).Select(e => e.Type).ToListAsync();
        Assert.Equal([$"request.{ended.State.ToString().ToLowerInvariant()}"], ends);
        Assert.Equal(ended.State == RequestState.Approved ? 1 : 0, await db.Sessions.CountAsync());
        Assert.Equal(ended.Approvals.Count, ended.Approvals.Select(a => a.PersonId).Distinct().Count());
        Assert.Equal(ended.State == RequestState.Approved, ended.Approvals.Count == 2);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Of_100_parallel_ends_revocations_and_expiries_exactly_one_ends_the_session_and_no_secret_leaves_after_it(int first)
    {
        var session = await agency.GrantAsync(agency.Adam, minutes: 5);
        agency.Time.Advance(Duration.FromMinutes(5) - Duration.FromMilliseconds(1));

        var results = await AtOnceAsync(i => ((i + first) % 5) switch
        {
            0 => Succeeded(agency.Get<EndSessionHandler>().EndAsync(agency.Adam, session)),
            1 => Succeeded(agency.Get<EndSessionHandler>().RevokeAsync(agency.Priya, session, "Enough.")),
            2 => SettleAsync(advance: i == 50),
            3 => RevealAsync(session),
            _ => Succeeded(agency.Get<EndSessionHandler>().RevokeAsync(agency.Max, session, "Me too.")),
        });
        agency.Time.Advance(Duration.FromMilliseconds(1));
        await SettleAsync(advance: false);

        await using var db = await agency.ReadAsync();
        var ended = await db.Sessions.SingleAsync(s => s.Id == session);
        var life = await db.Trail.Where(e => e.SessionId == session && e.Type != "attempt.refused").OrderBy(e => e.Seq).Select(e => e.Type).ToListAsync();
        string[] terminal = ["session.expired", "session.ended-by-holder", "session.revoked"];
        Assert.Single(life, t => terminal.Contains(t));
        Assert.Contains(life[^1], terminal);
        Assert.Equal(ended.EndReason == EndReason.Expired ? 0 : 1, results.Count(won => won));
        Assert.Equal(ended.Reveals, life.Count(t => t == "session.secret-revealed"));
    }

    private static async Task<bool> Succeeded<T>(Task<Result<T>> command) => !(await command).IsRefused;

    private static Task<bool[]> AtOnceAsync(Func<int, Task<bool>> command)
        => Task.WhenAll(Enumerable.Range(0, Commands).Select(i => Task.Run(() => command(i))));

    private async Task<bool> RevealAsync(SessionId session)
    {
        await agency.RevealAsync(agency.Adam, session);
        return false;
    }

    private async Task<bool> SettleAsync(bool advance)
    {
        if (advance)
            agency.Time.Advance(Duration.FromMilliseconds(1));
        foreach (var source in agency.Services.GetServices<IDeadlineSource>())
            await source.SettleAsync(CancellationToken.None);
        return false;
    }
}
