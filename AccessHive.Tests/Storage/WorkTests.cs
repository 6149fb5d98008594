using AccessHive.Core.Audit;
using AccessHive.Core.Kernel;
using AccessHive.Core.Storage;
using AccessHive.Tests.World;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace AccessHive.Tests.Storage;

public sealed class WorkTests : IAsyncLifetime
{
    private static readonly Refusal No = new("no-way");
    private TestAgency agency = null!;

    public async ValueTask InitializeAsync() => agency = await TestAgency.FoundAsync();

    public ValueTask DisposeAsync() => agency.DisposeAsync();

    [Fact]
    public async Task A_refusal_changes_nothing_and_says_nothing_but_that_it_was_tried()
    {
        var before = (await agency.TrailAsync()).Count;

        var result = await RunAsync(agency.Ian, async turn =>
        {
            var identity = await turn.Db.Identities.SingleAsync();
            identity.Archive(turn.By, archived: true, turn.Now);
            turn.Db.Note(new ClockJumped(turn.Now, turn.Now));
            return No;
        });

        Assert.Equal(No, result.Refusal);
        Assert.Equal(["attempt.refused"], (await agency.TrailAsync()).Skip(before));
        await using var db = await agency.ReadAsync();
        Assert.Null((await db.Identities.SingleAsync()).ArchivedAt);
    }

    [Fact]
    public async Task A_fault_changes_nothing_rings_no_bell_and_leaves_the_lane_free()
    {
        var (before, rings) = ((await agency.TrailAsync()).Count, agency.Get<CommitBell>().Rings);

        await Assert.ThrowsAsync<InvalidOperationException>(() => RunAsync(agency.Ian, async turn =>
        {
            (await turn.Db.Identities.SingleAsync()).Archive(turn.By, archived: true, turn.Now);
            throw new InvalidOperationException("broken");
        }));

        Assert.Equal((before, rings), ((await agency.TrailAsync()).Count, agency.Get<CommitBell>().Rings));
        (await RunAsync(agency.Ian, _ => Task.FromResult<Result<Done>>(Done.Yes))).Require();
        Assert.Equal(rings + 1, agency.Get<CommitBell>().Rings);
    }

    [Fact]
    public async Task Nobody_is_named_in_the_trail_who_does_not_exist()
    {
        var before = (await agency.TrailAsync()).Count;

        Assert.True((await RunAsync(PersonId.New(), _ => Task.FromResult<Result<Done>>(Done.Yes))).IsRefused);

        Assert.Equal(before, (await agency.TrailAsync()).Count);
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(2, true)]
    [InlineData(3, false)]
    public async Task When_another_node_was_faster_it_is_decided_again_on_what_that_one_left_three_times_in_all(int faster, bool good)
    {
        var tried = 0;
        var attempt = RunAsync(agency.Ian, async turn =>
        {
            var identity = await turn.Db.Identities.SingleAsync();
            if (++tried <= faster)
                await turn.Db.Database.ExecuteSqlAsync($"UPDATE Identities SET Version = Version + 1");
            return identity.Archive(turn.By, archived: true, turn.Now);
        });

        if (good)
            (await attempt).Require();
        else
            await Assert.ThrowsAsync<DbUpdateConcurrencyException>(() => attempt);
        Assert.Equal(good ? faster + 1 : 3, tried);
        Assert.Equal(good ? 1 : 0, (await agency.TrailAsync("identity.archived")).Count);
    }

    [Fact]
    public async Task Commands_wait_for_each_other_and_each_sees_what_the_one_before_left()
    {
        await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => Task.Run(() => RunAsync(agency.Ian, async turn =>
        {
            var identity = await turn.Db.Identities.SingleAsync();
            return identity.Edit(turn.By, identity.Details with { Notes = identity.Details.Notes + "x" }, identity.Version, turn.Now);
        }))));

        await using var db = await agency.ReadAsync();
        Assert.Equal(new string('x', 40), (await db.Identities.SingleAsync()).Notes);
    }

    [Fact]
    public async Task Cancelling_while_waiting_does_nothing()
    {
        var inside = new TaskCompletionSource();
        var go = new TaskCompletionSource();
        var first = RunAsync(agency.Ian, async _ =>
        {
            inside.SetResult();
            await go.Task;
            return Done.Yes;
        });
        await inside.Task;
        using var cancel = new CancellationTokenSource();
        var second = agency.Get<Work>().RunAsAsync<Done>(Actor.System, _ => throw new InvalidOperationException("ran"), cancel.Token);

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        go.SetResult();
        (await first).Require();
    }

    private Task<Result<Done>> RunAsync(PersonId who, Func<Turn, Task<Result<Done>>> decide)
        => agency.Get<Work>().RunAsync(who, new Attempt("try something", Emergency: false, Subject.Nothing), decide, default);
}
