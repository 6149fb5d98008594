using System.Globalization;
using System.Text.RegularExpressions;
using AccessHive.Core.Audit.UseCases;
using AccessHive.Core.Kernel;
using AccessHive.Core.Policies;
using AccessHive.Core.Requests;
using NodaTime;
using NodaTime.Text;

namespace AccessHive.Web.Features.Shared;

/// <summary>The trail in words: what happened, the gist of its facts, and each fact as a person reads it.</summary>
public static partial class TrailWords
{
    /// <summary>What an entry of this kind says happened; the kind itself, where no words are known.</summary>
    public static string Title(string type) => type switch
    {
        "request.raised" => "Access requested",
        "request.routed" => "Approvers asked",
        "request.shown" => "Request seen by an approver",
        "request.approved" => "Request approved",
        "request.approved-by-one" => "One of several approvals given",
        "request.turned-into-emergency" => "Request turned into an emergency",
        "request.denied" => "Request denied",
        "request.withdrawn" => "Request withdrawn",
        "request.lapsed" => "Request lapsed",
        "session.started" => "Session started",
        "session.secret-revealed" => "Secret revealed",
        "session.secret-copied" => "Secret copied",
        "session.secret-downloaded" => "Secret downloaded",
        "session.expired" => "Session expired",
        "session.ended-by-holder" => "Session ended by its holder",
        "session.checked-in" => "Checked in",
        "session.extended" => "Checkout extended",
        "session.revoked" => "Session revoked",
        "policy.emergency-edited" => "Emergency Access settings changed",
        "policy.approval-edited" => "Approval policy changed",
        "policy.approvers-changed" => "Approvers changed",
        "policy.approvers-given-up" => "List of approvers removed",
        "attempt.refused" => "Attempt refused",
        "identity.added" => "Identity added",
        "identity.edited" => "Identity edited",
        "identity.archived" => "Identity archived",
        "identity.restored" => "Identity brought back",
        "identities.exported" => "List of identities exported",
        "import.finished" => "Import finished",
        "credential.added" => "Credential added",
        "credential.edited" => "Credential edited",
        "credential.secret-changed" => "Secret changed",
        "credential.field-changed" => "One-time or recovery codes changed",
        "credential.field-removed" => "One-time or recovery codes removed",
        "credential.rotation-planned" => "Rotation planned",
        "credential.archived" => "Credential archived",
        "case.opened" => "Case opened",
        "case.joined" => "Continuation joined its case",
        "case.opened-by-reviewer" => "Case opened by a reviewer",
        "case.reviewed" => "Case reviewed",
        "case.reopened" => "Case opened again",
        "case.follow-up-added" => "Follow-up added",
        "case.follow-up-done" => "Follow-up done",
        "case.follow-up-undone" => "Follow-up not done after all",
        "case.commented" => "Case commented on",
        "case.review-due" => "Reminded of a missing review",
        "case.account-closed" => "Account said to be closed",
        "case.closed" => "Case closed",
        "case.handed-over" => "Case handed over as a file",
        "rotation.opened" => "Rotation opened",
        "rotation.waits" => "Rotation waits for a session",
        "rotation.began" => "Rotation can begin",
        "rotation.stored" => "New secret stored",
        "rotation.set" => "New secret set at the target",
        "rotation.verified" => "Rotation verified",
        "rotation.fell-back" => "Older secret back in force",
        "rotation.try-failed" => "Rotation try failed",
        "rotation.needs-person" => "Rotation needs a person",
        "rotation.retried" => "Rotation to be tried again",
        "rotation.entered" => "New secret entered by hand",
        "rotation.pending-shown" => "New secret looked at",
        "rotation.rejected" => "New secret did not work",
        "rotation.cancelled" => "Rotation cancelled",
        "rotation.login-tested" => "Login tested",
        "rotation.reported" => "Webhook reported back",
        "person.invited" => "Person invited",
        "person.joined" => "Person joined",
        "person.roles-changed" => "Roles changed",
        "person.disabled" => "Person disabled",
        "person.enabled" => "Person let back in",
        "person.signed-in" => "Signed in",
        "person.sign-in-failed" => "Sign-in failed",
        "agency.settings-changed" => "Agency settings changed",
        "notices.settings-changed" => "Settings of notices changed",
        "notices.mail-tested" => "Test mail sent",
        "notices.mail-retried" => "Mails to be tried again",
        "notices.mail-chosen" => "Mail chosen",

        "week.reminder" => "Reminder of the weekly review",
        "week.attested" => "Week attested",
        "reviews.block-lifted" => "Block of new emergencies lifted",
        "clock.jumped" => "Clock was set",
        "house.rekeyed" => "Key of the house changed",
        "house.backed-up" => "Backup taken",
        "house.restored" => "House put back to a backup",
        "trail.exported" => "Trail exported",
        "trail.export-stopped" => "Export of the trail stopped",
        "trail.syslog-edited" => "Where the trail is sent to changed",
        "trail.syslog-tested" => "Test sent to the trail's receiver",
        "trail.purge-asked" => "Purge of the trail asked for",
        "trail.purge-withdrawn" => "Purge of the trail given up",
        "trail.purged" => "Oldest entries purged",
        "trail.erased" => "Personal facts erased",
        _ => type,
    };

