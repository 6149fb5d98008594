using System.Reflection;
using Fluxor;
using Fluxor.Blazor.Web;
using Xunit;

namespace AccessHive.Tests.Flux;

/// <summary>The part of Fluxor's API that this application is written against, name by name (ADR 0002).</summary>
public sealed class SurfaceTests
{
    private const BindingFlags Members =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static;

    private static readonly string[] Used =
    [
        "Fluxor.ActionDispatchedEventArgs: Action",
        "Fluxor.Blazor.Web.Components.FluxorComponent: DisposeAsync DisposeAsyncCore MaximumStateChangedNotificationsPerSecond OnInitialized SubscribeToAction",
        "Fluxor.Blazor.Web.StoreInitializer: DisposeAsyncCore OnAfterRenderAsync OnInitialized UnhandledException",
        "Fluxor.DependencyInjection.FluxorOptions: ScanAssemblies ScanTypes",
        "Fluxor.EffectMethodAttribute: ActionType",
        "Fluxor.Exceptions.StoreInitializationException:",
        "Fluxor.Exceptions.UnhandledExceptionEventArgs: Exception Handled WasHandled",
        "Fluxor.FeatureStateAttribute: CreateInitialStateMethodName Name",
        "Fluxor.IActionSubscriber: GetActionUnsubscriberAsIDisposable SubscribeToAction UnsubscribeFromAllActions",
        "Fluxor.IDispatcher: ActionDispatched Dispatch",
        "Fluxor.IFeature: GetName GetState GetStateType StateChanged",
        "Fluxor.IStateChangedNotifier: StateChanged",
        "Fluxor.IState`1: Value",
        "Fluxor.IStore: Features InitializeAsync Initialized UnhandledException",
        "Fluxor.ReducerMethodAttribute: ActionType",
        "Fluxor.ServiceCollectionExtensions: AddFluxor",
        "Fluxor.StoreInitializedAction:",
    ];

    [Fact]
    public void Every_name_we_are_written_against_exists()
    {
        Assembly[] fluxor = [typeof(IStore).Assembly, typeof(StoreInitializer).Assembly];

        foreach (var line in Used)
        {
            var (name, members) = (line[..line.IndexOf(':')], line[(line.IndexOf(':') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries));
            var type = fluxor.Select(assembly => assembly.GetType(name)).FirstOrDefault(found => found is { IsPublic: true });
            Assert.True(type is not null, name);
            Assert.All(members, member => Assert.True(type.GetMember(member, Members).Any(IsOpen), $"{name}.{member}"));
        }
    }

    // With the package there is nothing of Fluxor's in our own assembly; without it, these names and no more.
    [Fact]
    public void What_we_supply_ourselves_is_those_names_and_no_more()
    {
        var own = Assembly.Load("AccessHive.Web").GetExportedTypes()
            .Where(type => type.Namespace?.Split('.')[0] == "Fluxor")
            .Select(type => $"{type.FullName}: {string.Join(' ', MembersOf(type))}".TrimEnd())
            .Order(StringComparer.Ordinal)
            .ToList();

        Assert.True(own is [] || own.SequenceEqual(Used, StringComparer.Ordinal), string.Join('\n', own));
    }

    private static IEnumerable<string> MembersOf(Type type) =>
        type.GetMembers(Members | BindingFlags.DeclaredOnly)
            .Where(member => IsOpen(member) && member is not MethodBase { IsSpecialName: true })
            .Select(member => member.Name).Distinct().Order(StringComparer.Ordinal);

    private static bool IsOpen(MemberInfo member) => member switch
    {
        MethodBase method => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly,
        PropertyInfo property => property.GetAccessors(nonPublic: true).Any(IsOpen),
        EventInfo happening => IsOpen(happening.AddMethod!),
        FieldInfo field => field.IsPublic,
        _ => false,
    };
}
