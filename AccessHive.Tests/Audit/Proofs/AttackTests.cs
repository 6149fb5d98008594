using AccessHive.Core.Audit;
using AccessHive.Core.Audit.UseCases.Verifying;
using NodaTime;
using Xunit;

namespace AccessHive.Tests.Audit.Proofs;

/// <summary>One tampered copy per attack (security.md, promise 8): by somebody clumsy, and by somebody who calculates everything anew.</summary>
public sealed class AttackTests : IDisposable
{
    private readonly PaperHouse house = PaperHouse.Of(40);

    public void Dispose() => house.Dispose();

    [Fact]
    public void A_trail_that_nobody_touched_is_good_with_its_anchors_and_has_a_tail_without_them()
    {
        var report = house.Verify(key: house.FirstKey);
        Assert.Empty(report.Findings);
        Assert.Equal((0, 40L, 40L, 4L, 4L, 40L), (report.ExitCode, report.Last, report.Entries, report.Checkpoints, report.Anchors, report.Anchored));
        Assert.Equal(PaperHouse.HeadOf(house.Events, 40).Root(), report.Root);

        // Whoever adds a cause of checkpoints adds it to the verifiers and to the published format.
        foreach (var cause in typeof(CheckpointCause).GetFields().Where(f => f.IsLiteral).Select(f => (string)f.GetRawConstantValue()!))
            Assert.Empty(house.Verify(house.Copy($"UPDATE TrailCheckpoints SET Cause = '{cause}'")).Findings);

        Assert.Equal((2, 40L), (house.Verify(anchors: false).ExitCode, house.Verify(anchors: false).Unanchored));
        house.WriteAnchors(3);
        Assert.Equal((2, 10L), (house.Verify().ExitCode, house.Verify().Unanchored));
    }

    [Fact]
    public void Edited()
    {
        Named(TrailAttack.Edited, 17, house.Copy("UPDATE Trail SET Payload = CAST(replace(CAST(Payload AS TEXT), 'credential.edited', 'credential.added.') AS BLOB) WHERE Seq = 17"));
        Named(TrailAttack.Edited, 17, house.Copy("UPDATE Trail SET Payload = x'7b7d' WHERE Seq = 17"));
        // Everything after it calculated anew: the signed root says between which two signatures it was.
        Named(TrailAttack.Edited, 11, house.Rewritten(e => e[16] = e[16] with { Kind = "credential.added" }));
        Named(TrailAttack.Edited, 11, house.Rewritten(e => e[16] = e[16] with { Words = "another reason" }, keepCheckpoints: 10));
    }

    [Fact]
    public void Inserted()
    {
        Named(TrailAttack.Inserted, 17, house.Copy("""
            UPDATE Trail SET Seq = -Seq WHERE Seq >= 17; UPDATE Trail SET Seq = -Seq + 1 WHERE Seq < 0;
            INSERT INTO Trail SELECT 17, RecordedAt, Type, Emergency, ActorId, PersonId, IdentityId, CredentialId, RequestId, SessionId, CAST(replace(CAST(Payload AS TEXT), '"seq":16', '"seq":17') AS BLOB), LeafHash FROM Trail WHERE Seq = 16;
            """));
        Named(TrailAttack.Inserted, 11, house.Rewritten(e => e.Insert(16, e[16] with { Kind = "credential.added" })));
        // Behind the last one, by somebody who leaves the tree alone.
        Named(TrailAttack.Inserted, 41, house.Copy($"INSERT INTO Trail SELECT 41, RecordedAt, Type, Emergency, ActorId, PersonId, IdentityId, CredentialId, RequestId, SessionId, CAST('{Next()}' AS BLOB), x'{NextLeaf()}' FROM Trail WHERE Seq = 40"));
    }

    [Fact]
    public void Deleted()
    {
        Named(TrailAttack.Deleted, 17, house.Copy("DELETE FROM Trail WHERE Seq = 17; DELETE FROM TrailNotes WHERE Seq = 17"));
        Named(TrailAttack.Deleted, 1, house.Copy("DELETE FROM Trail WHERE Seq < 4"));
        Named(TrailAttack.Deleted, 17, house.Copy("DELETE FROM Trail WHERE Seq = 17; UPDATE Trail SET Seq = -Seq WHERE Seq > 17; UPDATE Trail SET Seq = -Seq - 1 WHERE Seq < 0;"));
        Named(TrailAttack.Deleted, 11, house.Rewritten(e => e.RemoveAt(16)));
    }

