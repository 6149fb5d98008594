using System.Text;
using System.Text.RegularExpressions;

namespace AccessHive.Core.Connectors;

/// <summary>What to type next while <c>passwd</c> asks.</summary>
public enum PasswdStep
{
    /// <summary>Nothing: it has not asked to the end.</summary>
    Listen,

    /// <summary>The password in force.</summary>
    TypeCurrent,

    /// <summary>The new password.</summary>
    TypeNext,

    /// <summary>It ended and was content.</summary>
    Changed,

    /// <summary>It ended and was not content, or asks a second time.</summary>
    Refused,
}

/// <summary>
/// The conversation with <c>passwd</c>, without the line it is held over: what was heard so far decides what is typed. A
/// password is typed only where one is asked for, and each question is answered once.
/// </summary>
public sealed partial class PasswdTalk
{
    /// <summary>
    /// Puts <c>passwd</c> in the place of the login shell, so that nothing typed later can reach a shell or its history;
    /// in English, and with its exit code said aloud at the end. <c>%d</c> keeps the echo of this line from being taken
    /// for that.
    /// </summary>
    public const string Command = "exec env LC_ALL=C sh -c 'passwd; printf \"\\naccesshive-passwd-ended %d\\n\" \"$?\"'\n";

    private const int MostHeard = 64 * 1024;
    private readonly StringBuilder heard = new();
    private bool saidCurrent, saidNext, saidAgain;

    /// <summary>Hears what came over the line.</summary>
    public PasswdStep Hear(string text)
    {
        heard.Append(text);
        if (heard.Length > MostHeard)
            return PasswdStep.Refused;
        var all = heard.ToString();
        if (Ended().Match(all) is { Success: true } ended)
            return ended.Groups["code"].ValueSpan is "0" && saidNext ? PasswdStep.Changed : PasswdStep.Refused;
        if (Question().Match(all) is not { Success: true } question)
            return PasswdStep.Listen;
        heard.Clear();
        return Answer(question);
    }

    private PasswdStep Answer(Match question)
    {
        if (question.Groups["again"].Success)
            return Once(ref saidAgain, PasswdStep.TypeNext);
        if (question.Groups["next"].Success)
            return Once(ref saidNext, PasswdStep.TypeNext);
        return Once(ref saidCurrent, PasswdStep.TypeCurrent);
    }

    private static PasswdStep Once(ref bool said, PasswdStep step)
    {
        var before = said;
        said = true;
        return before ? PasswdStep.Refused : step;
    }

    [GeneratedRegex(@"accesshive-passwd-ended (?<code>\d+)\s", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Ended();

    // The last line, still open: "Current password: ", "(current) UNIX password: ", "Old password:", "New password: ",
    // "Retype new password: ", "Re-enter new password:", "New password again:".
    [GeneratedRegex(@"^[^\n]*?((?<again>(re-?type|re-?enter|repeat|confirm|verify)[^\n:]*password[^\n:]*|password[^\n:]*again[^\n:]*)|(?<next>new[^\n:]*password[^\n:]*)|(?<current>(current|old)[^\n:]*password[^\n:]*)):[ \t\r]*\z", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase | RegexOptions.Multiline | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Question();
}
