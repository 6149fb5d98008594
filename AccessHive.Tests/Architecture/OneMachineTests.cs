using System.Reflection;
using AccessHive.Core.Kernel;
using AccessHive.Core.Requests;
using AccessHive.Core.Sessions;
using AccessHive.Core.Storage;
using Xunit;

namespace AccessHive.Tests.Architecture;

/// <summary>One machine, both paths: there is one request and one session, and no copy of either for the other way (ADR 0011).</summary>
public sealed class OneMachineTests
{
    private static readonly Type[] States = [typeof(RequestState), typeof(EndReason), typeof(Verdict), typeof(RequestKind)];

    // What only carries a state to a reader: a question's answer, an event, a command.
    private static readonly string[] Words = ["Request", "Session", "Checkout", "CheckOut", "Lease", "Grant", "Reveal"];

    private static readonly Assembly Core = typeof(HiveContext).Assembly;

    [Fact]
    public void There_is_one_request_and_one_session()
    {
        Assert.Equal([typeof(AccessRequest)], Machines(Core).Where(HasState<RequestState>));
        Assert.Equal([typeof(AccessSession)], Machines(Core).Where(HasState<EndReason>));
        Assert.Equal([typeof(AccessRequest), typeof(AccessSession)], Machines(Core));
    }

    [Fact]
    public void No_other_set_of_states_says_where_a_request_or_a_session_stands()
    {
        Assert.Empty(Copies(Core));
        Assert.Single(Core.GetTypes(), t => t.IsEnum && t.Name == nameof(RequestState));
    }

    [Fact]
    public void Both_ways_are_really_in_it()
    {
        Assert.Equal([RequestKind.Standard, RequestKind.Emergency], Enum.GetValues<RequestKind>());
        Assert.NotNull(typeof(AccessRequest).GetMethod(nameof(AccessRequest.Raise)));
        Assert.NotNull(typeof(AccessRequest).GetMethod(nameof(AccessRequest.RaiseStandard)));
        Assert.Single(typeof(AccessSession).GetMethods(), m => m.Name == nameof(AccessSession.Start));
    }

    [Fact]
    public void A_planted_copy_is_caught()
    {
        var here = typeof(OneMachineTests).Assembly;
        Assert.Equal(
            [typeof(Planted.Machines.CheckoutLease), typeof(Planted.Machines.StandardRequest)],
            Machines(here).Where(t => t.Namespace == "AccessHive.Tests.Architecture.Planted.Machines"));
        Assert.Contains(typeof(Planted.Machines.CheckoutState), Copies(here));
    }

    // A machine keeps a state, or is an aggregate whose name claims to be one of the two.
    private static IEnumerable<Type> Machines(Assembly assembly) => assembly.GetTypes()
        .Where(t => t is { IsClass: true, IsAbstract: false } && typeof(Aggregate).IsAssignableFrom(t))
        .Where(t => States.Any(s => Keeps(t, s)) || Words.Any(w => t.Name.Contains(w, StringComparison.Ordinal)))
        .OrderBy(t => t.Name, StringComparer.Ordinal);

    // Another enumeration with the same ends, or one that is named as if it had them.
    private static IEnumerable<Type> Copies(Assembly assembly) => assembly.GetTypes()
        .Where(t => t.IsEnum && !States.Contains(t) && t != typeof(RevealMode) && t.Namespace?.Contains(".UseCases", StringComparison.Ordinal) != true)
        .Where(t => Words.Any(w => t.Name.StartsWith(w, StringComparison.Ordinal) && (t.Name.EndsWith("State", StringComparison.Ordinal) || t.Name.EndsWith("Status", StringComparison.Ordinal)))
            || States.Any(s => s != typeof(RequestKind) && Enum.GetNames(s).Intersect(Enum.GetNames(t), StringComparer.Ordinal).Count() > 1));

    private static bool HasState<T>(Type machine) => Keeps(machine, typeof(T));

    private static bool Keeps(Type machine, Type state) => machine
        .GetProperties(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
        .Any(p => p.PropertyType == state || Nullable.GetUnderlyingType(p.PropertyType) == state);
}
