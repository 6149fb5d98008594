using System.Net;
using System.Text;
using AccessHive.Core.Vault;
using AccessHive.Core.Vault.UseCases;
using AccessHive.Tests.World;
using AccessHive.Web.Features.Vault;
using Bunit;
using Xunit;

namespace AccessHive.Tests.Vault.Pages;

public sealed class ImportPageTests
{
    private const string Sheet = "Name,Client,Password,Other\nNordwind – Meta,Nordwind,canary-one,canary-two\n,Nordwind,canary-three,\nBergmann – Google Ads,Nobody,canary-four,\n";

    [Fact]
    public async Task A_file_goes_through_columns_and_dry_run_into_the_vault_and_no_secret_is_in_the_markup()
    {
        await using var agency = await TestAgency.FoundAsync();
        await using var world = await PageWorld.OpenAsync(agency, agency.Ian);
        var page = world.Render<ImportPage>();
        await SendAsync(agency, page);
        Assert.Contains("3 rows", page.Markup, StringComparison.Ordinal);
        Assert.Equal(["Name", "Client", "Secret", "Ignore"], page.FindAll("tbody select").Select(s => s.GetAttribute("value")));
        Assert.Contains("•••• 10 characters", page.Markup, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", page.Markup, StringComparison.Ordinal);

        await page.FindAll("button").Single(b => b.TextContent.Trim() == "Dry run").ClickAsync();
        page.WaitForElement("#import-result");
        Assert.Contains("1 row has a problem", page.Find("#import-result").TextContent, StringComparison.Ordinal);
        Assert.Equal("3", page.Find("tbody th").TextContent.Trim());
        Assert.Contains("Enter a name", page.Find("tbody").TextContent, StringComparison.Ordinal);
        Assert.Single((await agency.Get<IdentityQueries>().ListAsync(new IdentityFilter())).Rows);

        await page.FindAll("button").Single(b => b.TextContent.Contains("Import 2 identities, 2 credentials – without the 1 row with a problem", StringComparison.Ordinal)).ClickAsync();
        page.WaitForAssertion(() => Assert.Contains("2 identities and 2 credentials added. 1 row was left out.", page.Markup, StringComparison.Ordinal));
        Assert.Equal(3, (await agency.Get<IdentityQueries>().ListAsync(new IdentityFilter())).Total);
        Assert.DoesNotContain("canary", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_column_is_one_thing_only_and_without_a_name_nothing_runs()
    {
        await using var agency = await TestAgency.FoundAsync();
        await using var world = await PageWorld.OpenAsync(agency, agency.Ian);
        var page = world.Render<ImportPage>();
        await SendAsync(agency, page);

        await page.FindAll("tbody select")[1].ChangeAsync(nameof(ImportColumn.Name));
        Assert.Equal(["Ignore", "Name", "Secret", "Ignore"], page.FindAll("tbody select").Select(s => s.GetAttribute("value")));
        Assert.DoesNotContain("Nordwind – Meta", page.Markup, StringComparison.Ordinal);
        await page.FindAll("tbody select")[1].ChangeAsync(nameof(ImportColumn.Ignore));
        await page.FindAll("button").Single(b => b.TextContent.Trim() == "Dry run").ClickAsync();

        page.WaitForAssertion(() => Assert.Contains("Say which column is the name", page.Find("[role=alert]").TextContent, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Who_does_not_keep_identities_is_told_who_does()
    {
        await using var agency = await TestAgency.FoundAsync();
        await using var world = await PageWorld.OpenAsync(agency, agency.Priya);

        var page = world.Render<ImportPage>();

        Assert.Empty(page.FindAll("input"));
        Assert.Contains("You are Approver", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Leaving_the_page_zeroes_the_file()
    {
        await using var agency = await TestAgency.FoundAsync();
        var world = await PageWorld.OpenAsync(agency, agency.Ian);
        var bytes = Encoding.UTF8.GetBytes(Sheet);
        await SendAsync(agency, world.Render<ImportPage>(), bytes);
        Assert.Contains((byte)'c', bytes);

        await world.DisposeAsync();

        Assert.All(bytes, b => Assert.Equal(0, b));
    }

    [Fact]
    public async Task Over_the_wire_a_file_comes_in_its_report_and_the_list_go_out_and_only_to_those_who_may()
    {
        await using var house = await RunningHouse.OpenAsync();
        using var ian = await Visitor.SignedInAsync(house, "Ian");
        using var aiko = await Visitor.SignedInAsync(house, "Aiko");
        using var max = await Visitor.SignedInAsync(house, "Max");

        async Task<HttpResponseMessage> SendAsync(Visitor who, byte[] bytes, string header = "import", string? origin = null)
        {
            using var body = new ByteArrayContent(bytes);
            return await who.PostAsync(ImportEndpoints.UploadPath, body, origin ?? who.Origin, ("X-AccessHive", header), ("X-AccessHive-File", "sheet%20%C3%A4.csv"));
        }

        var sent = await SendAsync(ian, Encoding.UTF8.GetBytes(Sheet));
        Assert.Equal(HttpStatusCode.OK, sent.StatusCode);
        var file = house.Get<ImportIdentities>().Find(house.Ian, 1).Require();
        Assert.Equal("sheet ä.csv", file.Name);
        (await house.Get<ImportIdentities>().ImportAsync(house.Ian, file.Id, file.Guess)).Require();
        var report = await ian.ReadAsync($"{ImportEndpoints.ReportPath}?file=1");
        Assert.Contains("3,Problem,,,,,\"Enter a name of 1 to 120 characters.\",identity-name-missing", report.Replace(",Enter a name of 1 to 120 characters.,", ",\"Enter a name of 1 to 120 characters.\",", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.DoesNotContain("canary", report, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await max.GetAsync($"{ImportEndpoints.ReportPath}?file=1")).StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await SendAsync(max, "Name\nx\n"u8.ToArray())).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await SendAsync(ian, "Name\nx\n"u8.ToArray(), header: "vault")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await SendAsync(ian, "Name\nx\n"u8.ToArray(), origin: "https://elsewhere.example")).StatusCode);
        Assert.Contains("import-file-too-large", await (await SendAsync(ian, new byte[ImportSheet.MostBytes + 1])).Content.ReadAsStringAsync(), StringComparison.Ordinal);

        using var form = new FormUrlEncodedContent([new("q", "nordwind")]);
        var exported = await aiko.PostAsync(ImportEndpoints.ExportPath, form, aiko.Origin);
        Assert.Equal("attachment", exported.Content.Headers.ContentDisposition!.DispositionType);
        var list = await exported.Content.ReadAsStringAsync();
        Assert.Contains("Nordwind – Meta", list, StringComparison.Ordinal);
        Assert.DoesNotContain("Bergmann", list, StringComparison.Ordinal);
        using var empty = new FormUrlEncodedContent([]);
        Assert.Equal(HttpStatusCode.Conflict, (await max.PostAsync(ImportEndpoints.ExportPath, empty, max.Origin)).StatusCode);
        using var foreign = new FormUrlEncodedContent([]);
        Assert.Equal(HttpStatusCode.Forbidden, (await ian.PostAsync(ImportEndpoints.ExportPath, foreign, "https://elsewhere.example")).StatusCode);
    }

    private static async Task SendAsync(TestAgency agency, IRenderedComponent<ImportPage> page, byte[]? bytes = null)
    {
        var file = (await agency.Get<ImportIdentities>().ReceiveAsync(agency.Ian, "sheet.csv", bytes ?? Encoding.UTF8.GetBytes(Sheet))).Require();
        await page.InvokeAsync(() => page.FindComponent<ImportFileField>().Instance.OnReceived.InvokeAsync(file.Id));
        page.WaitForElement("tbody select");
    }
}
