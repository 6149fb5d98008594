using NodaTime;

namespace AccessHive.Core.Kernel;

/// <summary>Something with a life of its own: guards, then the change, then the event.</summary>
public abstract class Aggregate
{
    private readonly List<DomainEvent> events = [];

    /// <summary>Grows with each committed change; two writers with the same one cannot both win.</summary>
    public long Version { get; private set; }

    /// <summary>What happened since it was loaded, not yet in the trail.</summary>
    public IReadOnlyList<DomainEvent> Events => events;

    /// <summary>Hands the events over to the trail, and counts the change. Called by Storage only.</summary>
    public IReadOnlyList<DomainEvent> TakeEvents()
    {
        if (events.Count == 0)
            return [];
        var taken = events.ToArray();
        events.Clear();
        Version++;
        return taken;
    }

    /// <summary>Notes a fact.</summary>
    protected void Raise(DomainEvent happened) => events.Add(happened);
}

/// <summary>A fact: it happened, at that instant, by that actor. Each becomes exactly one trail entry.</summary>
/// <param name="At">When, the transaction's own instant.</param>
/// <param name="By">Who did it.</param>
public abstract record DomainEvent(Instant At, Actor By)
{
    private static long raised;

    /// <summary>Stable name: room, dot, what happened – for example <c>request.raised</c>.</summary>
    public abstract string Type { get; }

    /// <summary>Whether it belongs to an emergency (P11).</summary>
    public virtual bool Emergency => false;

    /// <summary>The order in which events were raised in this process; entries of one commit follow it.</summary>
    public long Order { get; } = Interlocked.Increment(ref raised);

    /// <summary>What the entry can be found by.</summary>
    public virtual Subject About => Subject.Nothing;

    /// <summary>What the entry says beyond type, actor and subject. Never a secret.</summary>
    public virtual void Tell(Facts facts)
    {
    }
}

/// <summary>What an event is about.</summary>
/// <param name="Person">The person concerned, when that is not only the actor: requester, holder, invited person.</param>
/// <param name="Identity">The shared identity.</param>
/// <param name="Credential">The credential.</param>
/// <param name="Request">The request.</param>
/// <param name="Session">The session.</param>
public sealed record Subject(
    PersonId? Person = null,
    IdentityId? Identity = null,
    CredentialId? Credential = null,
    RequestId? Request = null,
    SessionId? Session = null)
{
    /// <summary>About the agency as a whole.</summary>
    public static Subject Nothing { get; } = new();
}
