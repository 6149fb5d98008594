using System.Text.Json;
using AccessHive.Core.Agency.UseCases;
using AccessHive.Core.Cases;
using AccessHive.Core.Cases.UseCases;
using AccessHive.Core.Kernel;
using AccessHive.Core.Requests;
using AccessHive.Core.Sessions.UseCases;
using AccessHive.Tests.World;
using AccessHive.Web.Features.Cases;
using Bunit;
using NodaTime;
using Xunit;

namespace AccessHive.Tests.Cases;

/// <summary>Board, case and dossier as people find them.</summary>
public sealed class CasePagesTests : IAsyncLifetime
{
    private TestAgency agency = null!;

    public async ValueTask InitializeAsync() => agency = await TestAgency.FoundAsync();

    public ValueTask DisposeAsync() => agency.DisposeAsync();

    [Fact]
    public async Task A_reviewer_reads_the_story_answers_three_questions_and_the_case_closes_before_their_eyes()
    {
        var it = await agency.OverAsync();
        await agency.RotateAsync();
        await using var world = await PageWorld.OpenAsync(agency, agency.Sofia);
        var view = View(world, it.Number);
        Assert.Contains(Cast.GoodReason, view.Markup, StringComparison.Ordinal);
        Assert.Contains("Approved by Priya.", view.Markup, StringComparison.Ordinal);
        Assert.Contains("Shown once. Version 1 of the main secret was seen.", view.Markup, StringComparison.Ordinal);
        Assert.True(view.Markup.IndexOf("id=\"verdict-title\"", StringComparison.Ordinal) > view.Markup.IndexOf("id=\"timeline-title\"", StringComparison.Ordinal));
        Assert.Equal(2, view.FindAll(".ah-gate.is-closed").Count);

        await view.Find("form").SubmitAsync();
        view.WaitForAssertion(() => Assert.Contains("Answer the three questions", view.Markup, StringComparison.Ordinal));
        await view.FindAll("input[name=genuine]")[0].ChangeAsync(new());
        await view.FindAll("input[name=duration]")[0].ChangeAsync(new());
        await view.FindAll("input[name=follow-up]")[1].ChangeAsync(new());
        await view.FindAll("input[name=verdict]")[0].ChangeAsync(new());
        await view.Find("form").SubmitAsync();

        view.WaitForAssertion(() => Assert.Equal(3, view.FindAll(".ah-gate.is-closed").Count));
        Assert.Contains("Closed", view.Find(".ah-page-head").TextContent, StringComparison.Ordinal);
        Assert.Equal(["case.opened", "case.opened-by-reviewer", "case.reviewed", "case.closed"], await agency.TrailAsync("case."));
    }

    [Fact]
    public async Task Who_took_part_reads_along_and_finds_no_form_and_nobody_else_finds_the_case()
    {
        var it = await agency.OverAsync(seen: false);

        foreach (var (who, words) in new[] { (agency.Adam, "This emergency is your own"), (agency.Priya, "somebody else") })
        {
            await using var world = await PageWorld.OpenAsync(agency, who);
            var view = View(world, it.Number);
            Assert.Contains("Asked by", view.Markup, StringComparison.Ordinal);
            Assert.Contains(words, view.Markup, StringComparison.OrdinalIgnoreCase);
            Assert.Empty(view.FindAll("form"));
            Assert.DoesNotContain("Open again", view.Markup, StringComparison.Ordinal);
        }

        await using var max = await PageWorld.OpenAsync(agency, agency.Max);
        Assert.Contains("No such case", View(max, it.Number).Markup, StringComparison.Ordinal);
        Assert.Equal(["case.opened"], await agency.TrailAsync("case."));
    }

