using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace AccessHive.Core.Audit.UseCases.Verifying;

/// <summary>That the trail of one size is the beginning of the trail of a later size, as a file that anybody can check.</summary>
/// <param name="Origin">Which trail.</param>
/// <param name="First">The earlier size.</param>
/// <param name="FirstRoot">Its root.</param>
/// <param name="Second">The later size.</param>
/// <param name="SecondRoot">Its root.</param>
/// <param name="Proof">The hashes between them.</param>
/// <param name="Keys">Certificates, when a checkpoint goes along.</param>
/// <param name="Checkpoint">The signed checkpoint of the later size, if there is one.</param>
public sealed record ConsistencyFile(
    string Origin, long First, byte[] FirstRoot, long Second, byte[] SecondRoot, IReadOnlyList<byte[]> Proof, IReadOnlyList<string> Keys, string? Checkpoint)
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, Indented = true, NewLine = "\n" };

    /// <summary>Whether the proof holds, and the checkpoint says the later root.</summary>
    public bool Holds
        => TreeProofs.IsConsistent(First, FirstRoot, Second, SecondRoot, Proof)
            && (Checkpoint is null || (SignedNote.Read(Encoding.UTF8.GetBytes(Checkpoint)) is { } note && Audit.Checkpoint.TryParse(note.Text, out var said)
                && said.Origin == Origin && said.Size == Second && said.Root.Span.SequenceEqual(SecondRoot)));

    /// <summary>Reads one; null when it is none.</summary>
    public static ConsistencyFile? Read(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            using var json = JsonDocument.Parse(bytes);
            var root = json.RootElement;
            if (root.GetProperty("accesshive").GetString() != "consistency" || root.GetProperty("v").GetInt32() != 1)
                return null;
            return new ConsistencyFile(
                root.GetProperty("origin").GetString()!, root.GetProperty("first").GetInt64(), root.GetProperty("firstRoot").GetBytesFromBase64(),
                root.GetProperty("second").GetInt64(), root.GetProperty("secondRoot").GetBytesFromBase64(), [.. root.GetProperty("proof").EnumerateArray().Select(h => h.GetBytesFromBase64())],
                [.. root.GetProperty("keys").EnumerateArray().Select(k => k.GetString()!)], root.TryGetProperty("checkpoint", out var checkpoint) ? checkpoint.GetString() : null);
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            return null;
        }
    }

    /// <summary>The file.</summary>
    public byte[] ToBytes()
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, Options))
        {
            json.WriteStartObject();
            json.WriteString("accesshive", "consistency");
            json.WriteNumber("v", 1);
            json.WriteString("origin", Origin);
            json.WriteNumber("first", First);
            json.WriteBase64String("firstRoot", FirstRoot);
            json.WriteNumber("second", Second);
            json.WriteBase64String("secondRoot", SecondRoot);
            json.WriteStartArray("proof");
            foreach (var hash in Proof)
                json.WriteBase64StringValue(hash);
            json.WriteEndArray();
            json.WriteStartArray("keys");
            foreach (var key in Keys)
                json.WriteStringValue(key);
            json.WriteEndArray();
            if (Checkpoint is not null)
                json.WriteString("checkpoint", Checkpoint);
            json.WriteEndObject();
        }

        stream.WriteByte((byte)'\n');
        return stream.ToArray();
    }
}
