using System.Text;
using System.Text.Json;
using AccessHive.Core.Agency.UseCases;
using AccessHive.Core.Audit;
using AccessHive.Core.Audit.UseCases;
using AccessHive.Core.Audit.UseCases.Formats;
using AccessHive.Core.Audit.UseCases.Verifying;
using AccessHive.Core.Kernel;
using AccessHive.Core.Storage;
using AccessHive.Tests.World;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace AccessHive.Tests.Audit.Exports;

public sealed class ExportTrailTests : IAsyncLifetime
{
    private TestAgency agency = null!;

    private ExportTrail Export => agency.Get<ExportTrail>();

    public async ValueTask InitializeAsync() => agency = await TestAgency.FoundAsync();

    public ValueTask DisposeAsync() => agency.DisposeAsync();

    [Fact]
    public async Task The_entry_stands_before_the_first_line_and_counts_exactly_what_leaves()
    {
        await agency.RaiseAsync(agency.Adam);
        var before = await EntriesAsync();

        var begun = (await Export.BeginAsync(agency.Aiko, new ExportWish("jsonl", new TrailFilter()))).Require();
        var noted = (await EntriesAsync())[^1];
        var lines = await WriteAsync(begun);

        Assert.Equal(("trail.exported", agency.Aiko), (noted.Type, noted.ActorId));
        Assert.Contains($"\"entries\":\"{before.Count}\"", Encoding.UTF8.GetString(noted.Payload), StringComparison.Ordinal);
        Assert.Equal(before.Count + 2, lines.Count);
        Assert.Equal(before.Select(e => Encoding.UTF8.GetString(e.Payload)), lines[1..^1].Select(l => JsonDocument.Parse(l).RootElement.GetProperty("payload").GetString()));
        Assert.Equal((before.Count, (long)before.Count), (JsonDocument.Parse(lines[^1]).RootElement.GetProperty("entries").GetInt32(), begun.Next));
    }

