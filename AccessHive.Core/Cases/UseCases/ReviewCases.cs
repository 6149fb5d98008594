using AccessHive.Core.Audit;
using AccessHive.Core.Kernel;
using AccessHive.Core.Storage;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace AccessHive.Core.Cases.UseCases;

/// <summary>A verdict.</summary>
/// <param name="Case">The case.</param>
/// <param name="Verdict">What the reviewer makes of it.</param>
/// <param name="Answers">The guide's three questions.</param>
/// <param name="Comment">What they add, up to 1,000 characters.</param>
public sealed record ReviewCase(CaseId Case, CaseVerdict Verdict, ReviewAnswers Answers, string Comment = "");

/// <summary>Something to be done.</summary>
/// <param name="Case">Because of which case.</param>
/// <param name="What">What: 3 to 500 characters.</param>
/// <param name="Owner">Who sees to it.</param>
/// <param name="DueAt">By when.</param>
public sealed record AddFollowUp(CaseId Case, string What, PersonId Owner, Instant DueAt);

/// <summary>What people do with a case. Who may is asked of the database each time: person, roles, and who took part in any of its requests.</summary>
public sealed class ReviewCases(Work work, IDbContextFactory<HiveContext> contexts)
{
    /// <summary>Somebody has the case before their eyes; the first time counts for those who may review it, and for nobody else.</summary>
    /// <returns>Whether it counted. Nothing is refused, and nothing is noted for those whose look does not count.</returns>
    public async Task<bool> OpenedAsync(PersonId caller, CaseId id, CancellationToken cancellation = default)
    {
        if (!await CountsAsync(caller, id, cancellation))
            return false;
        var opened = await work.RunAsAsync<bool>(Actor.System, async turn =>
        {
            var person = await turn.Db.People.FindAsync([caller], turn.Cancellation);
            if (person is not { IsActive: true } || await LoadAsync(turn, id) is not { } it)
                return CaseRefusals.CaseNotFound;
            return it.OpenedBy(person.AsActor(), await Casebook.PartiesAsync(turn.Db, id, turn.Cancellation), turn.Now);
        }, cancellation);
        return opened is { IsRefused: false, Value: true };
    }

    /// <summary>Gives the verdict; the case closes in the same transaction, if that was the last gate.</summary>
    /// <returns>Done; or what <see cref="EmergencyCase.Review"/> refuses, or <c>case-not-found</c>.</returns>
    public Task<Result<Done>> ReviewAsync(PersonId caller, ReviewCase command, CancellationToken cancellation = default)
        => WithAsync<Done>(caller, command.Case, "review a case", async (it, parties, turn) =>
        {
            var minuteAgo = turn.Now - CaseReview.BulkWithin;
            var others = await turn.Db.CaseReviews.CountAsync(r => r.ReviewerId == caller && r.CaseId != it.Id && r.At > minuteAgo, turn.Cancellation);
            var reviewed = it.Review(turn.By, parties, await Casebook.FactsAsync(turn.Db, it.Id, turn.Cancellation), command.Verdict, command.Answers, command.Comment, others, turn.Now);
            if (reviewed.IsRefused)
                return reviewed.Refusal.Code == CaseRefusals.AlreadyReviewed.Code && it.ReviewedBy is { } by
                    ? reviewed.Refusal.With("by", await turn.Db.People.Where(p => p.Id == by).Select(p => p.Name).SingleAsync(turn.Cancellation))
                    : reviewed.Refusal;
            await Casebook.CloseAsync(turn, it.CredentialId);
            return Done.Yes;
        }, cancellation);

    /// <summary>Takes the verdict back and opens the case again.</summary>
    /// <returns>Done; or what <see cref="EmergencyCase.Reopen"/> refuses, or <c>case-not-found</c>.</returns>
    public Task<Result<Done>> ReopenAsync(PersonId caller, CaseId id, string reason, CancellationToken cancellation = default)
        => WithAsync(caller, id, "reopen a case", (it, parties, turn) => Task.FromResult(it.Reopen(turn.By, parties, reason, turn.Now)), cancellation);

