using AccessHive.Core.Kernel;
using AccessHive.Core.Policies;
using AccessHive.Core.Requests;
using AccessHive.Core.Requests.UseCases;
using AccessHive.Core.Sessions;
using AccessHive.Core.Vault;
using AccessHive.Web.Features.Shared;
using NodaTime;

namespace AccessHive.Web.Features.Requests;

/// <summary>A step that helps, and where it is done.</summary>
/// <param name="Words">What to do.</param>
/// <param name="Href">Where; nowhere in the product, if null.</param>
public sealed record TroubleStep(string Words, string? Href = null);

/// <summary>What the troubleshooting page answers to somebody: why it is so for them, and what they can do now (P14).</summary>
/// <param name="Why">Sentences, the shortest answer first.</param>
/// <param name="Steps">What to do, the most promising first.</param>
public sealed record TroubleAnswer(IReadOnlyList<string> Why, IReadOnlyList<TroubleStep> Steps)
{
    /// <summary>The answer to a case.</summary>
    /// <param name="of">Which case.</param>
    /// <param name="a">The facts about the person who asks.</param>
    /// <param name="hour">How an instant is said in the reader's zone.</param>
    public static TroubleAnswer To(TroubleCase of, AccessAnswers a, Func<Instant, string> hour) => of.Key switch
    {
        TroubleCase.NotAvailable => NotAvailable(a),
        TroubleCase.Expired => Expired(a, hour),
        TroubleCase.NotApproved => NotApproved(a, hour),
        TroubleCase.Revoked => Revoked(a, hour),
        TroubleCase.Limits => Limits(a, hour),
        TroubleCase.CannotCheckOut => CannotCheckOut(a),
        TroubleCase.Waiting => Waiting(a, hour),
        TroubleCase.CannotExtend => CannotExtend(a),
        TroubleCase.Hidden => Hidden,
        TroubleCase.DoesNotLogIn => DoesNotLogIn(a),
        TroubleCase.CaseStaysOpen => CaseStaysOpen(a),
        _ => RotationStuck(a),
    };

    private static TroubleAnswer Hidden { get; } = new(
        [
            "A secret is shown for 30 seconds at a time, and goes sooner when the page loses its connection, when the tab is hidden for long, or when the session ends.",
            "That is on purpose: what is on a screen is what others can read over a shoulder.",
        ],
        [new("Open your session and reveal it again; each time is recorded.", "sessions"), new("Use Copy: the secret goes into the clipboard without being shown.", "sessions")]);

    private static TroubleAnswer NotAvailable(AccessAnswers a)
    {
        if (a.IsEligible)
            return new(
                [$"It is available to you: you are {RefusalWords.Names(a.Yours)}, and {RefusalWords.Names(a.Emergency.EligibleRoles)} can start emergency access.", "If it was greyed out a moment ago, the settings have just changed; the page follows by itself."],
                [new("Open the identity and choose Emergency Access.", Identity(a))]);
        return new(
            [$"Your roles are {RefusalWords.Names(a.Yours)}. Eligible are {RefusalWords.Names(a.Emergency.EligibleRoles)}."],
            [
                new($"Ask somebody who is eligible to do it: {Names(a.Eligible)}.", "people"),
                new($"If you should be able to yourself, ask {Names(a.Editors)} to give you an eligible role, or to widen the list in Settings > Emergency Access.", "settings/emergency-access"),
                new("If it can wait, check out in the usual way.", Identity(a)),
            ]);
    }

