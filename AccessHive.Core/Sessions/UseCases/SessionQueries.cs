using AccessHive.Core.Kernel;
using AccessHive.Core.Requests;
using AccessHive.Core.Storage;
using AccessHive.Core.Vault;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace AccessHive.Core.Sessions.UseCases;

/// <summary>One session in a list.</summary>
public sealed record SessionRow(
    SessionId Id, PersonId Holder, string HolderName, IdentityId Identity, string IdentityName, string Client, string CredentialLabel,
    bool Emergency, Instant StartedAt, Instant EndsAt, Instant? EndedAt, EndReason? EndReason, int Reveals);

/// <summary>Everything the session's page shows. Never a secret.</summary>
/// <param name="Row">The session.</param>
/// <param name="Request">The request it was granted for.</param>
/// <param name="Credential">The credential it gives access to.</param>
/// <param name="UserName">The name to sign in with.</param>
/// <param name="Address">Where to sign in.</param>
/// <param name="Type">What kind of credential it is.</param>
/// <param name="Fields">What lies beside its main secret and can be revealed.</param>
/// <param name="Justification">Why it was asked for.</param>
/// <param name="ApprovedBy">Who approved it; nobody when no approval was required.</param>
/// <param name="ApproverComment">What they added.</param>
/// <param name="EndedBy">Who ended it.</param>
/// <param name="EndWords">Why it was revoked.</param>
/// <param name="Continues">The session before it.</param>
/// <param name="ContinuedBy">The session after it.</param>
/// <param name="Others">Who else holds the same credential now.</param>
/// <param name="Remaining">How long it still runs, by the product's clock; zero when it is over.</param>
/// <param name="IsActive">Whether it is live.</param>
/// <param name="IsMine">Whether the caller holds it.</param>
/// <param name="MayRevoke">Whether the caller may revoke it now.</param>
/// <param name="MayStartAnother">Whether the holder's roles allow emergency access by the policy as it is now.</param>
public sealed record SessionPage(
    SessionRow Row, RequestId Request, CredentialId Credential, string UserName, string Address, CredentialType Type, IReadOnlyList<CredentialField> Fields, Justification Justification, string? ApprovedBy, string ApproverComment,
    string? EndedBy, string EndWords, SessionId? Continues, SessionId? ContinuedBy, IReadOnlyList<string> Others, Duration Remaining, bool IsActive, bool IsMine, bool MayRevoke, bool MayStartAnother)
{
    /// <summary>When it was extended.</summary>
    public Instant? ExtendedAt { get; init; }

    /// <summary>By how much it could be extended now, by its own terms and the policy as it is; zero for not at all.</summary>
    public Duration Extension { get; init; }

    /// <summary>Whether the secret is only revealed: nothing to check in, nothing to extend.</summary>
    public bool RevealOnly { get; init; }

    /// <summary>Whether the caller could check the credential out again: roles allow it, and it is in use.</summary>
    public bool MayCheckOutAgain { get; init; }
}

/// <summary>What people look at in Sessions.</summary>
public sealed class SessionQueries(IDbContextFactory<HiveContext> contexts, HiveClock clock)
{
    private const int MostPast = 50;

    /// <summary>Running sessions: all for those who may revoke or read the trail, those they approved for approvers, their own for everybody.</summary>
    public async Task<IReadOnlyList<SessionRow>> RunningAsync(PersonId caller, CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var now = clock.Now;
        return await Rows(db, Visible(db, await Reader.AsActorAsync(db, caller, cancellation)).Where(s => s.EndedAt == null && s.EndsAt > now).OrderBy(s => s.EndsAt)).ToListAsync(cancellation);
    }

    /// <summary>The caller's own running sessions, the one that ends first at the top.</summary>
    public async Task<IReadOnlyList<SessionRow>> MineAsync(PersonId caller, CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var now = clock.Now;
        return await Rows(db, db.Sessions.AsNoTracking().Where(s => s.HolderId == caller && s.EndedAt == null && s.EndsAt > now).OrderBy(s => s.EndsAt)).ToListAsync(cancellation);
    }

    /// <summary>Sessions that are over, newest first, as far as the caller may see them.</summary>
    /// <param name="caller">Who looks.</param>
    /// <param name="identity">Only those on this identity.</param>
    /// <param name="cancellation">Cancels the query.</param>
    public async Task<IReadOnlyList<SessionRow>> PastAsync(PersonId caller, IdentityId? identity = null, CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var now = clock.Now;
        var past = Visible(db, await Reader.AsActorAsync(db, caller, cancellation)).Where(s => (s.EndedAt != null || s.EndsAt <= now) && (identity == null || s.IdentityId == identity));
        return await Rows(db, past.OrderByDescending(s => s.StartedAt).Take(MostPast)).ToListAsync(cancellation);
    }

