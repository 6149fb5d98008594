using AccessHive.Core.Kernel;
using AccessHive.Core.Live;
using AccessHive.Core.Notices;
using AccessHive.Core.Notices.UseCases;
using AccessHive.Web.Features.Shared;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace AccessHive.Web.Features.Notices;

/// <summary>The Notices card: read first, edited in place. The password goes its own way and is never in this component.</summary>
public sealed partial class MailCard : LivePage
{
    private Script text = default!;
    private MailPasswordField? password;
    private NoticeCard? card;
    private MailDraft? draft;

    // The card the draft was made on: its revision goes with the save, and moves on when a refused save has shown the newer one.
    private NoticeCard? basis;
    private IReadOnlyList<string> meanwhile = [];
    private Refusal? refusal;
    private string told = "";
    private bool toldWell;
    private bool saving;
    private string? focus;

    [Inject]
    private KeepNoticeSettings Keep { get; set; } = default!;

    [Inject]
    private NavigationManager Navigation { get; set; } = default!;

    [Inject]
    private IJSRuntime Js { get; set; } = default!;

    /// <inheritdoc/>
    protected override void OnInitialized()
    {
        base.OnInitialized();
        text = new Script(Js, "text");
    }

    /// <inheritdoc/>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (focus is not { } target)
            return;
        focus = null;
        await text.CallAsync("focus", target);
    }

    /// <inheritdoc/>
    protected override bool Concerns(FeedItem item) => item.Type == "notices.settings-changed";

    /// <inheritdoc/>
    protected override async Task LoadAsync(CancellationToken cancellation) => card = await Keep.ReadAsync(Self, cancellation);

    /// <inheritdoc/>
    protected override async ValueTask DisposeAsyncCore(bool disposing)
    {
        await base.DisposeAsyncCore(disposing);
        await text.DisposeAsync();
    }

    private void Edit()
    {
        if (card is null)
            return;
        (basis, draft, refusal, told, meanwhile) = (card, MailDraft.Of(card.Mail, Navigation.BaseUri), null, "", []);
        focus = "#mail-on";
    }

    private void Cancel()
    {
        if (saving)
            return;
        StopEditing();
    }

    private async Task SaveAsync()
    {
        if (draft is null || basis is null || saving)
            return;
        saving = true;
        try
        {
            await TrySaveAsync(draft.Server, basis);
        }
        finally
        {
            saving = false;
        }
    }

    private async Task TrySaveAsync(MailServer server, NoticeCard madeOn)
    {
        told = "";
        refusal = (await Keep.SaveAsync(Self, server, madeOn.Revision, Gone)).Refusal;
        if (refusal is not null)
        {
            await ReloadAsync();
            if (refusal.Code == NoticeRefusals.ChangedMeanwhile.Code && card is not null)
                (meanwhile, basis) = (MailWords.Between(madeOn.Mail, card.Mail), card);
            return;
        }

        var changes = MailWords.Between(madeOn.Mail, server).ToList();
        await ReloadAsync();
        basis = card;
        if (password is not null && !await password.IsEmptyAsync())
        {
            if (!await password.SendAsync())
                return;
            changes.Add("password entered");
        }

        StopEditing();
        (told, toldWell) = (changes.Count == 0 ? "Nothing was changed." : $"Saved: {string.Join("; ", changes)}.", true);
        await ReloadAsync();
    }

    private async Task TestAsync()
    {
        (told, refusal) = ("", null);
        var answer = await Keep.SendTestAsync(Self, Gone);
        refusal = answer.Refusal;
        if (!answer.IsRefused)
            (told, toldWell) = (answer.Value.Sent ? $"{answer.Value.Words} Look into your mailbox ({Me.Value.Email})." : $"No mail went out. {answer.Value.Words}", answer.Value.Sent);
    }

    private void StopEditing()
    {
        (draft, basis, refusal, meanwhile) = (null, null, null, []);
        focus = "#mail-edit";
    }
}
