namespace Fluxor;

/// <summary>Says that a state is another one than before.</summary>
public interface IStateChangedNotifier
{
    /// <summary>Raised on the thread that processes the action, after the new state can be read.</summary>
    event EventHandler? StateChanged;
}

/// <summary>Gives a component the current state of one feature.</summary>
public interface IState<TState> : IStateChangedNotifier
{
    /// <summary>The state now; never changed in place, only replaced.</summary>
    TState Value { get; }
}

/// <summary>One feature of the store, whatever its state's type.</summary>
public interface IFeature
{
    /// <summary>The name given in <see cref="FeatureStateAttribute.Name"/>, or the full name of the state's type.</summary>
    string GetName();

    /// <summary>The state now.</summary>
    object? GetState();

    /// <summary>The type that carries <see cref="FeatureStateAttribute"/>.</summary>
    Type GetStateType();

    /// <summary>Raised when a reducer returned another object than the one it was given.</summary>
    event EventHandler? StateChanged;
}

/// <summary>Marks a class or record as the state of a feature.</summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class FeatureStateAttribute : Attribute
{
    /// <summary>The feature's name; unique in the store, upper and lower case being the same.</summary>
    public string? Name { get; set; }

    /// <summary>A static parameterless method of the state that returns the first one; without it, the parameterless constructor.</summary>
    public string? CreateInitialStateMethodName { get; set; }
}
