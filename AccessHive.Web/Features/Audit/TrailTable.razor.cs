using System.Globalization;
using AccessHive.Core.Audit.UseCases;
using Microsoft.AspNetCore.Components;

namespace AccessHive.Web.Features.Audit;

/// <summary>The rows. Drawn again only when other rows or another open entry are to be shown.</summary>
public sealed partial class TrailTable : ComponentBase
{
    private (TrailPage? Page, AuditQuery? Query) drawn;

    /// <summary>The rows to show.</summary>
    [Parameter, EditorRequired]
    public TrailPage Page { get; set; } = default!;

    /// <summary>What the address says; each row's link keeps it.</summary>
    [Parameter, EditorRequired]
    public AuditQuery Query { get; set; } = default!;

    /// <summary>An entry is wanted in full.</summary>
    [Parameter, EditorRequired]
    public EventCallback<long> OnOpen { get; set; }

    /// <summary>The id of an entry's link, for the focus.</summary>
    public static string LinkId(long seq) => string.Create(CultureInfo.InvariantCulture, $"entry-{seq}");

    /// <inheritdoc/>
    protected override bool ShouldRender()
    {
        if (ReferenceEquals(drawn.Page, Page) && drawn.Query == Query)
            return false;
        drawn = (Page, Query);
        return true;
    }
}
