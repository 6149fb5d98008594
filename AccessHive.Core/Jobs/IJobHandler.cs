using AccessHive.Core.Kernel;
using NodaTime;

namespace AccessHive.Core.Jobs;

/// <summary>What became of a try.</summary>
public enum JobAnswer
{
    /// <summary>The work is done, or nothing was left to do.</summary>
    Done,

    /// <summary>It failed; another try may succeed.</summary>
    Again,

    /// <summary>It failed, and another try would change nothing.</summary>
    GiveUp,
}

/// <summary>What became of a try and, unless it is done, why – in words for a person, without any secret.</summary>
public sealed record JobOutcome(JobAnswer Answer, string Problem = "")
{
    /// <summary>Done.</summary>
    public static JobOutcome Done { get; } = new(JobAnswer.Done);

    /// <summary>It failed; another try may succeed.</summary>
    public static JobOutcome Again(string problem) => new(JobAnswer.Again, problem);

    /// <summary>It failed for good.</summary>
    public static JobOutcome GiveUp(string problem) => new(JobAnswer.GiveUp, problem);
}

/// <summary>One try.</summary>
/// <param name="Id">The job.</param>
/// <param name="About">What it is about.</param>
/// <param name="Try">Which try, from 1.</param>
/// <param name="IsLast">Whether no other follows by itself.</param>
/// <param name="StartedAt">When it began.</param>
public sealed record JobRun(JobId Id, string About, int Try, bool IsLast, Instant StartedAt);

/// <summary>
/// Does one kind of work. Each try begins anew and has to find out by itself what an earlier one, cut short anywhere,
/// has left behind. It ends soon after its cancellation.
/// </summary>
public interface IJobHandler
{
    /// <summary>Which kind.</summary>
    string Kind { get; }

    /// <summary>Tries.</summary>
    Task<JobOutcome> RunAsync(JobRun run, CancellationToken cancellation);
}
