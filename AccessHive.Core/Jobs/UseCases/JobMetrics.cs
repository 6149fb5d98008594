using System.Diagnostics.Metrics;

namespace AccessHive.Core.Jobs.UseCases;

/// <summary>What an operator's dashboard asks about background work.</summary>
public sealed class JobMetrics : IDisposable
{
    /// <summary>The product's meter.</summary>
    public const string MeterName = "AccessHive";

    private readonly Meter meter = new(MeterName);
    private readonly Counter<long> tries;
    private readonly Histogram<double> duration;
    private long open;
    private long givenUp;

    /// <summary>Makes the instruments.</summary>
    public JobMetrics()
    {
        tries = meter.CreateCounter<long>("accesshive.job.tries", "{try}", "Tries of background jobs, by kind and outcome.");
        duration = meter.CreateHistogram<double>("accesshive.job.duration", "s", "How long a try of a background job took.");
        meter.CreateObservableGauge("accesshive.jobs.open", () => Interlocked.Read(ref open), "{job}", "Jobs that wait or run.");
        meter.CreateObservableGauge("accesshive.jobs.given_up", () => Interlocked.Read(ref givenUp), "{job}", "Jobs that a person has to look at.");
    }

    /// <inheritdoc/>
    public void Dispose() => meter.Dispose();

    internal void Tried(string kind, string outcome, TimeSpan took)
    {
        KeyValuePair<string, object?>[] tags = [new("kind", kind), new("outcome", outcome)];
        tries.Add(1, tags);
        duration.Record(took.TotalSeconds, tags);
    }

    internal void Count(long openNow, long givenUpNow)
    {
        Interlocked.Exchange(ref open, openNow);
        Interlocked.Exchange(ref givenUp, givenUpNow);
    }
}
