using AccessHive.Core.Kernel;
using AccessHive.Core.Requests.UseCases;
using AccessHive.Web.Features.Shared;
using Fluxor;

namespace AccessHive.Web.Features.Requests;

/// <summary>The requests this person may decide now, and those that were settled while they looked.</summary>
/// <param name="Pending">Emergencies first, then what closes soonest; with those they said yes to where somebody else still has to.</param>
/// <param name="Settled">Decided by somebody else, lapsed or withdrawn: one line each, until it is put away.</param>
/// <param name="PutAway">Banners this person has closed; the inbox still shows those requests.</param>
[FeatureState]
public sealed record InboxState(IReadOnlyList<InboxItem> Pending, IReadOnlyList<SettledNotice> Settled, IReadOnlySet<RequestId> PutAway)
{
    /// <summary>What waits for this person's own yes or no.</summary>
    public IEnumerable<InboxItem> ForMe => Pending.Where(p => p.Approval.WhyNot is null);

    private InboxState()
        : this([], [], new HashSet<RequestId>())
    {
    }

    /// <summary>The inbox was read; what is gone from it is settled.</summary>
    [ReducerMethod]
    public static InboxState On(InboxState state, InboxLoaded loaded) => state with
    {
        Pending = loaded.Pending,
        Settled = [.. state.Settled.Where(s => loaded.Settled.All(n => n.Request != s.Request)), .. loaded.Settled.Where(s => !state.PutAway.Contains(s.Request))],
    };

    /// <summary>A banner or its last line was closed.</summary>
    [ReducerMethod]
    public static InboxState On(InboxState state, BannerPutAway closed) => state with
    {
        PutAway = new HashSet<RequestId>(state.PutAway) { closed.Request },
        Settled = [.. state.Settled.Where(s => s.Request != closed.Request)],
    };
}

/// <summary>What became of a request that was on the banner.</summary>
public sealed record SettledNotice(RequestId Request, string Words);

/// <summary>The inbox was read.</summary>
public sealed record InboxLoaded(IReadOnlyList<InboxItem> Pending, IReadOnlyList<SettledNotice> Settled);

/// <summary>This person closed a banner.</summary>
public sealed record BannerPutAway(RequestId Request);
