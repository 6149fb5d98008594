using System.Text.Encodings.Web;
using System.Text.Json;

namespace AccessHive.Core.Audit.UseCases.Formats;

/// <summary>
/// JSON Lines with the very bytes that are hashed: a head, an entry a line, an end. The only format that <c>verify</c>
/// takes (docs/trail-format.md).
/// </summary>
public sealed class JsonLinesFormat : IExportFormat
{
    /// <inheritdoc/>
    public string Id => "jsonl";

    /// <inheritdoc/>
    public string MediaType => "application/x-ndjson";

    /// <inheritdoc/>
    public string Extension => "jsonl";

    /// <inheritdoc/>
    public bool Proves => true;

    /// <inheritdoc/>
    public IExportWriter Open(MemoryStream to, ExportHead head) => new Writer(to, head);

    private sealed class Writer(MemoryStream to, ExportHead head) : JsonLineWriter(to)
    {
        public override void Begin() => Line(json =>
        {
            json.WriteString("accesshive"u8, "trail-export"u8);
            json.WriteNumber("v"u8, 1);
            json.WriteString("origin"u8, head.Origin);
            json.WriteNumber("first"u8, head.First);
            json.WriteNumber("last"u8, head.Last);
            json.WriteBoolean("filtered"u8, head.Narrowed);
            json.WriteNumber("size"u8, head.Size);
            json.WriteStartArray("keys"u8);
            foreach (var key in head.Keys)
                json.WriteStringValue(key);
            json.WriteEndArray();
            if (head.Checkpoint is not null)
                json.WriteString("checkpoint"u8, head.Checkpoint);
        });

        public override void Write(ExportedEntry entry) => Line(entry, static (json, e) =>
        {
            json.WriteNumber("seq"u8, e.Seq);
            json.WriteString("payload"u8, e.Payload);
            if (e is { NoteSalt: { } salt, NoteText: { } text })
            {
                json.WriteStartObject("note"u8);
                json.WriteBase64String("salt"u8, salt);
                json.WriteString("text"u8, text);
                json.WriteEndObject();
            }

            if (e.Proof is not { } proof)
                return;
            json.WriteStartArray("proof"u8);
            foreach (var hash in proof)
                json.WriteBase64StringValue(hash);
            json.WriteEndArray();
        });

        public override void End(long entries) => Line(json =>
        {
            json.WriteBoolean("end"u8, value: true);
            json.WriteNumber("entries"u8, entries);
            json.WriteNumber("next"u8, head.Last);
        });
    }
}

/// <summary>Writes a JSON object a line.</summary>
public abstract class JsonLineWriter : IExportWriter
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private readonly MemoryStream to;
    private readonly Utf8JsonWriter json;

    /// <summary>Writes to this stream.</summary>
    protected JsonLineWriter(MemoryStream to)
    {
        this.to = to;
        json = new Utf8JsonWriter(to, Options);
    }

    /// <inheritdoc/>
    public virtual void Begin()
    {
    }

    /// <inheritdoc/>
    public abstract void Write(ExportedEntry entry);

    /// <inheritdoc/>
    public virtual void End(long entries)
    {
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        json.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Writes one object.</summary>
    protected void Line(Action<Utf8JsonWriter> write) => Line(write, static (json, w) => w(json));

    /// <summary>Writes one object about something.</summary>
    protected void Line<T>(T about, Action<Utf8JsonWriter, T> write)
    {
        json.WriteStartObject();
        write(json, about);
        json.WriteEndObject();
        json.Flush();
        json.Reset();
        to.WriteByte((byte)'\n');
    }
}
