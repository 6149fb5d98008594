using NodaTime;

namespace AccessHive.Core.Deadlines;

/// <summary>A room in which something falls due. When to wake, and what to do then – nothing else.</summary>
public interface IDeadlineSource
{
    /// <summary>A name for the log.</summary>
    string Name { get; }

    /// <summary>The next instant at which something is due; never, if null.</summary>
    Task<Instant?> NextAsync(CancellationToken cancellation);

    /// <summary>Settles everything that is due now.</summary>
    Task SettleAsync(CancellationToken cancellation);
}
