using System.Globalization;
using AccessHive.Core.Kernel;

namespace AccessHive.Web.Features.Shared;

/// <summary>What a person reads when the rules say no: what happened, and what can be done. One place for every code.</summary>
public static class RefusalWords
{
    /// <summary>The sentence for a refusal.</summary>
    public static string For(Refusal refusal) => refusal.Code switch
    {
        "agency-changed-meanwhile" => "Somebody else saved these settings while you were editing. Nothing was overwritten: look at what is in force now, then save again.",
        "zone-unknown" => "There is no such time zone. Choose one from the list, for example Europe/Berlin.",
        "working-hours-invalid" => "A working day ends after it begins. Leave the end at 00:00 for a day that goes on until midnight.",
        "review-time-invalid" => "Choose a weekday and a time of day, in hours and minutes.",
        "review-due-out-of-range" => "A review is due after 24 to 168 whole hours.",

        "not-week-reviewer" => "Only Owner, Admin and Security Owner attest a week. Ask one of them.",
        "no-week-due" => "No weekly review is due now.",
        "week-unknown" => "There is no such week here: the agency wasn't founded yet.",
        "week-not-over" => "This week isn't over. It can be attested when its last day is.",
        "week-attested-already" => $"{Fact(refusal, "by", "Somebody")} has attested this week already. An attested week is final; what comes later is shown beside it.",
        "own-emergency-unreviewed" => $"You raised or approved an emergency of this week that nobody else has reviewed: {Fact(refusal, "cases", "look at its cases")}. Somebody else reviews it first, or attests the week.",
        "name-not-yours" => "Type your own name as it stands in the list of people: you answer for this week by name.",
        "attestation-too-long" => "Keep it to 2,000 characters.",

        "reviews-overdue" => $"New emergencies are blocked while a review is overdue: {Fact(refusal, "cases", "see the cases")}. {(Fact(refusal, "owners") is { Length: > 0 } owners ? $"An owner can lift the block for a while: {owners}." : "You are the only owner: lift the block on the Cases page, with a reason.")}",
        "not-owner" => "Only an Owner lifts the block. Ask one of them.",
        "nothing-blocked" => "Nothing is blocked: no review is overdue, or the settings don't block.",
        "lifted-by-you-already" => "You have lifted the block already, and it is still lifted.",
        "lift-length-out-of-range" => "Lift the block for 1 to 24 whole hours.",
        "lift-reason-missing" => "Say why in 10 to 500 characters: everybody who reviews reads it.",

        "purge-not-allowed" => "Only Owner and Admin ask for a purge. Ask one of them.",
        "purge-not-confirmer" => "Only Owner, Admin and Security Owner confirm a purge or give it up. Ask one of them.",
        "purge-reason-missing" => "Say why in 3 to 500 characters: it stays in the trail.",
        "purge-nothing-old" => "Nothing is old enough: entries can go after 12 months, 256 at a time.",
        "purge-held" => Fact(refusal, "cases") is { Length: > 0 } held ? $"Emergencies of that time are not closed and need their entries: case {held}. Close them first, on the Cases page." : "An emergency of that time belongs to no case and was never reviewed, so its entries stay.",
        "purge-open-already" => "A purge waits for its second person already. Let it be confirmed, or give it up first.",
        "purge-over" => "This purge was done or given up meanwhile.",
        "purge-own" => "You asked for this purge. Somebody else confirms it: another Owner, Admin or Security Owner.",
        "purge-file-changed" => $"The exported file {Fact(refusal, "file", "")} is gone, or not the one that was verified. Put it back, or give this purge up and ask again.",
        "purge-export-failed" => $"The export could not be written to {Fact(refusal, "file", "the archive folder")}, or it does not verify. Nothing was purged: look at the disk, and run verify.",
        "erase-not-allowed" => "Only Owner and Admin erase personal facts. Ask one of them.",
        "erase-nothing" => "There is nothing personal left to erase.",

        "caller-not-active" => "Your account is not active any more. Ask an owner or admin to let you back in.",

        "not-people-manager" => "Only Owner and Admin manage people. Ask one of them.",
        "name-missing" => "Enter a name of 1 to 100 characters.",
        "email-invalid" => "Enter an e-mail address, for example mia@agency.example.",
        "email-taken" => "Somebody with this e-mail address is here already.",
        "role-missing" => "Choose at least one role.",
        "owner-only-by-owner" => "Only an Owner makes, changes or disables an Owner.",
        "last-owner" => "This is the last active owner, who can be neither demoted nor disabled. Make somebody else an owner first.",
        "person-disabled" => "This person is disabled.",
        "not-disabled" => "This person is not disabled.",
        "already-joined" => "This invitation was accepted already. Sign in instead.",
        "person-not-found" => "There is no such person.",
        "link-not-valid" => "This link doesn't work any more: it was used, replaced, or is too old. Ask for a new one.",
        "password-too-weak" => Fact(refusal, "why") == "long" ? "Choose a password of at most 128 characters." : "Choose a password of at least 12 characters; several words are good.",

        "not-settings-editor" => "Only Owner and Admin change these settings. Ask one of them.",
        "policy-changed-meanwhile" => "Somebody else saved these settings while you were editing. Nothing was overwritten: look at what changed, then save again.",
        "eligible-role-missing" => "Choose at least one role; with none, nobody could break the glass.",
        "auditor-not-eligible" => "An Auditor never holds access. Leave that role out.",
        "maximum-out-of-range" => "The maximum duration is 5 to 480 whole minutes.",
        "window-out-of-range" => "The approval window is 2 to 120 whole minutes.",
        "window-not-shorter" => "The emergency window must be shorter than the standard approval window.",
        "standard-window-out-of-range" => "The approval window is 1 to 168 whole hours.",
        "standard-window-not-longer" => "The standard approval window must be longer than the emergency one. Shorten that one first, on the Emergency Access card.",
        "checkout-out-of-range" => "A checkout lasts 15 minutes to 24 hours, in whole minutes.",
        "extension-out-of-range" => "An extension is 15 minutes to 24 hours, in whole minutes – or none.",
        "too-many-approvers" => "Name at most 100 people, or choose everybody whose role decides requests.",
        "nobody-could-approve" => "With this, nobody could approve: every request would wait until it lapses. Name somebody who is active and is Owner, Admin or Approver – or say that you want it so.",
        "too-few-could-approve" => "With this, requests for some identities could never be approved: too few people could, or none is an Owner or Admin. Name more people – or say that you want it so.",
        "client-not-in-use" => "No identity in use belongs to this client. Its list would stand for nothing.",
        "platform-not-in-use" => "No identity in use is on this platform. Its list would stand for nothing.",
        "no-such-list" => "This list is gone: somebody else removed it. The next wider one counts.",
        "agency-list-stays" => "The agency's own list can be changed, but not removed: it stands for everything that no other list covers.",

        "notices-changed-meanwhile" => "Somebody else saved these settings while you were editing. Nothing was overwritten: look at what changed, then save again.",
        "mail-host-not-usable" => "Enter the name or address of the mail server, for example smtp.agency.example.",
        "mail-port-out-of-range" => "The port is a number from 1 to 65535; 587 and 465 are usual.",
        "mail-line-not-protected" => "Only a mail server on this machine is spoken to without encryption. Choose STARTTLS or TLS.",
        "mail-user-not-usable" => "Enter the name to sign in with at the mail server, at most 254 characters; a password belongs to a name.",
        "mail-sender-not-usable" => "Enter the address that mails come from, for example access@agency.example.",
        "public-address-not-usable" => "Enter the address at which people reach AccessHive, for example https://access.agency.example: links in mails begin with it.",
        "mail-password-not-usable" => "Enter a password of 1 to 1,024 bytes, in one line.",
        "mail-is-off" => "E-mail is switched off. Switch it on and save, then try again.",
        "notice-not-given-up" => "This mail went out meanwhile, or is being tried again already.",

        "not-vault-manager" => "Only Owner, Admin and Identity Manager keep identities. Ask one of them.",
        "identity-name-missing" => "Enter a name of 1 to 120 characters.",
        "credential-label-missing" => "Enter a label of 1 to 80 characters, for example Password.",
        "text-too-long" => "One of the texts is longer than its field allows.",
        "identity-changed-meanwhile" => "Somebody else saved this identity while you were editing. Nothing was overwritten: look at it again, then save.",
        "identity-not-found" => "There is no such identity.",
        "credential-not-found" => "There is no such credential.",
        "secret-missing" => "Enter a secret of 1 to 8,192 bytes.",
        "archived" => "This is archived and out of use. An Identity Manager can bring it back.",

        "field-not-kept" => "There is no such field, or this kind of credential keeps none: one-time codes and recovery codes belong to a password. Remove them first if it is to become something else.",
        "field-not-revealed" => "This never leaves the vault: only AccessHive itself uses it.",
        "one-time-seed-not-usable" => Fact(refusal, "why") switch
        {
            "length" => "This set-up key is too short or too long: 16 to 205 letters and digits are usual. Copy it once more from the site's set-up page.",
            "counter" => "These codes are counted and not timed (HOTP), which AccessHive can't keep. Choose \"authenticator app\" at the site.",
            "setting" => "AccessHive makes codes of 6 to 8 digits with SHA-1, SHA-256 or SHA-512, valid for 10 to 300 seconds. This set-up address asks for something else.",
            _ => "This is not a set-up key for one-time codes. It is made of the letters A to Z and the digits 2 to 7, or is an address that begins with otpauth://totp/ – copy it once more from the site's set-up page.",
        },
        "recovery-codes-missing" => "Enter 1 to 100 recovery codes, one a line.",
        "key-file-not-json" => "This is not a whole JSON file: a part of it is missing, or there is more than one thing in it. Download the key file once more, or choose it instead of pasting.",
        "no-code-left" => "All recovery codes are used up. Ask an Identity Manager for new ones.",

        "import-file-too-large" => "This file is larger than 10 MB. Divide it, and import one part after the other.",
        "import-file-empty" => "There is nothing in this file.",
        "import-file-not-csv" => "This is not a file of comma-separated values. Open it in your spreadsheet, choose Save as, and CSV (UTF-8).",
        "import-too-many-rows" => "This file has more than 20,000 rows. Divide it, and import one part after the other.",
        "import-file-gone" => "The file isn't kept any more: it is zeroed after 20 minutes, when another one is chosen, and when AccessHive is started again. Choose it once more.",
        "import-running" => "This file is being read at this moment. Wait for it, or cancel it.",
        "import-name-column-missing" => "Say which column is the name of the identity.",
        "import-column-twice" => "Two columns are said to be the same. Leave one of them out.",
        "import-quote-open" => "A quotation mark is opened in this row and never closed, so everything after it belongs to this row. Close it, or double it if it belongs to the text.",
        "import-text-after-quote" => "Something stands between a closing quotation mark and the next separator. Double the quotation marks that belong to the text.",
        "import-too-many-cells" => "This row has more cells than there are columns: probably a text with the separator in it that isn't in quotation marks.",
        "import-type-unknown" => "This type isn't known. Write External shared, Managed shared, Service account, API key or OAuth app, or leave the cell empty.",
        "import-credential-type-unknown" => "This type of credential isn't known. Write Password, Key file, API key or OAuth client, or leave the cell empty.",
        "import-risk-unknown" => "This risk isn't known. Write Low, Medium, High or Critical, or leave the cell empty.",
        "import-spreadsheet-spoiled" => "The spreadsheet has put an error or a rounded number in the place of the secret. Format that column as text and enter the secret again.",
        "import-identity-archived" => "This identity is archived. Restore it first, or give it another name.",
        "not-exporter" => "Only Owner, Admin, Identity Manager and Auditor export the list. Ask one of them.",

        "export-format-unknown" => "There is no such format. Choose jsonl, csv, ocsf, cef, syslog or cloudevents.",
        "export-cursor-missing" => "Say after which entry: after=0 for everything, later the number from the last answer's X-AccessHive-Next.",
        "export-roles-changed" => "Your roles were changed this moment, and with them what you may read. Ask for the export once more.",
        "filter-name-missing" => "Give the filter a name of 1 to 60 characters.",
        "filter-name-taken" => "You keep a filter of this name already. Choose another, or remove that one first.",
        "too-many-filters" => "You keep 50 filters. Remove one first.",
        "filter-not-found" => "You keep no such filter; it may have been removed in another window.",
        "syslog-host-missing" => "Enter the receiver's name or address, for example logs.agency.example.",
        "syslog-authority-not-usable" => "This is no certificate in PEM form. It begins with -----BEGIN CERTIFICATE-----; paste the certificate of the authority, or leave the field empty for those this machine trusts.",
        "syslog-unreachable" => "Nobody answers there. Check host, port and firewall, and that the receiver speaks TLS.",
        "syslog-not-trusted" => "The receiver could not prove who it is: its certificate is for another name, has run out, or is vouched for by nobody we trust. Paste the certificate of its authority, or enter the name that its certificate says.",
        "syslog-hung-up" => "The receiver hung up before it had taken everything. It is tried again; look into the receiver's own log for why.",

        "password-length-out-of-range" => "A new password has 12 to 128 characters.",
        "password-symbols-not-usable" => "Name up to 32 symbols, without letters, digits or spaces – or none.",
        "target-missing" => "Say where the password is changed: the host's name or address.",
        "target-port-out-of-range" => "A port is a number from 1 to 65,535; leave it empty for the usual one.",
        "webhook-address-not-usable" => "Enter the whole address of the webhook, beginning with https:// (or http://).",
        "host-key-missing" => "Enter the fingerprint of the machine's host key, so that no other machine can answer for it. On that machine: ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub",

        "rotation-not-found" => "There is no such rotation, or it isn't meant for you.",
        "rotation-over" => "This rotation is over. Start a new one, if the secret has to be changed again.",
        "rotation-open-already" => "This credential is being rotated already. Look at the rotations page.",
        "rotation-under-way" => "AccessHive works on this rotation itself, so there is nothing to do by hand now.",
        "rotation-by-hand" => "A person does this rotation, or it still waits for a session: there is nothing to try again.",
        "rotation-set-already" => "A new secret was already made for this rotation and may be set at the client's site, so it can't be cancelled any more.",
        "nothing-entered" => "Nobody has entered a new secret yet, so there is nothing to confirm.",
        "own-entry" => "You entered this secret, so somebody else has to confirm it: Owner, Admin or Identity Manager.",
        "not-looked" => "Look at the new secret first and sign in with it. Only then say whether it works.",
        "rejection-words-missing" => "Say what didn't work, in 1 to 500 characters.",
        "secret-same-as-before" => "This is the current secret, or the one before it. Set a new one at the client's site, then enter that.",
        "nothing-seen" => "Nothing that this person has seen is still in force.",
        "no-target" => "A person changes this secret by hand, so there is no target to ask. Choose a connector first.",
        "signing-key-too-short" => "A signing key has 32 to 200 characters.",
        "job-not-due" => "Somebody works on it already, or its time hasn't come.",

        "not-eligible" => NotEligible(refusal),
        "justification-too-short" => "Say a little more: at least 20 characters, so that others understand why this can't wait.",
        "justification-too-long" => "Keep it to 1,000 characters.",
        "purpose-too-short" => "Say in a few words what you need it for.",
        "auditor-holds-nothing" => "An Auditor never holds access. Ask somebody who works with this identity.",
        "not-on-the-list" => "You are not on the list of approvers for this identity. Somebody who is has to decide.",
        "senior-needed" => "The risk of this identity asks for an Owner or Admin. One of them has to decide.",
        "approved-by-you-already" => "You said yes already. Somebody else has to say it too.",
        "reason-missing" => "Choose what kind of emergency it is.",
        "reference-too-long" => "Keep the incident reference to 100 characters.",
        "duration-out-of-range" => "Choose at least 5 minutes, and no more than the settings allow. The limit may just have been changed.",
        "not-yours-to-continue" => "Only the holder can continue a session, and only on the same credential.",
        "justification-not-updated" => "A new session needs an updated justification: say what has changed since the last one.",
        "already-pending" => "You are already waiting for a decision on this credential. Open that request instead.",
        "already-running" => "You already hold a running session on this credential. Open that session instead.",
        "too-many-sessions" => "Three emergency sessions of the requester are running already. One of them has to end first.",
        "too-many-requests" => "You asked five times within the hour. Call an owner or approver, and wait before asking again.",

        "own-request" => "Nobody decides their own request. Somebody else has to.",
        "not-approver" => "Only Owner, Admin and Approver decide requests.",
        "already-decided" => AlreadyDecided(refusal),
        "window-closed" => "The approval window is over, so this can't be decided any more. The requester can ask again.",
        "window-still-open" => "The approval window is still open.",
        "comment-too-long" => "Keep the comment to 500 characters.",
        "requester-not-eligible" => "The requester may not hold this access any more: their roles or the settings have changed.",
        "not-your-request" => "Only the requester can withdraw a request.",
        "request-not-found" => "There is no such request, or it isn't meant for you.",

        "session-not-found" => "There is no such session, or it isn't meant for you.",
        "not-your-session" => "Only the holder of a session can do this.",
        "session-over" => SessionOver(refusal),
        "session-still-running" => "The session is still running.",
        "emergency-not-extended" => "An emergency can't be extended. Start a new one with an updated justification when this one is over.",
        "already-extended" => "This checkout was extended already; that is possible once. Check in, and check out again.",
        "extension-not-offered" => "The approval policy offers no extension here. Check in, and check out again.",
        "no-longer-eligible" => "Your roles no longer allow this access. Ask an owner or admin.",
        "case-not-found" => "There is no such case, or it isn't meant for you.",
        "not-reviewer" => "Only Owner, Admin and Security Owner review cases. An Auditor can comment.",
        "own-case" => "This emergency is your own, so somebody else looks at it.",
        "decided-case" => "You decided on this emergency, so somebody else looks at it.",
        "case-not-over" => "This emergency isn't over: a request still waits or a session still runs. The verdict comes at the end.",
        "already-reviewed" => AlreadyReviewed(refusal),
        "verdict-missing" => "Choose a verdict: genuine, planned drill, policy gap or misuse.",
        "answer-words-missing" => "Where you answer no, say in 3 to 500 characters what it was, or what would have been right.",
        "verdict-contradicts-answer" => "You say that this was no genuine emergency, so the verdict can't be genuine. Change the answer, or choose another verdict.",
        "follow-up-missing" => "You say that something needs follow-up. Add what, who sees to it and by when – then give the verdict.",
        "follow-up-incomplete" => "Say in 3 to 500 characters what is to be done, by somebody who works here now, and choose a day to come.",
        "follow-up-not-found" => "There is no such follow-up.",
        "not-your-follow-up" => "Only who sees to it, or a reviewer of this case, says that it is done.",
        "remark-missing" => "Write 1 to 1,000 characters.",
        "not-case-reader" => "Only Owner, Admin, Security Owner and Auditor comment on cases.",
        "nothing-to-reopen" => "There is no verdict on this case, so there is nothing to open again.",
        "reopen-reason-missing" => "Say in 3 to 500 characters why it has to be looked at again.",
        "still-in-use" => "This credential is in use, so its secret is rotated. Only where it is out of use somebody can say that the account is closed.",
        "nothing-exposed" => "Nothing that was seen in this emergency is in force any more, so there is nothing to say.",
        "closure-words-missing" => "Say in 3 to 500 characters how the account was closed, and how you know.",

        "not-revoker" => "Only Owner, Admin, Security Owner, and the approver of this session can revoke it.",
        "revoke-reason-missing" => "Say why in 1 to 500 characters: the holder reads it.",

        _ => "The rules don't allow this.",
    };

