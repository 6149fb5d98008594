using System.Runtime.CompilerServices;
using AccessHive.Core.Kernel;
using AccessHive.Core.Storage;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace AccessHive.Core.Audit.UseCases;

/// <summary>What proves the trail, as a page shows it.</summary>
/// <param name="Origin">The trail's name in every checkpoint.</param>
/// <param name="Entries">How many entries there are.</param>
/// <param name="Signed">Entries that the newest checkpoint covers; null before the first.</param>
/// <param name="SignedAt">When it was made.</param>
/// <param name="Root">Its root, in hex.</param>
/// <param name="Cause">Why it was made; one of <see cref="CheckpointCause"/>.</param>
/// <param name="Day">The day whose key signs, UTC.</param>
/// <param name="VerifierKey">That key, as verifiers take it.</param>
/// <param name="Checkpoints">How many checkpoints there are.</param>
/// <param name="Anchors">The file where they are kept a second time.</param>
public sealed record ProofState(
    string Origin, long Entries, long? Signed, Instant? SignedAt, string? Root, string? Cause, LocalDate? Day, string? VerifierKey, long Checkpoints, AnchorState Anchors);

/// <summary>Tells what proves the trail. Nothing of it is secret: everybody who reads entries may know it.</summary>
public sealed class TrailProof(IDbContextFactory<HiveContext> contexts, AnchorKeeper anchors, CommitBell bell, HiveClock clock)
{
    private static readonly TimeSpan LookAnyway = TimeSpan.FromSeconds(30);
    private static readonly LocalDate Beginning = new(1970, 1, 1);

    /// <summary>As it is now, and again with each checkpoint and every half minute.</summary>
    public async IAsyncEnumerable<ProofState> FollowAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        while (true)
        {
            var heard = bell.Rings;
            var state = await ReadAsync(cancellation);
            yield return state;
            var until = clock.Now + Duration.FromTimeSpan(LookAnyway);
            do
            {
                await bell.WaitOrAsync(heard, LookAnyway, clock.Time, cancellation);
                heard = bell.Rings;
            }
            while (clock.Now < until && await NewestAsync(cancellation) == state.Checkpoints);
        }
    }

    /// <summary>As it is now.</summary>
    public async Task<ProofState> ReadAsync(CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var tree = await db.TrailTree.AsNoTracking().SingleAsync(cancellation);
        var last = await db.TrailCheckpoints.AsNoTracking().OrderByDescending(c => c.Id).FirstOrDefaultAsync(cancellation);
        var key = await db.TrailKeys.AsNoTracking().OrderByDescending(k => k.Epoch).FirstOrDefaultAsync(cancellation);
        var root = last is not null && SignedNote.TryParse(last.Note, out var note) && Checkpoint.TryParse(note.Text, out var said) ? Convert.ToHexStringLower(said.Root.Span) : null;
        return new ProofState(
            tree.Origin, tree.Size, last?.Size, last?.Instant, root, last?.Cause,
            key is null ? null : Beginning.PlusDays((int)key.Epoch), key is null ? null : KeyCertificate.For(tree.Origin, (int)key.Epoch, key.PublicKey).Key.ToString(),
            last?.Id ?? 0, anchors.State);
    }
    private async Task<long> NewestAsync(CancellationToken cancellation)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        return await db.TrailCheckpoints.MaxAsync(c => (long?)c.Id, cancellation) ?? 0;
    }
}
