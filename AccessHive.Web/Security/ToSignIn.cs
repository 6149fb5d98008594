using Microsoft.AspNetCore.Components;

namespace AccessHive.Web.Security;

/// <summary>Sends whoever isn't signed in to the sign-in page, and back afterwards.</summary>
public sealed class ToSignIn : ComponentBase
{
    [Inject]
    private NavigationManager Navigation { get; set; } = default!;

    /// <inheritdoc/>
    protected override void OnInitialized()
    {
        var wanted = Navigation.ToBaseRelativePath(Navigation.Uri);
        var back = wanted.Length == 0 ? "" : $"?returnUrl={Uri.EscapeDataString("/" + wanted)}";
        Navigation.NavigateTo($"account/sign-in{back}", forceLoad: true);
    }
}
