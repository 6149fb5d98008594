using AccessHive.Core.Kernel;
using Fluxor;

namespace AccessHive.Web.Features.Notices;

/// <summary>The bell on this circuit.</summary>
/// <param name="Unread">How many notices call this person.</param>
/// <param name="Urgent">Whether an emergency is among them.</param>
[FeatureState]
public sealed record BellState(int Unread, bool Urgent)
{
    private BellState()
        : this(0, Urgent: false)
    {
    }

    /// <summary>Takes what the database said.</summary>
    [ReducerMethod]
    public static BellState On(BellState state, BellRead read) => new(read.Unread, read.Urgent);
}

/// <summary>The bell was read.</summary>
public sealed record BellRead(int Unread, bool Urgent);

/// <summary>This person opens one of their notices.</summary>
public sealed record NoticeOpened(NoticeId Notice);

/// <summary>This person has seen all of them.</summary>
public sealed record AllNoticesRead;
