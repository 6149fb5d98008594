using System.Net;
using System.Text;
using AccessHive.Core.Jobs.UseCases;
using AccessHive.Core.Kernel;
using AccessHive.Core.Notices;
using AccessHive.Core.Notices.UseCases;
using AccessHive.Core.Vault;
using AccessHive.Tests.World;
using AccessHive.Tests.World.Servers;
using AccessHive.Web.Features.Notices;
using AccessHive.Web.Features.Requests;
using Bunit;
using Fluxor;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AccessHive.Tests.Notices;

public sealed class NoticePagesTests
{
    [Fact]
    public async Task The_bell_counts_live_the_page_lists_and_what_was_read_or_settled_calls_nobody_any_more()
    {
        await using var agency = await TestAgency.FoundAsync();
        agency.Presence.Enters(agency.Priya, agency.Olivia);
        await using var world = await PageWorld.OpenAsync(agency, agency.Priya);
        var bell = world.Render<NoticeBell>();
        Assert.Equal("Notices", bell.Find("a").GetAttribute("aria-label"));
        var page = world.Render<NoticesPage>();
        page.WaitForAssertion(() => Assert.Contains("Nothing to tell you yet", page.Markup, StringComparison.Ordinal));

        var first = (await agency.RaiseAsync(agency.Adam)).Require();
        await world.HearAsync();
        bell.WaitForAssertion(() => Assert.Equal("Notices, 1 unread, an emergency waits for you", bell.Find("a").GetAttribute("aria-label")));
        page.WaitForAssertion(() => Assert.Equal($"requests/{first.Request}", page.Find("li.is-unread.is-emergency a").GetAttribute("href")));
        Assert.Contains("Adam asks for emergency access to Bergmann – Google Ads", page.Find("li a").TextContent, StringComparison.Ordinal);
        (await agency.DecideAsync(agency.Olivia, first.Request)).Require();
        await world.HearAsync();
        bell.WaitForAssertion(() => Assert.Equal("Notices", bell.Find("a").GetAttribute("aria-label")));
        page.WaitForAssertion(() => Assert.Contains("Settled.", page.Find("li").TextContent, StringComparison.Ordinal));

        (await agency.RaiseAsync(agency.Olivia)).Require();
        await world.HearAsync();
        page.WaitForAssertion(() => Assert.Equal(2, page.FindAll("li").Count));
        page.Find("li.is-unread a").Click();
        bell.WaitForAssertion(() => Assert.Equal("Notices", bell.Find("a").GetAttribute("aria-label")));
        page.WaitForAssertion(() => Assert.Empty(page.FindAll("li.is-unread")));
    }

    [Fact]
    public async Task Nobody_reads_or_marks_the_notices_of_somebody_else_and_the_list_goes_on_where_the_page_ended()
    {
        await using var agency = await TestAgency.FoundAsync();
        agency.Presence.Enters(agency.Priya);
        for (var i = 0; i < NoticeQueries.PageSize + 1; i++)
        {
            var raised = (await agency.CheckOutAsync(agency.Max, (await agency.KeepAsync($"Shared {i}", IdentityType.ExternalShared)).Credential)).Require();
            (await agency.DecideAsync(agency.Priya, raised.Request, Core.Requests.Verdict.Deny)).Require();
        }

        var queries = agency.Get<NoticeQueries>();
        var page = await queries.PageAsync(agency.Max);
        Assert.Equal(NoticeQueries.PageSize, page.Rows.Count);
        Assert.Single((await queries.PageAsync(agency.Max, page.Before)).Rows);
        Assert.Empty((await queries.PageAsync(agency.Ian)).Rows);

        await queries.MarkReadAsync(agency.Ian, page.Rows[0].Id);
        await queries.MarkAllReadAsync(agency.Ian);
        Assert.Equal(NoticeQueries.PageSize + 1, (await queries.BellAsync(agency.Max)).Unread);
        await queries.MarkAllReadAsync(agency.Max);
        Assert.Equal(new Bell(0, Urgent: false), await queries.BellAsync(agency.Max));
    }

    [Fact]
    public async Task An_emergency_that_waits_is_not_lost_among_more_notices_than_the_bell_counts()
    {
        await using var agency = await TestAgency.FoundAsync();
        agency.Presence.Enters(agency.Priya);
        (await agency.RaiseAsync(agency.Adam)).Require();
        await agency.SqlAsync($"""
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {Bell.Most})
            INSERT INTO Notices (Id, PersonId, Way, Kind, Type, Seq, Emergency, Urgent, Link, Facts, CreatedAt, State, Problem)
            SELECT printf('00000000-0000-7000-8000-%012X', i), PersonId, Way, 'RequestDenied', 'request.denied', 0 - i, 0, 0, Link, Facts, CreatedAt, State, Problem FROM Notices, n
            """);

        Assert.Equal(new Bell(Bell.Most, Urgent: true), await agency.Get<NoticeQueries>().BellAsync(agency.Priya));
    }