    [Fact]
    public async Task Notes_go_along_and_open_the_commitments_and_stay_here_when_asked()
    {
        await agency.RaiseAsync(agency.Adam, reason: "The campaign of Bergmann burns money by the minute.");

        var with = await LinesAsync(agency.Aiko, new ExportWish("jsonl", new TrailFilter(Type: "request.raised")));
        var without = await LinesAsync(agency.Aiko, new ExportWish("jsonl", new TrailFilter(Type: "request.raised"), Personal: false));

        var line = JsonDocument.Parse(with[1]).RootElement;
        var note = new TrailNote { Salt = line.GetProperty("note").GetProperty("salt").GetBytesFromBase64(), Text = Encoding.UTF8.GetBytes(line.GetProperty("note").GetProperty("text").GetString()!) };
        Assert.Contains("burns money", Encoding.UTF8.GetString(note.Text), StringComparison.Ordinal);
        Assert.Contains($"\"note\":\"{Convert.ToHexStringLower(TrailFormat.CommitmentOf(note))}\"", line.GetProperty("payload").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain("burns money", string.Concat(without), StringComparison.Ordinal);
        Assert.All(ExportFormats.All, f => Assert.DoesNotContain("Adam", string.Concat(LinesAsync(agency.Aiko, new ExportWish(f.Id, new TrailFilter(Type: "request.raised"), Personal: false)).GetAwaiter().GetResult()), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Who_reads_only_their_own_part_takes_only_that_out_and_no_personal_facts()
    {
        await agency.RaiseAsync(agency.Adam, reason: "The campaign of Bergmann burns money by the minute.");
        await agency.RaiseAsync(agency.Max);
        var own = (await EntriesAsync()).Where(e => e.ActorId == agency.Max || e.PersonId == agency.Max).Select(e => e.Seq);

        var lines = await LinesAsync(agency.Max, new ExportWish("jsonl", new TrailFilter()));

        Assert.Equal(own, lines[1..^1].Select(l => JsonDocument.Parse(l).RootElement.GetProperty("seq").GetInt64()));
        Assert.DoesNotContain(lines, l => l.Contains("\"note\":{", StringComparison.Ordinal));
        Assert.True(JsonDocument.Parse(lines[0]).RootElement.GetProperty("filtered").GetBoolean());
        (await agency.Get<ManagePeople>().DisableAsync(agency.Olivia, agency.Max)).Require();
        Assert.Equal("caller-not-active", (await Export.BeginAsync(agency.Max, new ExportWish("csv", new TrailFilter()))).Refusal!.Code);
        Assert.Equal("export-format-unknown", (await Export.BeginAsync(agency.Aiko, new ExportWish("pdf", new TrailFilter()))).Refusal!.Code);
    }

    [Fact]
    public async Task Batches_and_filters_lose_nothing_and_double_nothing()
    {
        // More than two batches, so that both edges of one are met.
        await ManyAsync(550);
        var all = (await EntriesAsync()).Select(e => e.Seq).ToList();

        Assert.Equal(all, await SeqsAsync(new TrailFilter()));
        Assert.Equal(550, (await SeqsAsync(new TrailFilter(Type: "clock.jumped", Text: "jumped clock"))).Count);
        Assert.Equal(all.Where(s => s > 500), (await SeqsAsync(new TrailFilter(), after: 500)).Where(s => s <= all[^1]));

        async Task<List<long>> SeqsAsync(TrailFilter filter, long after = 0)
            => [.. (await LinesAsync(agency.Aiko, new ExportWish("jsonl", filter, after)))[1..^1].Select(l => JsonDocument.Parse(l).RootElement.GetProperty("seq").GetInt64())];
    }

    [Fact]
    public async Task Following_brings_each_entry_once_and_does_not_feed_on_itself()
    {
        var first = (await Export.BeginAsync(agency.Aiko, new ExportWish("jsonl", new TrailFilter()))).Require();
        var quiet = (await EntriesAsync()).Count;

        // Asked again and again, nothing but the asking has happened.
        for (var i = 0; i < 3; i++)
        {
            var again = (await Export.BeginAsync(agency.Aiko, new ExportWish("jsonl", new TrailFilter(), first.Next))).Require();
            Assert.Equal((0L, first.Next), (again.Entries, again.Next));
            Assert.Equal(2, (await WriteAsync(again)).Count);
        }

        Assert.Equal(quiet, (await EntriesAsync()).Count);
        await agency.RaiseAsync(agency.Max);
        var news = (await Export.BeginAsync(agency.Aiko, new ExportWish("jsonl", new TrailFilter(), first.Next))).Require();
        var head = JsonDocument.Parse((await WriteAsync(news))[0]).RootElement;
        Assert.Equal((first.Next + 1, news.Next), (head.GetProperty("first").GetInt64(), head.GetProperty("last").GetInt64()));
        Assert.True(news.Entries > 1);
        var csv = string.Concat(await LinesAsync(agency.Aiko, new ExportWish("csv", new TrailFilter(), first.Next)));
        Assert.False(csv.StartsWith('\uFEFF') || csv.Contains("Number", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Verify_takes_every_part_of_the_trail_as_json_lines_and_names_one_changed_letter()
    {
        using var folder = new TestFolder();
        await agency.RaiseAsync(agency.Adam);
        // Over the edges of two completed subtrees of 256, into one that is not.
        await ManyAsync(600);
        await agency.RaiseAsync(agency.Max);
        foreach (var (name, who, wish) in new[]
        {
            ("whole", agency.Aiko, new ExportWish("jsonl", new TrailFilter())),
            ("without personal facts", agency.Aiko, new ExportWish("jsonl", new TrailFilter(), Personal: false)),
            ("filtered", agency.Aiko, new ExportWish("jsonl", new TrailFilter(Type: "clock.jumped"))),
            ("newer", agency.Aiko, new ExportWish("jsonl", new TrailFilter(), After: 250)),
            ("own part", agency.Max, new ExportWish("jsonl", new TrailFilter())),
        })
        {
            var file = folder.In(name);
            await File.WriteAllTextAsync(file, string.Join('\n', await LinesAsync(who, wish)) + "\n");
            var report = VerifyTrail.Run(new VerifyWish(file));
            Assert.True(report is { ExitCode: 0, Entries: > 1 }, $"{name}: {string.Join(' ', report.Findings)}");

            await File.WriteAllTextAsync(file, (await File.ReadAllTextAsync(file)).Replace("\\\"emergency\\\":false", "\\\"emergency\\\":true ", StringComparison.Ordinal));
            Assert.Equal(1, VerifyTrail.Run(new VerifyWish(file)).ExitCode);
        }
    }

    [Fact]
    public async Task Cancelled_it_is_over_at_once_and_the_trail_says_how_far_it_came()
    {
        await ManyAsync(600);
        var begun = (await Export.BeginAsync(agency.Aiko, new ExportWish("jsonl", new TrailFilter()))).Require();
        using var enough = new CancellationTokenSource();
        using var file = new MemoryStream();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Export.WriteAsync(begun, file, new AtOnce(_ => enough.Cancel()), enough.Token));

        var stopped = (await EntriesAsync())[^1];
        Assert.Equal(("trail.export-stopped", agency.Aiko), (stopped.Type, stopped.ActorId));
        Assert.Contains("\"written\":\"500\"", Encoding.UTF8.GetString(stopped.Payload), StringComparison.Ordinal);
        Assert.DoesNotContain("\"end\":true", Encoding.UTF8.GetString(file.ToArray()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_its_entry_no_line_leaves_and_between_batches_nothing_is_held()
    {
        await agency.RaiseAsync(agency.Max);
        var begun = (await Export.BeginAsync(agency.Aiko, new ExportWish("jsonl", new TrailFilter()))).Require();
        // Somebody slow takes the lines; meanwhile the whole log of the database can be emptied, so no reader holds it.
        using var slow = new Slow(async () =>
        {
            await using var db = await agency.ReadAsync();
            await db.Database.OpenConnectionAsync();
            await using var command = db.Database.GetDbConnection().CreateCommand();
            command.CommandText = "PRAGMA wal_checkpoint(TRUNCATE)";
            command.CommandTimeout = 1;
            Assert.Equal(0L, await command.ExecuteScalarAsync());
        });
        await Export.WriteAsync(begun, slow);
        Assert.True(slow.Asked > 0);

        await agency.SqlAsync("CREATE TRIGGER Broken BEFORE INSERT ON Trail BEGIN SELECT RAISE(ABORT, 'disk'); END");
        await Assert.ThrowsAnyAsync<DbUpdateException>(() => Export.BeginAsync(agency.Aiko, new ExportWish("jsonl", new TrailFilter())));
    }

    [Fact]
    public async Task An_estimate_counts_what_the_export_holds_and_notes_nothing()
    {
        await agency.RaiseAsync(agency.Adam);
        var trail = await EntriesAsync();

        Assert.Equal(trail.Count, await Export.EstimateAsync(agency.Aiko, new TrailFilter()));
        Assert.Equal(trail.Count(e => e.Emergency), await Export.EstimateAsync(agency.Aiko, new TrailFilter(Emergency: true)));
        Assert.Equal(0, await Export.EstimateAsync(agency.Max, new TrailFilter(Emergency: true)));
        Assert.Equal(trail.Count, (await EntriesAsync()).Count);
    }

    // In one commit: it is the reading that is tested.
    private async Task ManyAsync(int count) => (await agency.Get<Work>().RunAsAsync<Done>(Actor.System, turn =>
    {
        for (var i = 0; i < count; i++)
            turn.Db.Note(new ClockJumped(turn.Now, turn.Now));
        return Task.FromResult<Result<Done>>(Done.Yes);
    }, default)).Require();

    private async Task<List<TrailEntry>> EntriesAsync()
    {
        await using var db = await agency.ReadAsync();
        return await db.Trail.OrderBy(e => e.Seq).ToListAsync();
    }

    private async Task<List<string>> LinesAsync(PersonId who, ExportWish wish) => await WriteAsync((await Export.BeginAsync(who, wish)).Require());

    private async Task<List<string>> WriteAsync(BegunExport begun)
    {
        using var file = new MemoryStream();
        await Export.WriteAsync(begun, file);
        return [.. Encoding.UTF8.GetString(file.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries)];
    }

    private sealed class AtOnce(Action<long> told) : IProgress<long>
    {
        public void Report(long value) => told(value);
    }

    private sealed class Slow(Func<Task> meanwhile) : MemoryStream
    {
        public int Asked { get; private set; }

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Asked++;
            await meanwhile();
            await base.WriteAsync(buffer, cancellationToken);
        }
    }
}
