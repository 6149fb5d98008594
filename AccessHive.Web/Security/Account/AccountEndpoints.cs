using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;

namespace AccessHive.Web.Security;

/// <summary>What the shell needs besides pages: signing out, and saying that somebody is still here.</summary>
public static class AccountEndpoints
{
    /// <summary>Maps them.</summary>
    public static void MapAccount(this WebApplication app)
    {
        app.MapPost("/account/sign-out", async (HttpContext context, CircuitRegistry circuits) =>
        {
            await context.SignOutAsync(IdentityConstants.ApplicationScheme);
            // Once the answer is out: the page that asked is on its way already.
            if (context.User.SignInOf() is { } signIn)
                context.Response.OnCompleted(() =>
                {
                    circuits.AbortSignIn(signIn);
                    return Task.CompletedTask;
                });
            return Results.Redirect("/account/sign-in");
        }).DisableAntiforgery();

        // The cookie slides on requests, and a circuit makes none.
        app.MapPost("/account/here", () => Results.NoContent()).RequireAuthorization().DisableAntiforgery();
    }
}
