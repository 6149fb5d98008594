using Fluxor.DependencyInjection;
using Fluxor.Supplied;

namespace Fluxor;

/// <summary>Adds the store to the services.</summary>
public static class ServiceCollectionExtensions
{
    /// <summary>Finds states, reducers and effects, and registers the store, each state and each effects class once per scope.</summary>
    public static IServiceCollection AddFluxor(this IServiceCollection services, Action<FluxorOptions>? configure = null)
    {
        var options = new FluxorOptions();
        configure?.Invoke(options);
        if (options.Types.Count == 0)
            throw new ArgumentException("Name the assemblies or types to scan.", nameof(configure));

        var plan = Plan.Of(options.Types);
        foreach (var host in plan.Hosts)
            services.AddScoped(host);
        foreach (var feature in plan.Features)
        {
            services.AddScoped(feature.Implementation, scope => ActivatorUtilities.CreateInstance(scope, feature.Implementation, feature));
            services.AddScoped(feature.Service, scope => scope.GetRequiredService(feature.Implementation));
        }

        services.AddScoped<IDispatcher, Dispatcher>();
        services.AddScoped(scope => new Store(scope.GetRequiredService<IDispatcher>(), plan, scope));
        services.AddScoped<IStore>(scope => scope.GetRequiredService<Store>());
        services.AddScoped<IActionSubscriber>(scope => scope.GetRequiredService<Store>());
        return services;
    }
}
