using System.Globalization;
using System.Security.Claims;
using AccessHive.Core.Agency;
using AccessHive.Core.Agency.UseCases;
using AccessHive.Core.Kernel;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Identity;
using NodaTime;
using NodaTime.Text;

namespace AccessHive.Web.Security;

/// <summary>What a sign-in cookie says: who, in which epoch, in which sign-in, since when. Never what they may do.</summary>
public static class SignInClaims
{
    private const string Epoch = "ah:epoch";
    private const string Sign = "ah:sign-in";
    private const string Since = "ah:since";

    /// <summary>How long a sign-in lasts at most, however busy.</summary>
    public static Duration Longest { get; } = Duration.FromHours(10);

    /// <summary>The principal of a new sign-in.</summary>
    public static ClaimsPrincipal For(Person person, Instant now) => new(new ClaimsIdentity(
        [
            new(ClaimTypes.NameIdentifier, person.Id.ToString()),
            new(Epoch, person.SignInEpoch.ToString(CultureInfo.InvariantCulture)),
            new(Sign, Guid.CreateVersion7().ToString("n")),
            new(Since, InstantPattern.ExtendedIso.Format(now)),
        ],
        IdentityConstants.ApplicationScheme));

    /// <summary>Who signed in; nobody, if this isn't a sign-in of ours.</summary>
    public static PersonId? PersonOf(this ClaimsPrincipal? principal)
        => principal?.Identity?.IsAuthenticated == true && Guid.TryParse(principal.FindFirstValue(ClaimTypes.NameIdentifier), out var id) ? new PersonId(id) : null;

    /// <summary>Which sign-in it is, so that signing out ends the pages it opened and no others.</summary>
    public static string? SignInOf(this ClaimsPrincipal? principal) => principal?.FindFirstValue(Sign);

    /// <summary>Whether the sign-in still counts for this person now.</summary>
    public static bool IsStillGood(ClaimsPrincipal principal, Person person, Instant now)
        => principal.FindFirstValue(Epoch) == person.SignInEpoch.ToString(CultureInfo.InvariantCulture)
            && InstantPattern.ExtendedIso.Parse(principal.FindFirstValue(Since) ?? "") is { Success: true, Value: var since }
            && now - since < Longest;
}

/// <summary>Asks at each request whether the person behind the cookie may still come in.</summary>
public sealed class SignInCheck(SignIns signIns, HiveClock clock)
{
    /// <summary>Rejects and clears a cookie that no longer counts.</summary>
    public async Task CheckAsync(CookieValidatePrincipalContext context)
    {
        var person = context.Principal.PersonOf() is { } id ? await signIns.FreshAsync(id, context.HttpContext.RequestAborted) : null;
        if (person is not null && SignInClaims.IsStillGood(context.Principal!, person, clock.Now))
            return;
        context.RejectPrincipal();
        await context.HttpContext.SignOutAsync(IdentityConstants.ApplicationScheme);
    }
}
