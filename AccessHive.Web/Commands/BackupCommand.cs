using System.Globalization;
using AccessHive.Core.Storage;
using AccessHive.Web.Start;
using NodaTime.Text;

namespace AccessHive.Web.Commands;

/// <summary><c>backup FILE</c>: a checked copy of a house, while it runs.</summary>
public static class BackupCommand
{
    /// <summary>Runs it.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        var (options, answer) = CommandOptions.Parse("backup", args, words: 1, [], []);
        if (options is null)
            return answer.Say();

        var (paths, file) = (options.Paths, Path.GetFullPath(options.Words[0]));
        var facts = await Backups.WriteAsync(paths, file);
        Console.WriteLine($"{file} is written and checked: {Words(facts)}.");
        Console.WriteLine($"The key is not in it: keep a copy of {paths.KeyFile} somewhere else, without it no secret opens.");
        if (!await Backups.NoteAsync(paths, facts))
            Console.WriteLine("It could not be noted in the trail, because the house is busy or of another version; the backup is good all the same.");
        return 0;
    }

    /// <summary>Size, entries and newest entry of a backup, for a person.</summary>
    public static string Words(BackupFacts facts) => string.Create(
        CultureInfo.InvariantCulture,
        $"{facts.Bytes / 1024.0 / 1024.0:N1} MiB, {facts.Entries:N0} entries{(facts.Newest is { } newest ? $", the newest of {InstantPattern.General.Format(newest)}" : "")}");
}
