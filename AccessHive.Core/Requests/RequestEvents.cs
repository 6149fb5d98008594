using System.Globalization;
using AccessHive.Core.Kernel;
using AccessHive.Core.Policies;
using NodaTime;

namespace AccessHive.Core.Requests;

/// <summary>Something that happened to a request.</summary>
public abstract record RequestEvent(Instant At, Actor By, Subject Request, bool IsEmergency) : DomainEvent(At, By)
{
    /// <inheritdoc/>
    public override bool Emergency => IsEmergency;

    /// <inheritdoc/>
    public override Subject About => Request;
}

/// <summary>Somebody asked for access.</summary>
public sealed record RequestRaised(
    Instant At, Actor By, Subject Request, bool IsEmergency, Justification Justification, Duration AskedFor, PolicyTerms Terms, Instant DecideBy, string IdentityName, string CredentialLabel, SessionId? Continues)
    : RequestEvent(At, By, Request, IsEmergency)
{
    /// <inheritdoc/>
    public override string Type => "request.raised";

    /// <inheritdoc/>
    public override void Tell(Facts facts)
    {
        facts.Add("identity", IdentityName).Add("credential", CredentialLabel)
            .Add("category", IsEmergency ? Justification.Category.ToString() : null)
            .AddMinutes("minutes", AskedFor)
            .AddMinutes("maximum", Terms.MaximumDuration)
            .Add("approval", Terms.RequireApproval ? "required" : "not required")
            .Add("approval because", Terms.BecauseOverdue ? "a review is overdue" : null)
            .Add("approvals", Terms is { RequireApproval: true, Approvals: > 1 } ? Terms.Approvals.ToString(CultureInfo.InvariantCulture) : null)
            .Add("senior", Terms is { RequireApproval: true, Senior: true } ? "Owner or Admin" : null)
            .Add("policy revision", Terms.Revision.ToString(CultureInfo.InvariantCulture))
            .Add("continues session", Continues?.ToString())
            .AddPersonal("justification", Justification.Text)
            .AddPersonal("incident reference", Justification.IncidentReference);
        if (Terms.RequireApproval)
            facts.Add("decide by", DecideBy);
    }
}

/// <summary>A circle of approvers was asked.</summary>
public sealed record ApproversAsked(Instant At, Subject Request, bool IsEmergency, int Circle, IReadOnlyList<string> Names) : RequestEvent(At, Actor.System, Request, IsEmergency)
{
    /// <inheritdoc/>
    public override string Type => "request.routed";

    /// <inheritdoc/>
    public override void Tell(Facts facts) => facts
        .Add("circle", Circle.ToString(CultureInfo.InvariantCulture))
        .Add("asked", Names.Count.ToString(CultureInfo.InvariantCulture))
        .AddPersonal("approvers", string.Join(", ", Names));
}

/// <summary>An approver had it before their eyes.</summary>
public sealed record RequestShown(Instant At, Actor By, Subject Request, bool IsEmergency) : RequestEvent(At, By, Request, IsEmergency)
{
    /// <inheritdoc/>
    public override string Type => "request.shown";
}

/// <summary>It was granted, by an approver or because none was required.</summary>
public sealed record RequestApproved(Instant At, Actor By, Subject Request, bool IsEmergency, string How, string Comment) : RequestEvent(At, By, Request, IsEmergency)
{
    /// <inheritdoc/>
    public override string Type => "request.approved";

    /// <inheritdoc/>
    public override void Tell(Facts facts) => facts.Add("how", How).AddPersonal("comment", Comment);
}

/// <summary>One of several approvers said yes; others still have to.</summary>
public sealed record RequestSeconded(Instant At, Actor By, Subject Request, bool IsEmergency, int Given, int Needed, string Comment) : RequestEvent(At, By, Request, IsEmergency)
{
    /// <inheritdoc/>
    public override string Type => "request.approved-by-one";

    /// <inheritdoc/>
    public override void Tell(Facts facts) => facts.Add("approvals", $"{Given} of {Needed}").AddPersonal("comment", Comment);
}

/// <summary>The requester could wait no longer and made an emergency of it.</summary>
public sealed record RequestTurned(Instant At, Actor By, Subject Request, RequestId Into) : RequestEvent(At, By, Request, IsEmergency: true)
{
    /// <inheritdoc/>
    public override string Type => "request.turned-into-emergency";

    /// <inheritdoc/>
    public override void Tell(Facts facts) => facts.Add("emergency request", Into.ToString());
}

/// <summary>An approver said no.</summary>
public sealed record RequestDenied(Instant At, Actor By, Subject Request, bool IsEmergency, string Comment) : RequestEvent(At, By, Request, IsEmergency)
{
    /// <inheritdoc/>
    public override string Type => "request.denied";

