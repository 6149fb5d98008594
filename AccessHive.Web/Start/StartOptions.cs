using System.Globalization;
using System.Reflection;
using AccessHive.Core.Storage;

namespace AccessHive.Web.Start;

/// <summary>What the command line asked for.</summary>
/// <param name="Demo">A furnished agency in a data folder of its own.</param>
/// <param name="DataFolder">Where the database is kept.</param>
/// <param name="Url">Where to listen.</param>
/// <param name="MetricsPort">Where else to listen on 127.0.0.1, for metrics and nothing else; nowhere, if null.</param>
/// <param name="PassphraseFile">The file that says the passphrase, if one was named.</param>
public sealed record StartOptions(bool Demo, string DataFolder, string Url, int? MetricsPort = null, string? PassphraseFile = null)
{
    /// <summary>Hosts that webhooks may reach although their addresses are private; public ones need no naming.</summary>
    public IReadOnlyList<string> WebhookHosts { get; init; } = [];

    /// <summary>The file where checkpoints are kept a second time, if one was named.</summary>
    public string? AnchorPath { get; init; }

    /// <summary>The port, unless another is asked for.</summary>
    public const int UsualPort = 5080;

    private const string Help = """
        AccessHive – emergency access to shared accounts

          --demo                    start a furnished agency in a data folder of its own
          --data FOLDER             keep the database in this folder (its key file lies beside it)
          --port N                  listen on http://localhost:N instead of 5080
          --urls URL                listen on this address instead
          --webhook-host HOST       let webhooks reach this host at a private address; can be repeated
          --passphrase-file FILE    read the passphrase from this file (or set ACCESSHIVE_PASSPHRASE)
          --anchors FILE            keep checkpoints of the trail a second time, in this file (best on another disk)
          --metrics-port N          show metrics at http://127.0.0.1:N/metrics
          --version                 print the version
          --help                    print this

        Instead of starting, with --data FOLDER and --passphrase-file FILE where they are needed:

          backup FILE               copy the house into a file while it runs, and check the copy
          restore FILE --check      check a backup, and that the key of this house opens it
          restore FILE              put a backup in place; the house is moved aside
          rekey                     change the key; run it again if it was stopped
             --to-passphrase-file FILE  to one that is made from the passphrase in this file
             --to-key-file              to one that lies in the key file itself

        To take the trail out, and to check it, without starting anything and without a key:

          export --format F         write the trail as jsonl, csv, ocsf, cef, syslog or cloudevents
             --out FILE                 to this file, and not to the standard output
             --after N  --follow        what is newer than entry N; and go on until Ctrl+C
             --filter NAME              what somebody's kept filter says
             --emergency --person WHO --identity NAME --type KIND --words TEXT --from DAY --until DAY
             --without-personal         without names and words of people
          verify [FILE]             a house, running or not, a copy of its database, or an export
             --anchors FILE             checkpoints that were kept outside (or the ones beside the house)
             --pages                    let SQLite check every page, also of a large file
             --key KEY                  a key of the house that you were told another way
             --witness KEY              only checkpoints that this witness signed count as kept outside
          prove SEQ [--out FILE]    an entry with its proof; with --personal, names and words too
          prove --check FILE        check such a file
          consistency A B [--out FILE]
                                    that the first A entries are the beginning of B, or of newest
          consistency --check FILE  check such a file
          evidence CASE --out FILE  a case to hand over: its entries with their proofs, in a zip
          evidence --check FILE     check such a zip
          witness FILE --state FILE on another machine: sign the checkpoint in FILE if it continues
                                    the last one seen; --name, --key and --out as needed
             exit codes: 0 good, 1 tampered or refused, 2 a tail without anchor, 3 bad input
        """;

    /// <summary>Folder and key file.</summary>
    public HousePaths Paths => HousePaths.In(DataFolder) with { AnchorPath = AnchorPath is null ? null : Path.GetFullPath(AnchorPath) };

    /// <summary>The same, with the place for checkpoints that the configuration names, unless the command line named one.</summary>
    public HousePaths PathsWith(string? anchors) => AnchorPath is null && !string.IsNullOrWhiteSpace(anchors) ? Paths with { AnchorPath = Path.GetFullPath(anchors) } : Paths;

    /// <summary>Reads the command line. Either there are options, or there is an answer to give instead.</summary>
    public static (StartOptions? Options, StartAnswer Answer) Parse(IReadOnlyList<string> args)
    {
        var demo = false;
        string? folder = null;
        int? metrics = null;
        string? passphrase = null;
        string? anchors = null;
        IReadOnlyList<string> webhookHosts = [];
        var url = Environment.GetEnvironmentVariable("ASPNETCORE_URLS")?.Split(';')[0] ?? $"http://localhost:{UsualPort.ToString(CultureInfo.InvariantCulture)}";
        for (var i = 0; i < args.Count; i++)
        {
            var value = i + 1 < args.Count ? args[i + 1] : null;
            switch (args[i])
            {
                case "--help" or "-h":
                    return (null, new StartAnswer(Help, 0));
                case "--version":
                    return (null, new StartAnswer(Version, 0));
                case "--demo":
                    demo = true;
                    break;
                case "--data" when !string.IsNullOrWhiteSpace(value):
                    folder = value;
                    i++;
                    break;
                case "--port" when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and <= 65535:
                    url = $"http://localhost:{port.ToString(CultureInfo.InvariantCulture)}";
                    i++;
                    break;
                case "--urls" when Uri.TryCreate(value, UriKind.Absolute, out var given) && given.Scheme is "http" or "https":
                    url = value!;
                    i++;
                    break;
                case "--metrics-port" when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and <= 65535:
                    metrics = port;
                    i++;
                    break;
                case "--webhook-host" when !string.IsNullOrWhiteSpace(value):
                    webhookHosts = [.. webhookHosts, value.Trim()];
                    i++;
                    break;
                case "--passphrase-file" when !string.IsNullOrWhiteSpace(value):
                    passphrase = value;
                    i++;
                    break;
                case "--anchors" when !string.IsNullOrWhiteSpace(value):
                    anchors = value;
                    i++;
                    break;
                case "--data" or "--anchors" or "--port" or "--urls" or "--metrics-port" or "--webhook-host" or "--passphrase-file":
                    return (null, new StartAnswer($"{args[i]} needs a value that makes sense; see --help.", 2));
                default:
                    return (null, new StartAnswer($"AccessHive doesn't know the option {args[i]}; see --help.", 2));
            }
        }

        return (new StartOptions(demo, folder ?? UsualFolder(demo), url, metrics, passphrase) { WebhookHosts = webhookHosts, AnchorPath = anchors }, default);
    }

    private static string Version => typeof(StartOptions).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    /// <summary>Where the database is kept when nobody says where.</summary>
    public static string UsualFolder(bool demo)
    {
        var home = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.Create);
        var root = Path.Combine(home.Length > 0 ? home : Environment.CurrentDirectory, "AccessHive");
        return Path.Combine(root, demo ? "demo" : "agency");
    }
}

/// <summary>What to print instead of starting.</summary>
/// <param name="Sentence">The words.</param>
/// <param name="ExitCode">0 when that was what they asked for.</param>
public readonly record struct StartAnswer(string Sentence, int ExitCode)
{
    /// <summary>Prints it.</summary>
    public int Say()
    {
        (ExitCode == 0 ? Console.Out : Console.Error).WriteLine(Sentence);
        return ExitCode;
    }
}
