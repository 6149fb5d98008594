using System.Text;
using AccessHive.Core.Audit;
using AccessHive.Core.Audit.UseCases;
using AccessHive.Core.Audit.UseCases.Verifying;
using AccessHive.Core.Kernel;
using AccessHive.Core.Storage;
using AccessHive.Tests.World;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using NodaTime;
using Xunit;

namespace AccessHive.Tests.Audit;

public sealed class RetentionTests : IAsyncLifetime
{
    private const string Why = "kept long enough";
    private TestAgency agency = null!;

    public async ValueTask InitializeAsync() => agency = await TestAgency.FoundAsync();

    public ValueTask DisposeAsync() => agency.DisposeAsync();

    [Fact]
    public async Task Two_people_purge_what_is_old_enough_and_everything_else_still_proves()
    {
        await FillAsync(600);
        await SignAsync();
        Assert.Equal("purge-nothing-old", (await AskAsync(agency.Adam)).Refusal?.Code);
        agency.Time.Advance(Duration.FromDays(370));
        await FillAsync(10);
        await SignAsync();

        var asked = (await AskAsync(agency.Adam)).Require();
        var open = (await agency.Get<PurgeTrail>().ReadAsync(agency.Sofia)).Open!;
        Assert.Equal((1, 512, Why), (open.First, open.Until, open.Reason));
        Assert.Empty(VerifyTrail.Run(new VerifyWish(open.File)).Findings);
        Assert.Equal("purge-open-already", (await AskAsync(agency.Olivia)).Refusal?.Code);
        Assert.Equal("purge-own", (await ConfirmAsync(agency.Adam, asked)).Refusal?.Code);
        Assert.Equal("purge-not-confirmer", (await ConfirmAsync(agency.Aiko, asked)).Refusal?.Code);
        Assert.Equal(1, await OldestAsync());
        (await ConfirmAsync(agency.Sofia, asked)).Require();

        Assert.Equal(513, await OldestAsync());
        Assert.Equal("purge-over", (await ConfirmAsync(agency.Olivia, asked)).Refusal?.Code);
        Assert.Equal(2, await CountAsync("SELECT COUNT(*) AS \"Value\" FROM \"TrailPurges\", \"Trail\" WHERE \"Type\" LIKE 'trail.purge%'"));
        Assert.Equal(0, await CountAsync("SELECT COUNT(*) AS \"Value\" FROM \"TrailNotes\" WHERE \"Seq\" <= 512"));
        await NothingIsLeftOfAsync(512);
        await Assert.ThrowsAsync<SqliteException>(() => agency.SqlAsync("DELETE FROM Trail WHERE Seq = 513"));
        Assert.Null(await agency.Get<ReadTrail>().DetailAsync(agency.Aiko, 512));
        Assert.Equal("trail.purged", (await agency.Get<ReadTrail>().PageAsync(agency.Aiko, new TrailFilter(Type: "trail.purged"))).Rows.Single().Type);
        await ProvesAsync(512);

        // The next one begins where this one ended: each entry of its export brings its proof along.
        await FillAsync(600);
        agency.Time.Advance(Duration.FromDays(370));
        await SignAsync();
        var second = (await AskAsync(agency.Olivia)).Require();
        (await ConfirmAsync(agency.Adam, second)).Require();
        var last = (await agency.Get<PurgeTrail>().ReadAsync(agency.Sofia)).Last!;
        Assert.Equal((513, 1024, "Adam"), (last.First, last.Until, last.ConfirmedByName));
        Assert.Empty(VerifyTrail.Run(new VerifyWish(last.File)).Findings);

        await SignAsync();
        await agency.Get<AnchorKeeper>().LookAsync(default);
        var backup = Path.Combine(Path.GetDirectoryName(agency.Paths.DataFolder)!, "backup.db");
        Assert.Equal(await NewestAsync(), (await Backups.WriteAsync(agency.Paths, backup)).Entries);
        await agency.RestartAsync();
        (await agency.RaiseAsync(agency.Adam)).Require();
        await SignAsync();
        await agency.Get<AnchorKeeper>().LookAsync(default);
        await agency.LeaveAsync();
        var verified = VerifyTrail.Run(new VerifyWish(agency.Paths.Database, agency.Paths.Anchors));
        Assert.Empty(verified.Findings);
        Assert.Equal((0, 1025), (verified.ExitCode, verified.First));
    }

