using System.Data.Common;
using System.Globalization;
using System.Security.Cryptography;
using AccessHive.Core.Audit;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace AccessHive.Core.Storage;

/// <summary>
/// The trail's tree in the transaction that appends: one row read, one row written, and a row for each subtree of 256 entries
/// that became whole. A trail that is older than its tree is read through once.
/// </summary>
internal sealed class TreeRow
{
    private readonly HiveContext db;
    private readonly Frontier frontier;
    private readonly List<TrailNode> completed = [];
    private readonly bool isNew;

    private TreeRow(HiveContext db, Frontier frontier, byte[] lastLeaf, bool isNew) => (this.db, this.frontier, LastLeaf, this.isNew) = (db, frontier, lastLeaf, isNew);

    /// <summary>How many entries there are.</summary>
    public long Size => frontier.Size;

    /// <summary>The leaf hash of the newest, or <see cref="TrailFormat.NoLeaf"/>.</summary>
    public byte[] LastLeaf { get; private set; }

    /// <summary>Opens the tree of a trail in a transaction that holds the write lock.</summary>
    /// <exception cref="TrailBrokenException">Entries and tree don't fit together.</exception>
    public static async Task<TreeRow> OpenAsync(HiveContext db, CancellationToken cancellation)
    {
        await using var read = Command(db, """
            SELECT "Size", "Frontier", (SELECT MAX("Seq") FROM "Trail"), (SELECT "LeafHash" FROM "Trail" ORDER BY "Seq" DESC LIMIT 1) FROM "TrailTree" WHERE "Id" = 1
            """);
        await using (var reader = await read.ExecuteReaderAsync(cancellation))
        {
            if (await reader.ReadAsync(cancellation))
            {
                var kept = Frontier.From(reader.GetInt64(0), reader.GetFieldValue<byte[]>(1));
                var last = await reader.IsDBNullAsync(2, cancellation) ? 0 : reader.GetInt64(2);
                if (last != kept.Size)
                    throw new TrailBrokenException(last, kept.Size);
                return new TreeRow(db, kept, last == 0 ? TrailFormat.NoLeaf : reader.GetFieldValue<byte[]>(3), isNew: false);
            }
        }

        return await GrowAsync(db, cancellation);
    }

    /// <summary>Appends a leaf.</summary>
    public void Append(byte[] leafHash)
    {
        frontier.Append(leafHash, Completed);
        LastLeaf = leafHash;
    }

    /// <summary>Writes what changed.</summary>
    /// <returns>Size and root as they are now.</returns>
    public async Task<TreeHead> SaveAsync(CancellationToken cancellation)
    {
        await using (var write = isNew
            ? Command(db, "INSERT INTO \"TrailTree\" (\"Id\", \"Size\", \"Frontier\", \"Origin\", \"WordsToSweep\", \"PairsFrom\") VALUES (1, $size, $frontier, $origin, 0, $size + 1)", ("$origin", $"accesshive/{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16))}"))
            : Command(db, "UPDATE \"TrailTree\" SET \"Size\" = $size, \"Frontier\" = $frontier WHERE \"Id\" = 1"))
        {
            Add(write, "$size", frontier.Size);
            Add(write, "$frontier", frontier.ToBytes());
            await write.ExecuteNonQueryAsync(cancellation);
        }

        foreach (var node in completed)
        {
            await using var insert = Command(db, "INSERT INTO \"TrailNodes\" (\"Level\", \"Idx\", \"Hash\") VALUES ($level, $idx, $hash)", ("$level", node.Level), ("$idx", node.Idx), ("$hash", node.Hash));
            await insert.ExecuteNonQueryAsync(cancellation);
        }

        return frontier.Head();
    }

    /// <summary>Makes the tree of a house that has none yet: a new one, or one that an older version wrote. All or nothing.</summary>
    /// <exception cref="TrailBrokenException">The trail has a gap, or does not fit its tree.</exception>
    public static async Task PlantAsync(HiveContext db, CancellationToken cancellation)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        var tree = await OpenAsync(db, cancellation);
        if (tree.isNew)
            await tree.SaveAsync(cancellation);
        await transaction.CommitAsync(CancellationToken.None);
    }

    private static async Task<TreeRow> GrowAsync(HiveContext db, CancellationToken cancellation)
    {
        var tree = new TreeRow(db, new Frontier(), TrailFormat.NoLeaf, isNew: true);
        await using var read = Command(db, "SELECT \"Seq\", \"LeafHash\" FROM \"Trail\" ORDER BY \"Seq\"");
        await using var reader = await read.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            if (reader.GetInt64(0) != tree.Size + 1)
                throw new TrailBrokenException(reader.GetInt64(0), tree.Size);
            tree.Append(reader.GetFieldValue<byte[]>(1));
        }

        return tree;
    }

    private void Completed(int level, long index, byte[] hash)
    {
        if (TreeHash.IsKept(level))
            completed.Add(new TrailNode { Level = level, Idx = index, Hash = hash });
    }

    private static DbCommand Command(HiveContext db, string sql, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        var command = db.Database.GetDbConnection().CreateCommand();
        command.Transaction = db.Database.CurrentTransaction!.GetDbTransaction();
        command.CommandText = sql;
        foreach (var (name, value) in parameters)
            Add(command, name, value);
        return command;
    }

    private static void Add(DbCommand command, string name, object value)
    {
        var parameter = command.CreateParameter();
        (parameter.ParameterName, parameter.Value) = (name, value);
        command.Parameters.Add(parameter);
    }
}

/// <summary>Entries and tree don't fit together: entries were removed or added past the product. Nothing is written any more.</summary>
public sealed class TrailBrokenException(long newest, long size)
    : Exception($"The newest entry of the trail is {newest.ToString(CultureInfo.InvariantCulture)}, and its tree has {size.ToString(CultureInfo.InvariantCulture)}: entries were removed or added past AccessHive. Run verify, and restore a backup.");
