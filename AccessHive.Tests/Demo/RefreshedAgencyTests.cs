using System.Text;
using AccessHive.Core.Agency.UseCases;
using AccessHive.Core.Deadlines;
using AccessHive.Core.Kernel;
using AccessHive.Core.Requests;
using AccessHive.Core.Requests.UseCases;
using AccessHive.Core.Sessions;
using AccessHive.Core.Sessions.UseCases;
using AccessHive.Core.Storage;
using AccessHive.Core.Vault;
using AccessHive.Tests.World;
using AccessHive.Web.Demo;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using NodaTime;
using NodaTime.Text;
using Xunit;

namespace AccessHive.Tests.Demo;

public sealed class RefreshedAgencyTests
{
    [Fact]
    public async Task Refreshing_adds_nothing_while_a_request_waits_and_a_session_runs_and_tops_up_once_time_has_used_them_up()
    {
        await using var house = await StartAsync();
        var start = house.Time.Now;
        var before = await EntriesAsync(house);
        await house.FurnishAsync();
        await house.RefreshAsync();
        Assert.Equal(before, await EntriesAsync(house));

        var words = new HashSet<string>(StringComparer.Ordinal) { (await WaitingAsync(house)).Justification.Text };
        for (var i = 0; i < 30; i++)
        {
            house.Time.AdvanceMinutes(15);
            await house.RefreshAsync();
            words.Add((await WaitingAsync(house)).Justification.Text);
            _ = await RunningAsync(house);
        }

        Assert.Equal(Pleas.WaitingNow.Count, words.Count);
        house.Time.Advance(Duration.FromDays(30));
        await house.RefreshAsync();
        _ = await WaitingAsync(house);
        _ = await RunningAsync(house);
        before = await EntriesAsync(house);
        await house.RefreshAsync();
        Assert.Equal(before, await EntriesAsync(house));
        await using var db = await house.ReadAsync();
        Assert.DoesNotContain(await db.Trail.ToListAsync(), e => e.Type == "attempt.refused" && e.At >= start);
    }

    [Fact]
    public async Task Refreshing_tries_nothing_that_the_rules_or_roles_a_visitor_left_behind_would_refuse()
    {
        await using var house = await StartAsync();
        var stage = await house.StageAsync();
        await Scenes.DisabledAsync(stage, DemoCast.Ingrid, DemoCast.Amara);
        (await stage.EditCardAsync(DemoCast.Ingrid, rules => rules with { EligibleRoles = Roles.IdentityManager, MaximumDuration = Duration.FromMinutes(5) })).Require();
        house.Time.AdvanceMinutes(20);
        await house.RefreshAsync();
        Assert.Equal(house.Cast[DemoCast.Yuki], (await WaitingAsync(house)).Requester);
        Assert.Equal(house.Cast[DemoCast.Leila], (await RunningAsync(house)).Holder);

        await ReviewWithinAsync(house, hours: 168);
        (await stage.EditCardAsync(DemoCast.Ingrid, rules => rules with { RequireApproval = false })).Require();
        house.Time.AdvanceMinutes(20);
        await house.RefreshAsync();
        Assert.DoesNotContain(await house.Get<RequestQueries>().InboxAsync(house.Cast[DemoCast.First]), i => i.IsEmergency);
        _ = await RunningAsync(house);

        (await stage.EditCardAsync(DemoCast.Ingrid, rules => rules with { EligibleRoles = Roles.SecurityOwner })).Require();
        house.Time.AdvanceMinutes(20);
        var before = await EntriesAsync(house);
        await house.RefreshAsync();
        Assert.Equal(before, await EntriesAsync(house));

        await ReviewWithinAsync(house, hours: 24);
        (await stage.EditCardAsync(DemoCast.Ingrid, rules => rules with { EligibleRoles = Roles.Owner, BlockWhileOverdue = true })).Require();
        await house.Get<DeadlineLoop>().SettleAsync(CancellationToken.None);
        before = await EntriesAsync(house);
        await house.RefreshAsync();
        Assert.Equal(before, await EntriesAsync(house));
        Assert.DoesNotContain(await house.Get<SessionQueries>().RunningAsync(house.Cast[DemoCast.First]), s => s.Emergency);
    }

    private static async Task ReviewWithinAsync(DemoHouse house, int hours)
    {
        var card = await house.Get<EditAgency>().ReadAsync();
        (await house.Get<EditAgency>().SaveAsync(house.Cast[DemoCast.Ingrid], card.Details with { ReviewDue = Duration.FromHours(hours) }, card.Revision)).Require();
    }

    [Fact]
    public async Task The_scenes_of_waiting_and_expiring_play_on_a_running_host()
    {
        await using var house = await StartAsync();
        var stage = await house.StageAsync();

        var asleep = await Scenes.ApproverAsleepAsync(stage, DemoCast.Tomasz, Pleas.WaitingNow[1]);
        var expiring = await Scenes.ExpiringNowAsync(stage, DemoCast.Tomasz, DemoCast.Priya, Pleas.WaitingNow[1]);

        var requests = house.Get<RequestQueries>();
        Assert.Equal(RequestState.Lapsed, (await requests.PageAsync(house.Cast[DemoCast.Tomasz], asleep))!.State);
        var page = await house.Get<SessionQueries>().PageAsync(house.Cast[DemoCast.Tomasz], expiring);
        Assert.InRange(page!.Remaining, Duration.FromSeconds(1), Duration.FromMinutes(1));
        house.Time.AdvanceMinutes(1);
        await stage.LingerAsync(0);
        page = await house.Get<SessionQueries>().PageAsync(house.Cast[DemoCast.Tomasz], expiring);
        Assert.Equal(EndReason.Expired, page!.Row.EndReason);
    }

