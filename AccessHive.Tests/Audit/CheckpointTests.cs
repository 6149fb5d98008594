using System.Text;
using AccessHive.Core.Audit;
using AccessHive.Core.Audit.UseCases;
using AccessHive.Core.Kernel;
using AccessHive.Core.Storage;
using AccessHive.Core.Vault;
using AccessHive.Tests.World;
using Microsoft.EntityFrameworkCore;
using NodaTime;
using Xunit;

namespace AccessHive.Tests.Audit;

public sealed class CheckpointTests : IAsyncLifetime
{
    private TestAgency agency = null!;

    public async ValueTask InitializeAsync() => agency = await TestAgency.FoundAsync();

    public ValueTask DisposeAsync() => agency.DisposeAsync();

    [Fact]
    public async Task It_is_signed_at_the_start_after_a_minute_of_changes_at_once_in_an_emergency_and_every_hour()
    {
        await LookAsync();
        await ChangeAsync();
        agency.Time.Advance(Duration.FromSeconds(30));
        await ChangeAsync();
        Assert.Equal(agency.Now + Duration.FromSeconds(30), await LookAsync());
        agency.Time.Advance(Duration.FromSeconds(30) - Duration.FromMilliseconds(1));
        await LookAsync();
        Assert.Equal("start", await CausesAsync());
        agency.Time.Advance(Duration.FromMilliseconds(1));
        Assert.Equal(agency.Now + Duration.FromHours(1), await LookAsync());
        Assert.Equal("start changes", await CausesAsync());

        (await agency.RaiseAsync(agency.Adam)).Require();
        await LookAsync();
        Assert.Equal("start changes emergency", await CausesAsync());
        agency.Time.Advance(Duration.FromHours(1) - Duration.FromMilliseconds(1));
        await LookAsync();
        agency.Time.Advance(Duration.FromMilliseconds(1));
        await LookAsync();
        Assert.Equal("start changes emergency idle", await CausesAsync());

        await using var db = await agency.ReadAsync();
        Assert.DoesNotContain(await agency.TrailAsync(), t => t.Contains("checkpoint", StringComparison.Ordinal));
        Assert.Equal(await db.Trail.LongCountAsync(), (await db.TrailCheckpoints.OrderBy(c => c.Id).LastAsync()).Size);
        await HoldsAsync();
    }

    [Fact]
    public async Task Each_day_has_its_key_the_key_before_vouches_for_it_and_is_gone_from_the_disk()
    {
        await LookAsync();
        var first = await SealedAsync();
        agency.Time.Advance(Instant.FromUtc(2026, 11, 24, 0, 0) - agency.Now - Duration.FromMilliseconds(1));
        await LookAsync();
        Assert.Equal([first], await AllSealedAsync());
        Assert.True(OnDisk(first));

        agency.Time.Advance(Duration.FromMilliseconds(1));
        await LookAsync();
        var second = await SealedAsync();
        Assert.False(OnDisk(first));
        agency.Time.Advance(Duration.FromDays(3));
        await agency.RestartAsync();
        await LookAsync();
        Assert.False(OnDisk(second));

        await using var db = await agency.ReadAsync();
        Assert.Equal("20780 20781 20784", string.Join(' ', await db.TrailKeys.OrderBy(k => k.Epoch).Select(k => k.Epoch).ToListAsync()));
        Assert.Single(await AllSealedAsync());
        await HoldsAsync();
    }

    [Fact]
    public async Task With_the_clock_set_back_neither_days_nor_instants_go_back()
    {
        agency.Time.Advance(Duration.FromDays(2));
        await LookAsync();
        agency.Time.SetWallClockBack(Duration.FromDays(2));
        await agency.RestartAsync();
        (await agency.RaiseAsync(agency.Adam)).Require();
        await LookAsync();

        await using var db = await agency.ReadAsync();
        Assert.Single(await db.TrailKeys.ToListAsync());
        var at = await db.TrailCheckpoints.OrderBy(c => c.Id).Select(c => c.At).ToListAsync();
        Assert.Equal(2, at.Count);
        Assert.Equal(at.Order(), at);
        await HoldsAsync();
    }

    [Fact]
    public async Task The_anchor_file_takes_every_checkpoint_along_and_what_it_missed_later()
    {
        var anchors = agency.Get<AnchorKeeper>();
        await LookAsync();
        await anchors.LookAsync(default);
        Assert.Equal(["accesshive key", "c"], Records());
        Assert.Null(anchors.State.Problem);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(agency.Paths.Anchors));

        var aside = File.ReadAllBytes(agency.Paths.Anchors);
        File.Delete(agency.Paths.Anchors);
        Directory.CreateDirectory(agency.Paths.Anchors);
        agency.Time.Advance(Duration.FromDays(1));
        await LookAsync();
        await anchors.LookAsync(default);
        Assert.NotNull(anchors.State.Problem);
        (await agency.RaiseAsync(agency.Adam)).Require();
        await LookAsync();
        Directory.Delete(agency.Paths.Anchors);
        // A machine that stopped in the middle of a record.
        File.WriteAllBytes(agency.Paths.Anchors, [.. aside, .. "accesshive/to"u8]);
        await anchors.LookAsync(default);

