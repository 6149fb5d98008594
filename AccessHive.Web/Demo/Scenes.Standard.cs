using AccessHive.Core.Kernel;
using AccessHive.Core.Requests;
using AccessHive.Core.Requests.UseCases;
using AccessHive.Core.Sessions.UseCases;
using AccessHive.Core.Vault;
using AccessHive.Core.Vault.UseCases;

namespace AccessHive.Web.Demo;

public static partial class Scenes
{
    /// <summary>An account is found to be more dangerous, or less, than it was thought to be.</summary>
    public static async Task RatedAsync(Stage stage, CastMember by, string identity, RiskLevel risk)
    {
        var page = await KnownAsync(stage, by, identity);
        (await stage.Get<KeepIdentities>().EditAsync(stage.Cast[by], page.Id, page.Details with { Risk = risk }, page.Version, stage.Cancellation)).Require();
    }

    /// <summary>A checkout waits for approval.</summary>
    public static async Task<RequestId> CheckoutWaitsAsync(Stage stage, CastMember who, Errand errand) => (await stage.CheckOutAsync(who, errand)).Require().Request;

    /// <summary>Asked, seen, approved by everybody it takes, and looked at once: it is checked out.</summary>
    public static async Task<SessionId> CheckedOutAsync(Stage stage, CastMember holder, Errand errand, params IReadOnlyList<CastMember> approvers)
    {
        var request = await CheckoutWaitsAsync(stage, holder, errand);
        SessionId? session = null;
        foreach (var approver in approvers)
        {
            await stage.LingerAsync(140);
            (await stage.SeeAsync(approver, request)).Require();
            await stage.LingerAsync(35);
            session = (await stage.ApproveAsync(approver, request)).Require().Session;
        }

        await stage.LingerAsync(50);
        (await stage.RevealAsync(holder, session!.Value)).Require();
        return session.Value;
    }

    /// <summary>Checked out, used, and checked in.</summary>
    public static async Task CheckedInAsync(Stage stage, CastMember holder, CastMember approver, Errand errand, int minutes)
    {
        var session = await CheckedOutAsync(stage, holder, errand, approver);
        await UsedAsync(stage, holder, session, minutes);
    }

    /// <summary>It takes longer than thought: extended once, refused twice, checked in.</summary>
    public static async Task ExtendedAsync(Stage stage, CastMember holder, CastMember approver, Errand errand)
    {
        var session = await CheckedOutAsync(stage, holder, errand, approver);
        await stage.LingerAsync((errand.Minutes - 12) * 60);
        (await stage.ExtendAsync(holder, session)).Require();
        await stage.LingerAsync(30);
        (await stage.ExtendAsync(holder, session)).RequireRefused(Core.Sessions.SessionRefusals.AlreadyExtended);
        await UsedAsync(stage, holder, session, 30);
    }

    /// <summary>Forgotten: the clock checks it in. Moves time.</summary>
    public static async Task ForgottenAsync(Stage stage, CastMember holder, Errand errand, params IReadOnlyList<CastMember> approvers)
    {
        var session = await CheckedOutAsync(stage, holder, errand, approvers);
        var page = await stage.Get<SessionQueries>().PageAsync(stage.Cast[holder], session, stage.Cancellation);
        await stage.UntilAsync(page!.Row.EndsAt);
    }

    /// <summary>Somebody who decides says no, and why.</summary>
    public static async Task CheckoutDeniedAsync(Stage stage, CastMember who, CastMember approver, Errand errand, string comment)
    {
        var request = await CheckoutWaitsAsync(stage, who, errand);
        await stage.LingerAsync(420);
        (await stage.SeeAsync(approver, request)).Require();
        await stage.LingerAsync(60);
        (await stage.DenyAsync(approver, request, comment)).Require();
    }

    /// <summary>What could wait can't any longer: an emergency takes its place, approved and ended.</summary>
    public static async Task TurnedAsync(Stage stage, CastMember who, CastMember approver, Errand errand, Plea plea, int minutes)
    {
        await CheckoutWaitsAsync(stage, who, errand);
        await stage.LingerAsync(11 * 60);
        await EndedEarlyAsync(stage, who, approver, plea, "Saw it on the site. Go ahead.", minutes);
    }

    /// <summary>One of two approvals is given.</summary>
    public static async Task HalfApprovedAsync(Stage stage, CastMember who, CastMember approver, Errand errand)
    {
        var request = await CheckoutWaitsAsync(stage, who, errand);
        await stage.LingerAsync(40);
        (await stage.SeeAsync(approver, request)).Require();
        await stage.LingerAsync(20);
        (await stage.ApproveAsync(approver, request, "Plan looks right to me.")).Require();
    }
}
