using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using AccessHive.Core.Audit.UseCases;
using AccessHive.Core.Kernel;
using AccessHive.Tests.World;
using AccessHive.Web.Features.Audit;
using Xunit;

namespace AccessHive.Tests.Audit.Exports;

/// <summary>The ways an export leaves: the download of a page, the address a program follows, the command line.</summary>
public sealed class ExportWaysTests(OneHouse one) : IClassFixture<OneHouse>
{
    private readonly RunningHouse house = one.House;

    [Fact]
    public async Task A_page_downloads_it_once_with_its_ticket_and_only_the_one_who_asked()
    {
        using var aiko = await Visitor.SignedInAsync(house, "Aiko");
        using var adam = await Visitor.SignedInAsync(house, "Adam");
        var running = house.Get<RunningExports>();
        var ticket = running.Ask(house.Aiko, new TrailFilter(Type: "person.joined"));
        var told = new List<ExportState>();
        ticket.Changed += (_, _) => told.Add(ticket.State);
        (string, string)[] form = [("ticket", ticket.Id.ToString()), ("format", "csv"), ("personal", "true")];

        Assert.Equal(HttpStatusCode.NotFound, (await adam.SendFormAsync(ExportEndpoints.Path, new Dictionary<string, string>(), form)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await aiko.PostAsync(ExportEndpoints.Path, new FormUrlEncodedContent(form.Select(f => KeyValuePair.Create(f.Item1, f.Item2))), "https://evil.example")).StatusCode);
        var answer = await aiko.SendFormAsync(ExportEndpoints.Path, new Dictionary<string, string>(), form);

        var file = await answer.Content.ReadAsStringAsync();
        Assert.Equal(("attachment", "text/csv"), (answer.Content.Headers.ContentDisposition!.DispositionType, answer.Content.Headers.ContentType!.MediaType));
        Assert.EndsWith(".csv", answer.Content.Headers.ContentDisposition.FileName!.Trim('"'), StringComparison.Ordinal);
        Assert.Equal(ticket.Entries + 1, file.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Equal((ExportState.Done, ticket.Entries, ExportState.Running), (ticket.State, ticket.Written, told[0]));
        Assert.Equal(HttpStatusCode.NotFound, (await aiko.SendFormAsync(ExportEndpoints.Path, new Dictionary<string, string>(), form)).StatusCode);
    }

    [Fact]
    public async Task A_program_follows_a_kept_filter_from_its_cursor_and_is_told_the_next_one()
    {
        using var aiko = await Visitor.SignedInAsync(house, "Aiko");
        using var max = await Visitor.SignedInAsync(house, "Max");
        var kept = (await house.Get<KeepFilters>().SaveAsync(house.Aiko, "Identities", new AuditQuery(Action: "identity.added").ToFilter())).Require();
        await house.KeepAsync("Followed one");

        var first = await aiko.GetAsync($"{ExportEndpoints.Path}?filter={kept}&format=jsonl&after=0");
        var next = long.Parse(first.Headers.GetValues(ExportEndpoints.NextHeader).Single(), CultureInfo.InvariantCulture);
        var quiet = await aiko.GetAsync($"{ExportEndpoints.Path}?filter=identities&after={next}");
        await house.KeepAsync("Followed two");
        var later = await aiko.GetAsync($"{ExportEndpoints.Path}?filter=identities&after={next}");

        Assert.Equal("0", quiet.Headers.GetValues(ExportEndpoints.EntriesHeader).Single());
        var lines = (await later.Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Contains("identity.added", Assert.Single(lines[1..^1]), StringComparison.Ordinal);
        Assert.Equal(later.Headers.GetValues(ExportEndpoints.NextHeader).Single(), JsonDocument.Parse(lines[^1]).RootElement.GetProperty("next").ToString());
        Assert.Equal(HttpStatusCode.NotFound, (await max.GetAsync($"{ExportEndpoints.Path}?filter={kept}&after=0")).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await aiko.GetAsync($"{ExportEndpoints.Path}?format=jsonl")).StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await aiko.GetAsync($"{ExportEndpoints.Path}?format=pdf&after=0")).StatusCode);
    }

    [Fact]
    public async Task The_command_line_exports_beside_the_running_house_and_is_noted()
    {
        using var folder = new TestFolder();
        var data = house.Paths.DataFolder;
        await house.KeepAsync("From the command line");

        // Beside a running house nothing can be signed: what was added follows with the next checkpoint.
        await house.Get<CheckpointKeeper>().MakeAsync(Core.Audit.CheckpointCause.Changes, CancellationToken.None);
        var told = await HouseProcess.RunAsync("export", "--format", "jsonl", "--type", "identity.added", "--words", "command line", "--data", data);
        var file = await HouseProcess.RunAsync("export", "--format", "csv", "--out", folder.In("trail.csv"), "--person", "Adam", "--data", data);
        var again = await HouseProcess.RunAsync("export", "--format", "csv", "--out", folder.In("trail.csv"), "--data", data);

        var lines = told.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal((0, 3), (told.ExitCode, lines.Length));
        Assert.Contains("identity.added", lines[1], StringComparison.Ordinal);
        Assert.Matches(@"1 entry written\. Go on with --after \d+\.", told.Errors);
        Assert.Equal((0, ""), (file.ExitCode, file.Output));
        Assert.True((await File.ReadAllBytesAsync(folder.In("trail.csv"))).AsSpan().StartsWith(Encoding.UTF8.Preamble));
        Assert.Equal(1, again.ExitCode);
        Assert.Contains("overwrites nothing", again.Errors, StringComparison.Ordinal);
        Assert.Contains("trail.exported", await house.TrailAsync());
        var wrong = await HouseProcess.RunAsync("export", "--format", "pdf", "--data", data);
        Assert.Equal((2, ""), (wrong.ExitCode, wrong.Output));
        Assert.Matches("^[^\n]+\\.$", wrong.Errors);
    }
}
