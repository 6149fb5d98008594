using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;

namespace AccessHive.Core.Notices;

/// <summary>A mail before it is one: what it says, in plain text and in simple HTML.</summary>
/// <param name="Subject">One line.</param>
/// <param name="Text">Plain text.</param>
/// <param name="Html">The same with a link that can be clicked; no pictures, nothing that is loaded.</param>
/// <param name="Urgent">Whether it says so.</param>
public sealed record Letter(string Subject, string Text, string Html, bool Urgent)
{
    private static readonly HtmlEncoder Html5 = HtmlEncoder.Create(UnicodeRanges.All);

    /// <summary>Puts a notice into words.</summary>
    /// <param name="story">The notice.</param>
    /// <param name="agency">The agency's name.</param>
    /// <param name="publicAddress">Where people reach the product.</param>
    /// <param name="zone">In whose times.</param>
    /// <param name="anchor">The tree over the trail when it was written.</param>
    /// <param name="checkpoint">A whole signed checkpoint; only the weekly digest carries one.</param>
    public static Letter Of(NoticeStory story, string agency, string publicAddress, LetterZone zone, NoticeAnchor? anchor, string checkpoint = "")
    {
        var title = NoticeWords.Title(story);
        var lines = NoticeWords.Details(story, zone).Append($"{zone.Text(story.At)}.").ToList();
        return Write(story.Urgent ? $"URGENT: {title}" : title, title, lines, (NoticeWords.Action(story), $"{publicAddress}/{story.Link}"), agency, anchor, checkpoint, story.Urgent);
    }

    /// <summary>A letter that only shows that mail gets through.</summary>
    /// <param name="by">Who asked for it.</param>
    /// <param name="agency">The agency's name.</param>
    /// <param name="publicAddress">Where people reach the product.</param>
    public static Letter Test(string by, string agency, string publicAddress)
    {
        const string title = "Mail from AccessHive gets through";
        return Write(title, title, [$"{NoticeWords.OneLine(by, NoticeWords.TitleLength)} sent this test from Settings > Notices. There is nothing to do."], ("Open the settings of notices", $"{publicAddress}/settings/notices"), agency, null, "", urgent: false);
    }

    private static Letter Write(string subject, string title, IReadOnlyList<string> lines, (string Words, string Url) link, string agency, NoticeAnchor? anchor, string checkpoint, bool urgent)
    {
        var last = anchor?.ToString() ?? "";
        var from = $"AccessHive of {NoticeWords.OneLine(agency, NoticeWords.TitleLength)}";
        var text = new StringBuilder().Append(title).Append(".\n\n").AppendJoin('\n', lines).Append("\n\n").Append(link.Words).Append(":\n").Append(link.Url).Append('\n');
        var html = new StringBuilder("<!DOCTYPE html><html><head><meta charset=\"utf-8\"></head><body style=\"font-family: sans-serif; line-height: 1.5\">")
            .Append("<p><strong>").Append(Encoded(title)).Append(".</strong></p>");
        foreach (var line in lines)
            html.Append("<p>").Append(Encoded(line)).Append("</p>");
        html.Append("<p><a href=\"").Append(Encoded(link.Url)).Append("\">").Append(Encoded(link.Words)).Append("</a></p>");
        if (checkpoint.Length > 0)
        {
            text.Append("\nThe signed checkpoint of the trail. Keep this mail: with it anybody can prove later that nothing was changed or cut.\n\n").Append(checkpoint.TrimEnd('\n')).Append('\n');
            html.Append("<p>The signed checkpoint of the trail. Keep this mail: with it anybody can prove later that nothing was changed or cut.</p><pre>").Append(Encoded(checkpoint)).Append("</pre>");
        }

        text.Append("\n-- \n").Append(from).Append('\n');
        html.Append("<p style=\"color: #555\">").Append(Encoded(from));
        if (last.Length > 0)
        {
            text.Append(last).Append('\n');
            html.Append("<br>").Append(Encoded(last));
        }

        return new Letter(subject, text.ToString(), html.Append("</p></body></html>").ToString(), urgent);
    }

    private static string Encoded(string text) => Html5.Encode(text);
}
