using System.Globalization;
using System.Text;
using AccessHive.Core.Kernel;
using NodaTime;
using NodaTime.Text;

namespace AccessHive.Core.Notices;

/// <summary>A notice with the names that belong to it now, as it is put into words.</summary>
/// <param name="Kind">What it tells.</param>
/// <param name="Type">What happened, as the trail calls it.</param>
/// <param name="Emergency">Whether it belongs to an emergency.</param>
/// <param name="Urgent">Whether an emergency waits for the reader.</param>
/// <param name="At">When it happened.</param>
/// <param name="Link">Where its subject is looked at, relative to the product's address.</param>
/// <param name="Facts">The open facts of the entry.</param>
public sealed record NoticeStory(NoticeKind Kind, string Type, bool Emergency, bool Urgent, Instant At, string Link, IReadOnlyDictionary<string, string> Facts)
{
    /// <summary>Who did it; the product itself, if nobody did.</summary>
    public string Actor { get; init; } = Kernel.Actor.System.Name;

    /// <summary>Whom it concerns.</summary>
    public string Concerned { get; init; } = "";

    /// <summary>The identity's name.</summary>
    public string Identity { get; init; } = "";

    /// <summary>The client it belongs to.</summary>
    public string Client { get; init; } = "";

    /// <summary>The credential's label.</summary>
    public string Credential { get; init; } = "";

    /// <summary>For how long access is asked for.</summary>
    public Duration? AskedFor { get; init; }

    /// <summary>Until when a decision counts.</summary>
    public Instant? DecideBy { get; init; }

    /// <summary>A fact; empty, if it is not told.</summary>
    public string Fact(string name) => Facts.TryGetValue(name, out var value) ? value : "";
}

/// <summary>Times as the reader of a mail lives them.</summary>
/// <param name="Zone">Their zone, where it is known; else the agency's.</param>
public sealed record LetterZone(DateTimeZone Zone)
{
    private static readonly ZonedDateTimePattern Pattern = ZonedDateTimePattern.CreateWithInvariantCulture("ddd d MMM uuuu, HH:mm", DateTimeZoneProviders.Tzdb);

    /// <summary>The first zone of these that there is; UTC, if there is none.</summary>
    public static LetterZone Of(params IEnumerable<string?> names)
        => new(names.Select(n => DateTimeZoneProviders.Tzdb.GetZoneOrNull(n ?? "")).FirstOrDefault(z => z is not null) ?? DateTimeZone.Utc);

    /// <summary>"Mon 23 Nov 2026, 04:12 (Europe/Berlin)".</summary>
    public string Text(Instant at) => $"{Pattern.Format(at.InZone(Zone))} ({Zone.Id})";

    /// <summary>The same of a fact that tells an instant; empty, if it tells none.</summary>
    public string Text(string fact) => InstantPattern.ExtendedIso.Parse(fact) is { Success: true, Value: var at } ? Text(at) : "";
}

/// <summary>What a notice says, in the bell and in a mail. One place for both; never a secret, never a person's justification.</summary>
public static class NoticeWords
{
    /// <summary>Longest title; longer names are cut.</summary>
    public const int TitleLength = 180;

    /// <summary>What happened, in one line without control characters: the row in the list, and the subject of the mail.</summary>
    public static string Title(NoticeStory story) => OneLine(story.Kind switch
    {
        NoticeKind.DecisionWanted => story.Emergency ? $"{story.Concerned} asks for emergency access to {story.Identity}" : $"{story.Concerned} asks for {story.Identity}",
        NoticeKind.RequestApproved => $"{story.Actor} approved your {Way(story)} {story.Identity}",
        NoticeKind.RequestDenied => $"{story.Actor} denied your {Way(story)} {story.Identity}",
        NoticeKind.RequestLapsed => $"Nobody decided your {Way(story)} {story.Identity} in time",
        NoticeKind.EmergencyStarted => $"{story.Concerned} started emergency access to {story.Identity}",
        NoticeKind.EmergencyEnded => story.Type switch
        {
            "session.revoked" => $"{story.Actor} revoked the emergency access of {story.Concerned} to {story.Identity}",
            "session.expired" => $"The emergency access of {story.Concerned} to {story.Identity} ended: its time was up",
            _ => $"{story.Concerned} ended the emergency access to {story.Identity}",
        },
        NoticeKind.AccessRevoked => $"{story.Actor} revoked your access to {story.Identity}",
        NoticeKind.ReviewDue => $"{Case(story)} waits to be reviewed",
        NoticeKind.CaseReviewed => $"{story.Actor} reviewed your emergency: {Case(story, middle: true)}",
        NoticeKind.CaseReopened => $"{story.Actor} opened {Case(story, middle: true)} again",
        NoticeKind.FollowUpGiven => $"{story.Actor} gave you a follow-up of {Case(story, middle: true)}",
        NoticeKind.WeekToReview => $"The week {story.Fact("week")} waits to be reviewed",
        NoticeKind.RotationNeedsPerson => $"The rotation of {story.Credential} at {story.Identity} needs a person",
        NoticeKind.PurgeAsked => $"{story.Actor} asks to purge old entries of the trail",
        _ => throw new InvalidOperationException("Unknown kind."),
    }, TitleLength);

