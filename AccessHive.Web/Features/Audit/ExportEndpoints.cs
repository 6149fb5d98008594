using System.Globalization;
using AccessHive.Core.Audit.UseCases;
using AccessHive.Core.Kernel;
using AccessHive.Web.Features.Shared;
using AccessHive.Web.Security;

namespace AccessHive.Web.Features.Audit;

/// <summary>
/// The trail as a file. A page asks by POST with the ticket that shows how far it is; a program that follows asks by GET
/// for what is newer than what it has. Each is an entry of the trail, unless there is nothing to take.
/// </summary>
public static class ExportEndpoints
{
    /// <summary>Where exports are asked for.</summary>
    public const string Path = "/audit/export";

    /// <summary>The header that says after which entry to ask next.</summary>
    public const string NextHeader = "X-AccessHive-Next";

    /// <summary>The header that says how many entries there are.</summary>
    public const string EntriesHeader = "X-AccessHive-Entries";

    /// <summary>Maps them. The origin guard stands before what is posted.</summary>
    public static void MapTrailExports(this WebApplication app)
    {
        app.MapPost(Path, DownloadAsync).RequireAuthorization().DisableAntiforgery();
        app.MapGet(Path, FollowAsync).RequireAuthorization();
    }

    private static async Task DownloadAsync(HttpContext context, ExportTrail export, RunningExports running)
    {
        context.Response.Headers.CacheControl = "no-store";
        if (context.User.PersonOf() is not { } person)
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return;
        }

        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        if (!Guid.TryParse(form["ticket"], out var id) || running.Take(person, id) is not { } ticket)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        var how = ExportState.Stopped;
        try
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(ticket.Cancelled, context.RequestAborted);
            var begun = await export.BeginAsync(person, new ExportWish(form["format"].ToString(), ticket.Filter, Personal: form["personal"] == "true"), either.Token);
            if (begun.IsRefused)
            {
                ticket.End(ExportState.Refused, begun.Refusal);
                await RefuseAsync(context, begun.Refusal);
                return;
            }

            ticket.Begin(begun.Value);
            Announce(context, begun.Value, asFile: true);
            await export.WriteAsync(begun.Value, context.Response.Body, ticket, either.Token);
            how = ExportState.Done;
        }
        catch (Exception over) when (over is OperationCanceledException or IOException)
        {
            // What was sent is not the whole of it, and the browser has to see that.
            context.Abort();
        }
        finally
        {
            if (ticket.State != ExportState.Refused)
                ticket.End(how);
        }
    }

    private static async Task FollowAsync(HttpContext context, ExportTrail export, KeepFilters filters, HiveClock clock, string? filter, string? format, long? after, string? personal)
    {
        context.Response.Headers.CacheControl = "no-store";
        if (context.User.PersonOf() is not { } person)
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return;
        }

        // A link that is followed by accident asks for nothing.
        if (after is not { } cursor || cursor < 0)
        {
            await RefuseAsync(context, new Refusal("export-cursor-missing"), StatusCodes.Status400BadRequest);
            return;
        }

        var query = context.Request.QueryString.Value ?? "";
        if (!string.IsNullOrWhiteSpace(filter))
        {
            if (await filters.FindAsync(person, filter, context.RequestAborted) is not { } kept)
            {
                await RefuseAsync(context, Core.Audit.SavedFilterRefusals.NotFound, StatusCodes.Status404NotFound);
                return;
            }

            query = kept.Query;
        }

        var zone = new ReaderZone(clock);
        zone.Use(await filters.ZoneAsync(context.RequestAborted));
        var wish = new ExportWish(format ?? "jsonl", AuditQuery.ParseFilter(query).Filter(zone, clock.Now), cursor, personal != "0");
        var begun = await export.BeginAsync(person, wish, context.RequestAborted);
        if (begun.IsRefused)
        {
            await RefuseAsync(context, begun.Refusal);
            return;
        }

        Announce(context, begun.Value, asFile: false);
        try
        {
            await export.WriteAsync(begun.Value, context.Response.Body, null, context.RequestAborted);
        }
        catch (Exception over) when (over is OperationCanceledException or IOException)
        {
            context.Abort();
        }
    }

    private static void Announce(HttpContext context, BegunExport begun, bool asFile)
    {
        var headers = context.Response.Headers;
        context.Response.ContentType = begun.Format.MediaType;
        headers[NextHeader] = begun.Next.ToString(CultureInfo.InvariantCulture);
        headers[EntriesHeader] = begun.Entries.ToString(CultureInfo.InvariantCulture);
        if (asFile)
            headers.ContentDisposition = $"attachment; filename=\"accesshive-trail-{begun.Next.ToString(CultureInfo.InvariantCulture)}.{begun.Format.Extension}\"";
    }

    private static Task RefuseAsync(HttpContext context, Refusal refusal, int status = StatusCodes.Status409Conflict)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsJsonAsync(new { code = refusal.Code, title = "Refused", detail = RefusalWords.For(refusal) });
    }
}
