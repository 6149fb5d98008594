using System.Security.Cryptography;
using AccessHive.Core.Audit;
using AccessHive.Core.Connectors;
using AccessHive.Core.Jobs;
using AccessHive.Core.Kernel;
using AccessHive.Core.Storage;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace AccessHive.Core.Vault.UseCases;

/// <summary>What people who keep the vault do about rotations: ask for one, hurry it, try again, cancel, and do by hand what no connector does.</summary>
public sealed class KeepRotations(Work work, IDbContextFactory<HiveContext> contexts, Keyring keyring)
{
    /// <summary>Wants a secret changed. With a connector it begins at once, or when the last session on it is over.</summary>
    /// <returns>The rotation; or what <see cref="Rotation.Open"/> refuses, or <c>credential-not-found</c>, <c>rotation-open-already</c>.</returns>
    public Task<Result<RotationId>> StartAsync(PersonId caller, CredentialId id, CancellationToken cancellation = default)
        => work.RunAsync<RotationId>(caller, About("rotate a secret", credential: id), async turn =>
        {
            if (await turn.Db.Credentials.FindAsync([id], turn.Cancellation) is not { } credential)
                return VaultRefusals.CredentialNotFound;
            turn.Concerning = new Subject(Identity: credential.IdentityId, Credential: id);
            if (await turn.Db.Rotations.AnyAsync(r => r.CredentialId == id && r.ClosedAt == null, turn.Cancellation))
                return RotationRefusals.RotationOpenAlready;
            return await OpenAsync(turn, credential, RotationCause.Asked, null);
        }, cancellation);

    /// <summary>Wants everything changed that a person has seen and that is still in force.</summary>
    /// <returns>How many rotations that opened; or <c>not-vault-manager</c>, <c>nothing-seen</c>.</returns>
    public Task<Result<int>> RotateAllSeenByAsync(PersonId caller, PersonId person, CancellationToken cancellation = default)
        => work.RunAsync<int>(caller, new Attempt("rotate all that a person has seen", Emergency: false, new Subject(person)), async turn =>
        {
            if (!turn.By.Has(RolePermissions.VaultManagers))
                return VaultRefusals.NotVaultManager;
            var seen = await ExposureQueries.SeenBy(turn.Db, person).ToListAsync(turn.Cancellation);
            if (seen.Count == 0)
                return RotationRefusals.NothingSeen;
            var opened = 0;
            foreach (var credential in await turn.Db.Credentials.Where(c => seen.Contains(c.Id) && !turn.Db.Rotations.Any(r => r.CredentialId == c.Id && r.ClosedAt == null)).ToListAsync(turn.Cancellation))
            {
                if (await OpenAsync(turn, credential, RotationCause.PersonLeft, person) is { IsRefused: true } refused)
                    return refused.Refusal;
                opened++;
            }

            return opened;
        }, cancellation);

    /// <summary>Does not wait for the sessions that still run on the credential.</summary>
    /// <returns>Done; or what <see cref="Rotation.Hurry"/> refuses, or <c>rotation-not-found</c>.</returns>
    public Task<Result<Done>> HurryAsync(PersonId caller, RotationId id, CancellationToken cancellation = default)
        => WithAsync(caller, id, "rotate a secret during a session", (rotation, credential, turn) => QueuedAsync(turn, rotation, credential, rotation.Hurry(turn.By, credential, turn.Now)), cancellation);

    /// <summary>Lets a connector try again now, five times from here on.</summary>
    /// <returns>Done; or what <see cref="Rotation.Retry"/> refuses, or <c>rotation-not-found</c>.</returns>
    public Task<Result<Done>> RetryAsync(PersonId caller, RotationId id, CancellationToken cancellation = default)
        => WithAsync(caller, id, "try a rotation again", (rotation, credential, turn) => QueuedAsync(turn, rotation, credential, rotation.Retry(turn.By, credential, turn.Now)), cancellation);