        Assert.Equal(["accesshive key", "c", "accesshive key", "c", "c"], Records());
        await using var db = await agency.ReadAsync();
        Assert.Equal((null, await db.Trail.LongCountAsync()), (anchors.State.Problem, anchors.State.Size));
        await agency.RestartAsync();
        (await agency.DecideAsync(agency.Priya, await db.Requests.Select(r => r.Id).SingleAsync())).Require();
        await LookAsync();
        await agency.Get<AnchorKeeper>().LookAsync(default);
        Assert.Equal(6, Records().Count);
    }

    [Fact]
    public async Task Another_houses_anchors_are_left_alone()
    {
        await LookAsync();
        await agency.Get<AnchorKeeper>().LookAsync(default);
        var others = File.ReadAllText(agency.Paths.Anchors).Replace((await OriginAsync())[..20], "accesshive/000000000", StringComparison.Ordinal);
        await File.WriteAllTextAsync(agency.Paths.Anchors, others);
        await agency.RestartAsync();

        await agency.Get<AnchorKeeper>().LookAsync(default);

        Assert.Contains("another house", agency.Get<AnchorKeeper>().State.Problem, StringComparison.Ordinal);
        Assert.Equal(others, await File.ReadAllTextAsync(agency.Paths.Anchors));
    }

    [Fact]
    public async Task A_closed_house_is_sealed_and_the_first_change_breaks_the_seal()
    {
        await LookAsync();
        await agency.LeaveAsync();
        using var key = KeyFile.Parse((await File.ReadAllTextAsync(agency.Paths.KeyFile)).Trim())!.Open([]);
        var file = ClosingSeal.Beside(agency.Paths.Database);
        Assert.True(await ClosingSeals.WriteAsync(agency.Paths, key));

        Assert.True(SignedNote.TryParse(await File.ReadAllBytesAsync(file), out var note));
        Assert.True(ClosingSeal.TryParse(note.Text, out var seal));
        var bytes = await File.ReadAllBytesAsync(agency.Paths.Database);
        Assert.Equal((bytes.Length, Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(bytes))), (seal.Length, Convert.ToHexString(seal.FileHash.Span)));
        Assert.Equal([agency.Paths.Database, file], Directory.GetFiles(agency.Paths.DataFolder).Where(f => !f.EndsWith(".lock", StringComparison.Ordinal)).Order(StringComparer.Ordinal));

        await agency.RestartAsync();
        Assert.False(File.Exists(file));
        await File.WriteAllTextAsync(file, "a seal");
        await agency.Get<Work>().RunAsAsync<Done>(Actor.System, _ => Task.FromResult<Result<Done>>(Done.Yes), default);
        Assert.False(File.Exists(file));
        await using var db = await agency.ReadAsync();
        Assert.True(note.IsSignedBy(KeyCertificate.For(seal.Origin, 20780, (await db.TrailKeys.SingleAsync()).PublicKey).Key));
    }

    private Task<Instant> LookAsync() => agency.Get<CheckpointKeeper>().LookAsync(default);

    private Task<Result<Done>> ChangeAsync() => agency.Get<Work>().RunAsAsync<Done>(Actor.System, turn =>
    {
        turn.Db.Note(new ClockJumped(turn.Now, turn.Now));
        return Task.FromResult<Result<Done>>(Done.Yes);
    }, default);

    private async Task<string> CausesAsync()
    {
        await using var db = await agency.ReadAsync();
        return string.Join(' ', await db.TrailCheckpoints.OrderBy(c => c.Id).Select(c => c.Cause).ToListAsync());
    }

    private async Task<string> OriginAsync()
    {
        await using var db = await agency.ReadAsync();
        return (await db.TrailTree.SingleAsync()).Origin;
    }

    // Every certificate is signed by the key before, every checkpoint by its day's key and over the tree as it was.
    private async Task HoldsAsync()
    {
        await using var db = await agency.ReadAsync();
        var origin = await OriginAsync();
        var keys = new Dictionary<long, NoteKey>();
        NoteKey? before = null;
        foreach (var row in await db.TrailKeys.OrderBy(k => k.Epoch).ToListAsync())
        {
            Assert.True(SignedNote.TryParse(row.Certificate, out var note));
            Assert.True(KeyCertificate.TryParse(note.Text, out var said));
            Assert.Equal((origin, row.Epoch), (said.Origin, said.Epoch));
            Assert.True(note.IsSignedBy(before ?? said.Key));
            keys[row.Epoch] = before = said.Key;
        }

        var leaves = await db.Trail.OrderBy(e => e.Seq).Select(e => e.LeafHash).ToArrayAsync();
        foreach (var row in await db.TrailCheckpoints.ToListAsync())
        {
            Assert.True(SignedNote.TryParse(row.Note, out var note) && note.IsSignedBy(keys[row.Epoch]) && Checkpoint.TryParse(note.Text, out var said)
                && (said.Origin, said.Size, said.Epoch, said.At) == (origin, row.Size, row.Epoch, row.Instant)
                && Convert.ToHexStringLower(said.Root.Span) == FrontierTests.Naive(leaves.AsSpan(0, (int)row.Size)));
        }
    }

    private async Task<byte[]> SealedAsync() => (await AllSealedAsync())[^1];

    private async Task<List<byte[]>> AllSealedAsync()
    {
        await using var db = await agency.ReadAsync();
        return await db.TrailKeys.Where(k => k.SealedPrivate != null).OrderBy(k => k.Epoch).Select(k => k.SealedPrivate!).ToListAsync();
    }

    private bool OnDisk(byte[] bytes) => Directory.GetFiles(agency.Paths.DataFolder).Any(f => !f.EndsWith("-shm", StringComparison.Ordinal) && Read(f).AsSpan().IndexOf(bytes) >= 0);

    private static byte[] Read(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    private List<string> Records() => [.. File.ReadAllText(agency.Paths.Anchors, Encoding.UTF8).Split("\n=\n")[..^1].Select(r =>
    {
        Assert.True(SignedNote.TryParse(Encoding.UTF8.GetBytes(r + "\n"), out var note));
        return Checkpoint.TryParse(note.Text, out _) ? "c" : note.Text.Split('\n')[0];
    })];
}
