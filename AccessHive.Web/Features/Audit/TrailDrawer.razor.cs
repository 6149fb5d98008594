using AccessHive.Core.Audit.UseCases;
using AccessHive.Web.Features.Shared;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;

namespace AccessHive.Web.Features.Audit;

/// <summary>One entry in full, beside the list.</summary>
public sealed partial class TrailDrawer : ComponentBase
{
    private const string TitleId = "entry-title";

    private ElementReference title;
    private long? read;

    /// <summary>The entry's number.</summary>
    [Parameter, EditorRequired]
    public long Seq { get; set; }

    /// <summary>The entry; nothing when there is none, or none for these eyes.</summary>
    [Parameter, EditorRequired]
    public TrailDetail? Detail { get; set; }

    /// <summary>The entry above it in the list.</summary>
    [Parameter]
    public long? Newer { get; set; }

    /// <summary>The entry below it in the list.</summary>
    [Parameter]
    public long? Older { get; set; }

    /// <summary>Whether the reader may erase what it says about people.</summary>
    [Parameter]
    public bool MayErase { get; set; }

    /// <summary>They were erased: what is shown is not true any more.</summary>
    [Parameter]
    public EventCallback OnErased { get; set; }

    /// <summary>Another entry is wanted.</summary>
    [Parameter, EditorRequired]
    public EventCallback<long> OnOpen { get; set; }

    /// <summary>It is closed.</summary>
    [Parameter, EditorRequired]
    public EventCallback OnClose { get; set; }

    [Inject]
    private ReaderZone Zone { get; set; } = default!;

    /// <inheritdoc/>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (read == Seq)
            return;
        read = Seq;
        // The list behind it stays where it is.
        await title.FocusAsync(preventScroll: true);
    }

    // What the rows above say already isn't said twice.
    private IEnumerable<KeyValuePair<string, string>> Told => Detail!.Facts.Where(f => f.Key switch
    {
        "by" => f.Value != Detail.Row.ActorName,
        "identity" => f.Value != Detail.Row.IdentityName,
        "person" => f.Value != Detail.Row.PersonName,
        _ => true,
    });

    private Task KeyAsync(KeyboardEventArgs key) => key.Key switch
    {
        "Escape" => OnClose.InvokeAsync(),
        "j" or "J" => GoAsync(Older),
        "k" or "K" when !key.CtrlKey && !key.MetaKey => GoAsync(Newer),
        _ => Task.CompletedTask,
    };

    private Task GoAsync(long? seq) => seq is { } wanted ? OnOpen.InvokeAsync(wanted) : Task.CompletedTask;
}
