using System.Collections.Concurrent;
using AccessHive.Core;
using AccessHive.Core.Deadlines;
using AccessHive.Core.Kernel;
using AccessHive.Core.Requests;
using AccessHive.Core.Storage;
using AccessHive.Core.Vault;
using AccessHive.Tests.World;
using AccessHive.Web.Demo;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NodaTime;
using Xunit;

namespace AccessHive.Tests.Demo;

/// <summary>A demo in a real folder, started as the host starts it: furnish, open, settle, refresh.</summary>
public sealed class DemoHouse : IAsyncLifetime
{
    private readonly string folder = Path.Combine(Path.GetTempPath(), "accesshive-tests", Guid.CreateVersion7().ToString("n"));
    private ServiceProvider? services;
    private FileKeyWrapper? key;

    public HousePaths Paths => HousePaths.In(Path.Combine(folder, "demo"));

    public FakeTime Time { get; } = new();

    /// <summary>When the demo is started, if not at the usual time.</summary>
    public Instant? StartedAt { get; init; }

    public PresenceByHand Presence { get; } = new();

    public LogLines Log { get; } = new();

    public CastIds Cast { get; private set; } = new();

    public DemoAgency Demo => field ??= new DemoAgency(Time, Log.Factory);

    public async ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(folder);
        if (StartedAt is { } start)
            Time.Advance(start - Time.Now);
        key = OpenHouse.TakeKey(Paths);
        await FurnishAsync();
        var host = new ServiceCollection();
        host.AddSingleton(Log.Factory).AddLogging().AddSingleton<TimeProvider>(Time).AddSingleton<IPresence>(Presence);
        services = host.AddAccessHive(Paths, key).BuildServiceProvider();
        await OpenHouse.PrepareAsync(Get<IDbContextFactory<HiveContext>>(), Get<HouseSeal>(), key, Get<HiveClock>());
        await Get<DeadlineLoop>().SettleAsync(CancellationToken.None);
        await RefreshAsync();
        Cast = await CastIds.ReadAsync(services, CancellationToken.None);
    }

    public T Get<T>() where T : notnull => services!.GetRequiredService<T>();

    public Task FurnishAsync() => Demo.FurnishAsync(Paths, key!, CancellationToken.None);

    public Task RefreshAsync() => Demo.RefreshAsync(services!, CancellationToken.None);

    public Task<Stage> StageAsync() => Stage.OnAsync(services!, Time.Advance);

    public async Task<HiveContext> ReadAsync() => await Get<IDbContextFactory<HiveContext>>().CreateDbContextAsync();

    public async ValueTask DisposeAsync()
    {
        if (services is not null)
            await services.DisposeAsync();
        key?.Dispose();
        Log.Factory.Dispose();
        SqliteConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
    }
}

/// <summary>Everything that was logged, on every level.</summary>
public sealed class LogLines : ILoggerProvider, ILogger
{
    private readonly ConcurrentQueue<(LogLevel Level, string Text)> lines = [];

    public LogLines() => Factory = LoggerFactory.Create(b => b.SetMinimumLevel(LogLevel.Trace).AddProvider(this));

    public ILoggerFactory Factory { get; }

    public IReadOnlyCollection<(LogLevel Level, string Text)> Lines => lines;

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        => lines.Enqueue((logLevel, $"{formatter(state, exception)} {exception}"));

    public void Dispose()
    {
    }
}