    /// <summary>One session, for its holder and for those who may see it; nothing for everybody else.</summary>
    public async Task<SessionPage?> PageAsync(PersonId caller, SessionId id, CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var actor = await Reader.AsActorAsync(db, caller, cancellation);
        if (await Visible(db, actor).SingleOrDefaultAsync(s => s.Id == id, cancellation) is not { } session)
            return null;
        var now = clock.Now;
        var row = await Rows(db, db.Sessions.Where(s => s.Id == id)).SingleAsync(cancellation);
        var request = await db.Requests.AsNoTracking().SingleAsync(r => r.Id == session.RequestId, cancellation);
        var credential = await db.Credentials.AsNoTracking().Include(c => c.Fields).SingleAsync(c => c.Id == session.CredentialId, cancellation);
        var policy = await db.EmergencyPolicies.AsNoTracking().SingleAsync(cancellation);
        var identity = await db.Identities.AsNoTracking().SingleAsync(i => i.Id == session.IdentityId, cancellation);
        var rules = (await StandardPath.PolicyAsync(db, cancellation)).Rules;
        var others = await db.Sessions.Where(s => s.CredentialId == session.CredentialId && s.Id != id && s.EndedAt == null && s.EndsAt > now)
            .Join(db.People, s => s.HolderId, p => p.Id, (s, p) => p.Name).ToListAsync(cancellation);
        var next = await db.Sessions.Where(s => s.Continues == id).Select(s => (SessionId?)s.Id).FirstOrDefaultAsync(cancellation);
        var active = session.IsActiveAt(now);
        return new SessionPage(
            row, session.RequestId, credential.Id, credential.UserName, credential.Address, credential.Type, [.. credential.Fields.Where(f => f.CurrentVersion > 0 && f.Kind != FieldKind.ConnectorKey)], request.Justification, await NameAsync(db, session.ApprovedBy, cancellation), request.Comment,
            await NameAsync(db, session.EndedBy, cancellation), session.EndWords, session.Continues, next, others, active ? session.EndsAt - now : Duration.Zero,
            active, actor.Is(session.HolderId), active && session.MayBeRevokedBy(actor), policy.Rules.IsEligible(actor.Roles))
        {
            ExtendedAt = session.ExtendedAt,
            Extension = session.MayBeExtendedAt(now) ? Duration.Min(session.Extension, rules.ExtensionFor(identity.Type)) : Duration.Zero,
            RevealOnly = !session.IsEmergency && identity.Type.IsRevealOnly(),
            MayCheckOutAgain = actor.Has(RolePermissions.CanBeEligible) && identity.ArchivedAt is null && credential.ArchivedAt is null,
        };
    }

    internal static IQueryable<AccessSession> Visible(HiveContext db, Actor actor)
    {
        var all = db.Sessions.AsNoTracking();
        if (actor.Has(RolePermissions.Revokers | RolePermissions.TrailReaders))
            return all;
        return actor.Has(Roles.Approver) ? all.Where(s => s.HolderId == actor.Id || s.ApprovedBy == actor.Id) : all.Where(s => s.HolderId == actor.Id);
    }

    internal static IQueryable<SessionRow> Rows(HiveContext db, IQueryable<AccessSession> sessions) => sessions.Select(s => new SessionRow(
        s.Id, s.HolderId, db.People.Where(p => p.Id == s.HolderId).Select(p => p.Name).First(),
        s.IdentityId, db.Identities.Where(i => i.Id == s.IdentityId).Select(i => i.Name).First(), db.Identities.Where(i => i.Id == s.IdentityId).Select(i => i.Client).First(),
        db.Credentials.Where(c => c.Id == s.CredentialId).Select(c => c.Label).First(),
        s.Kind == RequestKind.Emergency, s.StartedAt, s.EndsAt, s.EndedAt, s.EndReason, s.Reveals));

    private static async Task<string?> NameAsync(HiveContext db, PersonId? id, CancellationToken cancellation)
        => id is null ? null : await db.People.Where(p => p.Id == id).Select(p => p.Name).SingleOrDefaultAsync(cancellation);
}
