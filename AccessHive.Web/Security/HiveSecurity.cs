using System.Threading.RateLimiting;
using AccessHive.Core.Storage;
using AccessHive.Web.Start;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace AccessHive.Web.Security;

/// <summary>Who comes in, and what no answer goes out without.</summary>
public static class HiveSecurity
{
    /// <summary>The rate limit of the sign-in page, per address: guessing is slowed there, and nobody is locked out.</summary>
    public const string SignInLimit = "sign-in";

    private const int SignInsPerMinute = 30;
    private const int PasswordIterations = 220_000;

    /// <summary>Sign-in, keys, limits.</summary>
    public static void AddHiveSecurity(this IServiceCollection services, StartOptions options)
    {
        services.AddDataProtection().SetApplicationName("AccessHive").PersistKeysToDbContext<HiveContext>();
        services.AddSingleton<IConfigureOptions<KeyManagementOptions>, SealedKeyRing>();
        services.Configure<PasswordHasherOptions>(o => o.IterationCount = PasswordIterations);
        services.AddIdentityCore<SignInAccount>(o => o.User.RequireUniqueEmail = false)
            .AddEntityFrameworkStores<HiveContext>()
            .AddSignInManager();
        services.AddAuthentication(IdentityConstants.ApplicationScheme).AddCookie(IdentityConstants.ApplicationScheme, cookie => Cookie(cookie, options));
        services.AddAuthorizationBuilder().SetFallbackPolicy(null);
        services.AddCascadingAuthenticationState();
        services.AddHttpContextAccessor();
        services.AddAntiforgery(o => o.Cookie.SameSite = SameSiteMode.Strict);
        services.AddHsts(o => o.MaxAge = TimeSpan.FromDays(365));
        services.AddSingleton<CircuitRegistry>().AddSingleton<SignInCheck>();
        services.AddRateLimiter(limits =>
        {
            limits.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
            limits.AddPolicy(SignInLimit, context => !HttpMethods.IsPost(context.Request.Method)
                ? RateLimitPartition.GetNoLimiter("reading")
                : RateLimitPartition.GetFixedWindowLimiter(
                    context.Connection.RemoteIpAddress?.ToString() ?? "unknown",
                    _ => new FixedWindowRateLimiterOptions { PermitLimit = SignInsPerMinute, Window = TimeSpan.FromMinutes(1) }));
        });
    }

    /// <summary>Headers, origin, sign-in, limits – in this order.</summary>
    public static void UseHiveSecurity(this WebApplication app)
    {
        if (!app.Environment.IsDevelopment())
            app.UseHsts();
        app.UseMiddleware<Headers>();
        app.UseMiddleware<OriginGuard>();
        app.UseAuthentication();
        app.UseMiddleware<CircuitGuard>();
        app.UseAuthorization();
        app.UseRateLimiter();
        app.UseAntiforgery();
    }

    private static void Cookie(CookieAuthenticationOptions cookie, StartOptions options)
    {
        var https = options.Url.StartsWith("https:", StringComparison.OrdinalIgnoreCase);
        cookie.Cookie.Name = https ? "__Host-AccessHive" : "AccessHive";
        cookie.Cookie.SecurePolicy = https ? CookieSecurePolicy.Always : CookieSecurePolicy.SameAsRequest;
        cookie.Cookie.SameSite = SameSiteMode.Strict;
        cookie.Cookie.HttpOnly = true;
        cookie.ExpireTimeSpan = TimeSpan.FromMinutes(30);
        cookie.SlidingExpiration = true;
        cookie.LoginPath = "/account/sign-in";
        cookie.AccessDeniedPath = "/account/sign-in";
        cookie.ReturnUrlParameter = "returnUrl";
        cookie.Events.OnValidatePrincipal = context => context.HttpContext.RequestServices.GetRequiredService<SignInCheck>().CheckAsync(context);
        cookie.Events.OnRedirectToLogin = context => AnswerAsync(context, StatusCodes.Status401Unauthorized);
        cookie.Events.OnRedirectToAccessDenied = context => AnswerAsync(context, StatusCodes.Status403Forbidden);
    }

    // A program or the glass gets a number, a person gets the sign-in page.
    private static Task AnswerAsync(RedirectContext<CookieAuthenticationOptions> context, int status)
    {
        if (context.Request.Headers.ContainsKey("X-AccessHive") || context.Request.Path.StartsWithSegments("/hubs", StringComparison.OrdinalIgnoreCase) || context.Request.Path.StartsWithSegments("/_blazor", StringComparison.OrdinalIgnoreCase))
            context.Response.StatusCode = status;
        else
            context.Response.Redirect(context.RedirectUri);
        return Task.CompletedTask;
    }
}
