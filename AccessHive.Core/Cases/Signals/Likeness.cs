using System.Globalization;
using System.Text;

namespace AccessHive.Core.Cases.Signals;

/// <summary>How alike two justifications are, whatever their case, spacing, punctuation, accents and numbers.</summary>
public static class Likeness
{
    private const int FewestLetters = 6;
    private const int FewestWords = 3;

    /// <summary>0 for nothing in common, 1 for the same words: Dice's coefficient over runs of three characters, counted as often as they occur.</summary>
    public static double Of(string one, string other)
    {
        var (left, right) = (Runs(Normal(one)), Runs(Normal(other)));
        var total = left.Values.Sum() + right.Values.Sum();
        if (total == 0)
            return 0;
        var shared = left.Sum(p => Math.Min(p.Value, right.GetValueOrDefault(p.Key)));
        return 2.0 * shared / total;
    }

    /// <summary>Whether they say nothing: fewer than six different letters, or fewer than three different words.</summary>
    public static bool IsEmpty(string words)
    {
        var normal = Normal(words);
        if (normal.Where(char.IsLetter).Distinct().Count() < FewestLetters)
            return true;
        var parts = normal.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return parts.Length >= FewestWords && parts.Distinct(StringComparer.Ordinal).Count() < FewestWords;
    }

    private static string Normal(string text)
    {
        var normal = new StringBuilder(text.Length);
        foreach (var rune in text.ToLowerInvariant().Normalize(NormalizationForm.FormD).EnumerateRunes())
        {
            var category = Rune.GetUnicodeCategory(rune);
            if (Rune.IsLetter(rune))
                normal.Append(rune);
            else if (category is not (UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark) && normal.Length > 0 && normal[^1] != ' ')
                normal.Append(' ');
        }

        return normal.ToString().TrimEnd();
    }

    private static Dictionary<(char First, char Second, char Third), int> Runs(string text)
    {
        Dictionary<(char First, char Second, char Third), int> runs = [];
        for (var i = 0; i + 2 < text.Length; i++)
        {
            var run = (text[i], text[i + 1], text[i + 2]);
            runs[run] = runs.GetValueOrDefault(run) + 1;
        }

        return runs;
    }
}