    [Fact]
    public async Task Whatever_else_is_missing_at_the_beginning_was_cut()
    {
        await FillAsync(900);
        agency.Time.Advance(Duration.FromDays(370));
        await SignAsync();
        (await ConfirmAsync(agency.Sofia, (await AskAsync(agency.Adam)).Require())).Require();
        await FillAsync(300);
        await SignAsync();
        await agency.SqlAsync("DROP TRIGGER TR_Trail_NoDelete; DELETE FROM Trail WHERE Seq <= 1024; DELETE FROM TrailNotes WHERE Seq <= 1024; DELETE FROM TrailWords WHERE rowid <= 1024");
        await agency.LeaveAsync();

        Assert.NotEmpty(VerifyTrail.Run(new VerifyWish(agency.Paths.Database)).Findings);
    }

    [Fact]
    public async Task An_emergency_that_is_not_closed_holds_it_and_is_named()
    {
        (await agency.RaiseAsync(agency.Adam)).Require();
        await FillAsync(600);
        agency.Time.Advance(Duration.FromDays(370));
        await agency.SettleAsync();

        var refused = (await AskAsync(agency.Adam)).Refusal!;

        Assert.Equal(("purge-held", "1"), (refused.Code, refused.Facts["cases"]));
        Assert.Equal([1], (await agency.Get<PurgeTrail>().ReadAsync(agency.Aiko)).HeldBy);
        Assert.False(Directory.Exists(agency.Paths.Archive));
    }

