using System.Runtime.InteropServices;
using NodaTime;

namespace AccessHive.Core.Audit.UseCases.Verifying;

/// <summary>What was done to a trail, as far as it shows (security.md, promise 8).</summary>
public enum TrailAttack
{
    /// <summary>An entry says something else than when it was recorded.</summary>
    Edited,

    /// <summary>An entry is there that was not recorded.</summary>
    Inserted,

    /// <summary>An entry is missing.</summary>
    Deleted,

    /// <summary>Entries stand in another order.</summary>
    Reordered,

    /// <summary>An entry or a checkpoint says another time than it can have been.</summary>
    BackDated,

    /// <summary>The newest entries are missing.</summary>
    TailCut,

    /// <summary>The whole file is an earlier state.</summary>
    RolledBack,

    /// <summary>A key, a checkpoint or an anchor that the house did not sign, or that was taken away.</summary>
    Forged,

    /// <summary>Personal facts beside an entry are others than it committed to.</summary>
    NoteChanged,

    /// <summary>Personal facts are gone, and no erasure tells of it.</summary>
    NoteDeleted,

    /// <summary>A column or an index says something else than the entry.</summary>
    ColumnLies,

    /// <summary>The file is damaged, or was changed outside the trail after it was closed.</summary>
    Damaged,
}

/// <summary>One thing that does not hold.</summary>
/// <param name="Attack">What it looks like.</param>
/// <param name="Entry">The first entry concerned, if it is about entries.</param>
/// <param name="Words">A sentence about it.</param>
public sealed record TrailFinding(TrailAttack Attack, long? Entry, string Words)
{
    /// <summary>The attack in words.</summary>
    public string Name => Attack switch
    {
        TrailAttack.Edited => "edited",
        TrailAttack.Inserted => "inserted",
        TrailAttack.Deleted => "deleted",
        TrailAttack.Reordered => "reordered",
        TrailAttack.BackDated => "back-dated",
        TrailAttack.TailCut => "tail cut off",
        TrailAttack.RolledBack => "whole file rolled back to an earlier state",
        TrailAttack.Forged => "key or checkpoint forged",
        TrailAttack.NoteChanged => "note changed",
        TrailAttack.NoteDeleted => "note deleted",
        TrailAttack.ColumnLies => "column or index that says something else than the entry",
        TrailAttack.Damaged => "damaged",
        _ => throw new InvalidOperationException($"There is no word for {Attack}."),
    };
}

/// <summary>How far a verification has come.</summary>
/// <param name="Entries">Entries checked.</param>
/// <param name="Of">How many there are, as far as is known.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct VerifyProgress(long Entries, long Of);

/// <summary>What a verification found.</summary>
public sealed record VerifyReport
{
    /// <summary>Which trail.</summary>
    public string Origin { get; init; } = "";

    /// <summary>The first entry that is there; later than 1 after a purge or in a part.</summary>
    public long First { get; init; }

    /// <summary>The newest entry that is there.</summary>
    public long Last { get; init; }

    /// <summary>How many entries were checked.</summary>
    public long Entries { get; init; }

    /// <summary>The root over all entries; null where it can't be known because some are missing.</summary>
    public byte[]? Root { get; init; }

    /// <summary>When the newest entry was recorded.</summary>
    public Instant? Newest { get; init; }

    /// <summary>Checkpoints whose signature and root hold.</summary>
    public long Checkpoints { get; init; }

    /// <summary>Anchors outside the file whose signature and root hold.</summary>
    public long Anchors { get; init; }

    /// <summary>The newest entry that an anchor outside the file covers; 0 for none.</summary>
    public long Anchored { get; init; }

    /// <summary>The newest entry that a signed checkpoint covers, wherever it lies.</summary>
    public long Signed { get; init; }

    /// <summary>Whether the seal of a clean stop was there and holds: every byte of the file is as it was then.</summary>
    public bool Sealed { get; init; }

    /// <summary>Whether it is a whole trail, and not chosen entries of one.</summary>
    public bool IsWhole { get; init; } = true;

    /// <summary>What does not hold, the most telling first.</summary>
    public IReadOnlyList<TrailFinding> Findings { get; init; } = [];

    /// <summary>What somebody who checks should know although nothing is wrong with it.</summary>
    public IReadOnlyList<string> Remarks { get; init; } = [];

    /// <summary>Entries that no anchor covers.</summary>
    public long Unanchored => IsWhole ? Math.Max(0, Last - Anchored) : 0;

    /// <summary>0 good, 1 tampered, 2 a tail without anchor.</summary>
    public int ExitCode => Findings.Count > 0 ? 1 : IsWhole && (Unanchored > 0 || Anchors == 0) ? 2 : 0;
}

/// <summary>What was given to verify is no trail, or not readable: exit code 3.</summary>
/// <param name="message">One sentence, with what to do.</param>
public sealed class NotATrailException(string message) : Exception(message);
