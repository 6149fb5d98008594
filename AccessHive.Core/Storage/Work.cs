using AccessHive.Core.Agency;
using AccessHive.Core.Audit;
using AccessHive.Core.Kernel;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace AccessHive.Core.Storage;

/// <summary>What a use case works with: a transaction that holds the write lock, fresh facts about who acts, and one instant.</summary>
public sealed class Turn(HiveContext db, Actor by, Instant now, CancellationToken cancellation)
{
    /// <summary>The database, inside the transaction.</summary>
    public HiveContext Db => db;

    /// <summary>Who acts, read in this transaction.</summary>
    public Actor By => by;

    /// <summary>The one instant of this transaction.</summary>
    public Instant Now => now;

    /// <summary>Cancels the turn.</summary>
    public CancellationToken Cancellation => cancellation;

    /// <summary>What the attempt turned out to be about, for the trail entry of a refusal.</summary>
    public Subject? Concerning { get; set; }

    /// <summary>Whether that belongs to an emergency; unknown, as the attempt says.</summary>
    public bool? InEmergency { get; set; }
}

/// <summary>
/// The only way to change anything: one short IMMEDIATE transaction at a time, state and trail entries together, then
/// the bell. Writers queue here instead of in the database driver, so each decision is made on what is really there:
/// of two racing commands the second reads what the first committed, and gets a refusal in words.
/// </summary>
public sealed class Work(IDbContextFactory<HiveContext> contexts, HiveClock clock, CommitBell bell) : IDisposable
{
    private const int MostTries = 3;
    private readonly SemaphoreSlim lane = new(1, 1);
    private bool isOpen;

    /// <summary>Lets a person do something. A refusal changes nothing and is noted in the trail.</summary>
    /// <param name="caller">Who acts; read fresh, refused with <c>caller-not-active</c> when disabled or unknown.</param>
    /// <param name="attempt">What they try, for the trail entry of a refusal.</param>
    /// <param name="decide">Loads and lets the domain decide; it saves nothing itself.</param>
    /// <param name="cancellation">Cancels before the commit.</param>
    public Task<Result<T>> RunAsync<T>(PersonId caller, Attempt attempt, Func<Turn, Task<Result<T>>> decide, CancellationToken cancellation)
        => InLaneAsync(db => ActorAsync(db, caller, cancellation), attempt, decide, cancellation);

    /// <summary>Lets the product itself do something: a deadline, a first start, a sign-in.</summary>
    public Task<Result<T>> RunAsAsync<T>(Actor actor, Func<Turn, Task<Result<T>>> decide, CancellationToken cancellation)
        => InLaneAsync(_ => Task.FromResult<(Actor, Refusal?)>((actor, null)), attempt: null, decide, cancellation);

    /// <inheritdoc/>
    public void Dispose() => lane.Dispose();

    private async Task<Result<T>> InLaneAsync<T>(
        Func<HiveContext, Task<(Actor Actor, Refusal? Refused)>> who, Attempt? attempt, Func<Turn, Task<Result<T>>> decide, CancellationToken cancellation)
    {
        await lane.WaitAsync(cancellation);
        try
        {
            for (var tried = 1; ; tried++)
            {
                try
                {
                    return await TryAsync(who, attempt, decide, cancellation);
                }
                catch (DbUpdateConcurrencyException) when (tried < MostTries)
                {
                    // Another node was faster: decide again on what it left.
                }
            }
        }
        finally
        {
            lane.Release();
        }
    }

    private async Task<Result<T>> TryAsync<T>(
        Func<HiveContext, Task<(Actor Actor, Refusal? Refused)>> who, Attempt? attempt, Func<Turn, Task<Result<T>>> decide, CancellationToken cancellation)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        if (!isOpen)
            ClosingSeals.Break(db);
        isOpen = true;
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        var now = clock.Now;
        var (actor, notActive) = await who(db);
        var turn = new Turn(db, actor, now, cancellation);
        Result<T> result = notActive is null ? await decide(turn) : notActive;
        if (result.Refusal is { } refusal)
        {
            db.Forget();
            if (attempt is null || actor.Id is null)
                return result;
            db.Note(new AttemptRefused(now, actor, attempt with { About = turn.Concerning ?? attempt.About, Emergency = turn.InEmergency ?? attempt.Emergency }, refusal.Code));
        }

        await db.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(CancellationToken.None);
        clock.Witness(now);
        bell.Ring();
        return result;
    }

    private static async Task<(Actor Actor, Refusal? Refused)> ActorAsync(HiveContext db, PersonId caller, CancellationToken cancellation)
    {
        var person = await db.People.FindAsync([caller], cancellation);
        return person switch
        {
            null => (Actor.Console, AgencyRefusals.CallerNotActive),
            { IsActive: false } => (person.AsActor(), AgencyRefusals.CallerNotActive),
            _ => (person.AsActor(), null),
        };
    }
}
