using AccessHive.Core.Kernel;
using AccessHive.Core.Requests;
using NodaTime;

namespace AccessHive.Core.Cases;

/// <summary>Who took part in an emergency, over all its requests: none of them reviews it.</summary>
/// <param name="Requesters">Who asked.</param>
/// <param name="Deciders">Who decided, whichever way, or said yes where two have to.</param>
public sealed record CaseParties(IReadOnlySet<PersonId> Requesters, IReadOnlySet<PersonId> Deciders);

/// <summary>
/// One emergency as it is looked back at: the request that broke the glass, its continuations, and what became of them
/// (P12, P13). Three gates; it closes itself with the last of them, and not one moment before. The database says so too.
/// </summary>
public sealed class EmergencyCase : Aggregate
{
    /// <summary>Fewest characters of a reason.</summary>
    public const int ShortestReason = 3;

    /// <summary>Most characters of a reason.</summary>
    public const int ReasonLength = 500;

    private readonly List<CaseMember> members = [];
    private readonly List<CaseOpening> openings = [];
    private readonly List<CaseReview> reviews = [];
    private readonly List<CaseFollowUp> followUps = [];
    private readonly List<CaseComment> comments = [];
    private readonly List<CaseReminder> reminders = [];

    private EmergencyCase()
    {
    }

    /// <summary>The case's id.</summary>
    public CaseId Id { get; private set; }

    /// <summary>What people call it; from 1, in the order in which cases were opened.</summary>
    public long Number { get; private set; }

    /// <summary>Who broke the glass; continuations are theirs too.</summary>
    public PersonId RequesterId { get; private set; }

    /// <summary>The identity.</summary>
    public IdentityId IdentityId { get; private set; }

    /// <summary>The credential.</summary>
    public CredentialId CredentialId { get; private set; }

    /// <summary>The request that opened it.</summary>
    public RequestId FirstRequestId { get; private set; }

    /// <summary>When that was raised.</summary>
    public Instant OpenedAt { get; private set; }

    /// <summary>Since when the verdict is waited for: the case was opened, or opened again. A continuation before the verdict buys no time.</summary>
    public Instant DueFrom { get; private set; }

    /// <summary>1, and one more for each time it was opened again.</summary>
    public int Round { get; private set; }

    /// <summary>When the verdict that stands was given; null while none does.</summary>
    public Instant? ReviewedAt { get; private set; }

    /// <summary>Who gave it.</summary>
    public PersonId? ReviewedBy { get; private set; }

    /// <summary>The verdict that stands.</summary>
    public CaseVerdict? Verdict { get; private set; }

    /// <summary>When somebody said that the account is closed at the platform.</summary>
    public Instant? AccountClosedAt { get; private set; }

    /// <summary>Who said so.</summary>
    public PersonId? AccountClosedBy { get; private set; }

    /// <summary>How it was closed, and how they know.</summary>
    public string AccountClosedWords { get; private set; } = "";

    /// <summary>Why it was opened again, the last time.</summary>
    public string ReopenReason { get; private set; } = "";

    /// <summary>The day of the last reminder in this round; 0 when none was sent.</summary>
    public int RemindedDay { get; private set; }

    /// <summary>When the last gate closed; null while one is open.</summary>
    public Instant? ClosedAt { get; private set; }

    /// <summary>The requests that belong to it.</summary>
    public IReadOnlyList<CaseMember> Members => members;

    /// <summary>Who looked, as far as they may review it.</summary>
    public IReadOnlyList<CaseOpening> Openings => openings;

    /// <summary>The verdicts, also those that do not stand any more.</summary>
    public IReadOnlyList<CaseReview> Reviews => reviews;

    /// <summary>What is to be done because of it.</summary>
    public IReadOnlyList<CaseFollowUp> FollowUps => followUps;

    /// <summary>What people remarked.</summary>
    public IReadOnlyList<CaseComment> Comments => comments;

    /// <summary>The reminders that were sent.</summary>
    public IReadOnlyList<CaseReminder> Reminders => reminders;

