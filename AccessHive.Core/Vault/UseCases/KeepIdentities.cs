using System.Security.Cryptography;
using AccessHive.Core.Audit;
using AccessHive.Core.Kernel;
using AccessHive.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace AccessHive.Core.Vault.UseCases;

/// <summary>What people who keep the vault do: add, edit and archive identities and their credentials.</summary>
public sealed class KeepIdentities(Work work, IDbContextFactory<HiveContext> contexts, Keyring keyring)
{
    /// <summary>Adds an identity.</summary>
    /// <returns>Its id; or what <see cref="SharedIdentity.Add"/> refuses.</returns>
    public Task<Result<IdentityId>> AddAsync(PersonId caller, IdentityDetails details, CancellationToken cancellation = default)
        => work.RunAsync<IdentityId>(caller, About("add an identity"), turn =>
        {
            var added = SharedIdentity.Add(turn.By, details, turn.Now);
            if (added.IsRefused)
                return Task.FromResult<Result<IdentityId>>(added.Refusal);
            turn.Db.Identities.Add(added.Value);
            return Task.FromResult<Result<IdentityId>>(added.Value.Id);
        }, cancellation);

    /// <summary>Changes what is known about an identity.</summary>
    /// <param name="caller">The editor.</param>
    /// <param name="id">Which identity.</param>
    /// <param name="details">All values from now on.</param>
    /// <param name="madeOn">The version the editor was looking at.</param>
    /// <param name="cancellation">Cancels before the commit.</param>
    /// <returns>Done; or what <see cref="SharedIdentity.Edit"/> refuses, or <c>identity-not-found</c>.</returns>
    public Task<Result<Done>> EditAsync(PersonId caller, IdentityId id, IdentityDetails details, long madeOn, CancellationToken cancellation = default)
        => WithIdentityAsync(caller, id, "edit an identity", (identity, turn) => identity.Edit(turn.By, details, madeOn, turn.Now), cancellation);

    /// <summary>Takes an identity out of use, or back into use.</summary>
    /// <returns>Done; or <c>not-vault-manager</c>, <c>identity-not-found</c>.</returns>
    public Task<Result<Done>> ArchiveAsync(PersonId caller, IdentityId id, bool archived, CancellationToken cancellation = default)
        => WithIdentityAsync(caller, id, "archive an identity", (identity, turn) => identity.Archive(turn.By, archived, turn.Now), cancellation);

    /// <summary>Adds a credential with its first secret. The plain bytes are zeroed, whatever comes of it.</summary>
    /// <param name="caller">Who enters it.</param>
    /// <param name="id">The identity that gets it.</param>
    /// <param name="details">What is known about it.</param>
    /// <param name="secret">The main secret.</param>
    /// <param name="file">The name of the file it came from; empty, if it was typed.</param>
    /// <param name="cancellation">Cancels before the commit.</param>
    /// <returns>Its id; or what <see cref="Credential.Add"/> or <see cref="TypedSecret.Check"/> refuses, or <c>identity-not-found</c>.</returns>
    public async Task<Result<CredentialId>> AddCredentialAsync(
        PersonId caller, IdentityId id, CredentialDetails details, byte[] secret, string file = "", CancellationToken cancellation = default)
    {
        try
        {
            return await work.RunAsync<CredentialId>(caller, About("add a credential", id), async turn =>
            {
                if (await turn.Db.Identities.FindAsync([id], turn.Cancellation) is not { } identity)
                    return VaultRefusals.IdentityNotFound;
                var added = Credential.Add(turn.By, identity, details, turn.Now);
                if (added.IsRefused)
                    return added.Refusal;
                if (Put(turn, added.Value, secret, file) is { IsRefused: true, Refusal: { } refused })
                    return refused;
                turn.Db.Credentials.Add(added.Value);
                return added.Value.Id;
            }, cancellation);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
        }
    }

    /// <summary>Changes what is known about a credential, not its secret.</summary>
    /// <returns>Done; or what <see cref="Credential.Edit"/> refuses, or <c>credential-not-found</c>.</returns>
    public Task<Result<Done>> EditCredentialAsync(PersonId caller, CredentialId id, CredentialDetails details, CancellationToken cancellation = default)
        => WithCredentialAsync(caller, id, "edit a credential", async (credential, turn) =>
        {
            await WithFieldsAsync(turn, credential);
            return credential.Edit(turn.By, details, turn.Now);
        }, cancellation);

    /// <summary>Puts a new secret in force. The plain bytes are zeroed, whatever comes of it.</summary>
    /// <returns>Done; or <c>not-vault-manager</c>, <c>credential-not-found</c>, or what <see cref="TypedSecret.Check"/> refuses.</returns>
    public async Task<Result<Done>> ChangeSecretAsync(PersonId caller, CredentialId id, byte[] secret, string file = "", CancellationToken cancellation = default)
    {
        try
        {
            return await WithCredentialAsync(caller, id, "change a secret", (credential, turn) => Put(turn, credential, secret, file), cancellation);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
        }
    }

