using AccessHive.Core.Jobs;
using AccessHive.Core.Kernel;
using AccessHive.Core.Storage;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace AccessHive.Core.Vault.UseCases;

/// <summary>One rotation on the page.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Identity">The identity.</param>
/// <param name="IdentityName">Its name.</param>
/// <param name="Credential">The credential.</param>
/// <param name="Label">What it is.</param>
/// <param name="UserName">Whose secret it is there.</param>
/// <param name="Address">Where to sign in.</param>
/// <param name="Instructions">Where and how it is changed by hand.</param>
/// <param name="Connector">By which way.</param>
/// <param name="Cause">Why.</param>
/// <param name="PersonName">Who left, when that is the reason.</param>
/// <param name="Emergency">Whether the secret was seen in an emergency.</param>
/// <param name="State">Where it stands.</param>
/// <param name="EnteredBy">Who entered a new secret by hand.</param>
/// <param name="EnteredByName">Their name.</param>
/// <param name="OpenedAt">Since when.</param>
/// <param name="DueAt">When a person should have done it.</param>
/// <param name="IsOverdue">Whether that is past.</param>
/// <param name="Problem">What went wrong last.</param>
/// <param name="Tries">How many tries there were.</param>
/// <param name="MostTries">How many there are.</param>
/// <param name="NextTryAt">When the next one comes by itself.</param>
/// <param name="IsTrying">Whether one runs now.</param>
/// <param name="ClosedAt">When it was over.</param>
/// <param name="ClosedByName">Who confirmed or cancelled it.</param>
/// <param name="Holders">Who holds the credential now.</param>
/// <param name="CanBeCancelled">Whether nothing has left the vault for a target yet.</param>
public sealed record RotationRow(
    RotationId Id, IdentityId Identity, string IdentityName, CredentialId Credential, string Label, string UserName, string Address, string Instructions,
    ConnectorKind Connector, RotationCause Cause, string? PersonName, bool Emergency, RotationState State, PersonId? EnteredBy, string? EnteredByName,
    Instant OpenedAt, Instant? DueAt, bool IsOverdue, string Problem, int Tries, int MostTries, Instant? NextTryAt, bool IsTrying,
    Instant? ClosedAt, string? ClosedByName, IReadOnlyList<string> Holders, bool CanBeCancelled)
{
    /// <summary>Whether a person says that the new secret is set, and another has to confirm it.</summary>
    public bool WaitsForConfirmation => State == RotationState.Set && EnteredBy is not null;

    /// <summary>Whether it is a person's turn to change the secret.</summary>
    public bool IsTask => State == RotationState.NeedsPerson || (State == RotationState.Ready && Connector == ConnectorKind.Manual);

    /// <summary>Whether it is a connector's.</summary>
    public bool CanBeRetried => Connector != ConnectorKind.Manual && !WaitsForConfirmation && State is RotationState.Ready or RotationState.Stored or RotationState.Set or RotationState.NeedsPerson;
}

/// <summary>What waits for a person who keeps the vault.</summary>
/// <param name="Open">How many rotations are open.</param>
/// <param name="Tasks">Of them, how many a person has to do.</param>
/// <param name="ToConfirm">Of them, how many this person may confirm.</param>
/// <param name="NeedPerson">Of them, how many can't go on by themselves.</param>
/// <param name="Overdue">Of them, how many should have been done.</param>
public sealed record RotationsOpen(int Open, int Tasks, int ToConfirm, int NeedPerson, int Overdue)
{
    /// <summary>Nothing is open.</summary>
    public static RotationsOpen None { get; } = new(0, 0, 0, 0, 0);

    /// <summary>How many this person can do something about.</summary>
    public int Waiting => Tasks + ToConfirm;
}

/// <summary>What people look at about rotations: those who keep the vault, and those who read the trail. Never a secret.</summary>
public sealed class RotationQueries(IDbContextFactory<HiveContext> contexts, HiveClock clock)
{
    /// <summary>Longest history shown; the trail has the rest.</summary>
    public const int HistoryLength = 50;

    /// <summary>Who reads rotations.</summary>
    public const Roles Readers = RolePermissions.VaultManagers | RolePermissions.TrailReaders;

    /// <summary>Open rotations, what needs a person first.</summary>
    public async Task<IReadOnlyList<RotationRow>> OpenAsync(PersonId caller, CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        if (!await MayReadAsync(db, caller, cancellation))
            return [];
        var rows = await RowsAsync(db, db.Rotations.Where(r => r.ClosedAt == null), cancellation);
        return [.. rows.OrderBy(r => Rank(r)).ThenBy(r => r.DueAt ?? Instant.MaxValue).ThenBy(r => r.OpenedAt)];
    }

