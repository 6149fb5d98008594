using AccessHive.Core;
using AccessHive.Core.Agency.UseCases;
using AccessHive.Core.Deadlines;
using AccessHive.Core.Kernel;
using AccessHive.Core.Requests;
using AccessHive.Core.Storage;
using AccessHive.Core.Vault;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace AccessHive.Web.Demo;

/// <summary>
/// The furnished agency that <c>--demo</c> starts with. Everything in it was done by somebody through a use case, at a
/// time of its own, so the trail is as real as any.
/// </summary>
/// <param name="time">The real time, up to which the story is told.</param>
/// <param name="logs">Where faults are logged.</param>
public sealed class DemoAgency(TimeProvider time, ILoggerFactory logs)
{
    private static readonly Duration RunningFor = Duration.FromMinutes(9);
    private static readonly Duration CheckedOutFor = Duration.FromMinutes(16);
    private static readonly Duration WaitingFor = Duration.FromMinutes(4);
    private static readonly Duration Lately = Duration.FromMinutes(34);

    /// <summary>Founds the agency and tells its first weeks, when nobody lives here yet. Called before the host opens the database.</summary>
    /// <exception cref="CannotStartException">Somebody else's agency lives here, or furnishing was cut short.</exception>
    public async Task FurnishAsync(HousePaths paths, IKeyWrapper key, CancellationToken cancellation)
    {
        var today = DemoWeek.DayOf(RealNow);
        var sceneTime = new SceneTime(DemoWeek.Start(today));
        var presence = new ScenePresence();
        await using var services = Build(paths, key, sceneTime, presence);
        await OpenHouse.PrepareAsync(
            services.GetRequiredService<IDbContextFactory<HiveContext>>(), services.GetRequiredService<HouseSeal>(), key, services.GetRequiredService<HiveClock>(), cancellation);
        if (!await services.GetRequiredService<Joining>().NeedsSetupAsync(cancellation))
        {
            await CheckIsDemoAsync(services, paths, cancellation);
            return;
        }

        var stage = new Stage(services, new CastIds(), sceneTime.Move, cancellation);
        await new DemoWeek(stage, presence, today).PlayAsync();
        await TellNowAsync(stage, presence);
    }

    /// <summary>Tops up what time has used up: a request that waits, a session that runs. Called on the host's services.</summary>
    public async Task RefreshAsync(IServiceProvider services, CancellationToken cancellation)
    {
        await services.GetRequiredService<DeadlineLoop>().SettleAsync(cancellation);
        var now = new DemoNow(await Stage.OnAsync(services, cancellation: cancellation));
        await now.SessionRunsAsync();
        await now.CheckoutRunsAsync();
        await now.CheckoutsWaitAsync();
        await now.RequestWaitsAsync();
    }

    private static async Task CheckIsDemoAsync(IServiceProvider services, HousePaths paths, CancellationToken cancellation)
    {
        var cast = await CastIds.ReadAsync(services, cancellation);
        if (!cast.Knows(DemoCast.First))
            throw new CannotStartException($"An agency of your own lives in {paths.DataFolder}, and the demo leaves it alone: start without --demo, or choose another folder with --data FOLDER.");
        if (!cast.Knows(DemoCast.Invited))
            throw new CannotStartException($"Furnishing the demo in {paths.DataFolder} was cut short: delete that folder and {paths.KeyFile}, and start again.");
    }

    private Instant RealNow => Instant.FromUnixTimeMilliseconds(Instant.FromDateTimeOffset(time.GetUtcNow()).ToUnixTimeMilliseconds());

    private async Task TellNowAsync(Stage stage, ScenePresence presence)
    {
        await stage.UntilAsync(RealNow - Lately);
        await Scenes.MorningAsync(stage, DemoCast.Priya, DemoCast.Mateo, DemoCast.Tomasz, DemoCast.Amara);
        presence.Are(stage.Cast[DemoCast.Mateo], stage.Cast[DemoCast.Priya]);
        var now = new DemoNow(stage);
        await stage.UntilAsync(RealNow - CheckedOutFor);
        await now.CheckoutRunsAsync();
        await stage.UntilAsync(RealNow - RunningFor);
        await now.SessionRunsAsync();
        await stage.UntilAsync(RealNow - WaitingFor);
        await now.CheckoutsWaitAsync();
        await stage.UntilAsync(RealNow);
        await now.RequestWaitsAsync();
    }

    private ServiceProvider Build(HousePaths paths, IKeyWrapper key, SceneTime sceneTime, ScenePresence presence)
        => new ServiceCollection()
            .AddSingleton(logs).AddLogging()
            .AddSingleton<TimeProvider>(sceneTime).AddSingleton<IPresence>(presence)
            .AddAccessHive(paths, key)
            .BuildServiceProvider();
}
