using AccessHive.Core.Kernel;
using AccessHive.Tests.World;
using NodaTime;
using Xunit;

namespace AccessHive.Tests.Kernel;

public sealed class CommitBellTests
{
    private readonly CommitBell bell = new();
    private readonly FakeTime time = new();

    [Fact]
    public void Everybody_who_waits_hears_the_same_ring()
    {
        Task[] waiting = [bell.WaitAsync(bell.Rings, default), bell.WaitAsync(bell.Rings, default)];
        Assert.DoesNotContain(waiting, w => w.IsCompleted);

        bell.Ring();

        Assert.Equal(1, bell.Rings);
        Assert.All(waiting, w => Assert.True(w.IsCompletedSuccessfully));
    }

    [Fact]
    public void A_ring_between_reading_and_waiting_is_not_missed()
    {
        var heard = bell.Rings;
        bell.Ring();

        Assert.True(bell.WaitAsync(heard, default).IsCompletedSuccessfully);
    }

    [Fact]
    public void A_ring_that_was_heard_wakes_nobody_again()
    {
        bell.Ring();

        Assert.False(bell.WaitAsync(bell.Rings, default).IsCompleted);
    }

    [Fact]
    public async Task The_wait_ends_with_the_ring_or_with_the_time_whichever_is_first()
    {
        var rung = bell.WaitOrAsync(bell.Rings, TimeSpan.FromSeconds(30), time, default);
        bell.Ring();
        await rung;

        var late = bell.WaitOrAsync(bell.Rings, TimeSpan.FromSeconds(30), time, default);
        time.Advance(Duration.FromMilliseconds(29_999));
        Assert.False(late.IsCompleted);
        time.Advance(Duration.FromMilliseconds(1));
        await late;
    }

    [Fact]
    public async Task Cancelling_ends_the_wait_as_cancelled()
    {
        using var cancel = new CancellationTokenSource();
        var waiting = bell.WaitOrAsync(bell.Rings, TimeSpan.FromSeconds(30), time, cancel.Token);

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }
}
