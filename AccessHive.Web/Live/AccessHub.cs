using System.Collections.Concurrent;
using AccessHive.Core.Agency.UseCases;
using AccessHive.Core.Kernel;
using AccessHive.Core.Live;
using AccessHive.Web.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.SignalR;

namespace AccessHive.Web.Live;

/// <summary>What programs hear: ids, states and times. Never a secret, never a justification.</summary>
public interface IAccessClient
{
    /// <summary>Somebody asked for access.</summary>
    Task Requested(RequestSignal signal);

    /// <summary>A request was approved – by one of several, or at last –, denied, withdrawn, turned into an emergency, or lapsed.</summary>
    Task Decided(RequestSignal signal);

    /// <summary>A session started.</summary>
    Task Started(SessionSignal signal);

    /// <summary>A checkout was extended.</summary>
    Task Extended(SessionSignal signal);

    /// <summary>A session expired, was checked in, or was ended by its holder.</summary>
    Task Ended(SessionSignal signal);

    /// <summary>A session was revoked.</summary>
    Task Revoked(SessionSignal signal);
}

/// <summary>One step of a request.</summary>
/// <param name="Seq">The trail entry.</param>
/// <param name="At">When, ISO 8601 in UTC.</param>
/// <param name="Request">The request.</param>
/// <param name="Identity">The identity it is about.</param>
/// <param name="Requester">Who asked.</param>
/// <param name="State">raised, approved-by-one, approved, denied, withdrawn, turned-into-emergency or lapsed.</param>
/// <param name="Kind">standard or emergency.</param>
public sealed record RequestSignal(long Seq, DateTimeOffset At, Guid Request, Guid Identity, Guid Requester, string State, string Kind);

/// <summary>One step of a session.</summary>
/// <param name="Seq">The trail entry.</param>
/// <param name="At">When, ISO 8601 in UTC.</param>
/// <param name="Session">The session.</param>
/// <param name="Request">The request it was granted for.</param>
/// <param name="Identity">The identity it gives access to.</param>
/// <param name="Holder">Who holds it.</param>
/// <param name="State">started, extended, expired, checked-in, ended-by-holder or revoked.</param>
/// <param name="Kind">standard or emergency.</param>
public sealed record SessionSignal(long Seq, DateTimeOffset At, Guid Session, Guid Request, Guid Identity, Guid Holder, string State, string Kind);

/// <summary>
/// For programs: a phone app, a wallboard, chat-ops. Server to client only; browsers get everything through their
/// circuit. Each connection hears what its person may see.
/// </summary>
[Authorize]
public sealed class AccessHub(HubListeners listeners) : Hub<IAccessClient>
{
    /// <summary>Where it is.</summary>
    public const string Path = "/hubs/access";

    /// <inheritdoc/>
    public override Task OnConnectedAsync()
    {
        if (Context.User.PersonOf() is { } person)
            listeners.People[Context.ConnectionId] = person;
        return base.OnConnectedAsync();
    }

    /// <inheritdoc/>
    public override Task OnDisconnectedAsync(Exception? exception)
    {
        listeners.People.TryRemove(Context.ConnectionId, out _);
        return base.OnDisconnectedAsync(exception);
    }
}

/// <summary>Which person is behind which hub connection.</summary>
public sealed class HubListeners
{
    internal ConcurrentDictionary<string, PersonId> People { get; } = new(StringComparer.Ordinal);
}

/// <summary>Tells the programs, as one more listener of the feed.</summary>
public sealed class AccessHubFeed(LiveFeed feed, IHubContext<AccessHub, IAccessClient> hub, HubListeners listeners, SignIns signIns) : BackgroundService
{
    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var listener = feed.Subscribe();
        await foreach (var item in listener.ReadAsync(stoppingToken))
        {
            if (item is not null && await AudienceAsync(item, stoppingToken) is { Count: > 0 } audience)
                await TellAsync(hub.Clients.Clients(audience), item);
        }
    }

    private async Task<IReadOnlyList<string>> AudienceAsync(FeedItem item, CancellationToken cancellation)
    {
        List<string> audience = [];
        foreach (var (connection, id) in listeners.People)
        {
            if (await signIns.FreshAsync(id, cancellation) is { } person && Audience.Sees(id, person.Roles, item))
                audience.Add(connection);
        }

        return audience;
    }

    private static Task TellAsync(IAccessClient programs, FeedItem item) => item.Type switch
    {
        "request.raised" => programs.Requested(Request(item)),
        "request.approved-by-one" or "request.approved" or "request.denied" or "request.withdrawn" or "request.turned-into-emergency" or "request.lapsed" => programs.Decided(Request(item)),
        "session.started" => programs.Started(Session(item)),
        "session.extended" => programs.Extended(Session(item)),
        "session.expired" or "session.checked-in" or "session.ended-by-holder" => programs.Ended(Session(item)),
        "session.revoked" => programs.Revoked(Session(item)),
        _ => Task.CompletedTask,
    };

    private static RequestSignal Request(FeedItem item)
        => new(item.Seq, item.At.ToDateTimeOffset(), item.Request!.Value.Value, item.Identity!.Value.Value, item.Person!.Value.Value, State(item), Kind(item));

    private static SessionSignal Session(FeedItem item)
        => new(item.Seq, item.At.ToDateTimeOffset(), item.Session!.Value.Value, item.Request!.Value.Value, item.Identity!.Value.Value, item.Person!.Value.Value, State(item), Kind(item));

    // What was turned into an emergency is marked as one in the trail, and was a standard request all the same.
    private static string Kind(FeedItem item) => item.Emergency && item.Type != "request.turned-into-emergency" ? "emergency" : "standard";

    private static string State(FeedItem item) => item.Type[(item.Type.IndexOf('.', StringComparison.Ordinal) + 1)..];
}
