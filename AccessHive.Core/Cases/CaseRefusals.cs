using AccessHive.Core.Kernel;

namespace AccessHive.Core.Cases;

/// <summary>Why Cases says no.</summary>
public static class CaseRefusals
{
    /// <summary>No such case, or not for these eyes.</summary>
    public static readonly Refusal CaseNotFound = new("case-not-found");

    /// <summary>None of the person's roles reviews.</summary>
    public static readonly Refusal NotReviewer = new("not-reviewer");

    /// <summary>Nobody reviews an emergency of their own.</summary>
    public static readonly Refusal OwnCase = new("own-case");

    /// <summary>Nobody reviews an emergency that they decided.</summary>
    public static readonly Refusal DecidedCase = new("decided-case");

    /// <summary>A request still waits, or a session still runs.</summary>
    public static readonly Refusal CaseNotOver = new("case-not-over");

    /// <summary>A verdict stands already; fact <c>by</c>.</summary>
    public static readonly Refusal AlreadyReviewed = new("already-reviewed");

    /// <summary>No known verdict.</summary>
    public static readonly Refusal VerdictMissing = new("verdict-missing");

    /// <summary>A question that was answered with no needs 3 to 500 characters.</summary>
    public static readonly Refusal AnswerWordsMissing = new("answer-words-missing");

    /// <summary>What was no genuine emergency is not judged as one.</summary>
    public static readonly Refusal VerdictContradictsAnswer = new("verdict-contradicts-answer");

    /// <summary>Something needs follow-up, and nothing says what.</summary>
    public static readonly Refusal FollowUpMissing = new("follow-up-missing");

    /// <summary>3 to 500 characters, an active person, a day to come.</summary>
    public static readonly Refusal FollowUpIncomplete = new("follow-up-incomplete");

    /// <summary>No such follow-up.</summary>
    public static readonly Refusal FollowUpNotFound = new("follow-up-not-found");

    /// <summary>Only who sees to it, or a reviewer of the case, says that it is done.</summary>
    public static readonly Refusal NotYourFollowUp = new("not-your-follow-up");

    /// <summary>1 to 1,000 characters.</summary>
    public static readonly Refusal RemarkMissing = new("remark-missing");

    /// <summary>None of the person's roles comments on cases.</summary>
    public static readonly Refusal NotCaseReader = new("not-case-reader");

    /// <summary>There is no verdict that could be taken back.</summary>
    public static readonly Refusal NothingToReopen = new("nothing-to-reopen");

    /// <summary>A reason of 3 to 500 characters is needed.</summary>
    public static readonly Refusal ReopenReasonMissing = new("reopen-reason-missing");

    /// <summary>The credential is in use: it is rotated, not closed.</summary>
    public static readonly Refusal StillInUse = new("still-in-use");

    /// <summary>Nothing that was seen is in force any more.</summary>
    public static readonly Refusal NothingExposed = new("nothing-exposed");

    /// <summary>Words of 3 to 500 characters are needed: how it was closed, and how that is known.</summary>
    public static readonly Refusal ClosureWordsMissing = new("closure-words-missing");
}
