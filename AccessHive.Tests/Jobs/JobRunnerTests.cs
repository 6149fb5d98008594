using System.Diagnostics.Metrics;
using AccessHive.Core.Jobs;
using AccessHive.Core.Jobs.UseCases;
using AccessHive.Core.Kernel;
using AccessHive.Core.Storage;
using AccessHive.Tests.World;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using Xunit;

namespace AccessHive.Tests.Jobs;

public sealed class JobRunnerTests : IAsyncLifetime
{
    private readonly Handler handler = new();
    private TestAgency agency = null!;

    private JobRunner Runner => agency.Get<JobRunner>();

    public async ValueTask InitializeAsync() => agency = await TestAgency.FoundAsync(services => services.AddSingleton<IJobHandler>(handler));

    public ValueTask DisposeAsync() => agency.DisposeAsync();

    [Fact]
    public async Task A_job_is_done_once()
    {
        await QueueAsync("a");

        Assert.Null(await Runner.RunDueAsync(default));
        Assert.Null(await Runner.RunDueAsync(default));

        Assert.Equal(["a 1"], handler.Tried);
        Assert.Equal((JobState.Done, 1, ""), await StateAsync("a"));
    }

    [Fact]
    public async Task A_job_that_fails_is_tried_five_times_with_doubling_pauses()
    {
        handler.Answer = _ => JobOutcome.Again("It is raining.");
        await QueueAsync("a");
        List<double> pauses = [];

        while (await Runner.RunDueAsync(default) is { } due)
        {
            pauses.Add((due - agency.Now).TotalSeconds);
            agency.Time.Advance(due - agency.Now);
        }

        Assert.Equal([30, 60, 120, 240], pauses);
        Assert.Equal((JobState.GaveUp, 5, "It is raining."), await StateAsync("a"));
    }

    [Fact]
    public async Task A_job_of_which_nothing_comes_gives_up_at_once_and_a_person_asks_again()
    {
        handler.Answer = _ => JobOutcome.GiveUp("Nothing to be done.");
        await QueueAsync("a");
        await Runner.RunDueAsync(default);
        Assert.Equal((JobState.GaveUp, 1, "Nothing to be done."), await StateAsync("a"));

        handler.Answer = _ => JobOutcome.Done;
        await ChangeAsync("a", (job, now) => job.RetryNow(now));
        await Runner.RunDueAsync(default);

        Assert.Equal((JobState.Done, 1, ""), await StateAsync("a"));
    }

