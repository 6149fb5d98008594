using System.Globalization;
using System.Text;
using Microsoft.Data.Sqlite;

namespace AccessHive.Core.Audit.UseCases.Verifying;

/// <summary>What a database says of its trail as a whole, before a single entry is read.</summary>
/// <param name="Size">How many entries there are.</param>
/// <param name="Frontier">The subtrees that the tree is made of.</param>
/// <param name="Origin">Which trail it is; empty, when the row that says so can't be read.</param>
internal sealed record HouseHead(long Size, byte[] Frontier, string Origin)
{
    private const string Prefix = "accesshive/";

    /// <summary>Reads it.</summary>
    /// <exception cref="NotATrailException">The file is no database of AccessHive, or one without signed checkpoints.</exception>
    public static HouseHead Read(SqliteConnection connection, string file, Diagnosis diagnosis)
    {
        CheckTables(connection, file);
        using var rows = new Rows(connection, "SELECT \"Size\", \"Frontier\", \"Origin\", \"Id\" FROM \"TrailTree\"");
        var head = new HouseHead(0, [], "");
        if (!rows.Next())
            diagnosis.Add(TrailAttack.Damaged, null, "The row that says how many entries there are is missing.");
        else if (!rows.IsNumber(0) || !rows.IsBlob(1) || !rows.IsText(2) || rows.Number(3) != 1)
            diagnosis.Add(TrailAttack.Damaged, null, "The row that says how many entries there are can't be read.");
        else
            head = new HouseHead(rows.Number(0), rows.Bytes(1).ToArray(), Encoding.UTF8.GetString(rows.Bytes(2)));
        if (head.Origin.Length > 0 && rows.Next())
            diagnosis.Add(TrailAttack.Damaged, null, "There are two rows that say how many entries there are.");
        if (head.Origin.Length > 0 && (head.Origin.Length != Prefix.Length + 32 || !head.Origin.StartsWith(Prefix, StringComparison.Ordinal) || !head.Origin[Prefix.Length..].All(char.IsAsciiHexDigitLower)))
            diagnosis.Add(TrailAttack.Damaged, null, "The name of the trail is none.");
        return head;
    }

    /// <summary>The keys that sign for this trail, each certified by the one before.</summary>
    public KeyChain ReadKeys(SqliteConnection connection, Diagnosis diagnosis, List<string> remarks)
    {
        var keys = new KeyChain(Origin);
        var unerased = 0;
        using var rows = new Rows(connection, "SELECT \"Epoch\", \"PublicKey\", \"Certificate\", \"SealedPrivate\" IS NULL FROM \"TrailKeys\" ORDER BY \"Epoch\"");
        while (rows.Next())
        {
            var wrong = keys.Take(rows.IsBlob(2) ? SignedNote.Read(rows.Bytes(2)) : null);
            if (wrong is null && (!rows.IsNumber(0) || rows.Number(0) != keys.Newest || !keys.TryGet(keys.Newest, out var key) || !rows.IsBlob(1) || !rows.Bytes(1).SequenceEqual(key.PublicKey.Span)))
                wrong = "says another key or day than its row";
            if (wrong is not null)
                diagnosis.Add(TrailAttack.Forged, null, string.Create(CultureInfo.InvariantCulture, $"The certificate of key {rows.Number(0)} {wrong}."));
            unerased += rows.Number(3) == 0 ? 1 : 0;
        }

        if (unerased > 1)
            remarks.Add("The private halves of keys of earlier days are not erased: start AccessHive once.");
        return keys;
    }

    private static void CheckTables(SqliteConnection connection, string file)
    {
        var found = new List<string>();
        using (var rows = new Rows(connection, "SELECT name FROM sqlite_master WHERE type = 'table' AND name IN ('Trail', 'TrailNotes', 'TrailTree', 'TrailNodes', 'TrailCheckpoints', 'TrailKeys')"))
        {
            while (rows.Next())
                found.Add(Encoding.UTF8.GetString(rows.Bytes(0)));
        }

        if (!found.Contains("Trail"))
            throw new NotATrailException($"{file} is no database of AccessHive: check its name.");
        if (found.Count == 2 && found.Contains("TrailNotes"))
            throw new NotATrailException($"{file} was last used by a version without signed checkpoints: start this version once, then verify.");
        if (found.Count < 6)
            throw new NotATrailException($"{file} has a trail, but not all of the tables that prove it: it is damaged, or they were removed.");
    }
}
