using AccessHive.Core.Kernel;
using AccessHive.Core.Vault;
using AccessHive.Core.Vault.UseCases;
using AccessHive.Web.Features.Shared;
using Fluxor;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace AccessHive.Web.Features.Vault;

/// <summary>What the dialog is opened for.</summary>
public enum CredentialPurpose
{
    /// <summary>A new credential with its first secret.</summary>
    Add,

    /// <summary>What is known about it, not the secret.</summary>
    Edit,

    /// <summary>The secret, and nothing else.</summary>
    ChangeSecret,
}

/// <summary>Adds and changes a credential. Its secret goes round this component, see <see cref="SecretField"/>.</summary>
public sealed partial class CredentialDialog : ComponentBase
{
    private string title = "";
    private string verb = "";
    private string label = "";
    private string userName = "";
    private string address = "";
    private Refusal? refusal;
    private SecretField? secret;

    /// <summary>What it is opened for.</summary>
    [Parameter, EditorRequired]
    public CredentialPurpose Purpose { get; set; }

    /// <summary>The identity it belongs to.</summary>
    [Parameter, EditorRequired]
    public IdentityId Identity { get; set; }

    /// <summary>The credential, when there is one already.</summary>
    [Parameter]
    public CredentialCard? Card { get; set; }

    [CascadingParameter]
    private IMudDialogInstance Dialog { get; set; } = default!;

    [Inject]
    private KeepIdentities Keep { get; set; } = default!;

    [Inject]
    private IState<MeState> Me { get; set; } = default!;

    /// <summary>Asks for a new credential.</summary>
    public static Task AddAsync(IDialogService dialogs, IdentityId identity) => ShowAsync(dialogs, CredentialPurpose.Add, identity, null);

    /// <summary>Asks what is to be known about a credential.</summary>
    public static Task EditAsync(IDialogService dialogs, IdentityId identity, CredentialCard card) => ShowAsync(dialogs, CredentialPurpose.Edit, identity, card);

    /// <summary>Asks for a new secret.</summary>
    public static Task ChangeSecretAsync(IDialogService dialogs, IdentityId identity, CredentialCard card) => ShowAsync(dialogs, CredentialPurpose.ChangeSecret, identity, card);

    /// <inheritdoc/>
    protected override void OnInitialized()
    {
        (title, verb) = Purpose switch
        {
            CredentialPurpose.Add => ("Add credential", "Add credential"),
            CredentialPurpose.Edit => ($"Edit {Card!.Label}", "Save"),
            CredentialPurpose.ChangeSecret => ($"Change the secret of {Card!.Label}", "Change secret"),
            _ => throw new InvalidOperationException($"There is no dialog for {Purpose}."),
        };
        (label, userName, address) = Card is null ? ("Password", "", "") : (Card.Label, Card.UserName, Card.Address);
    }

    private static async Task ShowAsync(IDialogService dialogs, CredentialPurpose purpose, IdentityId identity, CredentialCard? card)
    {
        var shown = await dialogs.ShowAsync<CredentialDialog>("", new DialogParameters<CredentialDialog> { { d => d.Purpose, purpose }, { d => d.Identity, identity }, { d => d.Card, card } });
        await shown.Result;
    }

    private async Task SaveAsync()
    {
        if (await IsKeptAsync())
            Dialog.Close();
    }

    private async Task<bool> IsKeptAsync()
    {
        if (Purpose == CredentialPurpose.Edit)
        {
            refusal = (await Keep.EditCredentialAsync(Me.Value.Self, Card!.Id, new CredentialDetails(label, userName, address))).Refusal;
            return refusal is null;
        }

        var about = Purpose == CredentialPurpose.Add ? new SecretEntered(Identity.Value, Label: label, UserName: userName, Address: address) : new SecretEntered(Credential: Card!.Id.Value);
        return await secret!.SendAsync(about);
    }
}