    /// <summary>Remarks something.</summary>
    /// <returns>Done; or what <see cref="EmergencyCase.Comment"/> refuses, or <c>case-not-found</c>.</returns>
    public Task<Result<Done>> CommentAsync(PersonId caller, CaseId id, string text, CancellationToken cancellation = default)
        => WithAsync(caller, id, "comment on a case", (it, parties, turn) => Task.FromResult(it.Comment(turn.By, parties, text, turn.Now)), cancellation);

    /// <summary>Adds something to be done.</summary>
    /// <returns>Its id; or what <see cref="EmergencyCase.AddFollowUp"/> refuses, or <c>case-not-found</c>.</returns>
    public Task<Result<Guid>> AddFollowUpAsync(PersonId caller, AddFollowUp command, CancellationToken cancellation = default)
        => WithAsync<Guid>(caller, command.Case, "add a follow-up", async (it, parties, turn) =>
            await turn.Db.People.FindAsync([command.Owner], turn.Cancellation) is { IsActive: true } owner
                ? it.AddFollowUp(turn.By, parties, command.What, owner.Id, owner.Name, command.DueAt, turn.Now)
                : CaseRefusals.FollowUpIncomplete, cancellation);

    /// <summary>Says that it is done, or that it isn't after all.</summary>
    /// <returns>Done; or what <see cref="EmergencyCase.SetFollowUp"/> refuses, or <c>case-not-found</c>.</returns>
    public Task<Result<Done>> SetFollowUpAsync(PersonId caller, CaseId id, Guid followUp, bool done, CancellationToken cancellation = default)
        => WithAsync(caller, id, "finish a follow-up", (it, parties, turn) => Task.FromResult(it.SetFollowUp(turn.By, parties, followUp, done, turn.Now)), cancellation);

    /// <summary>Says that the account is closed at the platform, where the credential is out of use and what was seen can't be rotated.</summary>
    /// <returns>Done; or what <see cref="EmergencyCase.SayAccountClosed"/> refuses, or <c>case-not-found</c>.</returns>
    public Task<Result<Done>> SayAccountClosedAsync(PersonId caller, CaseId id, string words, CancellationToken cancellation = default)
        => WithAsync<Done>(caller, id, "say that an account is closed", async (it, parties, turn) =>
        {
            var said = it.SayAccountClosed(turn.By, parties, await Casebook.FactsAsync(turn.Db, id, turn.Cancellation), words, turn.Now);
            if (!said.IsRefused)
                await Casebook.CloseAsync(turn, it.CredentialId);
            return said;
        }, cancellation);

    // Looking is asked often and counts seldom: who need not write does not wait for the write lock.
    private async Task<bool> CountsAsync(PersonId caller, CaseId id, CancellationToken cancellation)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var actor = await Reader.AsActorAsync(db, caller, cancellation);
        if (await db.Cases.AsNoTracking().Include(c => c.Openings).SingleOrDefaultAsync(c => c.Id == id, cancellation) is not { ReviewedAt: null } it)
            return false;
        return !it.Openings.Any(o => o.Round == it.Round && o.PersonId == caller)
            && EmergencyCase.MayBeReviewedBy(actor, await Casebook.PartiesAsync(db, id, cancellation)) is null;
    }

    private static Task<EmergencyCase?> LoadAsync(Turn turn, CaseId id)
        => turn.Db.Cases.Include(c => c.Openings).Include(c => c.FollowUps).AsSplitQuery().SingleOrDefaultAsync(c => c.Id == id, turn.Cancellation);

    private Task<Result<T>> WithAsync<T>(PersonId caller, CaseId id, string what, Func<EmergencyCase, CaseParties, Turn, Task<Result<T>>> then, CancellationToken cancellation)
        => work.RunAsync<T>(caller, new Attempt(what, Emergency: true, Subject.Nothing), async turn =>
        {
            if (await LoadAsync(turn, id) is not { } it)
                return CaseRefusals.CaseNotFound;
            turn.Concerning = new Subject(it.RequesterId, it.IdentityId, it.CredentialId, it.FirstRequestId);
            return await then(it, await Casebook.PartiesAsync(turn.Db, id, turn.Cancellation), turn);
        }, cancellation);
}
