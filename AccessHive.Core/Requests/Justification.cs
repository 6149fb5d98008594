using AccessHive.Core.Kernel;

namespace AccessHive.Core.Requests;

/// <summary>What kind of emergency it is.</summary>
public enum ReasonCategory
{
    /// <summary>Somebody else is in the account.</summary>
    CompromisedAccount,

    /// <summary>A service is down.</summary>
    Outage,

    /// <summary>A launch or deadline outside office hours.</summary>
    UrgentLaunch,

    /// <summary>The people who usually have access can't be reached.</summary>
    Lockout,

    /// <summary>The client asked and can't wait.</summary>
    ClientEscalation,

    /// <summary>None of these; the justification says what.</summary>
    Other,
}

/// <summary>Why somebody needs access now (P7).</summary>
/// <param name="Text">20 to 1,000 characters after trimming.</param>
/// <param name="Category">What kind of emergency.</param>
/// <param name="IncidentReference">A ticket or incident number, optional, up to 100 characters.</param>
public sealed record Justification(string Text, ReasonCategory Category, string IncidentReference)
{
    /// <summary>Fewest characters after trimming.</summary>
    public const int Shortest = 20;

    /// <summary>Fewest characters of a purpose on the standard path.</summary>
    public const int ShortestPurpose = 3;

    /// <summary>Most characters after trimming.</summary>
    public const int Longest = 1000;

    /// <summary>Longest incident reference.</summary>
    public const int ReferenceLength = 100;

    /// <summary>The same without white space around it.</summary>
    public Justification Trimmed() => this with { Text = Text.Trim(), IncidentReference = IncidentReference.Trim() };

    /// <summary>Checks the trimmed lengths.</summary>
    /// <returns>Nothing when they hold; or <c>justification-too-short</c>, <c>justification-too-long</c>, <c>reason-missing</c>, <c>reference-too-long</c>.</returns>
    public Refusal? Check()
    {
        if (Text.Trim().Length < Shortest)
            return RequestRefusals.JustificationTooShort;
        if (Text.Trim().Length > Longest)
            return RequestRefusals.JustificationTooLong;
        if (!Enum.IsDefined(Category))
            return RequestRefusals.ReasonMissing;
        return IncidentReference.Trim().Length > ReferenceLength ? RequestRefusals.ReferenceTooLong : null;
    }

    /// <summary>What somebody types who checks out in the usual way: a purpose, and no kind of emergency.</summary>
    public static Justification Purpose(string text) => new(text, ReasonCategory.Other, "");

    /// <summary>Checks the trimmed length of a purpose on the standard path: 3 to 1,000 characters.</summary>
    /// <returns>Nothing when it holds; or <c>purpose-too-short</c>, <c>justification-too-long</c>.</returns>
    public Refusal? CheckPurpose()
    {
        if (Text.Trim().Length < ShortestPurpose)
            return RequestRefusals.PurposeTooShort;
        return Text.Trim().Length > Longest ? RequestRefusals.JustificationTooLong : null;
    }

    /// <summary>Whether the words are the same, whatever their spacing and case: a continuation needs new ones (P3).</summary>
    public bool SaysTheSameAs(string other)
        => string.Equals(Normal(Text), Normal(other), StringComparison.OrdinalIgnoreCase);

    private static string Normal(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
