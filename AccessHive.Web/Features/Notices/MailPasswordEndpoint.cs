using System.Security.Cryptography;
using AccessHive.Core.Kernel;
using AccessHive.Core.Notices;
using AccessHive.Core.Notices.UseCases;
using AccessHive.Web.Features.Shared;
using AccessHive.Web.Security;

namespace AccessHive.Web.Features.Notices;

/// <summary>
/// The way of the mail server's password into the house: one POST of a line of JSON and the bytes, round the circuit, as the
/// vault's secrets come in. Nothing gives it back.
/// </summary>
public static class MailPasswordEndpoint
{
    /// <summary>Where it is.</summary>
    public const string Path = "/settings/notices/password";

    private const int AboutLength = 256;

    /// <summary>Maps it. The origin guard stands before it, and only <c>enter.js</c> sends its header.</summary>
    public static void MapMailPassword(this WebApplication app) => app.MapPost(Path, AnswerAsync).RequireAuthorization().DisableAntiforgery();

    private static async Task AnswerAsync(HttpContext context, KeepNoticeSettings keep)
    {
        context.Response.Headers.CacheControl = "no-store";
        if (context.Request.Headers["X-AccessHive"] != "vault" || context.User.PersonOf() is not { } person)
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return;
        }

        var body = new byte[AboutLength + MailServer.PasswordLength + 1];
        try
        {
            var length = await context.Request.Body.ReadAtLeastAsync(body, body.Length, throwOnEndOfStream: false, context.RequestAborted);
            var end = body.AsSpan(0, length).IndexOf((byte)'\n');
            if (end < 0)
                context.Response.StatusCode = StatusCodes.Status400BadRequest;
            else
                await KeepAsync(context, keep, person, length == body.Length ? [] : body[(end + 1)..length]);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(body);
        }
    }

    // The use case wipes the bytes, whatever comes of them.
    private static async Task KeepAsync(HttpContext context, KeepNoticeSettings keep, PersonId person, byte[] password)
    {
        var kept = await keep.EnterPasswordAsync(person, password, context.RequestAborted);
        if (!kept.IsRefused)
        {
            await context.Response.WriteAsJsonAsync(new { id = (Guid?)null }, context.RequestAborted);
            return;
        }

        context.Response.StatusCode = StatusCodes.Status409Conflict;
        await context.Response.WriteAsJsonAsync(new { code = kept.Refusal.Code, title = "Not kept", detail = RefusalWords.For(kept.Refusal) });
    }
}
