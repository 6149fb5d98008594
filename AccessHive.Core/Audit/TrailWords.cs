using System.Globalization;
using System.Text;

namespace AccessHive.Core.Audit;

/// <summary>
/// The words of a text, as they are indexed and as they are looked for: in lower case and without accents, composed or
/// not. Letters other than a to z are named by their number, so that the index needs no opinion on what a letter is –
/// the one it has is years older than the one of the platform.
/// </summary>
public static class TrailWords
{
    /// <summary>Up to here every beginning of a word is a word of the index itself.</summary>
    public const int LongestBeginning = 12;

    /// <summary>
    /// What the index keeps of a text: each word and its beginnings, once. A beginning is then looked up like a word, newest
    /// first, and stops at a full page; searching by prefix would read every occurrence of every word that begins so.
    /// </summary>
    public static string Index(string text)
    {
        var kept = new HashSet<string>(StringComparer.Ordinal);
        foreach (var word in Of(text))
        {
            for (var length = 1; length <= Math.Min(word.Length, LongestBeginning); length++)
                kept.Add(word[..length]);
            kept.Add(word);
        }

        return string.Join(' ', kept);
    }

    /// <summary>The condition of the index for entries in which all these words or beginnings of words occur.</summary>
    public static IEnumerable<string> Conditions(string text)
        => Of(text).Select(w => w.Length <= LongestBeginning ? $"words : \"{w}\"" : $"words : \"{w}\" *");

    /// <summary>The words, in their order.</summary>
    public static IReadOnlyList<string> Of(string text)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.IsAscii ? char.IsAsciiLetterOrDigit((char)rune.Value) : Rune.IsLetterOrDigit(rune))
                Spell(rune, word);
            else if (!IsMark(rune))
                End();
        }

        End();
        return words;

        void End()
        {
            if (word.Length == 0)
                return;
            words.Add(word.ToString());
            word.Clear();
        }
    }

    private static void Spell(Rune rune, StringBuilder word)
    {
        if (rune.IsAscii)
        {
            word.Append(char.ToLowerInvariant((char)rune.Value));
            return;
        }

        foreach (var part in rune.ToString().Normalize(NormalizationForm.FormD).EnumerateRunes().Where(part => !IsMark(part)))
        {
            var lower = Rune.ToLowerInvariant(part);
            if (lower.IsAscii)
                word.Append((char)lower.Value);
            else
                word.Append(CultureInfo.InvariantCulture, $"u{lower.Value:x}");
        }
    }

    private static bool IsMark(Rune rune)
        => Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark;
}
