using System.Globalization;
using AccessHive.Core.Audit.UseCases.Verifying;
using AccessHive.Web.Start;

namespace AccessHive.Web.Commands;

/// <summary>What the commands that check a trail have in common: nothing is started, nothing is changed, and exit code 3 is bad input.</summary>
internal static class OfflineCommand
{
    /// <summary>The exit code for what can't be read or understood.</summary>
    public const int BadInput = 3;

    private const int Step = 250_000;

    /// <summary>Runs one.</summary>
    public static int Run(Func<int> run)
    {
        try
        {
            return run();
        }
        catch (NotATrailException reason)
        {
            return new StartAnswer(reason.Message, BadInput).Say();
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return new StartAnswer($"{refused.Message.TrimEnd('.')}: check the place and who may write there.", BadInput).Say();
        }
    }

    /// <summary>Reads what follows a command.</summary>
    public static CommandOptions Parse(string command, string[] args, int least, int most, string[] valued, string[] bare)
    {
        var (options, answer) = CommandOptions.Parse(command, args, least, valued, bare, most);
        return options ?? throw new NotATrailException(answer.Sentence);
    }

    /// <summary>A number among the words.</summary>
    public static long Number(string word)
        => long.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw new NotATrailException($"{word} is no number of an entry; see --help.");

    /// <summary>Tells of long runs, where a person sees it and no pipe does.</summary>
    public static Action<VerifyProgress> Progress()
    {
        var told = 0L;
        return progress =>
        {
            if (progress.Entries / Step <= told)
                return;
            told = progress.Entries / Step;
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Checked {progress.Entries:N0} of {progress.Of:N0} entries."));
        };
    }

    /// <summary>Where the outcome goes: a file that is not there yet, or the screen.</summary>
    public static Stream Out(CommandOptions options)
    {
        if (options.Value("--out") is not { } file)
            return Console.OpenStandardOutput();
        return File.Exists(file) ? throw new NotATrailException($"{file} is there already: name a new file.") : new FileStream(file, FileMode.CreateNew);
    }
}
