using AccessHive.Core.Audit;
using AccessHive.Core.Kernel;
using AccessHive.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace AccessHive.Core.Sessions.UseCases;

/// <summary>The holder of a checkout needs more time, once (P15).</summary>
public sealed class ExtendSessionHandler(Work work)
{
    /// <summary>Extends it by what its terms and the policy as it is now both allow.</summary>
    /// <returns>Done; or what <see cref="AccessSession.Extend"/> refuses, or <c>session-not-found</c>.</returns>
    public Task<Result<Done>> HandleAsync(PersonId caller, SessionId id, CancellationToken cancellation = default)
        => work.RunAsync<Done>(caller, new Attempt("extend a session", Emergency: false, new Subject(Session: id)), async turn =>
        {
            if (await turn.Db.Sessions.FindAsync([id], turn.Cancellation) is not { } session)
                return SessionRefusals.SessionNotFound;
            (turn.Concerning, turn.InEmergency) = (new Subject(session.HolderId, session.IdentityId, session.CredentialId, session.RequestId, id), session.IsEmergency);
            var type = await turn.Db.Identities.Where(i => i.Id == session.IdentityId).Select(i => i.Type).SingleAsync(turn.Cancellation);
            var policy = await StandardPath.PolicyAsync(turn.Db, turn.Cancellation);
            return session.Extend(turn.By, turn.By.Has(RolePermissions.CanBeEligible), policy.Rules.ExtensionFor(type), turn.Now);
        }, cancellation);
}
