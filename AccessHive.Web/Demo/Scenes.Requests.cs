using AccessHive.Core.Kernel;
using AccessHive.Core.Policies;
using AccessHive.Core.Requests;
using AccessHive.Core.Requests.UseCases;

namespace AccessHive.Web.Demo;

/// <summary>Short stories of an emergency, told by use cases. The demo, the browser tests and the screenshots share them.</summary>
public static partial class Scenes
{
    /// <summary>An urgent request waits for a decision.</summary>
    public static async Task<RequestId> UrgentRequestAsync(Stage stage, CastMember requester, Plea plea)
        => (await stage.RaiseAsync(requester, plea)).Require().Request;

    /// <summary>Circle after circle is asked, nobody looks, and the window closes. Moves time.</summary>
    public static async Task<RequestId> ApproverAsleepAsync(Stage stage, CastMember requester, Plea plea)
    {
        var request = await UrgentRequestAsync(stage, requester, plea);
        var page = await stage.Get<RequestQueries>().PageAsync(stage.Cast[requester], request, stage.Cancellation);
        await stage.UntilAsync(page!.DecideBy);
        await stage.LingerAsync(30);
        return request;
    }

    /// <summary>An approver reads it and says no, and why.</summary>
    public static async Task<RequestId> DeniedAsync(Stage stage, CastMember requester, CastMember approver, Plea plea, string comment)
    {
        var request = await SeenRequestAsync(stage, requester, approver, plea);
        (await stage.DenyAsync(approver, request, comment)).Require();
        return request;
    }

    /// <summary>It turns out not to be needed, and the requester takes it back.</summary>
    public static async Task<RequestId> FalseAlarmAsync(Stage stage, CastMember requester, Plea plea)
    {
        var request = await UrgentRequestAsync(stage, requester, plea);
        await stage.LingerAsync(135);
        (await stage.WithdrawAsync(requester, request)).Require();
        return request;
    }

    /// <summary>Two approvers say yes in the same moment: one wins, the other is told.</summary>
    public static async Task<SessionId> TwoApproversAtOnceAsync(Stage stage, CastMember requester, CastMember one, CastMember other, Plea plea)
    {
        var request = await SeenRequestAsync(stage, requester, one, plea);
        _ = await stage.SeeAsync(other, request);
        await stage.LingerAsync(20);
        var verdicts = await Task.WhenAll(stage.ApproveAsync(one, request), stage.ApproveAsync(other, request));
        verdicts.Single(v => v.IsRefused).RequireRefused(RequestRefusals.AlreadyDecided);
        return verdicts.Single(v => !v.IsRefused).Require().Session!.Value;
    }

    /// <summary>Somebody who decides requests tries to decide their own. It goes on waiting.</summary>
    public static async Task<RequestId> ApproverDecidesTheirOwnAsync(Stage stage, CastMember requester, Plea plea)
    {
        var request = await UrgentRequestAsync(stage, requester, plea);
        await stage.LingerAsync(25);
        (await stage.ApproveAsync(requester, request, "Clear case.")).RequireRefused(RequestRefusals.OwnRequest);
        return request;
    }

    /// <summary>Somebody whose roles don't allow it tries to break the glass.</summary>
    public static async Task NotEligibleAsync(Stage stage, CastMember who, Plea plea)
        => (await stage.RaiseAsync(who, plea)).RequireRefused(RequestRefusals.NotEligible);

    /// <summary>Somebody whose roles don't allow it tries to edit the settings card.</summary>
    public static async Task NotSettingsEditorAsync(Stage stage, CastMember who)
        => (await stage.EditCardAsync(who, rules => rules with { EligibleRoles = rules.EligibleRoles | Roles.Member })).RequireRefused(PolicyRefusals.NotSettingsEditor);

    private static async Task<RequestId> SeenRequestAsync(Stage stage, CastMember requester, CastMember approver, Plea plea)
    {
        var request = await UrgentRequestAsync(stage, requester, plea);
        await stage.LingerAsync(14);
        (await stage.SeeAsync(approver, request)).Require();
        await stage.LingerAsync(75);
        return request;
    }
}
