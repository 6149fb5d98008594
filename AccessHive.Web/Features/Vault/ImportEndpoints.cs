using System.Globalization;
using System.Text;
using AccessHive.Core.Kernel;
using AccessHive.Core.Vault;
using AccessHive.Core.Vault.UseCases;
using AccessHive.Web.Features.Shared;
using AccessHive.Web.Security;
using CsvHelper;

namespace AccessHive.Web.Features.Vault;

/// <summary>
/// The ways of whole files: a sheet comes in by one POST of its bytes, round the circuit like every secret; its report and
/// the list of identities go out as files.
/// </summary>
public static class ImportEndpoints
{
    /// <summary>Where a sheet is sent to.</summary>
    public const string UploadPath = "/vault/import";

    /// <summary>Where its report is.</summary>
    public const string ReportPath = "/identities/import/report";

    /// <summary>Where the list is asked for.</summary>
    public const string ExportPath = "/identities/export";

    private const int NameLength = 200;

    /// <summary>Maps them. The origin guard stands before what is posted.</summary>
    public static void MapVaultFiles(this WebApplication app)
    {
        app.MapPost(UploadPath, ReceiveAsync).RequireAuthorization().DisableAntiforgery();
        app.MapGet(ReportPath, ReportAsync).RequireAuthorization();
        app.MapPost(ExportPath, ExportAsync).RequireAuthorization().DisableAntiforgery();
    }

    private static async Task ReceiveAsync(HttpContext context, ImportIdentities import)
    {
        context.Response.Headers.CacheControl = "no-store";
        if (context.Request.Headers["X-AccessHive"] != "import" || context.User.PersonOf() is not { } person)
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return;
        }

        // Its length is known before its first byte: what is too long is not read at all, and one piece of memory holds the rest.
        if (context.Request.ContentLength is not { } length || length > ImportSheet.MostBytes)
        {
            await RefuseAsync(context, ImportRefusals.FileTooLarge);
            return;
        }

        var bytes = ImportSheet.Room((int)length);
        try
        {
            await context.Request.Body.ReadExactlyAsync(bytes, context.RequestAborted);
        }
        catch
        {
            bytes.AsSpan().Clear();
            throw;
        }

        var name = Uri.UnescapeDataString(context.Request.Headers["X-AccessHive-File"].ToString());
        var received = await import.ReceiveAsync(person, ListAddress.Cut(name, NameLength), bytes, context.RequestAborted);
        if (received.IsRefused)
            await RefuseAsync(context, received.Refusal);
        else
            await context.Response.WriteAsJsonAsync(new { id = received.Value.Id }, context.RequestAborted);
    }

    private static async Task ReportAsync(HttpContext context, ImportIdentities import, long file)
    {
        context.Response.Headers.CacheControl = "no-store";
        if (context.User.PersonOf() is not { } person || import.Report(person, file) is not { } report)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        AsFile(context, report.IsDryRun ? "accesshive-dry-run.csv" : "accesshive-import.csv");
        await using var text = new StreamWriter(context.Response.Body, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true), leaveOpen: true);
        await using var csv = new CsvWriter(text, ExportIdentities.SafeCsv(), leaveOpen: true);
        await LineAsync(csv, "Line", "Result", "Name", "Client", "Platform", "Credential", "Why", "Code");
        foreach (var line in report.Lines)
        {
            await LineAsync(
                csv, line.Line.ToString(CultureInfo.InvariantCulture), ImportWords.Name(line.Outcome, report.IsDryRun), line.Name, line.Client, line.Platform, line.Credential,
                line.Problem is null ? "" : RefusalWords.For(line.Problem), line.Problem?.Code ?? "");
        }
    }

    private static async Task ExportAsync(HttpContext context, ExportIdentities export)
    {
        context.Response.Headers.CacheControl = "no-store";
        if (context.User.PersonOf() is not { } person)
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return;
        }

        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        var filter = ListAddress.Read(form["q"], form["type"], form["client"], form["platform"], form["archived"], null).Filter;
        var written = await export.WriteAsync(person, filter, () =>
        {
            AsFile(context, "accesshive-identities.csv");
            return context.Response.Body;
        }, context.RequestAborted);
        if (written.IsRefused)
            await RefuseAsync(context, written.Refusal);
    }

    private static void AsFile(HttpContext context, string name)
    {
        context.Response.ContentType = "text/csv; charset=utf-8";
        context.Response.Headers.ContentDisposition = $"attachment; filename=\"{name}\"";
    }

    private static async Task LineAsync(CsvWriter csv, params string[] cells)
    {
        foreach (var cell in cells)
            csv.WriteField(cell);
        await csv.NextRecordAsync();
    }

    private static Task RefuseAsync(HttpContext context, Refusal refusal)
    {
        context.Response.StatusCode = StatusCodes.Status409Conflict;
        return context.Response.WriteAsJsonAsync(new { code = refusal.Code, title = "Refused", detail = RefusalWords.For(refusal) });
    }
}
