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
    private readonly Action<IServiceCollection>? also;
    private ServiceProvider services;
    private bool left;

    private TestAgency(FakeTime time, Founded? copied = null, Action<IServiceCollection>? also = null)
    {
        this.also = also;
        Time = time;
        Paths = HousePaths.In(folder.In("data"));
        if (copied is not null)
            MoveInto(copied, Paths);
        key = BringKey(Paths);
        services = Build();
    }

    public HousePaths Paths { get; }

    public FakeTime Time { get; }

    public PresenceByHand Presence { get; } = new();

    public override IServiceProvider Services => services;

    /// <summary>A furnished agency: its cast, its settings as they come, and one credential in the vault.</summary>
    /// <param name="also">What a test adds to the services, for example a log that listens.</param>
    public static async Task<TestAgency> FoundAsync(Action<IServiceCollection>? also = null)
    {
        var agency = new TestAgency(new FakeTime(), await Founded.InFakeTimeAsync(), also);
        await agency.OpenAsync();
        return agency;
    }

    /// <summary>A furnished agency whose time begins at this instant, for a process that goes on with its files in real time.</summary>
    public static async Task<TestAgency> FoundAtAsync(Instant start)
    {
        var agency = new TestAgency(new FakeTime(start));
        await agency.OpenAsync();
        await agency.FurnishAsync();
        return agency;
    }

    /// <summary>A furnished agency whose time is the machine's when the test begins, for a process that goes on with its files.</summary>
    public static async Task<TestAgency> FoundNowAsync()
    {
        var founded = await Founded.InRealTimeAsync();
        var agency = new TestAgency(new FakeTime(Instant.FromDateTimeOffset(TimeProvider.System.GetUtcNow())), founded);
        await agency.OpenAsync();
        return agency;
    }

    /// <summary>The files of a furnished agency.</summary>
    public static async Task<Founded> FoundModelAsync(Instant? start)
    {
        await using var agency = await FoundAtAsync(start ?? new FakeTime().Now);
        await agency.LeaveAsync();
        return await agency.LeaveBehindAsync(agency.Paths);
    }

    /// <summary>The process ends and starts again, on the same files.</summary>
    public async Task RestartAsync()
    {
        await LeaveAsync();
        services = Build();
        left = false;
        await OpenAsync();
    }

    /// <summary>The process ends and leaves its files to another.</summary>
    public async Task LeaveAsync()
    {
        if (left)
            return;
        left = true;
        var connection = await ConnectionAsync();
        await services.DisposeAsync();
        LetGoOf(connection);
    }

    public async ValueTask DisposeAsync()
    {
        await LeaveAsync();
        folder.Dispose();
    }

    private ServiceProvider Build()
    {
        var collection = new ServiceCollection();
        collection.AddLogging().AddSingleton<TimeProvider>(Time).AddSingleton<IPresence>(Presence);
        collection.AddAccessHive(Paths, key);
        // The real work factor would cost a tenth of a second for each of a thousand people in these tests.
        collection.Configure<PasswordHasherOptions>(o => o.IterationCount = 1);
        also?.Invoke(collection);
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
