using AccessHive.Core.Storage;
using AccessHive.Web.Start;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Xunit;

namespace AccessHive.Tests.World;

/// <summary>How a house is to be run.</summary>
/// <param name="Demo">Furnished by the product's own demo instead of with the cast.</param>
/// <param name="Time">Its time; the machine's, if null.</param>
/// <param name="LogsEverything">Keeps every line down to Trace; otherwise warnings and worse.</param>
/// <param name="Empty">Nobody lives there yet.</param>
/// <param name="RealPasswordCost">Hashes passwords as slowly as outside.</param>
/// <param name="FaultsAreExpected">Errors in the log don't fail the test at the end.</param>
/// <param name="Adjust">Anything else, before the product's own services are added.</param>
public sealed record HouseWish(
    bool Demo = false, TimeProvider? Time = null, bool LogsEverything = false, bool Empty = false, bool RealPasswordCost = false, bool FaultsAreExpected = false,
    Action<WebApplicationBuilder>? Adjust = null);

/// <summary>
/// The real product in this process: Kestrel on a free port of 127.0.0.1, its own hosted services, a data folder of its
/// own – and the cast, who act through the running services, so that what they do is pushed to every open page.
/// </summary>
public sealed class RunningHouse : Cast, IAsyncDisposable
{
    private readonly TestFolder folder = new();
    private readonly WebApplication app;
    private readonly HouseWish wish;
    private readonly StartOptions options;

    private RunningHouse(HouseWish wish, Founded? copied)
    {
        this.wish = wish;
        options = new StartOptions(wish.Demo, folder.In("data"), "http://127.0.0.1:0");
        if (copied is not null)
            MoveInto(copied, options.Paths);
        app = HiveHost.Build(options, BringKey(options.Paths), Adjust);
    }

    /// <summary>Where it listens, without a slash at the end.</summary>
    public string Url { get; private set; } = "";

    /// <summary>What it logged.</summary>
    public LogBook Log { get; } = new();

    public HousePaths Paths => options.Paths;

    public override IServiceProvider Services => app.Services;

    /// <summary>Starts a house and furnishes it.</summary>
    public static async Task<RunningHouse> OpenAsync(HouseWish? wish = null)
    {
        wish ??= new HouseWish();
        var copied = wish.Demo || wish.Empty ? null : wish.Time is FakeTime ? await Founded.InFakeTimeAsync() : await Founded.InRealTimeAsync();
        var house = new RunningHouse(wish, copied);
        try
        {
            await HiveHost.PrepareAsync(house.app, house.options);
            await house.app.StartAsync();
        }
        catch
        {
            await house.CloseAsync();
            throw;
        }

        house.Url = house.app.Urls.Single().TrimEnd('/');
        return house;
    }

    public async ValueTask DisposeAsync()
    {
        // While the pages are still open: closing is allowed to be noisy.
        var faults = Log.Faults.ToList();
        await CloseAsync();
        if (!wish.FaultsAreExpected)
            Assert.True(faults.Count == 0, $"The house logged faults:{Environment.NewLine}{string.Join(Environment.NewLine, faults)}");
    }

    private async Task CloseAsync()
    {
        var connection = await ConnectionAsync();
        await app.DisposeAsync();
        LetGoOf(connection);
        folder.Dispose();
    }

    private void Adjust(WebApplicationBuilder builder)
    {
        builder.Logging.ClearProviders().AddProvider(Log);
        builder.Services.PostConfigure<LoggerFilterOptions>(filters =>
        {
            filters.Rules.Clear();
            filters.MinLevel = wish.LogsEverything ? LogLevel.Trace : LogLevel.Warning;
        });
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(2));
        if (!wish.RealPasswordCost)
            builder.Services.PostConfigure<PasswordHasherOptions>(hasher => hasher.IterationCount = 1);
        if (wish.Time is not null)
            builder.Services.AddSingleton(wish.Time);
        wish.Adjust?.Invoke(builder);
    }
}
