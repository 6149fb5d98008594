using AccessHive.Core.Kernel;
using AccessHive.Core.Notices;
using AccessHive.Core.Notices.UseCases;
using AccessHive.Web.Features.Shared;
using Fluxor;

namespace AccessHive.Web.Features.Notices;

/// <summary>
/// Keeps the bell true. What is committed moves only the bells of those who were told of it; a house full of open pages asks
/// the database once who that is.
/// </summary>
public sealed class BellEffects(NoticeQueries queries, ChooseNotices choose, ReaderZone zone, IState<MeState> me, IState<BellState> bell)
{
    /// <summary>The circuit opened: mails to this person speak of times where they are.</summary>
    [EffectMethod]
    public Task OnOpened(CircuitOpened opened, IDispatcher dispatcher) => choose.RememberZoneAsync(opened.Person, zone.Zone.Id);

    /// <summary>Who is here is known, or changed.</summary>
    [EffectMethod]
    public Task OnMe(MeLoaded loaded, IDispatcher dispatcher) => LoadAsync(loaded.Me.Self, dispatcher);

    /// <summary>Something was committed.</summary>
    [EffectMethod]
    public async Task OnFeed(FeedArrived arrived, IDispatcher dispatcher)
    {
        if (me.Value.Id is not { } self)
            return;
        var (type, seq) = (arrived.Item.Type, arrived.Item.Seq);
        var isMine = type == NoticeSignals.Read && arrived.Item.Person == self;
        if (isMine || (NoticePlan.Tells(type) && await queries.WasToldAsync(self, seq)) || (NoticePlan.Settles(type) && bell.Value.Unread > 0))
            await LoadAsync(self, dispatcher);
    }

    /// <summary>Items were dropped.</summary>
    [EffectMethod]
    public Task OnBehind(FeedFellBehind behind, IDispatcher dispatcher) => me.Value.Id is { } self ? LoadAsync(self, dispatcher) : Task.CompletedTask;

    /// <summary>One was opened.</summary>
    [EffectMethod]
    public async Task OnOpenedOne(NoticeOpened opened, IDispatcher dispatcher)
    {
        await queries.MarkReadAsync(me.Value.Self, opened.Notice);
        await LoadAsync(me.Value.Self, dispatcher);
    }

    /// <summary>All were seen.</summary>
    [EffectMethod]
    public async Task OnAllRead(AllNoticesRead read, IDispatcher dispatcher)
    {
        await queries.MarkAllReadAsync(me.Value.Self);
        await LoadAsync(me.Value.Self, dispatcher);
    }

    private async Task LoadAsync(PersonId self, IDispatcher dispatcher)
    {
        var read = await queries.BellAsync(self);
        if (read.Unread != bell.Value.Unread || read.Urgent != bell.Value.Urgent || read.Unread == 0)
            dispatcher.Dispatch(new BellRead(read.Unread, read.Urgent));
    }
}
