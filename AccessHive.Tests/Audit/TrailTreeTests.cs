using AccessHive.Core.Audit;
using AccessHive.Core.Kernel;
using AccessHive.Core.Storage;
using AccessHive.Tests.World;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace AccessHive.Tests.Audit;

public sealed class TrailTreeTests : IAsyncLifetime
{
    private TestAgency agency = null!;

    public async ValueTask InitializeAsync() => agency = await TestAgency.FoundAsync();

    public ValueTask DisposeAsync() => agency.DisposeAsync();

    [Fact]
    public async Task Every_commit_takes_the_tree_along_and_says_its_head()
    {
        await agency.GrantAsync(agency.Adam);
        var head = (await agency.Get<Work>().RunAsAsync<TreeHead>(Actor.System, async turn =>
        {
            Assert.Null(turn.Db.Head);
            turn.Db.Note(new ClockJumped(turn.Now, turn.Now));
            turn.Db.Note(new ClockJumped(turn.Now, turn.Now));
            await turn.Db.SaveChangesAsync();
            return turn.Db.Head!;
        }, default)).Require();

        await AgreesAsync();
        await using var db = await agency.ReadAsync();
        Assert.Equal((await db.TrailTree.SingleAsync()).Size, head.Size);
        Assert.Equal(FrontierTests.Naive([.. db.Trail.OrderBy(e => e.Seq).Select(e => e.LeafHash)]), Convert.ToHexStringLower(head.Root));
        Assert.Matches("^accesshive/[0-9a-f]{32}$", (await db.TrailTree.SingleAsync()).Origin);
    }

    [Fact]
    public async Task Each_256_entries_leave_a_subtree_behind()
    {
        await NoteAsync(600);

        await AgreesAsync();
        await using var db = await agency.ReadAsync();
        var leaves = await db.Trail.OrderBy(e => e.Seq).Select(e => e.LeafHash).ToListAsync();
        var nodes = await db.TrailNodes.OrderBy(n => n.Idx).ToListAsync();
        Assert.Equal(leaves.Count / 256, nodes.Count);
        Assert.All(nodes, (node, i) => Assert.Equal((8, i, FrontierTests.Naive(leaves.Skip(i * 256).Take(256).ToArray())), (node.Level, node.Idx, Convert.ToHexStringLower(node.Hash))));
    }

    [Theory]
    [InlineData("CREATE TRIGGER Broken BEFORE INSERT ON Trail BEGIN SELECT RAISE(ABORT, 'disk'); END")]
    [InlineData("CREATE TRIGGER Broken BEFORE UPDATE ON TrailTree BEGIN SELECT RAISE(ABORT, 'disk'); END")]
    public async Task Whichever_of_both_fails_takes_the_other_with_it(string broken)
    {
        var before = await HeadAsync();
        await agency.SqlAsync(broken);

        await Assert.ThrowsAnyAsync<Exception>(() => agency.RaiseAsync(agency.Adam));

        Assert.Equal(before, await HeadAsync());
        await AgreesAsync();
        await agency.SqlAsync("DROP TRIGGER Broken");
        (await agency.RaiseAsync(agency.Adam)).Require();
        await AgreesAsync();
    }

    [Fact]
    public async Task A_house_that_is_older_than_the_tree_gets_it_when_it_is_opened()
    {
        await NoteAsync(300);
        await agency.SqlAsync("""
            DROP TABLE TrailTree; DROP TABLE TrailNodes; DROP TABLE TrailCheckpoints; DROP TABLE TrailKeys; DROP TRIGGER TR_Trail_NoDelete; DROP TABLE TrailPurges;
            CREATE TRIGGER TR_Trail_NoDelete BEFORE DELETE ON "Trail" BEGIN SELECT RAISE(ABORT, 'The trail is append-only.'); END;
            DELETE FROM __EFMigrationsHistory WHERE MigrationId LIKE '%_TrailTree' OR MigrationId LIKE '%_TrailPairs';
            """);

        await agency.RestartAsync();

        await AgreesAsync();
        await using var after = await agency.ReadAsync();
        Assert.Equal(1, await after.TrailNodes.CountAsync());
        await agency.GrantAsync(agency.Adam);
        await AgreesAsync();
    }