    /// <inheritdoc/>
    public override void Tell(Facts facts) => facts.AddPersonal("comment", Comment);
}

/// <summary>The requester took it back.</summary>
public sealed record RequestWithdrawn(Instant At, Actor By, Subject Request, bool IsEmergency) : RequestEvent(At, By, Request, IsEmergency)
{
    /// <inheritdoc/>
    public override string Type => "request.withdrawn";
}

/// <summary>Nobody decided in time.</summary>
public sealed record RequestLapsed(Instant At, Subject Request, bool IsEmergency, Instant DecideBy, int Asked, int Seen) : RequestEvent(At, Actor.System, Request, IsEmergency)
{
    /// <inheritdoc/>
    public override string Type => "request.lapsed";

    /// <inheritdoc/>
    public override void Tell(Facts facts) => facts
        .Add("decide by", DecideBy)
        .Add("asked", Asked.ToString(CultureInfo.InvariantCulture))
        .Add("seen", Seen.ToString(CultureInfo.InvariantCulture));
}

/// <summary>Why Requests says no.</summary>
public static class RequestRefusals
{
    /// <summary>None of the person's roles can start an emergency; facts <c>yours</c> and <c>eligible</c>.</summary>
    public static readonly Refusal NotEligible = new("not-eligible");

    /// <summary>Fewer than 20 characters.</summary>
    public static readonly Refusal JustificationTooShort = new("justification-too-short");

    /// <summary>More than 1,000 characters.</summary>
    public static readonly Refusal JustificationTooLong = new("justification-too-long");

    /// <summary>Fewer than 3 characters on the standard path.</summary>
    public static readonly Refusal PurposeTooShort = new("purpose-too-short");

    /// <summary>Who is only an Auditor never holds access.</summary>
    public static readonly Refusal AuditorHoldsNothing = new("auditor-holds-nothing");

    /// <summary>They are not on the list of approvers for this identity.</summary>
    public static readonly Refusal NotOnTheList = new("not-on-the-list");

    /// <summary>The risk of this identity asks for an Owner or Admin.</summary>
    public static readonly Refusal SeniorNeeded = new("senior-needed");

    /// <summary>They said yes already; somebody else has to say it too.</summary>
    public static readonly Refusal ApprovedByYouAlready = new("approved-by-you-already");

    /// <summary>No known reason category.</summary>
    public static readonly Refusal ReasonMissing = new("reason-missing");

    /// <summary>More than 100 characters.</summary>
    public static readonly Refusal ReferenceTooLong = new("reference-too-long");

    /// <summary>Shorter than 5 minutes or longer than the card allows.</summary>
    public static readonly Refusal DurationOutOfRange = new("duration-out-of-range");

    /// <summary>Only the holder continues a session, and on the same credential.</summary>
    public static readonly Refusal NotYoursToContinue = new("not-yours-to-continue");

    /// <summary>A continuation needs new words.</summary>
    public static readonly Refusal JustificationNotUpdated = new("justification-not-updated");

    /// <summary>They wait for a decision on this credential already.</summary>
    public static readonly Refusal AlreadyPending = new("already-pending");

    /// <summary>They hold a running session on it already.</summary>
    public static readonly Refusal AlreadyRunning = new("already-running");

    /// <summary>Three emergency sessions are running.</summary>
    public static readonly Refusal TooManySessions = new("too-many-sessions");

    /// <summary>Five requests within the hour.</summary>
    public static readonly Refusal TooManyRequests = new("too-many-requests");

    /// <summary>Nobody decides their own.</summary>
    public static readonly Refusal OwnRequest = new("own-request");

    /// <summary>None of the person's roles decides requests.</summary>
    public static readonly Refusal NotApprover = new("not-approver");

    /// <summary>Somebody was faster; fact <c>state</c>.</summary>
    public static readonly Refusal AlreadyDecided = new("already-decided");

    /// <summary>The approval window is over.</summary>
    public static readonly Refusal WindowClosed = new("window-closed");

    /// <summary>The approval window is not over yet.</summary>
    public static readonly Refusal WindowStillOpen = new("window-still-open");

    /// <summary>More than 500 characters.</summary>
    public static readonly Refusal CommentTooLong = new("comment-too-long");

    /// <summary>The requester may not hold emergency access any more.</summary>
    public static readonly Refusal RequesterNotEligible = new("requester-not-eligible");

    /// <summary>Only the requester withdraws.</summary>
    public static readonly Refusal NotYourRequest = new("not-your-request");

    /// <summary>No such request, or not for these eyes.</summary>
    public static readonly Refusal RequestNotFound = new("request-not-found");
}
