using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using NodaTime;
using static AccessHive.Core.Audit.UseCases.Verifying.Diagnosis;

namespace AccessHive.Core.Audit.UseCases.Verifying;

/// <summary>
/// Verifies a JSON Lines export, line by line: a whole one by its root, a part of one – or a single entry – by the proof
/// that each of its entries brings along.
/// </summary>
internal sealed class ExportVerifier(VerifyWish wish, Action<VerifyProgress>? tell, CancellationToken cancellation) : IDisposable
{
    private const int LongestLine = 64 * 1024 * 1024;

    private readonly Diagnosis diagnosis = new();
    private readonly TreeBuilder tree = new();
    private readonly List<string> remarks = [];
    private byte[] buffer = new byte[64 * 1024];
    private int at;
    private int filled;

    /// <summary>Verifies it.</summary>
    public VerifyReport Run()
    {
        using var stream = new FileStream(wish.Database, FileMode.Open, FileAccess.Read, FileShare.Read, 1);
        if (TrailLines.ReadHead(Line(stream) ?? default) is not { } head)
            throw new NotATrailException($"{wish.Database} does not begin as an export in JSON Lines that can be verified: take it out of the trail again.");
        if (head.Checkpoint is null)
            throw new NotATrailException($"{wish.Database} brings no signed checkpoint along and proves nothing: take it out of the trail again, once there is one.");
        var keys = new KeyChain(head.Origin);
        foreach (var certificate in head.Keys)
        {
            if (keys.Take(SignedNote.Read(Encoding.UTF8.GetBytes(certificate))) is { } wrong)
                diagnosis.Add(TrailAttack.Forged, null, $"A certificate in the first line {wrong}.");
        }

        if (keys.Read(SignedNote.Read(Encoding.UTF8.GetBytes(head.Checkpoint)), out var checkpoint) is { } forged)
            diagnosis.Add(TrailAttack.Forged, null, $"The checkpoint in the first line {forged}.");
        else if (checkpoint!.Size != head.Size || head.Last > head.Size || head.First < 1 || head.Last < head.First - 1)
            diagnosis.Add(TrailAttack.Forged, null, "The first line says other numbers than its checkpoint.");
        using var anchors = new AnchorPoints(wish, keys, diagnosis, cancellation);
        if (wish.Key is { } trusted && !keys.Keys.Any(k => k.Is(trusted)))
            diagnosis.Add(TrailAttack.Forged, null, $"The key {trusted} that you gave is none of this house's keys.");
        var point = checkpoint is null ? null : new SignedPoint(checkpoint.Size, checkpoint.Root, checkpoint.At.ToUnixTimeMilliseconds(), "the checkpoint in the first line");
        return Read(stream, head, point, keys, anchors);
    }

    /// <inheritdoc/>
    public void Dispose() => tree.Dispose();

