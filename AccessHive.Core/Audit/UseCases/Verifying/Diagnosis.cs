using System.Globalization;
using NodaTime;
using NodaTime.Text;

namespace AccessHive.Core.Audit.UseCases.Verifying;

/// <summary>
/// Gathers what does not hold and makes an attack of it. One change shows in many places – the entry, the one after it,
/// the tree, each later checkpoint –, and who checks wants to hear of the first place and what was done there.
/// </summary>
internal sealed class Diagnosis
{
    private readonly List<TrailFinding> gaps = [];
    private readonly List<TrailFinding> others = [];
    private readonly Dictionary<Sign, (long Entry, string Words, long Count)> signs = [];
    private readonly Shift numbers = new();
    private WrongRoot? badCheckpoint;
    private WrongRoot? badAnchor;

    /// <summary>What an entry can show.</summary>
    public enum Sign
    {
        /// <summary>Its bytes are not in the published form.</summary>
        Unreadable,

        /// <summary>Its bytes are not the ones its leaf hash was made of, which the next entry still names.</summary>
        Edited,

        /// <summary>The next entry names another one before it.</summary>
        Chain,

        /// <summary>It is earlier than the one before.</summary>
        Earlier,

        /// <summary>Its kept leaf hash is another, while the next entry names the right one.</summary>
        LeafColumn,

        /// <summary>A column says something else.</summary>
        Column,

        /// <summary>Its note is another.</summary>
        NoteChanged,

        /// <summary>Its note is gone.</summary>
        NoteGone,

        /// <summary>There is a note it knows nothing of.</summary>
        NoteAdded,
    }

    /// <summary>Whether entries themselves are not as they were, wherever.</summary>
    public bool HasContent => gaps.Count > 0 || numbers.Count > 0 || FirstContent < long.MaxValue;

    private long FirstContent => new[] { Sign.Unreadable, Sign.Edited, Sign.Chain, Sign.Earlier }.Select(EntryOf).Append(gaps.Select(g => g.Entry ?? 1).DefaultIfEmpty(long.MaxValue).Min()).Append(numbers.Count > 0 ? numbers.First : long.MaxValue).Min();

    /// <summary>Notes what an entry shows; the first one of each kind is kept.</summary>
    public void Note(Sign sign, long entry, string words = "")
        => signs[sign] = signs.TryGetValue(sign, out var first) ? first with { Count = first.Count + 1 } : (entry, words, 1);

    /// <summary>Entries between two numbers are not there.</summary>
    public void Missing(long first, long last)
    {
        if (gaps.Count < 5)
            gaps.Add(new TrailFinding(TrailAttack.Deleted, first, first == last ? $"Entry {N(first)} is missing." : $"Entries {N(first)} to {N(last)} are missing."));
    }

    /// <summary>An entry stands at another number than it was given.</summary>
    public void Numbered(long stands, long says) => numbers.Add(stands, says);

    /// <summary>The last entry was read.</summary>
    public void Ended(long last) => numbers.Last = last;

    /// <summary>Something that is a finding already.</summary>
    public void Add(TrailAttack attack, long? entry, string words)
    {
        if (others.Count < 50)
            others.Add(new TrailFinding(attack, entry, words));
    }

    /// <summary>A signed root that the entries don't make.</summary>
    public void Bad(bool anchor, SignedPoint point, long goodUntil, bool late)
    {
        ref var slot = ref anchor ? ref badAnchor : ref badCheckpoint;
        slot ??= new WrongRoot(point.Size, point.At, point.Words, goodUntil);
        slot.Count++;
        slot.Late += late ? 1 : 0;
    }

    /// <summary>The entry after a wrong root is older than the signature below that root.</summary>
    public void Early(bool anchor)
    {
        if ((anchor ? badAnchor : badCheckpoint) is { } bad)
            bad.Early++;
    }

    /// <summary>An entry is older than the last signed root before it that holds.</summary>
    public (long Entry, long At, long Signed)? OlderThanSigned { get; set; }

    /// <summary>Where a restore of a backup tells of itself.</summary>
    public long? Restored { get; set; }

