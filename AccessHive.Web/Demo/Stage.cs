using AccessHive.Core.Deadlines;
using AccessHive.Core.Kernel;
using AccessHive.Core.Vault.UseCases;
using NodaTime;

namespace AccessHive.Web.Demo;

/// <summary>Where scenes are played: a running agency, its cast, and – where somebody can move it – time.</summary>
/// <param name="services">The agency's services.</param>
/// <param name="cast">Who is who in it.</param>
/// <param name="move">Lets time pass; null where it passes by itself.</param>
/// <param name="cancellation">Cancels the scenes.</param>
public sealed class Stage(IServiceProvider services, CastIds cast, Action<Duration>? move = null, CancellationToken cancellation = default)
{
    /// <summary>Who is who.</summary>
    public CastIds Cast => cast;

    /// <summary>Cancels the scenes.</summary>
    public CancellationToken Cancellation => cancellation;

    /// <summary>Now, by the product's clock.</summary>
    public Instant Now => Get<HiveClock>().Now;

    /// <summary>A stage on a host that is running, with the cast found in its database.</summary>
    public static async Task<Stage> OnAsync(IServiceProvider services, Action<Duration>? move = null, CancellationToken cancellation = default)
        => new(services, await CastIds.ReadAsync(services, cancellation), move, cancellation);

    /// <summary>A use case.</summary>
    public T Get<T>() where T : notnull => services.GetRequiredService<T>();

    /// <summary>Lets time pass up to an instant, and settles everything that falls due on the way when it falls due.</summary>
    /// <exception cref="InvalidOperationException">Time passes by itself here, or the instant is over.</exception>
    public async Task UntilAsync(Instant then)
    {
        if (move is null)
            throw new InvalidOperationException("Time passes by itself here; this scene needs time that can be moved.");
        if (then < Now)
            throw new InvalidOperationException($"It is {Now} already; {then} is over.");
        while (await NextAsync() is { } due && due <= then)
        {
            move(Duration.Max(due - Now, Duration.Zero));
            if (await Get<DeadlineLoop>().SettleAsync(cancellation) <= Now)
                throw new InvalidOperationException($"What fell due at {due} could not be settled.");
        }

        move(then - Now);
    }

    /// <summary>Lets time pass.</summary>
    /// <exception cref="InvalidOperationException">Time passes by itself here.</exception>
    public Task PassAsync(int minutes) => UntilAsync(Now + Duration.FromMinutes(minutes));

    /// <summary>Takes the time people need, where time can be moved; elsewhere they are quick.</summary>
    public Task LingerAsync(int seconds) => move is null ? Task.CompletedTask : UntilAsync(Now + Duration.FromSeconds(seconds));

    /// <summary>The identity of this name, and its credentials as this person sees them; nothing, if it is out of use.</summary>
    public async Task<IdentityPage?> IdentityAsync(CastMember who, string name)
    {
        var queries = Get<IdentityQueries>();
        var found = (await queries.ListAsync(new IdentityFilter(name), cancellation: cancellation)).Rows.FirstOrDefault(r => r.Name == name);
        return found is null ? null : await queries.PageAsync(cast[who], found.Id, cancellation);
    }

    // Only asks when, which costs less than settling, and most of the time nothing is due.
    private async Task<Instant?> NextAsync()
    {
        Instant? next = null;
        foreach (var source in services.GetServices<IDeadlineSource>())
            next = await source.NextAsync(cancellation) is { } due && !(next <= due) ? due : next;
        return next;
    }
}
