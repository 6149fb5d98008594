using AccessHive.Tests.World.Servers;
using Xunit;

[assembly: AssemblyFixture(typeof(TargetServers))]

namespace AccessHive.Tests.World.Servers;

/// <summary>The servers that were started for this run, one of a kind, and their end.</summary>
public sealed class TargetServers : IAsyncDisposable
{
    private static readonly List<IAsyncDisposable> started = [];

    /// <summary>Has it ended with the run.</summary>
    public static T Keep<T>(T server) where T : IAsyncDisposable
    {
        lock (started)
            started.Add(server);
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in started)
            await server.DisposeAsync();
    }
}
