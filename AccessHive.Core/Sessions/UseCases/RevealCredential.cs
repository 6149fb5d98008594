using System.Security.Cryptography;
using AccessHive.Core.Audit;
using AccessHive.Core.Kernel;
using AccessHive.Core.Storage;
using AccessHive.Core.Vault;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace AccessHive.Core.Sessions.UseCases;

/// <summary>Takes a secret out of the vault, for the holder of a running session.</summary>
/// <param name="Session">The session.</param>
/// <param name="Mode">Onto the glass, or into the clipboard.</param>
public sealed record RevealCredential(SessionId Session, RevealMode Mode);

/// <summary>A secret on its way to the glass. Disposing zeroes it.</summary>
public sealed class RevealedSecret(byte[] bytes, Duration remaining) : IDisposable
{
    /// <summary>The plain bytes; don't keep them.</summary>
    public ReadOnlyMemory<byte> Bytes => bytes;

    /// <summary>How long the session still runs: the glass may show it no longer than that.</summary>
    public Duration Remaining => remaining;

    /// <inheritdoc/>
    public void Dispose() => CryptographicOperations.ZeroMemory(bytes);
}

/// <summary>
/// May the secret leave? The only caller of the keyring besides Vault itself. The clock, the holder, their roles and
/// the policy are asked again each time; the entry is committed before the vault opens: no entry, no access.
/// </summary>
public sealed class RevealCredentialHandler(Work work, IDbContextFactory<HiveContext> contexts, Keyring keyring, HiveClock clock)
{
    /// <summary>Reveals.</summary>
    /// <returns>The secret, to be disposed; or what <see cref="AccessSession.Reveal"/> refuses, or <c>session-not-found</c>, <c>caller-not-active</c>, <c>archived</c>.</returns>
    public async Task<Result<RevealedSecret>> HandleAsync(PersonId caller, RevealCredential command, CancellationToken cancellation = default)
    {
        var permitted = await work.RunAsync<Permit>(caller, new Attempt("reveal a credential", Emergency: true, new Subject(Session: command.Session)), turn => PermitAsync(turn, command), cancellation);
        if (permitted.IsRefused)
            return permitted.Refusal;

        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var secret = await db.Secrets.AsNoTracking().SingleAsync(s => s.CredentialId == permitted.Value.Credential && s.Field == FieldKind.Secret && s.Version == permitted.Value.Version, cancellation);
        var plain = keyring.Open(secret);
        var remaining = permitted.Value.EndsAt - clock.Now;
        if (remaining > Duration.Zero)
            return new RevealedSecret(plain, remaining);
        CryptographicOperations.ZeroMemory(plain);
        return SessionRefusals.SessionOver;
    }

    private static async Task<Result<Permit>> PermitAsync(Turn turn, RevealCredential command)
    {
        if (await turn.Db.Sessions.FindAsync([command.Session], turn.Cancellation) is not { } session)
            return SessionRefusals.SessionNotFound;
        (turn.Concerning, turn.InEmergency) = (new Subject(session.HolderId, session.IdentityId, session.CredentialId, session.RequestId, session.Id), session.IsEmergency);
        var credential = await turn.Db.Credentials.SingleAsync(c => c.Id == session.CredentialId, turn.Cancellation);
        if (await InUse.IsArchivedAsync(turn, credential.Id))
            return VaultRefusals.Archived;
        var policy = await turn.Db.EmergencyPolicies.SingleAsync(turn.Cancellation);
        var eligible = session.IsEmergency ? policy.Rules.IsEligible(turn.By.Roles) : turn.By.Has(RolePermissions.CanBeEligible);
        if (session.Reveal(turn.By, eligible, command.Mode, credential.Label, turn.Now) is { IsRefused: true, Refusal: { } refused })
            return refused;
        await ExposeAsync(turn, credential, session);
        return new Permit(credential.Id, credential.CurrentVersion, session.EndsAt);
    }

    private static async Task ExposeAsync(Turn turn, Credential credential, AccessSession session)
    {
        credential.Expose(session.IsEmergency, turn.Now);
        var seen = await turn.Db.Exposures.FindAsync([credential.Id, credential.CurrentVersion, session.HolderId], turn.Cancellation);
        if (seen is null)
            turn.Db.Exposures.Add(seen = new Exposure { CredentialId = credential.Id, Version = credential.CurrentVersion, PersonId = session.HolderId, FirstAt = turn.Now });
        seen.LastAt = turn.Now;
        seen.InEmergency |= session.IsEmergency;
    }

    private sealed record Permit(CredentialId Credential, int Version, Instant EndsAt);
}
