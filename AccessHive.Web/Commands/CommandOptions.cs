using AccessHive.Core.Storage;
using AccessHive.Web.Start;

namespace AccessHive.Web.Commands;

/// <summary>What follows a command: words, options with a value, and options without one. No value is guessed.</summary>
public sealed class CommandOptions
{
    private readonly Dictionary<string, string> values = new(StringComparer.Ordinal);
    private readonly HashSet<string> flags = new(StringComparer.Ordinal);

    private CommandOptions()
    {
    }

    /// <summary>The words that are no options.</summary>
    public List<string> Words { get; } = [];

    /// <summary>The house that is meant.</summary>
    public HousePaths Paths => HousePaths.In(Value("--data") ?? StartOptions.UsualFolder(demo: false));

    /// <summary>Where the passphrase of the house comes from.</summary>
    public PassphraseFrom Passphrase => new(Value("--passphrase-file"));

    /// <summary>Reads what follows a command. Either there are options, or there is an answer to give instead.</summary>
    /// <param name="command">The command, for the answer.</param>
    /// <param name="args">What follows it.</param>
    /// <param name="words">How many words it takes, at least.</param>
    /// <param name="valued">Its options with a value, besides <c>--data</c>.</param>
    /// <param name="bare">Its options without one.</param>
    /// <param name="most">How many words it takes at most, if that is another number.</param>
    public static (CommandOptions? Options, StartAnswer Answer) Parse(string command, string[] args, int words, string[] valued, string[] bare, int? most = null)
    {
        var read = new CommandOptions();
        for (var i = 0; i < args.Length; i++)
        {
            if (bare.Contains(args[i], StringComparer.Ordinal))
                read.flags.Add(args[i]);
            else if (args[i] == "--data" || valued.Contains(args[i], StringComparer.Ordinal))
            {
                var (option, value) = (args[i], i + 1 < args.Length ? args[++i] : "");
                if (string.IsNullOrWhiteSpace(value) || !read.values.TryAdd(option, value))
                    return (null, new StartAnswer($"{option} needs one value that makes sense; see --help.", 2));
            }
            else if (args[i].StartsWith('-'))
                return (null, new StartAnswer($"{command} doesn't know the option {args[i]}; see --help.", 2));
            else
                read.Words.Add(args[i]);
        }

        return read.Words.Count >= words && read.Words.Count <= (most ?? words) && read.Words.TrueForAll(w => !string.IsNullOrWhiteSpace(w))
            ? (read, default)
            : (null, new StartAnswer(words == 0 && most is null ? $"{command} takes options only; see --help." : words == 1 && most is null ? $"{command} needs exactly one file; see --help." : $"{command} takes other words; see --help.", 2));
    }

    /// <summary>The value of an option, if it was given.</summary>
    public string? Value(string option) => values.GetValueOrDefault(option);

    /// <summary>Whether an option was given.</summary>
    public bool Has(string option) => flags.Contains(option) || values.ContainsKey(option);
}
