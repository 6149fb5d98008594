using System.Reflection;

namespace Fluxor.Supplied;

/// <summary>What the scan found: made once at start, used by the store of every scope.</summary>
internal sealed record Plan(IReadOnlyList<FeaturePlan> Features, IReadOnlyList<EffectPlan> Effects, IReadOnlyList<Type> Hosts)
{
    private const BindingFlags Methods = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.FlattenHierarchy;

    public static Plan Of(IReadOnlyCollection<Type> types)
    {
        var reducers = Marked<ReducerMethodAttribute, ReducerPlan>((type, method, mark) => ReducerPlan.Of(type, method, mark.ActionType));
        var effects = Marked<EffectMethodAttribute, EffectPlan>((type, method, mark) => EffectPlan.Of(type, method, mark.ActionType));
        var hosts = reducers.Concat<MethodPlan>(effects).Select(method => method.Host).OfType<Type>().Distinct();
        var features =
            from type in types
            let mark = type.GetCustomAttribute<FeatureStateAttribute>()
            where mark is not null
            select FeaturePlan.Of(type, mark, [.. reducers.Where(reducer => reducer.State == type)]);
        return new([.. features], effects, [.. hosts]);

        List<TPlan> Marked<TMark, TPlan>(Func<Type, MethodInfo, TMark, TPlan> plan)
            where TMark : Attribute =>
        [
            .. from type in types
               from method in type.GetMethods(Methods)
               let mark = method.GetCustomAttribute<TMark>(inherit: false)
               where mark is not null
               select plan(type, method, mark),
        ];
    }
}

/// <summary>One type with <see cref="FeatureStateAttribute"/>.</summary>
internal sealed record FeaturePlan(Type State, string Name, Func<object> CreateInitialState, IReadOnlyList<ReducerPlan> Reducers)
{
    private const BindingFlags Any = BindingFlags.Public | BindingFlags.NonPublic;

    public Type Implementation { get; } = typeof(Feature<>).MakeGenericType(State);

    public Type Service { get; } = typeof(IState<>).MakeGenericType(State);

    public static FeaturePlan Of(Type state, FeatureStateAttribute mark, IReadOnlyList<ReducerPlan> reducers) =>
        new(state, mark.Name ?? state.FullName!, InitialStateOf(state, mark.CreateInitialStateMethodName), reducers);

    private static Func<object> InitialStateOf(Type state, string? name)
    {
        if (name is null)
        {
            return state.GetConstructor(Any | BindingFlags.Instance, Type.EmptyTypes) is not null
                ? () => Activator.CreateInstance(state, nonPublic: true)!
                : throw new ArgumentException($"{state} has no parameterless constructor and names no method instead.", nameof(state));
        }

        var method = state.GetMethod(name, Any | BindingFlags.Static, Type.EmptyTypes);
        return method?.ReturnType == state
            ? method.CreateDelegate<Func<object>>()
            : throw new InvalidOperationException($"{state}.{name} should be static, without parameters, and return {state}.");
    }
}
