using AccessHive.Core.Kernel;
using NodaTime;

namespace AccessHive.Core.Audit;

/// <summary>
/// A filter of the trail that a person keeps under a name. It is a bookmark: it lets nobody see more, so that it needs no
/// entry.
/// </summary>
public sealed class SavedFilter
{
    /// <summary>Most characters of a name.</summary>
    public const int NameLength = 60;

    /// <summary>Most characters of what it says.</summary>
    public const int QueryLength = 1_000;

    /// <summary>Most filters of one person.</summary>
    public const int Most = 50;

    private SavedFilter()
    {
    }

    /// <summary>Its id.</summary>
    public SavedFilterId Id { get; private set; }

    /// <summary>Whose it is.</summary>
    public PersonId PersonId { get; private set; }

    /// <summary>Its name, unique for its person.</summary>
    public string Name { get; private set; } = "";

    /// <summary>The filter as the address of the trail page says it, without a question mark.</summary>
    public string Query { get; private set; } = "";

    /// <summary>When it was kept.</summary>
    public Instant SavedAt { get; private set; }

    /// <summary>Keeps a filter.</summary>
    /// <returns>The filter; or <c>filter-name-missing</c>, <c>text-too-long</c>.</returns>
    public static Result<SavedFilter> Keep(PersonId person, string name, string query, Instant now)
    {
        if (Check(name) is { } refusal)
            return refusal;
        if (query.Length > QueryLength)
            return SavedFilterRefusals.TooLong;
        return new SavedFilter { Id = SavedFilterId.New(), PersonId = person, Name = name.Trim(), Query = query, SavedAt = now };
    }

    /// <summary>Gives it another name.</summary>
    /// <returns>Done; or <c>filter-name-missing</c>.</returns>
    public Result<Done> Rename(string name)
    {
        if (Check(name) is { } refusal)
            return refusal;
        Name = name.Trim();
        return Done.Yes;
    }

    private static Refusal? Check(string name) => name.Trim().Length is 0 or > NameLength ? SavedFilterRefusals.NameMissing : null;
}

/// <summary>Why a filter isn't kept.</summary>
public static class SavedFilterRefusals
{
    /// <summary>It has no name, or one that is too long.</summary>
    public static readonly Refusal NameMissing = new("filter-name-missing");

    /// <summary>The person has one of that name.</summary>
    public static readonly Refusal NameTaken = new("filter-name-taken");

    /// <summary>The person keeps too many.</summary>
    public static readonly Refusal TooMany = new("too-many-filters");

    /// <summary>The person has no such filter.</summary>
    public static readonly Refusal NotFound = new("filter-not-found");

    /// <summary>It says too much.</summary>
    public static readonly Refusal TooLong = new("text-too-long");
}