    /// <summary>What there is to know beside the title, a sentence each.</summary>
    public static IReadOnlyList<string> Details(NoticeStory story, LetterZone zone)
    {
        List<string> lines = [];
        if (Where(story) is { Length: > 0 } where)
            lines.Add($"{where}.");
        switch (story.Kind)
        {
            case NoticeKind.DecisionWanted:
                if (story.AskedFor is { } asked)
                    lines.Add($"Asked for: {Minutes(asked)}.");
                if (story.DecideBy is { } decideBy)
                    lines.Add($"Decide by {zone.Text(decideBy)}. If nobody does, the request lapses.");
                break;
            case NoticeKind.RequestDenied or NoticeKind.RequestLapsed:
                lines.Add("You can ask again; talk to an approver first.");
                break;
            case NoticeKind.EmergencyStarted when zone.Text(story.Fact("ends at")) is { Length: > 0 } endsAt:
                lines.Add($"It ends by itself on {endsAt}.");
                break;
            case NoticeKind.EmergencyEnded or NoticeKind.AccessRevoked when story.Fact("reveals") is { Length: > 0 } reveals:
                lines.Add(reveals == "0" ? "No secret was revealed." : $"Secrets shown or copied: {reveals}.");
                break;
            case NoticeKind.ReviewDue or NoticeKind.FollowUpGiven when zone.Text(story.Fact("due")) is { Length: > 0 } due:
                lines.Add($"Due by {due}.");
                break;
            case NoticeKind.CaseReviewed when story.Fact("verdict") is { Length: > 0 } verdict:
                lines.Add($"Verdict: {Words(verdict)}.");
                break;
            case NoticeKind.WeekToReview:
                lines.Add("Look at what happened, then attest it by your name. An empty week is attested too.");
                break;
            case NoticeKind.RotationNeedsPerson when story.Fact("problem") is { Length: > 0 } problem:
                lines.Add(problem);
                break;
        }

        return [.. lines.Select(l => OneLine(l, 600))];
    }

    /// <summary>What the reader can do, as the words of a link.</summary>
    public static string Action(NoticeStory story) => story.Kind switch
    {
        NoticeKind.DecisionWanted => "Open the request to approve or deny it",
        NoticeKind.RequestApproved => "Open your session",
        NoticeKind.RequestDenied or NoticeKind.RequestLapsed => "Open your request",
        NoticeKind.EmergencyStarted => "Open the session, where it can be revoked",
        NoticeKind.EmergencyEnded => "Open the session",
        NoticeKind.AccessRevoked => "Open the session and read why",
        NoticeKind.ReviewDue or NoticeKind.CaseReopened => "Open the case to review it",
        NoticeKind.CaseReviewed or NoticeKind.FollowUpGiven => "Open the case",
        NoticeKind.WeekToReview => "Open the week",
        NoticeKind.RotationNeedsPerson => "Open the rotations",
        NoticeKind.PurgeAsked => "Open the trail's settings to agree or refuse",
        _ => throw new InvalidOperationException("Unknown kind."),
    };

    /// <summary>One line of at most so many characters, whatever is in it: what separates lines becomes a blank, what turns text round is left out.</summary>
    public static string OneLine(string text, int length)
    {
        var line = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            if (CharUnicodeInfo.GetUnicodeCategory(c) is UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator)
                line.Append(' ');
            else if (c is not ('\u202A' or '\u202B' or '\u202C' or '\u202D' or '\u202E' or '\u2066' or '\u2067' or '\u2068' or '\u2069' or '\uFEFF'))
                line.Append(c);
        }

        var clean = line.ToString().Trim();
        if (clean.Length <= length)
            return clean;
        var cut = char.IsHighSurrogate(clean[length - 2]) ? length - 2 : length - 1;
        return string.Concat(clean.AsSpan(0, cut), "…");
    }

    // What the title says already is not said twice.
    private static string Where(NoticeStory story)
    {
        var title = Title(story);
        return string.Join(", ", new[] { story.Identity, story.Credential, story.Client }.Where(part => part.Length > 0 && !title.Contains(part, StringComparison.Ordinal)));
    }

    private static string Way(NoticeStory story) => story.Emergency ? "emergency access to" : "request for";

    private static string Case(NoticeStory story, bool middle = false)
    {
        var number = story.Fact("case");
        return number.Length == 0 ? (middle ? "a case" : "A case") : $"{(middle ? "case" : "Case")} {number}";
    }

    // "PlannedDrill" → "planned drill".
    private static string Words(string name) => string.Concat(name.Select((c, i) => char.IsUpper(c) ? (i > 0 ? " " : "") + char.ToLowerInvariant(c) : c.ToString()));

    private static string Minutes(Duration duration)
    {
        var minutes = (long)duration.TotalMinutes;
        return minutes == 1 ? "1 minute" : string.Create(CultureInfo.InvariantCulture, $"{minutes} minutes");
    }
}