    /// <summary>Gives it up, before anything was set.</summary>
    /// <returns>Done; or what <see cref="Rotation.Cancel"/> refuses, or <c>rotation-not-found</c>.</returns>
    public Task<Result<Done>> CancelAsync(PersonId caller, RotationId id, CancellationToken cancellation = default)
        => WithAsync(caller, id, "cancel a rotation", async (rotation, credential, turn) =>
        {
            var cancelled = rotation.Cancel(turn.By, credential, turn.Now);
            if (!cancelled.IsRefused)
                await RestAsync(turn, rotation);
            return cancelled;
        }, cancellation);

    /// <summary>Takes the new secret that a person has set at the target. The plain bytes are zeroed, whatever comes of it.</summary>
    /// <returns>Done; or what <see cref="Rotation.Enter"/> refuses, or <c>rotation-not-found</c>, <c>secret-missing</c>, <c>secret-same-as-before</c>.</returns>
    public async Task<Result<Done>> EnterAsync(PersonId caller, RotationId id, byte[] secret, CancellationToken cancellation = default)
    {
        try
        {
            return await WithAsync(caller, id, "enter a new secret", async (rotation, credential, turn) =>
            {
                if (rotation.MayEnter(turn.By, credential) is { } refused)
                    return refused;
                if (secret.Length is 0 or > Credential.SecretLength)
                    return VaultRefusals.SecretMissing;
                if (await IsKnownAsync(turn, credential, secret))
                    return RotationRefusals.SecretSameAsBefore;
                var entered = keyring.Seal(credential.IdentityId, credential.Id, FieldKind.Secret, credential.NextVersion, secret, turn.By.Id, turn.Now);
                var result = rotation.Enter(turn.By, credential, entered, turn.Now);
                if (result.IsRefused)
                    return result;
                // They know it now, whatever becomes of it.
                Knows(turn, credential, entered.Version, seen: null);
                await RestAsync(turn, rotation);
                return result;
            }, cancellation);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
        }
    }

    /// <summary>
    /// Takes the new secret out of the vault for somebody who is going to try it: the entry is committed before the vault
    /// opens, and what they look at is theirs to answer for from then on.
    /// </summary>
    /// <returns>The plain bytes, to be zeroed; or what <see cref="Rotation.ShowPending"/> refuses, or <c>rotation-not-found</c>.</returns>
    public async Task<Result<byte[]>> ShowPendingAsync(PersonId caller, RotationId id, CancellationToken cancellation = default)
    {
        var permitted = await WithAsync<(CredentialId Credential, int Version)>(caller, id, "look at a new secret", async (rotation, credential, turn) =>
        {
            var shown = rotation.ShowPending(turn.By, credential, turn.Now);
            if (shown.IsRefused)
                return shown.Refusal;
            Knows(turn, credential, shown.Value, await SeenAsync(turn, credential, shown.Value));
            return (credential.Id, shown.Value);
        }, cancellation);
        if (permitted.IsRefused)
            return permitted.Refusal;
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var (credential, version) = permitted.Value;
        return keyring.Open(await db.Secrets.AsNoTracking().SingleAsync(s => s.CredentialId == credential && s.Field == FieldKind.Secret && s.Version == version, cancellation));
    }

    /// <summary>It works: the new secret is put in force.</summary>
    /// <returns>Done; or what <see cref="Rotation.Confirm"/> refuses, or <c>rotation-not-found</c>.</returns>
    public Task<Result<Done>> ConfirmAsync(PersonId caller, RotationId id, CancellationToken cancellation = default)
        => WithAsync(caller, id, "confirm a new secret", async (rotation, credential, turn) =>
        {
            var confirmed = rotation.Confirm(turn.By, credential, await HasLookedAsync(turn, rotation), turn.Now);
            if (!confirmed.IsRefused)
                await Casebook.CloseAsync(turn, credential.Id);
            return confirmed;
        }, cancellation);

    /// <summary>It doesn't work: the new secret has to be entered again.</summary>
    /// <returns>Done; or what <see cref="Rotation.Reject"/> refuses, or <c>rotation-not-found</c>.</returns>
    public Task<Result<Done>> RejectAsync(PersonId caller, RotationId id, string words, CancellationToken cancellation = default)
        => WithAsync(caller, id, "reject a new secret", async (rotation, credential, turn) => rotation.Reject(turn.By, credential, await HasLookedAsync(turn, rotation), words, turn.Now), cancellation);

