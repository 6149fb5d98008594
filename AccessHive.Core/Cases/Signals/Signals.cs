using AccessHive.Core.Agency;
using AccessHive.Core.Kernel;
using NodaTime;

namespace AccessHive.Core.Cases.Signals;

/// <summary>One thing to look for. Pure: facts in, signals out, each with the entries it rests on.</summary>
public interface ISignal
{
    /// <summary>Looks at one emergency.</summary>
    /// <param name="it">The emergency.</param>
    /// <param name="all">Everything known up to it and a while after, oldest first; itself among it.</param>
    Signal? Find(EmergencyFact it, IReadOnlyList<EmergencyFact> all);
}

/// <summary>All signals together.</summary>
public static class MisuseSignals
{
    /// <summary>Every signal, with what the agency says of its hours.</summary>
    public static IReadOnlyList<ISignal> All(WorkingHours hours, DateTimeZone zone) =>
    [
        new PersonOften(), new CredentialOften(), new Breadth(), new SamePair(), new FastApproval(), new SameWords(), new EmptyWords(), new OutsideHours(hours, zone),
        new Continuations(), new Needless(), new InstantVerdict(), new BulkVerdicts(),
    ];

    /// <summary>What there is to see in these emergencies. Where one thing shows at several of them, the last one says it all.</summary>
    /// <param name="among">The emergencies that are looked at.</param>
    /// <param name="all">Everything known, oldest first.</param>
    /// <param name="signals">What to look for.</param>
    public static IReadOnlyList<Signal> Find(IEnumerable<EmergencyFact> among, IReadOnlyList<EmergencyFact> all, IReadOnlyList<ISignal> signals)
        =>
        [
            .. among.SelectMany(it => signals.Select(s => s.Find(it, all))).OfType<Signal>()
                .GroupBy(s => s.Kind is SignalKind.PersonOften or SignalKind.CredentialOften or SignalKind.SamePair or SignalKind.Breadth or SignalKind.Continuations
                    ? (s.Kind, s.Who, s.Other, default(RequestId))
                    : (s.Kind, s.Who, s.Other, s.Request))
                .Select(g => g.MaxBy(s => s.Entries.Count)!)
                .OrderBy(s => s.Kind).ThenByDescending(s => s.Entries[^1].Seq),
        ];
}

/// <summary>Four emergencies by one person in seven days, and twice as many as they usually have.</summary>
public sealed class PersonOften : ISignal
{
    /// <inheritdoc/>
    public Signal? Find(EmergencyFact it, IReadOnlyList<EmergencyFact> all) => Frequency.Of(it, all.Where(e => e.Requester == it.Requester), SignalKind.PersonOften, it.RequesterName);
}

/// <summary>Four emergencies on one credential in seven days, and twice as many as it usually has.</summary>
public sealed class CredentialOften : ISignal
{
    /// <inheritdoc/>
    public Signal? Find(EmergencyFact it, IReadOnlyList<EmergencyFact> all) => Frequency.Of(it, all.Where(e => e.Credential == it.Credential), SignalKind.CredentialOften, it.IdentityName);
}

/// <summary>How many there were lately, and how many are usual. A continuation is the same emergency.</summary>
internal static class Frequency
{
    public static Signal? Of(EmergencyFact it, IEnumerable<EmergencyFact> same, SignalKind kind, string who)
    {
        if (it.Continues is not null)
            return null;
        var (until, from) = (it.Raised.At, it.Raised.At - SignalThresholds.Often);
        var earlier = from - SignalThresholds.Often * SignalThresholds.UsualWeeks;
        var counted = same.Where(e => e.Continues is null && e.Raised.At > earlier && e.Raised.At <= until).ToList();
        var lately = counted.Where(e => e.Raised.At > from).ToList();
        var usual = (counted.Count - lately.Count) / (double)SignalThresholds.UsualWeeks;
        return lately.Count >= SignalThresholds.OftenCount && lately.Count >= usual * SignalThresholds.OftenFactor
            ? new Signal(kind, it.Request, [.. lately.Select(e => e.Raised)]) { Who = who, Count = lately.Count, Usual = usual }
            : null;
    }
}

/// <summary>Three credentials by one person in half an hour.</summary>
public sealed class Breadth : ISignal
{
    /// <inheritdoc/>
    public Signal? Find(EmergencyFact it, IReadOnlyList<EmergencyFact> all)
    {
        var lately = all.Where(e => e.Requester == it.Requester && e.Raised.At > it.Raised.At - SignalThresholds.Breadth && e.Raised.At <= it.Raised.At).ToList();
        var credentials = lately.Select(e => e.Credential).Distinct().Count();
        return credentials >= SignalThresholds.BreadthCount
            ? new Signal(SignalKind.Breadth, it.Request, [.. lately.Select(e => e.Raised)]) { Who = it.RequesterName, Count = credentials }
            : null;
    }
}

/// <summary>Four approvals in four weeks by the same person, and they are three of four that the requester got.</summary>
public sealed class SamePair : ISignal
{
    /// <inheritdoc/>
    public Signal? Find(EmergencyFact it, IReadOnlyList<EmergencyFact> all)
    {
        if (it.Approved is not { } approved)
            return null;
        var granted = all.Where(e => e.Requester == it.Requester && e.Approved is not null && e.Raised.At > it.Raised.At - SignalThresholds.Pair && e.Raised.At <= it.Raised.At).ToList();
        var pair = granted.Where(e => e.Approved!.By == approved.By).ToList();
        return pair.Count >= SignalThresholds.PairCount && pair.Count >= granted.Count * SignalThresholds.PairShare
            ? new Signal(SignalKind.SamePair, it.Request, [.. pair.Select(e => e.Approved!.Entry)]) { Who = it.RequesterName, Other = approved.ByName, Count = pair.Count, Of = granted.Count }
            : null;
    }
}

