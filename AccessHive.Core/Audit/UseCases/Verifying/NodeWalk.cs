using Microsoft.Data.Sqlite;

namespace AccessHive.Core.Audit.UseCases.Verifying;

/// <summary>Goes through the kept hashes of whole subtrees, beside a tree that grows from the entries.</summary>
internal sealed class NodeWalk : IDisposable
{
    private static readonly int[] Levels = [8, 16, 24, 32];
    private readonly Dictionary<int, Rows> nodes = [];

    public NodeWalk(SqliteConnection connection)
    {
        foreach (var level in Levels)
            nodes[level] = new Rows(connection, FormattableString.Invariant($"SELECT \"Idx\", \"Hash\" FROM \"TrailNodes\" WHERE \"Level\" = {level} ORDER BY \"Idx\""));
    }

    /// <summary>The first that is not what the entries make.</summary>
    public (int Level, long Index, bool IsMissing)? Wrong { get; private set; }

    /// <summary>Whether there are hashes that nothing was held against.</summary>
    public bool HasMore => nodes.Values.Any(n => n.Next());

    /// <summary>Lets the tree grow over entries that are not there any more, from what is kept of them.</summary>
    /// <returns>Whether it came to the entry before the first that is there.</returns>
    public bool Grow(TreeBuilder tree, long until)
    {
        var leaves = nodes[Levels[0]];
        while (tree.Size < until && leaves.Next() && leaves.IsNumber(0) && leaves.Number(0) == tree.Size >> Levels[0] && leaves.IsBlob(1) && leaves.Bytes(1).Length == TreeHash.Length)
            tree.Append(leaves.Bytes(1), Levels[0]);
        return tree.Size == until;
    }

    /// <summary>Holds the next kept hash of a level against what the entries make.</summary>
    public void Compare(int level, long index, ReadOnlySpan<byte> expected)
    {
        if (!nodes.TryGetValue(level, out var rows) || Wrong is not null)
            return;
        var isThere = rows.Next();
        if (!isThere || !rows.IsNumber(0) || rows.Number(0) != index || !rows.IsBlob(1) || !rows.Bytes(1).SequenceEqual(expected))
            Wrong = (level, index, !isThere);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var rows in nodes.Values)
            rows.Dispose();
    }
}
