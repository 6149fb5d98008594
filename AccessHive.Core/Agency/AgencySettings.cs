using AccessHive.Core.Kernel;
using NodaTime;

namespace AccessHive.Core.Agency;

/// <summary>What the agency says of itself. One row.</summary>
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

    /// <summary>Whether this is the demo, which says so on every page.</summary>
    public bool IsDemo { get; private set; }

    /// <summary>The settings of a new agency.</summary>
    public static AgencySettings Found(Actor by, string name, string zone, bool demo, Instant now)
    {
        var settings = new AgencySettings { Name = name, Zone = zone, IsDemo = demo };
        settings.Raise(new AgencySettingsChanged(now, by, name, zone));
        return settings;
    }
}
