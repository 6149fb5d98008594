using System.Globalization;
using AccessHive.Core.Kernel;
using NodaTime;

namespace AccessHive.Core.Cases;

/// <summary>What an event of a case is about.</summary>
/// <param name="Id">The case.</param>
/// <param name="Number">Its number.</param>
/// <param name="Requester">Who broke the glass.</param>
/// <param name="Identity">The identity.</param>
/// <param name="Credential">The credential.</param>
/// <param name="FirstRequest">The request that opened it.</param>
public sealed record CaseSubject(CaseId Id, long Number, PersonId Requester, IdentityId Identity, CredentialId Credential, RequestId FirstRequest);

/// <summary>Something that happened to a case. All of it belongs to an emergency.</summary>
public abstract record CaseEvent(Instant At, Actor By, CaseSubject Case) : DomainEvent(At, By)
{
    /// <inheritdoc/>
    public override bool Emergency => true;

    /// <inheritdoc/>
    public override Subject About => new(Case.Requester, Case.Identity, Case.Credential, Case.FirstRequest);

    /// <inheritdoc/>
    public override void Tell(Facts facts) => facts.Add("case", Number(Case.Number)).Add("case id", Case.Id.ToString());

    /// <summary>A number as the trail writes it.</summary>
    protected static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}

/// <summary>An emergency request was raised: it will be looked back at (P12).</summary>
public sealed record CaseOpened(Instant At, Actor By, CaseSubject Case, Instant Since) : CaseEvent(At, By, Case)
{
    /// <inheritdoc/>
    public override string Type => "case.opened";

    /// <inheritdoc/>
    public override void Tell(Facts facts)
    {
        base.Tell(facts);
        if (Since != At)
            facts.Add("emergency since", Since);
    }
}

/// <summary>A continuation belongs to the case of the session it continues.</summary>
public sealed record CaseJoined(Instant At, Actor By, CaseSubject Case, RequestId Request, int Requests) : CaseEvent(At, By, Case)
{
    /// <inheritdoc/>
    public override string Type => "case.joined";

    /// <inheritdoc/>
    public override void Tell(Facts facts)
    {
        base.Tell(facts);
        facts.Add("request", Request.ToString()).Add("requests", Number(Requests));
    }
}

/// <summary>Somebody who may review it had it before their eyes for the first time: their clock runs.</summary>
public sealed record CaseOpenedByReviewer(Instant At, Actor By, CaseSubject Case) : CaseEvent(At, By, Case)
{
    /// <inheritdoc/>
    public override string Type => "case.opened-by-reviewer";
}

/// <summary>Somebody who neither asked nor decided has given a verdict.</summary>
/// <param name="At">When.</param>
/// <param name="By">The reviewer.</param>
/// <param name="Case">The case.</param>
/// <param name="Review">The verdict and the answers.</param>
/// <param name="OthersWithinAMinute">How many other cases the same person judged in the minute before.</param>
public sealed record CaseReviewed(Instant At, Actor By, CaseSubject Case, CaseReview Review, int OthersWithinAMinute) : CaseEvent(At, By, Case)
{
    /// <inheritdoc/>
    public override string Type => "case.reviewed";

    /// <inheritdoc/>
    public override void Tell(Facts facts)
    {
        base.Tell(facts);
        facts.Add("verdict", Review.Verdict.ToString())
            .Add("genuine emergency", YesNo(Review.Answers.WasGenuine))
            .Add("duration right", YesNo(Review.Answers.DurationRight))
            .Add("needs follow-up", YesNo(Review.Answers.NeedsFollowUp))
            .Add("round", Review.Round > 1 ? Number(Review.Round) : null)
            .Add("opened at", Review.OpenedAt)
            .Add("seconds looked", Number((long)Review.Looked.TotalSeconds))
            .Add("instant", Review.IsInstant ? "yes" : null)
            .Add("others within a minute", OthersWithinAMinute > 0 ? Number(OthersWithinAMinute) : null)
            .AddPersonal("why not genuine", Review.Answers.GenuineWords)
            .AddPersonal("right duration", Review.Answers.DurationWords)
            .AddPersonal("comment", Review.Comment);
    }

    private static string YesNo(bool yes) => yes ? "yes" : "no";
}

/// <summary>Why a verdict does not stand any more.</summary>
public enum ReopenCause
{
    /// <summary>A reviewer wants it looked at again.</summary>
    Asked,

