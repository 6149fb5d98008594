using AccessHive.Core.Audit;
using AccessHive.Core.Kernel;
using AccessHive.Core.Sessions;
using AccessHive.Core.Storage;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace AccessHive.Core.Requests.UseCases;

/// <summary>Asks for a credential in the usual way (P15).</summary>
/// <param name="Credential">What access is asked for.</param>
/// <param name="Purpose">What for, 3 to 1,000 characters.</param>
/// <param name="AskedFor">For how long, in whole minutes.</param>
public sealed record CheckOut(CredentialId Credential, string Purpose, Duration AskedFor);

/// <summary>Handles <see cref="CheckOut"/>: asks everybody on the list, or checks out at once where nobody has to approve.</summary>
public sealed class CheckOutHandler(Work work, IPresence presence)
{
    /// <summary>Raises the request.</summary>
    /// <returns>What came of it; or what <see cref="AccessRequest.RaiseStandard"/> refuses, or <c>credential-not-found</c>.</returns>
    public Task<Result<Raised>> HandleAsync(PersonId caller, CheckOut command, CancellationToken cancellation = default)
        => work.RunAsync<Raised>(caller, new Attempt("check out a credential", Emergency: false, new Subject(caller, Credential: command.Credential)), async turn =>
        {
            if (await turn.Db.Credentials.FindAsync([command.Credential], turn.Cancellation) is not { } credential)
                return Vault.VaultRefusals.CredentialNotFound;
            turn.Concerning = new Subject(caller, credential.IdentityId, credential.Id);
            var identity = await turn.Db.Identities.SingleAsync(i => i.Id == credential.IdentityId, turn.Cancellation);
            var policy = await StandardPath.PolicyAsync(turn.Db, turn.Cancellation);
            await Overdue.SettleAsync(turn, caller, credential.Id);

            var standing = await StandingAsync(turn, caller, credential.Id);
            var raised = AccessRequest.RaiseStandard(turn.By, policy, identity, credential, Justification.Purpose(command.Purpose), command.AskedFor, standing, turn.Now);
            if (raised.IsRefused)
                return raised.Refusal;
            turn.Db.Requests.Add(raised.Value);
            if (raised.Value.State != RequestState.Approved)
            {
                await Routing.AskNextAsync(turn, raised.Value, presence);
                return new Raised(raised.Value.Id, null);
            }

            var session = AccessSession.Start(raised.Value, turn.By, raised.Value.Terms, turn.Now);
            turn.Db.Sessions.Add(session);
            return new Raised(raised.Value.Id, session.Id);
        }, cancellation);

    private static async Task<RequesterStanding> StandingAsync(Turn turn, PersonId caller, CredentialId credential) => new(
        await turn.Db.Requests.AnyAsync(r => r.RequesterId == caller && r.CredentialId == credential && r.State == RequestState.Pending && r.DecideBy > turn.Now, turn.Cancellation),
        await turn.Db.Sessions.AnyAsync(s => s.HolderId == caller && s.CredentialId == credential && s.EndedAt == null && s.EndsAt > turn.Now, turn.Cancellation),
        RunningSessions: 0, RaisedInLastHour: 0, IsLastOwner: false);
}
