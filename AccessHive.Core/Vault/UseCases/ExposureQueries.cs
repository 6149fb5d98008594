using AccessHive.Core.Kernel;
using AccessHive.Core.Storage;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace AccessHive.Core.Vault.UseCases;

/// <summary>Something a person has seen, or entered, and that is still in force.</summary>
/// <param name="Credential">The credential.</param>
/// <param name="Label">What it is.</param>
/// <param name="Identity">Its identity.</param>
/// <param name="IdentityName">The identity's name.</param>
/// <param name="Client">The client it belongs to.</param>
/// <param name="FirstAt">The first time.</param>
/// <param name="LastAt">The last time.</param>
/// <param name="Rotation">The rotation that is open for it.</param>
/// <param name="State">Where that stands.</param>
public sealed record SeenSecret(
    CredentialId Credential, string Label, IdentityId Identity, string IdentityName, string Client, Instant FirstAt, Instant LastAt, RotationId? Rotation, RotationState? State);

/// <summary>How far the rotations are that somebody's leaving opened.</summary>
/// <param name="Total">How many there are.</param>
/// <param name="Done">How many are done.</param>
/// <param name="NeedPerson">How many wait for a person: to be done by hand, confirmed, or looked at.</param>
public sealed record LeaveProgress(int Total, int Done, int NeedPerson);

/// <summary>What somebody has seen: for those who keep the vault, manage people or read the trail.</summary>
/// <param name="Seen">What is still in force, by identity.</param>
/// <param name="Progress">The rotations that their leaving opened.</param>
/// <param name="MayRotate">Whether whoever asks may rotate it all.</param>
public sealed record SeenByPerson(IReadOnlyList<SeenSecret> Seen, LeaveProgress Progress, bool MayRotate);

/// <summary>What stands beside a credential: who has seen its secret, and what is being done about it.</summary>
/// <param name="Since">The first reveal since the last verified rotation; null while nobody has seen the secret.</param>
/// <param name="To">Who has seen it, by the time they first did.</param>
/// <param name="InEmergency">Whether one of the reveals was in an emergency.</param>
/// <param name="Plan">How the secret is changed.</param>
/// <param name="VerifiedAt">When a rotation was last verified.</param>
/// <param name="Rotation">The rotation that is open.</param>
/// <param name="State">Where that stands.</param>
/// <param name="IsByHand">Whether a person has entered a new secret in it.</param>
public sealed record CredentialExposure(
    Instant? Since, IReadOnlyList<string> To, bool InEmergency, RotationPlan Plan, Instant? VerifiedAt, RotationId? Rotation, RotationState? State, bool IsByHand);

/// <summary>Who has seen what.</summary>
public sealed class ExposureQueries(IDbContextFactory<HiveContext> contexts)
{
    private const int Most = 500;

    /// <summary>What a person has seen and nobody has changed since; nothing for those who may not know.</summary>
    public async Task<SeenByPerson> OfPersonAsync(PersonId caller, PersonId person, CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var actor = await Reader.AsActorAsync(db, caller, cancellation);
        if (!actor.Has(RolePermissions.VaultManagers | RolePermissions.PeopleManagers | RolePermissions.TrailReaders))
            return new SeenByPerson([], new LeaveProgress(0, 0, 0), false);
        var rows = await Open(db).Where(o => o.Exposure.PersonId == person)
            .OrderByDescending(o => o.Exposure.LastAt)
            .Select(o => new
            {
                o.Credential.Id,
                o.Credential.Label,
                o.Credential.IdentityId,
                Identity = db.Identities.Where(i => i.Id == o.Credential.IdentityId).Select(i => new { i.Name, i.Client }).First(),
                o.Exposure.FirstAt,
                o.Exposure.LastAt,
                Rotation = db.Rotations.Where(r => r.CredentialId == o.Credential.Id && r.ClosedAt == null).Select(r => new { r.Id, r.State }).FirstOrDefault(),
            })
            .Take(Most).ToListAsync(cancellation);
        var seen = rows.GroupBy(r => r.Id).Select(g => new SeenSecret(
                g.Key, g.First().Label, g.First().IdentityId, g.First().Identity.Name, g.First().Identity.Client, g.Min(r => r.FirstAt), g.Max(r => r.LastAt), g.First().Rotation?.Id, g.First().Rotation?.State))
            .OrderBy(s => s.IdentityName, StringComparer.CurrentCultureIgnoreCase).ThenBy(s => s.Label, StringComparer.CurrentCultureIgnoreCase).ToList();
        return new SeenByPerson(seen, await ProgressAsync(db, person, cancellation), actor.Has(RolePermissions.VaultManagers));
    }

    /// <summary>What stands beside a credential; nothing, if there is none.</summary>
    public async Task<CredentialExposure?> OfCredentialAsync(CredentialId id, CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        if (await db.Credentials.AsNoTracking().SingleOrDefaultAsync(c => c.Id == id, cancellation) is not { } credential)
            return null;
        var seen = credential.ExposedSince is null
            ? []
            : await Open(db).Where(o => o.Credential.Id == id).Select(o => new { o.Exposure.FirstAt, Name = db.People.Where(p => p.Id == o.Exposure.PersonId).Select(p => p.Name).First() }).ToListAsync(cancellation);
        var rotation = await db.Rotations.AsNoTracking().SingleOrDefaultAsync(r => r.CredentialId == id && r.ClosedAt == null, cancellation);
        return new CredentialExposure(
            credential.ExposedSince, [.. seen.OrderBy(s => s.FirstAt).Select(s => s.Name).Distinct(StringComparer.Ordinal)], credential.ExposedInEmergency,
            credential.Plan, credential.VerifiedAt, rotation?.Id, rotation?.State, rotation?.EnteredBy is not null);
    }

    /// <summary>The credentials of which this person has seen a version that may still be in force.</summary>
    internal static IQueryable<CredentialId> SeenBy(HiveContext db, PersonId person)
        => Open(db).Where(o => o.Exposure.PersonId == person).Select(o => o.Credential.Id).Distinct();

    private static IQueryable<OpenExposure> Open(HiveContext db)
        => from e in db.Exposures
           join c in db.Credentials on e.CredentialId equals c.Id
           where c.ArchivedAt == null && e.Version >= c.VerifiedVersion
           select new OpenExposure { Exposure = e, Credential = c };

    private static async Task<LeaveProgress> ProgressAsync(HiveContext db, PersonId person, CancellationToken cancellation)
    {
        var states = await db.Rotations.Where(r => r.PersonId == person && r.Cause == RotationCause.PersonLeft && r.State != RotationState.Cancelled)
            .Select(r => new { r.State, r.EnteredBy, db.Credentials.First(c => c.Id == r.CredentialId).Plan.Connector }).ToListAsync(cancellation);
        return new LeaveProgress(
            states.Count,
            states.Count(s => s.State == RotationState.Done),
            states.Count(s => s.State == RotationState.NeedsPerson || (s.State == RotationState.Set && s.EnteredBy != null) || (s.State == RotationState.Ready && s.Connector == ConnectorKind.Manual)));
    }

    private sealed class OpenExposure
    {
        public required Exposure Exposure { get; init; }

        public required Credential Credential { get; init; }
    }
}
