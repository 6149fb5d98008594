using System.Globalization;
using System.Text.Json.Serialization;
using AccessHive.Core.Kernel;
using AccessHive.Core.Sessions;
using AccessHive.Core.Sessions.UseCases;
using AccessHive.Core.Vault;
using AccessHive.Web.Features.Shared;
using AccessHive.Web.Security;

namespace AccessHive.Web.Features.Sessions;

/// <summary>What the glass asks for.</summary>
/// <param name="Session">The session.</param>
/// <param name="Copy">Into the clipboard instead of onto the glass.</param>
/// <param name="Download">Into a file instead of onto the glass.</param>
/// <param name="Field">What of the credential; its main secret, if nothing is said.</param>
public sealed record RevealAsked(
    Guid Session, bool Copy, bool Download = false, [property: JsonConverter(typeof(JsonStringEnumConverter<FieldKind>))] FieldKind Field = FieldKind.Secret);

/// <summary>
/// The way of a secret to the glass: one POST, the bytes and nothing else, round the render tree and round the circuit –
/// whose buffers would keep it for a page that reconnects (ADR 0005).
/// </summary>
public static class RevealEndpoint
{
    /// <summary>Maps it. The origin guard stands before it, and only the glass sends its header.</summary>
    public static void MapReveal(this WebApplication app)
        => app.MapPost("/reveal", AnswerAsync).RequireAuthorization().DisableAntiforgery();

    private static async Task AnswerAsync(HttpContext context, RevealAsked asked, RevealCredentialHandler reveal)
    {
        context.Response.Headers.CacheControl = "no-store";
        if (context.Request.Headers["X-AccessHive"] != "glass" || context.User.PersonOf() is not { } person)
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return;
        }

        var mode = asked.Download ? RevealMode.Downloaded : asked.Copy ? RevealMode.Copied : RevealMode.Shown;
        var result = await reveal.HandleAsync(person, new RevealCredential(new SessionId(asked.Session), mode, asked.Field), context.RequestAborted);
        if (result.IsRefused)
        {
            context.Response.StatusCode = StatusCodes.Status409Conflict;
            await context.Response.WriteAsJsonAsync(new { code = result.Refusal.Code, title = "Not shown", detail = RefusalWords.For(result.Refusal) });
            return;
        }

        using var secret = result.Value;
        context.Response.ContentType = "application/octet-stream";
        context.Response.Headers["X-AccessHive-Remaining-Ms"] = ((long)secret.Remaining.TotalMilliseconds).ToString(CultureInfo.InvariantCulture);
        if (secret.ValidFor is { } valid)
            context.Response.Headers["X-AccessHive-Valid-Ms"] = ((long)valid.TotalMilliseconds).ToString(CultureInfo.InvariantCulture);
        if (secret.Codes is { } codes)
            context.Response.Headers["X-AccessHive-Note"] = string.Create(CultureInfo.InvariantCulture, $"{codes.Left} of {codes.Total} left. This one is never shown again.");
        context.Response.ContentLength = secret.Bytes.Length;
        await context.Response.Body.WriteAsync(secret.Bytes, context.RequestAborted);
    }
}
