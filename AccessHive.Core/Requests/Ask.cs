using AccessHive.Core.Kernel;
using NodaTime;

namespace AccessHive.Core.Requests;

/// <summary>That somebody was asked to decide, and whether it reached their eyes (the receipt).</summary>
public sealed class Ask
{
    /// <summary>A new ask.</summary>
    /// <param name="requestId">What is to be decided.</param>
    /// <param name="personId">Who is asked.</param>
    /// <param name="circle">In which circle they were asked, from 1.</param>
    /// <param name="askedAt">When.</param>
    public Ask(RequestId requestId, PersonId personId, int circle, Instant askedAt)
        => (RequestId, PersonId, Circle, AskedAt) = (requestId, personId, circle, askedAt);

    /// <summary>What is to be decided.</summary>
    public RequestId RequestId { get; private set; }

    /// <summary>Who is asked.</summary>
    public PersonId PersonId { get; private set; }

    /// <summary>In which circle, from 1.</summary>
    public int Circle { get; private set; }

    /// <summary>When they were asked.</summary>
    public Instant AskedAt { get; private set; }

    /// <summary>When it was on their screen.</summary>
    public Instant? ShownAt { get; private set; }

    internal void Show(Instant now) => ShownAt = now;
}

/// <summary>That somebody said yes. Where two have to, there are two of these, by different people.</summary>
public sealed class Approval
{
    /// <summary>A new approval.</summary>
    /// <param name="requestId">What was approved.</param>
    /// <param name="personId">By whom.</param>
    /// <param name="at">When.</param>
    /// <param name="comment">What they added.</param>
    public Approval(RequestId requestId, PersonId personId, Instant at, string comment)
        => (RequestId, PersonId, At, Comment) = (requestId, personId, at, comment);

    /// <summary>What was approved.</summary>
    public RequestId RequestId { get; private set; }

    /// <summary>By whom.</summary>
    public PersonId PersonId { get; private set; }

    /// <summary>When.</summary>
    public Instant At { get; private set; }

    /// <summary>What they added.</summary>
    public string Comment { get; private set; }
}
