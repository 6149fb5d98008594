using AccessHive.Core.Cases;
using AccessHive.Core.Kernel;
using AccessHive.Core.Requests;
using AccessHive.Core.Vault;
using AccessHive.Web.Features.Shared;
using NodaTime;

namespace AccessHive.Web.Features.Cases;

/// <summary>Gates, verdicts and their like as people say them.</summary>
public static class CaseWords
{
    /// <summary>The class of a gate's tile or chip.</summary>
    public static string Tone(Gate gate) => gate switch
    {
        { State: GateState.Closed } => "is-closed",
        { State: GateState.Due } => "is-due",
        _ => "is-open",
    };

    /// <summary>The class of a gate's chip on the board.</summary>
    public static string Chip(Gate gate) => gate switch
    {
        { State: GateState.Closed } => "is-success",
        { Reason: GateReason.ReviewOverdue } => "is-danger",
        { State: GateState.Due } => "is-warn",
        _ => "is-outline",
    };

    /// <summary>A gate in a word or two.</summary>
    public static string Short(GateReason reason) => reason switch
    {
        GateReason.RequestPending => "Waits for a decision",
        GateReason.SessionRunning => "Running",
        GateReason.Ended => "Ended",
        GateReason.NotOverYet => "Not yet",
        GateReason.NothingSeen => "Nothing to rotate",
        GateReason.StillInForce => "To be rotated",
        GateReason.OutOfUse => "Account to be closed",
        GateReason.Replaced => "Rotated",
        GateReason.AccountClosed => "Account closed",
        GateReason.StoryNotOver => "Not yet",
        GateReason.ReviewDue => "To be reviewed",
        GateReason.ReviewOverdue => "Review overdue",
        GateReason.Reviewed => "Reviewed",
        _ => reason.ToString(),
    };

    /// <summary>Where a gate stands: open, due or closed.</summary>
    public static string State(Gate gate) => gate.State switch
    {
        GateState.Closed => "closed",
        GateState.Due => "due",
        _ => "open",
    };

    /// <summary>What a gate says, and what is next.</summary>
    public static string Sentence(GateReason reason, CaseReport report) => reason switch
    {
        GateReason.RequestPending => "A request still waits for its decision.",
        GateReason.SessionRunning => "A session still runs. It ends by itself; its holder or whoever may revoke it can end it now.",
        GateReason.Ended when report.Sessions.Count == 0 => "No access was given.",
        GateReason.Ended => "No request waits, and no session runs.",
        GateReason.NotOverYet => "As long as somebody can still see the secret, there is nothing to be said about it.",
        GateReason.NothingSeen => "Nobody saw the main secret, so there is nothing to rotate.",
        GateReason.StillInForce => $"{report.RequesterName} saw the secret that is still in force. A rotation that is verified closes this gate.",
        GateReason.OutOfUse => "The secret was seen, and the credential was put out of use before it was rotated. Somebody who keeps the vault and did not hold it has to say that the account is closed at the platform.",
        GateReason.Replaced => "What was seen was replaced, and the new secret logged in.",
        GateReason.AccountClosed => $"{report.AccountClosed?.Name} says that the account is closed at the platform.",
        GateReason.StoryNotOver => "The verdict comes when the story is over.",
        GateReason.ReviewDue or GateReason.ReviewOverdue when report.Eligible.Count == 0 =>
            $"Nobody may review this: everybody who is {RefusalWords.Names(RolePermissions.Reviewers, "or")} took part in it. Give one of these roles to somebody who neither asked nor decided, or invite somebody.",
        GateReason.ReviewDue or GateReason.ReviewOverdue => $"Somebody who neither asked nor decided has to look: {ReasonWords.AnyOf(report.Eligible)}.",
        GateReason.Reviewed => $"{report.Standing?.Reviewer} neither asked nor decided, and has looked.",
        _ => "",
    };

    /// <summary>A verdict.</summary>
    public static string Name(CaseVerdict verdict) => verdict switch
    {
        CaseVerdict.Genuine => "Genuine",
        CaseVerdict.PlannedDrill => "Planned drill",
        CaseVerdict.PolicyGap => "Policy gap",
        CaseVerdict.Misuse => "Misuse",
        _ => verdict.ToString(),
    };

