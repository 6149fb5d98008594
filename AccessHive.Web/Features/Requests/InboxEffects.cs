using AccessHive.Core.Kernel;
using AccessHive.Core.Live;
using AccessHive.Core.Requests;
using AccessHive.Core.Requests.UseCases;
using AccessHive.Web.Features.Shared;
using Fluxor;

namespace AccessHive.Web.Features.Requests;

/// <summary>Keeps the inbox true: read when the circuit opens, and again when a request or this person's roles changed.</summary>
public sealed class InboxEffects(RequestQueries queries, IState<MeState> me, IState<InboxState> inbox)
{
    /// <summary>Who is here is known, or changed.</summary>
    [EffectMethod]
    public Task OnMe(MeLoaded loaded, IDispatcher dispatcher) => LoadAsync(loaded.Me.Self, dispatcher);

    /// <summary>A request moved.</summary>
    [EffectMethod]
    public Task OnFeed(FeedArrived arrived, IDispatcher dispatcher)
        => me.Value.Id is { } self && (Moves(arrived.Item) || ChangesWhoDecides(arrived.Item)) ? LoadAsync(self, dispatcher) : Task.CompletedTask;

    /// <summary>Items were dropped.</summary>
    [EffectMethod]
    public Task OnBehind(FeedFellBehind behind, IDispatcher dispatcher)
        => me.Value.Id is { } self ? LoadAsync(self, dispatcher) : Task.CompletedTask;

    internal static bool Moves(FeedItem item)
        => item.Type is "request.raised" or "request.approved-by-one" or "request.approved" or "request.denied" or "request.withdrawn" or "request.turned-into-emergency" or "request.lapsed";

    // The lists and the policy are read afresh: what they say now decides what stands in an inbox.
    internal static bool ChangesWhoDecides(FeedItem item)
        => item.Type is "policy.approval-edited" or "policy.approvers-changed" or "policy.approvers-given-up" or "identity.edited" or "person.roles-changed" or "person.disabled" or "person.enabled";

    private async Task LoadAsync(PersonId self, IDispatcher dispatcher)
    {
        var before = inbox.Value.Pending;
        var pending = await queries.InboxAsync(self);
        List<SettledNotice> settled = [];
        // What waits in the usual way was on no banner, so nobody has to be told aloud that it is settled.
        foreach (var gone in before.Where(b => b.IsEmergency && pending.All(p => p.Id != b.Id)))
        {
            if (await queries.PageAsync(self, gone.Id) is { } page)
                settled.Add(new SettledNotice(gone.Id, Words(page)));
        }

        dispatcher.Dispatch(new InboxLoaded(pending, settled));
    }

    private static string Words(RequestPage page) => page.State switch
    {
        RequestState.Approved => $"Approved by {page.DecidedBy}: {page.RequesterName}, {page.IdentityName}",
        RequestState.Denied => $"Denied by {page.DecidedBy}: {page.RequesterName}, {page.IdentityName}",
        RequestState.Withdrawn => $"Withdrawn by {page.RequesterName}: {page.IdentityName}",
        RequestState.Lapsed => $"Lapsed, nobody decided in time: {page.RequesterName}, {page.IdentityName}",
        RequestState.Pending => $"{page.RequesterName} is waiting for {page.IdentityName}",
        _ => "Settled",
    };
}
