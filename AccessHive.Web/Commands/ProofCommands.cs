using AccessHive.Core.Audit.UseCases.Verifying;
using AccessHive.Core.Kernel;
using AccessHive.Web.Start;

namespace AccessHive.Web.Commands;

/// <summary><c>prove SEQ</c>: an entry with the proof that it is in the signed trail; <c>--check FILE</c> checks one.</summary>
public static class ProveCommand
{
    /// <summary>Runs it.</summary>
    /// <returns>0 done, or it holds; 1 it does not hold; 3 bad input.</returns>
    public static int Run(string[] args, TextWriter? to = null) => OfflineCommand.Run(() =>
    {
        if (args is ["--check", ..])
            return Check(args[1..], to ?? Console.Out);
        var options = OfflineCommand.Parse("prove", args, 1, 1, ["--out"], ["--personal"]);
        using var trail = new OfflineTrail(options.Paths.Database);
        using var proof = new MemoryStream();
        trail.Prove([OfflineCommand.Number(options.Words[0])], proof, options.Has("--personal"));
        using var file = OfflineCommand.Out(options);
        proof.WriteTo(file);
        return 0;
    });

    private static int Check(string[] args, TextWriter to)
    {
        var options = OfflineCommand.Parse("prove --check", args, 1, 1, [VerifyCommand.Anchors, VerifyCommand.Key], []);
        return VerifyCommand.Say(VerifyTrail.Run(new VerifyWish(options.Words[0], options.Value(VerifyCommand.Anchors), VerifyCommand.KeyOf(options))), options.Words[0], to);
    }
}

/// <summary><c>consistency A B</c>: the proof that the trail of A entries is the beginning of the trail of B.</summary>
public static class ConsistencyCommand
{
    /// <summary>Runs it.</summary>
    /// <returns>0 done, or it holds; 1 it does not hold; 3 bad input.</returns>
    public static int Run(string[] args, TextWriter? to = null) => OfflineCommand.Run(() =>
    {
        if (args is ["--check", var file])
            return Check(file, to ?? Console.Out);
        var options = OfflineCommand.Parse("consistency", args, 2, 2, ["--out"], []);
        using var trail = new OfflineTrail(options.Paths.Database);
        var proof = trail.Consistency(OfflineCommand.Number(options.Words[0]), options.Words[1] == "newest" ? null : OfflineCommand.Number(options.Words[1]));
        using var written = OfflineCommand.Out(options);
        written.Write(proof.ToBytes());
        return 0;
    });

    private static int Check(string file, TextWriter to)
    {
        var proof = ConsistencyFile.Read(File.ReadAllBytes(file)) ?? throw new NotATrailException($"{file} is no proof that consistency wrote.");
        to.WriteLine(proof.Holds
            ? FormattableString.Invariant($"It holds: {proof.First:N0} entries with root {Convert.ToBase64String(proof.FirstRoot)} are the beginning of {proof.Second:N0} with root {Convert.ToBase64String(proof.SecondRoot)}.")
            : FormattableString.Invariant($"TAMPERED: the proof does not hold; {proof.First:N0} entries are not the beginning of those {proof.Second:N0}."));
        return proof.Holds ? 0 : 1;
    }
}

/// <summary><c>evidence CASE</c>: a case to hand over, with its entries and their proofs; <c>--check FILE</c> checks one.</summary>
public static class EvidenceCommand
{
    /// <summary>Runs it.</summary>
    /// <returns>0 done, or it holds; 1 it does not hold; 3 bad input.</returns>
    public static int Run(string[] args, TextWriter? to = null) => OfflineCommand.Run(() =>
    {
        if (args is ["--check", ..])
            return Check(args[1..], to ?? Console.Out);
        var options = OfflineCommand.Parse("evidence", args, 1, 1, ["--out"], ["--personal"]);
        if (options.Value("--out") is null)
            throw new NotATrailException("evidence needs --out FILE: what it writes is a zip.");
        using var trail = new OfflineTrail(options.Paths.Database);
        var id = EvidenceBundle.Find(trail, options.Words[0]);
        using var bundle = new MemoryStream();
        EvidenceBundle.Write(trail, EvidenceBundle.EntriesOf(trail, id), EvidenceBundle.PlainCase(trail, id), bundle, options.Has("--personal"));
        using var file = OfflineCommand.Out(options);
        bundle.WriteTo(file);
        return 0;
    });

    private static int Check(string[] args, TextWriter to)
    {
        var options = OfflineCommand.Parse("evidence --check", args, 1, 1, [VerifyCommand.Anchors, VerifyCommand.Key], []);
        var check = EvidenceBundle.Check(options.Words[0], options.Value(VerifyCommand.Anchors), VerifyCommand.KeyOf(options));
        var code = VerifyCommand.Say(check.Report, options.Words[0], to);
        to.WriteLine(check.Case.TrimEnd());
        return code;
    }
}

/// <summary><c>witness FILE</c>: on another machine, remembers and co-signs what continues, and refuses what doesn't.</summary>
public static class WitnessCommand
{
    /// <summary>Runs it.</summary>
    /// <returns>0 signed, 1 refused, 3 bad input.</returns>
    public static int Run(string[] args) => OfflineCommand.Run(() =>
    {
        var options = OfflineCommand.Parse("witness", args, 1, 1, ["--state", "--name", "--out", VerifyCommand.Key], []);
        var state = options.Value("--state") ?? throw new NotATrailException("witness needs --state FILE: there it remembers the last checkpoint, and its key lies beside it.");
        var answer = new TrailWitness(state).Look(options.Words[0], VerifyCommand.KeyOf(options), options.Value("--name"), new HiveClock(TimeProvider.System).Now);
        Console.Error.WriteLine(answer.Words);
        if (answer.Note is not { } note)
            return answer.ExitCode;
        using var written = OfflineCommand.Out(options);
        written.Write(note.ToBytes());
        return 0;
    });
}
