using AccessHive.Core.Audit;
using AccessHive.Core.Kernel;
using AccessHive.Core.Policies;
using AccessHive.Core.Sessions;
using AccessHive.Core.Storage;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace AccessHive.Core.Requests.UseCases;

/// <summary>Asks for emergency access to a credential (P6, P7).</summary>
/// <param name="Credential">What access is asked for.</param>
/// <param name="Justification">Why.</param>
/// <param name="AskedFor">For how long, in whole minutes.</param>
/// <param name="Continues">The session that wasn't long enough, if any (P3).</param>
public sealed record RaiseRequest(CredentialId Credential, Justification Justification, Duration AskedFor, SessionId? Continues = null);

/// <summary>What came of it.</summary>
/// <param name="Request">The request.</param>
/// <param name="Session">The session, when no approval was required.</param>
public sealed record Raised(RequestId Request, SessionId? Session);

/// <summary>Handles <see cref="RaiseRequest"/>: routes to the approvers who are here, or grants at once when none is required (P4, P8).</summary>
public sealed class RaiseRequestHandler(Work work, IPresence presence)
{
    /// <summary>Raises the request.</summary>
    /// <returns>What came of it; or what <see cref="AccessRequest.Raise"/> refuses, or <c>credential-not-found</c>.</returns>
    public Task<Result<Raised>> HandleAsync(PersonId caller, RaiseRequest command, CancellationToken cancellation = default)
        => work.RunAsync<Raised>(caller, new Attempt("raise an emergency request", Emergency: true, new Subject(caller, Credential: command.Credential)), async turn =>
        {
            if (await turn.Db.Credentials.FindAsync([command.Credential], turn.Cancellation) is not { } credential)
                return Vault.VaultRefusals.CredentialNotFound;
            turn.Concerning = new Subject(caller, credential.IdentityId, credential.Id);
            var identity = await turn.Db.Identities.SingleAsync(i => i.Id == credential.IdentityId, turn.Cancellation);
            var policy = await turn.Db.EmergencyPolicies.SingleAsync(turn.Cancellation);
            await Overdue.SettleAsync(turn, caller, credential.Id);
            var standing = await StandingAsync(turn, caller, credential.Id);
            var (continued, unknown) = await ContinuedAsync(turn, command.Continues);
            if (unknown is not null)
                return unknown;

            var debt = await ReviewDebts.ReadAsync(turn.Db, turn.Now, turn.Cancellation);
            var raised = AccessRequest.Raise(turn.By, policy, identity, credential, command.Justification, command.AskedFor, standing, continued, debt, turn.Now);
            if (raised.IsRefused)
                return await WithFactsAsync(turn, policy, raised.Refusal);
            if (await TurnAsync(turn, raised.Value) is { } refused)
                return refused;
            turn.Db.Requests.Add(raised.Value);
            await Casebook.EnterAsync(turn, raised.Value);
            if (raised.Value.State != RequestState.Approved)
            {
                await Routing.AskNextAsync(turn, raised.Value, presence);
                return new Raised(raised.Value.Id, null);
            }

            var session = AccessSession.Start(raised.Value, turn.By, raised.Value.Terms, turn.Now);
            turn.Db.Sessions.Add(session);
            return new Raised(raised.Value.Id, session.Id);
        }, cancellation);

    // What its sentence needs: a refusal says who can help.
    private static async Task<Refusal> WithFactsAsync(Turn turn, EmergencyPolicy policy, Refusal refused)
    {
        if (refused == RequestRefusals.NotEligible)
            return refused.With("yours", turn.By.Roles.ToString()).With("eligible", policy.Rules.EligibleRoles.ToString());
        if (refused != ReviewDebtRefusals.Blocked)
            return refused;
        var owners = await turn.Db.People.Where(p => p.Id != turn.By.Id && p.JoinedAt != null && p.DisabledAt == null && (p.Roles & Roles.Owner) == Roles.Owner)
            .OrderBy(p => p.Name).Select(p => p.Name).ToListAsync(turn.Cancellation);
        return refused.With("owners", string.Join(", ", owners));
    }

    // Who waits in the usual way and can't any longer makes an emergency of it: the old request ends where the new one begins.
    private static async Task<Refusal?> TurnAsync(Turn turn, AccessRequest emergency)
    {
        var waiting = await turn.Db.Requests.SingleOrDefaultAsync(
            r => r.RequesterId == emergency.RequesterId && r.CredentialId == emergency.CredentialId && r.Kind == RequestKind.Standard
                && r.State == RequestState.Pending && r.DecideBy > turn.Now,
            turn.Cancellation);
        if (waiting is null)
            return null;
        var turned = waiting.TurnInto(emergency, turn.By, turn.Now);
        // One pending request each: the row has to be out of the way before the other comes.
        await turn.Db.SaveChangesAsync(turn.Cancellation);
        return turned.Refusal;
    }

    private static async Task<RequesterStanding> StandingAsync(Turn turn, PersonId caller, CredentialId credential)
    {
        var hourAgo = turn.Now - Duration.FromHours(1);
        var running = await turn.Db.Sessions
            .CountAsync(s => s.HolderId == caller && s.EndedAt == null && s.EndsAt > turn.Now && s.Kind == RequestKind.Emergency, turn.Cancellation);
        return new RequesterStanding(
            HasPendingForCredential: await turn.Db.Requests.AnyAsync(r => r.RequesterId == caller && r.CredentialId == credential && r.Kind == RequestKind.Emergency && r.State == RequestState.Pending && r.DecideBy > turn.Now, turn.Cancellation),
            HasRunningForCredential: await turn.Db.Sessions.AnyAsync(s => s.HolderId == caller && s.CredentialId == credential && s.EndedAt == null && s.EndsAt > turn.Now, turn.Cancellation),
            RunningSessions: running,
            RaisedInLastHour: await turn.Db.Requests.CountAsync(r => r.RequesterId == caller && r.RaisedAt > hourAgo && r.Kind == RequestKind.Emergency, turn.Cancellation),
            IsLastOwner: turn.By.Has(Roles.Owner)
                && !await turn.Db.People.AnyAsync(p => p.Id != caller && p.JoinedAt != null && p.DisabledAt == null && (p.Roles & Roles.Owner) == Roles.Owner, turn.Cancellation));
    }

    private static async Task<(Continued? Continued, Refusal? Unknown)> ContinuedAsync(Turn turn, SessionId? id)
    {
        if (id is null)
            return (null, null);
        if (await turn.Db.Sessions.FindAsync([id.Value], turn.Cancellation) is not { } before)
            return (null, SessionRefusals.SessionNotFound);
        var words = await turn.Db.Requests.Where(r => r.Id == before.RequestId).Select(r => r.Justification.Text).SingleAsync(turn.Cancellation);
        return (new Continued(before.Id, before.HolderId, before.CredentialId, words), null);
    }
}
