using AccessHive.Core.Kernel;
using AccessHive.Core.Policies;
using AccessHive.Core.Requests;
using AccessHive.Core.Sessions;
using AccessHive.Core.Storage;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace AccessHive.Core.Vault.UseCases;

/// <summary>What the list is narrowed to.</summary>
/// <param name="Search">Words in name, client or platform; all of them must occur.</param>
/// <param name="Type">One kind only.</param>
/// <param name="Client">One client only.</param>
/// <param name="Platform">One platform only.</param>
/// <param name="Archived">Those out of use instead of those in use.</param>
/// <param name="Exposed">Only those of which somebody has seen a secret that was not changed since.</param>
public sealed record IdentityFilter(string Search = "", IdentityType? Type = null, string Client = "", string Platform = "", bool Archived = false, bool Exposed = false)
{
    /// <summary>Longest search.</summary>
    public const int SearchLength = 100;
}

/// <summary>One row of the list.</summary>
public sealed record IdentityRow(IdentityId Id, string Name, IdentityType Type, string Platform, string Client, string? Owner, int Credentials, bool InEmergency, RiskLevel Risk, int Exposed = 0);

/// <summary>One page of the list.</summary>
/// <param name="Rows">The rows, by name.</param>
/// <param name="Total">How many match, counted up to <see cref="IdentityQueries.CountCap"/>.</param>
/// <param name="HasMore">Whether another page follows.</param>
public sealed record IdentityListPage(IReadOnlyList<IdentityRow> Rows, int Total, bool HasMore);

/// <summary>One credential on the identity's page.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Label">What it is.</param>
/// <param name="UserName">The name to sign in with.</param>
/// <param name="Address">Where to sign in.</param>
/// <param name="SecretVersion">Which version of the secret is in force.</param>
/// <param name="SecretChangedAt">Since when.</param>
/// <param name="MyPending">The caller's own request that waits for a decision.</param>
/// <param name="MySession">The caller's own running session.</param>
/// <param name="Type">What kind of credential.</param>
/// <param name="Fields">What lies beside its main secret.</param>
public sealed record CredentialCard(
    CredentialId Id, string Label, string UserName, string Address, int SecretVersion, Instant SecretChangedAt, RequestId? MyPending, SessionId? MySession,
    CredentialType Type, IReadOnlyList<FieldCard> Fields)
{
    /// <summary>Which way the caller's own request or session on it goes; nothing, when there is none.</summary>
    public RequestKind? MyKind { get; init; }
}

/// <summary>Something that lies beside a main secret. Never what it is.</summary>
/// <param name="Kind">What.</param>
/// <param name="ChangedAt">Since when.</param>
/// <param name="Total">Recovery codes: how many were entered.</param>
/// <param name="Left">Recovery codes: how many are left.</param>
public sealed record FieldCard(FieldKind Kind, Instant ChangedAt, int Total, int Left);

/// <summary>What a version of a secret is now.</summary>
public enum VersionState
{
    /// <summary>It is the one in force.</summary>
    InForce,

    /// <summary>A newer one took its place.</summary>
    Replaced,

    /// <summary>A rotation has made it, and it is not in force: not yet, or never.</summary>
    Staged,
}

/// <summary>One version of a main secret or of a field beside it. Never the secret.</summary>
/// <param name="Field">What of the credential.</param>
/// <param name="Version">Which version, from 1.</param>
/// <param name="SealedAt">Since when it is kept.</param>
/// <param name="By">Who entered it; AccessHive by a rotation, if null.</param>
/// <param name="State">What it is now.</param>
/// <param name="VerifiedAt">When a rotation last logged in with it.</param>
public sealed record VersionRow(FieldKind Field, int Version, Instant SealedAt, string? By, VersionState State, Instant? VerifiedAt);

/// <summary>A running session on the identity.</summary>
public sealed record RunningHere(SessionId Session, PersonId Holder, string HolderName, CredentialId Credential, string CredentialLabel, Instant StartedAt, Instant EndsAt, bool Emergency);

/// <summary>Everything the identity's page shows.</summary>
public sealed record IdentityPage(
    IdentityId Id, IdentityDetails Details, string? OwnerName, Instant CreatedAt, Instant? ArchivedAt, long Version, IReadOnlyList<CredentialCard> Credentials, IReadOnlyList<RunningHere> Running)
{
    /// <summary>What a checkout of it takes, by the policy as it is now.</summary>
    public required CheckoutTerms Checkout { get; init; }
}