    [Fact]
    public async Task The_card_is_read_first_saves_what_is_typed_tests_in_words_and_shows_what_was_given_up()
    {
        await using var server = await MailServerHere.OpenAsync();
        await using var agency = await TestAgency.FoundAsync();
        await using var world = await PageWorld.OpenAsync(agency, agency.Adam);
        world.Page.JSInterop.SetupModule("./js/enter.js").Setup<bool>("isEmpty", _ => true).SetResult(true);
        var card = world.Render<NoticeSettingsPage>();
        card.WaitForAssertion(() => Assert.Contains("No mail server yet", card.Markup, StringComparison.Ordinal));

        card.Find("#mail-edit").Click();
        card.Find("#mail-on").Change(true);
        card.Find("#mail-host").Input("smtp.agency.example");
        card.Find("#mail-port").Input(server.Port.ToString(System.Globalization.CultureInfo.InvariantCulture));
        card.Find("#mail-security").Change("None");
        Assert.Contains("Only a mail server on this machine", card.Find("#mail-security-words").TextContent, StringComparison.Ordinal);
        card.Find("#mail-host").Input("127.0.0.1");
        card.Find("#mail-from").Input("access@hive.example");
        card.Find("#mail-address").Input("https://hive.example");
        await card.FindAll("button").Single(b => b.TextContent.Trim() == "Save").ClickAsync();
        card.WaitForAssertion(() => Assert.Contains("Saved: e-mail on", card.Markup, StringComparison.Ordinal));
        await card.FindAll("button").Single(b => b.TextContent.Trim() == "Send test").ClickAsync();
        card.WaitForAssertion(() => Assert.Contains("has taken the mail. Look into your mailbox (adam@agency.example)", card.Markup, StringComparison.Ordinal));
        Assert.Equal("Mail from AccessHive gets through", Assert.Single(server.Mails).Subject);

        server.Answer = new SmtpServer.Protocol.SmtpResponse(SmtpServer.Protocol.SmtpReplyCode.MailboxUnavailable, "full");
        agency.Presence.Enters(agency.Priya);
        var raised = (await agency.RaiseAsync(agency.Olivia)).Require();
        await agency.Get<JobRunner>().RunDueAsync(CancellationToken.None);
        await world.HearAsync();
        card.WaitForAssertion(() => Assert.Contains("550: full", card.Markup, StringComparison.Ordinal));
        var request = world.Render<RequestView>(p => p.Add(r => r.Id, raised.Request.Value));
        request.WaitForAssertion(() => Assert.Contains("Mailed to 0, 1 failed.", request.Markup, StringComparison.Ordinal));
        server.Answer = SmtpServer.Protocol.SmtpResponse.Ok;
        await card.FindAll("button").Single(b => b.TextContent.Trim() == "Try again").ClickAsync();
        await agency.Get<JobRunner>().RunDueAsync(CancellationToken.None);
        await world.HearAsync();

        card.WaitForAssertion(() => Assert.Contains("1 mail went out in the last 24 hours, none waits.", card.Markup, StringComparison.Ordinal));
        request.WaitForAssertion(() => Assert.Contains("Mailed to 1.", request.Markup, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Who_does_not_edit_settings_sees_the_plan_and_no_server()
    {
        await using var agency = await TestAgency.FoundAsync();
        await using var world = await PageWorld.OpenAsync(agency, agency.Priya);
        var page = world.Render<NoticeSettingsPage>();

        Assert.Contains("You are Approver", page.Markup, StringComparison.Ordinal);
        Assert.Contains("The approvers who are asked", page.Markup, StringComparison.Ordinal);
        Assert.Empty(page.FindAll("button"));
    }

    [Fact]
    public async Task The_password_goes_round_the_circuit_to_those_who_may_and_from_our_own_page_only()
    {
        await using var house = await RunningHouse.OpenAsync();
        var server = new MailServer(On: true, "127.0.0.1", 2525, MailSecurity.None, "hive", "access@hive.example", "https://hive.example");
        (await house.Get<KeepNoticeSettings>().SaveAsync(house.Adam, server, 0)).Require();

        Assert.Equal(HttpStatusCode.OK, await SendAsync(house, "Adam", "canary-ö"));
        Assert.Equal(HttpStatusCode.Conflict, await SendAsync(house, "Priya", "canary-ö"));
        Assert.Equal(HttpStatusCode.Conflict, await SendAsync(house, "Adam", "two\nlines"));
        Assert.Equal(HttpStatusCode.Forbidden, await SendAsync(house, "Adam", "canary-ö", header: "other"));

        await using var db = await house.ReadAsync();
        var kept = await db.HouseKeys.SingleAsync(k => k.Name == HousePurpose.MailPassword);
        Assert.Equal("canary-ö", Encoding.UTF8.GetString(house.Get<HouseSeal>().Open(HousePurpose.MailPassword, kept.Sealed)));
    }

    private static async Task<HttpStatusCode> SendAsync(RunningHouse house, string name, string password, string header = "vault")
    {
        using var visitor = await Visitor.SignedInAsync(house, name);
        using var request = new HttpRequestMessage(HttpMethod.Post, MailPasswordEndpoint.Path) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes("{}\n" + password)) };
        request.Headers.Add("X-AccessHive", header);
        return (await visitor.Http.SendAsync(request)).StatusCode;
    }
}
