using AccessHive.Core.Audit;
using AccessHive.Core.Kernel;
using AccessHive.Core.Sessions;
using AccessHive.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace AccessHive.Core.Requests.UseCases;

/// <summary>Approves or denies somebody else's request.</summary>
/// <param name="Request">Which request.</param>
/// <param name="Verdict">Yes or no.</param>
/// <param name="Comment">What the approver adds, up to 500 characters.</param>
public sealed record DecideRequest(RequestId Request, Verdict Verdict, string Comment = "");

/// <summary>What an approver, and the requester while it waits, can do with a request.</summary>
public sealed class DecideRequestHandler(Work work)
{
    /// <summary>Decides; yes starts the session in the same transaction (P9).</summary>
    /// <returns>The session, when approved; or what <see cref="AccessRequest.Decide"/> refuses, or <c>request-not-found</c>, <c>archived</c>.</returns>
    public Task<Result<Decided>> HandleAsync(PersonId caller, DecideRequest command, CancellationToken cancellation = default)
        => WithRequestAsync<Decided>(caller, command.Request, command.Verdict == Verdict.Approve ? "approve a request" : "deny a request", async (request, turn) =>
        {
            var person = await turn.Db.People.FindAsync([request.RequesterId], turn.Cancellation);
            var requester = person is { IsActive: true } ? person.AsActor() : null;
            var running = await turn.Db.Sessions.CountAsync(
                s => s.HolderId == request.RequesterId && s.EndedAt == null && s.EndsAt > turn.Now && s.Kind == RequestKind.Emergency, turn.Cancellation);
            var at = await StandardPath.CircumstancesAsync(turn.Db, request, requester, running, turn.Now, turn.Cancellation);
            if (request.Decide(command.Verdict, turn.By, command.Comment, at, turn.Now) is { IsRefused: true, Refusal: { } refused })
                return await WithNameAsync(turn, request, refused);
            if (command.Verdict == Verdict.Approve && await InUse.IsArchivedAsync(turn, request.CredentialId))
                return Vault.VaultRefusals.Archived;
            if (request.State != RequestState.Approved)
                return new Decided(null);

            await Overdue.SettleAsync(turn, request.RequesterId, request.CredentialId);
            var session = AccessSession.Start(request, requester!, await StandardPath.TermsNowAsync(turn.Db, request, turn.Now, turn.Cancellation), turn.Now);
            turn.Db.Sessions.Add(session);
            return new Decided(session.Id);
        }, cancellation);

    /// <summary>The requester takes it back.</summary>
    /// <returns>Done; or what <see cref="AccessRequest.Withdraw"/> refuses, or <c>request-not-found</c>.</returns>
    public Task<Result<Done>> WithdrawAsync(PersonId caller, RequestId id, CancellationToken cancellation = default)
        => WithRequestAsync<Done>(caller, id, "withdraw a request", async (request, turn) =>
            request.Withdraw(turn.By, turn.Now) is { IsRefused: true, Refusal: { } refused } ? await WithNameAsync(turn, request, refused) : Done.Yes, cancellation);

    /// <summary>The receipt: an approver has it before their eyes. Refusals are no attempts, so they leave no entry.</summary>
    /// <returns>Done; or what <see cref="AccessRequest.Shown"/> refuses.</returns>
    public Task<Result<Done>> ShownAsync(PersonId caller, RequestId id, CancellationToken cancellation = default)
        => work.RunAsAsync<Done>(Actor.System, async turn =>
        {
            var person = await turn.Db.People.FindAsync([caller], turn.Cancellation);
            var request = await turn.Db.Requests.Include(r => r.Asks).SingleOrDefaultAsync(r => r.Id == id, turn.Cancellation);
            return person is { IsActive: true } && request is not null ? request.Shown(person.AsActor(), turn.Now) : RequestRefusals.RequestNotFound;
        }, cancellation);

    private static async Task<Refusal> WithNameAsync(Turn turn, AccessRequest request, Refusal refused)
        => request.DecidedBy is { } by && refused.Code == RequestRefusals.AlreadyDecided.Code
            ? refused.With("by", await turn.Db.People.Where(p => p.Id == by).Select(p => p.Name).SingleAsync(turn.Cancellation))
            : refused;

    private Task<Result<T>> WithRequestAsync<T>(PersonId caller, RequestId id, string what, Func<AccessRequest, Turn, Task<Result<T>>> then, CancellationToken cancellation)
        => work.RunAsync<T>(caller, new Attempt(what, Emergency: true, new Subject(Request: id)), async turn =>
        {
            if (await turn.Db.Requests.Include(r => r.Approvals).SingleOrDefaultAsync(r => r.Id == id, turn.Cancellation) is not { } request)
                return RequestRefusals.RequestNotFound;
            (turn.Concerning, turn.InEmergency) = (new Subject(request.RequesterId, request.IdentityId, request.CredentialId, id), request.IsEmergency);
            return await then(request, turn);
        }, cancellation);
}

/// <summary>What came of a decision.</summary>
/// <param name="Session">The session that started, when it was approved and nobody else has to approve it too.</param>
public sealed record Decided(SessionId? Session);
