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

    /// <summary>A field beside the secret.</summary>
    ChangeField,
}

/// <summary>Adds and changes a credential. Its secret goes round this component, see <see cref="SecretField"/>.</summary>
public sealed partial class CredentialDialog : ComponentBase
{
    private string title = "";
    private string verb = "";
    private string label = "";
    private string userName = "";
    private string address = "";
    private CredentialType type;
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

    /// <summary>What the identity is, which decides what its credentials usually are.</summary>
    [Parameter]
    public IdentityType IdentityType { get; set; }

    /// <summary>The field beside the secret, when it is opened for one.</summary>
    [Parameter]
    public FieldKind Field { get; set; }

    [CascadingParameter]
    private IMudDialogInstance Dialog { get; set; } = default!;

    [Inject]
    private KeepIdentities Keep { get; set; } = default!;

    [Inject]
    private IState<MeState> Me { get; set; } = default!;

    private FieldEntry Entry => FieldEntry.Of(type, Field);

    /// <summary>Asks for a new credential.</summary>
    public static Task AddAsync(IDialogService dialogs, IdentityId identity, IdentityType type = IdentityType.ExternalShared)
        => ShowAsync(dialogs, CredentialPurpose.Add, identity, null, type);

    /// <summary>Asks for a new value of a field beside the secret.</summary>
    public static Task ChangeFieldAsync(IDialogService dialogs, IdentityId identity, CredentialCard card, FieldKind field)
        => ShowAsync(dialogs, CredentialPurpose.ChangeField, identity, card, field: field);

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
            CredentialPurpose.ChangeField => ($"{VaultWords.Name(Field)} of {Card!.Label}", "Save"),
            _ => throw new InvalidOperationException($"There is no dialog for {Purpose}."),
        };
        type = Card?.Type ?? CredentialTypes.UsualFor(IdentityType);
        (label, userName, address) = Card is null ? (VaultWords.Name(type), "", "") : (Card.Label, Card.UserName, Card.Address);
    }

    private static async Task ShowAsync(
        IDialogService dialogs, CredentialPurpose purpose, IdentityId identity, CredentialCard? card, IdentityType type = default, FieldKind field = FieldKind.Secret)
    {
        var shown = await dialogs.ShowAsync<CredentialDialog>("", new DialogParameters<CredentialDialog>
        {
            { d => d.Purpose, purpose }, { d => d.Identity, identity }, { d => d.Card, card }, { d => d.IdentityType, type }, { d => d.Field, field },
        });
        await shown.Result;
    }

    // A label that nobody has typed follows the type.
    private void TypeChosen()
    {
        if (Purpose == CredentialPurpose.Add && Enum.GetValues<CredentialType>().Any(t => VaultWords.Name(t) == label))
            label = VaultWords.Name(type);
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
            refusal = (await Keep.EditCredentialAsync(Me.Value.Self, Card!.Id, new CredentialDetails(label, userName, address, type))).Refusal;
            return refusal is null;
        }

        var about = Purpose == CredentialPurpose.Add
            ? new SecretEntered(Identity.Value, Label: label, UserName: userName, Address: address, Type: type)
            : new SecretEntered(Credential: Card!.Id.Value, Field: Field);
        return await secret!.SendAsync(about);
    }
}
