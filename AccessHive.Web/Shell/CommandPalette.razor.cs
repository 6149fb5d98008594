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
        ("Home", ""), ("Identities", "identities"), ("Inbox", "inbox"), ("Sessions", "sessions"), ("Cases", "cases"), ("Audit trail", "audit"), ("Audit trail: emergencies only", "audit?emergency=1"),
        ("People", "people"), ("Settings: Emergency Access", "settings/emergency-access"), ("Settings: Approval Policies", "settings/approvals"), ("Settings: This browser", "settings/browser"),
        ("Help: something went wrong", "troubleshooting"),
    ];

    private ElementReference dialog;
    private Script keys = default!;
    private DotNetObjectReference<CommandPalette>? self;
    private IReadOnlyList<PaletteOption> options = [];
    private string text = "";
    private int marked;
    private int asked;
    private bool open;
    private bool opening;

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
    protected override void OnInitialized()
    {
        base.OnInitialized();
        keys = new Script(Js, "keys");
    }

    /// <inheritdoc/>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (opening)
        {
            // Not before its content is on the page: the focus goes to what is there.
            opening = false;
            await keys.CallAsync("showDialog", dialog);
        }

        if (!firstRender)
            return;
        self = DotNetObjectReference.Create(this);
        await keys.AttachAsync("onCommand", "stop", "k", self, "OnPalette");
    }

    /// <inheritdoc/>
    protected override async ValueTask DisposeAsyncCore(bool disposing)
    {
        await base.DisposeAsyncCore(disposing);
        await keys.DisposeAsync();
        self?.Dispose();
    }

    private async Task OpenAsync()
    {
        if (!Me.Value.IsLoaded || !keys.IsAttached)
            return;
        text = "";
        await FindAsync();
        open = opening = true;
        StateHasChanged();
    }

    private async Task CloseAsync()
    {
        if (open)
            await keys.CallAsync("closeDialog", dialog);
    }

    // However it was closed: by us, by Escape, by the browser.
    private void Closed() => (open, options) = (false, []);

    private Task TypedAsync(string? typed)
    {
        text = typed is { Length: > MostCharacters } ? typed[..MostCharacters] : typed ?? "";
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
