namespace AccessHive.Web.Security;

/// <summary>
/// Lets only our own pages open circuits, hubs and the glass, and change anything. Measured on a stock template: a
/// WebSocket to /_blazor with a foreign Origin is accepted.
/// </summary>
public sealed class OriginGuard(RequestDelegate next)
{
    /// <summary>Refuses with 403 what comes from elsewhere.</summary>
    public Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        if (IsGuarded(request) && !IsOurs(request))
            return RefuseAsync(context, StatusCodes.Status403Forbidden);
        return IsCircuitWithoutSocket(context) ? RefuseAsync(context, StatusCodes.Status400BadRequest) : next(context);
    }

    private static bool IsGuarded(HttpRequest request)
        => Under(request, "/_blazor") || Under(request, "/hubs") || Under(request, "/reveal")
            || !(HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || HttpMethods.IsOptions(request.Method));

    // Browsers send Origin with every WebSocket and every POST. A program that sends none has no cookies of ours either
    // way; it is let through to sign-in, which refuses it, but never to a secret.
    private static bool IsOurs(HttpRequest request)
    {
        var origin = request.Headers.Origin.ToString();
        if (origin.Length == 0)
            return !Under(request, "/reveal");
        return string.Equals(origin, $"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase);
    }

    private static bool Under(HttpRequest request, string path) => request.Path.StartsWithSegments(path, StringComparison.OrdinalIgnoreCase);

    // WebSockets only: no long polling, no server-sent events.
    private static bool IsCircuitWithoutSocket(HttpContext context)
        => string.Equals(context.Request.Path.Value?.TrimEnd('/'), "/_blazor", StringComparison.OrdinalIgnoreCase)
            && !HttpMethods.IsConnect(context.Request.Method)
            && !string.Equals(context.Request.Headers.Upgrade, "websocket", StringComparison.OrdinalIgnoreCase);

    private static Task RefuseAsync(HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    }
}

/// <summary>
/// A circuit belongs to somebody who is signed in. Whoever isn't any more – disabled a moment ago, signed out in another
/// tab – gets no connection back to a circuit that is still kept for them; the page reloads and meets the sign-in page.
/// </summary>
public sealed class CircuitGuard(RequestDelegate next)
{
    /// <summary>Refuses with 401 whoever isn't signed in. Stands behind authentication.</summary>
    public Task InvokeAsync(HttpContext context)
    {
        if (!IsCircuit(context.Request.Path) || context.User.PersonOf() is not null)
            return next(context);
        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        return Task.CompletedTask;
    }

    private static bool IsCircuit(PathString path)
        => path.StartsWithSegments("/_blazor", StringComparison.OrdinalIgnoreCase, out var rest)
            && (rest.Value is null or "" or "/" || rest.StartsWithSegments("/negotiate", StringComparison.OrdinalIgnoreCase));
}

/// <summary>What no answer goes out without.</summary>
public sealed class Headers(RequestDelegate next)
{
    // Inline styles are MudBlazor's; scripts come from here and nowhere else.
    private const string Policy =
        "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; " +
        "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'";

    /// <summary>Adds them at the last moment: an incident clears what was set before, and would go out bare.</summary>
    public Task InvokeAsync(HttpContext context)
    {
        context.Response.OnStarting(Add, context);
        return next(context);
    }

    private static Task Add(object state)
    {
        var headers = ((HttpContext)state).Response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=(), usb=()";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        return Task.CompletedTask;
    }
}
