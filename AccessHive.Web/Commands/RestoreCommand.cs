using System.Globalization;
using AccessHive.Core.Storage;
using AccessHive.Web.Start;

namespace AccessHive.Web.Commands;

/// <summary><c>restore FILE</c>: puts a backup in place of a house that is not running; with <c>--check</c> it only looks.</summary>
public static class RestoreCommand
{
    private const string Check = "--check";

    /// <summary>Runs it.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        var (options, answer) = CommandOptions.Parse("restore", args, words: 1, ["--passphrase-file"], [Check]);
        if (options is null)
            return answer.Say();

        var (paths, file) = (options.Paths, Path.GetFullPath(options.Words[0]));
        if (!File.Exists(file))
            throw new CannotStartException($"There is no backup {file}: check its name.");
        if (!File.Exists(paths.KeyFile))
            throw new CannotStartException($"The key file {paths.KeyFile} is missing, and without it the secrets in the backup can't be opened: put it there first.");
        return options.Has(Check) ? await CheckAsync(options, file) : await RestoreAsync(options, file);
    }

    private static async Task<int> CheckAsync(CommandOptions options, string file)
    {
        using var key = OpenHouse.ReadKey(options.Paths, options.Passphrase);
        Say(file, await Backups.CheckAsync(file, key));
        return 0;
    }

    private static async Task<int> RestoreAsync(CommandOptions options, string file)
    {
        using var house = HouseLock.Take(options.Paths);
        using var key = OpenHouse.ReadKey(options.Paths, options.Passphrase);
        var (facts, aside) = await Backups.RestoreAsync(options.Paths, file, key);
        Say(file, facts);
        if (aside is not null)
            Console.WriteLine($"The database that was there is now {aside}.");
        Console.WriteLine($"The backup is in place in {options.Paths.DataFolder}: start AccessHive as before.");
        return 0;
    }

    private static void Say(string file, BackupFacts facts)
    {
        Console.WriteLine($"{file} holds: {BackupCommand.Words(facts)}.");
        Console.WriteLine(facts.Secrets is { } open
            ? string.Create(CultureInfo.InvariantCulture, $"The key of this house opens it and all of its {open:N0} secrets.")
            : "The key of this house opens it. An older version wrote it: its secrets are checked when it is restored.");
        if (facts.Dead > 0)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{facts.Dead:N0} more secrets were left behind by an earlier rekey and open with another key, if with any."));
        if (!facts.HasChecksum)
            Console.WriteLine("Its checksum (.sha256) is not beside it: damage outside the trail, the secrets and the structure would go unseen.");
    }
}
