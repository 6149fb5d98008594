using AccessHive.Core.Agency.UseCases;
using AccessHive.Core.Kernel;
using AccessHive.Core.Live;
using AccessHive.Core.Policies;
using AccessHive.Core.Requests;
using AccessHive.Web.Features.Shared;
using Microsoft.AspNetCore.Components;

namespace AccessHive.Web.Features.Home;

/// <summary>Will the way work tonight? One line for those who edit the settings, drawn again only when it says something else.</summary>
public sealed partial class ReadinessLine : LivePage
{
    // Pages open and close without an entry in the trail, so who is here is looked at now and then.
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(20);

    private Readiness? now;
    private Readiness? drawn;
    private Task looking = Task.CompletedTask;

    [Inject]
    private ManagePeople People { get; set; } = default!;

    [Inject]
    private IPresence Presence { get; set; } = default!;

    [Inject]
    private HiveClock Clock { get; set; } = default!;

    /// <inheritdoc/>
    protected override void OnInitialized()
    {
        base.OnInitialized();
        looking = LookAsync();
    }

    /// <inheritdoc/>
    protected override bool Concerns(FeedItem item)
        => item.Type.StartsWith("person.", StringComparison.Ordinal) || item.Type.StartsWith("policy.", StringComparison.Ordinal);

    /// <inheritdoc/>
    protected override async Task LoadAsync(CancellationToken cancellation)
        => now = Readiness.Of(await People.ListAsync(cancellation), Me.Value.Rules, Presence.Here(), Self);

    /// <inheritdoc/>
    protected override bool ShouldRender()
    {
        if (drawn == now)
            return false;
        drawn = now;
        return true;
    }

    /// <inheritdoc/>
    protected override async ValueTask DisposeAsyncCore(bool disposing)
    {
        await base.DisposeAsyncCore(disposing);
        await looking;
    }

    private async Task LookAsync()
    {
        try
        {
            using var timer = new PeriodicTimer(LookAgain, Clock.Time);
            while (await timer.WaitForNextTickAsync(Gone))
                await InvokeAsync(ReloadAsync);
        }
        catch (OperationCanceledException)
        {
            // The page was left.
        }
    }
}

/// <summary>Whether an emergency could be started and approved now.</summary>
/// <param name="Words">Who could, in a line.</param>
/// <param name="Warning">What stands in the way; nothing, when nothing does.</param>
public sealed record Readiness(string Words, string? Warning)
{
    /// <summary>Counts it.</summary>
    /// <param name="people">Everybody.</param>
    /// <param name="rules">The card as it is now.</param>
    /// <param name="here">Who has a page open.</param>
    /// <param name="self">Who reads this: they are here, and can't approve their own request.</param>
    public static Readiness Of(IReadOnlyList<PersonRow> people, EmergencyRules rules, IReadOnlySet<PersonId> here, PersonId self)
    {
        var active = people.Where(p => p.JoinedAt is not null && p.DisabledAt is null).ToList();
        var eligible = active.Count(p => rules.IsEligible(p.Roles));
        var deciders = active.Where(p => p.Roles.HasAny(RolePermissions.Deciders)).ToList();
        var othersHere = deciders.Where(p => p.Id != self && here.Contains(p.Id)).Select(p => p.Name).ToList();
        var start = $"{(eligible == 1 ? "1 person" : $"{eligible} people")} can start an emergency";
        if (eligible == 0)
            return new Readiness($"{start}.", "Nobody active holds an eligible role: nobody could break the glass.");
        if (!rules.RequireApproval)
            return new Readiness($"{start}, and no approval is required.", null);
        var words = $"{start}, {deciders.Count} can approve. Here now: {(othersHere.Count == 0 ? "only you" : $"{string.Join(", ", othersHere)} and you")}.";
        if (deciders.Count <= 1)
            return new Readiness(words, "Only one person could approve, and nobody approves their own request.");
        return new Readiness(words, othersHere.Count == 0 ? "Approval is required, but nobody else who could approve is here now: a request of yours would wait." : null);
    }
}