    /// <summary>Opens the case of an emergency request that does not continue another, in the same transaction. Every one is looked back at: also what is denied, withdrawn or lapses.</summary>
    /// <param name="by">The requester; the product itself for an emergency that is older than cases.</param>
    /// <param name="request">An emergency request.</param>
    /// <param name="number">The next number.</param>
    /// <param name="now">The transaction's instant: from here on the verdict is waited for.</param>
    public static EmergencyCase Open(Actor by, AccessRequest request, long number, Instant now)
    {
        if (!request.IsEmergency)
            throw new InvalidOperationException("Only an emergency is a case.");
        var opened = new EmergencyCase
        {
            Id = CaseId.New(),
            Number = number,
            RequesterId = request.RequesterId,
            IdentityId = request.IdentityId,
            CredentialId = request.CredentialId,
            FirstRequestId = request.Id,
            OpenedAt = request.RaisedAt,
            DueFrom = now,
            Round = 1,
        };
        opened.members.Add(new CaseMember { CaseId = opened.Id, RequestId = request.Id, JoinedAt = request.RaisedAt });
        opened.Raise(new CaseOpened(now, by, opened.Subject(), request.RaisedAt));
        return opened;
    }

    /// <summary>A continuation is about to join: a verdict that was given before it does not stand any more, and the case is open again.</summary>
    /// <param name="by">The requester.</param>
    /// <param name="now">The transaction's instant.</param>
    public void MakeRoom(Actor by, Instant now)
    {
        if (ReviewedAt is not null)
            OpenAgain(by, ReopenCause.Continuation, "", now);
    }

    /// <summary>A continuation belongs to the case of the session it continues. The members must have been loaded, and room been made.</summary>
    public void Join(Actor by, AccessRequest request, Instant now)
    {
        if (ReviewedAt is not null || request.RequesterId != RequesterId || request.CredentialId != CredentialId || !request.IsEmergency)
            throw new InvalidOperationException("Only a continuation of the same emergency joins, and only an open case.");
        members.Add(new CaseMember { CaseId = Id, RequestId = request.Id, JoinedAt = now });
        Raise(new CaseJoined(now, by, Subject(), request.Id, members.Count));
    }

    /// <summary>May this person review it, whenever it is over? Requester ≠ approver ≠ reviewer, whichever roles they hold.</summary>
    /// <returns>Nothing when they may; or <c>not-reviewer</c>, <c>own-case</c>, <c>decided-case</c>.</returns>
    public static Refusal? MayBeReviewedBy(Actor by, CaseParties parties)
    {
        if (by.Id is not { } id || !by.Has(RolePermissions.Reviewers))
            return CaseRefusals.NotReviewer;
        if (parties.Requesters.Contains(id))
            return CaseRefusals.OwnCase;
        return parties.Deciders.Contains(id) ? CaseRefusals.DecidedCase : null;
    }

    /// <summary>Somebody who may review it has it before their eyes; the first time in a round is kept. The openings must have been loaded.</summary>
    /// <returns>Whether it was the first time; or what <see cref="MayBeReviewedBy"/> refuses.</returns>
    public Result<bool> OpenedBy(Actor by, CaseParties parties, Instant now)
    {
        if (MayBeReviewedBy(by, parties) is { } refused)
            return refused;
        if (ReviewedAt is not null || openings.Exists(o => o.Round == Round && by.Is(o.PersonId)))
            return false;
        openings.Add(new CaseOpening { CaseId = Id, Round = Round, PersonId = by.Id!.Value, At = now });
        Raise(new CaseOpenedByReviewer(now, by, Subject()));
        return true;
    }

    /// <summary>Gives the verdict. Openings, reviews and follow-ups must have been loaded.</summary>
    /// <param name="by">The reviewer, with fresh roles.</param>
    /// <param name="parties">Who took part.</param>
    /// <param name="facts">What the gates are derived from.</param>
    /// <param name="verdict">What they make of it.</param>
    /// <param name="answers">The guide's three questions.</param>
    /// <param name="comment">What they add, up to 1,000 characters.</param>
    /// <param name="othersWithinAMinute">How many other cases they judged in the minute before.</param>
    /// <param name="now">The transaction's instant.</param>
    /// <returns>The verdict; or what <see cref="MayBeReviewedBy"/> refuses, or <c>already-reviewed</c>, <c>case-not-over</c>, <c>follow-up-missing</c>, <c>remark-missing</c>, or what <see cref="ReviewAnswers.Check"/> refuses.</returns>
    public Result<CaseReview> Review(
        Actor by, CaseParties parties, CaseFacts facts, CaseVerdict verdict, ReviewAnswers answers, string comment, int othersWithinAMinute, Instant now)
    {
        if (MayBeReviewedBy(by, parties) is { } notThem)
            return notThem;
        if (ReviewedAt is not null)
            return CaseRefusals.AlreadyReviewed;
        if (!CaseGates.Of(facts, now).Ended.IsClosed)
            return CaseRefusals.CaseNotOver;
        var clean = answers.Trimmed();
        if (clean.Check(verdict) is { } bad)
            return bad;
        if (comment.Trim().Length > CaseComment.TextLength)
            return CaseRefusals.RemarkMissing;
        if (clean.NeedsFollowUp && !followUps.Exists(f => f.DoneAt is null))
            return CaseRefusals.FollowUpMissing;

        var id = by.Id!.Value;
        var review = new CaseReview
        {
            CaseId = Id,
            Round = Round,
            ReviewerId = id,
            OpenedAt = openings.Find(o => o.Round == Round && o.PersonId == id)?.At ?? now,
            At = now,
            Verdict = verdict,
            Answers = clean,
            Comment = comment.Trim(),
        };
        reviews.Add(review);
        (ReviewedAt, ReviewedBy, Verdict) = (now, id, verdict);
        Raise(new CaseReviewed(now, by, Subject(), review, othersWithinAMinute));
        return review;
    }

