using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using AccessHive.Core.Kernel;
using NodaTime;
using NodaTime.Text;

namespace AccessHive.Core.Audit.UseCases.Verifying;

/// <summary>What a bundle of evidence turned out to be.</summary>
/// <param name="Report">What its entries and proofs are worth.</param>
/// <param name="Case">The case it is about, as its own file says.</param>
public sealed record EvidenceCheck(VerifyReport Report, string Case);

/// <summary>
/// A case to hand over: the case as JSON, its entries with their proofs, the signed checkpoint they lead to, the keys, and
/// a page for whoever has never heard of us. Anybody can check it without us (docs/trail-format.md).
/// </summary>
public static class EvidenceBundle
{
    private const string CaseFile = "case.json", EntriesFile = "entries.jsonl", CheckpointFile = "checkpoint.txt", KeysFile = "keys.txt", ReadmeFile = "README.txt";
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, Indented = true, NewLine = "\n" };

    /// <summary>The numbers of the entries of a case: of each of its requests, and of the sessions that came of them.</summary>
    /// <param name="trail">The trail.</param>
    /// <param name="id">The case.</param>
    public static IReadOnlyList<long> EntriesOf(OfflineTrail trail, CaseId id)
    {
        // The word index finds them; whether they are what was recorded, their proofs say.
        var key = id.Value.ToString().ToUpperInvariant();
        var marks = trail.Texts("SELECT \"RequestId\" FROM \"CaseRequests\" WHERE \"CaseId\" = $id", ("$id", key)).Select(r => TrailMarks.Request(RequestId.From(Guid.Parse(r, CultureInfo.InvariantCulture))))
            .Concat(trail.Texts("SELECT s.\"Id\" FROM \"Sessions\" s JOIN \"CaseRequests\" r ON r.\"RequestId\" = s.\"RequestId\" WHERE r.\"CaseId\" = $id", ("$id", key)).Select(s => TrailMarks.Session(SessionId.From(Guid.Parse(s, CultureInfo.InvariantCulture)))))
            .ToList();
        return marks.Count == 0 ? [] : trail.Numbers("SELECT rowid FROM \"TrailWords\" WHERE \"TrailWords\" MATCH $marks ORDER BY rowid", ("$marks", TrailMarks.AnyOf(marks)));
    }

    /// <summary>Finds a case by its number or its id.</summary>
    /// <exception cref="NotATrailException">There is none.</exception>
    public static CaseId Find(OfflineTrail trail, string numberOrId)
    {
        var found = long.TryParse(numberOrId, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? trail.Texts("SELECT \"Id\" FROM \"Cases\" WHERE \"Number\" = $number", ("$number", number))
            : trail.Texts("SELECT \"Id\" FROM \"Cases\" WHERE \"Id\" = $id", ("$id", numberOrId.ToUpperInvariant()));
        return found is [var id] ? CaseId.From(Guid.Parse(id, CultureInfo.InvariantCulture)) : throw new NotATrailException($"There is no case {numberOrId}: give its number, or its id.");
    }

    /// <summary>The case in its plainest form: number, ids and instants, and no word of anybody.</summary>
    public static byte[] PlainCase(OfflineTrail trail, CaseId id)
    {
        var key = id.Value.ToString().ToUpperInvariant();
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, Options))
        {
            json.WriteStartObject();
            json.WriteString("id", id.ToString());
            json.WriteNumber("number", trail.Numbers("SELECT \"Number\" FROM \"Cases\" WHERE \"Id\" = $id", ("$id", key))[0]);
            json.WriteString("verdict", trail.Texts("SELECT COALESCE(\"Verdict\", '') FROM \"Cases\" WHERE \"Id\" = $id", ("$id", key))[0]);
            foreach (var (name, column) in new[] { ("openedAt", "OpenedAt"), ("reviewedAt", "ReviewedAt"), ("closedAt", "ClosedAt") })
                json.WriteString(name, trail.Numbers($"SELECT \"{column}\" FROM \"Cases\" WHERE \"Id\" = $id AND \"{column}\" IS NOT NULL", ("$id", key)) is [var ticks] ? InstantPattern.ExtendedIso.Format(Instant.FromUnixTimeTicks(ticks)) : "");
            json.WriteStartArray("requests");
            foreach (var request in trail.Texts("SELECT lower(\"RequestId\") FROM \"CaseRequests\" WHERE \"CaseId\" = $id ORDER BY \"JoinedAt\"", ("$id", key)))
                json.WriteStringValue(request);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        stream.WriteByte((byte)'\n');
        return stream.ToArray();
    }

    /// <summary>Writes a bundle.</summary>
    /// <param name="trail">The trail, opened for this.</param>
    /// <param name="entries">The numbers of the entries.</param>
    /// <param name="caseJson">The case.</param>
    /// <param name="to">Where to; it is left open.</param>
    /// <param name="notes">Whether personal facts go along.</param>
    /// <exception cref="NotATrailException">An entry is not signed yet.</exception>
    public static void Write(OfflineTrail trail, IReadOnlyCollection<long> entries, byte[] caseJson, Stream to, bool notes)
    {
        using var proven = new MemoryStream();
        trail.Prove(entries, proven, notes);
        using var zip = new ZipArchive(to, ZipArchiveMode.Create, leaveOpen: true);
        // The instant of the checkpoint: the same trail makes the same bundle.
        var at = trail.Checkpoint.At.ToDateTimeOffset();
        Add(ReadmeFile, Encoding.UTF8.GetBytes(Readme(trail, entries.Count)));
        Add(CaseFile, caseJson);
        Add(EntriesFile, proven.ToArray());
        Add(CheckpointFile, trail.Signed.ToBytes());
        Add(KeysFile, Encoding.UTF8.GetBytes(string.Concat(trail.Certificates().Select(c => c + "=\n"))));

        void Add(string name, byte[] bytes)
        {
            var entry = zip.CreateEntry(name);
            entry.LastWriteTime = at;
            using var stream = entry.Open();
            stream.Write(bytes);
        }
    }

    /// <summary>Checks a bundle.</summary>
    /// <param name="file">The bundle.</param>
    /// <param name="anchors">Anchors of the house, if there are any.</param>
    /// <param name="key">A key of the house that was learnt another way, if there is one.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="NotATrailException">It is no bundle.</exception>
    public static EvidenceCheck Check(string file, string? anchors = null, NoteKey? key = null, CancellationToken cancellation = default)
    {
        var folder = Directory.CreateTempSubdirectory("accesshive-evidence-");
        try
        {
            var entries = Path.Combine(folder.FullName, EntriesFile);
            byte[] checkpoint, theCase;
            using (var zip = ZipFile.OpenRead(file))
            {
                File.WriteAllBytes(entries, Read(zip, file, EntriesFile));
                (checkpoint, theCase) = (Read(zip, file, CheckpointFile), Read(zip, file, CaseFile));
            }

            var report = VerifyTrail.Run(new VerifyWish(entries, anchors, key), cancellation: cancellation);
            using var head = new StreamReader(entries);
            if (report.ExitCode == 0 && TrailLines.ReadHead(Encoding.UTF8.GetBytes(head.ReadLine() + "\n"))?.Checkpoint != Encoding.UTF8.GetString(checkpoint))
                report = report with { Findings = [new TrailFinding(TrailAttack.Forged, null, $"{CheckpointFile} is not the checkpoint that the entries lead to.")] };
            return new EvidenceCheck(report with { Remarks = [.. report.Remarks, $"The entries are proven; {CaseFile} is a summary, to be read beside them."] }, Encoding.UTF8.GetString(theCase));
        }
        catch (InvalidDataException)
        {
            throw new NotATrailException($"{file} is no bundle that evidence wrote, or it is damaged.");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static byte[] Read(ZipArchive zip, string file, string name)
    {
        var entry = zip.GetEntry(name) ?? throw new NotATrailException($"{file} is no bundle that evidence wrote: it has no {name}.");
        using var stream = entry.Open();
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }

    private static string Readme(OfflineTrail trail, int entries) => string.Create(CultureInfo.InvariantCulture, $"""
        Evidence from AccessHive
        ========================

        {CaseFile}        the case, in short
        {EntriesFile}    its {entries} entries of the audit trail, word for word, each with the proof that it
                         is in the trail that was signed
        {CheckpointFile}   the signed statement: {trail.Checkpoint.Size} entries, and their root, at {NoteText.Time(trail.Checkpoint.At)}
        {KeysFile}         the public keys, each signed by the one before it

        How to check it, without trusting whoever gave it to you:

        1. With AccessHive, on any machine, without a network:
               accesshive evidence --check FILE.zip
           or, better, with a key that you were told another way, or with checkpoints that you kept:
               accesshive evidence --check FILE.zip --key KEY --anchors FILE
        2. Without AccessHive: docs/trail-format.md says how every byte is made. A checker in Python
           without any package comes with AccessHive's source:
               python3 bench/verifier/verify.py export {EntriesFile}

        What it proves: these entries, in these words, at these places, were in the trail when the checkpoint was
        signed. What it does not prove: that nothing else happened, that what was recorded was true, and that the
        keys are the house's – compare the first one in {KeysFile} with what you know of the house.

        Trail: {trail.Origin}
        """) + "\n";
}
