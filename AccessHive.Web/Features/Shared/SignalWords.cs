using System.Globalization;
using AccessHive.Core.Cases.Signals;
using NodaTime;
using NodaTime.Text;

namespace AccessHive.Web.Features.Shared;

/// <summary>Signals in words: what was seen, in numbers, and why it is worth a look. They accuse nobody.</summary>
public static class SignalWords
{
    private static readonly LocalDateTimePattern Local = LocalDateTimePattern.CreateWithInvariantCulture("ddd HH:mm");

    /// <summary>What it is called.</summary>
    public static string Title(SignalKind kind) => kind switch
    {
        SignalKind.PersonOften => "Often, by one person",
        SignalKind.CredentialOften => "Often, on one credential",
        SignalKind.Breadth => "Many credentials at once",
        SignalKind.SamePair => "Always the same approver",
        SignalKind.FastApproval => "Approved within seconds",
        SignalKind.SameWords => "The same words again",
        SignalKind.EmptyWords => "Words that say nothing",
        SignalKind.OutsideHours => "Outside working hours",
        SignalKind.Continuations => "Session after session",
        SignalKind.Needless => "Over within a minute",
        SignalKind.InstantVerdict => "Verdict without a look",
        SignalKind.BulkVerdicts => "Verdicts in bulk",
        _ => kind.ToString(),
    };

    /// <summary>What was seen, as a sentence.</summary>
    public static string Sentence(Signal signal) => signal.Kind switch
    {
        SignalKind.PersonOften => $"{signal.Count} emergencies by {signal.Who} in 7 days; usual is {Number(signal.Usual)}.",
        SignalKind.CredentialOften => $"{signal.Count} emergencies on {signal.Who} in 7 days; usual is {Number(signal.Usual)}.",
        SignalKind.Breadth => $"{signal.Who} asked for {signal.Count} different credentials within {Minutes(SignalThresholds.Breadth)}.",
        SignalKind.SamePair => $"{signal.Other} approved {signal.Count} of {signal.Of} emergencies of {signal.Who} within 4 weeks.",
        SignalKind.FastApproval => $"{signal.Other} approved it {Seconds(signal.Took)} after {signal.Who} had asked: hardly time to read it.",
        SignalKind.SameWords => signal.Count == 2 ? $"{signal.Who} gave nearly the same justification before." : $"{signal.Who} gave nearly the same justification {signal.Count} times within 90 days.",
        SignalKind.EmptyWords => $"The justification by {signal.Who} says next to nothing.",
        SignalKind.OutsideHours => $"{signal.Who} asked at {(signal.Local is { } at ? Local.Format(at) : "a time")} in the agency's zone, when nobody is at work.",
        SignalKind.Continuations => $"{signal.Count} sessions in a row by {signal.Who} on {signal.Other}, {TrailWords.Minutes((long)signal.Took.TotalMinutes)} in all.",
        SignalKind.Needless => signal.Count == 0
            ? $"{signal.Who} ended the session {Seconds(signal.Took)} after the grant without looking at anything: was access needed?"
            : $"{signal.Who} looked at the secret and ended the session {Seconds(signal.Took)} after the grant: was the look itself the aim?",
        SignalKind.InstantVerdict => $"{signal.Who} gave the verdict {Seconds(signal.Took)} after opening the case.",
        SignalKind.BulkVerdicts => $"{signal.Who} gave {signal.Count} verdicts within a minute.",
        _ => "",
    };

    private static string Number(double value) => value == Math.Floor(value)
        ? value.ToString("0", CultureInfo.InvariantCulture)
        : value < 1 ? "less than 1" : value.ToString("0.#", CultureInfo.InvariantCulture);

    private static string Minutes(Duration duration) => TrailWords.Minutes((long)duration.TotalMinutes);

    private static string Seconds(Duration duration) => (long)duration.TotalSeconds switch
    {
        <= 0 => "at once",
        1 => "1 second",
        var seconds => $"{seconds} seconds",
    };
}
