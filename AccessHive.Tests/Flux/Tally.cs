using System.Collections.Immutable;
using Fluxor;

namespace AccessHive.Tests.Flux;

/// <summary>The words heard so far: the state these tests look at.</summary>
[FeatureState(Name = "Tally")]
internal sealed record Tally(ImmutableList<string> Heard)
{
    private Tally()
        : this([])
    {
    }
}

/// <summary>A second feature that counts the same words.</summary>
[FeatureState(CreateInitialStateMethodName = nameof(Begin))]
internal sealed record Count(int Words)
{
    private static Count Begin() => new(100);
}

internal record Said(string Word);

internal sealed record Shouted(string Word) : Said(Word);

internal sealed record Copied;

internal sealed record Looked;

internal sealed record Silenced;

internal sealed record Garbled;

internal static class TallyReducers
{
    [ReducerMethod]
    public static Tally OnSaid(Tally state, Said action) => state with { Heard = state.Heard.Add(action.Word) };

    [ReducerMethod(typeof(Silenced))]
    public static Tally OnSilenced(Tally state) => state with { Heard = [] };

    [ReducerMethod]
    public static Tally OnCopied(Tally state, Copied _) => state with { };

    [ReducerMethod]
    public static Tally OnLooked(Tally state, Looked _) => state;

    [ReducerMethod]
    public static Tally OnGarbled(Tally state, Garbled _) => throw new FormatException($"not a word after {state.Heard.Count}");
}

internal static class CountReducers
{
    [ReducerMethod]
    public static Count OnSaid(Count state, Said _) => new(state.Words + 1);
}