    /// <summary>A reviewer wants it looked at again: the verdict does not stand any more, and a closed case is open.</summary>
    /// <returns>Done; or what <see cref="MayBeReviewedBy"/> refuses, or <c>nothing-to-reopen</c>, <c>reopen-reason-missing</c>.</returns>
    public Result<Done> Reopen(Actor by, CaseParties parties, string reason, Instant now)
    {
        if (MayBeReviewedBy(by, parties) is { } refused)
            return refused;
        if (ReviewedAt is null)
            return CaseRefusals.NothingToReopen;
        if (reason.Trim().Length is < ShortestReason or > ReasonLength)
            return CaseRefusals.ReopenReasonMissing;
        OpenAgain(by, ReopenCause.Asked, reason.Trim(), now);
        return Done.Yes;
    }

    /// <summary>Something is to be done because of it.</summary>
    /// <param name="by">A reviewer who took no part.</param>
    /// <param name="parties">Who took part.</param>
    /// <param name="what">3 to 500 characters.</param>
    /// <param name="owner">Who sees to it; somebody active.</param>
    /// <param name="ownerName">Their name.</param>
    /// <param name="dueAt">By when; after now.</param>
    /// <param name="now">The transaction's instant.</param>
    /// <returns>Its id; or what <see cref="MayBeReviewedBy"/> refuses, or <c>follow-up-incomplete</c>.</returns>
    public Result<Guid> AddFollowUp(Actor by, CaseParties parties, string what, PersonId owner, string ownerName, Instant dueAt, Instant now)
    {
        if (MayBeReviewedBy(by, parties) is { } refused)
            return refused;
        if (what.Trim().Length is < CaseFollowUp.ShortestWhat or > CaseFollowUp.WhatLength || dueAt <= now)
            return CaseRefusals.FollowUpIncomplete;
        var added = new CaseFollowUp
        {
            Id = Guid.CreateVersion7(),
            CaseId = Id,
            What = what.Trim(),
            OwnerId = owner,
            DueAt = dueAt,
            AddedBy = by.Id!.Value,
            AddedAt = now,
        };
        followUps.Add(added);
        Raise(new CaseFollowUpAdded(now, by, Subject(), added, ownerName));
        return added.Id;
    }

    /// <summary>It is done – or it isn't after all. The follow-ups must have been loaded.</summary>
    /// <returns>Done; or <c>follow-up-not-found</c>, <c>not-your-follow-up</c>.</returns>
    public Result<Done> SetFollowUp(Actor by, CaseParties parties, Guid id, bool done, Instant now)
    {
        if (followUps.Find(f => f.Id == id) is not { } followUp)
            return CaseRefusals.FollowUpNotFound;
        if (!by.Is(followUp.OwnerId) && MayBeReviewedBy(by, parties) is not null)
            return CaseRefusals.NotYourFollowUp;
        if (done == followUp.DoneAt is not null)
            return Done.Yes;
        var late = followUp.IsOverdueAt(now);
        (followUp.DoneAt, followUp.DoneBy) = (done ? now : null, done ? by.Id : null);
        Raise(new CaseFollowUpDone(now, by, Subject(), followUp.What, done, late));
        return Done.Yes;
    }