    /// <summary>
    /// Puts a new value of a field beside the main secret in force: the seed of one-time codes, recovery codes, a
    /// connector's key. The plain bytes are zeroed, whatever comes of it.
    /// </summary>
    /// <returns>Done; or what <see cref="TypedSecret.Read"/> or <see cref="Credential.ChangeField"/> refuses, or <c>credential-not-found</c>.</returns>
    public async Task<Result<Done>> ChangeFieldAsync(PersonId caller, CredentialId id, FieldKind field, byte[] typed, CancellationToken cancellation = default)
    {
        try
        {
            return await WithCredentialAsync(caller, id, "change a field of a credential", async (credential, turn) =>
            {
                await WithFieldsAsync(turn, credential);
                return PutField(turn, credential, field, typed);
            }, cancellation);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(typed);
        }
    }

    /// <summary>Keeps a field beside the main secret no longer.</summary>
    /// <returns>Done; or <c>not-vault-manager</c>, <c>credential-not-found</c>.</returns>
    public Task<Result<Done>> RemoveFieldAsync(PersonId caller, CredentialId id, FieldKind field, CancellationToken cancellation = default)
        => WithCredentialAsync(caller, id, "remove a field of a credential", async (credential, turn) =>
        {
            await WithFieldsAsync(turn, credential);
            return credential.RemoveField(turn.By, field, turn.Now);
        }, cancellation);

    /// <summary>Takes a credential out of use.</summary>
    /// <returns>Done; or <c>not-vault-manager</c>, <c>credential-not-found</c>.</returns>
    public Task<Result<Done>> ArchiveCredentialAsync(PersonId caller, CredentialId id, CancellationToken cancellation = default)
        => WithCredentialAsync(caller, id, "archive a credential", (credential, turn) => credential.Archive(turn.By, turn.Now), cancellation);

    /// <summary>Reads an identity for its editor; nothing, if there is none.</summary>
    public async Task<(IdentityDetails Details, long Version)?> ReadAsync(IdentityId id, CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        return await db.Identities.AsNoTracking().SingleOrDefaultAsync(i => i.Id == id, cancellation) is { } found ? (found.Details, found.Version) : null;
    }

    private static Attempt About(string what, IdentityId? id = null, CredentialId? credential = null)
        => new(what, Emergency: false, new Subject(Identity: id, Credential: credential));

    private static Task WithFieldsAsync(Turn turn, Credential credential) => turn.Db.Entry(credential).Collection(c => c.Fields).LoadAsync(turn.Cancellation);

    private Result<Done> PutField(Turn turn, Credential credential, FieldKind field, byte[] typed)
    {
        if (!turn.By.Has(RolePermissions.VaultManagers))
            return VaultRefusals.NotVaultManager;
        var read = TypedSecret.Read(field, typed);
        if (read.IsRefused)
            return read.Refusal;
        var (kept, count) = read.Value;
        try
        {
            var value = keyring.Seal(credential.IdentityId, credential.Id, field, credential.NextVersionOf(field), kept, turn.By.Id, turn.Now);
            return credential.ChangeField(turn.By, value, count, turn.Now);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(kept);
        }
    }

    private Result<Done> Put(Turn turn, Credential credential, byte[] secret, string file)
    {
        if (!turn.By.Has(RolePermissions.VaultManagers))
            return VaultRefusals.NotVaultManager;
        if (TypedSecret.Check(credential.Type, secret, file) is { } refused)
            return refused;
        var sealedSecret = keyring.Seal(credential.IdentityId, credential.Id, FieldKind.Secret, credential.NextVersion, secret, turn.By.Id, turn.Now);
        return credential.ChangeSecret(turn.By, sealedSecret, turn.Now);
    }

    private Task<Result<Done>> WithIdentityAsync(
        PersonId caller, IdentityId id, string what, Func<SharedIdentity, Turn, Result<Done>> change, CancellationToken cancellation)
        => work.RunAsync(caller, About(what, id), async turn =>
            await turn.Db.Identities.FindAsync([id], turn.Cancellation) is { } identity ? change(identity, turn) : VaultRefusals.IdentityNotFound, cancellation);

    private Task<Result<Done>> WithCredentialAsync(
        PersonId caller, CredentialId id, string what, Func<Credential, Turn, Result<Done>> change, CancellationToken cancellation)
        => WithCredentialAsync(caller, id, what, (credential, turn) => Task.FromResult(change(credential, turn)), cancellation);

    private Task<Result<Done>> WithCredentialAsync(
        PersonId caller, CredentialId id, string what, Func<Credential, Turn, Task<Result<Done>>> change, CancellationToken cancellation)
        => work.RunAsync(caller, About(what, credential: id), async turn =>
        {
            if (await turn.Db.Credentials.FindAsync([id], turn.Cancellation) is not { } credential)
                return VaultRefusals.CredentialNotFound;
            turn.Concerning = new Subject(Identity: credential.IdentityId, Credential: id);
            return await change(credential, turn);
        }, cancellation);
}
