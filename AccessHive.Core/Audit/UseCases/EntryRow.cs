using System.Data.Common;
using System.Globalization;
using System.Text.Json;

namespace AccessHive.Core.Audit.UseCases;

/// <summary>What a row of the trail says, read in plain SQL where many are read: a page at every letter of a search, and exports.</summary>
internal static class EntryRow
{
    /// <summary>An id, if there is one.</summary>
    public static Guid? Id(DbDataReader row, int column) => row.IsDBNull(column) ? null : Guid.Parse(row.GetString(column), CultureInfo.InvariantCulture);

    /// <summary>A text, if there is one.</summary>
    public static string? Text(DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    /// <summary>The open facts of an entry, added to those there are.</summary>
    /// <returns>The name of who did it.</returns>
    public static string? PayloadFacts(byte[] payload, List<KeyValuePair<string, string>> facts)
    {
        string? by = null;
        Read(payload, (depth, name, value) =>
        {
            if (depth == 2)
                facts.Add(new(name, value));
            else if (name == "by")
                by = value;
        });
        return by;
    }

    /// <summary>The facts of a note, added to those there are.</summary>
    public static void NoteFacts(byte[] note, List<KeyValuePair<string, string>> facts) => Read(note, (depth, name, value) =>
    {
        // The name of who did it stands in a place of its own.
        if (depth == 1 && name != "by")
            facts.Add(new(name, value));
    });

    // In the entry the facts are an object of their own, in the note they stand alone. Whatever can't be read is no fact:
    // the bytes go out as they are, and it is verify that says what is wrong with them.
    private static void Read(byte[] json, Action<int, string, string> told)
    {
        try
        {
            var reader = new Utf8JsonReader(json);
            var name = "";
            while (reader.Read())
            {
                if (reader.TokenType == JsonTokenType.PropertyName)
                    name = reader.GetString()!;
                else if (reader.TokenType == JsonTokenType.String)
                    told(reader.CurrentDepth, name, reader.GetString()!);
            }
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException)
        {
            // Said above.
        }
    }
}