    private static TroubleAnswer Expired(AccessAnswers a, Func<Instant, string> hour)
    {
        var limit = ReasonWords.Minutes(a.Emergency.MaximumDuration);
        List<string> why = [$"Emergency access ends by itself after at most {limit}, and it can't be extended: a hard limit that nobody can forget."];
        List<TroubleStep> steps = [];
        if (a.Past is { Reason: EndReason.Expired } past)
        {
            why.Insert(0, $"Your last session on {past.IdentityName} ran for {ReasonWords.Minutes(past.Length)} and ended at {hour(past.EndedAt)}.");
            if (past.Continued > 2)
                why.Add($"It was the {Nth(past.Continued)} in a row. When that keeps happening, the limit is too short for the work.");
            steps.Add(new($"Open {past.IdentityName} and start a new one. Say what has changed since: the same words again are refused.", $"identities/{past.Identity}"));
        }
        else
        {
            steps.Add(new("Start a new session, with an updated justification.", Identity(a)));
        }

        steps.Add(new($"If {limit} is regularly too short, ask {Names(a.Editors)} to raise the maximum duration. It never lengthens a session that runs.", "settings/emergency-access"));
        steps.Add(new("For work that takes longer and can be planned, check out in the usual way.", Identity(a)));
        return new(why, steps);
    }

    private static TroubleAnswer NotApproved(AccessAnswers a, Func<Instant, string> hour)
    {
        List<string> why = [];
        if (a.Lapsed is { } lapsed)
            why.Add($"Your request for {lapsed.IdentityName} lapsed at {hour(lapsed.DecideBy)}: {Asked(lapsed)}.");
        why.Add(a.Emergency.RequireApproval
            ? $"An emergency request lapses when nobody decides within {ReasonWords.Minutes(a.Emergency.ApprovalWindow)}. Silence never grants."
            : "No approval is required at the moment: an eligible person is granted access at once.");
        why.Add(Here(a.Deciders) is { Count: > 0 } here ? $"Here right now: {Names(here)}." : "None of those who could decide has a page open right now.");
        if (a.LapsedLately >= EmergencyLapses)
            why.Add($"Within 30 days {a.LapsedLately} emergency requests lapsed: there is no cover around the clock.");
        return new(why,
        [
            new($"Call one of them, then ask again: {Names(a.Deciders)}.", a.Lapsed is { } again ? $"identities/{again.Identity}" : Identity(a)),
            new($"If this keeps happening, tell {Names(a.Editors)}: name more approvers for nights and weekends, make the window longer, or switch the approval off.", "settings/emergency-access"),
        ]);
    }

    private static TroubleAnswer Revoked(AccessAnswers a, Func<Instant, string> hour)
    {
        if (a.Past is not { Reason: EndReason.Revoked } past)
            return new(["None of your latest sessions was revoked.", "Owner, Admin, Security Owner and the approver of a session can revoke it; losing an eligible role does so too."], [new("Look at your sessions.", "sessions")]);
        return new(
            [$"Your session on {past.IdentityName} was revoked by {past.EndedBy ?? "AccessHive"} at {hour(past.EndedAt)}. The reason given: {(past.Words.Length > 0 ? past.Words : "none")}"],
            [
                new(past.EndedBy is { } by ? $"Talk to {by}." : $"Ask {Names(a.Editors)}: your roles or the settings have changed.", "people"),
                new("Look at the session.", $"sessions/{past.Id}"),
                new("If you still need access and may, ask again and say what has changed.", $"identities/{past.Identity}"),
            ]);
    }

    private static TroubleAnswer Limits(AccessAnswers a, Func<Instant, string> hour)
    {
        List<string> why =
        [
            $"You hold {a.Sessions} of {AccessRequest.MostRunningSessions} emergency sessions, and asked {Times(a.RaisedInLastHour)} within the hour; {AccessRequest.MostRequestsPerHour} times are allowed.",
        ];
        if (a.NextRequestAt is { } next)
            why.Add($"You can ask again from {hour(next)} on.");
        List<TroubleStep> steps = [];
        if (a.Sessions >= AccessRequest.MostRunningSessions)
            steps.Add(new("End a session that you don't need any more.", "sessions"));
        steps.Add(new($"If it can't wait, let somebody else do it: {Names(a.Eligible)}.", "people"));
        return new(why, steps);
    }

