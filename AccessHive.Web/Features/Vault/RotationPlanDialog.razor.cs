using AccessHive.Core.Connectors;
using AccessHive.Core.Kernel;
using AccessHive.Core.Vault;
using AccessHive.Core.Vault.UseCases;
using AccessHive.Web.Features.Shared;
using Fluxor;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace AccessHive.Web.Features.Vault;

/// <summary>How, where and after what a credential's secret is changed. A signing key goes round this component.</summary>
public sealed partial class RotationPlanDialog : ComponentBase
{
    private PlanDraft? draft;
    private bool hasKey;
    private NewSecretField? key;
    private TargetReply? found;
    private Refusal? refusal;

    /// <summary>The credential.</summary>
    [Parameter, EditorRequired]
    public CredentialId Credential { get; set; }

    /// <summary>What it is.</summary>
    [Parameter, EditorRequired]
    public string Label { get; set; } = "";

    [CascadingParameter]
    private IMudDialogInstance Dialog { get; set; } = default!;

    [Inject]
    private PlanRotation Plans { get; set; } = default!;

    [Inject]
    private IState<MeState> Me { get; set; } = default!;

    private string UsualPort => draft!.Connector switch
    {
        ConnectorKind.PostgreSql => "5432",
        ConnectorKind.MySql => "3306",
        _ => "22",
    };

    /// <summary>Opens it.</summary>
    public static async Task ShowAsync(IDialogService dialogs, CredentialId credential, string label)
    {
        var shown = await dialogs.ShowAsync<RotationPlanDialog>("", new DialogParameters<RotationPlanDialog> { { d => d.Credential, credential }, { d => d.Label, label } });
        await shown.Result;
    }

    /// <inheritdoc/>
    protected override async Task OnInitializedAsync()
    {
        if (await Plans.ReadAsync(Credential) is not { } read)
        {
            Dialog.Close(DialogResult.Cancel());
            return;
        }

        (draft, hasKey) = (new PlanDraft(read.Plan), read.HasKey);
    }

    private static string Found(TargetReply reply) => reply.Answer switch
    {
        TargetAnswer.Yes => "The current secret logs in there. A rotation can begin at any time.",
        TargetAnswer.No => $"The current secret does not log in there. {reply.Problem}",
        _ => $"The target could not be asked. {reply.Problem}",
    };

    private async Task SaveAsync()
    {
        if (await IsKeptAsync())
            Dialog.Close();
    }

    private async Task TestAsync()
    {
        found = null;
        if (!await IsKeptAsync())
            return;
        var tested = await Plans.TestLoginAsync(Me.Value.Self, Credential);
        (found, refusal) = (tested.Value, tested.Refusal);
    }

    private async Task<bool> IsKeptAsync()
    {
        refusal = (await Plans.EditAsync(Me.Value.Self, Credential, draft!.Plan)).Refusal;
        if (refusal is not null)
            return false;
        if (draft.Connector != ConnectorKind.Webhook || key is null || await key.IsEmptyAsync())
            return true;
        if (!await key.SendAsync(new RotationSecretEntered(KeyOf: Credential.Value)))
            return false;
        return hasKey = true;
    }
}
