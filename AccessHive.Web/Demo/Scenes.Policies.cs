using AccessHive.Core.Policies;
using AccessHive.Core.Policies.UseCases;
using NodaTime;

namespace AccessHive.Web.Demo;

public static partial class Scenes
{
    /// <summary>An owner decides how the everyday way goes: by risk, with approvers of their own for one client and one identity.</summary>
    public static async Task ApprovalsSettledAsync(Stage stage, CastMember owner)
    {
        (await stage.EditApprovalsAsync(owner, rules => rules with { Mode = ApprovalMode.RiskBased, Window = Duration.FromHours(8) })).Require();
        await stage.LingerAsync(160);
        (await stage.NameApproversAsync(owner, ApproverScope.Client, DemoVault.Lumen, DemoCast.Ingrid, DemoCast.Amara, DemoCast.Priya, DemoCast.Mateo, DemoCast.Leila)).Require();
        await stage.LingerAsync(75);
        // Thought better of a minute later: whoever approves everything else approves this platform too.
        (await stage.NameApproversAsync(owner, ApproverScope.Platform, "Mailchimp", DemoCast.Leila, DemoCast.Priya)).Require();
        await stage.LingerAsync(50);
        (await stage.Get<KeepApprovers>().GiveUpAsync(stage.Cast[owner], ApproverScope.Platform, "Mailchimp", stage.Cancellation)).Require();
        await stage.LingerAsync(90);
        var microsite = await KnownAsync(stage, owner, DemoVault.KestrelAws);
        (await stage.NameApproversAsync(owner, ApproverScope.Identity, microsite.Id.ToString(), DemoCast.Tomasz, DemoCast.Amara)).Require();
    }
}