    /// <summary>Who did it. Nobody knows who was at the door when a sign-in failed.</summary>
    public static string Who(TrailRow row) => row is { Type: "person.sign-in-failed", Actor: null } ? "Somebody not signed in" : row.ActorName;

    /// <summary>The kinds of entries by what they are about, for a list to choose from.</summary>
    public static IEnumerable<IGrouping<string, string>> Groups() => ReadTrail.Types.GroupBy(type => type[..type.IndexOf('.', StringComparison.Ordinal)] switch
    {
        "request" => "Requests",
        "session" => "Sessions",
        "policy" or "agency" or "notices" => "Settings",

        "case" or "week" or "reviews" => "Cases and weeks",
        "identity" or "credential" or "identities" or "import" => "Identities and credentials",
        "rotation" => "Rotations",
        "person" => "People",
        "house" => "Keys and backups",
        "trail" => "The trail itself",
        _ => "Other",
    });

    /// <summary>The gist of an entry's facts in a line; empty when its title says it all.</summary>
    public static string Summary(TrailRow row)
    {
        var facts = row.Facts.ToDictionary(f => f.Key, f => f.Value, StringComparer.Ordinal);
        string Fact(string name) => facts.TryGetValue(name, out var value) ? Value(name, value, null) : "";
        return row.Type switch
        {
            "request.raised" => Line(Fact("credential"), Fact("minutes"), Fact("category")),
            "request.routed" => Fact("asked") == "1" ? "1 approver" : $"{Fact("asked")} approvers",
            "request.approved" => Fact("how") == "no approval required" ? "No approval required" : "",
            "request.approved-by-one" => Fact("approvals"),
            "session.extended" => $"By {Fact("minutes")}",
            "request.lapsed" => $"{Fact("asked")} asked, {Fact("seen")} saw it",
            "session.secret-revealed" or "session.secret-copied" or "session.secret-downloaded" => Line(Fact("credential"), FieldBeside(Fact("field"))),
            "session.expired" or "session.ended-by-holder" or "session.checked-in" or "session.revoked" => Line(Lasted(facts), Times(Fact("reveals"))),
            "policy.emergency-edited" or "policy.approval-edited" => string.Join("; ", row.Facts.Where(f => f.Key != "revision").Select(f => $"{Label(f.Key)}: {Value(f.Key, f.Value, null)}")),
            "policy.approvers-changed" => Line(For(facts), Fact("approvers").Length > 0 ? Fact("approvers") : $"{Fact("reachable")} could approve"),
            "policy.approvers-given-up" => For(facts),
            "notices.settings-changed" => string.Join("; ", row.Facts.Select(f => $"{Label(f.Key)}: {Value(f.Key, f.Value, null)}")),
            "notices.mail-tested" => Fact("answer"),
            "notices.mail-retried" => Fact("mails") == "1" ? "1 mail" : $"{Fact("mails")} mails",
            "notices.mail-chosen" => Fact("e-mail"),
            "attempt.refused" => $"To {Fact("attempt")}",
            "identity.added" => Line(Fact("platform"), Fact("client")),
            "identity.edited" => string.Join("; ", row.Facts.Where(f => f.Key != "identity").Select(f => $"{Label(f.Key)}: {Value(f.Key, f.Value, null)}")),
            "credential.field-changed" or "credential.field-removed" => Line(Fact("credential"), Fact("field")),
            "identities.exported" => Line($"{Fact("identities")} identities", $"{Fact("credentials")} credentials"),
            "import.finished" => Line($"{Fact("identities added")} identities and {Fact("credentials added")} credentials added", $"{Fact("there already")} there already", $"{Fact("problems")} with a problem"),
            "credential.secret-changed" => Line(Fact("credential"), $"version {Fact("version")}"),
            "credential.added" or "credential.edited" or "credential.archived" => Fact("credential"),
            "case.reviewed" => Line($"Case {Fact("case")}", Fact("verdict"), Fact("instant") == "yes" ? "instant" : "", Fact("others within a minute").Length > 0 ? "bulk" : ""),
            "case.reopened" => Line($"Case {Fact("case")}", Fact("cause")),
            "case.review-due" => Line($"Case {Fact("case")}", Fact("overdue") == "yes" ? "overdue" : ""),
            "case.closed" => Line($"Case {Fact("case")}", Fact("verdict")),
            _ when row.Type.StartsWith("case.", StringComparison.Ordinal) => $"Case {Fact("case")}",
            "rotation.opened" => Line(Fact("credential"), Fact("cause")),
            "rotation.stored" or "rotation.set" or "rotation.fell-back" or "rotation.entered" or "rotation.pending-shown" or "rotation.rejected" => Line(Fact("credential"), $"version {Fact("version")}"),
            "rotation.verified" => Line(Fact("credential"), $"version {Fact("version")}", Fact("verified")),
            "rotation.try-failed" => Line(Fact("credential"), $"try {Fact("try")}", Fact("problem")),
            "rotation.needs-person" => Line(Fact("credential"), Fact("problem")),
            "rotation.login-tested" or "rotation.reported" => Line(Fact("credential"), Fact("answer")),
            _ when row.Type.StartsWith("rotation.", StringComparison.Ordinal) => Fact("credential"),
            "person.invited" => Fact("roles"),
            "person.roles-changed" => $"{Fact("before")} → {Fact("after")}",
            "house.rekeyed" => Line(Fact("key"), $"{Fact("secrets")} secrets"),
            "house.backed-up" or "house.restored" => Fact("entries") == "1" ? "1 entry" : $"{Fact("entries")} entries",
            "trail.exported" => Line($"{Fact("entries")} entries", Fact("format")),
            "trail.export-stopped" => $"After {Fact("written")} of {Fact("entries")} entries",
            "trail.purge-asked" or "trail.purged" => $"Entries {Fact("first")} to {Fact("until")}",
            "trail.purge-withdrawn" => $"Entries up to {Fact("until")}",
            "trail.erased" => $"Of entries {Fact("entries")}",
            "trail.syslog-edited" => Fact("on") == "yes" ? Line($"{Fact("host")}:{Fact("port")}", Fact("entries")) : "Off",
            "trail.syslog-tested" => Line($"{Fact("host")}:{Fact("port")}", Fact("answer")),

            "agency.settings-changed" => string.Join("; ", row.Facts.Select(f => $"{Label(f.Key)}: {Value(f.Key, f.Value, null)}")),
            "week.reminder" => Line($"Week {Fact("week")}", Fact("emergencies") == "1" ? "1 emergency" : $"{Fact("emergencies")} emergencies", Fact("older weeks").Length > 0 ? $"{Fact("older weeks")} older to attest" : ""),
            "week.attested" => Line($"Week {Fact("week")}", Fact("emergencies") == "1" ? "1 emergency" : $"{Fact("emergencies")} emergencies", Fact("not reviewed") is "0" or "" ? "" : $"{Fact("not reviewed")} not reviewed"),
            "reviews.block-lifted" => Line($"For {Fact("minutes")}", Fact("overdue cases")),
            _ => "",
        };
    }

