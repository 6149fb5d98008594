using Microsoft.AspNetCore.Components;

namespace AccessHive.Web.Features.Shared;

/// <summary>
/// Something that is pressed: it acts once at a time. A press is over when its outcome is on the screen – a component
/// hears <see cref="OnAfterRender"/> when the browser has shown what was rendered –, because the second half of a double
/// click is on its way while a quick action is done already.
/// </summary>
public abstract class ActsOnce : ComponentBase
{
    private bool isDone;

    /// <summary>Whether it is acting.</summary>
    protected bool IsActing { get; private set; }

    /// <summary>Acts, unless it is acting already.</summary>
    protected async Task ActOnceAsync(EventCallback action)
    {
        if (IsActing)
            return;
        IsActing = true;
        try
        {
            await action.InvokeAsync();
        }
        finally
        {
            isDone = true;
        }
    }

    /// <inheritdoc/>
    protected override void OnAfterRender(bool firstRender)
    {
        if (!isDone)
            return;
        IsActing = isDone = false;
        StateHasChanged();
    }
}
