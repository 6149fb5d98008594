using AccessHive.Core;
using AccessHive.Core.Audit.UseCases;
using AccessHive.Core.Connectors;
using AccessHive.Core.Deadlines;
using AccessHive.Core.Jobs.UseCases;
using AccessHive.Core.Live;
using AccessHive.Core.Requests;
using AccessHive.Core.Vault;
using AccessHive.Web.Demo;
using AccessHive.Web.Features.Audit;
using AccessHive.Web.Features.Cases;
using AccessHive.Web.Features.Notices;
using AccessHive.Web.Features.Sessions;
using AccessHive.Web.Features.Shared;
using AccessHive.Web.Features.Vault;
using AccessHive.Web.Live;
using AccessHive.Web.Security;
using AccessHive.Web.Shell;
using AccessHive.Web.Start;
using Fluxor;
using Microsoft.AspNetCore.Components.Server.Circuits;
using Microsoft.AspNetCore.SignalR;
using MudBlazor.Services;

namespace AccessHive.Web;

/// <summary>What the host is made of, in the order a request meets it.</summary>
public static class WebServices
{
    /// <summary>The services.</summary>
    public static void AddHive(this WebApplicationBuilder builder, StartOptions options, IKeyWrapper key)
    {
        var services = builder.Services;
        services.AddSingleton(options);
        services.AddSingleton(new WebhookReach(options.WebhookHosts));
        services.AddAccessHive(options.PathsWith(builder.Configuration["Trail:AnchorPath"]), key);
        services.AddSingleton<HubListeners>().AddSingleton<PresenceBoard>().AddSingleton<IPresence>(s => s.GetRequiredService<PresenceBoard>());
        // Who starts first stops last: the last checkpoint covers what the others wrote, and the anchors take it along.
        services.AddHostedService(s => s.GetRequiredService<AnchorKeeper>());
        services.AddHostedService(s => s.GetRequiredService<CheckpointKeeper>());
        services.AddHostedService(s => s.GetRequiredService<IndexKeeper>());
        services.AddHostedService(s => s.GetRequiredService<TrailPump>());
        services.AddHostedService(s => s.GetRequiredService<DeadlineLoop>());
        services.AddHostedService(s => s.GetRequiredService<JobRunner>());
        services.AddHostedService(s => s.GetRequiredService<TrailSink>());
        services.AddSingleton<DemoAgency>();

        services.AddHiveSecurity(options);
        services.AddRazorComponents().AddInteractiveServerComponents(circuit =>
        {
            circuit.DetailedErrors = false;
            circuit.DisconnectedCircuitRetentionPeriod = TimeSpan.FromSeconds(45);
            circuit.PersistedCircuitInMemoryMaxRetained = 0;
        });
        services.AddSignalR(hub => hub.AddFilter<CircuitRegistry>());
        services.AddMudServices(mud => mud.PopoverOptions.QueueDelay = TimeSpan.FromSeconds(5));
        services.AddFluxor(flux => flux.ScanAssemblies(typeof(WebServices).Assembly));
        services.AddScoped<ReaderZone>().AddScoped<CircuitPerson>().AddScoped<CircuitHandler, CircuitDoor>();
        services.AddHostedService<RevokeCircuits>().AddHostedService<AccessHubFeed>();
    }

    /// <summary>The pipeline.</summary>
    public static void UseHive(this WebApplication app)
    {
        app.UseFaults();
        app.UseHiveSecurity();
        app.MapStaticAssets();
        app.MapAccount();
        app.MapReveal();
        app.MapVaultSecrets();
        app.MapVaultFiles();
        app.MapCaseFiles();
        app.MapTrailExports();
        app.MapRotations();
        app.MapMailPassword();
        app.MapHub<AccessHub>(AccessHub.Path);
        app.MapRazorComponents<App>().AddInteractiveServerRenderMode(mode =>
        {
            mode.DisableWebSocketCompression = true;
            mode.ContentSecurityFrameAncestorsPolicy = "'none'";
        });
    }
}