    /// <summary>A fact's name as a person reads it.</summary>
    public static string Label(string name) => name switch
    {
        "minutes" => "Asked for",
        "maximum" => "Maximum duration then",
        "by" => "Name of who did it",
        "how" => "How",
        "attempt" => "What was tried",
        "refusal" => "Why it was refused",
        "category" => "Kind of emergency",
        "asked" => "Approvers asked",
        "seen" => "Approvers who saw it",
        "reveals" => "Secrets shown or copied",
        "decide by" => "To be decided by",
        "case id" => "Id of the case",
        "follow-up" => "Id of the follow-up",
        "others within a minute" => "Other cases judged in the minute before",
        "seconds looked" => "Seconds from opening it to the verdict",
        "for" => "List of approvers for",
        "until" => "Up to entry",
        "sha256" => "SHA-256 of the exported file",
        "root" => "Root of the tree over them",
        "approvers" => "Who approves",
        "people" => "People",
        "reachable" => "Who could approve then",
        _ => Sentence(name),
    };

    /// <summary>A fact's value as a person reads it.</summary>
    /// <param name="name">The fact's name.</param>
    /// <param name="value">What the entry says.</param>
    /// <param name="zone">The reader's zone; null leaves instants as they are.</param>
    public static string Value(string name, string value, ReaderZone? zone) => name switch
    {
        "minutes" or "maximum" when int.TryParse(value, CultureInfo.InvariantCulture, out var minutes) => Minutes(minutes),
        "mode" => string.Join(" → ", value.Split(" → ").Select(mode => Enum.TryParse<ApprovalMode>(mode, out var known) ? ApprovalWords.Name(known) : mode)),
        "category" when Enum.TryParse<ReasonCategory>(value, out var category) => ReasonWords.For(category),
        "type" or "cause" or "connector" or "verdict" => Sentence(Words(value)),
        "field" => FieldWords(value),
        "refusal" => RefusalWords.For(new Refusal(value)),
        "roles" or "before" or "after" or "eligible roles" => Words(value),
        _ when zone is not null && InstantPattern.ExtendedIso.Parse(value) is { Success: true, Value: var at } => zone.ExactText(at),
        _ => value,
    };

