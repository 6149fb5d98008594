using System.Globalization;
using NodaTime;
using NodaTime.Text;

namespace AccessHive.Core.Kernel;

/// <summary>
/// What an event tells the trail, in the order it was told. Facts about the case are hashed as they are; facts about a
/// person (their name, their words) lie beside the entry under a salted commitment, so that they can be erased one day
/// without breaking the proof (security.md, "The trail").
/// </summary>
public sealed class Facts
{
    private readonly List<KeyValuePair<string, string>> open = [];
    private readonly List<KeyValuePair<string, string>> personal = [];

    /// <summary>Facts that become part of the hashed bytes.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Open => open;

    /// <summary>Facts that are only committed to.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Personal => personal;

    /// <summary>Tells a fact about the case; nothing is told for an empty value.</summary>
    public Facts Add(string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
            open.Add(new(name, value));
        return this;
    }

    /// <summary>Tells an instant, as ISO 8601 in UTC.</summary>
    public Facts Add(string name, Instant value) => Add(name, InstantPattern.ExtendedIso.Format(value));

    /// <summary>Tells a duration in whole minutes.</summary>
    public Facts AddMinutes(string name, Duration value) => Add(name, ((long)value.TotalMinutes).ToString(CultureInfo.InvariantCulture));

    /// <summary>Tells roles by their names.</summary>
    public Facts Add(string name, Roles value) => Add(name, value == Roles.None ? "none" : string.Join(", ", value.Each()));

    /// <summary>Tells a fact about a person, which may have to be erased one day.</summary>
    public Facts AddPersonal(string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
            personal.Add(new(name, value));
        return this;
    }
}