    [Fact]
    public void Reordered()
    {
        Named(TrailAttack.Reordered, 15, house.Copy("UPDATE Trail SET Seq = -1 WHERE Seq = 15; UPDATE Trail SET Seq = 15 WHERE Seq = 17; UPDATE Trail SET Seq = 17 WHERE Seq = -1;"));
        // Calculated anew it is an edit like another, and is called so.
        Named(TrailAttack.Edited, 11, house.Rewritten(e => (e[14], e[16]) = (e[16] with { At = e[14].At }, e[14] with { At = e[16].At })), "another order");
    }

    [Fact]
    public void Back_dated()
    {
        Named(TrailAttack.BackDated, 17, house.Copy("UPDATE Trail SET RecordedAt = RecordedAt - 600000, Payload = CAST(replace(CAST(Payload AS TEXT), '\"at\":\"2026-11-23T08:17', '\"at\":\"2026-11-23T08:07') AS BLOB) WHERE Seq = 17"));
        Named(TrailAttack.BackDated, 11, house.Rewritten(e => e[10] = e[10] with { At = e[9].At }));
        // Behind the last signature nothing but the clock speaks against it.
        Named(TrailAttack.BackDated, 41, house.Rewritten(e => e.Add(e[39] with { })));
    }

    [Fact]
    public void The_tail_cut_off()
    {
        Named(TrailAttack.TailCut, 33, house.Copy("DELETE FROM Trail WHERE Seq > 32; DELETE FROM TrailNotes WHERE Seq > 32"));
        Named(TrailAttack.TailCut, 33, house.Rewritten(e => e.RemoveRange(32, 8)));
        Named(TrailAttack.TailCut, 33, house.Rewritten(e => e.RemoveRange(32, 8), 30, f => PaperHouse.Run(f, "UPDATE sqlite_sequence SET seq = 4")));
    }

    [Fact]
    public void The_whole_file_put_back_to_an_earlier_state()
    {
        var earlier = house.Rewritten(e => e.RemoveRange(30, 10), 30);
        Named(TrailAttack.RolledBack, 31, earlier);
        // It went on from there: the house has signed two trails.
        using var again = PaperHouse.Of(40);
        again.Events.RemoveRange(30, 10);
        for (var i = 31; i <= 45; i++)
            again.Events.Add(PaperEvent.Number(i + 100, PaperHouse.Begin + Duration.FromDays(1) + Duration.FromMinutes(100 + i)));
        var anchored = again.Checkpoints.ToList();
        again.Checkpoints.RemoveAt(3);
        again.Sign(41);
        File.Delete(again.Database);
        again.Write(again.Database);
        Named(TrailAttack.RolledBack, 31, again.Verify());
        again.Checkpoints.Insert(3, anchored[3]);
        again.Events[31] = again.Events[31] with { Kind = "house.restored" };
        again.Checkpoints.RemoveAt(4);
        File.Delete(again.Database);
        var signed = again.Checkpoints[3];
        again.Checkpoints.RemoveAt(3);
        again.Sign(41);
        again.Write(again.Database);
        Named(TrailAttack.RolledBack, 32, again.Verify());
        again.WriteAnchors(3, [signed.Note, again.Signed(again.Events, 35, signed.At + Duration.FromHours(1), signed.Epoch)]);
        Assert.Contains(again.Verify().Findings, f => f.Attack == TrailAttack.RolledBack && f.Words.Contains("Anchor", StringComparison.Ordinal));
    }

    [Fact]
    public void A_key_or_a_checkpoint_forged()
    {
        using var other = PaperHouse.Of(40);
        var note = Convert.ToHexString(other.Checkpoints[1].Note);
        Named(TrailAttack.Forged, null, house.Copy($"UPDATE TrailCheckpoints SET Note = x'{note}' WHERE Id = 2"));
        Named(TrailAttack.Forged, null, house.Copy("UPDATE TrailCheckpoints SET At = At - 60000 WHERE Id = 2"));
        Named(TrailAttack.Forged, null, house.Copy("DELETE FROM TrailCheckpoints WHERE Id = 2"));
        Named(TrailAttack.Forged, null, house.Copy($"ATTACH '{other.Database}' AS other; UPDATE TrailKeys SET PublicKey = (SELECT PublicKey FROM other.TrailKeys k WHERE k.Epoch = TrailKeys.Epoch), Certificate = (SELECT Certificate FROM other.TrailKeys k WHERE k.Epoch = TrailKeys.Epoch)"));
        // A whole house of somebody else's keys: the anchors know others, and so does who was told the key.
        Assert.Contains(house.Verify(other.Database).Findings, f => f.Attack == TrailAttack.Forged);
        Named(TrailAttack.Forged, null, house.Verify(other.Database, anchors: false, house.FirstKey));
    }

