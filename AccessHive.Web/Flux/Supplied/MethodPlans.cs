using System.Linq.Expressions;
using System.Reflection;

namespace Fluxor.Supplied;

/// <summary>A marked method, compiled to a delegate of objects: nothing is reflected over while actions are processed.</summary>
/// <param name="Host">The class that carries it; null when the method is static.</param>
/// <param name="Action">What it reacts to, with all that derives from it.</param>
internal abstract record MethodPlan(Type? Host, Type Action)
{
    public bool ReactsTo(object action) => Action.IsInstanceOfType(action);

    public object? HostIn(IServiceProvider scope) => Host is null ? null : scope.GetRequiredService(Host);

    protected static ParameterExpression[] Parameters(Type last) =>
        [Expression.Parameter(typeof(object)), Expression.Parameter(typeof(object)), Expression.Parameter(last)];

    /// <param name="all">The delegate's parameters, the host first.</param>
    /// <param name="given">Those of them that the method takes.</param>
    protected static TCall Compile<TCall>(
        Type type, MethodInfo method, Type result, ParameterExpression[] all, ParameterExpression[] given)
    {
        var arguments = method.GetParameters().Zip(given, (parameter, value) => Expression.Convert(value, parameter.ParameterType));
        var call = Expression.Call(method.IsStatic ? null : Expression.Convert(all[0], type), method, arguments);
        return Expression.Lambda<TCall>(Expression.Convert(call, result), all).Compile();
    }

    protected static void Require(bool shaped, MethodInfo method, string shape)
    {
        if (!shaped)
            throw new ArgumentException($"{method.DeclaringType}.{method.Name} should be {shape}.", nameof(method));
    }
}

/// <summary>One method with <see cref="ReducerMethodAttribute"/>.</summary>
internal sealed record ReducerPlan(Type? Host, Type State, Type Action, Func<object?, object, object, object> Reduce)
    : MethodPlan(Host, Action)
{
    public static ReducerPlan Of(Type type, MethodInfo method, Type? named)
    {
        var parameters = method.GetParameters();
        Require(
            parameters.Length == (named is null ? 2 : 1) && parameters[0].ParameterType == method.ReturnType,
            method, named is null ? "(state, action) => state" : "(state) => state");
        var all = Parameters(typeof(object));
        return new(
            method.IsStatic ? null : type, method.ReturnType, named ?? parameters[1].ParameterType,
            Compile<Func<object?, object, object, object>>(type, method, typeof(object), all, all[1..(1 + parameters.Length)]));
    }
}

/// <summary>One method with <see cref="EffectMethodAttribute"/>.</summary>
internal sealed record EffectPlan(Type? Host, Type Action, Func<object?, object, IDispatcher, Task> Run) : MethodPlan(Host, Action)
{
    public static EffectPlan Of(Type type, MethodInfo method, Type? named)
    {
        var parameters = method.GetParameters();
        Require(
            parameters.Length == (named is null ? 2 : 1)
                && parameters[^1].ParameterType == typeof(IDispatcher) && method.ReturnType == typeof(Task),
            method, named is null ? "(action, IDispatcher) => Task" : "(IDispatcher) => Task");
        var all = Parameters(typeof(IDispatcher));
        return new(
            method.IsStatic ? null : type, named ?? parameters[0].ParameterType,
            Compile<Func<object?, object, IDispatcher, Task>>(type, method, typeof(Task), all, all[^parameters.Length..]));
    }
}
