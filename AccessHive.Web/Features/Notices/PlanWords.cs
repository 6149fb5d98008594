using AccessHive.Core.Notices;

namespace AccessHive.Web.Features.Notices;

/// <summary>The plan of notices as a person reads it.</summary>
public static class PlanWords
{
    /// <summary>What somebody is told.</summary>
    public static string What(NoticeKind kind) => kind switch
    {
        NoticeKind.DecisionWanted => "A request waits for a decision",
        NoticeKind.RequestApproved => "A request was approved",
        NoticeKind.RequestDenied => "A request was denied",
        NoticeKind.RequestLapsed => "A request lapsed",
        NoticeKind.EmergencyStarted => "Emergency access started",
        NoticeKind.EmergencyEnded => "Emergency access ended",
        NoticeKind.AccessRevoked => "A session was revoked",
        NoticeKind.ReviewDue => "A case waits to be reviewed",
        NoticeKind.CaseReviewed => "A case was reviewed",
        NoticeKind.CaseReopened => "A case was opened again",
        NoticeKind.FollowUpGiven => "A follow-up was given to somebody",
        NoticeKind.WeekToReview => "A week waits to be reviewed",
        NoticeKind.RotationNeedsPerson => "A rotation needs a person",
        NoticeKind.PurgeAsked => "Old entries of the trail are to be purged",
        _ => throw new InvalidOperationException("Unknown kind."),
    };

    /// <summary>Who is told.</summary>
    public static string Who(NoticeAudience audience) => audience switch
    {
        NoticeAudience.AskedNow => "The approvers who are asked",
        NoticeAudience.Concerned => "The person it concerns",
        NoticeAudience.Watchers => "Owner, Security Owner",
        NoticeAudience.ReviewersOfCase => "Who may review that case",
        NoticeAudience.FollowUpOwner => "Whose follow-up it is",
        NoticeAudience.Reviewers => "Owner, Admin, Security Owner",
        NoticeAudience.VaultManagers => "Owner, Admin, Identity Manager",
        NoticeAudience.PurgeConfirmers => "Owner, Admin, Security Owner",
        _ => throw new InvalidOperationException("Unknown audience."),
    };

    /// <summary>When.</summary>
    public static string When(NoticeRule rule) => rule switch
    {
        { WaitsForReader: true } => "Always; urgent in an emergency",
        { EmergencyOnly: true } => "In an emergency",
        _ => "Always",
    };
}
