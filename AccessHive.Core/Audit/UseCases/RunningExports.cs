using System.Collections.Concurrent;
using AccessHive.Core.Kernel;

namespace AccessHive.Core.Audit.UseCases;

/// <summary>Where an export that a page asked for stands.</summary>
public enum ExportState
{
    /// <summary>The browser has not come for it yet.</summary>
    Asked,

    /// <summary>It is being written.</summary>
    Running,

    /// <summary>All of it left.</summary>
    Done,

    /// <summary>It was cancelled, or the browser went away.</summary>
    Stopped,

    /// <summary>The rules said no.</summary>
    Refused,
}

/// <summary>
/// One export between the page that shows how far it is and the download that carries it: they meet here, because a
/// file goes round the circuit.
/// </summary>
public sealed class ExportTicket(PersonId person, TrailFilter filter) : IProgress<long>, IDisposable
{
    private readonly CancellationTokenSource cancel = new();

    /// <summary>Its name, known to the person alone.</summary>
    public Guid Id { get; } = Guid.CreateVersion7();

    /// <summary>Who asked.</summary>
    public PersonId Person { get; } = person;

    /// <summary>What the trail is narrowed to.</summary>
    public TrailFilter Filter { get; } = filter;

    /// <summary>Where it stands.</summary>
    public ExportState State { get; private set; }

    /// <summary>Entries that have left.</summary>
    public long Written { get; private set; }

    /// <summary>Entries there are.</summary>
    public long Entries { get; private set; }

    /// <summary>Ask for entries after this number to go on.</summary>
    public long Next { get; private set; }

    /// <summary>Why not, when the rules said no.</summary>
    public Refusal? Refusal { get; private set; }

    /// <summary>Set off when the person doesn't want it any more.</summary>
    public CancellationToken Cancelled => cancel.Token;

    /// <summary>Something about it changed; told on any thread.</summary>
    public event EventHandler? Changed;

    /// <summary>It begins to be written.</summary>
    public void Begin(BegunExport begun)
    {
        ArgumentNullException.ThrowIfNull(begun);
        (State, Entries, Next) = (ExportState.Running, begun.Entries, begun.Next);
        Changed?.Invoke(this, EventArgs.Empty);
    }

    /// <inheritdoc/>
    public void Report(long value)
    {
        // A hundred steps are enough to see it move; each is a message to a browser.
        var before = Written;
        Written = value;
        if (Entries > 0 && value * 100 / Entries != before * 100 / Entries)
            Changed?.Invoke(this, EventArgs.Empty);
    }

    /// <summary>It is over.</summary>
    public void End(ExportState how, Refusal? refusal = null)
    {
        (State, Refusal) = (how, refusal);
        Changed?.Invoke(this, EventArgs.Empty);
    }

    /// <summary>The person doesn't want it any more.</summary>
    public void Cancel() => cancel.Cancel();

    /// <inheritdoc/>
    public void Dispose() => cancel.Dispose();
}

/// <summary>The exports that open pages asked for.</summary>
public sealed class RunningExports
{
    private readonly ConcurrentDictionary<Guid, ExportTicket> tickets = new();

    /// <summary>A page asks for one.</summary>
    public ExportTicket Ask(PersonId person, TrailFilter filter)
    {
        var ticket = new ExportTicket(person, filter);
        tickets[ticket.Id] = ticket;
        return ticket;
    }

    /// <summary>The browser comes for it, once; nothing, if it isn't this person's or was taken already.</summary>
    public ExportTicket? Take(PersonId person, Guid id)
        => tickets.TryGetValue(id, out var ticket) && ticket.Person == person && ticket.State == ExportState.Asked && tickets.TryRemove(id, out _) ? ticket : null;

    /// <summary>The page is gone: what still runs is not cancelled by that, what was never taken is forgotten.</summary>
    public void Forget(ExportTicket ticket)
    {
        ArgumentNullException.ThrowIfNull(ticket);
        tickets.TryRemove(ticket.Id, out _);
    }
}
