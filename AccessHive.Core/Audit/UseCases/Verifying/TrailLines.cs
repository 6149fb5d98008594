using System.Text.Encodings.Web;
using System.Text.Json;

namespace AccessHive.Core.Audit.UseCases.Verifying;

/// <summary>The first line of a JSON Lines export.</summary>
/// <param name="Origin">Which trail.</param>
/// <param name="First">The first entry it can hold.</param>
/// <param name="Last">The last one.</param>
/// <param name="Filtered">Whether some between them are left out.</param>
/// <param name="Size">The size of the tree that all proofs lead to.</param>
/// <param name="Keys">The certificates of the keys, as notes.</param>
/// <param name="Checkpoint">The signed checkpoint of that size, as a note.</param>
public sealed record TrailLinesHead(string Origin, long First, long Last, bool Filtered, long Size, IReadOnlyList<string> Keys, string? Checkpoint);

/// <summary>A line of a JSON Lines export: an entry.</summary>
/// <param name="Seq">Its number.</param>
/// <param name="Payload">Its bytes.</param>
/// <param name="Salt">The salt of its note, if the note goes along.</param>
/// <param name="Text">The text of its note.</param>
/// <param name="Proof">The audit path, if it is needed.</param>
public sealed record TrailLine(long Seq, string Payload, byte[]? Salt, string? Text, IReadOnlyList<byte[]>? Proof);

/// <summary>Writes the lines of a JSON Lines export, each in the only way it can be written (docs/trail-format.md).</summary>
public static class TrailLines
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The first line.</summary>
    public static byte[] Line(TrailLinesHead head) => Line(json =>
    {
        json.WriteString("accesshive"u8, "trail-export"u8);
        json.WriteNumber("v"u8, 1);
        json.WriteString("origin"u8, head.Origin);
        json.WriteNumber("first"u8, head.First);
        json.WriteNumber("last"u8, head.Last);
        json.WriteBoolean("filtered"u8, head.Filtered);
        json.WriteNumber("size"u8, head.Size);
        json.WriteStartArray("keys"u8);
        foreach (var key in head.Keys)
            json.WriteStringValue(key);
        json.WriteEndArray();
        if (head.Checkpoint is not null)
            json.WriteString("checkpoint"u8, head.Checkpoint);
    });

    /// <summary>An entry.</summary>
    public static byte[] Line(TrailLine entry) => Line(json =>
    {
        json.WriteNumber("seq"u8, entry.Seq);
        json.WriteString("payload"u8, entry.Payload);
        if (entry is { Salt: { } salt, Text: { } text })
        {
            json.WriteStartObject("note"u8);
            json.WriteBase64String("salt"u8, salt);
            json.WriteString("text"u8, text);
            json.WriteEndObject();
        }

        if (entry.Proof is null)
            return;
        json.WriteStartArray("proof"u8);
        foreach (var hash in entry.Proof)
            json.WriteBase64StringValue(hash);
        json.WriteEndArray();
    });

    /// <summary>The last line.</summary>
    /// <param name="entries">How many entries there were.</param>
    /// <param name="next">Where to go on, if it is told: the last entry of the range.</param>
    public static byte[] End(long entries, long? next) => Line(json =>
    {
        json.WriteBoolean("end"u8, value: true);
        json.WriteNumber("entries"u8, entries);
        if (next is { } last)
            json.WriteNumber("next"u8, last);
    });

    /// <summary>Reads a first line; null when it is none, or not written in the only way.</summary>
    public static TrailLinesHead? ReadHead(ReadOnlyMemory<byte> line) => Read(line, json =>
    {
        var head = new TrailLinesHead(
            json.GetProperty("origin").GetString()!, json.GetProperty("first").GetInt64(), json.GetProperty("last").GetInt64(), json.GetProperty("filtered").GetBoolean(),
            json.GetProperty("size").GetInt64(), [.. json.GetProperty("keys").EnumerateArray().Select(k => k.GetString()!)],
            json.TryGetProperty("checkpoint", out var checkpoint) ? checkpoint.GetString() : null);
        return (head, Line(head));
    });

    /// <summary>Reads an entry; null when it is none, or not written in the only way.</summary>
    public static TrailLine? ReadEntry(ReadOnlyMemory<byte> line) => Read(line, json =>
    {
        var note = json.TryGetProperty("note", out var told) ? told : default;
        var entry = new TrailLine(
            json.GetProperty("seq").GetInt64(), json.GetProperty("payload").GetString()!,
            note.ValueKind == JsonValueKind.Object ? note.GetProperty("salt").GetBytesFromBase64() : null,
            note.ValueKind == JsonValueKind.Object ? note.GetProperty("text").GetString() : null,
            json.TryGetProperty("proof", out var proof) ? [.. proof.EnumerateArray().Select(h => h.GetBytesFromBase64())] : null);
        return (entry, Line(entry));
    });

    /// <summary>Reads a last line; null when it is none, or not written in the only way.</summary>
    public static (long Entries, long? Next)? ReadEnd(ReadOnlyMemory<byte> line)
    {
        if (!line.Span.StartsWith("{\"end\""u8))
            return null;
        return Read(line, json =>
        {
            var (entries, next) = (json.GetProperty("entries").GetInt64(), json.TryGetProperty("next", out var last) ? last.GetInt64() : (long?)null);
            return (Tuple.Create(entries, next), End(entries, next));
        })?.ToValueTuple();
    }

    private static T? Read<T>(ReadOnlyMemory<byte> line, Func<JsonElement, (T Said, byte[] Written)> read) where T : class
    {
        try
        {
            using var json = JsonDocument.Parse(line);
            var (said, written) = read(json.RootElement);
            return written.AsSpan().SequenceEqual(line.Span) ? said : null;
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException or KeyNotFoundException or FormatException or ArgumentException)
        {
            return null;
        }
    }

    private static byte[] Line(Action<Utf8JsonWriter> write)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, Options))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        stream.WriteByte((byte)'\n');
        return stream.ToArray();
    }
}
