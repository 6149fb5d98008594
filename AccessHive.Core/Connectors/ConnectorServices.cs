using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AccessHive.Core.Connectors;

/// <summary>The connectors, as services.</summary>
public static class ConnectorServices
{
    private const int MostOfAnAnswer = 16 * 1024;

    /// <summary>
    /// Adds every connector as an <see cref="IRotationConnector"/>. Webhooks reach public addresses only, unless the host has
    /// added its own <see cref="WebhookReach"/>.
    /// </summary>
    public static IServiceCollection AddConnectors(this IServiceCollection services)
    {
        services.TryAddSingleton(WebhookReach.PublicOnly);
        services.TryAddSingleton(TimeProvider.System);
        services.AddHttpClient(WebhookConnector.ClientName, client =>
            {
                client.Timeout = TimeSpan.FromSeconds(30);
                client.MaxResponseContentBufferSize = MostOfAnAnswer;
            })
            .ConfigurePrimaryHttpMessageHandler(provider => WebhookLine.Lay(provider.GetRequiredService<WebhookReach>()))
            // Addresses may carry what somebody put into them; the trail says what was asked and answered.
            .RemoveAllLoggers();
        return services
            .AddSingleton<IRotationConnector, PostgreSqlConnector>().AddSingleton<IRotationConnector, MariaDbConnector>()
            .AddSingleton<IRotationConnector, SshConnector>().AddSingleton<IRotationConnector, WebhookConnector>();
    }
}
