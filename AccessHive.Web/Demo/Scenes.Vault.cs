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
