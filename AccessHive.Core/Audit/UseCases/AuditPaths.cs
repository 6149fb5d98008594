using AccessHive.Core.Audit.UseCases.Formats;
using AccessHive.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace AccessHive.Core.Audit.UseCases;

/// <summary>
/// Gives entries their audit paths. Leaves that lie in one completed subtree of 256 share everything above it, so that of
/// entries in a row most cost eight hashes that are there already.
/// </summary>
/// <param name="contexts">Opens the database.</param>
/// <param name="size">The size of the tree that the paths lead to.</param>
internal sealed class AuditPaths(IDbContextFactory<HiveContext> contexts, long size)
{
    private const int Levels = TreeHash.KeptLevels;
    private const int Leaves = 1 << Levels;
    private readonly byte[]?[] inner = new byte[]?[Levels];
    private byte[][] above = [];
    private long block = -1;

    /// <summary>Gives each entry its proof.</summary>
    public async Task ProveAsync(IReadOnlyList<ExportedEntry> batch, CancellationToken cancellation)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        await db.Database.OpenConnectionAsync(cancellation);
        var tree = new StoredTree(db.Database.GetDbConnection());
        foreach (var entry in batch)
            entry.Proof = PathOf(tree, entry.Seq - 1);
    }

    private IReadOnlyList<byte[]> PathOf(StoredTree tree, long index)
    {
        var mine = index >> Levels;
        if ((mine + 1) << Levels > size)
            return TreeProofs.Inclusion(tree, index, size);
        // The first of a block is proved on its own; only a second one shows that keeping the block is worth it.
        if (mine != block)
        {
            var path = TreeProofs.Inclusion(tree, index, size);
            (block, above, inner[0]) = (mine, [.. path.Skip(Levels)], null);
            return path;
        }

        if (inner[0] is null && !Keep(tree))
            return TreeProofs.Inclusion(tree, index, size);
        var hashes = new byte[Levels + above.Length][];
        var at = (int)(index & (Leaves - 1));
        for (var level = 0; level < Levels; level++, at >>= 1)
            hashes[level] = inner[level].AsSpan((at ^ 1) * TreeHash.Length, TreeHash.Length).ToArray();
        above.CopyTo(hashes, Levels);
        return hashes;
    }

    private bool Keep(StoredTree tree)
    {
        try
        {
            inner[0] = tree.Read(0, block << Levels, Leaves);
        }
        catch (InvalidOperationException)
        {
            // A part of the block was purged: the paths of the rest need only what was kept for them.
            return false;
        }

        for (var level = 1; level < Levels; level++)
        {
            var below = inner[level - 1]!;
            var hashes = new byte[below.Length / 2];
            for (var i = 0; i < hashes.Length / TreeHash.Length; i++)
                TreeHash.Node(below.AsSpan(2 * i * TreeHash.Length, TreeHash.Length), below.AsSpan(((2 * i) + 1) * TreeHash.Length, TreeHash.Length)).CopyTo(hashes, i * TreeHash.Length);
            inner[level] = hashes;
        }

        return true;
    }
}