    [Fact]
    public void A_note_changed_or_deleted()
    {
        Named(TrailAttack.NoteChanged, 17, house.Copy("UPDATE TrailNotes SET Text = x'7b7d' WHERE Seq = 17"));
        Named(TrailAttack.NoteDeleted, 17, house.Copy("DELETE FROM TrailNotes WHERE Seq IN (17, 18)"));
        Named(TrailAttack.NoteChanged, 90, house.Copy("INSERT INTO TrailNotes SELECT 90, Salt, Text FROM TrailNotes WHERE Seq = 17"));
    }

    [Fact]
    public void A_note_of_a_house_so_large_that_notes_are_read_on_a_thread_of_their_own()
    {
        using var large = PaperHouse.Of(6_000);
        Assert.InRange(new FileInfo(large.Database).Length, 4 * 1024 * 1024, long.MaxValue);
        Assert.Empty(large.Verify().Findings);

        foreach (var seq in new[] { 1, 1024, 1025, 6_000 })
            Named(TrailAttack.NoteChanged, seq, large.Verify(large.Copy($"UPDATE TrailNotes SET Text = x'7b7d' WHERE Seq = {seq}")));
        Named(TrailAttack.NoteDeleted, 2048, large.Verify(large.Copy("DELETE FROM TrailNotes WHERE Seq IN (2048, 2049)")));
        Named(TrailAttack.NoteDeleted, 6_000, large.Verify(large.Copy("DELETE FROM TrailNotes WHERE Seq = 6000")));
        Named(TrailAttack.NoteChanged, 6_090, large.Verify(large.Copy("INSERT INTO TrailNotes SELECT 6090, Salt, Text FROM TrailNotes WHERE Seq = 17")));
        // An entry cannot be read on while notes still are: the walk ends, and so does the thread.
        Assert.NotEmpty(large.Verify(Torn(large)).Findings);
    }

    private static string Torn(PaperHouse house)
    {
        var copy = house.Copy("SELECT 1");
        using var file = File.Open(copy, FileMode.Open);
        file.SetLength(file.Length / 2);
        return copy;
    }

    [Theory]
    [InlineData("RecordedAt = RecordedAt + 1")]
    [InlineData("Type = 'session.ended'")]
    [InlineData("Emergency = NOT Emergency")]
    [InlineData("ActorId = NULL")]
    [InlineData("PersonId = lower(PersonId)")]
    [InlineData("IdentityId = ActorId")]
    [InlineData("CredentialId = ActorId")]
    [InlineData("RequestId = ActorId")]
    [InlineData("SessionId = ActorId")]
    [InlineData("LeafHash = zeroblob(32)")]
    public void A_column_that_says_something_else(string change) => Named(TrailAttack.ColumnLies, 17, house.Copy($"UPDATE Trail SET {change} WHERE Seq = 17"));

    [Fact]
    public void An_index_or_a_kept_hash_that_says_something_else()
    {
        using var large = PaperHouse.Of(600);
        Assert.Equal(0, large.Verify().ExitCode);
        Named(TrailAttack.ColumnLies, 257, large.Verify(large.Copy("UPDATE TrailNodes SET Hash = zeroblob(32) WHERE Idx = 1")));
        Named(TrailAttack.ColumnLies, 1, large.Verify(large.Copy("DELETE FROM TrailNodes WHERE Idx = 0")));
        Named(TrailAttack.ColumnLies, null, large.Verify(large.Copy("INSERT INTO TrailNodes VALUES (16, 0, zeroblob(32))")));
        Named(TrailAttack.ColumnLies, null, large.Verify(large.Copy("UPDATE TrailTree SET Frontier = zeroblob(length(Frontier))")));
        Named(TrailAttack.Damaged, null, large.Verify(large.Copy("PRAGMA writable_schema = 1; UPDATE sqlite_master SET sql = 'CREATE INDEX IX_Trail_RecordedAt ON Trail (Type)' WHERE name = 'IX_Trail_RecordedAt'")));
    }