/// <summary>What a checkout takes.</summary>
/// <param name="Longest">How long it lasts at most.</param>
/// <param name="Need">Who has to say yes.</param>
/// <param name="RevealOnly">Whether the secret is only revealed: nothing to check in.</param>
public sealed record CheckoutTerms(Duration Longest, ApprovalNeed Need, bool RevealOnly);

/// <summary>Somebody who can answer for an identity.</summary>
public sealed record OwnerChoice(PersonId Id, string Name);

/// <summary>What became of an access that somebody asked for.</summary>
public enum AccessOutcome
{
    /// <summary>Nobody has decided yet.</summary>
    Waiting,

    /// <summary>Somebody said no.</summary>
    Denied,

    /// <summary>Whoever asked took it back.</summary>
    Withdrawn,

    /// <summary>Nobody decided in time.</summary>
    Lapsed,

    /// <summary>It was granted, and is held.</summary>
    Running,

    /// <summary>The time was used up.</summary>
    Expired,

    /// <summary>The holder was done.</summary>
    EndedByHolder,

    /// <summary>It was taken away.</summary>
    Revoked,
}

/// <summary>One access in the identity's history: the request, and the session it led to.</summary>
/// <param name="Request">The request.</param>
/// <param name="Who">Who asked.</param>
/// <param name="CredentialLabel">For which credential.</param>
/// <param name="Emergency">Whether it was an emergency.</param>
/// <param name="AskedAt">When they asked.</param>
/// <param name="Outcome">What became of it.</param>
/// <param name="DecidedBy">Who decided; nobody, when no approval was required or nobody did.</param>
/// <param name="StartedAt">When the session began, if there was one.</param>
/// <param name="EndedAt">When it was over.</param>
/// <param name="TurnedInto">The emergency request that took its place.</param>
public sealed record PastAccess(
    RequestId Request, string Who, string CredentialLabel, bool Emergency, Instant AskedAt, AccessOutcome Outcome, string? DecidedBy, Instant? StartedAt, Instant? EndedAt, RequestId? TurnedInto = null);

/// <summary>What people look at in the vault. Never a secret.</summary>
public sealed class IdentityQueries(IDbContextFactory<HiveContext> contexts, HiveClock clock)
{
    /// <summary>Rows on a page.</summary>
    public const int PageSize = 50;

    /// <summary>Pages are counted up to here, from 0; an address bar can ask for any number.</summary>
    public const int LastPage = 1_000_000;

    /// <summary>Counting stops here: "1,000+".</summary>
    public const int CountCap = 1000;

    // One more character than any field holds finds nothing, and so does everything beyond it.
    private const int LongestWord = IdentityDetails.NameLength + 1;

    /// <summary>Longest history shown; the trail has the rest.</summary>
    public const int HistoryLength = 20;

    /// <summary>One page of the list, by name.</summary>
    /// <param name="filter">What it is narrowed to.</param>
    /// <param name="page">From 0.</param>
    /// <param name="cancellation">Cancels the query.</param>
    public async Task<IdentityListPage> ListAsync(IdentityFilter filter, int page = 0, CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var matching = Matching(db, filter);
        var now = clock.Now;
        var rows = await matching.OrderBy(i => i.Name).ThenBy(i => i.Id).Skip(Math.Clamp(page, 0, LastPage) * PageSize).Take(PageSize + 1)
            .Select(i => new IdentityRow(
                i.Id, i.Name, i.Type, i.Platform, i.Client,
                db.People.Where(p => p.Id == i.OwnerId).Select(p => p.Name).FirstOrDefault(),
                db.Credentials.Count(c => c.IdentityId == i.Id && c.ArchivedAt == null),
                db.Sessions.Any(s => s.IdentityId == i.Id && s.EndedAt == null && s.EndsAt > now && s.Kind == RequestKind.Emergency),
                i.Risk,
                db.Credentials.Count(c => c.IdentityId == i.Id && c.ArchivedAt == null && c.ExposedSince != null)))
            .ToListAsync(cancellation);
        var total = await matching.OrderBy(i => i.Id).Take(CountCap + 1).CountAsync(cancellation);
        return new IdentityListPage([.. rows.Take(PageSize)], total, rows.Count > PageSize);
    }

