using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using AccessHive.Core.Kernel;
using NodaTime;
using NodaTime.Text;

namespace AccessHive.Core.Audit;

/// <summary>
/// One fact in the trail (security.md, "The trail"). <see cref="Payload"/> is what is hashed; it contains the number and
/// the leaf hash of the entry before. All other columns are projections of it, for reading.
/// </summary>
public sealed class TrailEntry
{
    /// <summary>Dense number, from 1.</summary>
    public long Seq { get; init; }

    /// <summary>Milliseconds since 1970 in UTC; never less than the entry before.</summary>
    public long RecordedAt { get; init; }

    /// <summary>What happened, for example <c>request.raised</c>.</summary>
    public string Type { get; init; } = "";

    /// <summary>Whether it belongs to an emergency (P11).</summary>
    public bool Emergency { get; init; }

    /// <summary>Who did it; nobody when the product itself acted.</summary>
    public PersonId? ActorId { get; init; }

    /// <summary>Whom it concerns.</summary>
    public PersonId? PersonId { get; init; }

    /// <summary>The identity.</summary>
    public IdentityId? IdentityId { get; init; }

    /// <summary>The credential.</summary>
    public CredentialId? CredentialId { get; init; }

    /// <summary>The request.</summary>
    public RequestId? RequestId { get; init; }

    /// <summary>The session.</summary>
    public SessionId? SessionId { get; init; }

    /// <summary>The bytes that are hashed: UTF-8 JSON, stored exactly as hashed.</summary>
    public byte[] Payload { get; init; } = [];

    /// <summary>SHA-256 of a zero byte and the payload, as RFC 6962 hashes a leaf.</summary>
    public byte[] LeafHash { get; init; } = [];

    /// <summary>When, as an instant.</summary>
    public Instant At => Instant.FromUnixTimeMilliseconds(RecordedAt);
}

/// <summary>Personal facts of an entry, which the entry only commits to; erasing this row breaks no proof.</summary>
public sealed class TrailNote
{
    /// <summary>The entry it belongs to.</summary>
    public long Seq { get; init; }

    /// <summary>16 random bytes.</summary>
    public byte[] Salt { get; init; } = [];

    /// <summary>The facts, UTF-8 JSON. The entry holds SHA-256 over salt and these bytes.</summary>
    public byte[] Text { get; init; } = [];
}

/// <summary>Turns a fact into the bytes of an entry. The format is version 1 and does not change.</summary>
public static class TrailFormat
{
    /// <summary>The leaf hash that the first entry names as the one before it.</summary>
    public static readonly byte[] NoLeaf = new byte[SHA256.HashSizeInBytes];

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The entry for an event, and its note when it has personal facts.</summary>
    /// <param name="happened">The event.</param>
    /// <param name="seq">Its number.</param>
    /// <param name="previousLeaf">The leaf hash of the entry before, or <see cref="NoLeaf"/>.</param>
    public static (TrailEntry Entry, TrailNote? Note) Write(DomainEvent happened, long seq, byte[] previousLeaf)
    {
        var facts = new Facts();
        happened.Tell(facts);
        if (happened.By.Id is not null)
            facts.AddPersonal("by", happened.By.Name);
        var note = NoteOf(facts, seq);
        var payload = PayloadOf(happened, facts, note, seq, previousLeaf);
        var about = happened.About;
        var entry = new TrailEntry
        {
            Seq = seq,
            RecordedAt = happened.At.ToUnixTimeMilliseconds(),
            Type = happened.Type,
            Emergency = happened.Emergency,
            ActorId = happened.By.Id,
            PersonId = about.Person,
            IdentityId = about.Identity,
            CredentialId = about.Credential,
            RequestId = about.Request,
            SessionId = about.Session,
            Payload = payload,
            LeafHash = LeafHashOf(payload),
        };
        return (entry, note);
    }

    /// <summary>The leaf hash of RFC 6962: SHA-256 over a zero byte and the payload.</summary>
    public static byte[] LeafHashOf(ReadOnlySpan<byte> payload)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData([0]);
        hash.AppendData(payload);
        return hash.GetHashAndReset();
    }

    /// <summary>What an entry holds of its note: SHA-256 over salt and text.</summary>
    public static byte[] CommitmentOf(TrailNote note)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(note.Salt);
        hash.AppendData(note.Text);
        return hash.GetHashAndReset();
    }

    private static TrailNote? NoteOf(Facts facts, long seq)
        => facts.Personal.Count == 0
            ? null
            : new TrailNote { Seq = seq, Salt = RandomNumberGenerator.GetBytes(16), Text = Json(w => WriteFacts(w, facts.Personal)) };

    private static byte[] PayloadOf(DomainEvent happened, Facts facts, TrailNote? note, long seq, byte[] previousLeaf) => Json(w =>
    {
        w.WriteNumber("v", 1);
        w.WriteNumber("seq", seq);
        w.WriteString("prev", Convert.ToHexStringLower(previousLeaf));
        w.WriteString("at", InstantPattern.ExtendedIso.Format(Instant.FromUnixTimeMilliseconds(happened.At.ToUnixTimeMilliseconds())));
        w.WriteString("type", happened.Type);
        w.WriteBoolean("emergency", happened.Emergency);
        w.WriteString("by", happened.By.Id?.ToString() ?? happened.By.Name);
        WriteId(w, "person", happened.About.Person?.ToString());
        WriteId(w, "identity", happened.About.Identity?.ToString());
        WriteId(w, "credential", happened.About.Credential?.ToString());
        WriteId(w, "request", happened.About.Request?.ToString());
        WriteId(w, "session", happened.About.Session?.ToString());
        w.WriteStartObject("facts");
        WriteFacts(w, facts.Open);
        w.WriteEndObject();
        if (note is not null)
            w.WriteString("note", Convert.ToHexStringLower(CommitmentOf(note)));
    });

    private static void WriteId(Utf8JsonWriter writer, string name, string? id)
    {
        if (id is not null)
            writer.WriteString(name, id);
    }

    private static void WriteFacts(Utf8JsonWriter writer, IEnumerable<KeyValuePair<string, string>> facts)
    {
        foreach (var (name, value) in facts)
            writer.WriteString(name, value);
    }

    private static byte[] Json(Action<Utf8JsonWriter> write)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            writer.WriteStartObject();
            write(writer);
            writer.WriteEndObject();
        }

        return buffer.ToArray();
    }
}
