using AccessHive.Core.Kernel;

namespace AccessHive.Core.Audit;

/// <summary>
/// What an entry can be filtered by, as words of one index: with it any combination of filters is a single look-up that
/// costs the same on the first and on the ten millionth entry.
/// </summary>
public static class TrailMarks
{
    /// <summary>The mark of every emergency entry.</summary>
    public const string Emergency = "emergency";

    /// <summary>All marks of an entry: what it can be filtered by, and every two of what many entries have.</summary>
    public static string Of(TrailEntry entry)
    {
        List<string> common = [Type(entry.Type)];
        if (entry.Emergency)
            common.Add(Emergency);
        if (entry.ActorId is { } actor)
            common.Add(Person(actor));
        if (entry.PersonId is { } person && entry.PersonId != entry.ActorId)
            common.Add(Person(person));
        if (entry.IdentityId is { } identity)
            common.Add(Identity(identity));
        List<string> marks = [.. common, .. Pairs(common)];
        if (entry.RequestId is { } request)
            marks.Add(Request(request));
        if (entry.SessionId is { } session)
            marks.Add(Session(session));
        return string.Join(' ', marks);
    }

    /// <summary>
    /// Every two of these marks as one, whatever their order. Two marks that many entries have and few have both are found
    /// by it at once; looking for both would walk through all that have one.
    /// </summary>
    public static IEnumerable<string> Pairs(IEnumerable<string> marks)
    {
        var sorted = marks.Order(StringComparer.Ordinal).ToList();
        return sorted.SelectMany((first, i) => sorted.Skip(i + 1).Select(second => first + second));
    }

    /// <summary>The condition of the index for entries with this mark.</summary>
    public static string Is(string mark) => $"marks : \"{mark}\"";

    /// <summary>The condition of the index for entries with one of these marks; there must be one.</summary>
    public static string AnyOf(IEnumerable<string> marks) => $"marks : ({string.Join(" OR ", marks.Select(m => $"\"{m}\""))})";

    /// <summary>The mark of everything this person did or that concerns them.</summary>
    public static string Person(PersonId id) => $"p{id.Value:n}";

    /// <summary>The mark of everything about this identity.</summary>
    public static string Identity(IdentityId id) => $"i{id.Value:n}";

    /// <summary>The mark of everything about this request.</summary>
    public static string Request(RequestId id) => $"r{id.Value:n}";

    /// <summary>The mark of everything in this session.</summary>
    public static string Session(SessionId id) => $"s{id.Value:n}";

    /// <summary>The mark of this kind of entry.</summary>
    public static string Type(string type) => "t" + string.Concat(type.Where(char.IsAsciiLetterOrDigit));
}
