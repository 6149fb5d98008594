using AccessHive.Core.Kernel;
using AccessHive.Core.Policies;
using AccessHive.Core.Requests;
using AccessHive.Core.Sessions;
using AccessHive.Core.Sessions.UseCases;
using NodaTime;

namespace AccessHive.Web.Demo;

public static partial class Scenes
{
    /// <summary>Asked, seen, approved, and looked at once: a session runs.</summary>
    public static async Task<SessionId> RunningSessionAsync(Stage stage, CastMember holder, CastMember approver, Plea plea, string comment = "")
    {
        var request = await SeenRequestAsync(stage, holder, approver, plea);
        var session = (await stage.ApproveAsync(approver, request, comment)).Require().Session!.Value;
        await stage.LingerAsync(40);
        (await stage.RevealAsync(holder, session)).Require();
        return session;
    }

    /// <summary>As short as the rules allow, and – where time can be moved – down to its last minute.</summary>
    public static async Task<SessionId> ExpiringNowAsync(Stage stage, CastMember holder, CastMember approver, Plea plea)
    {
        var session = await RunningSessionAsync(stage, holder, approver, plea with { Minutes = (int)EmergencyRules.ShortestMaximum.TotalMinutes });
        await stage.LingerAsync(3 * 60 + 20);
        return session;
    }

    /// <summary>Done before the time is up.</summary>
    public static async Task<SessionId> EndedEarlyAsync(Stage stage, CastMember holder, CastMember approver, Plea plea, string comment, int minutes)
    {
        var session = await RunningSessionAsync(stage, holder, approver, plea, comment);
        await UsedAsync(stage, holder, session, minutes);
        return session;
    }

    /// <summary>Used to the last minute; the clock ends it. Moves time.</summary>
    public static async Task<SessionId> RanOutAsync(Stage stage, CastMember holder, CastMember approver, Plea plea, string comment)
    {
        var session = await RunningSessionAsync(stage, holder, approver, plea, comment);
        var page = await stage.Get<SessionQueries>().PageAsync(stage.Cast[holder], session, stage.Cancellation);
        await stage.UntilAsync(page!.Row.EndsAt - Duration.FromMinutes(9));
        (await stage.RevealAsync(holder, session, RevealMode.Copied)).Require();
        await stage.UntilAsync(page.Row.EndsAt);
        await stage.LingerAsync(50);
        (await stage.RevealAsync(holder, session)).RequireRefused(SessionRefusals.SessionOver);
        return session;
    }

    /// <summary>It wasn't long enough: the same words are refused, updated ones are approved.</summary>
    public static async Task<SessionId> ContinuedAsync(Stage stage, CastMember holder, CastMember approver, SessionId before, Plea sameWords, Plea updated)
    {
        (await stage.RaiseAsync(holder, sameWords, before)).RequireRefused(RequestRefusals.JustificationNotUpdated);
        await stage.LingerAsync(70);
        var request = (await stage.RaiseAsync(holder, updated, before)).Require().Request;
        await stage.LingerAsync(35);
        (await stage.SeeAsync(approver, request)).Require();
        await stage.LingerAsync(50);
        var session = (await stage.ApproveAsync(approver, request, "Second session for the same launch. Tell the client in the morning.")).Require().Session!.Value;
        await stage.LingerAsync(15);
        (await stage.RevealAsync(holder, session)).Require();
        return session;
    }

    /// <summary>Somebody who may takes it away while it runs; the holder's next look is refused.</summary>
    public static async Task<SessionId> RevokedAsync(Stage stage, CastMember holder, CastMember approver, CastMember revoker, Plea plea, string words)
    {
        var session = await RunningSessionAsync(stage, holder, approver, plea);
        await stage.LingerAsync(9 * 60);
        (await stage.RevokeAsync(revoker, session, words)).Require();
        await stage.LingerAsync(20);
        (await stage.RevealAsync(holder, session)).RequireRefused(SessionRefusals.SessionOver);
        return session;
    }

    /// <summary>While no approval is required, the session starts with the request. Ended early.</summary>
    public static async Task<SessionId> GrantedAtOnceAsync(Stage stage, CastMember holder, Plea plea, int minutes)
    {
        var session = (await stage.RaiseAsync(holder, plea)).Require().Session!.Value;
        await stage.LingerAsync(20);
        (await stage.RevealAsync(holder, session)).Require();
        await UsedAsync(stage, holder, session, minutes);
        return session;
    }

    /// <summary>Somebody tries to look into a session that isn't theirs.</summary>
    public static async Task NotTheirSessionAsync(Stage stage, CastMember who, SessionId session)
        => (await stage.RevealAsync(who, session)).RequireRefused(SessionRefusals.NotYourSession);

    private static async Task UsedAsync(Stage stage, CastMember holder, SessionId session, int minutes)
    {
        await stage.LingerAsync(minutes * 30);
        (await stage.RevealAsync(holder, session, RevealMode.Copied)).Require();
        await stage.LingerAsync(minutes * 30);
        (await stage.EndAsync(holder, session)).Require();
    }
}
