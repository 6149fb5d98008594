using AccessHive.Core.Kernel;
using AccessHive.Core.Requests;
using AccessHive.Core.Sessions;
using NodaTime;

namespace AccessHive.Core.Cases;

/// <summary>One request of a case, as its report tells it.</summary>
/// <param name="Id">The request.</param>
/// <param name="RaisedAt">When it was raised.</param>
/// <param name="Justification">Why.</param>
/// <param name="AskedFor">For how long.</param>
/// <param name="Maximum">The most that was allowed then.</param>
/// <param name="ApprovalRequired">Whether somebody else had to approve.</param>
/// <param name="DecideBy">Until when.</param>
/// <param name="State">What became of it, by the clock.</param>
/// <param name="ClosedAt">When.</param>
/// <param name="DecidedBy">Who decided.</param>
/// <param name="Comment">What they added.</param>
/// <param name="Receipts">Who was asked, and whether it reached their eyes.</param>
public sealed record CaseRequestPart(
    RequestId Id, Instant RaisedAt, Justification Justification, Duration AskedFor, Duration Maximum, bool ApprovalRequired, Instant DecideBy, RequestState State, Instant? ClosedAt,
    string? DecidedBy, string Comment, IReadOnlyList<CaseReceipt> Receipts);

/// <summary>That somebody was asked.</summary>
/// <param name="Name">Who.</param>
/// <param name="AskedAt">When.</param>
/// <param name="ShownAt">When it was on their screen.</param>
public sealed record CaseReceipt(string Name, Instant AskedAt, Instant? ShownAt);

/// <summary>One session of a case.</summary>
/// <param name="Id">The session.</param>
/// <param name="Request">The request it was granted for.</param>
/// <param name="StartedAt">The grant.</param>
/// <param name="PlannedEnd">When it had to be over.</param>
/// <param name="EndedAt">When it was; null while it runs or nobody has said so.</param>
/// <param name="Reason">Why.</param>
/// <param name="EndedBy">Who ended it.</param>
/// <param name="EndWords">Why it was revoked.</param>
/// <param name="Shown">How often a secret or a code was shown.</param>
/// <param name="Copied">How often one was copied.</param>
/// <param name="Downloaded">How often one was downloaded.</param>
/// <param name="SeenVersion">The newest version of the main secret that was seen.</param>
public sealed record CaseSessionPart(
    SessionId Id, RequestId Request, Instant StartedAt, Instant PlannedEnd, Instant? EndedAt, EndReason? Reason, string? EndedBy, string EndWords, int Shown, int Copied, int Downloaded, int? SeenVersion)
{
    /// <summary>How long it was granted for.</summary>
    public Duration Granted => PlannedEnd - StartedAt;

    /// <summary>How long after the planned end the entry of it was written; the access itself ended on time (product.md, "Expiry is a fact of the clock").</summary>
    public Duration Late => EndedAt > PlannedEnd ? EndedAt.Value - PlannedEnd : Duration.Zero;

    /// <summary>How long access was there, at most as long as it was granted for.</summary>
    /// <param name="now">For a session that runs.</param>
    public Duration UsedBy(Instant now) => Instant.Min(EndedAt ?? now, PlannedEnd) - StartedAt;
}

/// <summary>The rotation that replaces, or replaced, what was seen.</summary>
public sealed record CaseRotationPart(
    RotationId Id, Vault.RotationState State, Vault.RotationCause Cause, Instant OpenedAt, Instant? DueAt, Instant? ClosedAt, string? EnteredBy, string? ClosedBy, string Problem);

/// <summary>Somebody else who held the credential at the same time.</summary>
public sealed record CaseOverlap(SessionId Session, string Name, bool Emergency, Instant From, Instant Until);

/// <summary>One entry of the trail about it.</summary>
/// <param name="Seq">The entry's number.</param>
/// <param name="At">When.</param>
/// <param name="Type">What happened.</param>
/// <param name="Who">Who did it.</param>
/// <param name="Facts">What the entry says; what it says about persons is in the trail only.</param>
public sealed record CaseStep(long Seq, Instant At, string Type, string Who, IReadOnlyList<KeyValuePair<string, string>> Facts);

