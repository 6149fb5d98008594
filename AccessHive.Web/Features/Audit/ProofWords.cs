using System.Globalization;
using AccessHive.Core.Audit;
using AccessHive.Core.Audit.UseCases;

namespace AccessHive.Web.Features.Audit;

/// <summary>What proves the trail, in words.</summary>
public static class ProofWords
{
    /// <summary>Why a checkpoint was made.</summary>
    public static string Cause(string? cause) => cause switch
    {
        CheckpointCause.Emergency => "at once, for an emergency",
        CheckpointCause.Changes => "a minute after something changed",
        CheckpointCause.Idle => "after an hour in which nothing happened",
        CheckpointCause.Start => "when AccessHive started",
        CheckpointCause.Stop => "when AccessHive stopped",
        CheckpointCause.Key => "with the first key of a new day",
        _ => "",
    };

    /// <summary>"1,200".</summary>
    public static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>"1 entry", "1,200 entries".</summary>
    public static string Entries(long count) => count == 1 ? "1 entry" : $"{Number(count)} entries";

    /// <summary>How far the anchor file has come.</summary>
    public static string Anchored(ProofState proof) => proof.Anchors switch
    {
        { Problem: not null } => "can't be written now",
        { Size: { } size } => $"up to entry {Number(size)}",
        _ => "nothing yet",
    };

    /// <summary>A length in bytes as a person reads it.</summary>
    public static string Bytes(long bytes) => bytes switch
    {
        < 10_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes} bytes"),
        < 10_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1000} kB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1_000_000} MB"),
    };
}
