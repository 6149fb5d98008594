using AccessHive.Core;
using AccessHive.Core.Kernel;
using AccessHive.Core.Requests;
using AccessHive.Core.Storage;
using AccessHive.Core.Vault;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;

namespace AccessHive.Tests.World;

/// <summary>The cast on a real SQLite file in a folder of its own, with fake time, without a host: one use case after the other.</summary>
public sealed class TestAgency : Cast, IAsyncDisposable
{
    private readonly TestFolder folder = new();
    private readonly FileKeyWrapper key;
    private ServiceProvider services;

    private TestAgency(Instant? start)
    {
        Time = start is { } at ? new FakeTime(at) : new FakeTime();
        Paths = HousePaths.In(folder.In("data"));
        key = OpenHouse.TakeKey(Paths);
        services = Build();
    }

    public HousePaths Paths { get; }

    public FakeTime Time { get; }

    public PresenceByHand Presence { get; } = new();

    public override IServiceProvider Services => services;

    /// <summary>A furnished agency.</summary>
    /// <param name="start">When its time begins, for data that a process with real time goes on with.</param>
    public static async Task<TestAgency> FoundAsync(Instant? start = null)
    {
        var agency = new TestAgency(start);
        await agency.OpenAsync();
        await agency.FurnishAsync();
        return agency;
    }

    /// <summary>The process ends and starts again, on the same files.</summary>
    public async Task RestartAsync()
    {
        await services.DisposeAsync();
        services = Build();
        await OpenAsync();
    }

    /// <summary>The process ends and leaves its files to another.</summary>
    public async Task LeaveAsync()
    {
        await services.DisposeAsync();
        TestFolder.CloseDatabases();
    }

    public async ValueTask DisposeAsync()
    {
        await services.DisposeAsync();
        key.Dispose();
        folder.Dispose();
    }

    private ServiceProvider Build()
    {
        var collection = new ServiceCollection();
        collection.AddLogging().AddSingleton<TimeProvider>(Time).AddSingleton<IPresence>(Presence);
        collection.AddAccessHive(Paths, key);
        // The real work factor would cost a tenth of a second for each of a thousand people in these tests.
        collection.Configure<PasswordHasherOptions>(o => o.IterationCount = 1);
        return collection.BuildServiceProvider();
    }
}

/// <summary>Who is here, said by the test.</summary>
public sealed class PresenceByHand : IPresence
{
    private readonly HashSet<PersonId> here = [];

    public void Enters(params IEnumerable<PersonId> people) => here.UnionWith(people);

    public void Leaves(PersonId person) => here.Remove(person);

    public IReadOnlySet<PersonId> Here() => here;
}
