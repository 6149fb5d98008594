using AccessHive.Core.Live;
using AccessHive.Tests.World;
using NodaTime;
using Xunit;

namespace AccessHive.Tests.Live;

public sealed class TrailPumpTests : IAsyncLifetime
{
    private TestAgency agency = null!;

    public async ValueTask InitializeAsync() => agency = await TestAgency.FoundAsync();

    public ValueTask DisposeAsync() => agency.DisposeAsync();

    [Fact]
    public async Task Everything_committed_is_handed_out_in_order_exactly_once()
    {
        using var listener = agency.Get<LiveFeed>().Subscribe();
        await PumpAsync();
        var before = (await agency.TrailAsync()).Count;
        for (var i = 0; i < 5; i++)
        {
            await agency.RaiseAsync(agency.Max);
            await PumpAsync();
            await PumpAsync();
            await agency.RaiseAsync(agency.Ian);
        }

        await PumpAsync();

        Assert.Equal(Enumerable.Range(before + 1, 10).Select(n => (long)n), await ReadAsync(listener, 10));
    }

    [Fact]
    public async Task The_running_pump_hears_the_bell_and_misses_nothing_that_is_committed_once_it_has_started()
    {
        var pump = agency.Get<TrailPump>();
        using var listener = agency.Get<LiveFeed>().Subscribe();
        var before = (await agency.TrailAsync()).Count;

        await pump.StartAsync(CancellationToken.None);
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => agency.RaiseAsync(agency.Max))));

        Assert.Equal(Enumerable.Range(before + 1, 20).Select(n => (long)n), await ReadAsync(listener, 20));
        await pump.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task A_trail_that_can_not_be_read_for_a_while_is_read_later_and_nothing_is_lost()
    {
        var pump = agency.Get<TrailPump>();
        using var listener = agency.Get<LiveFeed>().Subscribe();
        await pump.StartAsync(CancellationToken.None);
        var before = (await agency.TrailAsync()).Count;

        await agency.SqlAsync("ALTER TABLE Trail RENAME TO Hidden");
        agency.Get<Core.Kernel.CommitBell>().Ring();
        await agency.SqlAsync("ALTER TABLE Hidden RENAME TO Trail");
        await agency.RaiseAsync(agency.Max);

        Assert.Equal([before + 1], await ReadAsync(listener, 1));
        await pump.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task An_item_carries_kind_ids_and_time_and_no_words()
    {
        using var listener = agency.Get<LiveFeed>().Subscribe();
        await PumpAsync();
        var raised = (await agency.RaiseAsync(agency.Adam)).Require();
        await PumpAsync();

        await foreach (var item in listener.ReadAsync(default))
        {
            Assert.Equal(("request.raised", true, agency.Now), (item!.Type, item.Emergency, item.At));
            Assert.Equal((agency.Adam, agency.Adam, agency.Ads, agency.AdsPassword, raised.Request), (item.Actor, item.Person, item.Identity, item.Credential, item.Request));
            break;
        }

        Assert.DoesNotContain(typeof(FeedItem).GetProperties(), p => p.PropertyType == typeof(string) && p.Name != nameof(FeedItem.Type));
        Assert.Equal(typeof(Instant), typeof(FeedItem).GetProperty(nameof(FeedItem.At))!.PropertyType);
    }

    private static async Task<List<long>> ReadAsync(LiveFeed.Listener listener, int count)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var read = new List<long>();
        await foreach (var item in listener.ReadAsync(patience.Token))
        {
            read.Add(item!.Seq);
            if (read.Count == count)
                break;
        }

        return read;
    }

    private Task PumpAsync() => agency.Get<TrailPump>().PumpAsync(CancellationToken.None);
}
