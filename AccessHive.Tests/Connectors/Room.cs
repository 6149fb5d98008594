using AccessHive.Core.Connectors;
using AccessHive.Core.Vault;
using Microsoft.Extensions.DependencyInjection;

namespace AccessHive.Tests.Connectors;

/// <summary>The room's connectors, as the product has them.</summary>
public static class Room
{
    private static readonly IServiceProvider services = Open(new WebhookReach(["127.0.0.1"]));

    public static IRotationConnector Connector(ConnectorKind kind) => Connector(services, kind);

    /// <summary>The webhook's, with another reach; the product's own, if null.</summary>
    public static IRotationConnector Webhook(WebhookReach? reach) => Connector(Open(reach), ConnectorKind.Webhook);

    private static IRotationConnector Connector(IServiceProvider from, ConnectorKind kind) => from.GetServices<IRotationConnector>().Single(c => c.Kind == kind);

    private static ServiceProvider Open(WebhookReach? reach)
    {
        var collection = new ServiceCollection();
        if (reach is not null)
            collection.AddSingleton(reach);
        return collection.AddConnectors().BuildServiceProvider();
    }
}
