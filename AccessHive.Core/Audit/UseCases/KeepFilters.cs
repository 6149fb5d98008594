using AccessHive.Core.Kernel;
using AccessHive.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace AccessHive.Core.Audit.UseCases;

/// <summary>A filter that a person keeps.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Query">What it says, as the address of the trail page says it.</param>
/// <param name="Owner">Whose it is, by name.</param>
public sealed record KeptFilter(SavedFilterId Id, string Name, string Query, string Owner);

/// <summary>Keeps filters of the trail under names, each person their own.</summary>
public sealed class KeepFilters(Work work, IDbContextFactory<HiveContext> contexts)
{
    /// <summary>A person's filters by name.</summary>
    public async Task<IReadOnlyList<KeptFilter>> ListAsync(PersonId caller, CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        return await Kept(db, db.SavedFilters.Where(f => f.PersonId == caller).OrderBy(f => f.Name)).ToListAsync(cancellation);
    }

    /// <summary>The zone in which the days of a filter are reckoned where no browser says another: the agency's.</summary>
    public async Task<string> ZoneAsync(CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        return await db.Agency.Select(a => a.Zone).SingleOrDefaultAsync(cancellation) ?? "Etc/UTC";
    }

    /// <summary>One of a person's filters, by its name or id.</summary>
    public async Task<KeptFilter?> FindAsync(PersonId caller, string nameOrId, CancellationToken cancellation = default)
        => (await ListAsync(caller, cancellation)).FirstOrDefault(f => Is(f, nameOrId));

    /// <summary>Everybody's filters of that name or id, for who stands at the console.</summary>
    public async Task<IReadOnlyList<KeptFilter>> FindAtConsoleAsync(string nameOrId, CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var all = await Kept(db, db.SavedFilters.OrderBy(f => f.SavedAt)).ToListAsync(cancellation);
        return [.. all.Where(f => Is(f, nameOrId))];
    }

    /// <summary>Keeps a filter.</summary>
    /// <returns>Its id; or <c>filter-name-missing</c>, <c>filter-name-taken</c>, <c>too-many-filters</c>, <c>text-too-long</c>.</returns>
    public Task<Result<SavedFilterId>> SaveAsync(PersonId caller, string name, string query, CancellationToken cancellation = default)
        => work.RunAsync<SavedFilterId>(caller, Attempt("keep a filter"), async turn =>
        {
            var kept = SavedFilter.Keep(caller, name, query, turn.Now);
            if (kept.IsRefused)
                return kept.Refusal;
            if (await turn.Db.SavedFilters.CountAsync(f => f.PersonId == caller, turn.Cancellation) >= SavedFilter.Most)
                return SavedFilterRefusals.TooMany;
            if (await IsTakenAsync(turn, caller, kept.Value.Name, default))
                return SavedFilterRefusals.NameTaken;
            turn.Db.SavedFilters.Add(kept.Value);
            return kept.Value.Id;
        }, cancellation);

    /// <summary>Gives a filter another name.</summary>
    /// <returns>Done; or <c>filter-not-found</c>, <c>filter-name-missing</c>, <c>filter-name-taken</c>.</returns>
    public Task<Result<Done>> RenameAsync(PersonId caller, SavedFilterId id, string name, CancellationToken cancellation = default)
        => work.RunAsync<Done>(caller, Attempt("rename a filter"), async turn =>
        {
            if (await turn.Db.SavedFilters.SingleOrDefaultAsync(f => f.Id == id && f.PersonId == caller, turn.Cancellation) is not { } filter)
                return SavedFilterRefusals.NotFound;
            if (await IsTakenAsync(turn, caller, name.Trim(), id))
                return SavedFilterRefusals.NameTaken;
            return filter.Rename(name);
        }, cancellation);

    /// <summary>Keeps a filter no longer.</summary>
    /// <returns>Done; or <c>filter-not-found</c>.</returns>
    public Task<Result<Done>> RemoveAsync(PersonId caller, SavedFilterId id, CancellationToken cancellation = default)
        => work.RunAsync<Done>(caller, Attempt("remove a filter"), async turn =>
        {
            if (await turn.Db.SavedFilters.SingleOrDefaultAsync(f => f.Id == id && f.PersonId == caller, turn.Cancellation) is not { } filter)
                return SavedFilterRefusals.NotFound;
            turn.Db.SavedFilters.Remove(filter);
            return Done.Yes;
        }, cancellation);

    private static Attempt Attempt(string what) => new(what, Emergency: false, Subject.Nothing);

    private static Task<bool> IsTakenAsync(Turn turn, PersonId caller, string name, SavedFilterId but)
        => turn.Db.SavedFilters.AnyAsync(f => f.PersonId == caller && f.Name == name && f.Id != but, turn.Cancellation);

    private static bool Is(KeptFilter filter, string nameOrId)
        => string.Equals(filter.Name, nameOrId.Trim(), StringComparison.OrdinalIgnoreCase) || string.Equals(filter.Id.ToString(), nameOrId.Trim(), StringComparison.OrdinalIgnoreCase);

    private static IQueryable<KeptFilter> Kept(HiveContext db, IQueryable<SavedFilter> filters) => filters.AsNoTracking()
        .Select(f => new KeptFilter(f.Id, f.Name, f.Query, db.People.Where(p => p.Id == f.PersonId).Select(p => p.Name).FirstOrDefault() ?? ""));
}