    [Fact]
    public async Task A_trail_that_was_cut_does_not_start_and_is_not_written_on()
    {
        await agency.SqlAsync("DROP TRIGGER TR_Trail_NoDelete; DELETE FROM Trail WHERE Seq = (SELECT MAX(Seq) FROM Trail)");

        await Assert.ThrowsAsync<TrailBrokenException>(() => agency.RaiseAsync(agency.Adam));
        var refused = await Assert.ThrowsAsync<CannotStartException>(() => agency.RestartAsync());

        Assert.Contains("Run verify", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("UPDATE TrailTree SET Size = Size - 1")]
    [InlineData("UPDATE TrailTree SET Origin = 'another'")]
    [InlineData("DELETE FROM TrailTree")]
    [InlineData("UPDATE TrailNodes SET Hash = x'00'")]
    [InlineData("DELETE FROM TrailNodes")]
    [InlineData("UPDATE TrailCheckpoints SET Size = 1")]
    [InlineData("DELETE FROM TrailCheckpoints")]
    [InlineData("UPDATE TrailKeys SET PublicKey = x'00'")]
    [InlineData("UPDATE TrailKeys SET SealedPrivate = x'00' WHERE Epoch = 1")]
    [InlineData("DELETE FROM TrailKeys")]
    [InlineData("INSERT INTO TrailPurges (Until, First, AskedBy, AskedAt, Reason, Root, File, Sha256, Bytes, Version, ConfirmedAt) VALUES (256, 1, 'A', 1, '', x'', '', x'', 1, 1, 1)")]
    [InlineData("UPDATE TrailPurges SET ConfirmedBy = AskedBy")]
    [InlineData("UPDATE TrailPurges SET ConfirmedBy = 'B', ConfirmedAt = 1, DoneAt = 1")]
    [InlineData("INSERT INTO TrailPurges (Until, First, AskedBy, AskedAt, Reason, Root, File, Sha256, Bytes, Version) VALUES (512, 1, 'A', 1, '', x'', '', x'', 1, 1)")]
    [InlineData("DELETE FROM TrailPurges")]
    [InlineData("DELETE FROM Trail WHERE Seq = 1")]
    public async Task The_database_refuses_to_change_what_proves_the_trail(string sql)
    {
        await NoteAsync(256);
        await agency.SqlAsync("""
            INSERT INTO TrailCheckpoints (Size, At, Epoch, Note, Cause) VALUES (2, 2, 1, x'00', 'start');
            INSERT INTO TrailKeys (Epoch, PublicKey, Certificate) VALUES (1, x'01', x'01');
            INSERT INTO TrailPurges (Until, First, AskedBy, AskedAt, Reason, Root, File, Sha256, Bytes, Version) VALUES (256, 1, 'A', 1, '', x'', '', x'', 1, 1);
            """);

        await Assert.ThrowsAsync<SqliteException>(() => agency.SqlAsync(sql));
    }

    private Task<Result<Done>> NoteAsync(int entries) => agency.Get<Work>().RunAsAsync<Done>(Actor.System, turn =>
    {
        for (var i = 0; i < entries; i++)
            turn.Db.Note(new ClockJumped(turn.Now, turn.Now));
        return Task.FromResult<Result<Done>>(Done.Yes);
    }, default);

    private async Task<(long Size, string Root)> HeadAsync()
    {
        await using var db = await agency.ReadAsync();
        var tree = await db.TrailTree.AsNoTracking().SingleAsync();
        return (tree.Size, Convert.ToHexStringLower(Frontier.From(tree.Size, tree.Frontier).Root()));
    }

    private async Task AgreesAsync()
    {
        await using var db = await agency.ReadAsync();
        var leaves = await db.Trail.OrderBy(e => e.Seq).Select(e => e.LeafHash).ToArrayAsync();
        Assert.Equal((leaves.Length, FrontierTests.Naive(leaves)), await HeadAsync());
    }
}
