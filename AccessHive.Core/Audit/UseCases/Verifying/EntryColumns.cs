using System.Text;
using System.Text.Json;

namespace AccessHive.Core.Audit.UseCases.Verifying;

/// <summary>The columns beside an entry's bytes, by which AccessHive finds and shows it: they say the same, or they lie.</summary>
internal static class EntryColumns
{
    /// <summary>Reads them, in the order that <see cref="Wrong"/> expects.</summary>
    public const string Query = """
        SELECT "Seq", "RecordedAt", "Type", "Emergency", "ActorId", "PersonId", "IdentityId", "CredentialId", "RequestId", "SessionId", "Payload", "LeafHash" FROM "Trail" ORDER BY "Seq"
        """;

    private static readonly string[] Ids = ["ActorId", "PersonId", "IdentityId", "CredentialId", "RequestId", "SessionId"];

    /// <summary>Which of them says something else than the entry; null, when none does.</summary>
    public static string? Wrong(Rows rows, ref readonly PayloadView view)
    {
        if (!rows.IsNumber(1) || rows.Number(1) != view.At)
            return "The column RecordedAt";
        if (!rows.IsText(2) || !Same(rows.Bytes(2), view.Type))
            return "The column Type";
        if (!rows.IsNumber(3) || rows.Number(3) != (view.Emergency ? 1 : 0))
            return "The column Emergency";
        if (!rows.IsBlob(10))
            return "The column Payload";
        return SameId(rows, 4, view.IsByPerson ? view.By : default) && SameId(rows, 5, view.Person) && SameId(rows, 6, view.Identity)
            && SameId(rows, 7, view.Credential) && SameId(rows, 8, view.Request) && SameId(rows, 9, view.Session)
            ? null
            : "A column of ids (" + string.Join(", ", Ids) + ")";
    }

    private static bool Same(ReadOnlySpan<byte> column, ReadOnlySpan<byte> text)
        => text.Contains((byte)'\\') ? JsonSerializer.Deserialize<string>((byte[])[(byte)'"', .. text, (byte)'"']) == Encoding.UTF8.GetString(column) : column.SequenceEqual(text);

    // In the columns ids are in capitals.
    private static bool SameId(Rows rows, int column, ReadOnlySpan<byte> id)
    {
        if (id.IsEmpty)
            return rows.IsNull(column);
        var text = rows.IsText(column) ? rows.Bytes(column) : default;
        return Ascii.EqualsIgnoreCase(text, id) && !text.ContainsAnyInRange((byte)'a', (byte)'z');
    }
}
