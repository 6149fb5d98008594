using System.Text;
using AccessHive.Core.Audit;
using AccessHive.Core.Audit.UseCases.Verifying;
using NodaTime;
using Xunit;

namespace AccessHive.Tests.Audit.Proofs;

public sealed class WitnessTests : IDisposable
{
    private static readonly Instant Now = PaperHouse.Begin + Duration.FromDays(2);
    private readonly PaperHouse house = PaperHouse.Of(40);

    private string State => house.Database + ".witness";

    public void Dispose() => house.Dispose();

    [Fact]
    public void An_entry_is_proven_to_somebody_who_has_nothing_but_the_file()
    {
        var file = house.Database + ".proof";
        using (var trail = new OfflineTrail(house.Database))
        using (var stream = File.Create(file))
            trail.Prove([17, 3], stream, notes: true);

        var report = VerifyTrail.Run(new VerifyWish(file, house.Anchors, house.FirstKey));
        Assert.Empty(report.Findings);
        Assert.Equal((0, 2L, 17L, 1L, 40L), (report.ExitCode, report.Entries, report.Last, report.Anchors, report.Anchored));

        File.WriteAllText(file, File.ReadAllText(file).Replace("credential.edited", "credential.added.", StringComparison.Ordinal));
        Assert.Equal(TrailAttack.Edited, VerifyTrail.Run(new VerifyWish(file)).Findings[0].Attack);
        using var again = new OfflineTrail(house.Database);
        Assert.Throws<NotATrailException>(() => again.Prove([41], Stream.Null, notes: false));
    }

    [Fact]
    public void A_witness_signs_what_continues_and_the_signature_counts_as_an_anchor()
    {
        var first = Witnessed(Checkpoint(1), null);
        Assert.Equal((0, true), (first.ExitCode, first.Words.Contains(house.FirstKey.ToString(), StringComparison.Ordinal)));
        Assert.Throws<NotATrailException>(() => Witnessed(Checkpoint(3), null));

        var next = Witnessed(Consistency(20, null), null);
        Assert.Equal(0, next.ExitCode);
        Assert.Equal(2, next.Note!.Signatures.Count);
        Assert.Equal(Now, next.Note.Signatures[1].CosignedAt);
        Assert.Equal(first.Note!.Signatures[1].Name, next.Note.Signatures[1].Name);

        house.WriteAnchors(1);
        Assert.Equal((2, 30L), (house.Verify().ExitCode, house.Verify().Unanchored));
        house.WriteAnchors(1, [next.Note.ToBytes()]);
        Assert.Equal((0, 40L), (house.Verify().ExitCode, house.Verify().Anchored));
    }

    [Fact]
    public void A_witness_refuses_a_fork_a_roll_back_and_a_forged_key_and_keeps_the_evidence()
    {
        Assert.Equal(0, Witnessed(Checkpoint(1), null).ExitCode);
        using var forked = new PaperFork(house);
        var fork = Witnessed(forked.Consistency(20), null);
        Assert.Equal(1, fork.ExitCode);
        Assert.Contains("forked", fork.Words, StringComparison.Ordinal);
        var kept = File.ReadAllText(State + ".fork-40");
        Assert.Contains(Encoding.UTF8.GetString(house.Checkpoints[1].Note), kept, StringComparison.Ordinal);

        Assert.Equal(0, Witnessed(Consistency(20, null), null).ExitCode);
        Assert.Contains("rolled back", Witnessed(Checkpoint(1), null).Words, StringComparison.Ordinal);
        using var other = PaperHouse.Of(40);
        Assert.Contains("forged", new TrailWitness(house.Database + ".other").Look(other.Anchors, house.FirstKey, null, Now).Words, StringComparison.Ordinal);
        Assert.Equal(0, new TrailWitness(house.Database + ".other").Look(house.Anchors, house.FirstKey, "second.example", Now).ExitCode);
    }

    [Fact]
    public void Held_against_a_witness_only_what_it_signed_is_an_anchor_and_what_claims_its_name_is_forged()
    {
        var seen = Witnessed(Checkpoint(1), null);
        var witness = KeyIn(seen.Words);
        house.WriteAnchors(1, [seen.Note!.ToBytes(), house.Checkpoints[2].Note, house.Checkpoints[3].Note]);
        Assert.Equal((0, 40L), (house.Verify().ExitCode, house.Verify().Anchored));

        var held = VerifyTrail.Run(new VerifyWish(house.Database, house.Anchors, Witness: witness));
        Assert.Equal((2, 20L, 1L), (held.ExitCode, held.Anchored, held.Anchors));

        var other = new TrailWitness(house.Database + ".other").Look(Checkpoint(1), null, witness.Name, Now);
        house.WriteAnchors(1, [other.Note!.ToBytes(), house.Checkpoints[2].Note, house.Checkpoints[3].Note]);
        var lied = VerifyTrail.Run(new VerifyWish(house.Database, house.Anchors, Witness: witness));
        Assert.Equal((1, TrailAttack.Forged), (lied.ExitCode, lied.Findings[0].Attack));
        Assert.Contains(witness.Name, lied.Findings[0].Words, StringComparison.Ordinal);
        Assert.Equal(0, house.Verify().ExitCode);
    }

    private static NoteKey KeyIn(string words)
        => words.Split(' ').Select(w => NoteKey.TryParse(w.TrimEnd('.'), out var key) && key.IsWitness ? key : null).OfType<NoteKey>().Single();

    private WitnessAnswer Witnessed(string file, NoteKey? key) => new TrailWitness(State).Look(file, key, null, Now);

    private string Checkpoint(int number)
    {
        // With the certificates before it, as the anchors have them.
        var file = house.Database + ".checkpoint";
        File.WriteAllText(file, string.Concat(house.Certificates.Select(c => c + "=\n")) + Encoding.UTF8.GetString(house.Checkpoints[number].Note) + "=\n");
        return file;
    }

    private string Consistency(long from, long? to)
    {
        using var trail = new OfflineTrail(house.Database);
        var proof = trail.Consistency(from, to);
        Assert.True(proof.Holds);
        var file = house.Database + ".consistency";
        File.WriteAllBytes(file, proof.ToBytes());
        return file;
    }

    /// <summary>The same house with the same keys, and another history.</summary>
    private sealed class PaperFork(PaperHouse house) : IDisposable
    {
        private readonly string file = house.Database + ".forked";

        public string Consistency(long from)
        {
            var (events, checkpoints) = (house.Events.ToList(), house.Checkpoints.ToList());
            house.Events[5] = house.Events[5] with { Kind = "credential.added" };
            house.Checkpoints.RemoveAt(3);
            house.Sign(40);
            house.Write(file);
            (house.Events[5], house.Checkpoints[3]) = (events[5], checkpoints[3]);
            using var trail = new OfflineTrail(file);
            File.WriteAllBytes(file + ".json", trail.Consistency(from, null).ToBytes());
            return file + ".json";
        }

        public void Dispose() => File.Delete(file);
    }
}
