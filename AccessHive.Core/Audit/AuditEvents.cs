using AccessHive.Core.Kernel;
using NodaTime;

namespace AccessHive.Core.Audit;

/// <summary>The rules said no to somebody (product.md: refused attempts are in the trail too).</summary>
/// <param name="At">When.</param>
/// <param name="By">Who tried.</param>
/// <param name="Attempt">What they tried.</param>
/// <param name="Code">The refusal's code.</param>
public sealed record AttemptRefused(Instant At, Actor By, Attempt Attempt, string Code) : DomainEvent(At, By)
{
    /// <inheritdoc/>
    public override string Type => "attempt.refused";

    /// <inheritdoc/>
    public override bool Emergency => Attempt.Emergency;

    /// <inheritdoc/>
    public override Subject About => Attempt.About;

    /// <inheritdoc/>
    public override void Tell(Facts facts) => facts.Add("attempt", Attempt.What).Add("refusal", Code);
}

/// <summary>The wall clock was set back, or forward again.</summary>
public sealed record ClockJumped(Instant At, Instant Wall) : DomainEvent(At, Actor.System)
{
    /// <inheritdoc/>
    public override string Type => "clock.jumped";

    /// <inheritdoc/>
    public override void Tell(Facts facts) => facts.Add("wall clock", Wall).Add("product clock", At);
}

/// <summary>What somebody is trying to do, for the trail entry in case the rules say no.</summary>
/// <param name="What">The use case in words: <c>raise an emergency request</c>.</param>
/// <param name="Emergency">Whether it belongs to an emergency.</param>
/// <param name="About">What it is about.</param>
public sealed record Attempt(string What, bool Emergency, Subject About);
