using AccessHive.Core.Kernel;
using NodaTime;

namespace AccessHive.Core.Agency;

/// <summary>
/// What the agency says of itself. One row. Each saved edit has a revision; one that was made on an older is refused, so
/// that two admins never overwrite each other silently.
/// </summary>
public sealed class AgencySettings : Aggregate
{
    private AgencySettings()
    {
    }

    /// <summary>There is one row, and this is its key.</summary>
    public int Id { get; private set; } = 1;

    /// <summary>The agency's name.</summary>
    public string Name { get; private set; } = "";

    /// <summary>The IANA zone in which its week is reckoned.</summary>
    public string Zone { get; private set; } = "Etc/UTC";

    /// <summary>When it is at work, in its own zone.</summary>
    public WorkingHours Hours { get; private set; } = WorkingHours.Default;

    /// <summary>The weekday on which the week before is due for its review (P13).</summary>
    public IsoDayOfWeek ReviewDay { get; private set; } = IsoDayOfWeek.Monday;

    /// <summary>The time of day of the reminder, in the agency's zone.</summary>
    public LocalTime ReviewTime { get; private set; } = new(9, 0);

    /// <summary>How long an emergency may wait for its review: 24 to 168 hours (P12).</summary>
    public Duration ReviewDue { get; private set; } = Duration.FromHours(72);

    /// <summary>When the agency began here; its first week is the one to review first.</summary>
    public Instant FoundedAt { get; private set; }

    /// <summary>Counts the saved edits, from 1.</summary>
    public int Revision { get; private set; } = 1;

    /// <summary>When it was last edited; never, for a new agency.</summary>
    public Instant? EditedAt { get; private set; }

    /// <summary>Who last edited it.</summary>
    public PersonId? EditedBy { get; private set; }

    /// <summary>Whether this is the demo, which says so on every page.</summary>
    public bool IsDemo { get; private set; }

    /// <summary>All values of its card.</summary>
    public AgencyDetails Details => new(Name, Zone, Hours, ReviewDay, ReviewTime, ReviewDue);

    /// <summary>The settings of a new agency.</summary>
    public static AgencySettings Found(Actor by, string name, string zone, bool demo, Instant now)
    {
        var settings = new AgencySettings { Name = name, Zone = zone, IsDemo = demo, FoundedAt = now };
        settings.Raise(new AgencySettingsChanged(now, by, null, settings.Details));
        return settings;
    }

    /// <summary>Saves new values; in force with the commit.</summary>
    /// <param name="by">The editor, with fresh roles.</param>
    /// <param name="details">All values from now on.</param>
    /// <param name="madeOn">The revision the editor was looking at.</param>
    /// <param name="now">The transaction's instant.</param>
    /// <returns>Done; or <c>not-settings-editor</c>, <c>agency-changed-meanwhile</c>, or what <see cref="AgencyDetails.Check"/> refuses.</returns>
    public Result<Done> Edit(Actor by, AgencyDetails details, int madeOn, Instant now)
    {
        if (!by.Has(RolePermissions.SettingsEditors))
            return AgencyRefusals.NotSettingsEditor;
        if (madeOn != Revision)
            return AgencyRefusals.AgencyChangedMeanwhile;
        var clean = details.Trimmed();
        if (clean.Check() is { } refused)
            return refused;
        var before = Details;
        if (clean == before)
            return Done.Yes;

        (Name, Zone, Hours, ReviewDay, ReviewTime, ReviewDue) = clean;
        (Revision, EditedAt, EditedBy) = (Revision + 1, now, by.Id);
        Raise(new AgencySettingsChanged(now, by, before, clean));
        return Done.Yes;
    }
}
