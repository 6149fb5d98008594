using AccessHive.Core.Audit;
using AccessHive.Core.Audit.UseCases;
using AccessHive.Core.Audit.UseCases.Verifying;
using AccessHive.Core.Kernel;
using AccessHive.Core.Storage;
using AccessHive.Core.Vault;
using AccessHive.Tests.World;
using Microsoft.EntityFrameworkCore;
using NodaTime;
using Xunit;

namespace AccessHive.Tests.Audit;

/// <summary>A house as the product writes it, verified while it runs and when it is closed.</summary>
public sealed class VerifyHouseTests : IAsyncLifetime
{
    private TestAgency agency = null!;

    public async ValueTask InitializeAsync() => agency = await TestAgency.FoundAsync();

    public ValueTask DisposeAsync() => agency.DisposeAsync();

    [Fact]
    public async Task A_running_house_verifies_and_an_emergency_that_its_index_hides_is_named()
    {
        var session = await agency.GrantAsync(agency.Adam);
        await agency.RevealAsync(agency.Adam, session);
        Assert.Throws<NotATrailException>(() => new OfflineTrail(agency.Paths.Database).Dispose());
        Assert.Equal(2, Verify().ExitCode);
        await SignAsync();
        agency.Time.Advance(Duration.FromDays(1));
        await agency.RevealAsync(agency.Max, session);
        await SignAsync();

        var report = Verify();
        Assert.Empty(report.Findings);
        Assert.Equal((0, await EntriesAsync(), 2L, 2L), (report.ExitCode, report.Last, report.Checkpoints, report.Anchors));

        await using (var db = await agency.ReadAsync())
        {
            await db.Database.ExecuteSqlAsync($"DELETE FROM TrailWords WHERE rowid = (SELECT MIN(Seq) FROM Trail WHERE Emergency)");
            Assert.Contains(Verify().Findings, f => f.Attack == TrailAttack.ColumnLies && f.Words.Contains("index of emergencies", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task What_is_not_anchored_yet_is_counted()
    {
        await SignAsync();
        var report = Verify();
        await agency.RaiseAsync(agency.Max);
        Assert.Equal((2, await EntriesAsync() - report.Last), (Verify().ExitCode, Verify().Unanchored));
    }

    [Fact]
    public async Task A_house_that_was_put_back_to_a_backup_is_named_and_so_is_why()
    {
        await agency.GrantAsync(agency.Adam);
        await SignAsync();
        var backup = agency.Paths.Database + ".copy";
        await using (var db = await agency.ReadAsync())
            await db.Database.ExecuteSqlAsync($"VACUUM INTO {backup}");
        agency.Time.AdvanceMinutes(3);
        await agency.RaiseAsync(agency.Max);
        await SignAsync();

        Assert.Equal(TrailAttack.RolledBack, VerifyTrail.Run(new VerifyWish(backup, agency.Paths.Anchors)).Findings[0].Attack);
    }

    [Fact]
    public async Task A_closed_house_verifies_byte_by_byte_and_looking_leaves_nothing_behind()
    {
        await agency.GrantAsync(agency.Adam);
        await SignAsync();
        await agency.LeaveAsync();
        using var key = KeyFile.Parse((await File.ReadAllTextAsync(agency.Paths.KeyFile)).Trim())!.Open([]);
        Assert.True(await ClosingSeals.WriteAsync(agency.Paths, key));
        var before = Directory.GetFiles(agency.Paths.DataFolder).Order(StringComparer.Ordinal).ToList();

        var report = Verify();
        Assert.Empty(report.Findings);
        Assert.True(report is { ExitCode: 0, Sealed: true });
        Assert.Equal(before, Directory.GetFiles(agency.Paths.DataFolder).Order(StringComparer.Ordinal));

        await OtherVerifiers.AgreesAsync(report, agency.Paths.Database, agency.Paths.Anchors);
        var (proof, consistency) = (agency.Paths.Database + ".jsonl", agency.Paths.Database + ".json");
        using (var trail = new OfflineTrail(agency.Paths.Database))
        {
            await using (var file = File.Create(proof))
                trail.Prove([1, 2, report.Last / 2, report.Last], file, notes: true);
            await File.WriteAllBytesAsync(consistency, trail.Consistency(report.Last / 2, null).ToBytes());
        }

        await OtherVerifiers.AgreeOnProofsAsync(proof, consistency, 4, report.Last);
    }

    [Fact]
    public async Task A_case_is_handed_over_with_its_entries_and_anybody_can_check_it()
    {
        var session = await agency.GrantAsync(agency.Adam);
        await agency.RevealAsync(agency.Adam, session);
        await SignAsync();
        byte[] bundle;
        using (var trail = new OfflineTrail(agency.Paths.Database))
        {
            var id = EvidenceBundle.Find(trail, "1");
            Assert.Equal(id, EvidenceBundle.Find(trail, id.ToString()));
            Assert.Throws<NotATrailException>(() => EvidenceBundle.Find(trail, "2"));
            var entries = EvidenceBundle.EntriesOf(trail, id);
            Assert.Equal(await TypesAsync(session), await TypesAsync(entries));
            bundle = await agency.Get<CaseEvidence>().WriteAsync(id, EvidenceBundle.PlainCase(trail, id));
        }

        var file = agency.Paths.Database + ".zip";
        await File.WriteAllBytesAsync(file, bundle);
        var check = EvidenceBundle.Check(file, agency.Paths.Anchors);
        Assert.Equal(0, check.Report.ExitCode);
        Assert.Contains("\"number\": 1", check.Case, StringComparison.Ordinal);

        await using (var stream = File.Open(file, FileMode.Open))
        using (var zip = new System.IO.Compression.ZipArchive(stream, System.IO.Compression.ZipArchiveMode.Update))
        {
            string lines;
            using (var reader = new StreamReader(zip.GetEntry("entries.jsonl")!.Open()))
                lines = await reader.ReadToEndAsync();
            zip.GetEntry("entries.jsonl")!.Delete();
            await using var writer = new StreamWriter(zip.CreateEntry("entries.jsonl").Open());
            await writer.WriteAsync(lines.Replace("secret-revealed", "secret-renamed.", StringComparison.Ordinal));
        }

        Assert.Equal(TrailAttack.Edited, EvidenceBundle.Check(file).Report.Findings[0].Attack);
    }

    // What happened in the emergency, from the request to the reveal.
    private async Task<List<string>> TypesAsync(SessionId session)
    {
        await using var db = await agency.ReadAsync();
        var request = await db.Sessions.Where(s => s.Id == session).Select(s => s.RequestId).SingleAsync();
        return await db.Trail.Where(e => e.RequestId == request || e.SessionId == session).OrderBy(e => e.Seq).Select(e => e.Type).ToListAsync();
    }

    private async Task<List<string>> TypesAsync(IReadOnlyList<long> entries)
    {
        await using var db = await agency.ReadAsync();
        return await db.Trail.Where(e => entries.Contains(e.Seq)).OrderBy(e => e.Seq).Select(e => e.Type).ToListAsync();
    }

    private VerifyReport Verify() => VerifyTrail.Run(new VerifyWish(agency.Paths.Database, File.Exists(agency.Paths.Anchors) ? agency.Paths.Anchors : null));

    private async Task SignAsync()
    {
        agency.Time.AdvanceMinutes(1);
        await agency.Get<CheckpointKeeper>().LookAsync(default);
        await agency.Get<AnchorKeeper>().LookAsync(default);
    }

    private async Task<long> EntriesAsync()
    {
        await using var db = await agency.ReadAsync();
        return await db.Trail.LongCountAsync();
    }
}