    private static Attempt About(string what, CredentialId? credential = null) => new(what, Emergency: false, new Subject(Credential: credential));

    private static async Task<Result<RotationId>> OpenAsync(Turn turn, Credential credential, RotationCause cause, PersonId? left)
    {
        var opened = Rotation.Open(turn.By, credential, cause, left, await RunRotation.IsHeldAsync(turn, credential.Id), turn.Now);
        if (opened.IsRefused)
            return opened.Refusal;
        turn.Db.Rotations.Add(opened.Value);
        if (credential.Plan.IsAutomatic && opened.Value.State == RotationState.Ready)
            turn.Db.Jobs.Add(RunRotation.JobFor(opened.Value, turn.Now));
        return opened.Value.Id;
    }

    private static async Task<Result<Done>> QueuedAsync(Turn turn, Rotation rotation, Credential credential, Result<Done> allowed)
    {
        if (allowed.IsRefused || !credential.Plan.IsAutomatic)
            return allowed;
        if (await LastJobAsync(turn, rotation) is { State: not JobState.Done } job)
            job.RetryNow(turn.Now);
        else
            turn.Db.Jobs.Add(RunRotation.JobFor(rotation, turn.Now));
        return allowed;
    }

    // What a person has taken over is no work for a job any more, nor one to be worried about.
    private static async Task RestAsync(Turn turn, Rotation rotation)
    {
        if (await LastJobAsync(turn, rotation) is { State: JobState.Queued or JobState.GaveUp } job)
            job.Finish(turn.Now);
    }

    private static Task<Job?> LastJobAsync(Turn turn, Rotation rotation)
    {
        var about = rotation.Id.ToString();
        return turn.Db.Jobs.Where(j => j.Kind == RunRotation.JobKind && j.About == about).OrderByDescending(j => j.QueuedAt).ThenByDescending(j => j.Id).FirstOrDefaultAsync(turn.Cancellation);
    }

    private static void Knows(Turn turn, Credential credential, int version, Exposure? seen)
    {
        if (seen is null)
            turn.Db.Exposures.Add(seen = new Exposure { CredentialId = credential.Id, Version = version, PersonId = turn.By.Id!.Value, FirstAt = turn.Now });
        seen.LastAt = turn.Now;
    }

    private static Task<Exposure?> SeenAsync(Turn turn, Credential credential, int version)
        => turn.Db.Exposures.FindAsync([credential.Id, version, turn.By.Id!.Value], turn.Cancellation).AsTask();

    private static Task<bool> HasLookedAsync(Turn turn, Rotation rotation)
        => turn.Db.Exposures.AnyAsync(e => e.CredentialId == rotation.CredentialId && e.Version == rotation.PendingVersion && e.PersonId == turn.By.Id, turn.Cancellation);

    // The current one and the one before it: a new one differs from both.
    private async Task<bool> IsKnownAsync(Turn turn, Credential credential, byte[] secret)
    {
        var known = await turn.Db.Secrets.AsNoTracking()
            .Where(s => s.CredentialId == credential.Id && s.Field == FieldKind.Secret && s.Version <= credential.CurrentVersion)
            .OrderByDescending(s => s.Version).Take(2).ToListAsync(turn.Cancellation);
        var isKnown = false;
        foreach (var version in known)
        {
            var plain = keyring.Open(version);
            isKnown |= CryptographicOperations.FixedTimeEquals(plain, secret);
            CryptographicOperations.ZeroMemory(plain);
        }

        return isKnown;
    }

    private Task<Result<T>> WithAsync<T>(PersonId caller, RotationId id, string what, Func<Rotation, Credential, Turn, Task<Result<T>>> then, CancellationToken cancellation)
        => work.RunAsync<T>(caller, About(what), async turn =>
        {
            if (await turn.Db.Rotations.SingleOrDefaultAsync(r => r.Id == id, turn.Cancellation) is not { } rotation)
                return RotationRefusals.RotationNotFound;
            turn.Concerning = new Subject(Identity: rotation.IdentityId, Credential: rotation.CredentialId);
            return await then(rotation, await turn.Db.Credentials.SingleAsync(c => c.Id == rotation.CredentialId, turn.Cancellation), turn);
        }, cancellation);
}
