using AccessHive.Core.Kernel;
using AccessHive.Core.Policies;
using AccessHive.Core.Sessions;
using AccessHive.Core.Storage;
using AccessHive.Core.Vault;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace AccessHive.Core.Requests.UseCases;

/// <summary>A person to turn to.</summary>
/// <param name="Name">Who.</param>
/// <param name="Roles">As what.</param>
/// <param name="IsHere">Whether they have a page open now.</param>
public sealed record Colleague(string Name, Roles Roles, bool IsHere);

/// <summary>The latest request of the caller that nobody decided in time.</summary>
public sealed record LapsedRequest(RequestId Id, IdentityId Identity, string IdentityName, CredentialId Credential, bool Emergency, Instant RaisedAt, Instant DecideBy, int Asked, int Seen);

/// <summary>The latest session of the caller that is over.</summary>
/// <param name="Id">The session.</param>
/// <param name="Identity">On which identity.</param>
/// <param name="IdentityName">Its name.</param>
/// <param name="Credential">Which credential.</param>
/// <param name="Emergency">Whether it was an emergency.</param>
/// <param name="Reason">Why it is over.</param>
/// <param name="EndedAt">Since when.</param>
/// <param name="EndedBy">Who took it away.</param>
/// <param name="Words">Why they did.</param>
/// <param name="Length">How long it was.</param>
/// <param name="Continued">How many sessions in a row continued one another, up to this one; 1 for a single one.</param>
public sealed record PastSession(
    SessionId Id, IdentityId Identity, string IdentityName, CredentialId Credential, bool Emergency, EndReason Reason, Instant EndedAt, string? EndedBy, string Words, Duration Length, int Continued);

/// <summary>What the caller waits for.</summary>
public sealed record WaitingRequest(RequestId Id, string IdentityName, bool Emergency, Instant DecideBy, int Approvals, int ApprovalsNeeded, bool Senior, IReadOnlyList<Colleague> MayDecide);

/// <summary>How the standard path stands for one identity.</summary>
/// <param name="Id">The identity.</param>
/// <param name="Name">Its name.</param>
/// <param name="Archived">Whether it is out of use.</param>
/// <param name="RevealOnly">Whether its secrets are revealed and not checked out.</param>
/// <param name="Risk">Its risk.</param>
/// <param name="Need">Who has to say yes.</param>
/// <param name="Scope">Which list of approvers counts.</param>
/// <param name="ListKey">The client or platform it stands for.</param>
/// <param name="MayDecide">Who could approve for the caller today.</param>
public sealed record IdentityPath(
    IdentityId Id, string Name, bool Archived, bool RevealOnly, RiskLevel Risk, ApprovalNeed Need, ApproverScope Scope, string ListKey, IReadOnlyList<Colleague> MayDecide);

/// <summary>Everything the troubleshooting page says about the person who asks (P14).</summary>
/// <param name="Yours">Their roles.</param>
/// <param name="Emergency">The emergency card as it is now.</param>
/// <param name="Standard">The approval policy as it is now.</param>
/// <param name="Eligible">Who can start an emergency, besides them.</param>
/// <param name="Editors">Who can change settings and roles.</param>
/// <param name="Keepers">Who keeps the identities.</param>
/// <param name="Deciders">Who can decide their emergency requests.</param>
/// <param name="Sessions">How many emergency sessions they hold.</param>
/// <param name="RaisedInLastHour">How many emergency requests they raised within the hour.</param>
/// <param name="NextRequestAt">When they can raise one again, if they raised too many.</param>
/// <param name="Lapsed">Their latest request that lapsed.</param>
/// <param name="Past">Their latest session that is over.</param>
/// <param name="Waiting">What they wait for.</param>
/// <param name="LapsedLately">Emergency requests of anybody that lapsed within 30 days.</param>
/// <param name="Path">The standard path of the identity they ask about.</param>
public sealed record AccessAnswers(
    Roles Yours, EmergencyRules Emergency, ApprovalRules Standard, IReadOnlyList<Colleague> Eligible, IReadOnlyList<Colleague> Editors, IReadOnlyList<Colleague> Keepers, IReadOnlyList<Colleague> Deciders,
    int Sessions, int RaisedInLastHour, Instant? NextRequestAt, LapsedRequest? Lapsed, PastSession? Past, IReadOnlyList<WaitingRequest> Waiting, int LapsedLately, IdentityPath? Path)
{
    /// <summary>Whether their roles let them start an emergency.</summary>
    public bool IsEligible => Emergency.IsEligible(Yours);

    /// <summary>Whether they are nothing but an Auditor, who never holds access.</summary>
    public bool HoldsNothing => !Yours.HasAny(RolePermissions.CanBeEligible);
}

