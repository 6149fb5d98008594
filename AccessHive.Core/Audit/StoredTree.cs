using System.Data.Common;
using System.Globalization;

namespace AccessHive.Core.Audit;

/// <summary>The hashes of a trail as the database keeps them: leaves beside the entries, subtrees in a table of their own.</summary>
/// <param name="connection">An open connection to the database.</param>
/// <param name="transaction">The transaction to read in, if there is one.</param>
public sealed class StoredTree(DbConnection connection, DbTransaction? transaction = null) : ITreeHashes
{
    /// <inheritdoc/>
    public byte[] Read(int level, long first, int count)
    {
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = level == 0
            ? "SELECT \"Seq\" - 1, \"LeafHash\" FROM \"Trail\" WHERE \"Seq\" > $first AND \"Seq\" <= $last ORDER BY \"Seq\""
            : "SELECT \"Idx\", \"Hash\" FROM \"TrailNodes\" WHERE \"Level\" = $level AND \"Idx\" >= $first AND \"Idx\" < $last ORDER BY \"Idx\"";
        if (level > 0)
            Add(command, "$level", level);
        Add(command, "$first", first);
        Add(command, "$last", first + count);
        var hashes = new byte[count * TreeHash.Length];
        using var reader = command.ExecuteReader();
        for (var i = 0; i < count; i++)
        {
            if (!reader.Read() || reader.GetInt64(0) != first + i || reader.GetValue(1) is not byte[] { Length: TreeHash.Length } hash)
                throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"The tree has no hash {first + i} at level {level}."));
            hash.CopyTo(hashes, i * TreeHash.Length);
        }

        return hashes;
    }

    private static void Add(DbCommand command, string name, long value)
    {
        var parameter = command.CreateParameter();
        (parameter.ParameterName, parameter.Value) = (name, value);
        command.Parameters.Add(parameter);
    }
}
