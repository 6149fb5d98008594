using AccessHive.Core.Kernel;
using AccessHive.Core.Policies;
using AccessHive.Core.Policies.UseCases;
using AccessHive.Web.Features.Shared;
using Fluxor;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.JSInterop;

namespace AccessHive.Web.Features.Policies;

/// <summary>One list of approvers while somebody changes it, with what it would do beside it.</summary>
public sealed partial class ApproverEditor : ComponentBase, IAsyncDisposable
{
    private readonly HashSet<PersonId> named = [];
    private Script text = default!;
    private ListForesight? foresight;
    private Refusal? refusal;
    private string? theirs;
    private string? focus = "[name=approvers-kind]:checked";
    private bool everybody;
    private bool accepted;
    private bool saving;
    private bool overtaken;
    private long madeOn;
    private int foreseen;
    private int seenRead = -1;

    /// <summary>What the list is for.</summary>
    [Parameter, EditorRequired]
    public ApproverScope Scope { get; set; }

    /// <summary>Which one.</summary>
    [Parameter, EditorRequired]
    public string Key { get; set; } = "";

    /// <summary>What it is called.</summary>
    [Parameter, EditorRequired]
    public string Name { get; set; } = "";

    /// <summary>The list as it is in force; nothing for one that isn't there yet.</summary>
    [Parameter]
    public ApproversRow? Row { get; set; }

    /// <summary>Counts how often the lists were read: people and identities may have changed with it.</summary>
    [Parameter]
    public int Read { get; set; }

    /// <summary>It was saved; says what.</summary>
    [Parameter]
    public EventCallback<string> OnSaved { get; set; }

    /// <summary>It was given up.</summary>
    [Parameter]
    public EventCallback OnCancel { get; set; }

    /// <summary>A save was refused: what is in force is to be read again.</summary>
    [Parameter]
    public EventCallback OnRefused { get; set; }

    /// <summary>Hears the list while it is typed.</summary>
    [Parameter]
    public EventCallback<ListedApprovers?> Typing { get; set; }

    [Inject]
    private KeepApprovers Keep { get; set; } = default!;

    [Inject]
    private PolicyChoices Choices { get; set; } = default!;

    [Inject]
    private IState<MeState> Me { get; set; } = default!;

    [Inject]
    private IJSRuntime Js { get; set; } = default!;

    private ListedApprovers Typed => new(Scope, Key, new Approvers(everybody, everybody ? new HashSet<PersonId>() : [.. named]));

    private IEnumerable<ListedPerson> People => foresight?.People.Where(p => named.Contains(p.Id)) ?? [];

    private IReadOnlyList<string> Warnings => foresight is null ? [] : ListWords.Warnings(Scope, Name, Typed.Approvers, foresight.Reach);

    private bool FallsShort => foresight is { Reach: { Approvers: 0 } or { Gaps.Count: > 0 } };

    private string Counts => foresight switch
    {
        { Able.Count: 0 } => $"Stands for {ApprovalWords.Identities(foresight.Identities)}.",
        { } => $"Stands for {ApprovalWords.Identities(foresight.Identities)}. {ApprovalWords.Names(foresight.Able)} could approve.",
        null => "",
    };

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => text.DisposeAsync();

    /// <inheritdoc/>
    protected override void OnInitialized()
    {
        text = new Script(Js, "text");
        (everybody, madeOn) = (Row?.Everybody ?? false, Row?.Version ?? 0);
        named.UnionWith(Row?.People.Select(p => p.Id) ?? []);
    }

    /// <inheritdoc/>
    protected override Task OnParametersSetAsync()
    {
        if (overtaken)
        {
            // What somebody else saved stands before this person's eyes now; their next save is made on it.
            (overtaken, madeOn) = (false, Row?.Version ?? 0);
            theirs = Row is null ? "no list, the next wider one counts" : Row.Everybody ? "everybody who is Owner, Admin or Approver" : ApprovalWords.Names([.. Row.People.Select(p => p.Name)]);
        }

        if (seenRead == Read)
            return Task.CompletedTask;
        seenRead = Read;
        return ForeseeAsync();
    }

    /// <inheritdoc/>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (focus is not { } target)
            return;
        focus = null;
        await text.CallAsync("focus", target);
    }

    // Of foresights under way, the last one asked for counts.
    private async Task ForeseeAsync()
    {
        var mine = ++foreseen;
        var result = await Keep.ForeseeAsync(Typed);
        if (mine == foreseen)
            foresight = result;
    }

    private async Task ChangeAsync(Action change)
    {
        change();
        accepted = false;
        refusal = null;
        await ForeseeAsync();
        await Typing.InvokeAsync(Typed);
    }

    private Task AddAsync(PolicyChoice? choice)
        => choice is not null && Guid.TryParse(choice.Key, out var id) ? ChangeAsync(() => named.Add(new PersonId(id))) : Task.CompletedTask;

    private async Task<IReadOnlyList<PolicyChoice>> FindAsync(string piece)
        => [.. (await Choices.ApproversAsync(piece)).Where(p => !named.Contains(p.Id)).Select(p => new PolicyChoice(p.Id.ToString(), p.Name, PersonWords.Of(p)))];

    private Task KeyAsync(KeyboardEventArgs key) => key.Key == "Escape" ? CancelAsync() : Task.CompletedTask;

    private Task CancelAsync() => saving ? Task.CompletedTask : OnCancel.InvokeAsync();

    // The second click of a double click is not another decision.
    private async Task ClickSaveAsync(MouseEventArgs click)
    {
        if (click.Detail > 1 || saving)
            return;
        (saving, theirs) = (true, null);
        try
        {
            // Who clicks fast is judged by what they typed, not by what was known of it before.
            await ForeseeAsync();
            if (FallsShort && !accepted)
            {
                refusal = foresight is { Reach.Approvers: 0 } ? PolicyRefusals.NobodyCouldApprove : PolicyRefusals.TooFewCouldApprove;
                focus = "#approvers-accept";
                return;
            }

            var result = await Keep.SaveAsync(Me.Value.Self, new SaveApprovers(Scope, Key, Typed.Approvers, madeOn, accepted));
            refusal = result.Refusal;
            if (!result.IsRefused)
            {
                await OnSaved.InvokeAsync($"Saved {ApprovalWords.ListOf(Scope, Name)}: {(everybody ? "everybody who is Owner, Admin or Approver" : ApprovalWords.Names([.. People.Select(p => p.Name)]))}.");
                return;
            }

            overtaken = result.Refusal == PolicyRefusals.ChangedMeanwhile || result.Refusal == PolicyRefusals.NoSuchList;
            await OnRefused.InvokeAsync();
        }
        finally
        {
            saving = false;
        }
    }
}