    [Fact]
    public async Task Where_nobody_is_eligible_it_says_why_and_what_to_do()
    {
        await agency.Get<ManagePeople>().DisableAsync(agency.Olivia, agency.Sofia);
        var request = (await agency.RaiseAsync(agency.Adam)).Require().Request;
        await agency.DecideAsync(agency.Olivia, request, Verdict.Deny);
        await using var world = await PageWorld.OpenAsync(agency, agency.Aiko);

        var view = View(world, 1);

        Assert.Contains("Nobody may review this", view.Find(".ah-gates").TextContent, StringComparison.Ordinal);
        Assert.Contains("invite somebody", view.Find(".ah-gates").TextContent, StringComparison.Ordinal);
        Assert.Contains("Comment", view.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_board_counts_what_needs_the_reader_and_learns_by_itself_that_a_case_is_done()
    {
        var first = await agency.OverAsync(seen: false);
        var (_, meta) = await agency.KeepAsync("Lumen – Meta Ads");
        await agency.GrantAsync(agency.Olivia, credential: meta);
        await using var world = await PageWorld.OpenAsync(agency, agency.Sofia);
        var board = world.Render<CasesPage>();
        board.WaitForAssertion(() => Assert.Equal(2, board.FindAll("tbody tr").Count));
        Assert.Contains("Needs me (1)", board.Markup, StringComparison.Ordinal);
        Assert.Contains("Running", board.Markup, StringComparison.Ordinal);

        await agency.ReviewAsync(agency.Olivia, first.Id);
        await world.HearAsync();

        board.WaitForAssertion(() => Assert.Single(board.FindAll("tbody tr")));
        Assert.DoesNotContain("Needs me (", board.Markup, StringComparison.Ordinal);
        Assert.Equal(0, await agency.Get<CaseQueries>().CountAsync(agency.Sofia));
        Assert.Equal(CaseVerdict.Genuine, Assert.Single((await agency.Get<CaseQueries>().BoardAsync(agency.Aiko, CaseView.Closed)).Rows).Verdict);
        Assert.Single((await agency.Get<CaseQueries>().BoardAsync(agency.Aiko, CaseView.All, "lumen")).Rows);
        Assert.Single((await agency.Get<CaseQueries>().BoardAsync(agency.Aiko, CaseView.All, "#1")).Rows);
        Assert.Empty((await agency.Get<CaseQueries>().BoardAsync(agency.Max, CaseView.All)).Rows);
    }

    [Fact]
    public async Task The_board_goes_on_where_a_page_ended()
    {
        for (var i = 0; i < CaseQueries.PageSize + 2; i++)
        {
            var request = (await agency.RaiseAsync(agency.Adam)).Require().Request;
            await agency.DecideAsync(agency.Priya, request, Verdict.Deny);
            agency.Time.AdvanceMinutes(15);
        }

        var queries = agency.Get<CaseQueries>();
        var open = await queries.BoardAsync(agency.Sofia, CaseView.Open);
        var all = await queries.BoardAsync(agency.Sofia, CaseView.All);

        Assert.Equal([31, 32], (await queries.BoardAsync(agency.Sofia, CaseView.Open, after: open.Next)).Rows.Select(r => r.Number));
        Assert.Equal([2, 1], (await queries.BoardAsync(agency.Sofia, CaseView.All, after: all.Next)).Rows.Select(r => r.Number));
        Assert.Equal(32, open.NeedMe);
    }

    [Fact]
    public async Task A_chain_tells_its_minutes_who_else_was_there_and_leaves_as_json()
    {
        var first = await agency.GrantAsync(agency.Adam, minutes: 30);
        await agency.GrantAsync(agency.Olivia, minutes: 20);
        agency.Time.AdvanceMinutes(30);
        await agency.SettleAsync();
        var next = (await agency.RaiseAsync(agency.Adam, reason: "The reset mail never came, one more try is needed.", continues: first)).Require().Request;
        var second = (await agency.DecideAsync(agency.Priya, next)).Require().Session!.Value;
        agency.Time.AdvanceMinutes(12);
        await agency.Get<EndSessionHandler>().EndAsync(agency.Adam, second);
        var it = await agency.CaseOfAsync(next);

        var report = (await agency.Get<CaseQueries>().PageAsync(agency.Aiko, it.Id.ToString()))!.Report;

        Assert.Equal((42, 60), ((int)report.Used.TotalMinutes, (int)report.Granted.TotalMinutes));
        Assert.Equal("Olivia", Assert.Single(report.Overlaps).Name);
        Assert.Equal(report.Timeline.Select(s => s.Seq).Order(), report.Timeline.Select(s => s.Seq));
        Assert.Contains(report.Timeline, s => s.Type == "case.joined");
        Assert.DoesNotContain(report.Timeline, s => s.Who == "Olivia");
        Assert.Equal("not-case-reader", (await agency.Get<ExportCase>().WriteAsync(agency.Priya, it.Id)).Refusal?.Code);
        using var json = JsonDocument.Parse((await agency.Get<ExportCase>().WriteAsync(agency.Aiko, it.Id)).Require().Json);
        Assert.Equal((2, 2520.0, "approved"), (
            json.RootElement.GetProperty("sessions").GetArrayLength(), json.RootElement.GetProperty("used").GetDouble(),
            json.RootElement.GetProperty("requests")[0].GetProperty("state").GetString()));
        Assert.Equal("nothingSeen", json.RootElement.GetProperty("gates").GetProperty("rotated").GetProperty("reason").GetString());
        Assert.True(json.RootElement.GetProperty("proof").GetProperty("size").GetInt64() > 0);
        Assert.Single(await agency.TrailAsync("case.handed-over"));
    }

    private static IRenderedComponent<OneCasePage> View(PageWorld world, long number)
    {
        var view = world.Render<OneCasePage>(p => p.Add(x => x.Key, number.ToString(System.Globalization.CultureInfo.InvariantCulture)));
        view.WaitForAssertion(() => Assert.Empty(view.FindAll("[aria-busy=true]")));
        return view;
    }
}
