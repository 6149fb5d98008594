using AccessHive.Core.Kernel;
using AccessHive.Core.Live;
using NodaTime;
using Xunit;

namespace AccessHive.Tests.Live;

public sealed class LiveFeedTests
{
    private const int Capacity = 256;
    private readonly LiveFeed feed = new();

    [Fact]
    public async Task Everybody_gets_every_item_in_order()
    {
        using var one = feed.Subscribe();
        using var two = feed.Subscribe();

        Publish(1, 100);

        Assert.Equal(Numbers(1, 100), await ReadAsync(one, 100));
        Assert.Equal(Numbers(1, 100), await ReadAsync(two, 100));
    }

    [Fact]
    public async Task Who_falls_behind_is_told_so_once_and_nobody_waits_for_them()
    {
        using var slow = feed.Subscribe();
        using var quick = feed.Subscribe();
        for (var seq = 1; seq <= Capacity * 3; seq++)
        {
            Publish(seq, 1);
            Assert.Equal(Numbers(seq, 1), await ReadAsync(quick, 1));
        }

        var read = await ReadAsync(slow, Capacity + 1);

        Assert.Equal([null, .. Numbers(1, Capacity)], read);
        Publish(9_000, 1);
        Assert.Equal(Numbers(9_000, 1), await ReadAsync(slow, 1));
    }

    [Fact]
    public async Task Who_was_told_and_falls_behind_again_is_told_again()
    {
        using var slow = feed.Subscribe();
        Publish(1, Capacity + 1);
        Assert.Equal([null, 1], await ReadAsync(slow, 2));

        Publish(2_000, 2);

        Assert.Equal([null, 2], await ReadAsync(slow, 2));
    }

    [Fact]
    public async Task Whoever_missed_something_is_told_also_when_nothing_follows()
    {
        for (var round = 0; round < 300; round++)
        {
            using var listener = feed.Subscribe();
            using var over = new CancellationTokenSource();
            var got = new List<long?>();
            var reading = Task.Run(async () =>
            {
                await foreach (var item in listener.ReadAsync(over.Token))
                    got.Add(item?.Seq);
            });

            Publish(1, Capacity * 3);
            listener.Dispose();
            await reading;

            Assert.True(got.Contains(null) || got.Count == Capacity * 3, $"{Capacity * 3 - got.Count} items were lost in silence");
            Assert.Equal(got.Where(s => s is not null), got.Where(s => s is not null).Order());
        }
    }

    [Fact]
    public async Task Who_leaves_is_forgotten_and_their_stream_ends()
    {
        var listener = feed.Subscribe();
        Assert.Equal(1, feed.Listeners);

        listener.Dispose();
        Publish(1, 1);

        Assert.Equal(0, feed.Listeners);
        await foreach (var item in listener.ReadAsync(default))
            Assert.Fail($"{item} after the end");
    }

    [Fact]
    public async Task Cancelling_ends_the_reading()
    {
        using var listener = feed.Subscribe();
        using var cancel = new CancellationTokenSource();
        var reading = Task.Run(async () => await listener.ReadAsync(cancel.Token).GetAsyncEnumerator(cancel.Token).MoveNextAsync());

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
    }

    private static IEnumerable<long?> Numbers(long from, int count) => Enumerable.Range(0, count).Select(i => (long?)(from + i));

    private static async Task<List<long?>> ReadAsync(LiveFeed.Listener listener, int count)
    {
        var read = new List<long?>();
        await foreach (var item in listener.ReadAsync(default))
        {
            read.Add(item?.Seq);
            if (read.Count == count)
                break;
        }

        return read;
    }

    private void Publish(long from, int count)
    {
        for (var i = 0; i < count; i++)
            feed.Publish(new FeedItem(from + i, Instant.MinValue, "request.raised", true, null, null, null, null, null, null));
    }
}
