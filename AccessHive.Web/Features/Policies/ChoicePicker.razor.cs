using AccessHive.Core.Policies.UseCases;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;

namespace AccessHive.Web.Features.Policies;

/// <summary>Chooses something by a piece of its name; of however many there are, the first twenty are offered.</summary>
public sealed partial class ChoicePicker : ComponentBase
{
    private IReadOnlyList<PolicyChoice> found = [];
    private ElementReference chip;
    private string text = "";
    private int marked = -1;
    private int asked;
    private bool open;
    private bool chosenHere;

    /// <summary>The id of its input, and the beginning of the ids of its parts.</summary>
    [Parameter, EditorRequired]
    public string Id { get; set; } = "";

    /// <summary>What is chosen: "Person".</summary>
    [Parameter, EditorRequired]
    public string Label { get; set; } = "";

    /// <summary>The name of what is chosen; nothing, while nothing is.</summary>
    [Parameter]
    public string? ChosenName { get; set; }

    /// <summary>Something was chosen, or the choice removed.</summary>
    [Parameter, EditorRequired]
    public EventCallback<PolicyChoice?> Chosen { get; set; }

    /// <summary>Finds by a piece of the name.</summary>
    [Parameter, EditorRequired]
    public Func<string, Task<IReadOnlyList<PolicyChoice>>> Find { get; set; } = default!;

    /// <inheritdoc/>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!chosenHere || ChosenName is null)
            return;
        chosenHere = false;
        await chip.FocusAsync();
    }

    private Task TypedAsync(string? typed)
    {
        text = typed is { Length: > PolicyChoices.TextLength } ? typed[..PolicyChoices.TextLength] : typed ?? "";
        return OpenAsync();
    }

    // Of searches under way, the last one asked for counts.
    private async Task OpenAsync()
    {
        var mine = ++asked;
        var result = await Find(text);
        if (mine != asked)
            return;
        (found, open, marked) = (result, true, text.Length > 0 && result.Count > 0 ? 0 : -1);
    }

    private Task KeyAsync(KeyboardEventArgs key)
    {
        switch (key.Key)
        {
            case "ArrowDown" when open && found.Count > 0:
                marked = (marked + 1) % found.Count;
                break;
            case "ArrowUp" when open && found.Count > 0:
                marked = (Math.Max(marked, 0) + found.Count - 1) % found.Count;
                break;
            case "ArrowDown":
                return OpenAsync();
            case "Escape":
                open = false;
                break;
            case "Enter" when open && marked >= 0 && marked < found.Count && !key.Repeat:
                return ChooseAsync(found[marked]);
        }

        return Task.CompletedTask;
    }

    private Task ChooseAsync(PolicyChoice choice)
    {
        (text, open, marked, chosenHere) = ("", false, -1, true);
        return Chosen.InvokeAsync(choice);
    }
}
