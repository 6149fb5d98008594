using System.Net;
using System.Net.Sockets;
using AccessHive.Core.Agency.UseCases;
using AccessHive.Core.Deadlines;
using AccessHive.Core.Kernel;
using AccessHive.Core.Storage;
using AccessHive.Core.Vault;
using AccessHive.Web.Demo;
using Microsoft.EntityFrameworkCore;

namespace AccessHive.Web.Start;

/// <summary>Starts the product: key, database, everything overdue settled – and only then does it listen.</summary>
public static class HiveHost
{
    /// <summary>Runs until it is stopped.</summary>
    /// <returns>The exit code: 0, or 1 after one sentence that says why it can't start.</returns>
    public static async Task<int> RunAsync(StartOptions options)
    {
        try
        {
            CheckPortIsFree(options);
            using var house = HouseLock.Take(options.Paths);
            using var key = OpenHouse.TakeKey(options.Paths, new PassphraseFrom(options.PassphraseFile));
            await using (var app = Build(options, key))
            {
                await PrepareAsync(app, options);
                await ListenAsync(app, options);
                await GreetAsync(app, options);
                await app.WaitForShutdownAsync();
            }

            await ClosingSeals.WriteAsync(options.Paths, key);
            return 0;
        }
        catch (CannotStartException reason)
        {
            return new StartAnswer(reason.Message, 1).Say();
        }
    }

    /// <summary>The application, not yet started.</summary>
    /// <param name="options">Where to listen and where to keep things.</param>
    /// <param name="key">The key-encryption key.</param>
    /// <param name="adjust">What a test wants otherwise: its clock, its logger.</param>
    public static WebApplication Build(StartOptions options, IKeyWrapper key, Action<WebApplicationBuilder>? adjust = null)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            ApplicationName = typeof(HiveHost).Assembly.GetName().Name,
            ContentRootPath = AppContext.BaseDirectory,
        });
        builder.WebHost.UseStaticWebAssets();
        builder.WebHost.UseUrls(options.Url);
        builder.AddMetricsPage(options);
        adjust?.Invoke(builder);
        builder.AddHive(options, key);
        var app = builder.Build();
        app.UseMetricsPage(options);
        app.UseHive();
        return app;
    }

    /// <summary>Brings the database up to date, furnishes the demo, and settles what fell due while nobody was running.</summary>
    public static async Task PrepareAsync(WebApplication app, StartOptions options)
    {
        var services = app.Services;
        if (options.Demo)
            await services.GetRequiredService<DemoAgency>().FurnishAsync(options.Paths, services.GetRequiredService<IKeyWrapper>(), CancellationToken.None);
        await OpenHouse.PrepareAsync(
            services.GetRequiredService<IDbContextFactory<HiveContext>>(),
            services.GetRequiredService<HouseSeal>(),
            services.GetRequiredService<IKeyWrapper>(),
            services.GetRequiredService<HiveClock>());
        await services.GetRequiredService<DeadlineLoop>().SettleAsync(CancellationToken.None);
        if (options.Demo)
            await services.GetRequiredService<DemoAgency>().RefreshAsync(services, CancellationToken.None);
    }

    private static async Task ListenAsync(WebApplication app, StartOptions options)
    {
        try
        {
            await app.StartAsync();
        }
        catch (IOException refused)
        {
            throw new CannotStartException($"AccessHive can't listen on {options.Url} ({refused.Message.TrimEnd('.')}): stop what uses it, or choose another with --urls URL.");
        }
        catch (InvalidOperationException refused) when (refused.Message.Contains("certificate", StringComparison.OrdinalIgnoreCase))
        {
            throw new CannotStartException($"For {options.Url} a certificate is needed: name it in Kestrel__Certificates__Default__Path (and __Password), or let a proxy speak https and listen on http.");
        }
    }

    private static async Task GreetAsync(WebApplication app, StartOptions options)
    {
        var url = app.Urls.FirstOrDefault()?.TrimEnd('/') ?? options.Url;
        Console.WriteLine($"AccessHive listens on {url}");
        var joining = app.Services.GetRequiredService<Joining>();
        if (options.Demo)
            Console.WriteLine("This is the demo: the sign-in page lists who you can be.");
        else if (await joining.NeedsSetupAsync())
            Console.WriteLine($"Nobody lives here yet. Within 30 minutes, open this once to become the first owner:{Environment.NewLine}{url}/account/setup/{(await joining.IssueSetupLinkAsync()).Require()}");
        Console.WriteLine("Stop it with Ctrl+C.");
    }

    // Asked before anything is touched: a second start by mistake must not migrate, settle or furnish.
    private static void CheckPortIsFree(StartOptions options)
    {
        var url = new Uri(options.Url.Replace("//+", "//0.0.0.0", StringComparison.Ordinal).Replace("//*", "//0.0.0.0", StringComparison.Ordinal));
        if (url.Port == 0)
            return;
        try
        {
            var address = url.IsLoopback ? IPAddress.Loopback : IPAddress.TryParse(url.Host, out var given) ? given : IPAddress.Any;
            using var probe = new TcpListener(address, url.Port) { ExclusiveAddressUse = true };
            probe.Start();
        }
        catch (SocketException)
        {
            throw new CannotStartException($"Port {url.Port} is in use, or not allowed: stop what uses it, or choose another with --port N.");
        }
    }
}
