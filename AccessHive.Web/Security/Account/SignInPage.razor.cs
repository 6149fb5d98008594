using AccessHive.Core.Agency.UseCases;
using AccessHive.Core.Kernel;
using AccessHive.Core.Storage;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Identity;

namespace AccessHive.Web.Security.Account;

/// <summary>What is typed to sign in.</summary>
public sealed class SignInForm
{
    /// <summary>The address.</summary>
    public string? Email { get; set; }

    /// <summary>The password.</summary>
    public string? Password { get; set; }

    /// <summary>Where to go afterwards; inside this site only.</summary>
    public string? ReturnUrl { get; set; }
}

/// <summary>The sign-in page: plain HTML, so that it works before any circuit does.</summary>
public sealed partial class SignInPage
{
    private string agency = "";
    private bool demo;
    private bool wrong;

    [Inject]
    private SignIns SignIns { get; set; } = default!;

    [Inject]
    private Whoami Whoami { get; set; } = default!;

    [Inject]
    private UserManager<SignInAccount> Accounts { get; set; } = default!;

    [Inject]
    private HiveClock Clock { get; set; } = default!;

    [Inject]
    private NavigationManager Navigation { get; set; } = default!;

    [CascadingParameter]
    private HttpContext HttpContext { get; set; } = default!;

    [SupplyParameterFromForm]
    private SignInForm? Form { get; set; }

    [SupplyParameterFromQuery(Name = "returnUrl")]
    private string? ReturnUrl { get; set; }

    /// <inheritdoc/>
    protected override async Task OnInitializedAsync()
    {
        Form ??= new SignInForm();
        ReturnUrl = Form.ReturnUrl ?? ReturnUrl;
        if (await Whoami.AgencyAsync(HttpContext.RequestAborted) is { } known)
            (agency, demo) = known;
    }

    private async Task SubmitAsync()
    {
        if (await SignIns.FindAsync(Form!.Email ?? "", HttpContext.RequestAborted) is not { } id)
        {
            // As slow as a wrong password, so that the time does not say who works here.
            Accounts.PasswordHasher.HashPassword(new SignInAccount(), Form.Password ?? "");
            wrong = true;
            return;
        }

        var account = await Accounts.FindByIdAsync(id.ToString());
        if (account is null || !await Accounts.CheckPasswordAsync(account, Form.Password ?? ""))
        {
            await SignIns.FailedAsync(id, HttpContext.RequestAborted);
            wrong = true;
            return;
        }

        var person = await SignIns.FreshAsync(id, HttpContext.RequestAborted);
        await SignIns.SignedInAsync(id, HttpContext.RequestAborted);
        await HttpContext.SignInAsync(IdentityConstants.ApplicationScheme, SignInClaims.For(person!, Clock.Now));
        Navigation.NavigateTo(Local(ReturnUrl));
    }

    // "/x" is ours; "//x", "/\x" and anything with a scheme leads elsewhere.
    private static string Local(string? url)
        => url is ['/', not ('/' or '\\'), ..] && !url.Contains('\\', StringComparison.Ordinal) ? url : "/";
}
