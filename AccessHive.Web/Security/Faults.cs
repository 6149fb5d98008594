using System.Security.Cryptography;
using Microsoft.AspNetCore.Diagnostics;

namespace AccessHive.Web.Security;

/// <summary>Something broke: an incident number for the person, the details with that number in the log, once.</summary>
public static partial class Faults
{
    /// <summary>A new incident number, short enough to read out.</summary>
    public static string NewNumber() => $"AH-{Convert.ToHexString(RandomNumberGenerator.GetBytes(4))}";

    /// <summary>Logs a fault under a new number.</summary>
    public static string Note(ILogger log, Exception fault)
    {
        var number = NewNumber();
        LogFault(log, fault, number);
        return number;
    }

    /// <summary>Answers faults outside circuits, and addresses that lead nowhere.</summary>
    public static void UseFaults(this WebApplication app)
    {
        app.UseExceptionHandler(handler => handler.Run(async context =>
        {
            var fault = context.Features.Get<IExceptionHandlerFeature>()?.Error;
            var log = context.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger("AccessHive.Faults");
            var number = fault is null ? NewNumber() : Note(log, fault);
            context.Response.StatusCode = StatusCodes.Status500InternalServerError;
            context.Response.ContentType = "text/html; charset=utf-8";
            await context.Response.WriteAsync(Page(number));
        }));
        // A person who asks for a page gets one; a program or a missing picture gets the number alone. Not in a branch of
        // the pipeline: WebApplication routes no second time there, and the page would not be found either.
        app.UseStatusCodePagesWithReExecute("/not-found", createScopeForStatusCodePages: true);
        app.Use(async (context, next) =>
        {
            await next(context);
            if (!WantsPage(context.Request) || context.Response.StatusCode != StatusCodes.Status404NotFound)
                context.Features.Get<IStatusCodePagesFeature>()!.Enabled = false;
        });
    }

    private static bool WantsPage(HttpRequest request)
        => HttpMethods.IsGet(request.Method) && request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);

    private static string Page(string number) => $"""
        <!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
        <title>Something broke – AccessHive</title><base href="/"><script src="js/theme.js"></script><link rel="stylesheet" href="css/app.css"></head>
        <body><main class="ah-auth"><div class="ah-auth-card"><h1>Something broke on our side</h1>
        <p>Nothing was changed by what you did. If you report it, this number finds it: <span class="ah-code">{number}</span></p>
        <a class="ah-btn is-primary" href="/">Try again</a></div></main></body></html>
        """;

    [LoggerMessage(Level = LogLevel.Error, Message = "Incident {Number}")]
    private static partial void LogFault(ILogger log, Exception fault, string number);
}
