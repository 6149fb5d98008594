using NodaTime;

namespace AccessHive.Core.Audit.UseCases.Formats;

/// <summary>One way of writing entries for somebody else's programs.</summary>
public interface IExportFormat
{
    /// <summary>How it is asked for: <c>jsonl</c>, <c>csv</c>, <c>ocsf</c>, <c>cef</c>, <c>syslog</c>, <c>cloudevents</c>.</summary>
    string Id { get; }

    /// <summary>What its file is, for a browser.</summary>
    string MediaType { get; }

    /// <summary>What its file's name ends with, without a dot.</summary>
    string Extension { get; }

    /// <summary>Whether it writes the proofs and the checkpoint that an export carries; they cost reading.</summary>
    bool Proves => false;

    /// <summary>Begins to write.</summary>
    /// <param name="to">Where the bytes are put; emptied by the caller between entries.</param>
    /// <param name="head">What the export is.</param>
    IExportWriter Open(MemoryStream to, ExportHead head);
}

/// <summary>An export being written. Everything it is told is in the stream when the call returns.</summary>
public interface IExportWriter : IDisposable
{
    /// <summary>What stands before the first entry.</summary>
    void Begin();

    /// <summary>One entry.</summary>
    void Write(ExportedEntry entry);

    /// <summary>What stands after the last entry.</summary>
    /// <param name="entries">How many there were.</param>
    void End(long entries);
}

/// <summary>What an export is, known before its first entry.</summary>
/// <param name="Origin">Names the house: <c>accesshive/…</c>.</param>
/// <param name="First">The first number that is looked at.</param>
/// <param name="Last">The last one; ask for entries after it to go on.</param>
/// <param name="Narrowed">Whether entries between them may be missing.</param>
/// <param name="Follows">Whether it goes on where another ended, and is put behind it.</param>
/// <param name="Version">The version of the product.</param>
/// <param name="Host">The machine that writes.</param>
public sealed record ExportHead(string Origin, long First, long Last, bool Narrowed, bool Follows, string Version, string Host)
{
    /// <summary>How large the tree is that the proofs lead to.</summary>
    public long Size { get; init; }

    /// <summary>The certificates of the keys, oldest first.</summary>
    public IReadOnlyList<string> Keys { get; init; } = [];

    /// <summary>The signed checkpoint of that tree; none, while there is none to have.</summary>
    public string? Checkpoint { get; init; }

    /// <summary>Whether each entry has to bring its own proof, because the root can't be reckoned from what is there.</summary>
    public bool NeedsProofs => Checkpoint is not null && (First != 1 || Narrowed || Last != Size);
}

/// <summary>One entry on its way out.</summary>
public sealed class ExportedEntry
{
    /// <summary>Its number.</summary>
    public required long Seq { get; init; }

    /// <summary>Milliseconds since 1970 in UTC.</summary>
    public required long RecordedAt { get; init; }

    /// <summary>What happened.</summary>
    public required string Type { get; init; }

    /// <summary>Whether it belongs to an emergency.</summary>
    public required bool Emergency { get; init; }

    /// <summary>Who did it.</summary>
    public Guid? Actor { get; init; }

    /// <summary>Their name now; what the entry calls them, when there is no such person; nothing, where names stay here.</summary>
    public string? ActorName { get; init; }

    /// <summary>Whom it concerns.</summary>
    public Guid? Person { get; init; }

    /// <summary>Their name now; nothing, where names stay here.</summary>
    public string? PersonName { get; init; }

    /// <summary>The identity.</summary>
    public Guid? Identity { get; init; }

    /// <summary>Its name now.</summary>
    public string? IdentityName { get; init; }

    /// <summary>The credential.</summary>
    public Guid? Credential { get; init; }

    /// <summary>The request.</summary>
    public Guid? Request { get; init; }

    /// <summary>The session.</summary>
    public Guid? Session { get; init; }

    /// <summary>The bytes that are hashed.</summary>
    public required byte[] Payload { get; init; }

    /// <summary>Their leaf hash as it is stored.</summary>
    public required byte[] LeafHash { get; init; }

    /// <summary>The salt of its note, where the note goes along.</summary>
    public byte[]? NoteSalt { get; init; }

    /// <summary>Its personal facts, where they go along.</summary>
    public byte[]? NoteText { get; init; }

    /// <summary>The audit path to the export's checkpoint, where the format proves.</summary>
    public IReadOnlyList<byte[]>? Proof { get; set; }

    /// <summary>What it says: facts about the case, then personal ones as far as they go along.</summary>
    public required IReadOnlyList<KeyValuePair<string, string>> Facts { get; init; }

    /// <summary>When.</summary>
    public Instant At => Instant.FromUnixTimeMilliseconds(RecordedAt);

    /// <summary>Whether it tells of something that did not work or was refused.</summary>
    public bool Failed => Type is "attempt.refused" or "person.sign-in-failed" or "rotation.try-failed" or "rotation.rejected" or "rotation.needs-person";

    /// <summary>What happened and by whom, in a line.</summary>
    public string Sentence => ActorName is { Length: > 0 } by ? $"{Type} by {by}" : Type;

    /// <summary>The facts in a line: <c>name: value; name: value</c>.</summary>
    public string FactsText => string.Join("; ", Facts.Select(f => $"{f.Key}: {f.Value}"));
}

/// <summary>The formats there are.</summary>
public static class ExportFormats
{
    /// <summary>All of them; the one that verifies first.</summary>
    public static IReadOnlyList<IExportFormat> All { get; } = [new JsonLinesFormat(), new CsvFormat(), new OcsfFormat(), new CefFormat(), new SyslogFormat(), new CloudEventsFormat()];

    /// <summary>The one with this id; none, if there is none.</summary>
    public static IExportFormat? Find(string? id) => All.FirstOrDefault(f => string.Equals(f.Id, id, StringComparison.OrdinalIgnoreCase));
}
