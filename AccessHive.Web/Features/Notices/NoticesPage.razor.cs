using AccessHive.Core.Live;
using AccessHive.Core.Notices;
using AccessHive.Core.Notices.UseCases;
using AccessHive.Web.Features.Shared;
using Fluxor;
using Microsoft.AspNetCore.Components;

namespace AccessHive.Web.Features.Notices;

/// <summary>What this person was told. It lists their own notices and nobody else's.</summary>
public sealed partial class NoticesPage : LivePage
{
    private NoticeList list = new([], null);
    private bool mail;
    private LetterZone letterZone = LetterZone.Of();

    /// <summary>Notices of entries before this one.</summary>
    [SupplyParameterFromQuery(Name = "before")]
    public long? Before { get; set; }

    [Inject]
    private NoticeQueries Queries { get; set; } = default!;

    [Inject]
    private ChooseNotices Choose { get; set; } = default!;

    [Inject]
    private ReaderZone Zone { get; set; } = default!;

    [Inject]
    private IState<BellState> Bell { get; set; } = default!;

    /// <inheritdoc/>
    protected override void OnInitialized()
    {
        base.OnInitialized();
        // Somebody read or was told: what stands here is marked anew.
        SubscribeToAction<BellRead>(read => _ = ReloadAsync());
    }

    /// <inheritdoc/>
    protected override bool Concerns(FeedItem item) => Before is null && NoticePlan.Settles(item.Type);

    /// <inheritdoc/>
    protected override async Task LoadAsync(CancellationToken cancellation)
    {
        letterZone = new LetterZone(Zone.Zone);
        list = await Queries.PageAsync(Self, Before, cancellation);
        mail = (await Choose.ReadAsync(Self, cancellation)).MailIsOn;
    }

    private void AllRead() => Dispatcher.Dispatch(new AllNoticesRead());
}