/// <summary>Why something doesn't work for somebody, and whom to ask: read anew each time, for the person who asks.</summary>
public sealed class ExplainAccess(IDbContextFactory<HiveContext> contexts, IPresence presence, HiveClock clock)
{
    /// <summary>The answers for this person.</summary>
    /// <param name="caller">Who asks.</param>
    /// <param name="identity">The identity they ask about, if they came from one.</param>
    /// <param name="cancellation">Cancels the query.</param>
    public async Task<AccessAnswers> ReadAsync(PersonId caller, IdentityId? identity, CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var now = clock.Now;
        var me = await Reader.AsActorAsync(db, caller, cancellation);
        var card = await db.EmergencyPolicies.AsNoTracking().SingleAsync(cancellation);
        var standard = await db.ApprovalPolicies.AsNoTracking().SingleAsync(cancellation);
        var others = (await Outlook.ActiveAsync(db, cancellation)).Where(p => !p.Is(caller)).ToList();
        var raised = await db.Requests.Where(r => r.RequesterId == caller && r.Kind == RequestKind.Emergency && r.RaisedAt > now - Duration.FromHours(1)).OrderBy(r => r.RaisedAt).Select(r => r.RaisedAt).ToListAsync(cancellation);
        return new AccessAnswers(
            me.Roles, (await ReviewDebts.ReadAsync(db, now, cancellation)).InForce(card.Rules), standard.Rules,
            With(others, card.Rules.EligibleRoles), With(others, RolePermissions.SettingsEditors), With(others, RolePermissions.VaultManagers), With(others, RolePermissions.Deciders),
            await db.Sessions.CountAsync(s => s.HolderId == caller && s.Kind == RequestKind.Emergency && s.EndedAt == null && s.EndsAt > now, cancellation),
            raised.Count, raised.Count >= AccessRequest.MostRequestsPerHour ? raised[^AccessRequest.MostRequestsPerHour] + Duration.FromHours(1) : null,
            await LapsedAsync(db, caller, now, cancellation), await PastAsync(db, caller, now, cancellation), await WaitingAsync(db, caller, others, now, cancellation),
            await db.Requests.CountAsync(r => r.State == RequestState.Lapsed && r.Kind == RequestKind.Emergency && r.RaisedAt > now - Duration.FromDays(30), cancellation),
            identity is { } id ? await PathAsync(db, id, standard.Rules, caller, cancellation) : null);
    }

    private static async Task<LapsedRequest?> LapsedAsync(HiveContext db, PersonId caller, Instant now, CancellationToken cancellation)
        => await db.Requests.AsNoTracking()
            .Where(r => r.RequesterId == caller && (r.State == RequestState.Lapsed || (r.State == RequestState.Pending && r.DecideBy <= now)))
            .OrderByDescending(r => r.RaisedAt)
            .Select(r => new LapsedRequest(
                r.Id, r.IdentityId, db.Identities.Where(i => i.Id == r.IdentityId).Select(i => i.Name).First(), r.CredentialId, r.Kind == RequestKind.Emergency, r.RaisedAt, r.DecideBy,
                db.Asks.Count(a => a.RequestId == r.Id), db.Asks.Count(a => a.RequestId == r.Id && a.ShownAt != null)))
            .FirstOrDefaultAsync(cancellation);

