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
