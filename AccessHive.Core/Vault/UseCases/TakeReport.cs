using System.Security.Cryptography;
using System.Text.Json;
using AccessHive.Core.Connectors;
using AccessHive.Core.Jobs;
using AccessHive.Core.Kernel;
using AccessHive.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace AccessHive.Core.Vault.UseCases;

/// <summary>
/// A webhook's receiver that took its time reports back. What it says is noted and believed only so far that the next try
/// comes now: that try asks which password logs in, as every other.
/// </summary>
public sealed class TakeReport(Work work, IDbContextFactory<HiveContext> contexts, Keyring keyring, HiveClock clock)
{
    /// <summary>Longest report, in bytes.</summary>
    public const int Longest = 4096;

    /// <summary>Takes a report.</summary>
    /// <param name="order">The order's id, as the receiver was told it: the rotation's id and, after a dot, more.</param>
    /// <param name="timestamp">The timestamp header.</param>
    /// <param name="signature">The signature header.</param>
    /// <param name="body">The body, <c>{"result":"yes"}</c> or <c>{"result":"no"}</c>.</param>
    /// <param name="cancellation">Cancels before the commit.</param>
    /// <returns>Whether it was signed with the credential's key, about a rotation that is open.</returns>
    public async Task<bool> HandleAsync(string order, string? timestamp, string? signature, ReadOnlyMemory<byte> body, CancellationToken cancellation = default)
    {
        if (!Guid.TryParse(order.Split('.')[0], out var value) || !await IsSignedAsync(new RotationId(value), timestamp, signature, body, cancellation))
            return false;
        var taken = await work.RunAsAsync<Done>(Actor.System, turn => NoteAsync(turn, new RotationId(value), Result(body.Span)), cancellation);
        return !taken.IsRefused;
    }

    private static async Task<Result<Done>> NoteAsync(Turn turn, RotationId id, string result)
    {
        var rotation = await turn.Db.Rotations.SingleAsync(r => r.Id == id, turn.Cancellation);
        var credential = await turn.Db.Credentials.SingleAsync(c => c.Id == rotation.CredentialId, turn.Cancellation);
        turn.Db.Note(new RotationReported(turn.Now, Actor.System, new RotationSubject(rotation.IdentityId, rotation.CredentialId, credential.Label, rotation.InEmergency, rotation.PersonId), result));
        var about = id.ToString();
        if (!rotation.Hear(credential, turn.Now))
            return RotationRefusals.RotationOver;
        var job = await turn.Db.Jobs.Where(j => j.Kind == RunRotation.JobKind && j.About == about).OrderByDescending(j => j.QueuedAt).FirstOrDefaultAsync(turn.Cancellation);
        if (job is { State: JobState.GaveUp })
            job.RetryNow(turn.Now);
        else
            job?.Wake(turn.Now);
        return Done.Yes;
    }

    private async Task<bool> IsSignedAsync(RotationId id, string? timestamp, string? signature, ReadOnlyMemory<byte> body, CancellationToken cancellation)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var key = await (from r in db.Rotations
                         join f in db.CredentialFields on r.CredentialId equals f.CredentialId
                         join s in db.Secrets on r.CredentialId equals s.CredentialId
                         where r.Id == id && r.ClosedAt == null && f.Kind == FieldKind.ConnectorKey && s.Field == FieldKind.ConnectorKey && s.Version == f.CurrentVersion
                         select s).AsNoTracking().SingleOrDefaultAsync(cancellation);
        if (key is null)
            return false;
        var plain = keyring.Open(key);
        try
        {
            return WebhookSignature.Holds(plain, timestamp, signature, body.Span, clock.Now);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plain);
        }
    }

    private static string Result(ReadOnlySpan<byte> body)
    {
        try
        {
            var reader = new Utf8JsonReader(body);
            using var said = JsonDocument.ParseValue(ref reader);
            return said.RootElement.ValueKind != JsonValueKind.Object || !said.RootElement.TryGetProperty("result", out var result) ? "unclear"
                : result.ValueEquals("yes"u8) ? "yes"
                : result.ValueEquals("no"u8) ? "no"
                : "unclear";
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException)
        {
            return "unclear";
        }
    }
}
