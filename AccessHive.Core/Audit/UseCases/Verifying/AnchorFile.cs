namespace AccessHive.Core.Audit.UseCases.Verifying;

/// <summary>
/// Reads what was kept of the trail outside its database: signed notes, each followed by a line that is one equals sign.
/// A file of one note alone will do as well. They are checkpoints, with or without a witness's signature below, and certificates of the keys that sign them.
/// </summary>
public sealed class AnchorFile : IDisposable
{
    private readonly Stream stream;
    private readonly byte[] buffer = new byte[16 * 1024];
    private readonly List<byte> record = [];
    private int at;
    private int filled;

    /// <summary>Opens one.</summary>
    /// <exception cref="NotATrailException">It can't be read.</exception>
    public AnchorFile(string file)
    {
        try
        {
            stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new NotATrailException($"The anchors {file} can't be read: check the name and who may read it.");
        }
    }

    /// <summary>How many records were read.</summary>
    public long Number { get; private set; }

    /// <summary>Whether the record that was read last is not whole.</summary>
    public bool IsTorn { get; private set; }

    /// <summary>The next record; null after the last one.</summary>
    /// <param name="note">What it says; null when it is no note.</param>
    public bool Next(out SignedNote? note)
    {
        record.Clear();
        note = null;
        while (Line() is { } whole)
        {
            if (whole && record.Count >= 2 && record[^1] == '\n' && record[^2] == '=' && (record.Count == 2 || record[^3] == '\n'))
            {
                Number++;
                note = SignedNote.Read(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(record)[..^2]);
                return true;
            }

            if (record.Count > SignedNote.MaximumSize)
                break;
        }

        if (record.Count == 0)
            return false;
        // One note alone, as a witness hands it over; or a last record without its end, or something that never ends.
        note = Number++ == 0 ? SignedNote.Read(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(record)) : null;
        IsTorn = note is null;
        at = filled = 0;
        stream.Seek(0, SeekOrigin.End);
        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => stream.Dispose();

    // Takes one line into the record; null at the end of the file.
    private bool? Line()
    {
        var any = false;
        while (true)
        {
            if (at == filled)
            {
                (at, filled) = (0, stream.Read(buffer));
                if (filled == 0)
                    return any ? false : null;
            }

            any = true;
            var end = buffer.AsSpan(at, filled - at).IndexOf((byte)'\n');
            var take = end < 0 ? filled - at : end + 1;
            record.AddRange(buffer.AsSpan(at, take));
            at += take;
            if (end >= 0 || record.Count > SignedNote.MaximumSize)
                return end >= 0;
        }
    }
}