    /// <summary>What a verdict means.</summary>
    public static string Meaning(CaseVerdict verdict) => verdict switch
    {
        CaseVerdict.Genuine => "Waiting would have done harm.",
        CaseVerdict.PlannedDrill => "It was practised, and people knew.",
        CaseVerdict.PolicyGap => "The usual way should have served. The policy is to be changed.",
        CaseVerdict.Misuse => "It should not have happened.",
        _ => "",
    };

    /// <summary>The chip of a verdict.</summary>
    public static string Chip(CaseVerdict verdict) => verdict switch
    {
        CaseVerdict.Genuine => "is-success",
        CaseVerdict.Misuse => "is-danger",
        CaseVerdict.PolicyGap => "is-warn",
        _ => "is-info",
    };

    /// <summary>"2 min 5 s", "40 s".</summary>
    public static string Exactly(Duration duration) => duration switch
    {
        { TotalSeconds: < 60 } => $"{(long)duration.TotalSeconds} s",
        { TotalMinutes: < 60 } when duration.Seconds > 0 => $"{(long)duration.TotalMinutes} min {duration.Seconds} s",
        _ => ReasonWords.Minutes(duration),
    };

    /// <summary>How old a case is: "3 h", "5 days".</summary>
    public static string Age(Duration duration) => duration switch
    {
        { TotalHours: < 1 } => $"{Math.Max(0, (long)duration.TotalMinutes)} min",
        { TotalDays: < 2 } => $"{(long)duration.TotalHours} h",
        _ => $"{(long)duration.TotalDays} days",
    };

    /// <summary>Where the rotation of a case stands.</summary>
    public static string Rotation(RotationState state) => state switch
    {
        RotationState.Waiting => "Waits for the last session to end",
        RotationState.Ready => "Can begin",
        RotationState.Stored => "The new secret is stored, not set yet",
        RotationState.Set => "The new secret is set, not verified yet",
        RotationState.Done => "Verified: the new secret is in force",
        RotationState.NeedsPerson => "Needs a person",
        RotationState.Cancelled => "Cancelled",
        _ => state.ToString(),
    };

    /// <summary>What became of a request, in a sentence.</summary>
    public static string Decision(CaseRequestPart request) => request.State switch
    {
        RequestState.Pending => "It waits for a decision.",
        RequestState.Approved when !request.ApprovalRequired => "Granted at once: the settings required no approval.",
        RequestState.Approved => $"Approved by {request.DecidedBy}.",
        RequestState.Denied => $"Denied by {request.DecidedBy}.",
        RequestState.Withdrawn => "Withdrawn by the requester.",
        RequestState.Lapsed => "It lapsed: nobody decided in time.",
        _ => "",
    };

    /// <summary>How many of those who were asked had it before their eyes.</summary>
    public static string Receipts(CaseRequestPart request) => (request.Receipts.Count, request.Receipts.Count(r => r.ShownAt is not null)) switch
    {
        (0, _) => "Nobody was asked.",
        (1, 1) => "The one who was asked saw it.",
        (1, _) => "The one who was asked did not see it.",
        var (asked, seen) => $"Seen by {seen} of {asked} who were asked.",
    };

    /// <summary>"Shown 2 times, copied once"; "nothing left the vault".</summary>
    public static string Reveals(CaseSessionPart session)
    {
        List<string> parts = [];
        Add("shown", session.Shown);
        Add("copied", session.Copied);
        Add("downloaded", session.Downloaded);
        return parts.Count == 0 ? "Nothing left the vault." : $"{char.ToUpperInvariant(parts[0][0])}{string.Join(", ", parts)[1..]}.{(session.SeenVersion is { } version ? $" Version {version} of the main secret was seen." : " The main secret was not among it.")}";

        void Add(string what, int times)
        {
            if (times > 0)
                parts.Add($"{what} {(times == 1 ? "once" : $"{times} times")}");
        }
    }
}
