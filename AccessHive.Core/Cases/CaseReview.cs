using AccessHive.Core.Kernel;
using NodaTime;

namespace AccessHive.Core.Cases;

/// <summary>What a reviewer makes of an emergency.</summary>
public enum CaseVerdict
{
    /// <summary>It was one.</summary>
    Genuine,

    /// <summary>It was practised, and people knew.</summary>
    PlannedDrill,

    /// <summary>The usual way should have served, and did not: the policy is to be changed.</summary>
    PolicyGap,

    /// <summary>It was none, and should not have happened.</summary>
    Misuse,
}

/// <summary>The guide's three questions, answered (P12).</summary>
/// <param name="WasGenuine">Was the justification a genuine emergency?</param>
/// <param name="GenuineWords">If not, what it was: 3 to 500 characters.</param>
/// <param name="DurationRight">Was the duration right?</param>
/// <param name="DurationWords">If not, what would have been: 3 to 500 characters.</param>
/// <param name="NeedsFollowUp">Does something need follow-up? If so, there is at least one open follow-up.</param>
public sealed record ReviewAnswers(bool WasGenuine, string GenuineWords, bool DurationRight, string DurationWords, bool NeedsFollowUp)
{
    /// <summary>Fewest characters where an answer needs words.</summary>
    public const int ShortestWords = 3;

    /// <summary>Most characters of an answer.</summary>
    public const int WordsLength = 500;

    /// <summary>The same without white space around the words, and without words where none are asked for.</summary>
    public ReviewAnswers Trimmed() => this with { GenuineWords = WasGenuine ? "" : GenuineWords.Trim(), DurationWords = DurationRight ? "" : DurationWords.Trim() };

    /// <summary>Checks the answers against each other and the verdict.</summary>
    /// <param name="verdict">The verdict they lead to.</param>
    /// <returns>Nothing when they hold; or <c>verdict-missing</c>, <c>answer-words-missing</c>, <c>verdict-contradicts-answer</c>.</returns>
    public Refusal? Check(CaseVerdict verdict)
    {
        if (!Enum.IsDefined(verdict))
            return CaseRefusals.VerdictMissing;
        if ((!WasGenuine && !HasWords(GenuineWords)) || (!DurationRight && !HasWords(DurationWords)))
            return CaseRefusals.AnswerWordsMissing;
        return verdict == CaseVerdict.Genuine && !WasGenuine ? CaseRefusals.VerdictContradictsAnswer : null;
    }

    private static bool HasWords(string words) => words.Trim().Length is >= ShortestWords and <= WordsLength;
}

/// <summary>One verdict. It stays as it was given; a case that is opened again gets another.</summary>
public sealed class CaseReview
{
    /// <summary>A verdict within this time after the first look is marked as instant.</summary>
    public static Duration InstantWithin { get; } = Duration.FromSeconds(30);

    /// <summary>Verdicts of one person on several cases within this time are marked as bulk.</summary>
    public static Duration BulkWithin { get; } = Duration.FromMinutes(1);

    /// <summary>The case.</summary>
    public CaseId CaseId { get; init; }

    /// <summary>How often the case had been opened when it was given: 1, and one more for each time it was opened again.</summary>
    public int Round { get; init; }

    /// <summary>Who gave it.</summary>
    public PersonId ReviewerId { get; init; }

    /// <summary>When they first looked at the case in this round; the verdict itself, when they never did.</summary>
    public Instant OpenedAt { get; init; }

    /// <summary>When they gave it.</summary>
    public Instant At { get; init; }

    /// <summary>The verdict.</summary>
    public CaseVerdict Verdict { get; init; }

    /// <summary>The three questions.</summary>
    public ReviewAnswers Answers { get; init; } = new(WasGenuine: true, "", DurationRight: true, "", NeedsFollowUp: false);

    /// <summary>What the reviewer adds.</summary>
    public string Comment { get; init; } = "";

    /// <summary>How long they had it before their eyes.</summary>
    public Duration Looked => At - OpenedAt;

    /// <summary>Whether that was hardly enough to read it (product.md, "What nobody else has", 14).</summary>
    public bool IsInstant => Looked < InstantWithin;
}

/// <summary>That somebody who may review it had the case before their eyes, for the first time in this round.</summary>
public sealed class CaseOpening
{
    /// <summary>The case.</summary>
    public CaseId CaseId { get; init; }

    /// <summary>The round.</summary>
    public int Round { get; init; }

    /// <summary>Who.</summary>
    public PersonId PersonId { get; init; }

    /// <summary>When.</summary>
    public Instant At { get; init; }
}

/// <summary>That somebody was reminded of a missing verdict. One for each day.</summary>
public sealed class CaseReminder
{
    /// <summary>The case.</summary>
    public CaseId CaseId { get; init; }

    /// <summary>The round.</summary>
    public int Round { get; init; }

    /// <summary>Which day since the verdict is waited for.</summary>
    public int Day { get; init; }

    /// <summary>When it was sent.</summary>
    public Instant At { get; init; }
}

/// <summary>What somebody remarked about a case. It stays as it was written.</summary>
public sealed class CaseComment
{
    /// <summary>Most characters.</summary>
    public const int TextLength = 1000;

    /// <summary>Its id.</summary>
    public Guid Id { get; init; }

    /// <summary>The case.</summary>
    public CaseId CaseId { get; init; }

    /// <summary>Who wrote it.</summary>
    public PersonId ById { get; init; }

    /// <summary>When.</summary>
    public Instant At { get; init; }

    /// <summary>1 to 1,000 characters.</summary>
    public string Text { get; init; } = "";
}

/// <summary>Something to be done because of a case. It does not hold the case open.</summary>
public sealed class CaseFollowUp
{
    /// <summary>Fewest characters.</summary>
    public const int ShortestWhat = 3;

    /// <summary>Most characters.</summary>
    public const int WhatLength = 500;

    /// <summary>Its id.</summary>
    public Guid Id { get; init; }

    /// <summary>The case.</summary>
    public CaseId CaseId { get; init; }

    /// <summary>What is to be done.</summary>
    public string What { get; init; } = "";

    /// <summary>Who sees to it.</summary>
    public PersonId OwnerId { get; init; }

    /// <summary>By when: it is overdue from this instant on.</summary>
    public Instant DueAt { get; init; }

    /// <summary>Who added it.</summary>
    public PersonId AddedBy { get; init; }

    /// <summary>When.</summary>
    public Instant AddedAt { get; init; }

    /// <summary>When it was done; null while it is not.</summary>
    public Instant? DoneAt { get; internal set; }

    /// <summary>Who said so.</summary>
    public PersonId? DoneBy { get; internal set; }

    /// <summary>Whether it should have been done by now.</summary>
    public bool IsOverdueAt(Instant now) => DoneAt is null && now >= DueAt;
}

/// <summary>That a request belongs to a case. A request belongs to one, and stays there.</summary>
public sealed class CaseMember
{
    /// <summary>The case.</summary>
    public CaseId CaseId { get; init; }

    /// <summary>The request.</summary>
    public RequestId RequestId { get; init; }

    /// <summary>Since when.</summary>
    public Instant JoinedAt { get; init; }
}
