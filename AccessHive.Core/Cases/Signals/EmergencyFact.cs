using AccessHive.Core.Kernel;
using AccessHive.Core.Requests;
using NodaTime;

namespace AccessHive.Core.Cases.Signals;

/// <summary>A trail entry that a signal rests on.</summary>
/// <param name="Seq">Its number.</param>
/// <param name="At">When.</param>
/// <param name="Type">What it says.</param>
public sealed record FiredBy(long Seq, Instant At, string Type);

/// <summary>A decision by a person.</summary>
public sealed record DecisionFact(PersonId By, string ByName, FiredBy Entry);

/// <summary>The session of an emergency.</summary>
/// <param name="Started">Its grant.</param>
/// <param name="Ended">Its end; nothing while it runs.</param>
/// <param name="ByHolder">Whether the holder ended it.</param>
/// <param name="Granted">How long it was granted for.</param>
/// <param name="Reveals">Each time a secret left the vault in it.</param>
public sealed record SessionFact(FiredBy Started, FiredBy? Ended, bool ByHolder, Duration Granted, IReadOnlyList<FiredBy> Reveals);

/// <summary>A verdict on its case.</summary>
/// <param name="By">Who gave it.</param>
/// <param name="ByName">Their name.</param>
/// <param name="Entry">Its entry.</param>
/// <param name="Looked">How long they had the case before their eyes.</param>
/// <param name="OthersWithinAMinute">How many other cases they judged in the minute before.</param>
public sealed record VerdictFact(PersonId By, string ByName, FiredBy Entry, Duration Looked, int OthersWithinAMinute);

/// <summary>What is known of one emergency request: everything a signal may look at, with the entries that say so.</summary>
public sealed record EmergencyFact(
    RequestId Request, PersonId Requester, string RequesterName, IdentityId Identity, string IdentityName, CredentialId Credential, string Words, FiredBy Raised, RequestState State)
{
    /// <summary>The request of the session that this one continues.</summary>
    public RequestId? Continues { get; init; }

    /// <summary>Who approved it; nobody, when no approval was required.</summary>
    public DecisionFact? Approved { get; init; }

    /// <summary>Its session.</summary>
    public SessionFact? Session { get; init; }

    /// <summary>The verdicts on its case; the first request of a case carries them.</summary>
    public IReadOnlyList<VerdictFact> Verdicts { get; init; } = [];
}

/// <summary>What makes somebody look twice. None of them blocks anything.</summary>
public enum SignalKind
{
    /// <summary>One person, many emergencies.</summary>
    PersonOften,

    /// <summary>One credential, many emergencies.</summary>
    CredentialOften,

    /// <summary>Several credentials within half an hour.</summary>
    Breadth,

    /// <summary>Always the same approver.</summary>
    SamePair,

    /// <summary>Approved within seconds.</summary>
    FastApproval,

    /// <summary>The words of another emergency.</summary>
    SameWords,

    /// <summary>Words that say nothing.</summary>
    EmptyWords,

    /// <summary>Outside the agency's working hours.</summary>
    OutsideHours,

    /// <summary>Session after session.</summary>
    Continuations,

    /// <summary>Over within a minute.</summary>
    Needless,

    /// <summary>A verdict without a look.</summary>
    InstantVerdict,

    /// <summary>Several verdicts within a minute.</summary>
    BulkVerdicts,
}

/// <summary>A signal, with what it rests on.</summary>
/// <param name="Kind">Which.</param>
/// <param name="Request">The emergency at which it showed.</param>
/// <param name="Entries">The trail entries that fired it, oldest first.</param>
public sealed record Signal(SignalKind Kind, RequestId Request, IReadOnlyList<FiredBy> Entries)
{
    /// <summary>Whom it is about.</summary>
    public string Who { get; init; } = "";

    /// <summary>Who else, or what else.</summary>
    public string Other { get; init; } = "";

    /// <summary>How many.</summary>
    public int Count { get; init; }

    /// <summary>Of how many.</summary>
    public int Of { get; init; }

    /// <summary>How many are usual in that time.</summary>
    public double Usual { get; init; }

    /// <summary>How long it took.</summary>
    public Duration Took { get; init; }

    /// <summary>When, in the agency's zone.</summary>
    public LocalDateTime? Local { get; init; }
}

/// <summary>Where each signal begins. One place, and the guide says the same in words (docs/guides/weekly-review.md).</summary>
public static class SignalThresholds
{
    /// <summary>The span in which emergencies of a person or on a credential are counted.</summary>
    public static Duration Often { get; } = Duration.FromDays(7);

    /// <summary>From how many on in that span.</summary>
    public const int OftenCount = 4;

    /// <summary>How many weeks before say what is usual.</summary>
    public const int UsualWeeks = 8;

    /// <summary>How many times the usual it has to be.</summary>
    public const double OftenFactor = 2;

    /// <summary>The span in which credentials of one person are counted.</summary>
    public static Duration Breadth { get; } = Duration.FromMinutes(30);

    /// <summary>From how many different credentials on.</summary>
    public const int BreadthCount = 3;

    /// <summary>The span in which approvals of a pair are counted.</summary>
    public static Duration Pair { get; } = Duration.FromDays(28);

    /// <summary>From how many approvals by the same person on.</summary>
    public const int PairCount = 4;

    /// <summary>Which part of the requester's approvals they have to be.</summary>
    public const double PairShare = 0.75;

    /// <summary>An approval within this time was hardly read.</summary>
    public static Duration Fast { get; } = Duration.FromSeconds(5);

    /// <summary>The span in which justifications of a person are compared.</summary>
    public static Duration Words { get; } = Duration.FromDays(90);

    /// <summary>From which likeness on two justifications are the same, 0 to 1.</summary>
    public const double Likeness = 0.85;

    /// <summary>From how many sessions in a row on.</summary>
    public const int Chain = 3;

    /// <summary>A session that its holder ended within this time was hardly needed.</summary>
    public static Duration Needless { get; } = Duration.FromMinutes(1);

    /// <summary>A verdict within this time of opening the case was hardly thought of.</summary>
    public static Duration Instant => CaseReview.InstantWithin;

    /// <summary>From how many verdicts within a minute on.</summary>
    public const int Bulk = 3;

    /// <summary>How far back facts are needed to judge an emergency.</summary>
    public static Duration LooksBack { get; } = Duration.FromDays(90);
}
