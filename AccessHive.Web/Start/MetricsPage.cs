using System.Globalization;
using AccessHive.Core.Jobs.UseCases;
using OpenTelemetry.Metrics;

namespace AccessHive.Web.Start;

/// <summary>The product's meter as a Prometheus page, on a listener of its own that only this machine reaches (<c>--metrics-port N</c>).</summary>
public static class MetricsPage
{
    private const string Path = "/metrics";

    /// <summary>Collects the meter, and listens.</summary>
    public static void AddMetricsPage(this WebApplicationBuilder builder, StartOptions options)
    {
        if (options.MetricsPort is not { } port)
            return;
        builder.WebHost.UseUrls(options.Url, string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"));
        builder.Services.AddOpenTelemetry().WithMetrics(metrics => metrics.AddMeter(JobMetrics.MeterName).AddPrometheusExporter());
    }

    /// <summary>Answers there with the metrics and with nothing else, and nowhere else with metrics. Stands before everything.</summary>
    public static void UseMetricsPage(this WebApplication app, StartOptions options)
    {
        if (options.MetricsPort is not { } port)
            return;
        app.UseOpenTelemetryPrometheusScrapingEndpoint(context => context.Connection.LocalPort == port && context.Request.Path == Path);
        app.Use((context, next) =>
        {
            if (context.Connection.LocalPort != port)
                return next(context);
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        });
    }
}
