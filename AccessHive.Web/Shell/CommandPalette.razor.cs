using AccessHive.Core.Vault.UseCases;
using AccessHive.Web.Features.Shared;
using Fluxor;
using Fluxor.Blazor.Web.Components;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.JSInterop;

namespace AccessHive.Web.Shell;

/// <summary>Anywhere from anywhere, by keyboard: a page, an identity, or – for those who may – straight to breaking the glass.</summary>
public sealed partial class CommandPalette : FluxorComponent
{
    private const int MostCharacters = 100;
    private const int MostIdentities = 6;

    private static readonly (string Words, string Href)[] Pages =
    [
        ("Home", ""), ("Identities", "identities"), ("Inbox", "inbox"), ("Sessions", "sessions"), ("Audit trail", "audit"), ("Audit trail: emergencies only", "audit?emergency=1"),
        ("People", "people"), ("Settings: Emergency Access", "settings/emergency-access"), ("Settings: This browser", "settings/browser"),
    ];

    private ElementReference dialog;
    private IJSObjectReference? module;
    private IJSObjectReference? shortcut;
    private DotNetObjectReference<CommandPalette>? self;
    private IReadOnlyList<PaletteOption> options = [];
    private string text = "";
    private int marked;
    private int asked;
    private bool open;

    [Inject]
    private IState<MeState> Me { get; set; } = default!;

    [Inject]
    private IdentityQueries Identities { get; set; } = default!;

    [Inject]
    private IDispatcher Dispatcher { get; set; } = default!;

    [Inject]
    private NavigationManager Navigation { get; set; } = default!;

    [Inject]
    private IJSRuntime Js { get; set; } = default!;

    /// <summary>Ctrl K or ⌘ K was pressed.</summary>
    [JSInvokable("OnPalette")]
    public Task PressedAsync() => InvokeAsync(() => open ? CloseAsync() : OpenAsync());

    /// <inheritdoc/>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!firstRender)
            return;
        self = DotNetObjectReference.Create(this);
        module = await Js.InvokeAsync<IJSObjectReference>("import", "./js/keys.js");
        shortcut = await module.InvokeAsync<IJSObjectReference>("onCommand", "k", self, "OnPalette");
    }

    /// <inheritdoc/>
    protected override async ValueTask DisposeAsyncCore(bool disposing)
    {
        await base.DisposeAsyncCore(disposing);
        try
        {
            if (shortcut is not null)
            {
                await shortcut.InvokeVoidAsync("stop");
                await shortcut.DisposeAsync();
            }

            if (module is not null)
                await module.DisposeAsync();
        }
        catch (JSDisconnectedException)
        {
            // The page is gone, and its keys with it.
        }

        self?.Dispose();
    }

    private async Task OpenAsync()
    {
        if (!Me.Value.IsLoaded || module is null)
            return;
        (text, open) = ("", true);
        await FindAsync();
        StateHasChanged();
        await module.InvokeVoidAsync("showDialog", dialog);
    }

    private async Task CloseAsync()
    {
        if (open)
            await module!.InvokeVoidAsync("closeDialog", dialog);
    }

    // However it was closed: by us, by Escape, by the browser.
    private void Closed() => (open, options) = (false, []);

    private Task TypedAsync(ChangeEventArgs typed)
    {
        var words = typed.Value as string ?? "";
        text = words.Length > MostCharacters ? words[..MostCharacters] : words;
        return FindAsync();
    }

    // Of searches under way, the last one asked for counts.
    private async Task FindAsync()
    {
        var mine = ++asked;
        var wanted = text.Trim();
        var pages = Pages.Where(p => p.Words.Contains(wanted, StringComparison.OrdinalIgnoreCase)).Select(p => new PaletteOption("Pages", p.Words, "", () => Navigation.NavigateTo(p.Href)));
        var (name, urgent) = Name(wanted);
        var rows = name.Length == 0 ? [] : (await Identities.ListAsync(new IdentityFilter(name))).Rows.Take(MostIdentities).ToList();
        if (mine != asked)
            return;
        var identities = rows.Select(i => new PaletteOption("Identities", i.Name, i.Client, () => Navigation.NavigateTo($"identities/{i.Id}")));
        var emergencies = rows.Where(_ => Me.Value.IsEligible).Select(i =>
            new PaletteOption("Break the glass", $"Emergency access: {i.Name}", i.Client, () => Dispatcher.Dispatch(new EmergencyAccessWanted(i.Id, null)), Emergency: true));
        options = urgent ? [.. emergencies, .. identities, .. pages] : [.. identities, .. emergencies, .. pages];
        marked = 0;
    }

    // "emergency access: bergmann", or only its beginning: whoever types that wants to break the glass.
    private static (string Name, bool Urgent) Name(string wanted)
    {
        string[] words = wanted.Split([' ', ':'], StringSplitOptions.RemoveEmptyEntries);
        if (words is not [var first, .. var rest] || !first.StartsWith("emerg", StringComparison.OrdinalIgnoreCase))
            return (wanted, false);
        return (string.Join(' ', rest.SkipWhile(w => w.Equals("access", StringComparison.OrdinalIgnoreCase))), true);
    }

    private async Task KeyAsync(KeyboardEventArgs key)
    {
        switch (key.Key)
        {
            case "ArrowDown" when options.Count > 0:
                marked = (marked + 1) % options.Count;
                break;
            case "ArrowUp" when options.Count > 0:
                marked = (marked + options.Count - 1) % options.Count;
                break;
            case "Enter" when marked < options.Count && !key.Repeat:
                await GoAsync(options[marked]);
                break;
        }
    }

    private async Task GoAsync(PaletteOption option)
    {
        await CloseAsync();
        option.Choose();
    }

    private sealed record PaletteOption(string Group, string Words, string Detail, Action Choose, bool Emergency = false);
}
