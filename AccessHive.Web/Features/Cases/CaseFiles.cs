using System.Globalization;
using AccessHive.Core.Audit.UseCases;
using AccessHive.Core.Cases.UseCases;
using AccessHive.Core.Kernel;
using AccessHive.Web.Features.Shared;
using AccessHive.Web.Security;

namespace AccessHive.Web.Features.Cases;

/// <summary>A case as a file: what is known of it, its entries and their proofs. It is asked for by a form and by no link: what follows links by itself must not write entries into the trail.</summary>
public static class CaseFiles
{
    /// <summary>Where the file of this case is asked for.</summary>
    public static string PathOf(CaseId id) => $"cases/{id}/file";

    /// <summary>Maps it. The origin guard stands before what is posted.</summary>
    public static void MapCaseFiles(this WebApplication app)
        => app.MapPost("/cases/{id:guid}/file", WriteAsync).RequireAuthorization().DisableAntiforgery();

    private static async Task WriteAsync(Guid id, HttpContext context, ExportCase export, CaseEvidence evidence)
    {
        context.Response.Headers.CacheControl = "no-store";
        if (context.User.PersonOf() is not { } person)
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return;
        }

        var written = await export.WriteAsync(person, new CaseId(id), context.RequestAborted);
        if (written.IsRefused)
        {
            context.Response.StatusCode = StatusCodes.Status409Conflict;
            await context.Response.WriteAsJsonAsync(new { code = written.Refusal.Code, title = "Refused", detail = RefusalWords.For(written.Refusal) }, context.RequestAborted);
            return;
        }

        var bundle = await evidence.WriteAsync(new CaseId(id), written.Value.Json, context.RequestAborted);
        context.Response.ContentType = "application/zip";
        context.Response.Headers.ContentDisposition = string.Create(CultureInfo.InvariantCulture, $"attachment; filename=\"accesshive-case-{written.Value.Number}.zip\"");
        await context.Response.Body.WriteAsync(bundle, context.RequestAborted);
    }
}
