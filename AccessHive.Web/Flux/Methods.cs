namespace Fluxor;

/// <summary>A reducer, public: <c>(state, action) => state</c>, or <c>(state) => state</c> with its action given here.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ReducerMethodAttribute : Attribute
{
    /// <summary>The method's second parameter says which actions it reduces.</summary>
    public ReducerMethodAttribute() { }

    /// <summary>The method takes the state alone, and reduces actions of this type.</summary>
    public ReducerMethodAttribute(Type actionType) => ActionType = actionType;

    /// <summary>The type given to the constructor, if one was.</summary>
    public Type? ActionType { get; }
}

/// <summary>An effect, public: <c>(action, dispatcher) => Task</c>, or <c>(dispatcher) => Task</c> with its action given here.</summary>
[AttributeUsage(AttributeTargets.Method, Inherited = false)]
public sealed class EffectMethodAttribute : Attribute
{
    /// <summary>The method's first parameter says which actions it reacts to.</summary>
    public EffectMethodAttribute() { }

    /// <summary>The method takes the dispatcher alone, and reacts to actions of this type.</summary>
    public EffectMethodAttribute(Type actionType) => ActionType = actionType;

    /// <summary>The type given to the constructor, if one was.</summary>
    public Type? ActionType { get; }
}