    /// <summary>Roles as people say them.</summary>
    public static string Name(Roles role) => role switch
    {
        Roles.IdentityManager => "Identity Manager",
        Roles.SecurityOwner => "Security Owner",
        Roles.None => "no role",
        _ => role.ToString(),
    };

    /// <summary>Several roles as a sentence lists them: "Owner and Admin".</summary>
    public static string Names(Roles roles, string last = "and")
    {
        var names = roles.Each().Select(Name).ToList();
        return names.Count switch
        {
            0 => "nobody",
            1 => names[0],
            _ => $"{string.Join(", ", names.Take(names.Count - 1))} {last} {names[^1]}",
        };
    }

    /// <summary>Why somebody with these roles can't start an emergency, and whom to ask.</summary>
    public static string NotEligible(Roles eligible, Roles yours)
        => $"Only {Names(eligible)} can start emergency access. You are {Names(yours)}. Ask one of them to do it, or an admin to widen the list.";

    private static string NotEligible(Refusal refusal)
        => Enum.TryParse<Roles>(Fact(refusal, "eligible"), out var eligible) && Enum.TryParse<Roles>(Fact(refusal, "yours"), out var yours)
            ? NotEligible(eligible, yours)
            : "Your roles don't allow emergency access. Ask an owner or admin.";