    /// <summary>Rotations that are over, newest first.</summary>
    public async Task<IReadOnlyList<RotationRow>> OverAsync(PersonId caller, CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        if (!await MayReadAsync(db, caller, cancellation))
            return [];
        var rows = await RowsAsync(db, db.Rotations.Where(r => r.ClosedAt != null).OrderByDescending(r => r.ClosedAt).Take(HistoryLength), cancellation);
        return [.. rows.OrderByDescending(r => r.ClosedAt)];
    }

    /// <summary>One rotation; nothing, if there is none, or for those who may not read it.</summary>
    public async Task<RotationRow?> FindAsync(PersonId caller, RotationId id, CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        return await MayReadAsync(db, caller, cancellation) ? (await RowsAsync(db, db.Rotations.Where(r => r.Id == id), cancellation)).SingleOrDefault() : null;
    }

    /// <summary>What is open, in numbers.</summary>
    public async Task<RotationsOpen> CountAsync(PersonId caller, CancellationToken cancellation = default)
    {
        var open = await OpenAsync(caller, cancellation);
        return new RotationsOpen(
            open.Count, open.Count(r => r.IsTask), open.Count(r => r.WaitsForConfirmation && r.EnteredBy != caller), open.Count(r => r.State == RotationState.NeedsPerson), open.Count(r => r.IsOverdue));
    }

    private static int Rank(RotationRow row) => row switch
    {
        { State: RotationState.NeedsPerson } => 0,
        { IsTask: true } => 1,
        { WaitsForConfirmation: true } => 2,
        { State: RotationState.Waiting } => 4,
        _ => 3,
    };

    private static async Task<bool> MayReadAsync(HiveContext db, PersonId caller, CancellationToken cancellation)
        => (await Reader.AsActorAsync(db, caller, cancellation)).Has(Readers);

    private async Task<IReadOnlyList<RotationRow>> RowsAsync(HiveContext db, IQueryable<Rotation> rotations, CancellationToken cancellation)
    {
        var now = clock.Now;
        var found = await rotations.AsNoTracking().Select(r => new
        {
            Rotation = r,
            Identity = db.Identities.Where(i => i.Id == r.IdentityId).Select(i => i.Name).First(),
            Credential = db.Credentials.Where(c => c.Id == r.CredentialId).Select(c => new { c.Label, c.UserName, c.Address, c.Plan.Instructions, c.Plan.Connector }).First(),
            Person = db.People.Where(p => p.Id == r.PersonId).Select(p => p.Name).FirstOrDefault(),
            EnteredBy = db.People.Where(p => p.Id == r.EnteredBy).Select(p => p.Name).FirstOrDefault(),
            ClosedBy = db.People.Where(p => p.Id == r.ClosedBy).Select(p => p.Name).FirstOrDefault(),
            Holders = db.Sessions.Where(s => s.CredentialId == r.CredentialId && s.EndedAt == null && s.EndsAt > now).Join(db.People, s => s.HolderId, p => p.Id, (s, p) => p.Name).ToList(),
        }).ToListAsync(cancellation);
        var abouts = found.Select(f => f.Rotation.Id.ToString()).ToList();
        var jobs = (await db.Jobs.AsNoTracking().Where(j => j.Kind == RunRotation.JobKind && abouts.Contains(j.About)).ToListAsync(cancellation))
            .GroupBy(j => j.About, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.MaxBy(j => j.QueuedAt)!, StringComparer.Ordinal);
        return [.. found.Select(f =>
        {
            var (r, c, job) = (f.Rotation, f.Credential, jobs.GetValueOrDefault(f.Rotation.Id.ToString()));
            return new RotationRow(
                r.Id, r.IdentityId, f.Identity, r.CredentialId, c.Label, c.UserName, c.Address, c.Instructions,
                r.IsOpen || r.PendingVersion is null ? c.Connector : r.EnteredBy is null ? r.Target.Connector : ConnectorKind.Manual,
                r.Cause, f.Person, r.InEmergency, r.State, r.EnteredBy, f.EnteredBy,
                r.OpenedAt, r.DueAt, r.DueAt <= now, r.Problem, job?.Tries ?? 0, job?.MostTries ?? Job.UsualTries, job is { State: JobState.Queued } ? job.DueAt : null, job is { State: JobState.Running },
                r.ClosedAt, f.ClosedBy, f.Holders, r.CanBeCancelled);
        })];
    }
}