    /// <summary>"1 minute", "60 minutes".</summary>
    public static string Minutes(long minutes) => minutes == 1 ? "1 minute" : string.Create(CultureInfo.InvariantCulture, $"{minutes} minutes");

    private static string FieldWords(string field) => field switch
    {
        "Secret" => "The secret itself",
        "TotpSeed" => "One-time codes",
        "RecoveryCodes" => "Recovery codes",
        "ConnectorKey" => "The connector's key",
        _ => Sentence(Words(field)),
    };

    // What is meant when nothing is said needs no words.
    private static string FieldBeside(string field) => field == FieldWords("Secret") ? "" : field;

    private static string Times(string reveals) => reveals switch
    {
        "0" or "" => "nothing revealed",
        "1" => "1 reveal",
        _ => $"{reveals} reveals",
    };

    private static string Lasted(Dictionary<string, string> facts)
        => facts.TryGetValue("started at", out var from) && facts.TryGetValue("ended at", out var to)
            && InstantPattern.ExtendedIso.Parse(from) is { Success: true, Value: var started } && InstantPattern.ExtendedIso.Parse(to) is { Success: true, Value: var ended }
                ? $"after {Minutes((long)(ended - started).TotalMinutes)}"
                : "";

    // "Client Bergmann Bikes", "Agency", "Identity"; which identity, the entry says by itself.
    private static string For(Dictionary<string, string> facts)
        => Sentence(facts.GetValueOrDefault("for", "")) + (facts.TryGetValue("name", out var name) && name.Length > 0 ? $" {name}" : "");

    private static string Line(params IEnumerable<string> parts) => string.Join(" · ", parts.Where(p => p.Length > 0));

    private static string Sentence(string words) => words.Length == 0 ? words : char.ToUpperInvariant(words[0]) + words[1..].ToLowerInvariant();

    // "IdentityManager" → "Identity Manager", also in the middle of "Owner, IdentityManager → Owner".
    private static string Words(string value) => CamelHump().Replace(value, " ");

    [GeneratedRegex("(?<=[a-z])(?=[A-Z])", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex CamelHump();
}
