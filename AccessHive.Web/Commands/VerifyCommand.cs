using System.Globalization;
using AccessHive.Core.Audit;
using AccessHive.Core.Audit.UseCases.Verifying;
using AccessHive.Web.Start;
using NodaTime.Text;

namespace AccessHive.Web.Commands;

/// <summary><c>verify</c>: whether the trail of a house, or of an export of one, is what was recorded. Offline; changes nothing.</summary>
public static class VerifyCommand
{
    /// <summary>Its options with a value.</summary>
    internal const string Anchors = "--anchors", Key = "--key", Witness = "--witness", Pages = "--pages";

    private const int MostFindings = 10;

    /// <summary>Runs it.</summary>
    /// <returns>0 good, 1 tampered, 2 a tail without anchor, 3 bad input.</returns>
    public static int Run(string[] args, TextWriter? to = null) => OfflineCommand.Run(() =>
    {
        var options = OfflineCommand.Parse("verify", args, 0, 1, [Anchors, Key, Witness], [Pages]);
        var file = options.Words is [var named] ? named : options.Paths.Database;
        return Say(VerifyTrail.Run(new VerifyWish(file, AnchorsOf(options), KeyOf(options), AllPages: options.Has(Pages), Witness: WitnessOf(options)), OfflineCommand.Progress()), file, to ?? Console.Out);
    });

    /// <summary>Says what was found.</summary>
    internal static int Say(VerifyReport report, string file, TextWriter to)
    {
        to.WriteLine(Verdict(report));
        if (report.Entries > 0)
            to.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  trail        {report.Origin}, in {file}"));
        if (report.Entries > 0)
            to.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  entries      {report.Entries:N0}, {report.First:N0} to {report.Last:N0}{(report.Newest is { } newest ? $", the newest of {InstantPattern.General.Format(newest)}" : "")}"));
        if (report.Root is not null)
            to.WriteLine($"  root         {Convert.ToBase64String(report.Root)}");
        to.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  signed       {report.Checkpoints:N0} checkpoint{(report.Checkpoints == 1 ? "" : "s")} up to entry {report.Signed:N0}; {report.Anchors:N0} anchor{(report.Anchors == 1 ? "" : "s")} outside up to entry {report.Anchored:N0}"));
        if (report.Sealed)
            to.WriteLine("  seal         every byte of the file is as it was when the house was closed");
        foreach (var finding in report.Findings.Take(MostFindings))
            to.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  found        {finding.Name}{(finding.Entry is { } entry ? $", first at entry {entry}" : "")}: {finding.Words}"));
        if (report.Findings.Count > MostFindings)
            to.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  found        {report.Findings.Count - MostFindings} more."));
        foreach (var remark in report.Remarks)
            to.WriteLine($"  note         {remark}");
        return report.ExitCode;
    }

    /// <summary>The key somebody gave.</summary>
    internal static NoteKey? KeyOf(CommandOptions options) => options.Value(Key) switch
    {
        null => null,
        var text => NoteKey.TryParse(text, out var key) ? key : throw new NotATrailException($"{Key} needs the verifier key of the house: its name, eight hex digits and the key, joined by plus signs."),
    };

    private static NoteKey? WitnessOf(CommandOptions options) => options.Value(Witness) switch
    {
        null => null,
        var text when NoteKey.TryParse(text, out var key) && key.IsWitness => key,
        _ => throw new NotATrailException($"{Witness} needs the key of a witness, as it printed it when it signed: its name, eight hex digits and the key, joined by plus signs."),
    };

    private static string? AnchorsOf(CommandOptions options)
    {
        if (options.Value(Anchors) is { } named)
            return File.Exists(named) ? named : throw new NotATrailException($"There are no anchors {named}: check the name.");
        // A file that is named is judged by itself; a house has its anchors beside it.
        return options.Words.Count == 0 && File.Exists(options.Paths.Anchors) ? options.Paths.Anchors : null;
    }

    private static string Verdict(VerifyReport report) => report.ExitCode switch
    {
        1 => $"TAMPERED: {report.Findings[0].Name}{(report.Findings[0].Entry is { } entry ? string.Create(CultureInfo.InvariantCulture, $", first at entry {entry}") : "")}.",
        2 when report.Anchors == 0 => "The trail holds in itself, but there is no anchor outside to hold it against: give --anchors FILE, or a note, a mail or a witness that names its size and root.",
        2 => string.Create(CultureInfo.InvariantCulture, $"The trail holds, but its {report.Unanchored:N0} newest entr{(report.Unanchored == 1 ? "y is" : "ies are")} not anchored outside yet: wait for the next checkpoint, or stop the house, and verify again."),
        _ when !report.IsWhole => report.Entries == 1 ? "It holds: the entry is in the signed trail." : "It holds: the entries are in the signed trail.",
        _ => "The trail is good.",
    };
}