    private static async Task<PastSession?> PastAsync(HiveContext db, PersonId caller, Instant now, CancellationToken cancellation)
    {
        var latest = await db.Sessions.AsNoTracking().Where(s => s.HolderId == caller && (s.EndedAt != null || s.EndsAt <= now)).OrderByDescending(s => s.StartedAt).FirstOrDefaultAsync(cancellation);
        if (latest is null)
            return null;
        var continued = 1;
        for (var before = latest.Continues; before is { } id && continued < 100; continued++)
            before = await db.Sessions.Where(s => s.Id == id).Select(s => s.Continues).SingleAsync(cancellation);
        var name = await db.Identities.Where(i => i.Id == latest.IdentityId).Select(i => i.Name).SingleAsync(cancellation);
        var endedBy = await db.People.Where(p => p.Id == latest.EndedBy).Select(p => p.Name).SingleOrDefaultAsync(cancellation);
        var endedAt = latest.EndedAt ?? latest.EndsAt;
        return new PastSession(
            latest.Id, latest.IdentityId, name, latest.CredentialId, latest.IsEmergency, latest.EndReason ?? EndReason.Expired, endedAt, endedBy, latest.EndWords, endedAt - latest.StartedAt, continued);
    }

    private async Task<IReadOnlyList<WaitingRequest>> WaitingAsync(HiveContext db, PersonId caller, IReadOnlyList<Actor> others, Instant now, CancellationToken cancellation)
    {
        var waiting = await db.Requests.AsNoTracking().Include(r => r.Approvals)
            .Where(r => r.RequesterId == caller && r.State == RequestState.Pending && r.DecideBy > now).OrderBy(r => r.DecideBy).ToListAsync(cancellation);
        List<WaitingRequest> answers = [];
        foreach (var request in waiting)
        {
            var at = await StandardPath.CircumstancesAsync(db, request, requester: null, 0, now, cancellation);
            var need = request.Terms.Need.And(at.Need);
            var name = await db.Identities.Where(i => i.Id == request.IdentityId).Select(i => i.Name).SingleAsync(cancellation);
            answers.Add(new WaitingRequest(
                request.Id, name, request.IsEmergency, request.DecideBy, request.Approvals.Count, need.Approvals, need.Senior,
                Colleagues(others.Where(p => request.MayBeDecidedBy(p, at.Approvers, at.Need) is null))));
        }

        return answers;
    }

    private async Task<IdentityPath?> PathAsync(HiveContext db, IdentityId id, ApprovalRules rules, PersonId caller, CancellationToken cancellation)
    {
        if (await db.Identities.AsNoTracking().SingleOrDefaultAsync(i => i.Id == id, cancellation) is not { } identity)
            return null;
        var list = await StandardPath.ListAsync(db, identity, cancellation);
        var need = rules.NeedFor(identity.Type, identity.Risk);
        var may = Colleagues(await StandardPath.WhoCouldAsync(db, identity, need, caller, cancellation));
        return new IdentityPath(id, identity.Name, identity.ArchivedAt is not null, identity.Type.IsRevealOnly(), identity.Risk, need, list.Scope, list.Scope is ApproverScope.Identity ? "" : list.Key, may);
    }

    private IReadOnlyList<Colleague> With(IEnumerable<Actor> people, Roles roles) => Colleagues(people.Where(p => p.Roles.HasAny(roles)));

    // Who is here can help now, and stands first.
    private IReadOnlyList<Colleague> Colleagues(IEnumerable<Actor> people)
    {
        var here = presence.Here();
        return [.. people.Select(p => new Colleague(p.Name, p.Roles, here.Contains(p.Id!.Value))).OrderByDescending(h => h.IsHere).ThenBy(h => h.Name, StringComparer.CurrentCultureIgnoreCase)];
    }
}
