using AccessHive.Core.Storage;
using AccessHive.Web.Start;

namespace AccessHive.Web.Commands;

/// <summary>What the executable is asked to do: to serve, unless its first word is a command.</summary>
public static class CommandLine
{
    /// <summary>Does it.</summary>
    /// <returns>The exit code: 0 done, 1 refused with one sentence, 2 not understood; the commands that check a trail have their own.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        try
        {
            return args switch
            {
                ["rekey", .. var rest] => await RekeyCommand.RunAsync(rest),
                ["backup", .. var rest] => await BackupCommand.RunAsync(rest),
                ["restore", .. var rest] => await RestoreCommand.RunAsync(rest),
                ["verify", .. var rest] => VerifyCommand.Run(rest),
                ["prove", .. var rest] => ProveCommand.Run(rest),
                ["consistency", .. var rest] => ConsistencyCommand.Run(rest),
                ["evidence", .. var rest] => EvidenceCommand.Run(rest),
                ["witness", .. var rest] => WitnessCommand.Run(rest),
                ["export", .. var rest] => await ExportCommand.RunAsync(rest),
                _ => await ServeAsync(args),
            };
        }
        catch (CannotStartException reason)
        {
            return new StartAnswer(reason.Message, 1).Say();
        }
    }

    private static async Task<int> ServeAsync(string[] args)
    {
        var (options, answer) = StartOptions.Parse(args);
        return options is null ? answer.Say() : await HiveHost.RunAsync(options);
    }
}
