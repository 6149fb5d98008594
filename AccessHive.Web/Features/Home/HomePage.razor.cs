using AccessHive.Core.Audit.UseCases;
using AccessHive.Core.Cases.UseCases;
using AccessHive.Core.Kernel;
using AccessHive.Core.Live;
using AccessHive.Core.Requests.UseCases;
using AccessHive.Core.Sessions.UseCases;
using AccessHive.Core.Vault.UseCases;
using AccessHive.Web.Features.Shared;
using Microsoft.AspNetCore.Components;

namespace AccessHive.Web.Features.Home;

/// <summary>What needs the person who opens it, then what happened. The one page that is composed of several rooms.</summary>
public sealed partial class HomePage : LivePage
{
    private const int MostLately = 8;

    private IReadOnlyList<InboxItem> deciding = [];
    private IReadOnlyList<SessionRow> holding = [];
    private IReadOnlyList<InboxItem> waiting = [];
    private IReadOnlyList<TrailRow> lately = [];
    private RotationsOpen rotations = RotationsOpen.None;
    private IReadOnlyList<CaseRow> cases = [];

    [Inject]
    private RequestQueries Requests { get; set; } = default!;

    [Inject]
    private SessionQueries Sessions { get; set; } = default!;

    [Inject]
    private RotationQueries Rotations { get; set; } = default!;

    [Inject]
    private CaseQueries Cases { get; set; } = default!;

    [Inject]
    private ReadTrail Trail { get; set; } = default!;

    /// <inheritdoc/>
    protected override bool Concerns(FeedItem item) => true;

    /// <inheritdoc/>
    protected override async Task LoadAsync(CancellationToken cancellation)
    {
        deciding = [.. (await Requests.InboxAsync(Self, cancellation)).Where(r => r.Approval.WhyNot is null)];
        holding = await Sessions.MineAsync(Self, cancellation);
        waiting = await Requests.MinePendingAsync(Self, cancellation);
        rotations = Me.Value.Has(RolePermissions.VaultManagers) ? await Rotations.CountAsync(Self, cancellation) : RotationsOpen.None;
        cases = (await Cases.BoardAsync(Self, CaseView.NeedsMe, cancellation: cancellation)).Rows;
        var trail = await Trail.PageAsync(Self, new TrailFilter(), null, cancellation);
        // That they have just signed in is no news to them.
        lately = [.. trail.Rows.Where(r => !(r.Type == "person.signed-in" && r.Actor == Self)).Take(MostLately)];
    }

    private static string Meta(InboxItem item)
        => $"{item.CredentialLabel}{For(item.Client)} · {ReasonWords.Minutes(item.AskedFor)}{(item.IsEmergency ? $" · {ReasonWords.For(item.Justification.Category)}" : "")}";

    private static string For(string client) => client.Length > 0 ? $", {client}" : "";
}
