using System.Globalization;
using System.Text;
using System.Text.Json;
using AccessHive.Core.Audit;
using AccessHive.Core.Audit.UseCases;
using AccessHive.Core.Kernel;
using AccessHive.Core.Sessions.UseCases;
using AccessHive.Core.Vault;
using AccessHive.Core.Vault.UseCases;
using AccessHive.Tests.World;
using AccessHive.Tests.World.Servers;
using CloudNative.CloudEvents;
using CloudNative.CloudEvents.SystemTextJson;
using Microsoft.EntityFrameworkCore;
using MiniExcelLibs;
using Xunit;

namespace AccessHive.Tests.Audit.Exports;

/// <summary>Each export is opened by something that was not written here.</summary>
public sealed class OpenedByOthersTests : IAsyncLifetime
{
    private const string Formula = "=HYPERLINK(\"http://evil.example\",\"click\")";
    private TestAgency agency = null!;
    private List<TrailEntry> trail = [];

    public async ValueTask InitializeAsync()
    {
        agency = await TestAgency.FoundAsync();
        await agency.KeepAsync(new IdentityDetails(Formula, IdentityType.ExternalShared, "+1|x", "@client=\\", null, ""));
        var session = await agency.GrantAsync(agency.Adam, agency.Priya);
        await agency.RevealAsync(agency.Adam, session);
        (await agency.Get<EndSessionHandler>().EndAsync(agency.Adam, session)).Require();
        await agency.RaiseAsync(agency.Adam, reason: "Line one | a=b \\ \"c\" ]\nline two, with a tab\tand 🔥.");
        await agency.DecideAsync(agency.Adam, (await agency.RaiseAsync(agency.Olivia)).Require().Request);
        await agency.Get<Core.Agency.UseCases.SignIns>().FailedAsync(agency.Max);
        await agency.Get<Core.Agency.UseCases.ManagePeople>().DisableAsync(agency.Olivia, agency.Max);
        await using var db = await agency.ReadAsync();
        trail = await db.Trail.OrderBy(e => e.Seq).ToListAsync();
    }

    public ValueTask DisposeAsync() => agency.DisposeAsync();

    [Fact]
    public async Task A_spreadsheet_library_reads_every_row_of_the_csv_and_finds_no_formula_in_it()
    {
        var rows = new MemoryStream(await ExportAsync("csv")).Query(useHeaderRow: true, excelType: ExcelType.CSV).Cast<IDictionary<string, object?>>().ToList();

        Assert.Equal(trail.Select(e => (e.Seq.ToString(CultureInfo.InvariantCulture), e.Type, Convert.ToHexStringLower(e.LeafHash))), rows.Select(r => ((string)r["Number"]!, (string)r["What"]!, (string)r["Leaf hash"]!)));
        Assert.Contains(rows, r => (string?)r["Identity"] == "'" + Formula);
        Assert.DoesNotContain(rows.SelectMany(r => r.Values).OfType<string>(), cell => cell.Length > 0 && "=+-@\t\r".Contains(cell[0], StringComparison.Ordinal));
        Assert.Contains(rows, r => ((string?)r["Facts"])?.Contains("line two", StringComparison.Ordinal) == true);
    }

    [Fact]
    public async Task The_sdk_of_cloudevents_reads_each_event_back()
    {
        var formatter = new JsonEventFormatter();
        var events = Lines(await ExportAsync("cloudevents")).Select(l => formatter.DecodeStructuredModeMessage(Encoding.UTF8.GetBytes(l), null, null)).ToList();

        Assert.All(events, e => Assert.True(e.IsValid));
        Assert.Equal(trail.Select(e => (e.Seq.ToString(CultureInfo.InvariantCulture), "accesshive." + e.Type, e.At.ToDateTimeOffset())), events.Select(e => (e.Id!, e.Type!, e.Time!.Value)));
        Assert.Equal(trail.Select(e => e.Emergency), events.Select(e => e["emergency"] is true or "true"));
        Assert.Single(events.Select(e => e.Source).Distinct());
    }

    [Fact]
    public async Task Every_event_holds_against_the_schema_of_ocsf()
    {
        var events = Lines(await ExportAsync("ocsf")).Select(l => JsonDocument.Parse(l).RootElement).ToList();

        Assert.Equal(trail.Select(e => (e.Seq, e.Type)), events.Select(e => e.GetProperty("metadata")).Select(m => (m.GetProperty("sequence").GetInt64(), m.GetProperty("event_code").GetString()!)));
        Assert.All(events, OcsfSchema.Holds);
        Assert.All(events, e => Assert.Equal((e.GetProperty("class_uid").GetInt32() * 100) + e.GetProperty("activity_id").GetInt32(), e.GetProperty("type_uid").GetInt32()));
        Assert.Equal([3001, 3002, 3004, 3005], events.Select(e => e.GetProperty("class_uid").GetInt32()).Distinct().Order());
    }

    [Fact]
    public async Task Rsyslogs_own_parser_of_cef_reads_each_line_back()
    {
        await using var server = await RsyslogServer.StartAsync();
        var cef = Encoding.UTF8.GetString(await ExportAsync("cef"));
        Assert.Equal(trail.Count, Lines(Encoding.UTF8.GetBytes(cef)).Length);

        await server.SendCefAsync(cef);
        var last = trail[^1];
        var understood = await server.UnderstoodAsync($"\"externalId\": \"{last.Seq}\"");

        var extensions = understood.Select(l => l.GetProperty("Extensions")).ToList();
        Assert.Equal(trail.Select(e => (e.Type, e.Seq.ToString(CultureInfo.InvariantCulture))), understood.Select(l => (l.GetProperty("SignatureID").GetString()!, l.GetProperty("Extensions").GetProperty("externalId").GetString()!)));
        Assert.Equal(trail.Select(e => Convert.ToHexStringLower(e.LeafHash)), extensions.Select(x => x.GetProperty("cs5").GetString()));
        Assert.Contains(extensions, x => x.TryGetProperty("msg", out var said) && said.GetString()!.Contains("Line one | a=b \\ \"c\" ]\nline two", StringComparison.Ordinal));
        Assert.Contains(extensions, x => x.TryGetProperty("cs1", out var identity) && identity.GetString()!.StartsWith(Formula, StringComparison.Ordinal));
    }

    private static string[] Lines(byte[] file) => Encoding.UTF8.GetString(file).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private async Task<byte[]> ExportAsync(string format)
    {
        using var file = new MemoryStream();
        var export = agency.Get<ExportTrail>();
        await export.WriteAsync((await export.BeginAsync(agency.Aiko, new ExportWish(format, new TrailFilter()))).Require(), file);
        return file.ToArray();
    }
}
