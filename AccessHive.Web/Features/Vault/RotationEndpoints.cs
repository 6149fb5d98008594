using System.Security.Cryptography;
using System.Text.Json;
using AccessHive.Core.Connectors;
using AccessHive.Core.Kernel;
using AccessHive.Core.Vault;
using AccessHive.Core.Vault.UseCases;
using AccessHive.Web.Features.Shared;
using AccessHive.Web.Security;

namespace AccessHive.Web.Features.Vault;

/// <summary>What a secret that comes in is about: a rotation that is done by hand, or the signing key of a webhook.</summary>
/// <param name="Rotation">The rotation.</param>
/// <param name="KeyOf">The credential whose webhook is signed with it.</param>
public sealed record RotationSecretEntered(Guid? Rotation = null, Guid? KeyOf = null);

/// <summary>Which rotation's new secret is to be looked at.</summary>
public sealed record PendingAsked(Guid Rotation);

/// <summary>
/// The ways of a new secret into the vault and to the one who tries it, both round the circuit (ADR 0005), with the same
/// protections as every other secret.
/// </summary>
public static class RotationEndpoints
{
    /// <summary>Takes a new secret, or a signing key.</summary>
    public const string EntryPath = "/vault/rotation";

    /// <summary>Shows the new secret to whoever confirms it. Under <c>/reveal</c>, where the origin guard is strictest.</summary>
    public const string PendingPath = "/reveal/rotation";

    /// <summary>Where a webhook's receiver reports back, with the id of the order it was given.</summary>
    public const string ReportPath = "/hooks/rotations/{order}";

    private const int AboutLength = 1024;
    // Whoever tries it needs it long enough to type it; the glass hides it sooner.
    private const string RemainingMs = "120000";

    /// <summary>Maps both.</summary>
    public static void MapRotations(this WebApplication app)
    {
        app.MapPost(EntryPath, TakeAsync).RequireAuthorization().DisableAntiforgery();
        app.MapPost(PendingPath, ShowAsync).RequireAuthorization().DisableAntiforgery();
        // Who calls is no person and has no cookie: the signature says who it is. A browser's foreign Origin is still refused.
        app.MapPost(ReportPath, ReportAsync).AllowAnonymous().DisableAntiforgery();
    }

    private static async Task TakeAsync(HttpContext context, KeepRotations rotations, PlanRotation plans)
    {
        if (Who(context, "vault") is not { } person)
            return;
        var body = new byte[AboutLength + Credential.SecretLength + 1];
        try
        {
            var length = await context.Request.Body.ReadAtLeastAsync(body, body.Length, throwOnEndOfStream: false, context.RequestAborted);
            if (length == body.Length)
            {
                await RefuseAsync(context, "Not kept", VaultRefusals.SecretMissing);
                return;
            }

            var kept = Read(body.AsSpan(0, length), out var secret) switch
            {
                // The use cases wipe the bytes, whatever comes of them.
                { Rotation: { } rotation } => await rotations.EnterAsync(person, new RotationId(rotation), secret, context.RequestAborted),
                { KeyOf: { } credential } => await plans.ChangeKeyAsync(person, new CredentialId(credential), secret, context.RequestAborted),
                _ => (Result<Done>?)null,
            };
            if (kept is null)
                context.Response.StatusCode = StatusCodes.Status400BadRequest;
            else if (kept.Value.Refusal is { } refusal)
                await RefuseAsync(context, "Not kept", refusal);
            else
                await context.Response.WriteAsJsonAsync(new { }, context.RequestAborted);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(body);
        }
    }

    private static async Task ShowAsync(HttpContext context, PendingAsked asked, KeepRotations rotations)
    {
        if (Who(context, "glass") is not { } person)
            return;
        var shown = await rotations.ShowPendingAsync(person, new RotationId(asked.Rotation), context.RequestAborted);
        if (shown.IsRefused)
        {
            await RefuseAsync(context, "Not shown", shown.Refusal);
            return;
        }

        try
        {
            context.Response.ContentType = "application/octet-stream";
            context.Response.Headers["X-AccessHive-Remaining-Ms"] = RemainingMs;
            context.Response.ContentLength = shown.Value.Length;
            await context.Response.Body.WriteAsync(shown.Value, context.RequestAborted);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(shown.Value);
        }
    }

    private static async Task ReportAsync(HttpContext context, string order, TakeReport reports)
    {
        var body = new byte[TakeReport.Longest + 1];
        var length = await context.Request.Body.ReadAtLeastAsync(body, body.Length, throwOnEndOfStream: false, context.RequestAborted);
        var isTaken = length < body.Length && await reports.HandleAsync(
            order, context.Request.Headers[WebhookSignature.TimestampHeader], context.Request.Headers[WebhookSignature.SignatureHeader], body.AsMemory(0, length), context.RequestAborted);
        // One answer for everything that is wrong: it tells a stranger nothing.
        context.Response.StatusCode = isTaken ? StatusCodes.Status204NoContent : StatusCodes.Status401Unauthorized;
    }

    private static PersonId? Who(HttpContext context, string from)
    {
        context.Response.Headers.CacheControl = "no-store";
        if (context.Request.Headers["X-AccessHive"] == from && context.User.PersonOf() is { } person)
            return person;
        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        return null;
    }

    private static RotationSecretEntered? Read(ReadOnlySpan<byte> body, out byte[] secret)
    {
        secret = [];
        var end = body.IndexOf((byte)'\n');
        if (end < 0)
            return null;
        try
        {
            if (JsonSerializer.Deserialize<RotationSecretEntered>(body[..end], JsonSerializerOptions.Web) is not { } about)
                return null;
            secret = body[(end + 1)..].ToArray();
            return about;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static Task RefuseAsync(HttpContext context, string title, Refusal refusal)
    {
        context.Response.StatusCode = StatusCodes.Status409Conflict;
        return context.Response.WriteAsJsonAsync(new { code = refusal.Code, title, detail = RefusalWords.For(refusal) });
    }
}