    /// <summary>Remarks something, without deciding anything: also an Auditor. Who took part reads along and does not write.</summary>
    /// <returns>Done; or <c>not-case-reader</c>, <c>own-case</c>, <c>decided-case</c>, <c>remark-missing</c>.</returns>
    public Result<Done> Comment(Actor by, CaseParties parties, string text, Instant now)
    {
        if (by.Id is not { } id || !by.Has(RolePermissions.CaseReaders))
            return CaseRefusals.NotCaseReader;
        if (parties.Requesters.Contains(id))
            return CaseRefusals.OwnCase;
        if (parties.Deciders.Contains(id))
            return CaseRefusals.DecidedCase;
        if (text.Trim().Length is 0 or > CaseComment.TextLength)
            return CaseRefusals.RemarkMissing;
        comments.Add(new CaseComment { Id = Guid.CreateVersion7(), CaseId = Id, ById = id, At = now, Text = text.Trim() });
        Raise(new CaseCommented(now, by, Subject(), text.Trim()));
        return Done.Yes;
    }

    /// <summary>
    /// The credential was put out of use before what was seen could be rotated, so the account has to be closed at the platform; somebody who
    /// keeps the vault and does not hold it in this case answers for that.
    /// </summary>
    /// <returns>Done; or <c>not-vault-manager</c>, <c>own-case</c>, <c>nothing-exposed</c>, <c>still-in-use</c>, <c>closure-words-missing</c>.</returns>
    public Result<Done> SayAccountClosed(Actor by, CaseParties parties, CaseFacts facts, string words, Instant now)
    {
        if (by.Id is not { } id || !by.Has(RolePermissions.VaultManagers))
            return Vault.VaultRefusals.NotVaultManager;
        if (parties.Requesters.Contains(id))
            return CaseRefusals.OwnCase;
        if (!facts.IsExposed)
            return CaseRefusals.NothingExposed;
        if (!facts.OutOfUse)
            return CaseRefusals.StillInUse;
        if (words.Trim().Length is < ShortestReason or > ReasonLength)
            return CaseRefusals.ClosureWordsMissing;
        if (AccountClosedAt is not null)
            return Done.Yes;
        (AccountClosedAt, AccountClosedBy, AccountClosedWords) = (now, id, words.Trim());
        Raise(new CaseAccountClosed(now, by, Subject(), AccountClosedWords));
        return Done.Yes;
    }

    /// <summary>Notes that it leaves as a file.</summary>
    /// <returns>Done; or <c>not-case-reader</c>.</returns>
    public Result<Done> HandOver(Actor by, Instant now)
    {
        if (!by.Has(RolePermissions.CaseReaders))
            return CaseRefusals.NotCaseReader;
        Raise(new CaseHandedOver(now, by, Subject()));
        return Done.Yes;
    }

    /// <summary>Reminds of the missing verdict, once for each day on which it should.</summary>
    /// <param name="due">How long a verdict may take.</param>
    /// <param name="eligible">How many people may give it.</param>
    /// <param name="now">The transaction's instant.</param>
    /// <returns>Whether somebody was reminded.</returns>
    public bool Remind(Duration due, int eligible, Instant now)
    {
        var clock = new ReviewClock(DueFrom, due);
        var day = clock.ReminderAt(now);
        if (ReviewedAt is not null || day <= RemindedDay)
            return false;
        RemindedDay = day;
        reminders.Add(new CaseReminder { CaseId = Id, Round = Round, Day = day, At = now });
        Raise(new CaseReviewDue(now, Subject(), day, clock.DueAt, eligible));
        return true;
    }

    /// <summary>Closes it, when all three gates are closed; the one place that does.</summary>
    /// <param name="facts">What the gates are derived from, read in the same transaction.</param>
    /// <param name="now">The transaction's instant.</param>
    /// <returns>Whether it closed.</returns>
    public bool CloseIfDone(CaseFacts facts, Instant now)
    {
        var gates = CaseGates.Of(facts, now);
        if (ClosedAt is not null || Verdict is not { } verdict || facts.Reviewed != ReviewedAt is not null || !gates.AllClosed)
            return false;
        ClosedAt = now;
        Raise(new CaseClosed(now, Subject(), verdict, gates.Rotated.Reason, OpenedAt));
        return true;
    }

    private void OpenAgain(Actor by, ReopenCause cause, string reason, Instant now)
    {
        var wasClosed = ClosedAt is not null;
        Round++;
        (ReviewedAt, ReviewedBy, Verdict, ClosedAt) = (null, null, null, null);
        (DueFrom, RemindedDay, ReopenReason) = (now, 0, reason);
        Raise(new CaseReopened(now, by, Subject(), cause, wasClosed, Round, reason));
    }

    private CaseSubject Subject() => new(Id, Number, RequesterId, IdentityId, CredentialId, FirstRequestId);
}
