using System.Globalization;
using AccessHive.Core.Storage;
using AccessHive.Web.Start;

namespace AccessHive.Web.Commands;

/// <summary><c>rekey</c>: a new key-encryption key for a house that is not running.</summary>
public static class RekeyCommand
{
    private const string ToPassphrase = "--to-passphrase-file";
    private const string ToKeyFile = "--to-key-file";
    private const int Lines = 20;

    /// <summary>Runs it.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        var (options, answer) = CommandOptions.Parse("rekey", args, words: 0, ["--passphrase-file", ToPassphrase], [ToKeyFile]);
        if (options is null)
            return answer.Say();
        if (options.Has(ToPassphrase) && options.Has(ToKeyFile))
            return new StartAnswer($"{ToPassphrase} and {ToKeyFile} exclude each other; see --help.", 2).Say();

        var paths = options.Paths;
        Backups.CheckIsHouse(paths);
        using var house = HouseLock.Take(paths);
        var done = await Rekeying.RunAsync(paths, options.Passphrase, Wish(options), new Progress().Tell);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"The house has a new key: it opens {done.Secrets:N0} secrets{(done.Resumed ? ", finished from where it had stopped" : "")}."));
        if (done.Left > 0)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{done.Left:N0} secrets were left as they were, because the old key did not open them either."));
        Console.WriteLine($"Take a new backup, and keep a copy of {paths.KeyFile} apart from it: backups made before open with the old key only.");
        return 0;
    }

    private static RekeyWish Wish(CommandOptions options)
    {
        bool? toPassphrase = options.Has(ToPassphrase) ? true : options.Has(ToKeyFile) ? false : null;
        return new RekeyWish(toPassphrase, options.Has(ToPassphrase) ? new PassphraseFrom(options.Value(ToPassphrase)) : new PassphraseFrom(options.Value("--passphrase-file"), "New passphrase: "));
    }

    // At most twenty lines, however many secrets there are.
    private sealed class Progress
    {
        private long told;

        public void Tell(RewrapProgress progress)
        {
            var line = progress.Seen * Lines / Math.Max(1, progress.ToDo);
            if (line == told)
                return;
            told = line;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Rewrapped {progress.Seen:N0} of {progress.ToDo:N0} keys."));
        }
    }
}
