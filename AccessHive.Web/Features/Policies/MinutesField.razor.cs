using System.Globalization;
using AccessHive.Core.Kernel;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;

namespace AccessHive.Web.Features.Policies;

/// <summary>
/// A number of minutes or hours. Plain text with the manners of a number field: a browser's own number field swallows what it
/// can't read, and then there is nothing to say beside it.
/// </summary>
public sealed partial class MinutesField : ComponentBase
{
    /// <summary>The id of the input; the label's is the same with <c>-label</c>.</summary>
    [Parameter, EditorRequired]
    public string Id { get; set; } = "";

    /// <summary>What is typed.</summary>
    [Parameter, EditorRequired]
    public string Value { get; set; } = "";

    /// <summary>Somebody typed.</summary>
    [Parameter]
    public EventCallback<string> ValueChanged { get; set; }

    /// <summary>Enter was pressed.</summary>
    [Parameter]
    public EventCallback OnEnter { get; set; }

    /// <summary>The smallest number allowed.</summary>
    [Parameter, EditorRequired]
    public int Least { get; set; }

    /// <summary>The largest number allowed.</summary>
    [Parameter, EditorRequired]
    public int Most { get; set; }

    /// <summary>Numbers at one click.</summary>
    [Parameter]
    public IReadOnlyList<int> Presets { get; set; } = [];

    /// <summary>What is wrong with what is typed.</summary>
    [Parameter]
    public Refusal? Refused { get; set; }

    /// <summary>What it means.</summary>
    [Parameter]
    public string Words { get; set; } = "";

    /// <summary>What is counted.</summary>
    [Parameter]
    public string Unit { get; set; } = "minutes";

    /// <summary>What is allowed, in words; unit, smallest and largest if not said.</summary>
    [Parameter]
    public string? Range { get; set; }

    private int? Number => CardDraft.Parse(Value) is { } minutes ? (int)minutes.TotalMinutes : null;

    private static string Text(int minutes) => minutes.ToString(CultureInfo.InvariantCulture);

    private string Short(int number) => (number, Unit) switch
    {
        (0, _) => "None",
        (_, "hours") => number % 24 == 0 && number > 24 ? $"{Text(number / 24)} days" : $"{Text(number)} h",
        ( < 60, _) => $"{Text(number)} min",
        _ => $"{Text(number / 60)} h",
    };

    private Task TypedAsync(string? typed) => ChangeAsync(typed is { Length: > CardDraft.NumberLength } ? typed[..CardDraft.NumberLength] : typed ?? "");

    private Task KeyAsync(KeyboardEventArgs key) => key.Key switch
    {
        "Enter" when !key.Repeat => OnEnter.InvokeAsync(),
        "ArrowUp" when Number is { } number => ChangeAsync(Text(Math.Clamp(number + 1, Least, Most))),
        "ArrowDown" when Number is { } number => ChangeAsync(Text(Math.Clamp(number - 1, Least, Most))),
        _ => Task.CompletedTask,
    };

    private Task ChangeAsync(string text) => ValueChanged.InvokeAsync(text);
}
