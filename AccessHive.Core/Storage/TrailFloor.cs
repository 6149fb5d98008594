using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace AccessHive.Core.Storage;

/// <summary>For a process that has just come: its clock does not know yet what the server's clock has counted.</summary>
internal static class TrailFloor
{
    /// <summary>The instant of the turn, or of the newest entry or checkpoint where that is later; asked under the write lock.</summary>
    public static async Task<Instant> NotBeforeTheTrailAsync(this Turn turn)
    {
        var newest = await turn.Db.Trail.OrderByDescending(e => e.Seq).Select(e => (long?)e.RecordedAt).FirstOrDefaultAsync(turn.Cancellation);
        // An entry dated before a signature that stands before it would look back-dated.
        var signed = await turn.Db.TrailCheckpoints.OrderByDescending(c => c.Id).Select(c => (long?)c.At).FirstOrDefaultAsync(turn.Cancellation);
        return Instant.Max(turn.Now, Instant.FromUnixTimeMilliseconds(Math.Max(newest ?? 0, signed ?? 0)));
    }
}
