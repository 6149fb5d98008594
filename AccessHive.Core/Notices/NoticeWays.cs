namespace AccessHive.Core.Notices;

/// <summary>By which way somebody is told. Further ways join the same outbox.</summary>
public enum NoticeWay
{
    /// <summary>The bell and the page of notices; it is there with the commit.</summary>
    InApp,

    /// <summary>A mail to the person's address, sent in the background.</summary>
    Email,
}

/// <summary>Where a notice stands. The instants beside it are its receipt (product.md, "Receipts per approver").</summary>
public enum NoticeState
{
    /// <summary>It waits to be sent: for the first time, or between two tries.</summary>
    Queued,

    /// <summary>It went out: it is in the bell, or a mail server has taken it.</summary>
    Sent,

    /// <summary>The latest try failed; another follows by itself.</summary>
    Failed,

    /// <summary>No other try follows by itself; a person has to look at it.</summary>
    GivenUp,

    /// <summary>Before it could go out there was nothing left to tell.</summary>
    Dropped,
}

/// <summary>What somebody is told.</summary>
public enum NoticeKind
{
    /// <summary>A request waits for their decision (P8).</summary>
    DecisionWanted,

    /// <summary>Their request was approved.</summary>
    RequestApproved,

    /// <summary>Their request was denied.</summary>
    RequestDenied,

    /// <summary>Nobody decided their request in time (P14).</summary>
    RequestLapsed,

    /// <summary>Somebody broke the glass.</summary>
    EmergencyStarted,

    /// <summary>An emergency session is over.</summary>
    EmergencyEnded,

    /// <summary>Somebody took their session away (P10).</summary>
    AccessRevoked,

    /// <summary>An emergency waits to be looked at (P12).</summary>
    ReviewDue,

    /// <summary>Their emergency was looked at.</summary>
    CaseReviewed,

    /// <summary>A case that was reviewed is open again.</summary>
    CaseReopened,

    /// <summary>Something is theirs to do because of a case.</summary>
    FollowUpGiven,

    /// <summary>A week waits to be attested (P13).</summary>
    WeekToReview,

    /// <summary>A rotation can't go on by itself.</summary>
    RotationNeedsPerson,

    /// <summary>Somebody wants old entries of the trail purged, and somebody else has to agree.</summary>
    PurgeAsked,
}

/// <summary>Who is told, as the facts stand in the transaction that tells.</summary>
public enum NoticeAudience
{
    /// <summary>The approvers who are asked by this very event.</summary>
    AskedNow,

    /// <summary>The person whom the event concerns: requester, holder.</summary>
    Concerned,

    /// <summary>Who watches over emergencies – Owner, Security Owner –, except whoever approved this one.</summary>
    Watchers,

    /// <summary>Who may review this case: not its requester, and nobody who approved anything in it.</summary>
    ReviewersOfCase,

    /// <summary>Who owns the follow-up that this very event adds.</summary>
    FollowUpOwner,

    /// <summary>Everybody who reviews.</summary>
    Reviewers,

    /// <summary>Who keeps identities and credentials.</summary>
    VaultManagers,

    /// <summary>Who may agree to a purge: Owner, Admin, Security Owner.</summary>
    PurgeConfirmers,
}