    private static TroubleAnswer CannotCheckOut(AccessAnswers a)
    {
        if (a.HoldsNothing)
            return new([$"You are {RefusalWords.Names(a.Yours)}, and an Auditor never holds access."], [new($"Ask {Names(a.Editors)} for another role, if your work has changed.", "people")]);
        if (a.Path is not { } path)
            return new(
                ["You can check out every identity that is in use, one session and one waiting request for each credential."],
                [new("Open the identity; its page says what can be done with it.", "identities"), new("Look at what you wait for and what you hold.", "sessions")]);
        List<string> why = [];
        if (path.Archived)
            why.Add($"{path.Name} is archived and out of use.");
        if (path.RevealOnly)
            why.Add($"{path.Name} is used by programs: its secrets are revealed for a short time and not checked out.");
        why.Add(path.Need.Approvals == 0 ? "Nobody has to approve." : $"{Need(path.Need)} has to approve, from {List(path)}.");
        if (path.Need.Approvals > path.MayDecide.Count)
            why.Add(path.MayDecide.Count == 0 ? "Nobody on that list could approve for you today, so a request would lapse." : $"Only {Names(path.MayDecide)} could, which is not enough.");
        List<TroubleStep> steps = [new($"Open {path.Name}.", $"identities/{path.Id}")];
        if (path.Archived)
            steps.Add(new($"Ask {Names(a.Keepers)} to bring it back.", "people"));
        if (path.Need.Approvals > path.MayDecide.Count)
            steps.Add(new($"Ask {Names(a.Editors)} to name approvers in Settings > Approval Policies.", "settings/approvals"));
        if (a.IsEligible)
            steps.Add(new("If waiting would do harm, choose Emergency Access.", $"identities/{path.Id}"));
        return new(why, steps);
    }

    private static TroubleAnswer Waiting(AccessAnswers a, Func<Instant, string> hour)
    {
        if (a.Waiting is not [var first, ..])
            return new(["You wait for no decision at the moment."], [new("Look at what was decided.", "inbox")]);
        var given = first.ApprovalsNeeded > 1 ? $" {first.Approvals} of {first.ApprovalsNeeded} approvals are given." : "";
        List<string> why =
        [
            $"Your request for {first.IdentityName} waits until {hour(first.DecideBy)}.{given}",
            first.MayDecide.Count == 0 ? "Nobody could decide it today: it will lapse unless that changes." : $"Who can decide it: {Names(first.MayDecide)}{(first.Senior ? " (its risk asks for an Owner or Admin)" : "")}.",
        ];
        List<TroubleStep> steps = [];
        if (first.MayDecide.Count > 0)
            steps.Add(new($"Call one of them: {Names(Here(first.MayDecide) is { Count: > 0 } here ? here : first.MayDecide)}.", $"requests/{first.Id}"));
        else
            steps.Add(new($"Ask {Names(a.Editors)} to name approvers in Settings > Approval Policies.", "settings/approvals"));
        if (!first.Emergency && a.IsEligible)
            steps.Add(new("If waiting would do harm, turn it into an emergency on its page.", $"requests/{first.Id}"));
        if (!first.Emergency && !a.IsEligible)
            steps.Add(new($"If waiting would do harm, ask somebody who can start an emergency: {Names(a.Eligible)}.", "people"));
        return new(why, steps);
    }

    private static TroubleAnswer CannotExtend(AccessAnswers a) => new(
        [
            a.Standard.Extension > Duration.Zero
                ? $"A checkout can be extended once, by {ReasonWords.Minutes(a.Standard.Extension)}, while it runs."
                : "The approval policy offers no extension.",
            "Emergency access and reveals of keys can't be extended.",
        ],
        [
            new("Check in, and check out again.", "sessions"),
            new("In an emergency, start a new one with an updated justification when this one is over.", Identity(a)),
            new($"If the time is regularly too short, ask {Names(a.Editors)} to change the checkout duration ({ReasonWords.Minutes(a.Standard.CheckoutDuration)} now).", "settings/approvals"),
        ]);