    [Fact]
    public async Task Only_the_file_that_was_verified_stands_for_what_goes_and_one_of_many_confirmations_wins()
    {
        await FillAsync(600);
        agency.Time.Advance(Duration.FromDays(370));
        Assert.Equal("purge-not-allowed", (await AskAsync(agency.Max)).Refusal?.Code);
        Assert.Equal("purge-not-allowed", (await AskAsync(agency.Sofia)).Refusal?.Code);
        Assert.Equal("purge-reason-missing", (await agency.Get<PurgeTrail>().AskAsync(agency.Adam, " a ")).Refusal?.Code);
        var given = (await AskAsync(agency.Adam)).Require();
        (await agency.Get<PurgeTrail>().WithdrawAsync(agency.Sofia, given)).Require();
        Assert.Equal("purge-over", (await ConfirmAsync(agency.Olivia, given)).Refusal?.Code);

        var asked = (await AskAsync(agency.Adam)).Require();
        var file = (await agency.Get<PurgeTrail>().ReadAsync(agency.Sofia)).Open!.File;
        var bytes = await File.ReadAllBytesAsync(file);
        await File.WriteAllBytesAsync(file, bytes[..^1]);
        Assert.Equal("purge-file-changed", (await ConfirmAsync(agency.Sofia, asked)).Refusal?.Code);
        Assert.Equal(1, await OldestAsync());
        await File.WriteAllBytesAsync(file, bytes);

        var results = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => Task.Run(() => ConfirmAsync(i % 2 == 0 ? agency.Sofia : agency.Olivia, asked))));

        Assert.Equal((1, 11), (results.Count(r => !r.IsRefused), results.Count(r => r.Refusal?.Code == "purge-over")));
        Assert.Single(await agency.TrailAsync("trail.purged"));
        Assert.Equal(513, await OldestAsync());
    }

    [Fact]
    public async Task A_purge_that_fails_in_the_middle_takes_nothing_and_tells_nothing()
    {
        await FillAsync(600);
        agency.Time.Advance(Duration.FromDays(370));
        var asked = (await AskAsync(agency.Adam)).Require();
        await agency.SqlAsync("CREATE TRIGGER Broken BEFORE DELETE ON Trail WHEN OLD.Seq = 300 BEGIN SELECT RAISE(ABORT, 'disk'); END");

        await Assert.ThrowsAnyAsync<Exception>(() => ConfirmAsync(agency.Sofia, asked));

        Assert.Equal(1, await OldestAsync());
        Assert.Empty(await agency.TrailAsync("trail.purged"));
        await agency.SqlAsync("DROP TRIGGER Broken");
        (await ConfirmAsync(agency.Sofia, asked)).Require();
    }

    [Fact]
    public async Task What_was_erased_is_gone_from_entry_and_index_and_the_trail_says_so()
    {
        (await agency.RaiseAsync(agency.Adam, reason: "Whistleblower Zacharias reported the takeover.")).Require();
        (await agency.RaiseAsync(agency.Olivia, reason: "Another one about the same: Yggdrasil.")).Require();
        await SignAsync();
        var read = agency.Get<ReadTrail>();
        var seq = (await read.PageAsync(agency.Aiko, new TrailFilter(Text: "zachar"))).Rows.Single(r => r.Type == "request.raised").Seq;
        var erase = agency.Get<EraseFacts>();
        Assert.Equal("erase-not-allowed", (await erase.EntryAsync(agency.Sofia, seq, Why)).Refusal?.Code);
        Assert.Equal("purge-reason-missing", (await erase.EntryAsync(agency.Olivia, seq, "")).Refusal?.Code);

        Assert.Equal(1, (await erase.EntryAsync(agency.Olivia, seq, Why)).Require());

        Assert.Equal("erase-nothing", (await erase.EntryAsync(agency.Olivia, seq, Why)).Refusal?.Code);
        var detail = (await read.DetailAsync(agency.Aiko, seq))!;
        Assert.True(detail is { IsErased: true, HasPersonal: false });
        Assert.DoesNotContain((await read.PageAsync(agency.Aiko, new TrailFilter(Text: "zachar"))).Rows, r => r.Seq == seq);
        Assert.Contains((await read.PageAsync(agency.Aiko, new TrailFilter(Emergency: true, Person: agency.Adam, Text: "compromised"))).Rows, r => r.Seq == seq);

        var all = (await erase.PersonAsync(agency.Olivia, agency.Adam, "asked for it")).Require();
        Assert.True(all > 1);
        Assert.Equal("erase-nothing", (await erase.PersonAsync(agency.Olivia, agency.Adam, "asked for it")).Refusal?.Code);
        Assert.Equal(["trail.erased", "trail.erased"], await agency.TrailAsync("trail.erased"));
        await agency.Get<IndexKeeper>().LookAsync(default);
        await agency.SqlAsync("CREATE VIRTUAL TABLE Terms USING fts5vocab(TrailWords, 'row')");
        Assert.Equal(0, await CountAsync("SELECT COUNT(*) AS \"Value\" FROM \"Terms\" WHERE term IN ('zacharias', 'whistlebl')"));
        Assert.Equal(1, await CountAsync("SELECT COUNT(*) AS \"Value\" FROM \"Terms\" WHERE term = 'yggdrasil'"));
        await agency.SqlAsync("DROP TABLE Terms");

        var other = (await read.PageAsync(agency.Aiko, new TrailFilter(Text: "yggdra"))).Rows[0].Seq;
        await agency.LeaveAsync();
        Assert.Empty(VerifyTrail.Run(new VerifyWish(agency.Paths.Database)).Findings);
        await using (var connection = new SqliteConnection($"Data Source={agency.Paths.Database};Pooling=False"))
        {
            await connection.OpenAsync();
            await using var command = connection.CreateCommand();
            command.CommandText = "DELETE FROM TrailNotes WHERE Seq = $seq";
            command.Parameters.AddWithValue("$seq", other);
            await command.ExecuteNonQueryAsync();
        }

        Assert.Equal(other, Assert.Single(VerifyTrail.Run(new VerifyWish(agency.Paths.Database)).Findings).Entry);
    }

    // Not a search, not an estimate, not an export finds what was purged, before its words were swept out and after.
    private async Task NothingIsLeftOfAsync(long until)
    {
        var filter = new TrailFilter(Type: "clock.jumped");
        Assert.Equal(until, await CountAsync("SELECT COUNT(*) AS \"Value\" FROM \"TrailWords\" WHERE rowid <= 512"));
        for (var swept = false; ; swept = true)
        {
            var left = (await agency.TrailAsync("clock.jumped")).Count;
            Assert.Equal(left, await agency.Get<ExportTrail>().EstimateAsync(agency.Aiko, filter));
            Assert.All((await agency.Get<ReadTrail>().PageAsync(agency.Aiko, filter)).Rows, r => Assert.True(r.Seq > until));
            Assert.Equal(left, await ExportedAsync(filter));
            if (swept)
                break;
            await agency.Get<IndexKeeper>().LookAsync(default);
        }

        Assert.Equal(0, await CountAsync("SELECT COUNT(*) AS \"Value\" FROM \"TrailWords\" WHERE rowid <= 512"));
    }

    private async Task<int> ExportedAsync(TrailFilter filter)
    {
        var begun = (await agency.Get<ExportTrail>().BeginAsync(agency.Aiko, new ExportWish("cloudevents", filter))).Require();
        using var to = new MemoryStream();
        await agency.Get<ExportTrail>().WriteAsync(begun, to);
        return Encoding.UTF8.GetString(to.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Length;
    }

    private Task<Result<long>> AskAsync(PersonId who) => agency.Get<PurgeTrail>().AskAsync(who, Why);

    private Task<Result<Done>> ConfirmAsync(PersonId who, long purge) => agency.Get<PurgeTrail>().ConfirmAsync(who, purge);

    private Task<Instant> SignAsync() => agency.Get<CheckpointKeeper>().LookAsync(default);

    private Task<Result<Done>> FillAsync(int entries) => agency.Get<Work>().RunAsAsync<Done>(Actor.System, turn =>
    {
        for (var i = 0; i < entries; i++)
            turn.Db.Note(new ClockJumped(turn.Now, turn.Now));
        return Task.FromResult<Result<Done>>(Done.Yes);
    }, default);

    private async Task<long> OldestAsync()
    {
        await using var db = await agency.ReadAsync();
        return await db.Trail.MinAsync(e => e.Seq);
    }

    private async Task<long> NewestAsync()
    {
        await using var db = await agency.ReadAsync();
        return await db.Trail.MaxAsync(e => e.Seq);
    }

    private async Task<long> CountAsync(string sql)
    {
        await using var db = await agency.ReadAsync();
        return await db.Database.SqlQueryRaw<long>(sql).SingleAsync();
    }

    // Every entry that is left is in the tree, and the tree of every kept size is its beginning.
    private async Task ProvesAsync(long purged)
    {
        await using var db = await agency.ReadAsync();
        await db.Database.OpenConnectionAsync();
        var row = await db.TrailTree.SingleAsync();
        var (tree, root) = (new StoredTree(db.Database.GetDbConnection()), Frontier.From(row.Size, row.Frontier).Root());
        foreach (var entry in await db.Trail.Where(e => e.Seq % 7 == 0).ToListAsync())
            Assert.True(TreeProofs.IsIncluded(entry.LeafHash, entry.Seq - 1, row.Size, TreeProofs.Inclusion(tree, entry.Seq - 1, row.Size), root));
        foreach (var size in new[] { purged, purged + 1, row.Size - 1 })
            Assert.True(TreeProofs.IsConsistent(size, TreeProofs.Root(tree, size), row.Size, root, TreeProofs.Consistency(tree, size, row.Size)));
    }
}
