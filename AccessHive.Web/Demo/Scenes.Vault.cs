using System.Security.Cryptography;
using AccessHive.Core.Deadlines;
using AccessHive.Core.Vault;
using AccessHive.Core.Vault.UseCases;

namespace AccessHive.Web.Demo;

public static partial class Scenes
{
    /// <summary>An identity is kept, each of its credentials with a secret made for it.</summary>
    public static async Task KeptAsync(Stage stage, CastMember by, DemoIdentity identity)
    {
        var keep = stage.Get<KeepIdentities>();
        var details = new IdentityDetails(
            identity.Name, identity.Type, identity.Platform, identity.Client, identity.Owner is null ? null : stage.Cast[identity.Owner], identity.Notes, identity.Risk);
        var id = (await keep.AddAsync(stage.Cast[by], details, stage.Cancellation)).Require();
        await stage.LingerAsync(40);
        foreach (var credential in identity.Credentials)
        {
            var shown = new CredentialDetails(credential.Label, credential.UserName, credential.Address, credential.Type);
            var added = (await keep.AddCredentialAsync(stage.Cast[by], id, shown, DemoSecrets.Make(credential.Shape), cancellation: stage.Cancellation)).Require();
            if (credential.HasOneTimeCodes)
                (await keep.ChangeFieldAsync(stage.Cast[by], added, FieldKind.TotpSeed, DemoSecrets.Make(SecretShape.OneTimeSeed), stage.Cancellation)).Require();
            if (credential.HasRecoveryCodes)
                (await keep.ChangeFieldAsync(stage.Cast[by], added, FieldKind.RecoveryCodes, DemoSecrets.Make(SecretShape.RecoveryCodes), stage.Cancellation)).Require();
        }
    }

    /// <summary>The first credential of an identity gets a new secret.</summary>
    public static async Task SecretChangedAsync(Stage stage, CastMember by, string identity, SecretShape shape = SecretShape.Password)
    {
        var page = await KnownAsync(stage, by, identity);
        (await stage.Get<KeepIdentities>().ChangeSecretAsync(stage.Cast[by], page.Credentials[0].Id, DemoSecrets.Make(shape), cancellation: stage.Cancellation)).Require();
    }

    /// <summary>A rotation by hand: one person sets and enters a new secret, another looks at it, tries it and confirms.</summary>
    /// <param name="stage">Where it is played.</param>
    /// <param name="by">Who enters it.</param>
    /// <param name="confirmer">Who confirms it.</param>
    /// <param name="identity">The identity; its first credential is rotated.</param>
    /// <param name="mistyped">What the confirmer says first, when the first attempt does not work.</param>
    public static async Task RotatedByHandAsync(Stage stage, CastMember by, CastMember confirmer, string identity, string mistyped = "")
    {
        var credential = (await KnownAsync(stage, by, identity)).Credentials[0].Id;
        await stage.Get<DeadlineLoop>().SettleAsync(stage.Cancellation);
        var keep = stage.Get<KeepRotations>();
        var open = (await stage.Get<RotationQueries>().OpenAsync(stage.Cast[by], stage.Cancellation)).FirstOrDefault(r => r.Credential == credential);
        var id = open?.Id ?? (await keep.StartAsync(stage.Cast[by], credential, stage.Cancellation)).Require();
        for (var attempt = mistyped.Length > 0 ? 1 : 2; attempt <= 2; attempt++)
        {
            (await keep.EnterAsync(stage.Cast[by], id, DemoSecrets.Make(SecretShape.Password), stage.Cancellation)).Require();
            await stage.LingerAsync(260);
            CryptographicOperations.ZeroMemory((await keep.ShowPendingAsync(stage.Cast[confirmer], id, stage.Cancellation)).Require());
            await stage.LingerAsync(50);
            if (attempt == 1)
                (await keep.RejectAsync(stage.Cast[confirmer], id, mistyped, stage.Cancellation)).Require();
            else
                (await keep.ConfirmAsync(stage.Cast[confirmer], id, stage.Cancellation)).Require();
            await stage.LingerAsync(90);
        }
    }

    /// <summary>Somebody writes down where and how a secret is changed.</summary>
    public static async Task PlannedAsync(Stage stage, CastMember by, string identity, string instructions)
    {
        var credential = (await KnownAsync(stage, by, identity)).Credentials[0].Id;
        (await stage.Get<PlanRotation>().EditAsync(stage.Cast[by], credential, RotationPlan.Usual with { Instructions = instructions }, stage.Cancellation)).Require();
    }

    /// <summary>Somebody adds a line to an identity's notes.</summary>
    public static async Task NotedAsync(Stage stage, CastMember by, string identity, string line)
    {
        var page = await KnownAsync(stage, by, identity);
        var details = page.Details with { Notes = page.Details.Notes.Length == 0 ? line : $"{page.Details.Notes}\n{line}" };
        (await stage.Get<KeepIdentities>().EditAsync(stage.Cast[by], page.Id, details, page.Version, stage.Cancellation)).Require();
    }

    /// <summary>An identity goes out of use.</summary>
    public static async Task ArchivedAsync(Stage stage, CastMember by, string identity)
    {
        var page = await KnownAsync(stage, by, identity);
        (await stage.Get<KeepIdentities>().ArchiveAsync(stage.Cast[by], page.Id, archived: true, stage.Cancellation)).Require();
    }

    private static async Task<IdentityPage> KnownAsync(Stage stage, CastMember who, string identity)
        => await stage.IdentityAsync(who, identity) ?? throw new InvalidOperationException($"There is no {identity}.");
}