    /// <summary>The clients and platforms in use, for the filters; the first 200 of each, by name.</summary>
    public async Task<(IReadOnlyList<string> Clients, IReadOnlyList<string> Platforms)> FacetsAsync(CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var clients = await db.Identities.Where(i => i.ArchivedAt == null && i.Client != "").Select(i => i.Client).Distinct().OrderBy(c => c).Take(200).ToListAsync(cancellation);
        var platforms = await db.Identities.Where(i => i.ArchivedAt == null && i.Platform != "").Select(i => i.Platform).Distinct().OrderBy(p => p).Take(200).ToListAsync(cancellation);
        return (clients, platforms);
    }

    /// <summary>The identity's page for this caller; nothing, if there is no such identity.</summary>
    public async Task<IdentityPage?> PageAsync(PersonId caller, IdentityId id, CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        if (await db.Identities.AsNoTracking().SingleOrDefaultAsync(i => i.Id == id, cancellation) is not { } identity)
            return null;
        var now = clock.Now;
        var owner = identity.OwnerId is { } ownerId ? await db.People.Where(p => p.Id == ownerId).Select(p => p.Name).SingleOrDefaultAsync(cancellation) : null;
        var credentials = await db.Credentials.Where(c => c.IdentityId == id && c.ArchivedAt == null).OrderBy(c => c.Id)
            .Select(c => new CredentialCard(
                c.Id, c.Label, c.UserName, c.Address, c.CurrentVersion, c.SecretChangedAt,
                db.Requests.Where(r => r.RequesterId == caller && r.CredentialId == c.Id && r.State == RequestState.Pending && r.DecideBy > now).Select(r => (RequestId?)r.Id).FirstOrDefault(),
                db.Sessions.Where(s => s.HolderId == caller && s.CredentialId == c.Id && s.EndedAt == null && s.EndsAt > now).Select(s => (SessionId?)s.Id).FirstOrDefault(),
                c.Type, db.CredentialFields.Where(f => f.CredentialId == c.Id && f.CurrentVersion > 0).OrderBy(f => f.Kind).Select(f => new FieldCard(f.Kind, f.ChangedAt, f.Total, f.Left)).ToList())
            {
                MyKind = db.Sessions.Where(s => s.HolderId == caller && s.CredentialId == c.Id && s.EndedAt == null && s.EndsAt > now).Select(s => (RequestKind?)s.Kind).FirstOrDefault()
                    ?? db.Requests.Where(r => r.RequesterId == caller && r.CredentialId == c.Id && r.State == RequestState.Pending && r.DecideBy > now).Select(r => (RequestKind?)r.Kind).FirstOrDefault(),
            })
            .ToListAsync(cancellation);
        var rules = (await StandardPath.PolicyAsync(db, cancellation)).Rules;
        var running = await db.Sessions.Where(s => s.IdentityId == id && s.EndedAt == null && s.EndsAt > now).OrderBy(s => s.EndsAt)
            .Select(s => new RunningHere(s.Id, s.HolderId, db.People.Where(p => p.Id == s.HolderId).Select(p => p.Name).First(), s.CredentialId,
                db.Credentials.Where(c => c.Id == s.CredentialId).Select(c => c.Label).First(), s.StartedAt, s.EndsAt, s.Kind == RequestKind.Emergency))
            .ToListAsync(cancellation);
        return new IdentityPage(id, identity.Details, owner, identity.CreatedAt, identity.ArchivedAt, identity.Version, credentials, running)
        {
            Checkout = new CheckoutTerms(rules.LongestFor(identity.Type), rules.NeedFor(identity.Type, identity.Risk), identity.Type.IsRevealOnly()),
        };
    }

    /// <summary>The latest accesses to the identity, newest first: all for those who decide or read the trail, their own for everybody else.</summary>
    public async Task<IReadOnlyList<PastAccess>> HistoryAsync(PersonId caller, IdentityId id, CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var person = await db.People.AsNoTracking().SingleOrDefaultAsync(p => p.Id == caller, cancellation);
        var seesAll = person is { IsActive: true } && person.Roles.HasAny(RolePermissions.Deciders | RolePermissions.TrailReaders);
        var now = clock.Now;
        var rows = await db.Requests.AsNoTracking().Where(r => r.IdentityId == id && (seesAll || r.RequesterId == caller))
            .OrderByDescending(r => r.RaisedAt).ThenByDescending(r => r.Id).Take(HistoryLength)
            .Select(r => new
            {
                Request = r,
                Who = db.People.Where(p => p.Id == r.RequesterId).Select(p => p.Name).First(),
                Label = db.Credentials.Where(c => c.Id == r.CredentialId).Select(c => c.Label).First(),
                DecidedBy = db.People.Where(p => p.Id == r.DecidedBy).Select(p => p.Name).FirstOrDefault(),
                Session = db.Sessions.FirstOrDefault(s => s.RequestId == r.Id),
            })
            .ToListAsync(cancellation);
        return [.. rows.Select(x => new PastAccess(
            x.Request.Id, x.Who, x.Label, x.Request.IsEmergency, x.Request.RaisedAt, Outcome(x.Request, x.Session, now), x.DecidedBy,
            x.Session?.StartedAt, x.Session?.EndedAt ?? (x.Session?.EndsAt <= now ? x.Session.EndsAt : null), x.Request.TurnedInto))];
    }