/// <summary>One verdict.</summary>
/// <param name="Round">In which round.</param>
/// <param name="Reviewer">Who gave it.</param>
/// <param name="OpenedAt">When they first had the case before their eyes.</param>
/// <param name="At">When they gave it.</param>
/// <param name="Verdict">The verdict.</param>
/// <param name="Answers">The three questions.</param>
/// <param name="Comment">What they added.</param>
/// <param name="IsInstant">Whether it came within 30 seconds of the first look.</param>
/// <param name="IsBulk">Whether the same person judged another case within a minute.</param>
/// <param name="Stands">Whether it is the one that counts.</param>
public sealed record CaseReviewPart(
    int Round, string Reviewer, Instant OpenedAt, Instant At, CaseVerdict Verdict, ReviewAnswers Answers, string Comment, bool IsInstant, bool IsBulk, bool Stands);

/// <summary>Something to be done.</summary>
public sealed record CaseFollowUpPart(Guid Id, string What, PersonId Owner, string OwnerName, Instant DueAt, string AddedBy, Instant AddedAt, Instant? DoneAt, string? DoneBy);

/// <summary>A remark.</summary>
public sealed record CaseCommentPart(string Name, Instant At, string Text);

/// <summary>Size and root of the trail, and its newest checkpoint: what an outsider checks the story against.</summary>
/// <param name="Size">How many entries the trail has.</param>
/// <param name="Root">The root over all of them, in base64.</param>
/// <param name="Checkpoint">The newest signed checkpoint; null while there is none.</param>
public sealed record CaseProof(long Size, string Root, string? Checkpoint);

/// <summary>
/// A case as it is told: to be read on a page, printed as a dossier, and handed over as JSON. The same for every reader.
/// </summary>
public sealed record CaseReport(CaseId Id, long Number, PersonId Requester, string RequesterName, IdentityId Identity, string IdentityName, string Client, CredentialId Credential, string CredentialLabel)
{
    /// <summary>The agency.</summary>
    public required string Agency { get; init; }

    /// <summary>When it was told.</summary>
    public required Instant At { get; init; }

    /// <summary>When the first request was raised.</summary>
    public required Instant OpenedAt { get; init; }

    /// <summary>When the last gate closed.</summary>
    public required Instant? ClosedAt { get; init; }

    /// <summary>From when on a missing verdict is overdue.</summary>
    public required Instant ReviewDueAt { get; init; }

    /// <summary>1, and one more for each time it was opened again.</summary>
    public required int Round { get; init; }

    /// <summary>Why it was opened again, the last time; empty, if a continuation did.</summary>
    public required string ReopenReason { get; init; }

    /// <summary>The three gates.</summary>
    public required CaseGates Gates { get; init; }

    /// <summary>The requests, oldest first; more than one, where sessions were continued.</summary>
    public required IReadOnlyList<CaseRequestPart> Requests { get; init; }

    /// <summary>The sessions, oldest first.</summary>
    public required IReadOnlyList<CaseSessionPart> Sessions { get; init; }

    /// <summary>Who else held the credential meanwhile.</summary>
    public required IReadOnlyList<CaseOverlap> Overlaps { get; init; }

    /// <summary>The rotation that replaces what was seen.</summary>
    public required CaseRotationPart? Rotation { get; init; }

    /// <summary>Who said that the account is closed, and how they know.</summary>
    public required (string Name, Instant At, string Words)? AccountClosed { get; init; }

    /// <summary>What the trail says, oldest first.</summary>
    public required IReadOnlyList<CaseStep> Timeline { get; init; }

    /// <summary>The verdicts, oldest first.</summary>
    public required IReadOnlyList<CaseReviewPart> Reviews { get; init; }

    /// <summary>What is to be done.</summary>
    public required IReadOnlyList<CaseFollowUpPart> FollowUps { get; init; }

    /// <summary>What people remarked.</summary>
    public required IReadOnlyList<CaseCommentPart> Comments { get; init; }

    /// <summary>Who may give the verdict; nobody, where everybody with the role took part.</summary>
    public required IReadOnlyList<string> Eligible { get; init; }

    /// <summary>What the story is checked against.</summary>
    public required CaseProof? Proof { get; init; }

    /// <summary>The verdict that stands.</summary>
    public CaseReviewPart? Standing => Reviews.LastOrDefault(r => r.Stands);

    /// <summary>How long access was granted for, over all sessions.</summary>
    public Duration Granted => Sessions.Aggregate(Duration.Zero, (sum, s) => sum + s.Granted);

    /// <summary>How long it was there.</summary>
    public Duration Used => Sessions.Aggregate(Duration.Zero, (sum, s) => sum + s.UsedBy(At));
}
