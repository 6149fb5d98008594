using System.Reflection;
using System.Runtime.CompilerServices;
using AccessHive.Core.Audit.UseCases;
using AccessHive.Core.Kernel;
using AccessHive.Web.Features.Shared;
using Xunit;

namespace AccessHive.Tests.Shared;

/// <summary>Everything that Core can say has words.</summary>
public sealed class WordsTests
{
    private static readonly Type[] Core = typeof(DomainEvent).Assembly.GetTypes();

    public static TheoryData<string> RefusalCodes { get; } = [.. Core
        .SelectMany(t => t.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
        .Where(f => f.FieldType == typeof(Refusal))
        .Select(f => ((Refusal)f.GetValue(null)!).Code)
        .Distinct(StringComparer.Ordinal)];

    public static TheoryData<string> TrailTypes { get; } = [.. ReadTrail.Types];

    public static TheoryData<Type> Events { get; } = [.. Core.Where(t => t is { IsAbstract: false } && t.IsSubclassOf(typeof(DomainEvent)))];

    [Theory]
    [MemberData(nameof(RefusalCodes))]
    public void Every_refusal_has_a_sentence_of_its_own(string code)
        => Assert.NotEqual(RefusalWords.For(new Refusal("no-such-code")), RefusalWords.For(new Refusal(code)));

    [Theory]
    [MemberData(nameof(TrailTypes))]
    public void Every_kind_of_entry_has_words(string type)
    {
        var title = TrailWords.Title(type);

        Assert.NotEqual(type, title);
        Assert.True(char.IsUpper(title[0]));
        Assert.Single(TrailWords.Groups().SelectMany(g => g), type);
    }

    [Theory]
    [MemberData(nameof(Events))]
    public void Every_event_can_be_found_in_the_trail_by_its_kind(Type happened)
    {
        var kinds = KindsOf(happened).ToList();

        Assert.NotEmpty(kinds);
        Assert.All(kinds, kind => Assert.Contains(kind, ReadTrail.Types));
    }

    [Fact]
    public void No_two_kinds_of_entry_have_the_same_words()
        => Assert.Equal(ReadTrail.Types.Count, ReadTrail.Types.Select(TrailWords.Title).Distinct(StringComparer.Ordinal).Count());

    // Some events have several kinds, by a switch on one of their values: each value is tried.
    private static IEnumerable<string> KindsOf(Type happened)
    {
        var switches = happened.GetProperties().Where(p => p.CanWrite && (p.PropertyType.IsEnum || p.PropertyType == typeof(bool))).ToList();
        var one = (DomainEvent)RuntimeHelpers.GetUninitializedObject(happened);
        yield return one.Type;
        foreach (var property in switches)
        {
            foreach (var value in property.PropertyType.IsEnum ? Enum.GetValues(property.PropertyType).Cast<object>() : [false, true])
            {
                property.SetValue(one, value);
                yield return one.Type;
            }
        }
    }
}
