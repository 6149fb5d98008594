using System.Globalization;
using System.Text;
using Microsoft.Data.Sqlite;

namespace AccessHive.Core.Audit.UseCases.Verifying;

/// <summary>Signed roots in the order of their sizes.</summary>
internal interface ISignedPoints : IDisposable
{
    /// <summary>The next one, or null.</summary>
    SignedPoint? Current { get; }

    /// <summary>Goes on.</summary>
    void Next();
}

/// <summary>The checkpoints of the database.</summary>
internal sealed class CheckpointPoints : ISignedPoints
{
    private static readonly string[] Causes = ["emergency", "changes", "idle", "start", "stop", "key", "export"];
    private readonly Rows rows;
    private readonly KeyChain keys;
    private readonly Diagnosis diagnosis;
    private (long Id, long Size, long At, int Epoch) last;

    public CheckpointPoints(SqliteConnection connection, KeyChain keys, Diagnosis diagnosis)
    {
        (this.keys, this.diagnosis) = (keys, diagnosis);
        rows = new Rows(connection, "SELECT \"Id\", \"Size\", \"At\", \"Epoch\", \"Note\", \"Cause\" FROM \"TrailCheckpoints\" ORDER BY \"Id\"");
        Next();
    }

    public SignedPoint? Current { get; private set; }

    public void Next()
    {
        Current = null;
        while (Current is null && rows.Next())
        {
            if (Read() is { } wrong)
                diagnosis.Add(TrailAttack.Forged, null, string.Create(CultureInfo.InvariantCulture, $"Checkpoint {rows.Number(0)} {wrong}."));
        }
    }

    public void Dispose() => rows.Dispose();

    private string? Read()
    {
        var id = rows.Number(0);
        var note = rows.IsBlob(4) ? SignedNote.Read(rows.Bytes(4)) : null;
        if (keys.Read(note, out var said) is { } wrong)
            return wrong;
        var before = last;
        last = (id, said!.Size, said.At.ToUnixTimeMilliseconds(), said.Epoch);
        if (note!.Signatures.Count != 1)
            return "has more signatures than one";
        if (!rows.IsNumber(1) || !rows.IsNumber(2) || !rows.IsNumber(3) || (rows.Number(1), rows.Number(2), rows.Number(3)) != (last.Size, last.At, last.Epoch)
            || !rows.IsText(5) || !Causes.Contains(Encoding.UTF8.GetString(rows.Bytes(5))))
            return "says something else than its row";
        if (id != before.Id + 1)
            return string.Create(CultureInfo.InvariantCulture, $"follows number {before.Id}: those between were taken away");
        if (last.Size < before.Size || last.At < before.At || last.Epoch < before.Epoch)
            return "is smaller or older than the one before it";
        Current = new SignedPoint(last.Size, said.Root, last.At, string.Create(CultureInfo.InvariantCulture, $"checkpoint {id}"));
        return null;
    }
}

/// <summary>The one checkpoint that an export brings along.</summary>
internal sealed class OnePoint(SignedPoint? point) : ISignedPoints
{
    public SignedPoint? Current { get; private set; } = point;

    public void Next() => Current = null;

    public void Dispose()
    {
    }
}