    private static string N(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private VerifyReport Read(Stream stream, TrailLinesHead head, SignedPoint? point, KeyChain keys, AnchorPoints anchors)
    {
        var isWhole = head is { First: 1, Filtered: false } && head.Size == head.Last;
        using var walk = new EntryWalk(diagnosis, tree);
        walk.Begin(head.First - 1);
        var points = new PointRow(diagnosis, tree, new OnePoint(isWhole ? point : null), anchors);
        if (isWhole)
            points.Begin(0);
        var (ended, count) = (false, 0L);
        while (Line(stream) is { } line)
        {
            if ((++count & 4095) == 0)
            {
                cancellation.ThrowIfCancellationRequested();
                tell?.Invoke(new VerifyProgress(count, head.Last - head.First + 1));
            }

            if (ended)
            {
                diagnosis.Add(TrailAttack.Inserted, null, "Something follows after the last line.");
                break;
            }

            if (TrailLines.ReadEnd(line) is { } end)
                (ended, _) = (true, End(end, head, walk));
            else if (TrailLines.ReadEntry(line) is { } entry)
                Take(entry, head, walk, point, isWhole ? points : null);
            else
                diagnosis.Add(TrailAttack.Damaged, null, $"Line {N(count + 1)} is not as an export is written.");
        }

        if (!ended)
            diagnosis.Add(TrailAttack.TailCut, walk.Last + 1, "The last line is missing: the export was not finished, or its end was cut off.");
        if (!head.Filtered && ended && walk.Last != head.Last)
            diagnosis.Add(TrailAttack.TailCut, walk.Last + 1, $"The export ends with entry {N(walk.Last)} and should end with {N(head.Last)}.");
        walk.End();
        var alike = isWhole ? points.GoodAnchors : SameSize(anchors, point);
        if (isWhole && walk.IsWhole && walk.Last == head.Last)
            points.End(walk, walk.Last, () => false);
        remarks.Add($"It is signed by {keys.Keys.LastOrDefault()?.Name ?? "nobody"}, whose keys go back to {keys.Keys.FirstOrDefault()?.ToString() ?? "none"}: compare that with what you know of the house, or give its anchors or the key.");
        return new VerifyReport
        {
            Origin = head.Origin,
            First = head.First,
            Last = walk.Last,
            Entries = walk.Count,
            Root = point?.Root.ToArray(),
            Newest = walk.Count > 0 ? Instant.FromUnixTimeMilliseconds(walk.At) : null,
            Checkpoints = point is null ? 0 : 1,
            Anchors = alike,
            Anchored = isWhole ? diagnosis.GoodAnchor : alike > 0 ? point!.Size : 0,
            Signed = point?.Size ?? 0,
            IsWhole = false,
            Findings = diagnosis.Findings(),
            Remarks = remarks,
        };
    }

    // A part can be held against anchors of its own checkpoint's size only.
    private long SameSize(AnchorPoints anchors, SignedPoint? point)
    {
        var alike = 0L;
        for (; anchors.Current is { } anchor; anchors.Next())
        {
            if (anchor.Size != point?.Size)
                continue;
            if (anchor.Root.Span.SequenceEqual(point.Root.Span))
                alike++;
            else
                diagnosis.Add(TrailAttack.RolledBack, null, $"The signed root is not the one of {anchor.Words}, which has as many entries: the house has signed two trails.");
        }

        return alike;
    }

    private void Take(TrailLine entry, TrailLinesHead head, EntryWalk walk, SignedPoint? point, PointRow? points)
    {
        if (entry.Seq <= walk.Last || entry.Seq < head.First || entry.Seq > head.Last)
        {
            diagnosis.Add(TrailAttack.Reordered, entry.Seq, $"Entry {N(entry.Seq)} does not belong where it stands.");
            return;
        }

        if (head.Filtered && entry.Seq != walk.Last + 1)
            walk.Begin(entry.Seq - 1);
        var isReadable = walk.Take(entry.Seq, Encoding.UTF8.GetBytes(entry.Payload), default, out var view);
        if (points is not null)
            points.Reached(walk);
        else if (point is not null && (entry.Proof is null || !TreeProofs.IsIncluded(walk.Leaf, entry.Seq - 1, point.Size, entry.Proof, point.Root.Span)))
            diagnosis.Add(TrailAttack.Edited, entry.Seq, entry.Proof is null ? $"Entry {N(entry.Seq)} brings no proof along." : $"Entry {N(entry.Seq)} is not the one that was signed: its proof does not lead to the signed root.");
        if (!isReadable || entry is not { Salt: { } salt, Text: { } text })
            return;
        if (view.Note.IsEmpty)
            diagnosis.Note(Sign.NoteAdded, entry.Seq);
        else if (salt.Length != 16 || Convert.ToHexStringLower(SHA256.HashData([.. salt, .. Encoding.UTF8.GetBytes(text)])) != Encoding.ASCII.GetString(view.Note))
            diagnosis.Note(Sign.NoteChanged, entry.Seq);
    }

    private bool End((long Entries, long? Next) end, TrailLinesHead head, EntryWalk walk)
    {
        var holds = end.Entries == walk.Count && (end.Next ?? head.Last) == head.Last;
        if (!holds)
            diagnosis.Add(TrailAttack.Deleted, null, $"The export says that it has {N(end.Entries)} entries up to {N(end.Next ?? head.Last)}, and it has {N(walk.Count)} up to {N(head.Last)}.");
        return holds;
    }

    // One line with its end; null after the last. Without its end it is none.
    private ReadOnlyMemory<byte>? Line(Stream stream)
    {
        for (var searched = 0; ;)
        {
            var end = buffer.AsSpan(at + searched, filled - at - searched).IndexOf((byte)'\n');
            if (end >= 0)
            {
                var line = buffer.AsMemory(at, searched + end + 1);
                at += searched + end + 1;
                return line;
            }

            searched = filled - at;
            if (searched > LongestLine)
                throw new NotATrailException($"{wish.Database} has a line that no export has: check what file it is.");
            if (at > 0)
            {
                buffer.AsSpan(at, searched).CopyTo(buffer);
                (at, filled) = (0, searched);
            }

            if (filled == buffer.Length)
                Array.Resize(ref buffer, 2 * buffer.Length);
            var read = stream.Read(buffer, filled, buffer.Length - filled);
            if (read == 0)
            {
                var rest = buffer.AsMemory(at, searched);
                at = filled;
                if (searched == 0)
                    return null;
                return rest;
            }

            filled += read;
        }
    }
}
