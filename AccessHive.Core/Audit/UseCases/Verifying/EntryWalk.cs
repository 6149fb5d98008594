using System.Security.Cryptography;
using static AccessHive.Core.Audit.UseCases.Verifying.Diagnosis;

namespace AccessHive.Core.Audit.UseCases.Verifying;

/// <summary>Goes from entry to entry: number, form, hash, the one before, time – and grows the tree.</summary>
internal sealed class EntryWalk(Diagnosis diagnosis, TreeBuilder tree) : IDisposable
{
    private readonly byte[] leaf = new byte[TreeHash.Length];
    private readonly byte[] hex = new byte[2 * TreeHash.Length];
    private readonly byte[] kept = new byte[2 * TreeHash.Length];
    private readonly IncrementalHash sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private byte[] bytes = new byte[4 * 1024];
    private bool isLeafKnown;
    private bool isKeptOther;
    private long newest = long.MinValue;

    /// <summary>The number of the last entry.</summary>
    public long Last { get; private set; }

    /// <summary>When it was recorded: milliseconds since 1970 in UTC.</summary>
    public long At { get; private set; }

    /// <summary>How many entries there were.</summary>
    public long Count { get; private set; }

    /// <summary>Whether no entry was missing so far, and the tree therefore is the tree.</summary>
    public bool IsWhole { get; private set; } = true;

    /// <summary>Begins after an entry that is not there.</summary>
    /// <param name="last">Its number; 0 for the beginning of everything.</param>
    public void Begin(long last)
    {
        Last = last;
        isLeafKnown = last == 0;
        hex.AsSpan().Fill((byte)'0');
    }

    /// <summary>Takes the next entry.</summary>
    /// <param name="seq">The number it stands at.</param>
    /// <param name="payload">Its bytes.</param>
    /// <param name="leafHash">The leaf hash that is kept beside it; empty where none is.</param>
    /// <param name="view">What it says.</param>
    /// <returns>Whether it is in the published form.</returns>
    public bool Take(long seq, ReadOnlySpan<byte> payload, ReadOnlySpan<byte> leafHash, out PayloadView view)
    {
        if (seq != Last + 1)
            Jump(seq);
        Last = seq;
        Count++;
        var isReadable = PayloadView.TryRead(payload, out view);
        if (isReadable)
            Compare(seq, in view);
        else
            Unreadable(seq);
        Hash(payload);
        isKeptOther = !leafHash.IsEmpty && !leafHash.SequenceEqual(leaf);
        if (isKeptOther)
            Convert.TryToHexStringLower(leafHash.Length == TreeHash.Length ? leafHash : new byte[TreeHash.Length], kept, out _);
        Convert.TryToHexStringLower(leaf, hex, out _);
        isLeafKnown = true;
        if (IsWhole)
            tree.Append(leaf);
        return isReadable;
    }

    /// <summary>The last one was taken.</summary>
    public void End()
    {
        if (isKeptOther)
            diagnosis.Note(Sign.Edited, Last);
        diagnosis.Ended(Last);
    }

    /// <summary>The leaf hash of the last entry.</summary>
    public ReadOnlySpan<byte> Leaf => leaf;

    /// <inheritdoc/>
    public void Dispose() => sha.Dispose();

    private void Jump(long seq)
    {
        if (seq <= Last)
            diagnosis.Add(TrailAttack.Inserted, seq, FormattableString.Invariant($"There is an entry {seq}, which can't be one of this trail."));
        else
            diagnosis.Missing(Last + 1, seq - 1);
        IsWhole = isLeafKnown = isKeptOther = false;
    }

    private void Compare(long seq, ref readonly PayloadView view)
    {
        if (view.Seq != seq)
            diagnosis.Numbered(seq, view.Seq);
        if (isLeafKnown && !view.Previous.SequenceEqual(hex))
            diagnosis.Note(isKeptOther && view.Previous.SequenceEqual(kept) ? Sign.Edited : Sign.Chain, seq - 1);
        else if (isKeptOther)
            diagnosis.Note(Sign.LeafColumn, seq - 1);
        At = view.At;
        if (view.At < newest)
            diagnosis.Note(Sign.Earlier, seq);
        else
            newest = view.At;
    }

    private void Unreadable(long seq)
    {
        diagnosis.Note(Sign.Unreadable, seq);
        if (isKeptOther)
            diagnosis.Note(Sign.Edited, seq - 1);
    }

    private void Hash(ReadOnlySpan<byte> payload)
    {
        if (bytes.Length < payload.Length + 1)
            bytes = new byte[2 * (payload.Length + 1)];
        payload.CopyTo(bytes.AsSpan(1));
        sha.AppendData(bytes.AsSpan(0, payload.Length + 1));
        sha.GetHashAndReset(leaf);
    }
}