    /// <summary>A continuation came after the verdict.</summary>
    Continuation,
}

/// <summary>The verdict does not stand any more: another is needed.</summary>
public sealed record CaseReopened(Instant At, Actor By, CaseSubject Case, ReopenCause Cause, bool WasClosed, int Round, string Reason) : CaseEvent(At, By, Case)
{
    /// <inheritdoc/>
    public override string Type => "case.reopened";

    /// <inheritdoc/>
    public override void Tell(Facts facts)
    {
        base.Tell(facts);
        facts.Add("cause", Cause.ToString()).Add("was closed", WasClosed ? "yes" : "no").Add("round", Number(Round)).AddPersonal("reason", Reason);
    }
}

/// <summary>Something is to be done because of it.</summary>
public sealed record CaseFollowUpAdded(Instant At, Actor By, CaseSubject Case, CaseFollowUp FollowUp, string Owner) : CaseEvent(At, By, Case)
{
    /// <inheritdoc/>
    public override string Type => "case.follow-up-added";

    /// <inheritdoc/>
    public override void Tell(Facts facts)
    {
        base.Tell(facts);
        facts.Add("follow-up", FollowUp.Id.ToString()).Add("due", FollowUp.DueAt).AddPersonal("what", FollowUp.What).AddPersonal("owner", Owner);
    }
}

/// <summary>It is done, or it isn't after all.</summary>
public sealed record CaseFollowUpDone(Instant At, Actor By, CaseSubject Case, string What, bool IsDone, bool Late) : CaseEvent(At, By, Case)
{
    /// <inheritdoc/>
    public override string Type => IsDone ? "case.follow-up-done" : "case.follow-up-undone";

    /// <inheritdoc/>
    public override void Tell(Facts facts)
    {
        base.Tell(facts);
        facts.Add("late", Late && IsDone ? "yes" : null).AddPersonal("what", What);
    }
}

/// <summary>Somebody remarked something.</summary>
public sealed record CaseCommented(Instant At, Actor By, CaseSubject Case, string Text) : CaseEvent(At, By, Case)
{
    /// <inheritdoc/>
    public override string Type => "case.commented";

    /// <inheritdoc/>
    public override void Tell(Facts facts)
    {
        base.Tell(facts);
        facts.AddPersonal("comment", Text);
    }
}

/// <summary>A verdict is missing for so long.</summary>
public sealed record CaseReviewDue(Instant At, CaseSubject Case, int Day, Instant DueAt, int Eligible) : CaseEvent(At, Actor.System, Case)
{
    /// <inheritdoc/>
    public override string Type => "case.review-due";

    /// <inheritdoc/>
    public override void Tell(Facts facts)
    {
        base.Tell(facts);
        facts.Add("day", Number(Day)).Add("due", DueAt).Add("overdue", At >= DueAt ? "yes" : "no").Add("who may review", Number(Eligible));
    }
}

/// <summary>What was seen can't be rotated, because the account is gone; somebody answers for that.</summary>
public sealed record CaseAccountClosed(Instant At, Actor By, CaseSubject Case, string Words) : CaseEvent(At, By, Case)
{
    /// <inheritdoc/>
    public override string Type => "case.account-closed";

    /// <inheritdoc/>
    public override void Tell(Facts facts)
    {
        base.Tell(facts);
        facts.AddPersonal("words", Words);
    }
}

/// <summary>It left as a file.</summary>
public sealed record CaseHandedOver(Instant At, Actor By, CaseSubject Case) : CaseEvent(At, By, Case)
{
    /// <inheritdoc/>
    public override string Type => "case.handed-over";
}

/// <summary>Ended, rotated, reviewed by somebody else: closed.</summary>
public sealed record CaseClosed(Instant At, CaseSubject Case, CaseVerdict Verdict, GateReason Rotated, Instant OpenedAt) : CaseEvent(At, Actor.System, Case)
{
    /// <inheritdoc/>
    public override string Type => "case.closed";

    /// <inheritdoc/>
    public override void Tell(Facts facts)
    {
        base.Tell(facts);
        facts.Add("verdict", Verdict.ToString())
            .Add("rotated", Rotated switch { GateReason.NothingSeen => "nothing was seen", GateReason.AccountClosed => "the account is closed", _ => "verified" })
            .AddMinutes("minutes open", At - OpenedAt);
    }
}
