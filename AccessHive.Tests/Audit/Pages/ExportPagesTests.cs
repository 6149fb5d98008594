using AccessHive.Core.Audit;
using AccessHive.Core.Audit.UseCases;
using AccessHive.Tests.World;
using AccessHive.Web.Features.Audit;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AccessHive.Tests.Audit.Pages;

public sealed class ExportPagesTests
{
    [Fact]
    public async Task The_dialog_exports_what_is_listed_and_shows_how_far_it_is()
    {
        await using var agency = await TestAgency.FoundAsync();
        await agency.RaiseAsync(agency.Adam);
        await using var world = await PageWorld.OpenAsync(agency, agency.Aiko);
        var dialogs = world.Dialogs();
        world.Page.Services.GetRequiredService<NavigationManager>().NavigateTo("audit?emergency=1");
        var page = world.Render<AuditPage>();
        page.WaitForAssertion(() => Assert.NotEmpty(page.FindAll("tbody tr")));

        page.FindAll("button").Single(b => b.TextContent.Trim() == "Export").Click();

        dialogs.WaitForAssertion(() => Assert.Contains($"{page.FindAll("tbody tr").Count} entries", dialogs.Markup, StringComparison.Ordinal));
        Assert.Contains("Emergency Access", dialogs.Find(".ah-facts").TextContent, StringComparison.Ordinal);
        Assert.Equal(6, dialogs.FindAll("#export-format option").Count);
        var form = dialogs.Find("form");
        Assert.Equal(("post", "audit/export"), (form.GetAttribute("method"), form.GetAttribute("action")));
        var ticket = agency.Get<RunningExports>().Take(agency.Aiko, Guid.Parse(dialogs.Find("input[name=ticket]").GetAttribute("value")!))!;
        Assert.True(ticket.Filter.Emergency);
        var begun = (await agency.Get<ExportTrail>().BeginAsync(agency.Aiko, new ExportWish("csv", ticket.Filter))).Require();
        ticket.Begin(begun);
        dialogs.WaitForAssertion(() => Assert.Equal("0", dialogs.Find("progress").GetAttribute("value")));
        ticket.Report(1);
        dialogs.WaitForAssertion(() => Assert.Equal("1", dialogs.Find("progress").GetAttribute("value")));
        dialogs.FindAll("button").Single(b => b.TextContent == "Stop").Click();
        Assert.True(ticket.Cancelled.IsCancellationRequested);
        ticket.End(ExportState.Stopped);
        dialogs.WaitForAssertion(() => Assert.Contains("The file is not whole", dialogs.Markup, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_filter_is_kept_used_renamed_and_removed_and_belongs_to_its_person()
    {
        await using var agency = await TestAgency.FoundAsync();
        await using var world = await PageWorld.OpenAsync(agency, agency.Aiko);
        var query = new AuditQuery(Emergency: true, Action: "request.raised");
        var bar = world.Render<KeptFilters>(p => p.Add(b => b.Query, query));
        bar.WaitForElement("button").Click();
        bar.Find("input").Input("Broken glass");
        await bar.Find("form").SubmitAsync();

        bar.WaitForAssertion(() => Assert.Equal(("Broken glass", query.ToUri()), (bar.Find("a").TextContent, bar.Find("a").GetAttribute("href"))));
        var filters = agency.Get<KeepFilters>();
        var kept = Assert.Single(await filters.ListAsync(agency.Aiko));
        Assert.Equal("filter-name-taken", (await filters.SaveAsync(agency.Aiko, "broken GLASS", "emergency=1")).Refusal!.Code);
        Assert.Equal("filter-name-missing", (await filters.SaveAsync(agency.Aiko, " ", "emergency=1")).Refusal!.Code);
        Assert.Equal("filter-not-found", (await filters.RenameAsync(agency.Adam, kept.Id, "Mine")).Refusal!.Code);
        Assert.Empty(await filters.ListAsync(agency.Adam));
        var card = world.Render<KeptFiltersCard>();
        card.WaitForElement("button[aria-label='Rename Broken glass']").Click();
        card.Find("input").Change("Glass");
        await card.Find("form").SubmitAsync();
        card.WaitForAssertion(() => Assert.Contains($"/audit/export?filter={kept.Id}", card.Find("code").TextContent, StringComparison.Ordinal));
        Assert.Equal("Glass", (await filters.FindAsync(agency.Aiko, "glass"))!.Name);
        Assert.Null((await filters.RemoveAsync(agency.Aiko, kept.Id)).Refusal);
    }

    [Fact]
    public async Task The_receivers_card_is_read_by_some_edited_by_fewer_and_says_what_is_wrong_where_it_is_typed()
    {
        await using var agency = await TestAgency.FoundAsync();
        await using (var max = await PageWorld.OpenAsync(agency, agency.Max))
        {
            var nothing = max.Render<SyslogSinkCard>();
            nothing.WaitForAssertion(() => Assert.Contains("You are Member", nothing.Markup, StringComparison.Ordinal));
            Assert.Empty(nothing.FindAll("button"));
        }

        await using var adam = await PageWorld.OpenAsync(agency, agency.Adam);
        var card = adam.Render<SyslogSinkCard>();
        card.WaitForElement("#syslog-edit").Click();
        card.Find("#syslog-host").Change("logs.agency.example");
        card.Find("#syslog-port").Change("99999");
        await card.Find("form").SubmitAsync();
        card.WaitForAssertion(() => Assert.Contains("target-port-out-of-range", card.Markup, StringComparison.Ordinal));
        card.Find("#syslog-port").Change("6514");
        await card.Find("form").SubmitAsync();

        card.WaitForAssertion(() => Assert.Contains("logs.agency.example:6514", card.Markup, StringComparison.Ordinal));
        Assert.Contains("On, 1 entry waits", card.Markup, StringComparison.Ordinal);
        var saved = (await agency.Get<KeepSyslog>().ReadAsync(agency.Adam))!;
        Assert.Equal(new SyslogTarget("logs.agency.example", 6514, "", OnlyEmergency: false, Personal: false, IsOn: true), saved.Target);
    }
}
