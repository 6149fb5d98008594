using System.Security.Cryptography;
using AccessHive.Core.Audit;
using AccessHive.Core.Connectors;
using AccessHive.Core.Kernel;
using AccessHive.Core.Storage;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace AccessHive.Core.Vault.UseCases;

/// <summary>Decides how a credential's secret is changed, and tries whether that would work.</summary>
public sealed class PlanRotation(Work work, IDbContextFactory<HiveContext> contexts, Keyring keyring, IEnumerable<IRotationConnector> connectors, HiveClock clock)
{
    /// <summary>Longest signing key of a webhook, in bytes.</summary>
    public const int LongestKey = 200;

    /// <summary>Shortest signing key of a webhook, in bytes.</summary>
    public const int ShortestKey = 32;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Reads a plan for its editor; nothing, if there is no such credential.</summary>
    public async Task<(RotationPlan Plan, bool HasKey)?> ReadAsync(CredentialId id, CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        return await db.Credentials.AsNoTracking().Include(c => c.Fields).SingleOrDefaultAsync(c => c.Id == id, cancellation) is { } found
            ? (found.Plan, found.FieldOf(FieldKind.ConnectorKey) is { CurrentVersion: > 0 })
            : null;
    }

    /// <summary>Changes how and after what a secret is changed.</summary>
    /// <returns>Done; or what <see cref="Credential.EditPlan"/> refuses, or <c>credential-not-found</c>.</returns>
    public Task<Result<Done>> EditAsync(PersonId caller, CredentialId id, RotationPlan plan, CancellationToken cancellation = default)
        => WithAsync(caller, id, "plan a rotation", (credential, turn) => Task.FromResult(credential.EditPlan(turn.By, plan, turn.Now)), cancellation);

    /// <summary>Keeps the key with which a webhook's orders are signed. The plain bytes are zeroed, whatever comes of it.</summary>
    /// <returns>Done; or what <see cref="Credential.ChangeField"/> refuses, or <c>credential-not-found</c>, <c>signing-key-too-short</c>.</returns>
    public async Task<Result<Done>> ChangeKeyAsync(PersonId caller, CredentialId id, byte[] key, CancellationToken cancellation = default)
    {
        try
        {
            return await WithAsync(caller, id, "change a signing key", async (credential, turn) =>
            {
                if (!turn.By.Has(RolePermissions.VaultManagers))
                    return VaultRefusals.NotVaultManager;
                if (key.Length is < ShortestKey or > LongestKey)
                    return RotationRefusals.SigningKeyTooShort;
                await turn.Db.Entry(credential).Collection(c => c.Fields).LoadAsync(turn.Cancellation);
                var kept = keyring.Seal(credential.IdentityId, credential.Id, FieldKind.ConnectorKey, credential.NextVersionOf(FieldKind.ConnectorKey), key, turn.By.Id, turn.Now);
                return credential.ChangeField(turn.By, kept, codes: 0, turn.Now);
            }, cancellation);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    /// <summary>Tries the secret in force at its target. Nobody sees it, and nothing is changed; that it was tried is in the trail.</summary>
    /// <returns>What the target said; or <c>not-vault-manager</c>, <c>credential-not-found</c>, <c>no-target</c>.</returns>
    public async Task<Result<TargetReply>> TestLoginAsync(PersonId caller, CredentialId id, CancellationToken cancellation = default)
    {
        var permitted = await WithAsync<Credential>(caller, id, "test a login", async (credential, turn) =>
        {
            if (!turn.By.Has(RolePermissions.VaultManagers))
                return VaultRefusals.NotVaultManager;
            if (!connectors.Any(c => c.Kind == credential.Plan.Connector))
                return RotationRefusals.NoTarget;
            await turn.Db.Entry(credential).Collection(c => c.Fields).LoadAsync(turn.Cancellation);
            return credential;
        }, cancellation);
        if (permitted.IsRefused)
            return permitted.Refusal;
        var said = await AskAsync(permitted.Value, cancellation);
        return await WithAsync<TargetReply>(caller, id, "test a login", (credential, turn) =>
        {
            turn.Db.Note(new LoginTested(turn.Now, turn.By, new RotationSubject(credential.IdentityId, credential.Id, credential.Label, InEmergency: false, Person: null), said.Answer.ToString()));
            return Task.FromResult<Result<TargetReply>>(said);
        }, cancellation);
    }

    private async Task<TargetReply> AskAsync(Credential credential, CancellationToken cancellation)
    {
        using var secrets = new OpenSecrets();
        await using (var db = await contexts.CreateDbContextAsync(cancellation))
        {
            var stored = await db.Secrets.AsNoTracking().Where(s => s.CredentialId == credential.Id).ToListAsync(cancellation);
            secrets.Add(credential.CurrentVersion, keyring.Open(stored.Single(s => s.Field == FieldKind.Secret && s.Version == credential.CurrentVersion)));
            if (credential.FieldOf(FieldKind.ConnectorKey) is { CurrentVersion: > 0 and var version })
                secrets.Key = keyring.Open(stored.Single(s => s.Field == FieldKind.ConnectorKey && s.Version == version));
        }

        var connector = connectors.Last(c => c.Kind == credential.Plan.Connector);
        var target = new RotationTarget(credential.Id, credential.UserName, credential.Plan, secrets.Key);
        using var late = new CancellationTokenSource(Patience, clock.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, late.Token);
        try
        {
            return await connector.LogInAsync(target, secrets[credential.CurrentVersion], either.Token);
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            return new TargetReply(TargetAnswer.Unknown, "There was no answer within 30 seconds.");
        }
    }

    private Task<Result<T>> WithAsync<T>(PersonId caller, CredentialId id, string what, Func<Credential, Turn, Task<Result<T>>> then, CancellationToken cancellation)
        => work.RunAsync<T>(caller, new Attempt(what, Emergency: false, new Subject(Credential: id)), async turn =>
        {
            if (await turn.Db.Credentials.FindAsync([id], turn.Cancellation) is not { } credential)
                return VaultRefusals.CredentialNotFound;
            turn.Concerning = new Subject(Identity: credential.IdentityId, Credential: id);
            return await then(credential, turn);
        }, cancellation);
}
