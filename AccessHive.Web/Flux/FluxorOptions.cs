using System.Reflection;

namespace Fluxor.DependencyInjection;

/// <summary>Says where states, reducers and effects are looked for.</summary>
public sealed class FluxorOptions
{
    private readonly HashSet<Type> types = [];

    internal FluxorOptions() { }

    internal IReadOnlyCollection<Type> Types => types;

    /// <summary>Looks in every type of these assemblies, except open generic ones.</summary>
    public FluxorOptions ScanAssemblies(Assembly assemblyToScan, params Assembly[] additionalAssembliesToScan)
    {
        foreach (var assembly in additionalAssembliesToScan.Prepend(assemblyToScan))
            types.UnionWith(assembly.GetTypes().Where(type => !type.IsGenericTypeDefinition));
        return this;
    }

    /// <summary>Looks in these types, closed generic ones included.</summary>
    public FluxorOptions ScanTypes(Type typeToScan, params Type[] additionalTypesToScan)
    {
        foreach (var type in additionalTypesToScan.Prepend(typeToScan))
        {
            if (type.IsGenericTypeDefinition)
                throw new InvalidOperationException($"{type} is an open generic type.");
            types.Add(type);
        }
        return this;
    }
}
