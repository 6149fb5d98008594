using AccessHive.Core.Kernel;
using AccessHive.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace AccessHive.Core.Policies.UseCases;

/// <summary>Something that can be chosen on the page of approval policies.</summary>
/// <param name="Key">The name of a client or platform, the id of an identity or person.</param>
/// <param name="Name">What it is called.</param>
/// <param name="Detail">What tells it from another of the same name.</param>
public sealed record PolicyChoice(string Key, string Name, string Detail);

/// <summary>Finds what a list can be for, who can be on it, and what can be previewed: by a piece of the name.</summary>
public sealed class PolicyChoices(IDbContextFactory<HiveContext> contexts)
{
    /// <summary>Most results of a search.</summary>
    public const int Most = 20;

    /// <summary>Most characters of a search.</summary>
    public const int TextLength = Piece.Longest;

    /// <summary>Clients in use.</summary>
    public async Task<IReadOnlyList<PolicyChoice>> ClientsAsync(string text, CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var like = Piece.Like(text);
        return [.. (await db.Identities.Where(i => i.ArchivedAt == null && i.Client != "" && EF.Functions.Like(i.Client, like, "\\"))
            .GroupBy(i => i.Client).OrderBy(g => g.Key).Take(Most).Select(g => new { g.Key, Count = g.Count() }).ToListAsync(cancellation)).Select(g => Counted(g.Key, g.Count))];
    }

    /// <summary>Platforms in use.</summary>
    public async Task<IReadOnlyList<PolicyChoice>> PlatformsAsync(string text, CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var like = Piece.Like(text);
        return [.. (await db.Identities.Where(i => i.ArchivedAt == null && i.Platform != "" && EF.Functions.Like(i.Platform, like, "\\"))
            .GroupBy(i => i.Platform).OrderBy(g => g.Key).Take(Most).Select(g => new { g.Key, Count = g.Count() }).ToListAsync(cancellation)).Select(g => Counted(g.Key, g.Count))];
    }

    /// <summary>Identities in use.</summary>
    public async Task<IReadOnlyList<PolicyChoice>> IdentitiesAsync(string text, CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var like = Piece.Like(text);
        return [.. (await db.Identities.Where(i => i.ArchivedAt == null && EF.Functions.Like(i.Name, like, "\\")).OrderBy(i => i.Name).ThenBy(i => i.Id).Take(Most)
            .Select(i => new { i.Id, i.Name, i.Client }).ToListAsync(cancellation)).Select(i => new PolicyChoice(StandardPath.Key(i.Id), i.Name, i.Client))];
    }

    /// <summary>People who can act.</summary>
    public async Task<IReadOnlyList<PolicyChoice>> PeopleAsync(string text, CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var like = Piece.Like(text);
        return [.. (await db.People.Where(p => p.JoinedAt != null && p.DisabledAt == null && EF.Functions.Like(p.Name, like, "\\")).OrderBy(p => p.Name).ThenBy(p => p.Id).Take(Most)
            .Select(p => new { p.Id, p.Name, p.Email }).ToListAsync(cancellation)).Select(p => new PolicyChoice(p.Id.ToString(), p.Name, p.Email))];
    }

    /// <summary>People who can be named: those whose role decides first, nobody who is disabled.</summary>
    public async Task<IReadOnlyList<ListedPerson>> ApproversAsync(string text, CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var like = Piece.Like(text);
        return [.. (await db.People.Where(p => p.DisabledAt == null && EF.Functions.Like(p.Name, like, "\\"))
            .OrderByDescending(p => (p.Roles & RolePermissions.Deciders) != Roles.None).ThenBy(p => p.Name).ThenBy(p => p.Id).Take(Most)
            .Select(p => new { p.Id, p.Name, p.Roles, p.JoinedAt }).ToListAsync(cancellation))
            .Select(p => new ListedPerson(p.Id, p.Name, p.Roles, p.JoinedAt is null ? OutOfReach.NotJoined : p.Roles.HasAny(RolePermissions.Deciders) ? OutOfReach.No : OutOfReach.NoDecidingRole))];
    }

    private static PolicyChoice Counted(string name, int identities) => new(name, name, identities == 1 ? "1 identity" : $"{identities} identities");
}
