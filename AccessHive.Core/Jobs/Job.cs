using AccessHive.Core.Kernel;
using NodaTime;

namespace AccessHive.Core.Jobs;

/// <summary>Where a piece of work stands.</summary>
public enum JobState
{
    /// <summary>It waits for its turn: for the first time, or between two tries.</summary>
    Queued,

    /// <summary>Somebody works on it.</summary>
    Running,

    /// <summary>It is done, or nothing was left to do.</summary>
    Done,

    /// <summary>All tries failed; a person has to look at it.</summary>
    GaveUp,
}

/// <summary>
/// A piece of work that goes on in the background: it survives a restart, is run by one at a time, is tried again with
/// growing pauses, and ends. What it is about and how far that has come is kept by the room it belongs to.
/// </summary>
public sealed class Job
{
    /// <summary>Longest kind.</summary>
    public const int KindLength = 40;

    /// <summary>Longest name of what it is about, and of its lane.</summary>
    public const int AboutLength = 100;

    /// <summary>Longest problem kept.</summary>
    public const int ProblemLength = 500;

    /// <summary>How often work is tried, unless somebody asks again.</summary>
    public const int UsualTries = 5;

    private Job()
    {
    }

    /// <summary>How long one try may take.</summary>
    public static Duration UsualTimeOut { get; } = Duration.FromSeconds(120);

    /// <summary>The pause after the first failed try; it doubles with each one after it.</summary>
    public static Duration FirstPause { get; } = Duration.FromSeconds(30);

    /// <summary>The job's id.</summary>
    public JobId Id { get; private set; }

    /// <summary>Which handler does it.</summary>
    public string Kind { get; private set; } = "";

    /// <summary>What it is about; there is one open job of a kind about a thing.</summary>
    public string About { get; private set; } = "";

    /// <summary>Of the jobs in one lane, one runs at a time.</summary>
    public string Lane { get; private set; } = "";

    /// <summary>Where it stands.</summary>
    public JobState State { get; private set; }

    /// <summary>How many tries were begun since it was queued, or asked for again.</summary>
    public int Tries { get; private set; }

    /// <summary>How many tries there are.</summary>
    public int MostTries { get; private set; } = UsualTries;

    /// <summary>How long one try may take.</summary>
    public Duration TimeOut { get; private set; } = UsualTimeOut;

    /// <summary>When it was queued first.</summary>
    public Instant QueuedAt { get; private set; }

    /// <summary>It runs from here on, not before.</summary>
    public Instant DueAt { get; private set; }

    /// <summary>When the latest try began.</summary>
    public Instant? StartedAt { get; private set; }

    /// <summary>When it was done or given up.</summary>
    public Instant? EndedAt { get; private set; }

    /// <summary>Why the latest try failed, in words; empty, if it did not.</summary>
    public string Problem { get; private set; } = "";

    /// <summary>How much of it is done.</summary>
    public int ProgressDone { get; private set; }

    /// <summary>How much there is to do; 0, if nobody knows.</summary>
    public int ProgressTotal { get; private set; }

    /// <summary>Whether it will still be worked on by itself.</summary>
    public bool IsOpen => State is JobState.Queued or JobState.Running;

    /// <summary>A new job, due at once.</summary>
    /// <param name="kind">Which handler does it.</param>
    /// <param name="about">What it is about.</param>
    /// <param name="lane">Of the jobs in one lane, one runs at a time.</param>
    /// <param name="now">The transaction's instant.</param>
    /// <param name="mostTries">How many tries there are.</param>
    public static Job Queue(string kind, string about, string lane, Instant now, int mostTries = UsualTries)
        => new() { Id = JobId.New(), Kind = kind, About = about, Lane = lane, QueuedAt = now, DueAt = now, MostTries = mostTries };

    /// <summary>The pause after this many failed tries.</summary>
    public static Duration Pause(int tries) => FirstPause * (1L << Math.Clamp(tries - 1, 0, 10));

    /// <summary>Begins a try.</summary>
    /// <returns>Done; or <c>job-not-due</c>: somebody has it, it is over, or its time has not come.</returns>
    public Result<Done> Take(Instant now)
    {
        if (State != JobState.Queued || now < DueAt)
            return JobRefusals.JobNotDue;
        (State, StartedAt) = (JobState.Running, now);
        Tries++;
        return Done.Yes;
    }

    /// <summary>Says how far the try has come.</summary>
    public void Report(int done, int total) => (ProgressDone, ProgressTotal) = (done, total);

    /// <summary>The work is done.</summary>
    public void Finish(Instant now) => (State, EndedAt, Problem) = (JobState.Done, now, "");

    /// <summary>The try failed: another follows after a pause, unless it was the last one.</summary>
    public void Fail(string problem, Instant now)
    {
        Problem = Cut(problem);
        if (Tries >= MostTries)
            GiveUp(problem, now);
        else
            (State, DueAt) = (JobState.Queued, now + Pause(Tries));
    }

    /// <summary>Trying again would change nothing.</summary>
    public void GiveUp(string problem, Instant now) => (State, EndedAt, Problem) = (JobState.GaveUp, now, Cut(problem));

    /// <summary>The process that worked on it is gone: it is due again at once. The try that was cut short counts.</summary>
    public void Recover(Instant now)
    {
        if (State != JobState.Running)
            return;
        if (Tries >= MostTries)
            GiveUp("AccessHive was stopped during the last try.", now);
        else
            (State, DueAt) = (JobState.Queued, now);
    }

    /// <summary>Somebody asks for it now: its tries begin again. Nothing happens while it runs.</summary>
    public void RetryNow(Instant now)
    {
        if (State != JobState.Running)
            (State, DueAt, Tries, EndedAt) = (JobState.Queued, now, 0, null);
    }

    /// <summary>There may be news: the next try comes now. Nothing happens while it runs, or when it is over.</summary>
    public void Wake(Instant now)
    {
        if (State == JobState.Queued && DueAt > now)
            DueAt = now;
    }

    private static string Cut(string problem) => problem.Length > ProblemLength ? problem[..ProblemLength] : problem;
}

/// <summary>Why Jobs says no.</summary>
public static class JobRefusals
{
    /// <summary>Somebody has it, it is over, or its time has not come.</summary>
    public static readonly Refusal JobNotDue = new("job-not-due");
}