    /// <summary>The newest size at which a checkpoint in the file holds.</summary>
    public long GoodCheckpoint { get; set; }

    /// <summary>The newest size at which an anchor holds.</summary>
    public long GoodAnchor { get; set; }

    /// <summary>All of it, the most telling first.</summary>
    public IReadOnlyList<TrailFinding> Findings()
    {
        List<TrailFinding> all = [];
        if (numbers.Count > 0)
            all.Add(numbers.Finding());
        all.AddRange(gaps);
        all.AddRange(others.Where(o => o.Attack is TrailAttack.Inserted or TrailAttack.Deleted or TrailAttack.Reordered));
        AddSign(all, Sign.Earlier, TrailAttack.BackDated, n => Has(Sign.Edited, n - 1) || Has(Sign.Chain, n - 1) ? n - 1 : n, "Entry {0} is dated earlier than the one before it: it was back-dated, or the one before was dated forward.");
        AddSign(all, Sign.Edited, TrailAttack.Edited, n => n, "Entry {0} is not what was recorded: its bytes are not the ones whose hash the next entry names.");
        AddSign(all, Sign.Unreadable, TrailAttack.Edited, n => n, "Entry {0} is not in the published form of an entry.");
        if (numbers.Count == 0)
            AddSign(all, Sign.Chain, TrailAttack.Edited, n => n, "Entry {0} is not the one that the next entry was written after: it was edited, or another one put in its place.");
        if (Tail() is { } tail)
            all.Add(tail);
        all.AddRange(Signed());
        all.AddRange(others.Where(o => o.Attack is TrailAttack.TailCut or TrailAttack.RolledBack));
        AddSign(all, Sign.NoteChanged, TrailAttack.NoteChanged, n => n, "The personal facts beside entry {0} are not the ones it committed to.");
        AddSign(all, Sign.NoteAdded, TrailAttack.NoteChanged, n => n, "There are personal facts beside entry {0}, which has none.");
        AddSign(all, Sign.NoteGone, TrailAttack.NoteDeleted, n => n, "The personal facts beside entry {0} are gone, and no erasure tells of it.");
        AddSign(all, Sign.Column, TrailAttack.ColumnLies, n => n, "{1} of entry {0} says something else than the entry.");
        AddSign(all, Sign.LeafColumn, TrailAttack.ColumnLies, n => n, "The kept leaf hash of entry {0} is not the hash of the entry.");
        all.AddRange(others.Where(o => !IsOfEntries(o)));
        return all;
    }

    private static bool IsOfEntries(TrailFinding finding)
        => finding.Attack is TrailAttack.Inserted or TrailAttack.Deleted or TrailAttack.Reordered or TrailAttack.TailCut or TrailAttack.RolledBack;

