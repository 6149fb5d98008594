using AccessHive.Core.Agency;
using AccessHive.Core.Kernel;
using AccessHive.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace AccessHive.Core.Audit.UseCases;

/// <summary>A person or an identity that the trail can be narrowed to.</summary>
/// <param name="Id">The stored value of its id.</param>
/// <param name="Name">Its name now.</param>
/// <param name="Detail">What tells it from another of the same name: an address, a client.</param>
public sealed record TrailSubject(Guid Id, string Name, string Detail);

/// <summary>
/// Finds whom and what the trail can be narrowed to, by a piece of the name. Whoever reads only their own entries finds
/// no other people: their trail holds none of them.
/// </summary>
public sealed class FindSubjects(IDbContextFactory<HiveContext> contexts)
{
    /// <summary>Most results of a search.</summary>
    public const int Most = 20;

    /// <summary>Most characters of a search.</summary>
    public const int TextLength = Piece.Longest;

    /// <summary>People by name, those who left included.</summary>
    public async Task<IReadOnlyList<TrailSubject>> PeopleAsync(PersonId caller, string text, CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var like = Piece.Like(text);
        return await Visible(db, caller).Where(p => EF.Functions.Like(p.Name, like, "\\")).OrderBy(p => p.Name).Take(Most)
            .Select(p => new TrailSubject(p.Id.Value, p.Name, p.Email)).ToListAsync(cancellation);
    }

    /// <summary>Identities by name, those out of use included.</summary>
    public async Task<IReadOnlyList<TrailSubject>> IdentitiesAsync(string text, CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var like = Piece.Like(text);
        return await db.Identities.AsNoTracking().Where(i => EF.Functions.Like(i.Name, like, "\\")).OrderBy(i => i.Name).Take(Most)
            .Select(i => new TrailSubject(i.Id.Value, i.Name, i.Client)).ToListAsync(cancellation);
    }

    /// <summary>Who is meant at the console: by id, address or whole name.</summary>
    public async Task<IReadOnlyList<TrailSubject>> PeopleAtConsoleAsync(string text, CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var id = Guid.TryParse(text, out var given) ? new PersonId(given) : default;
        return await db.People.AsNoTracking().Where(p => p.Id == id || p.Email == text || p.Name == text).OrderBy(p => p.Name).Take(Most)
            .Select(p => new TrailSubject(p.Id.Value, p.Name, p.Email)).ToListAsync(cancellation);
    }

    /// <summary>Which identity is meant at the console: by id or whole name.</summary>
    public async Task<IReadOnlyList<TrailSubject>> IdentitiesAtConsoleAsync(string text, CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var id = Guid.TryParse(text, out var given) ? new IdentityId(given) : default;
        return await db.Identities.AsNoTracking().Where(i => i.Id == id || i.Name == text).OrderBy(i => i.Name).Take(Most)
            .Select(i => new TrailSubject(i.Id.Value, i.Name, i.Client)).ToListAsync(cancellation);
    }

    /// <summary>The names of what a filter names, for the page that was opened with it.</summary>
    public async Task<(string? Person, string? Identity)> NamesAsync(PersonId caller, PersonId? person, IdentityId? identity, CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        return (
            person is null ? null : await Visible(db, caller).Where(p => p.Id == person).Select(p => p.Name).SingleOrDefaultAsync(cancellation),
            identity is null ? null : await db.Identities.Where(i => i.Id == identity).Select(i => i.Name).SingleOrDefaultAsync(cancellation));
    }

    private static IQueryable<Person> Visible(HiveContext db, PersonId caller) => db.People.AsNoTracking().Where(p => p.Id == caller || db.People.Any(c =>
        c.Id == caller && c.JoinedAt != null && c.DisabledAt == null && (c.Roles & RolePermissions.TrailReaders) != Roles.None));
}