    private static string AlreadyDecided(Refusal refusal)
    {
        var by = Fact(refusal, "by");
        return Fact(refusal, "state") switch
        {
            "Approved" => by.Length > 0 ? string.Create(CultureInfo.InvariantCulture, $"{by} was faster: this is approved already.") : "This is approved already.",
            "Denied" => by.Length > 0 ? string.Create(CultureInfo.InvariantCulture, $"{by} was faster: this is denied already.") : "This is denied already.",
            "Withdrawn" => "The requester has withdrawn it meanwhile.",
            "Lapsed" => "This request lapsed: nobody decided in time.",
            _ => "This is decided already.",
        };
    }

    private static string AlreadyReviewed(Refusal refusal)
        => Fact(refusal, "by") is { Length: > 0 } by ? $"{by} has reviewed this case already." : "This case is reviewed already.";

    private static string SessionOver(Refusal refusal) => Fact(refusal, "reason") switch
    {
        "Revoked" => "This session was revoked. Ask again with an updated justification if you still need access.",
        "EndedByHolder" => "You ended this session. Start a new one with an updated justification if you still need access.",
        _ => "The time of this session is up. Start a new one with an updated justification if you still need access.",
    };

    private static string Fact(Refusal refusal, string name, string otherwise = "") => refusal.Facts.TryGetValue(name, out var value) ? value : otherwise;
}
