using AccessHive.Core.Audit.UseCases.Verifying;
using AccessHive.Core.Kernel;
using AccessHive.Core.Storage;

namespace AccessHive.Core.Audit.UseCases;

/// <summary>
/// The bundle of a case from a running house: what <c>evidence</c> writes, and checks. Who may have it, and the entry that
/// tells of it, is for the case to say before.
/// </summary>
public sealed class CaseEvidence(HousePaths paths, CheckpointKeeper checkpoints)
{
    /// <summary>Writes it.</summary>
    /// <param name="id">The case.</param>
    /// <param name="caseJson">The case as JSON.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>A zip.</returns>
    public async Task<byte[]> WriteAsync(CaseId id, byte[] caseJson, CancellationToken cancellation = default)
    {
        // An emergency is signed at once; whoever asks in that very moment waits for it.
        await checkpoints.LookAsync(cancellation);
        using var trail = new OfflineTrail(paths.Database);
        using var bundle = new MemoryStream();
        EvidenceBundle.Write(trail, [.. EvidenceBundle.EntriesOf(trail, id).Where(s => s <= trail.Checkpoint.Size)], caseJson, bundle, notes: true);
        return bundle.ToArray();
    }
}
