using AccessHive.Core.Kernel;
using AccessHive.Core.Requests;
using AccessHive.Web.Security;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server.Circuits;

namespace AccessHive.Web.Live;

/// <summary>Who has a page open now: a person is here while at least one of their circuits has its connection.</summary>
public sealed class PresenceBoard : IPresence
{
    private readonly Lock gate = new();
    private readonly Dictionary<PersonId, int> pages = [];

    /// <inheritdoc/>
    public IReadOnlySet<PersonId> Here()
    {
        lock (gate)
            return pages.Keys.ToHashSet();
    }

    /// <summary>A page of theirs is connected.</summary>
    public void Enter(PersonId person)
    {
        lock (gate)
            pages[person] = pages.GetValueOrDefault(person) + 1;
    }

    /// <summary>A page of theirs is gone.</summary>
    public void Leave(PersonId person)
    {
        lock (gate)
        {
            if (pages.TryGetValue(person, out var count) && count > 1)
                pages[person] = count - 1;
            else
                pages.Remove(person);
        }
    }
}

/// <summary>Whose circuit this is: the person it was opened by, and nobody else for as long as it lives.</summary>
public sealed class CircuitPerson(AuthenticationStateProvider authentication)
{
    private PersonId? first;

    /// <summary>The person.</summary>
    /// <exception cref="InvalidOperationException">Nobody is signed in, or somebody else came back on the same circuit.</exception>
    public async Task<PersonId> IdAsync()
    {
        var state = await authentication.GetAuthenticationStateAsync();
        var now = state.User.PersonOf() ?? throw new InvalidOperationException("Nobody is signed in on this circuit.");
        first ??= now;
        // A circuit that reconnects silently adopts whoever the cookie now is. We don't.
        return first == now ? now : throw new InvalidOperationException("This circuit belongs to somebody else.");
    }
}

/// <summary>The door of a circuit: notes who is here, and lets nobody act in somebody else's name.</summary>
public sealed class CircuitDoor(CircuitPerson person, PresenceBoard board, AuthenticationStateProvider authentication) : CircuitHandler, IDisposable
{
    private PersonId? here;
    private bool isSomebodys;

    /// <inheritdoc/>
    public override async Task OnConnectionUpAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        if (!isSomebodys && (await authentication.GetAuthenticationStateAsync()).User.PersonOf() is null)
            return;
        isSomebodys = true;
        Leave();
        here = await person.IdAsync();
        board.Enter(here.Value);
    }

    /// <inheritdoc/>
    public override Task OnConnectionDownAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        Leave();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override Func<CircuitInboundActivityContext, Task> CreateInboundActivityHandler(Func<CircuitInboundActivityContext, Task> next) => async context =>
    {
        if (isSomebodys)
            await person.IdAsync();
        await next(context);
    };

    /// <inheritdoc/>
    public void Dispose() => Leave();

    private void Leave()
    {
        if (here is { } leaving)
            board.Leave(leaving);
        here = null;
    }
}
