using System.Diagnostics.Metrics;
using AccessHive.Core.Deadlines;
using AccessHive.Core.Jobs;
using AccessHive.Core.Kernel;
using AccessHive.Core.Storage;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace AccessHive.Core.Vault.UseCases;

/// <summary>
/// When a rotation begins, derived from facts and not from the ways in which a session can end: a credential was seen,
/// nobody holds it any more – asked of the clock –, and no rotation is open. Runs after every commit, so that ending the
/// last of two sessions, an expiry, a revocation and a restart all come to the same (docs/decisions/0010).
/// </summary>
public sealed class RotationDeadlines : IDeadlineSource, IDisposable
{
    private const int MostAtOnce = 200;
    private readonly Meter meter = new("AccessHive");
    private readonly Work work;
    private readonly IDbContextFactory<HiveContext> contexts;
    private readonly HiveClock clock;
    private long needPerson;

    /// <summary>Makes it, and its gauge.</summary>
    public RotationDeadlines(Work work, IDbContextFactory<HiveContext> contexts, HiveClock clock)
    {
        (this.work, this.contexts, this.clock) = (work, contexts, clock);
        meter.CreateObservableGauge("accesshive.rotations.need_person", () => Interlocked.Read(ref needPerson), "{rotation}", "Rotations that can't go on without a person.");
    }

    /// <inheritdoc/>
    public string Name => "rotations";

    /// <inheritdoc/>
    public async Task<Instant?> NextAsync(CancellationToken cancellation)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        Interlocked.Exchange(ref needPerson, await db.Rotations.LongCountAsync(r => r.ClosedAt == null && r.State == RotationState.NeedsPerson, cancellation));
        var now = clock.Now;
        var held = db.Credentials.Where(c => c.ExposedSince != null).Select(c => c.Id).Union(db.Rotations.Where(r => r.ClosedAt == null && r.State == RotationState.Waiting).Select(r => r.CredentialId));
        return await db.Sessions.Where(s => s.EndedAt == null && s.EndsAt > now && held.Contains(s.CredentialId)).MinAsync(s => (Instant?)s.EndsAt, cancellation);
    }

    /// <inheritdoc/>
    public async Task SettleAsync(CancellationToken cancellation)
    {
        foreach (var credential in await DueAsync(cancellation))
            await work.RunAsAsync<Done>(Actor.System, turn => OpenAsync(turn, credential), cancellation);
        foreach (var rotation in await StirredAsync(cancellation))
            await work.RunAsAsync<Done>(Actor.System, turn => MoveAsync(turn, rotation), cancellation);
    }

    /// <inheritdoc/>
    public void Dispose() => meter.Dispose();

    private async Task<IReadOnlyList<CredentialId>> DueAsync(CancellationToken cancellation)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        return await Due(db, clock.Now).OrderBy(c => c.ExposedSince).Select(c => c.Id).Take(MostAtOnce).ToListAsync(cancellation);
    }

    // A rotation that a person cancelled is not opened again until somebody sees the secret again.
    private static IQueryable<Credential> Due(HiveContext db, Instant now) => db.Credentials.Where(c =>
        c.ExposedSince != null && c.ArchivedAt == null && (c.ExposedInEmergency || c.Plan.After == RotateAfter.EverySession)
        && !db.Rotations.Any(r => r.CredentialId == c.Id && r.ClosedAt == null)
        && !db.Sessions.Any(s => s.CredentialId == c.Id && s.EndedAt == null && s.EndsAt > now)
        && !db.Rotations.Any(r => r.CredentialId == c.Id && r.State == RotationState.Cancelled
            && !db.Exposures.Any(e => e.CredentialId == c.Id && e.LastAt > r.ClosedAt)));

    private static async Task<Result<Done>> OpenAsync(Turn turn, CredentialId id)
    {
        if (await Due(turn.Db, turn.Now).SingleOrDefaultAsync(c => c.Id == id, turn.Cancellation) is not { } credential)
            return RotationRefusals.RotationOpenAlready;
        var opened = Rotation.Open(Actor.System, credential, RotationCause.SessionEnded, null, isHeld: false, turn.Now);
        if (opened.IsRefused)
            return opened.Refusal;
        turn.Db.Rotations.Add(opened.Value);
        if (credential.Plan.IsAutomatic)
            turn.Db.Jobs.Add(RunRotation.JobFor(opened.Value, turn.Now));
        return Done.Yes;
    }

    // Open rotations for which something has changed around them: the last session is over, the credential is out of use,
    // it got a connector, its job gave up.
    private async Task<IReadOnlyList<RotationId>> StirredAsync(CancellationToken cancellation)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var open = await db.Rotations.AsNoTracking().Where(r => r.ClosedAt == null)
            .Select(r => new
            {
                Rotation = r,
                Credential = db.Credentials.Where(c => c.Id == r.CredentialId).Select(c => new { c.ArchivedAt, c.Plan.Connector }).First(),
                IsHeld = db.Sessions.Any(s => s.CredentialId == r.CredentialId && s.EndedAt == null && s.EndsAt > clock.Now),
            })
            .ToListAsync(cancellation);
        var working = await db.Jobs.Where(j => j.Kind == RunRotation.JobKind && (j.State == JobState.Queued || j.State == JobState.Running)).Select(j => j.About).ToListAsync(cancellation);
        return [.. open.Where(o =>
                o.Credential.ArchivedAt is not null
                || (o.Rotation.State == RotationState.Waiting && !o.IsHeld)
                || (o.Rotation.IsUnderWay && o.Credential.Connector != ConnectorKind.Manual && !working.Contains(o.Rotation.Id.ToString())))
            .Select(o => o.Rotation.Id)];
    }

    private static async Task<Result<Done>> MoveAsync(Turn turn, RotationId id)
    {
        var rotation = await turn.Db.Rotations.SingleAsync(r => r.Id == id, turn.Cancellation);
        var credential = await turn.Db.Credentials.SingleAsync(c => c.Id == rotation.CredentialId, turn.Cancellation);
        if (credential.ArchivedAt is not null)
        {
            rotation.Drop(credential, turn.Now);
            return Done.Yes;
        }

        var stirred = false;
        if (rotation.State == RotationState.Waiting && !await RunRotation.IsHeldAsync(turn, credential.Id))
        {
            rotation.Begin(credential, turn.Now);
            stirred = true;
        }

        if (rotation.IsUnderWay && credential.Plan.IsAutomatic)
            stirred |= await WorkOnAsync(turn, rotation, credential);
        return stirred ? Done.Yes : RotationRefusals.RotationUnderWay;
    }

    private static async Task<bool> WorkOnAsync(Turn turn, Rotation rotation, Credential credential)
    {
        var about = rotation.Id.ToString();
        var last = await turn.Db.Jobs.Where(j => j.Kind == RunRotation.JobKind && j.About == about).OrderByDescending(j => j.QueuedAt).ThenByDescending(j => j.Id).FirstOrDefaultAsync(turn.Cancellation);
        if (last is { IsOpen: true })
            return false;
        // A last try that was cut short or took too long could not say so itself.
        if (last is { State: JobState.GaveUp })
            rotation.NeedPerson(credential, last.Problem, turn.Now);
        else
            turn.Db.Jobs.Add(RunRotation.JobFor(rotation, turn.Now));
        return true;
    }
}
