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
/// <param name="Mode">Onto the glass, into the clipboard, or into a file.</param>
/// <param name="Field">What of the credential: of the seed of one-time codes only the code of the moment leaves, of recovery codes the next one, a connector's key never.</param>
public sealed record RevealCredential(SessionId Session, RevealMode Mode, FieldKind Field = FieldKind.Secret);

/// <summary>A secret on its way to the glass. Disposing zeroes it.</summary>
public sealed class RevealedSecret(byte[] bytes, Duration remaining) : IDisposable
{
    /// <summary>One-time codes: how long this one is still valid.</summary>
    public Duration? ValidFor { get; init; }

    /// <summary>Recovery codes: how many are left, of how many that were entered.</summary>
    public (int Left, int Total)? Codes { get; init; }

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
    /// <returns>The secret, to be disposed; or what <see cref="AccessSession.Reveal"/> refuses, or <c>session-not-found</c>, <c>caller-not-active</c>, <c>archived</c>, <c>field-not-revealed</c>, <c>field-not-kept</c>, <c>no-code-left</c>.</returns>
    public async Task<Result<RevealedSecret>> HandleAsync(PersonId caller, RevealCredential command, CancellationToken cancellation = default)
    {
        var permitted = await work.RunAsync<Permit>(caller, new Attempt("reveal a credential", Emergency: true, new Subject(Session: command.Session)), turn => PermitAsync(turn, command), cancellation);
        if (permitted.IsRefused)
            return permitted.Refusal;

        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var secret = await db.Secrets.AsNoTracking().SingleAsync(s => s.CredentialId == permitted.Value.Credential && s.Field == command.Field && s.Version == permitted.Value.Version, cancellation);
        var plain = keyring.Open(secret);
        var remaining = permitted.Value.EndsAt - clock.Now;
        if (remaining > Duration.Zero)
            return Leaving(command.Field, plain, permitted.Value, remaining);
        CryptographicOperations.ZeroMemory(plain);
        return SessionRefusals.SessionOver;
    }

    // A main secret leaves as it is. Of the others, only what is made of them does, and what was opened is zeroed here.
    private RevealedSecret Leaving(FieldKind field, byte[] plain, Permit permit, Duration remaining)
    {
        if (field == FieldKind.Secret)
            return new RevealedSecret(plain, remaining);
        try
        {
            if (field == FieldKind.RecoveryCodes)
                return new RevealedSecret(RecoveryCodes.At(plain, permit.Code!.Value.Index), remaining) { Codes = (permit.Code.Value.Left, permit.Code.Value.Total) };
            using var seed = OneTimeSeed.Open(plain);
            // The wall clock, right or wrong: the site's clock decides, and a clock that never runs back would be wrong for long.
            var wall = clock.Wall;
            return new RevealedSecret(seed.CodeAt(wall), remaining) { ValidFor = seed.ValidFrom(wall) };
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plain);
        }
    }

    private static async Task<Result<Permit>> PermitAsync(Turn turn, RevealCredential command)
    {
        if (await turn.Db.Sessions.FindAsync([command.Session], turn.Cancellation) is not { } session)
            return SessionRefusals.SessionNotFound;
        (turn.Concerning, turn.InEmergency) = (new Subject(session.HolderId, session.IdentityId, session.CredentialId, session.RequestId, session.Id), session.IsEmergency);
        var credential = await turn.Db.Credentials.Include(c => c.Fields).SingleAsync(c => c.Id == session.CredentialId, turn.Cancellation);
        if (await InUse.IsArchivedAsync(turn, credential.Id))
            return VaultRefusals.Archived;
        var policy = await turn.Db.EmergencyPolicies.SingleAsync(turn.Cancellation);
        var eligible = session.IsEmergency ? policy.Rules.IsEligible(turn.By.Roles) : turn.By.Has(RolePermissions.CanBeEligible);
        var kept = credential.FieldOf(command.Field);
        int? left = command.Field == FieldKind.RecoveryCodes && kept is { Left: > 0 } ? kept.Left - 1 : null;
        if (session.Reveal(turn.By, eligible, command.Mode, credential.Label, turn.Now, command.Field, left) is { IsRefused: true, Refusal: { } refused })
            return refused;
        switch (command.Field)
        {
            case FieldKind.Secret:
                await ExposeAsync(turn, credential, session);
                return new Permit(credential.Id, credential.CurrentVersion, session.EndsAt, null);
            case FieldKind.TotpSeed when kept is { CurrentVersion: > 0 }:
                return new Permit(credential.Id, kept.CurrentVersion, session.EndsAt, null);
            case FieldKind.RecoveryCodes when kept is { CurrentVersion: > 0 }:
                // Committed with the entry, before the code leaves: whoever comes next gets the next one.
                var taken = credential.TakeRecoveryCode();
                return taken.IsRefused ? taken.Refusal : new Permit(credential.Id, kept.CurrentVersion, session.EndsAt, (taken.Value, kept.Left, kept.Total));
            case FieldKind.ConnectorKey:
                return VaultRefusals.FieldNotRevealed;
            default:
                return VaultRefusals.FieldNotKept;
        }
    }

    private static async Task ExposeAsync(Turn turn, Credential credential, AccessSession session)
    {
        credential.Expose(session.IsEmergency, turn.Now);
        session.Saw(credential.CurrentVersion);
        var seen = await turn.Db.Exposures.FindAsync([credential.Id, credential.CurrentVersion, session.HolderId], turn.Cancellation);
        if (seen is null)
            turn.Db.Exposures.Add(seen = new Exposure { CredentialId = credential.Id, Version = credential.CurrentVersion, PersonId = session.HolderId, FirstAt = turn.Now });
        seen.LastAt = turn.Now;
        seen.InEmergency |= session.IsEmergency;
    }

    private sealed record Permit(CredentialId Credential, int Version, Instant EndsAt, (int Index, int Left, int Total)? Code);
}