    [Fact]
    public void A_purge_and_an_erasure_hold_as_their_entries_say_and_not_otherwise()
    {
        using var large = PaperHouse.Of(600);
        var root = Convert.ToHexStringLower(PaperHouse.HeadOf(large.Events, 512).Root());
        large.Events.Add(PaperEvent.Number(601, large.Events[^1].At) with { Kind = "trail.purged", Told = [("first", "1"), ("until", "512"), ("root", root), ("sha256", root)] });
        large.Events.Add(PaperEvent.Number(602, large.Events[^1].At) with { Kind = "trail.erased", Told = [("entries", "520,530-540")] });
        large.Sign(602);
        File.Delete(large.Database);
        large.Write(large.Database);
        large.WriteAnchors(large.Checkpoints.Count);
        const string purge = "DELETE FROM Trail WHERE Seq <= 512; DELETE FROM TrailNotes WHERE Seq <= 512;";
        const string erase = "DELETE FROM TrailNotes WHERE Seq IN (520, 530, 531, 540);";

        var report = large.Verify(large.Copy(purge + erase));
        Assert.Empty(report.Findings);
        Assert.Equal((0, 513L, 602L), (report.ExitCode, report.First, report.Last));

        Named(TrailAttack.Deleted, 1, large.Verify(large.Copy(purge.Replace("512", "256", StringComparison.Ordinal))));
        Named(TrailAttack.Deleted, 1, large.Verify(large.Copy(purge.Replace("512", "513", StringComparison.Ordinal))));
        Named(TrailAttack.NoteDeleted, 541, large.Verify(large.Copy(erase + "DELETE FROM TrailNotes WHERE Seq = 541")));
        Assert.Equal(1, large.Verify(large.Copy(purge + "UPDATE TrailNodes SET Hash = zeroblob(32) WHERE Idx = 1")).ExitCode);
    }

    [Fact]
    public void What_verify_cannot_detect()
    {
        // Whoever has today's key and the anchors can write what is after the last anchor outside again: here the last ten
        // entries say something else, and the house's own hand has signed it.
        using var insider = PaperHouse.Of(40);
        insider.Events[35] = insider.Events[35] with { Kind = "session.ended" };
        insider.Checkpoints.RemoveAt(3);
        insider.Sign(40);
        File.Delete(insider.Database);
        insider.Write(insider.Database);
        insider.WriteAnchors(4);
        Assert.Equal(0, insider.Verify().ExitCode);

        // What was false when it was recorded is recorded well.
        using var liar = PaperHouse.Of(10);
        liar.Events.Add(PaperEvent.Number(11, liar.Events[^1].At + Duration.FromMinutes(1)) with { Words = "to look after the campaign" });
        liar.Sign(11);
        File.Delete(liar.Database);
        liar.Write(liar.Database);
        liar.WriteAnchors(2);
        Assert.Equal(0, liar.Verify().ExitCode);

        // Another table, while there is no seal; with the seal it is named.
        PaperHouse.Run(house.Database, "CREATE TABLE Policies (Minutes INTEGER); INSERT INTO Policies VALUES (60)");
        File.WriteAllBytes(house.Database + ".seal", house.Seal(house.Database, 40, PaperHouse.HeadOf(house.Events, 40).Root()));
        Assert.True(house.Verify() is { ExitCode: 0, Sealed: true });
        PaperHouse.Run(house.Database, "UPDATE Policies SET Minutes = 6000");
        Named(TrailAttack.Damaged, null, house.Verify());
        File.Delete(house.Database + ".seal");
        Assert.Equal(0, house.Verify().ExitCode);
    }

    private void Named(TrailAttack attack, long? entry, string file, string words = "") => Named(attack, entry, house.Verify(file), words);

    private static void Named(TrailAttack attack, long? entry, VerifyReport report, string words = "")
    {
        Assert.Equal(1, report.ExitCode);
        Assert.True(report.Findings[0].Attack == attack && report.Findings[0].Entry == entry, string.Join('\n', report.Findings));
        Assert.Contains(words, report.Findings[0].Words, StringComparison.Ordinal);
    }

    private string Next() => System.Text.Encoding.UTF8.GetString(NextEntry().Payload);

    private string NextLeaf() => Convert.ToHexString(NextEntry().LeafHash);

    private TrailEntry NextEntry()
    {
        var events = house.Events.Append(house.Events[^1] with { At = house.Events[^1].At + Duration.FromMinutes(1) }).ToList();
        return PaperHouse.Entries(events)[40].Entry;
    }
}
