using AccessHive.Core.Live;
using AccessHive.Web.Security;

namespace AccessHive.Web.Live;

/// <summary>Closes a disabled person's pages as soon as the commit is out.</summary>
public sealed class RevokeCircuits(LiveFeed feed, CircuitRegistry registry) : BackgroundService
{
    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var listener = feed.Subscribe();
        await foreach (var item in listener.ReadAsync(stoppingToken))
        {
            if (item is { Type: "person.disabled", Person: { } person })
                registry.Abort(person);
        }
    }
}
