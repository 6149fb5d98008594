using System.Globalization;
using AccessHive.Core.Kernel;
using NodaTime;

namespace AccessHive.Core.Audit;

/// <summary>Somebody takes entries out. It is committed before the first line leaves.</summary>
/// <param name="At">When.</param>
/// <param name="By">Who.</param>
/// <param name="Format">In which format: <c>jsonl</c>, <c>csv</c> ….</param>
/// <param name="Filter">What the trail was narrowed to, in words; empty for everything. Somebody may have typed a name.</param>
/// <param name="First">The first number that was looked at.</param>
/// <param name="Last">The last one.</param>
/// <param name="Entries">How many entries go out.</param>
public sealed record TrailExported(Instant At, Actor By, string Format, string Filter, long First, long Last, long Entries) : DomainEvent(At, By)
{
    /// <inheritdoc/>
    public override string Type => "trail.exported";

    /// <inheritdoc/>
    public override void Tell(Facts facts) => facts
        .Add("format", Format)
        .Add("from entry", First.ToString(CultureInfo.InvariantCulture))
        .Add("to entry", Last.ToString(CultureInfo.InvariantCulture))
        .Add("entries", Entries.ToString(CultureInfo.InvariantCulture))
        .AddPersonal("filter", Filter);
}

/// <summary>An export ended before its end: it was cancelled, or nobody took its lines any more.</summary>
/// <param name="At">When.</param>
/// <param name="By">Who exported.</param>
/// <param name="Format">In which format.</param>
/// <param name="Written">How many entries had gone out.</param>
/// <param name="Entries">How many there would have been.</param>
public sealed record TrailExportStopped(Instant At, Actor By, string Format, long Written, long Entries) : DomainEvent(At, By)
{
    /// <inheritdoc/>
    public override string Type => "trail.export-stopped";

    /// <inheritdoc/>
    public override void Tell(Facts facts) => facts
        .Add("format", Format)
        .Add("written", Written.ToString(CultureInfo.InvariantCulture))
        .Add("entries", Entries.ToString(CultureInfo.InvariantCulture));
}
