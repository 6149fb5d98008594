using System.Collections.Concurrent;
using System.Security.Claims;
using AccessHive.Core.Agency.UseCases;
using AccessHive.Core.Kernel;
using Microsoft.AspNetCore.SignalR;
using NodaTime;

namespace AccessHive.Web.Security;

/// <summary>
/// Every open connection – circuits and programs alike – with the person behind it, so that a disabled person's pages
/// close at once and signing out closes the pages of that sign-in.
/// </summary>
public sealed class CircuitRegistry(SignIns signIns, HiveClock clock) : IHubFilter
{
    private readonly ConcurrentDictionary<string, HubCallerContext> open = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Instant> ended = new(StringComparer.Ordinal);

    /// <summary>Closes everything this person has open.</summary>
    public void Abort(PersonId person) => AbortWhere(c => c.User.PersonOf() == person);

    /// <summary>Closes everything that was opened with this sign-in, or is about to be.</summary>
    public void AbortSignIn(string signIn)
    {
        var now = clock.Now;
        ended[signIn] = now;
        // A sign-in that is older counts nowhere any more.
        foreach (var (old, _) in ended.Where(e => now - e.Value > SignInClaims.Longest))
            ended.TryRemove(old, out _);
        AbortWhere(c => c.User.SignInOf() == signIn);
    }

    /// <inheritdoc/>
    public async Task OnConnectedAsync(HubLifetimeContext context, Func<HubLifetimeContext, Task> next)
    {
        open[context.Context.ConnectionId] = context.Context;
        // Who signed out or was disabled after the request came in and before this was listed: nobody else closes it.
        if (await IsStillGoodAsync(context.Context.User))
            await next(context);
        else
            context.Context.Abort();
    }

    /// <inheritdoc/>
    public async Task OnDisconnectedAsync(HubLifetimeContext context, Exception? exception, Func<HubLifetimeContext, Exception?, Task> next)
    {
        open.TryRemove(context.Context.ConnectionId, out _);
        await next(context, exception);
    }

    private async Task<bool> IsStillGoodAsync(ClaimsPrincipal? user)
        => user?.SignInOf() is { } signIn && !ended.ContainsKey(signIn)
            && user.PersonOf() is { } id && await signIns.FreshAsync(id) is { } person && SignInClaims.IsStillGood(user, person, clock.Now);

    private void AbortWhere(Func<HubCallerContext, bool> matches)
    {
        foreach (var connection in open.Values.Where(matches))
            connection.Abort();
    }
}