    private static TroubleAnswer DoesNotLogIn(AccessAnswers a) => new(
        ["The password may have been changed since it was shown: after a session it is rotated, and the old one stops working.", "Or somebody changed it at the other side without AccessHive."],
        [
            new("Reveal it again in a running session: that shows the one in force now.", "sessions"),
            new("See whether a rotation is under way, or needs a person.", "identities/rotations"),
            new($"Otherwise tell somebody who keeps the identities: {Names(a.Keepers)}.", "people"),
        ]);

    private static TroubleAnswer RotationStuck(AccessAnswers a) => new(
        [
            "A rotation waits for the last session on the credential, tries five times with growing pauses, and then needs a person. Whatever happens, one of the stored passwords works.",
            "A manual task needs two people: one changes the password and enters it, another confirms that it logs in.",
        ],
        [
            new("Look at its state, tries and next try, or retry now.", "identities/rotations"),
            new(a.Yours.HasAny(RolePermissions.VaultManagers) ? "You keep identities: you can enter or confirm a new password there." : $"Tell somebody who keeps the identities: {Names(a.Keepers)}.", "identities/rotations"),
        ]);

    private static TroubleAnswer CaseStaysOpen(AccessAnswers a) => new(
        [
            "A case closes by itself, and only when its emergency is ended, and the secret that was seen is rotated, and somebody else has reviewed it. Nobody can close it by hand.",
            $"Who asked and who decided can't review it, whichever roles they hold; {RefusalWords.Names(RolePermissions.Reviewers)} can, if they did neither.",
        ],
        [
            new("Open the case: its three tiles say which gate is open, and what is next.", "cases"),
            new("Rotated: see what its rotation waits for.", "identities/rotations"),
            new($"Reviewed, and nobody is left who may: ask {Names(a.Editors)} to give Security Owner to somebody who neither asked nor decided.", "people"),
        ]);

    private const int EmergencyLapses = 2;

    private static string Identity(AccessAnswers a) => a.Path is { } path ? $"identities/{path.Id}" : "identities";

    private static IReadOnlyList<Colleague> Here(IReadOnlyList<Colleague> people) => [.. people.Where(p => p.IsHere)];

    private static string Asked(LapsedRequest lapsed) => lapsed.Asked switch
    {
        0 => "nobody who could approve was reachable",
        1 => lapsed.Seen == 0 ? "one approver was asked and didn't see it" : "one approver was asked and saw it",
        var count => $"{count} approvers were asked, {(lapsed.Seen == 0 ? "none saw it" : $"{lapsed.Seen} saw it")}",
    };

    private static string Need(ApprovalNeed need) => need switch
    {
        { Approvals: > 1, Senior: true } => "Each of two different people, both Owner or Admin,",
        { Approvals: > 1 } => "Each of two different people",
        { Senior: true } => "One Owner or Admin",
        _ => "One person",
    };

    private static string List(IdentityPath path) => path.Scope switch
    {
        ApproverScope.Identity => "the list of this identity",
        ApproverScope.Client => $"the list of client {path.ListKey}",
        ApproverScope.Platform => $"the list of platform {path.ListKey}",
        _ => "the agency's list",
    };

    private static string Nth(int number) => number == 3 ? "3rd" : $"{number}th";

    private static string Times(int count) => count switch { 0 => "not at all", 1 => "once", _ => $"{count} times" };

    // More than a handful is nobody's list to call.
    private static string Names(IReadOnlyList<Colleague> people) => people.Count switch
    {
        0 => "nobody else – there is nobody at the moment",
        1 => Name(people[0]),
        <= 5 => $"{string.Join(", ", people.Take(people.Count - 1).Select(Name))} or {Name(people[^1])}",
        _ => $"{string.Join(", ", people.Take(4).Select(Name))} or one of {people.Count - 4} others",
    };

    private static string Name(Colleague person) => person.IsHere ? $"{person.Name} (here now)" : person.Name;
}