    private static string N(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private static string Time(long milliseconds) => InstantPattern.ExtendedIso.Format(Instant.FromUnixTimeMilliseconds(milliseconds));

    private long EntryOf(Sign sign) => signs.TryGetValue(sign, out var first) ? first.Entry : long.MaxValue;

    private bool Has(Sign sign, long entry) => EntryOf(sign) == entry;

    private void AddSign(List<TrailFinding> all, Sign sign, TrailAttack attack, Func<long, long> entry, string words)
    {
        if (!signs.TryGetValue(sign, out var first))
            return;
        var more = first.Count > 1 ? $" {N(first.Count - 1)} more are like it." : "";
        all.Add(new TrailFinding(attack, entry(first.Entry), string.Format(CultureInfo.InvariantCulture, words, N(entry(first.Entry)), first.Words) + more));
    }

    // After the last signed root nothing but the clock speaks against an entry.
    private TrailFinding? Tail() => OlderThanSigned is { } older && older.Entry > Math.Max(GoodCheckpoint, GoodAnchor) && badAnchor is null && badCheckpoint is null
        ? new TrailFinding(TrailAttack.BackDated, older.Entry, $"Entry {N(older.Entry)} is dated {Time(older.At)}, before {Time(older.Signed)}, when the {N(older.Entry - 1)} entries before it had been signed.")
        : null;

    private IEnumerable<TrailFinding> Signed()
    {
        foreach (var bad in new[] { badCheckpoint, badAnchor }.OfType<WrongRoot>().Where(b => FirstContent > b.Size))
        {
            var (first, last) = (bad.GoodUntil + 1, bad.Size);
            var range = first == last ? $"Entry {N(first)} is not the one" : $"Entries {N(first)} to {N(last)} are not the ones";
            var signed = $"that {bad.Words} signed at {Time(bad.At)}";
            if (Restored is { } restored && restored > bad.GoodUntil && restored <= bad.Size)
                yield return new TrailFinding(TrailAttack.RolledBack, restored, $"{range} {signed}: entry {N(restored)} says that a backup was put in place there, and what followed it before is lost.");
            else if (ReferenceEquals(bad, badAnchor) && badCheckpoint is null && GoodCheckpoint >= bad.Size)
                yield return new TrailFinding(TrailAttack.RolledBack, first, $"{range} {signed}, and yet the house has signed the ones that are here as well: the file was put back to an earlier state and went on from there, or somebody with its key wrote this part again.");
            else if (bad.Late * 2 > bad.Count)
                yield return new TrailFinding(TrailAttack.Deleted, first, $"{range} {signed}, and entry {N(last)} is younger than that signature: at least one of them was deleted, and all that follows was moved up and calculated anew.");
            else if (bad.Early * 2 > bad.Count)
                yield return new TrailFinding(TrailAttack.Inserted, first, $"{range} {signed}, and entry {N(last + 1)} is older than that signature: at least one was inserted there, and all that follows was moved down and calculated anew.");
            else if (OlderThanSigned is { } older && older.Entry >= first && older.Entry <= last)
                yield return new TrailFinding(TrailAttack.BackDated, older.Entry, $"{range} {signed}: entry {N(older.Entry)} is dated {Time(older.At)}, before {Time(older.Signed)}, when the entries before it had been signed; it was back-dated, and all that follows was calculated anew.");
            else
                yield return new TrailFinding(TrailAttack.Edited, first, $"{range} {signed}: at least one of them was edited, or they were put in another order, and all that follows was calculated anew.");
        }
    }

    private sealed class WrongRoot(long size, long at, string words, long goodUntil)
    {
        public long Size => size;

        public long At => at;

        public string Words => words;

        public long GoodUntil => goodUntil;

        public long Count { get; set; }

        public long Late { get; set; }

        public long Early { get; set; }
    }

    // Where entries stand at other numbers than they say: all moved up, all moved down, or mixed.
    private sealed class Shift
    {
        private long offset;
        private bool isUniform = true;
        private long lastMoved;

        public long First { get; private set; }

        public long Count { get; private set; }

        public long Last { get; set; }

        public void Add(long stands, long says)
        {
            if (Count++ == 0)
                (First, offset) = (stands, says - stands);
            isUniform &= says - stands == offset && (lastMoved == 0 || lastMoved == stands - 1);
            lastMoved = stands;
        }

        public TrailFinding Finding()
        {
            if (isUniform && lastMoved == Last && offset > 0)
                return new TrailFinding(TrailAttack.Deleted, First, $"{(offset == 1 ? "An entry was" : $"{N(offset)} entries were")} deleted before what is now entry {N(First)}, and all that follows was moved up.");
            return isUniform && lastMoved == Last && offset < 0
                ? new TrailFinding(TrailAttack.Inserted, First + offset, $"Entry {N(First + offset)} was inserted, and all that follows was moved down by {N(-offset)}.")
                : new TrailFinding(TrailAttack.Reordered, First, $"Entry {N(First)} stands where another was recorded: {N(Count)} entries are not in their order.");
        }
    }
}

/// <summary>A root that the house has signed.</summary>
/// <param name="Size">How many entries it covers.</param>
/// <param name="Root">The root.</param>
/// <param name="At">When, milliseconds since 1970 in UTC.</param>
/// <param name="Words">Which one, for a sentence.</param>
internal sealed record SignedPoint(long Size, ReadOnlyMemory<byte> Root, long At, string Words);
