using AccessHive.Core.Agency.UseCases;
using AccessHive.Core.Kernel;
using AccessHive.Web.Features.Shared;
using Fluxor;
using Fluxor.Blazor.Web.Components;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace AccessHive.Web.Features.Agency;

/// <summary>One person in the list: who they are, and what a people manager does about them, in place.</summary>
public sealed partial class PersonEntry : FluxorComponent
{
    private Roles? draft;
    private Roles startedFrom;
    private Refusal? refusal;
    private bool showsSeen;

    /// <summary>The person.</summary>
    [Parameter, EditorRequired]
    public PersonRow Person { get; set; } = default!;

    /// <summary>Whether whoever looks manages people.</summary>
    [Parameter]
    public bool MayManage { get; set; }

    /// <summary>Something about them was changed here.</summary>
    [Parameter]
    public EventCallback OnChanged { get; set; }

    [Inject]
    private IState<MeState> Me { get; set; } = default!;

    [Inject]
    private ManagePeople People { get; set; } = default!;

    [Inject]
    private IDialogService Dialogs { get; set; } = default!;

    [Inject]
    private HiveClock Clock { get; set; } = default!;

    private bool IsMe => Person.Id == Me.Value.Id;

    private bool OnlyByOwner => Person.Roles.HasAny(Roles.Owner) && !Me.Value.Has(Roles.Owner);

    private static bool LosesManaging(Roles roles) => !roles.HasAny(RolePermissions.PeopleManagers);

    private void ToggleRoles()
    {
        draft = draft is null ? Person.Roles : null;
        (startedFrom, refusal) = (Person.Roles, null);
    }

    private async Task SaveRolesAsync()
    {
        var changed = await People.ChangeRolesAsync(Me.Value.Self, Person.Id, draft!.Value);
        refusal = changed.Refusal;
        if (changed.IsRefused)
            return;
        // Who lost a role still knows what they have seen.
        showsSeen |= (startedFrom & ~draft!.Value) != Roles.None;
        draft = null;
        await OnChanged.InvokeAsync();
    }

    private async Task RenewAsync()
    {
        var shown = await Dialogs.ShowAsync<RenewLinkDialog>("", new DialogParameters<RenewLinkDialog> { { d => d.Person, Person } });
        await shown.Result;
        await OnChanged.InvokeAsync();
    }

    private async Task DisableAsync()
    {
        string[] words = Person.JoinedAt is null
            ? ["Their invitation can't be accepted any more."]
            :
            [
                "Their sign-ins end now, on every device, and open pages close.",
                "Sessions they hold are revoked, and what is on their screen goes away.",
                "What they did stays in the audit trail. You can enable them again at any time.",
            ];
        showsSeen |= await LeaveDialog.AskAsync(
            Dialogs, Person, IsMe ? ["This is you: you are signed out at once, and somebody else has to let you back in.", .. words] : words);
        await OnChanged.InvokeAsync();
    }

    private async Task EnableAsync()
    {
        await ConfirmDialog.AskAsync(
            Dialogs, $"Enable {Person.Name}?", "Enable", danger: false, () => People.EnableAsync(Me.Value.Self, Person.Id),
            Person.JoinedAt is null
                ? $"Their invitation works again, if it isn't too old. They will be {RefusalWords.Names(Person.Roles)}."
                : $"They can sign in again, with the password they had. They are {RefusalWords.Names(Person.Roles)}, as before.");
        await OnChanged.InvokeAsync();
    }
}
