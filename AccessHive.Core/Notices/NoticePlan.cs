using AccessHive.Core.Kernel;

namespace AccessHive.Core.Notices;

/// <summary>One line of the plan: such an event tells these people that.</summary>
/// <param name="Type">The event.</param>
/// <param name="Kind">What they are told.</param>
/// <param name="Audience">Who is told.</param>
public sealed record NoticeRule(string Type, NoticeKind Kind, NoticeAudience Audience)
{
    /// <summary>Only in an emergency.</summary>
    public bool EmergencyOnly { get; init; }

    /// <summary>Only when a person did it, and not the product itself.</summary>
    public bool ByPersonOnly { get; init; }

    /// <summary>Whether it waits for the reader: in an emergency it is urgent then, comes also to who has switched mail off, and is over once it is settled.</summary>
    public bool WaitsForReader { get; init; }

    /// <summary>Whether this event is meant.</summary>
    public bool Fits(Happening happened)
        => happened.Type == Type && (happened.Emergency || !EmergencyOnly) && (happened.By is not null || !ByPersonOnly);
}

/// <summary>
/// Which event tells whom. The one place that says so: other rooms only raise events. Nobody is told of what they did
/// themselves, and everybody once: of two rules for an event the first counts.
/// </summary>
public static class NoticePlan
{
    /// <summary>The plan.</summary>
    public static IReadOnlyList<NoticeRule> Rules { get; } =
    [
        new("request.routed", NoticeKind.DecisionWanted, NoticeAudience.AskedNow) { WaitsForReader = true },
        new("request.approved", NoticeKind.RequestApproved, NoticeAudience.Concerned) { ByPersonOnly = true },
        new("request.denied", NoticeKind.RequestDenied, NoticeAudience.Concerned),
        new("request.lapsed", NoticeKind.RequestLapsed, NoticeAudience.Concerned),
        new("session.started", NoticeKind.EmergencyStarted, NoticeAudience.Watchers) { EmergencyOnly = true },
        new("session.expired", NoticeKind.EmergencyEnded, NoticeAudience.Watchers) { EmergencyOnly = true },
        new("session.ended-by-holder", NoticeKind.EmergencyEnded, NoticeAudience.Watchers) { EmergencyOnly = true },
        new("session.revoked", NoticeKind.AccessRevoked, NoticeAudience.Concerned),
        new("session.revoked", NoticeKind.EmergencyEnded, NoticeAudience.Watchers) { EmergencyOnly = true },
        new("case.review-due", NoticeKind.ReviewDue, NoticeAudience.ReviewersOfCase),
        new("case.reviewed", NoticeKind.CaseReviewed, NoticeAudience.Concerned),
        new("case.reopened", NoticeKind.CaseReopened, NoticeAudience.Concerned),
        new("case.reopened", NoticeKind.CaseReopened, NoticeAudience.ReviewersOfCase),
        new("case.follow-up-added", NoticeKind.FollowUpGiven, NoticeAudience.FollowUpOwner),
        new("week.reminder", NoticeKind.WeekToReview, NoticeAudience.Reviewers),
        new("rotation.needs-person", NoticeKind.RotationNeedsPerson, NoticeAudience.VaultManagers),
        new("trail.purge-asked", NoticeKind.PurgeAsked, NoticeAudience.PurgeConfirmers),
    ];

    private static readonly HashSet<string> telling = [.. Rules.Select(r => r.Type)];

    private static readonly Dictionary<string, NoticeKind> settling = new(StringComparer.Ordinal)
    {
        ["request.approved"] = NoticeKind.DecisionWanted,
        ["request.denied"] = NoticeKind.DecisionWanted,
        ["request.withdrawn"] = NoticeKind.DecisionWanted,
        ["request.turned-into-emergency"] = NoticeKind.DecisionWanted,
        ["request.lapsed"] = NoticeKind.DecisionWanted,
        ["case.reviewed"] = NoticeKind.ReviewDue,
        ["week.attested"] = NoticeKind.WeekToReview,
    };

    /// <summary>Whether anybody is told of such an event.</summary>
    public static bool Tells(string type) => telling.Contains(type);

    /// <summary>Whether such an event ends a waiting: what called for a decision, a review or an attestation is over.</summary>
    public static bool Settles(string type) => settling.ContainsKey(type);

    /// <summary>What is over by such an event, of the same subject; nothing, if it settles nothing.</summary>
    public static NoticeKind? SettledBy(string type) => settling.TryGetValue(type, out var kind) ? kind : null;

    /// <summary>The rules for an event, in their order.</summary>
    public static IEnumerable<NoticeRule> For(Happening happened) => Rules.Where(r => r.Fits(happened));

    /// <summary>Where the subject of a notice is looked at, relative to the product's address.</summary>
    public static string LinkFor(NoticeKind kind, Happening happened) => kind switch
    {
        NoticeKind.DecisionWanted or NoticeKind.RequestApproved or NoticeKind.RequestDenied or NoticeKind.RequestLapsed => $"requests/{happened.About.Request}",
        NoticeKind.EmergencyStarted or NoticeKind.EmergencyEnded or NoticeKind.AccessRevoked => $"sessions/{happened.About.Session}",
        NoticeKind.ReviewDue or NoticeKind.CaseReviewed or NoticeKind.CaseReopened or NoticeKind.FollowUpGiven => Part("cases", happened.Fact("case id")),
        NoticeKind.WeekToReview => Part("cases/weeks", happened.Fact("week")),
        NoticeKind.RotationNeedsPerson => "identities/rotations",
        NoticeKind.PurgeAsked => "settings/trail",
        _ => throw new InvalidOperationException("Unknown kind."),
    };

    private static string Part(string path, string part) => part.Length > 0 && part.All(c => char.IsAsciiLetterOrDigit(c) || c == '-') ? $"{path}/{part}" : path;
}