    [Fact]
    public async Task Where_time_passes_by_itself_people_are_quick_and_scenes_that_need_to_move_it_say_so()
    {
        await using var house = await StartAsync();
        var stage = new Stage(house.Get<IServiceProvider>(), house.Cast);

        await Scenes.RunningSessionAsync(stage, DemoCast.Leila, DemoCast.Mateo, Pleas.LockedOut);
        await Assert.ThrowsAsync<InvalidOperationException>(() => Scenes.ApproverAsleepAsync(stage, DemoCast.Tomasz, Pleas.NightOutage));
    }

    [Theory]
    [InlineData("2026-11-24T00:00:00", "the first moment of a day")]
    [InlineData("2026-11-24T23:59:59", "the last second of a day")]
    [InlineData("2027-04-01T00:10:00", "a week in which a night lost its third hour")]
    public async Task It_can_be_started_at(string local, string what)
    {
        var start = LocalDateTimePattern.ExtendedIso.Parse(local).Value.InZoneStrictly(DateTimeZoneProviders.Tzdb[DemoCast.Zone]).ToInstant();
        await using var house = new DemoHouse { StartedAt = start };
        await house.InitializeAsync();

        Assert.True((await WaitingAsync(house)).RaisedAt == start, what);
        Assert.True((await RunningAsync(house)).EndsAt > start + Duration.FromMinutes(20), what);
    }

    [Fact]
    public async Task The_demo_leaves_an_agency_of_ones_own_alone()
    {
        await using var agency = await TestAgency.FoundAsync();
        using var key = OpenHouse.TakeKey(agency.Paths);
        var demo = new DemoAgency(agency.Time, NullLoggerFactory.Instance);

        var reason = await Assert.ThrowsAsync<CannotStartException>(() => demo.FurnishAsync(agency.Paths, key, CancellationToken.None));

        Assert.Contains("leaves it alone", reason.Message, StringComparison.Ordinal);
        Assert.Equal(7, (await agency.Get<ManagePeople>().ListAsync()).Count);
    }

    [Fact]
    public async Task A_furnishing_that_was_cut_short_is_told_at_the_next_start()
    {
        var folder = Path.Combine(Path.GetTempPath(), "accesshive-tests", Guid.CreateVersion7().ToString("n"));
        Directory.CreateDirectory(folder);
        var paths = HousePaths.In(Path.Combine(folder, "demo"));
        using (var key = OpenHouse.TakeKey(paths))
        {
            var demo = new DemoAgency(new FakeTime(), NullLoggerFactory.Instance);
            using var stop = new CancellationTokenSource();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => demo.FurnishAsync(paths, new StoppingKey(key, stop), stop.Token));

            var reason = await Assert.ThrowsAsync<CannotStartException>(() => demo.FurnishAsync(paths, key, CancellationToken.None));
            Assert.Contains("cut short", reason.Message, StringComparison.Ordinal);
        }

        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData(SecretShape.Password)]
    [InlineData(SecretShape.ApiKey)]
    [InlineData(SecretShape.ClientSecret)]
    [InlineData(SecretShape.RecoveryCodes)]
    public void A_demo_secret_says_so_and_is_never_made_twice(SecretShape shape)
    {
        var made = Enumerable.Range(0, 200).Select(_ => Encoding.ASCII.GetString(DemoSecrets.Make(shape))).ToHashSet(StringComparer.Ordinal);

        Assert.Equal(200, made.Count);
        Assert.All(made, secret => Assert.All(secret.Split('\n'), line => Assert.StartsWith("demo", line, StringComparison.Ordinal)));
    }

    private static async Task<DemoHouse> StartAsync()
    {
        var house = new DemoHouse();
        await house.InitializeAsync();
        return house;
    }

    private static async Task<int> EntriesAsync(DemoHouse house)
    {
        await using var db = await house.ReadAsync();
        return await db.Trail.CountAsync();
    }

    private static async Task<InboxItem> WaitingAsync(DemoHouse house)
        => Assert.Single(await house.Get<RequestQueries>().InboxAsync(house.Cast[DemoCast.First]), i => i.IsEmergency);

    private static async Task<SessionRow> RunningAsync(DemoHouse house)
        => Assert.Single(await house.Get<SessionQueries>().RunningAsync(house.Cast[DemoCast.First]), s => s.Emergency);

    // Somebody presses Ctrl+C while the vault is being filled.
    private sealed class StoppingKey(IKeyWrapper key, CancellationTokenSource stop) : IKeyWrapper
    {
        private int wrapped;

        public string KeyId => key.KeyId;

        public byte[] Wrap(ReadOnlySpan<byte> dataKey, ReadOnlySpan<byte> context)
        {
            if (++wrapped == 10)
                stop.Cancel();
            return key.Wrap(dataKey, context);
        }

        public byte[] Unwrap(ReadOnlySpan<byte> wrappedKey, ReadOnlySpan<byte> context) => key.Unwrap(wrappedKey, context);
    }
}
