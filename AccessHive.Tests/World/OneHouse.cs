using Xunit;

namespace AccessHive.Tests.World;

/// <summary>One running house for all tests of a class that only look, or that each bring what they change.</summary>
public sealed class OneHouse : IAsyncLifetime
{
    public RunningHouse House { get; private set; } = null!;

    public async ValueTask InitializeAsync() => House = await RunningHouse.OpenAsync();

    public ValueTask DisposeAsync() => House.DisposeAsync();
}
