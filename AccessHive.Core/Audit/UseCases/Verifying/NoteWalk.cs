using System.Security.Cryptography;
using Microsoft.Data.Sqlite;
using static AccessHive.Core.Audit.UseCases.Verifying.Diagnosis;

namespace AccessHive.Core.Audit.UseCases.Verifying;

/// <summary>Goes through the notes beside the entries: each is the one that its entry commits to, or was erased as an entry says.</summary>
internal sealed class NoteWalk : IDisposable
{
    private readonly Diagnosis diagnosis;
    private readonly ReadAhead<Batch>? ahead;
    private readonly IEnumerator<Batch> batches;
    private readonly byte[] hex = new byte[2 * TreeHash.Length];
    private readonly NumberSet gone = new();
    private readonly NumberSet erased = new();
    private Batch batch = new();
    private int at = -1;

    /// <param name="connection">The database; nobody else's while the notes are read on a thread of their own.</param>
    /// <param name="isApart">Whether they are.</param>
    /// <param name="diagnosis">Told of what does not hold.</param>
    public NoteWalk(SqliteConnection connection, bool isApart, Diagnosis diagnosis)
    {
        this.diagnosis = diagnosis;
        ahead = isApart ? new ReadAhead<Batch>(Read(connection)) : null;
        batches = (ahead?.Items() ?? Read(connection)).GetEnumerator();
        Next();
    }

    private bool IsThere => at < batch.Count;

    private long Seq => batch.Seqs[at];

    /// <summary>Comes to an entry; notes before it have none.</summary>
    public void Reach(long seq)
    {
        for (; IsThere && Seq < seq; Next())
            diagnosis.Note(Sign.NoteAdded, Seq);
    }

    /// <summary>Holds the note of the entry that was reached against what the entry says of it.</summary>
    /// <param name="seq">The entry.</param>
    /// <param name="commitment">The hash in hex; empty, if it says nothing.</param>
    public void Compare(long seq, ReadOnlySpan<byte> commitment)
    {
        var isThere = IsThere && Seq == seq;
        if (commitment.IsEmpty)
        {
            if (isThere)
                diagnosis.Note(Sign.NoteAdded, seq);
        }
        else if (!isThere)
        {
            gone.Add(seq);
        }
        else if (!batch.AreWhole[at] || !IsHex(commitment, batch.HashOf(at)))
        {
            diagnosis.Note(Sign.NoteChanged, seq);
        }
    }

    /// <summary>Goes on after an entry.</summary>
    public void Pass(long seq)
    {
        if (IsThere && Seq == seq)
            Next();
    }

    /// <summary>An entry says that the facts of these were erased, written as <c>7,12-15</c>.</summary>
    public void Erased(string ranges) => erased.AddRanges(ranges);

    /// <summary>The last entry was passed.</summary>
    public void End()
    {
        Reach(long.MaxValue);
        if (gone.FirstNotIn(erased) is { } missing)
            diagnosis.Note(Sign.NoteGone, missing);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        batches.Dispose();
        ahead?.Dispose();
    }

    private bool IsHex(ReadOnlySpan<byte> commitment, ReadOnlySpan<byte> hash)
    {
        Convert.TryToHexStringLower(hash, hex, out _);
        return commitment.SequenceEqual(hex);
    }

    private void Next()
    {
        if (++at >= batch.Count && batches.MoveNext())
            (batch, at) = (batches.Current, 0);
    }

    private static IEnumerable<Batch> Read(SqliteConnection connection)
    {
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var rows = new Rows(connection, "SELECT \"Seq\", \"Salt\", \"Text\" FROM \"TrailNotes\" ORDER BY \"Seq\"");
        var filled = new Batch();
        while (rows.Next())
        {
            filled.Add(rows, sha);
            if (filled.Count < Batch.Size)
                continue;
            yield return filled;
            filled = new Batch();
        }

        if (filled.Count > 0)
            yield return filled;
    }

    /// <summary>Some notes, hashed.</summary>
    private sealed class Batch
    {
        public const int Size = 1024;
        private const int SaltLength = 16;
        private readonly byte[] hashes = new byte[Size * TreeHash.Length];

        public long[] Seqs { get; } = new long[Size];

        /// <summary>Whether salt and text are what they should be in form.</summary>
        public bool[] AreWhole { get; } = new bool[Size];

        public int Count { get; private set; }

        public ReadOnlySpan<byte> HashOf(int at) => hashes.AsSpan(at * TreeHash.Length, TreeHash.Length);

        public void Add(Rows rows, IncrementalHash sha)
        {
            var salt = rows.Bytes(1);
            Seqs[Count] = rows.Number(0);
            AreWhole[Count] = rows.IsBlob(1) && rows.IsBlob(2) && salt.Length == SaltLength;
            sha.AppendData(salt);
            sha.AppendData(rows.Bytes(2));
            sha.GetHashAndReset(hashes.AsSpan(Count * TreeHash.Length, TreeHash.Length));
            Count++;
        }
    }
}
