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

    /// <summary>All marks of an entry.</summary>
    public static string Of(TrailEntry entry)
    {
        List<string> marks = [Type(entry.Type)];
        if (entry.Emergency)
            marks.Add(Emergency);
        if (entry.ActorId is { } actor)
            marks.Add(Person(actor));
        if (entry.PersonId is { } person && entry.PersonId != entry.ActorId)
            marks.Add(Person(person));
        if (entry.IdentityId is { } identity)
            marks.Add(Identity(identity));
        if (entry.RequestId is { } request)
            marks.Add(Request(request));
        if (entry.SessionId is { } session)
            marks.Add(Session(session));
        return string.Join(' ', marks);
    }

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