/// <summary>Approved by a person within five seconds.</summary>
public sealed class FastApproval : ISignal
{
    /// <inheritdoc/>
    public Signal? Find(EmergencyFact it, IReadOnlyList<EmergencyFact> all)
        => it.Approved is { } approved && approved.Entry.At - it.Raised.At <= SignalThresholds.Fast
            ? new Signal(SignalKind.FastApproval, it.Request, [it.Raised, approved.Entry]) { Who = it.RequesterName, Other = approved.ByName, Took = approved.Entry.At - it.Raised.At }
            : null;
}

/// <summary>The words are, but for little, those of another emergency of the same person within 90 days.</summary>
public sealed class SameWords : ISignal
{
    /// <inheritdoc/>
    public Signal? Find(EmergencyFact it, IReadOnlyList<EmergencyFact> all)
    {
        List<EmergencyFact> same =
        [
            .. all.Where(e => e.Requester == it.Requester && e.Request != it.Request && e.Raised.At <= it.Raised.At && e.Raised.At > it.Raised.At - SignalThresholds.Words
                && Likeness.Of(e.Words, it.Words) >= SignalThresholds.Likeness),
        ];
        return same.Count > 0
            ? new Signal(SignalKind.SameWords, it.Request, [.. same.Select(e => e.Raised), it.Raised]) { Who = it.RequesterName, Count = same.Count + 1 }
            : null;
    }
}

/// <summary>Words that say nothing: hardly any letters, or the same word again and again.</summary>
public sealed class EmptyWords : ISignal
{
    /// <inheritdoc/>
    public Signal? Find(EmergencyFact it, IReadOnlyList<EmergencyFact> all)
        => Likeness.IsEmpty(it.Words) ? new Signal(SignalKind.EmptyWords, it.Request, [it.Raised]) { Who = it.RequesterName } : null;
}

/// <summary>Raised when the agency is not at work.</summary>
public sealed class OutsideHours(WorkingHours hours, DateTimeZone zone) : ISignal
{
    /// <inheritdoc/>
    public Signal? Find(EmergencyFact it, IReadOnlyList<EmergencyFact> all)
    {
        var local = it.Raised.At.InZone(zone).LocalDateTime;
        return hours.Includes(local) ? null : new Signal(SignalKind.OutsideHours, it.Request, [it.Raised]) { Who = it.RequesterName, Local = local };
    }
}

/// <summary>Three sessions in a row on one emergency.</summary>
public sealed class Continuations : ISignal
{
    /// <inheritdoc/>
    public Signal? Find(EmergencyFact it, IReadOnlyList<EmergencyFact> all)
    {
        List<EmergencyFact> chain = [it];
        while (chain[^1].Continues is { } before && all.FirstOrDefault(e => e.Request == before) is { } earlier && !chain.Contains(earlier))
            chain.Add(earlier);
        chain.Reverse();
        return chain.Count >= SignalThresholds.Chain
            ? new Signal(SignalKind.Continuations, it.Request, [.. chain.Select(e => e.Session?.Started ?? e.Raised)])
            {
                Who = it.RequesterName,
                Other = it.IdentityName,
                Count = chain.Count,
                Took = chain.Aggregate(Duration.Zero, (sum, e) => sum + Length(e.Session)),
            }
            : null;
    }

    private static Duration Length(SessionFact? session) => session is null ? Duration.Zero : session.Ended is { } ended ? ended.At - session.Started.At : session.Granted;
}

/// <summary>
/// The holder ended it within a minute of the grant. With a secret looked at, the look itself was the aim; with none, access
/// was not needed at all. A session that somebody else ended, or that ran, is no sign of either.
/// </summary>
public sealed class Needless : ISignal
{
    /// <inheritdoc/>
    public Signal? Find(EmergencyFact it, IReadOnlyList<EmergencyFact> all)
        => it.Session is { ByHolder: true, Ended: { } ended } session && ended.At - session.Started.At <= SignalThresholds.Needless
            ? new Signal(SignalKind.Needless, it.Request, [session.Started, .. session.Reveals, ended]) { Who = it.RequesterName, Count = session.Reveals.Count, Took = ended.At - session.Started.At }
            : null;
}

/// <summary>A verdict within half a minute of opening the case.</summary>
public sealed class InstantVerdict : ISignal
{
    /// <inheritdoc/>
    public Signal? Find(EmergencyFact it, IReadOnlyList<EmergencyFact> all)
        => it.Verdicts.FirstOrDefault(v => v.Looked < SignalThresholds.Instant) is { } verdict
            ? new Signal(SignalKind.InstantVerdict, it.Request, [verdict.Entry]) { Who = verdict.ByName, Took = verdict.Looked }
            : null;
}

/// <summary>Three verdicts by one person within a minute.</summary>
public sealed class BulkVerdicts : ISignal
{
    /// <inheritdoc/>
    public Signal? Find(EmergencyFact it, IReadOnlyList<EmergencyFact> all)
    {
        if (it.Verdicts.FirstOrDefault(v => v.OthersWithinAMinute + 1 >= SignalThresholds.Bulk) is not { } verdict)
            return null;
        var together = all.SelectMany(e => e.Verdicts).Where(v => v.By == verdict.By && v.Entry.At > verdict.Entry.At - Duration.FromMinutes(1) && v.Entry.Seq <= verdict.Entry.Seq)
            .Select(v => v.Entry).OrderBy(e => e.Seq);
        return new Signal(SignalKind.BulkVerdicts, it.Request, [.. together]) { Who = verdict.ByName, Count = verdict.OthersWithinAMinute + 1 };
    }
}