    [Fact]
    public async Task A_fault_is_a_failed_try_and_its_words_stay_in_the_log()
    {
        handler.Answer = _ => throw new InvalidOperationException("pa55word");
        await QueueAsync("a");

        await Runner.RunDueAsync(default);

        var (state, tries, problem) = await StateAsync("a");
        Assert.Equal((JobState.Queued, 1), (state, tries));
        Assert.DoesNotContain("pa55word", problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_handler_that_ignores_its_time_out_is_left_alone_and_what_it_says_later_counts_for_nothing()
    {
        var late = new TaskCompletionSource<JobOutcome>(TaskCreationOptions.RunContinuationsAsynchronously);
        handler.Until = late.Task;
        await QueueAsync("a");
        var run = Runner.RunDueAsync(default);
        await handler.Began;

        agency.Time.Advance(Job.UsualTimeOut);
        Assert.False(run.IsCompleted);
        agency.Time.Advance(Duration.FromSeconds(10));
        await run;
        Assert.Equal((JobState.Queued, 1, "There was no answer within 120 seconds."), await StateAsync("a"));

        late.SetResult(JobOutcome.Done);
        Assert.Equal(JobState.Queued, (await StateAsync("a")).State);
    }

    [Fact]
    public async Task What_a_dead_process_was_working_on_is_due_again_at_the_next_start()
    {
        await QueueAsync("a");
        await ChangeAsync("a", (job, now) => job.Take(now));
        await agency.RestartAsync();

        await Runner.RunDueAsync(default);

        Assert.Equal(["a 2"], handler.Tried);
        Assert.Equal(JobState.Done, (await StateAsync("a")).State);
    }

    [Fact]
    public async Task A_thing_has_one_open_job_of_a_kind()
    {
        await QueueAsync("a");

        await Assert.ThrowsAsync<DbUpdateException>(() => QueueAsync("a"));
        await Runner.RunDueAsync(default);
        await QueueAsync("a");
    }

    [Fact]
    public async Task Of_the_jobs_in_a_lane_one_runs_at_a_time_and_the_others_beside_it()
    {
        var hold = new TaskCompletionSource<JobOutcome>(TaskCreationOptions.RunContinuationsAsynchronously);
        handler.Until = hold.Task;
        await QueueAsync("a", "lane");
        await QueueAsync("b", "lane");
        await QueueAsync("c", "another");
        var run = Runner.RunDueAsync(default);
        await handler.Began;
        while (handler.Tried.Count < 2)
            await Task.Yield();

        Assert.Equal(["a 1", "c 1"], handler.Tried.Order(StringComparer.Ordinal));
        hold.SetResult(JobOutcome.Done);
        await run;

        Assert.Equal(["a 1", "b 1", "c 1"], handler.Tried.Order(StringComparer.Ordinal));
        Assert.Equal(1, handler.MostInLane);
    }

    [Fact]
    public async Task Work_nobody_knows_is_given_up()
    {
        await agency.Get<Work>().RunAsAsync<Done>(Actor.System, turn =>
        {
            turn.Db.Jobs.Add(Job.Queue("from-the-future", "a", "a", turn.Now));
            return Task.FromResult<Result<Done>>(Done.Yes);
        }, default);

        await Runner.RunDueAsync(default);

        Assert.Equal(JobState.GaveUp, (await StateAsync("a")).State);
    }

    [Fact]
    public async Task The_loop_wakes_when_a_job_is_queued_and_when_one_falls_due()
    {
        handler.Answer = run => run.Try == 1 ? JobOutcome.Again("Once more.") : JobOutcome.Done;
        await Runner.StartAsync(default);
        await QueueAsync("a");
        while (await StateAsync("a") is not (JobState.Queued, 1, _))
            await Task.Yield();

        while (await StateAsync("a") is not (JobState.Done, _, _))
        {
            agency.Time.Advance(Duration.FromSeconds(1));
            await Task.Yield();
        }

        await Runner.StopAsync(default);
        Assert.Equal(["a 1", "a 2"], handler.Tried);
    }

    [Fact]
    public async Task The_meter_counts_tries_by_outcome_and_what_is_open_and_given_up()
    {
        var seen = new Dictionary<string, double>(StringComparer.Ordinal);
        using var listener = new MeterListener { InstrumentPublished = (instrument, all) => Enable(instrument, all) };
        void Enable(Instrument instrument, MeterListener all)
        {
            if (instrument.Meter.Name == JobMetrics.MeterName)
                all.EnableMeasurementEvents(instrument);
        }

        void Note(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            var parts = tags.ToArray();
            if (parts.Length > 0 && !parts.Any(t => t.Key == "kind" && (string?)t.Value == Handler.KindOfWork))
                return;
            lock (seen)
                seen[instrument.Name + string.Concat(parts.Where(t => t.Key == "outcome").Select(t => " " + t.Value))] = value;
        }

        listener.SetMeasurementEventCallback<long>((i, v, tags, _) => Note(i, v, tags));
        listener.SetMeasurementEventCallback<double>((i, v, tags, _) => Note(i, v, tags));
        listener.Start();
        handler.Answer = run => run.About == "bad" ? JobOutcome.GiveUp("No.") : JobOutcome.Done;
        await QueueAsync("good");
        await QueueAsync("bad");

        await Runner.RunDueAsync(default);

        Assert.Equal(1, seen["accesshive.job.tries done"]);
        Assert.Equal(1, seen["accesshive.job.tries gave up"]);
        Assert.True(seen.ContainsKey("accesshive.job.duration done"));
    }

    private Task<Result<Done>> QueueAsync(string about, string? lane = null) => agency.Get<Work>().RunAsAsync<Done>(Actor.System, turn =>
    {
        turn.Db.Jobs.Add(Job.Queue(Handler.KindOfWork, about, lane ?? about, turn.Now));
        return Task.FromResult<Result<Done>>(Done.Yes);
    }, default);

    private Task<Result<Done>> ChangeAsync(string about, Action<Job, Instant> change) => agency.Get<Work>().RunAsAsync<Done>(Actor.System, async turn =>
    {
        change(await turn.Db.Jobs.SingleAsync(j => j.About == about), turn.Now);
        return Done.Yes;
    }, default);

    private async Task<(JobState State, int Tries, string Problem)> StateAsync(string about)
    {
        await using var db = await agency.ReadAsync();
        var job = await db.Jobs.AsNoTracking().SingleAsync(j => j.About == about);
        return (job.State, job.Tries, job.Problem);
    }

    private sealed class Handler : IJobHandler
    {
        public const string KindOfWork = "test";
        private readonly TaskCompletionSource began = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly List<string> tried = [];
        private int inLane;

        public string Kind => KindOfWork;

        public Func<JobRun, JobOutcome> Answer { get; set; } = _ => JobOutcome.Done;

        public Task<JobOutcome>? Until { get; set; }

        public Task Began => began.Task;

        public int MostInLane { get; private set; }

        public IReadOnlyList<string> Tried
        {
            get
            {
                lock (tried)
                    return [.. tried];
            }
        }

        public async Task<JobOutcome> RunAsync(JobRun run, CancellationToken cancellation)
        {
            lock (tried)
            {
                tried.Add($"{run.About} {run.Try}");
                if (run.About is "a" or "b")
                    MostInLane = Math.Max(MostInLane, ++inLane);
            }

            began.TrySetResult();
            var outcome = Until is null ? Answer(run) : await Until;
            lock (tried)
            {
                if (run.About is "a" or "b")
                    inLane--;
            }

            return outcome;
        }
    }
}
