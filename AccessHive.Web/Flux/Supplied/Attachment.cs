using System.Collections.Concurrent;
using System.Reflection;

namespace Fluxor.Supplied;

/// <summary>Ties a component to its states and actions: what a component and a layout share without sharing a base class.</summary>
internal sealed class Attachment : IDisposable
{
    private const BindingFlags Declared = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    private static readonly ConcurrentDictionary<Type, PropertyInfo[]> Properties = new();

    private readonly object component;
    private readonly Func<Action, Task> invokeAsync;
    private readonly Action render;
    private readonly Func<Exception, Task> faultAsync;
    private readonly Throttle rendering;
    private EventHandler? changed;
    private IStateChangedNotifier[]? states;
    private volatile bool disposed;

    public Attachment(object component, Func<Action, Task> invokeAsync, Action render, Func<Exception, Task> faultAsync)
    {
        (this.component, this.invokeAsync, this.render, this.faultAsync) = (component, invokeAsync, render, faultAsync);
        rendering = new(() => _ = invokeAsync(render), TimeProvider.System);
    }

    /// <summary>Renders whenever a state held by a property of the component changes; fields are not looked at, as in Fluxor.</summary>
    public void Begin(Func<byte> perSecond)
    {
        changed = (_, _) => rendering.Invoke(perSecond());
        var properties = Properties.GetOrAdd(component.GetType(), type => [.. Find(type)]);
        states = [.. properties.Select(property => (IStateChangedNotifier)property.GetValue(component)!).Distinct()];
        foreach (var state in states)
            state.StateChanged += changed;
    }

    public void SubscribeToAction<TAction>(IActionSubscriber actions, Action<TAction> callback) =>
        actions.SubscribeToAction<TAction>(component, action => _ = HearAsync(() => callback(action)));

    public bool Disposed => disposed;

    /// <summary>Nothing renders any more; the component may still dispatch while it cleans up.</summary>
    public void Dispose()
    {
        disposed = true;
        rendering.Dispose();
    }

    public void Detach(IActionSubscriber actions)
    {
        if (states is null)
            throw new InvalidOperationException($"{component.GetType()} overrides OnInitialized without calling base.OnInitialized().");
        foreach (var state in states)
            state.StateChanged -= changed;
        actions.UnsubscribeFromAllActions(component);
    }

    // From type to type: a private property of a base class is not seen from below.
    private static IEnumerable<PropertyInfo> Find(Type? type) => type is null
        ? []
        : Find(type.BaseType).Concat(type.GetProperties(Declared).Where(IsState));

    private static bool IsState(PropertyInfo property) => property.PropertyType.IsAssignableTo(typeof(IStateChangedNotifier));

    private async Task HearAsync(Action react)
    {
        try
        {
            await invokeAsync(() =>
            {
                if (disposed)
                    return;
                react();
                render();
            });
        }
        catch (Exception fault)
        {
            await faultAsync(fault);
        }
    }
}
