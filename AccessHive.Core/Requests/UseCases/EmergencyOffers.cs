using AccessHive.Core.Kernel;
using AccessHive.Core.Policies;
using AccessHive.Core.Storage;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace AccessHive.Core.Requests.UseCases;

/// <summary>A credential that can be asked for.</summary>
public sealed record OfferedCredential(CredentialId Id, string Label, string UserName);

/// <summary>What the dialog says before somebody asks for emergency access.</summary>
/// <param name="Identity">The identity.</param>
/// <param name="IdentityName">Its name.</param>
/// <param name="Client">Whose account it is.</param>
/// <param name="Credentials">What can be asked for; at least one.</param>
/// <param name="Rules">The card as it counts now.</param>
/// <param name="Deciders">How many other people could decide.</param>
/// <param name="Here">Which of them have a page open now.</param>
/// <param name="JustificationBefore">The words of the session this would continue.</param>
public sealed record EmergencyOffer(
    IdentityId Identity, string IdentityName, string Client, IReadOnlyList<OfferedCredential> Credentials, EmergencyRules Rules,
    int Deciders, IReadOnlyList<string> Here, string? JustificationBefore)
{
    /// <summary>Credentials on which the caller waits in the usual way: that request ends where the emergency begins.</summary>
    public IReadOnlySet<CredentialId> Waiting { get; init; } = new HashSet<CredentialId>();

    /// <summary>The numbers of the cases whose review is overdue: while there is one, approval is mandatory.</summary>
    public IReadOnlyList<long> Overdue { get; init; } = [];

    /// <summary>Whether the card alone would grant it at once.</summary>
    public bool ApprovalBecauseOverdue { get; init; }

    /// <summary>Why nothing can be asked for at all now: reviews are overdue, and the card blocks.</summary>
    public Refusal? Blocked { get; init; }

    /// <summary>The lengths that can be asked for, up to the maximum, which is always one of them.</summary>
    public IReadOnlyList<Duration> Durations
    {
        get
        {
            int[] steps = [5, 10, 15, 30, 45, 60, 90, 120, 180, 240, 360, 480];
            var most = (int)Rules.MaximumDuration.TotalMinutes;
            return [.. steps.Where(s => s < most).TakeLast(5).Append(most).Select(m => Duration.FromMinutes(m))];
        }
    }
}

/// <summary>Prepares the dialog.</summary>
public sealed class EmergencyOffers(IDbContextFactory<HiveContext> contexts, HiveClock clock, IPresence presence)
{
    /// <summary>What can be asked for on this identity; nothing, if there is no such identity or it is out of use.</summary>
    public async Task<EmergencyOffer?> ReadAsync(PersonId caller, IdentityId id, SessionId? continues, CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var identity = await db.Identities.AsNoTracking().SingleOrDefaultAsync(i => i.Id == id && i.ArchivedAt == null, cancellation);
        var credentials = await db.Credentials.Where(c => c.IdentityId == id && c.ArchivedAt == null).OrderBy(c => c.Id)
            .Select(c => new OfferedCredential(c.Id, c.Label, c.UserName)).ToListAsync(cancellation);
        if (identity is null || credentials.Count == 0)
            return null;
        var policy = await db.EmergencyPolicies.AsNoTracking().SingleAsync(cancellation);
        var deciders = await db.People
            .Where(p => p.Id != caller && p.JoinedAt != null && p.DisabledAt == null && (p.Roles & RolePermissions.Deciders) != Roles.None)
            .OrderBy(p => p.Name).Select(p => new { p.Id, p.Name }).ToListAsync(cancellation);
        var here = presence.Here();
        var before = continues is null
            ? null
            : await db.Sessions.Where(s => s.Id == continues && s.HolderId == caller)
                .Join(db.Requests, s => s.RequestId, r => r.Id, (s, r) => r.Justification.Text).SingleOrDefaultAsync(cancellation);
        var now = clock.Now;
        var waiting = await db.Requests
            .Where(r => r.RequesterId == caller && r.IdentityId == id && r.Kind == RequestKind.Standard && r.State == RequestState.Pending && r.DecideBy > now)
            .Select(r => r.CredentialId).ToListAsync(cancellation);
        var debt = await ReviewDebts.ReadAsync(db, now, cancellation);
        return new EmergencyOffer(
            id, identity.Name, identity.Client, credentials, debt.InForce(policy.Rules), deciders.Count, [.. deciders.Where(d => here.Contains(d.Id)).Select(d => d.Name)], before)
        {
            Waiting = waiting.ToHashSet(),
            Overdue = debt.Overdue,
            ApprovalBecauseOverdue = debt.IsOverdue && !policy.Rules.RequireApproval,
            Blocked = await BlockedAsync(db, caller, policy.Rules, debt, cancellation),
        };
    }

    // As raising it would say, before anything is typed.
    private static async Task<Refusal?> BlockedAsync(HiveContext db, PersonId caller, EmergencyRules rules, ReviewDebt debt, CancellationToken cancellation)
    {
        if (!debt.IsOverdue || !rules.BlockWhileOverdue)
            return null;
        var owners = (await Outlook.ActiveAsync(db, cancellation)).Where(p => p.Has(Roles.Owner)).ToList();
        var isLastOwner = owners is [var only] && only.Is(caller);
        return debt.Blocks(rules, caller, isLastOwner)
            ? ReviewDebtRefusals.Blocked.With("cases", debt.Cases).With("owners", string.Join(", ", owners.Where(o => !o.Is(caller)).Select(o => o.Name)))
            : null;
    }
}
