using System.Collections.Concurrent;
using AccessHive.Core.Kernel;
using Microsoft.AspNetCore.SignalR;

namespace AccessHive.Web.Security;

/// <summary>
/// Every open connection – circuits and programs alike – with the person behind it, so that a disabled person's pages
/// close at once and signing out closes the pages of that sign-in.
/// </summary>
public sealed class CircuitRegistry : IHubFilter
{
    private readonly ConcurrentDictionary<string, HubCallerContext> open = new(StringComparer.Ordinal);

    /// <summary>Closes everything this person has open.</summary>
    public void Abort(PersonId person) => AbortWhere(c => c.User.PersonOf() == person);

    /// <summary>Closes everything that was opened with this sign-in.</summary>
    public void AbortSignIn(string signIn) => AbortWhere(c => c.User.SignInOf() == signIn);

    /// <inheritdoc/>
    public async Task OnConnectedAsync(HubLifetimeContext context, Func<HubLifetimeContext, Task> next)
    {
        open[context.Context.ConnectionId] = context.Context;
        await next(context);
    }

    /// <inheritdoc/>
    public async Task OnDisconnectedAsync(HubLifetimeContext context, Exception? exception, Func<HubLifetimeContext, Exception?, Task> next)
    {
        open.TryRemove(context.Context.ConnectionId, out _);
        await next(context, exception);
    }

    private void AbortWhere(Func<HubCallerContext, bool> matches)
    {
        foreach (var connection in open.Values.Where(matches))
            connection.Abort();
    }
}