    /// <summary>The versions of a credential's secrets, newest first, for those who keep the vault; nothing for everybody else.</summary>
    public async Task<IReadOnlyList<VersionRow>> VersionsAsync(PersonId caller, CredentialId id, CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var reader = await Reader.AsActorAsync(db, caller, cancellation);
        if (!reader.Has(RolePermissions.VaultManagers) || await db.Credentials.AsNoTracking().Include(c => c.Fields).SingleOrDefaultAsync(c => c.Id == id, cancellation) is not { } credential)
            return [];
        var rows = await db.Secrets.AsNoTracking().Where(s => s.CredentialId == id)
            .Select(s => new { s.Field, s.Version, s.SealedAt, By = db.People.Where(p => p.Id == s.SealedBy).Select(p => p.Name).FirstOrDefault() })
            .ToListAsync(cancellation);
        return
        [
            .. rows.OrderBy(r => r.Field).ThenByDescending(r => r.Version)
                .Select(r => new VersionRow(r.Field, r.Version, r.SealedAt, r.By, StateOf(credential, r.Field, r.Version), r.Field == FieldKind.Secret && r.Version == credential.VerifiedVersion ? credential.VerifiedAt : null)),
        ];
    }

    /// <summary>Who can answer for an identity: everybody active, by name.</summary>
    public async Task<IReadOnlyList<OwnerChoice>> OwnersAsync(CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        return await db.People.AsNoTracking().Where(p => p.JoinedAt != null && p.DisabledAt == null).OrderBy(p => p.Name)
            .Select(p => new OwnerChoice(p.Id, p.Name)).ToListAsync(cancellation);
    }

    private static VersionState StateOf(Credential credential, FieldKind field, int version)
    {
        var current = field == FieldKind.Secret ? credential.CurrentVersion : credential.FieldOf(field)?.CurrentVersion ?? 0;
        return version == current ? VersionState.InForce : field == FieldKind.Secret && version > current ? VersionState.Staged : VersionState.Replaced;
    }

    // What time has ended reads as over at once, whether or not the deadline loop has settled it.
    private static AccessOutcome Outcome(AccessRequest request, AccessSession? session, Instant now) => request.State switch
    {
        RequestState.Denied => AccessOutcome.Denied,
        RequestState.Withdrawn => AccessOutcome.Withdrawn,
        RequestState.Lapsed => AccessOutcome.Lapsed,
        RequestState.Pending => now < request.DecideBy ? AccessOutcome.Waiting : AccessOutcome.Lapsed,
        _ => session?.EndReason switch
        {
            EndReason.EndedByHolder => AccessOutcome.EndedByHolder,
            EndReason.Revoked => AccessOutcome.Revoked,
            null when session?.IsActiveAt(now) == true => AccessOutcome.Running,
            _ => AccessOutcome.Expired,
        },
    };

    internal static IQueryable<SharedIdentity> Matching(HiveContext db, IdentityFilter filter)
    {
        var query = db.Identities.AsNoTracking().Where(i => filter.Archived ? i.ArchivedAt != null : i.ArchivedAt == null);
        if (filter.Type is { } type)
            query = query.Where(i => i.Type == type);
        if (filter.Exposed)
            query = query.Where(i => db.Credentials.Any(c => c.IdentityId == i.Id && c.ArchivedAt == null && c.ExposedSince != null));
        if (filter.Client.Length > 0)
            query = query.Where(i => i.Client == filter.Client);
        if (filter.Platform.Length > 0)
            query = query.Where(i => i.Platform == filter.Platform);
        foreach (var word in filter.Search.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Take(8))
        {
            var like = $"%{word[..Math.Min(word.Length, LongestWord)].Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal)}%";
            query = query.Where(i => EF.Functions.Like(i.Name, like, "\\") || EF.Functions.Like(i.Client, like, "\\") || EF.Functions.Like(i.Platform, like, "\\"));
        }

        return query;
    }
}
