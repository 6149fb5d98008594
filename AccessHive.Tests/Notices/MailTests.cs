using System.Text;
using AccessHive.Core.Agency.UseCases;
using AccessHive.Core.Audit.UseCases;
using AccessHive.Core.Jobs.UseCases;
using AccessHive.Core.Kernel;
using AccessHive.Core.Notices;
using AccessHive.Core.Notices.UseCases;
using AccessHive.Core.Requests;
using AccessHive.Core.Storage;
using AccessHive.Core.Vault;
using AccessHive.Tests.Cases;
using AccessHive.Tests.World;
using AccessHive.Tests.World.Servers;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using MimeKit;
using NodaTime;
using SmtpServer.Protocol;
using Xunit;

namespace AccessHive.Tests.Notices;

/// <summary>Mails that really go out, to a mail server that is really there.</summary>
public sealed class MailTests
{
    private const string Canary = "canary-mail-Wq4!password";

    [Theory]
    [InlineData(MailSecurity.StartTls)]
    [InlineData(MailSecurity.Tls)]
    [InlineData(MailSecurity.None)]
    public async Task An_urgent_request_arrives_over_the_line_that_was_chosen_and_says_what_to_do(MailSecurity security)
    {
        await using var server = await MailServerHere.OpenAsync(new MailServerWish(security, "hive", Canary));
        await using var agency = await TestAgency.FoundAsync(services => services.AddSingleton<MailTrust>(new TrustOf(server)));
        await MailAsync(agency, server, security, "hive", Canary);
        agency.Presence.Enters(agency.Priya);

        var raised = (await agency.RaiseAsync(agency.Adam)).Require();
        await agency.Get<JobRunner>().RunDueAsync(CancellationToken.None);

        var mail = Assert.Single(server.Mails);
        Assert.Equal("URGENT: Adam asks for emergency access to Bergmann – Google Ads", mail.Subject);
        Assert.Equal("priya@agency.example", Assert.Single(mail.To.Mailboxes).Address);
        Assert.Equal("auto-generated", mail.Headers["Auto-Submitted"]);
        Assert.Contains($"https://hive.example/requests/{raised.Request}", mail.TextBody, StringComparison.Ordinal);
        Assert.Contains("Asked for: 30 minutes.", mail.TextBody, StringComparison.Ordinal);
        Assert.Contains("Decide by Mon 23 Nov 2026, 04:15 (Europe/Berlin)", mail.TextBody, StringComparison.Ordinal);
        Assert.Contains($"href=\"https://hive.example/requests/{raised.Request}\"", mail.HtmlBody, StringComparison.Ordinal);
        await using var db = await agency.ReadAsync();
        var notice = await db.Notices.SingleAsync(n => n.Way == NoticeWay.Email);
        Assert.Equal($"{notice.Id.Value:n}@hive.example", mail.MessageId);
        Assert.Equal((NoticeState.Sent, agency.Now), (notice.State, notice.SentAt));
        // The tree of the very commit that asked: it ends with what that commit wrote last.
        var anchor = notice.Anchor!;
        Assert.Equal(await db.Trail.MaxAsync(t => t.Seq), anchor.Size);
        Assert.EndsWith($"Trail: {anchor.Size} entries, root {anchor.Root}…", mail.TextBody!.TrimEnd(), StringComparison.Ordinal);
        foreach (var body in new[] { mail.TextBody, mail.HtmlBody })
        {
            foreach (var never in new[] { Cast.GoodReason, Cast.Secret, Canary })
                Assert.DoesNotContain(never, body, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_server_that_shows_a_certificate_nobody_trusts_gets_no_password_and_no_mail()
    {
        await using var server = await MailServerHere.OpenAsync(new MailServerWish(MailSecurity.StartTls, "hive", Canary));
        await using var agency = await TestAgency.FoundAsync();
        await MailAsync(agency, server, MailSecurity.StartTls, "hive", Canary);

        var answer = (await agency.Get<KeepNoticeSettings>().SendTestAsync(agency.Adam)).Require();

        Assert.False(answer.Sent);
        Assert.Contains("certificate is not trusted", answer.Words, StringComparison.Ordinal);
        Assert.Empty(server.Mails);
    }

    [Fact]
    public async Task A_wrong_password_is_said_given_up_and_tried_again_by_a_person()
    {
        await using var server = await MailServerHere.OpenAsync(new MailServerWish(User: "hive", Password: Canary));
        await using var agency = await TestAgency.FoundAsync();
        await MailAsync(agency, server, user: "hive", password: "not the one");
        agency.Presence.Enters(agency.Priya);
        Assert.Contains("did not accept the user name and password", (await agency.Get<KeepNoticeSettings>().SendTestAsync(agency.Adam)).Require().Words, StringComparison.Ordinal);
        (await agency.RaiseAsync(agency.Adam)).Require();
        await WorkOffAsync(agency, minutes: 8);

        var traffic = (await agency.Get<KeepNoticeSettings>().TrafficAsync(agency.Adam))!;
        var trouble = Assert.Single(traffic.Trouble);
        Assert.Equal(("Priya", true), (trouble.Reader, trouble.IsGivenUp));
        Assert.Contains("did not accept", trouble.Problem, StringComparison.Ordinal);
        Assert.Equal("not-settings-editor", (await agency.Get<KeepNoticeSettings>().RetryAsync(agency.Priya, trouble.Id)).Refusal!.Code);
        (await agency.Get<KeepNoticeSettings>().EnterPasswordAsync(agency.Adam, Encoding.UTF8.GetBytes(Canary))).Require();

        Assert.Equal(1, (await agency.Get<KeepNoticeSettings>().RetryAsync(agency.Adam, trouble.Id)).Require());
        Assert.Equal("notice-not-given-up", (await agency.Get<KeepNoticeSettings>().RetryAsync(agency.Adam, trouble.Id)).Refusal!.Code);
        await agency.Get<JobRunner>().RunDueAsync(CancellationToken.None);

        Assert.Equal("priya@agency.example", Assert.Single(server.Mails).To.Mailboxes.Single().Address);
        Assert.Empty((await agency.Get<KeepNoticeSettings>().TrafficAsync(agency.Adam))!.Trouble);
        Assert.Equal(["notices.settings-changed", "notices.settings-changed", "notices.mail-tested", "notices.settings-changed", "notices.mail-retried"], await agency.TrailAsync("notices."));
    }

    [Fact]
    public async Task A_server_that_was_down_gets_the_mail_once_it_is_up_and_one_that_refuses_for_good_is_not_asked_again()
    {
        int port;
        await using (var gone = await MailServerHere.OpenAsync())
            port = gone.Port;
        await using var agency = await TestAgency.FoundAsync();
        await MailAsync(agency, port);
        agency.Presence.Enters(agency.Priya);
        (await agency.RaiseAsync(agency.Adam)).Require();
        await agency.Get<JobRunner>().RunDueAsync(CancellationToken.None);
        Assert.Contains("refuses the connection", Assert.Single((await agency.Get<KeepNoticeSettings>().TrafficAsync(agency.Adam))!.Trouble).Problem, StringComparison.Ordinal);

        await using var server = await MailServerHere.OpenAsync(new MailServerWish(Port: port));
        await WorkOffAsync(agency, minutes: 1);
        Assert.Single(server.Mails);

        server.Answer = new SmtpResponse(SmtpReplyCode.MailboxUnavailable, "no such\u0007 reader");
        (await agency.RaiseAsync(agency.Olivia)).Require();
        await agency.Get<JobRunner>().RunDueAsync(CancellationToken.None);
        var trouble = Assert.Single((await agency.Get<KeepNoticeSettings>().TrafficAsync(agency.Adam))!.Trouble);
        Assert.True(trouble.IsGivenUp);
        Assert.Contains("550", trouble.Problem, StringComparison.Ordinal);
        Assert.DoesNotContain(trouble.Problem, char.IsControl);
    }

    [Fact]
    public async Task A_crash_between_the_sending_and_the_writing_down_sends_the_same_mail_again_under_the_same_name()
    {
        await using var server = await MailServerHere.OpenAsync();
        await using var agency = await TestAgency.FoundAsync();
        await MailAsync(agency, server);
        agency.Presence.Enters(agency.Priya);
        (await agency.RaiseAsync(agency.Adam)).Require();
        await agency.SqlAsync("CREATE TRIGGER Broken BEFORE UPDATE OF State ON Notices BEGIN SELECT RAISE(ABORT, 'disk'); END");
        await agency.Get<JobRunner>().RunDueAsync(CancellationToken.None);
        Assert.Single(server.Mails);
        await agency.SqlAsync("DROP TRIGGER Broken");

        await agency.RestartAsync();
        agency.Time.Advance(Duration.FromSeconds(31));
        await agency.Get<JobRunner>().RunDueAsync(CancellationToken.None);

        Assert.Equal(2, server.Mails.Count);
        Assert.Single(server.Mails.Select(m => m.MessageId).Distinct());
        await using var db = await agency.ReadAsync();
        Assert.Equal(NoticeState.Sent, (await db.Notices.SingleAsync(n => n.Way == NoticeWay.Email)).State);
    }

    [Fact]
    public async Task What_was_settled_meanwhile_is_not_sent_and_who_wants_no_mail_gets_what_is_urgent()
    {
        await using var server = await MailServerHere.OpenAsync();
        await using var agency = await TestAgency.FoundAsync();
        await MailAsync(agency, server);
        agency.Presence.Enters(agency.Priya);
        foreach (var quiet in new[] { agency.Priya, agency.Olivia, agency.Sofia })
            (await agency.Get<ChooseNotices>().ChooseAsync(quiet, wantsMail: false)).Require();
        await agency.Get<ChooseNotices>().RememberZoneAsync(agency.Adam, "America/New_York");
        var first = (await agency.RaiseAsync(agency.Adam)).Require();
        await agency.Get<JobRunner>().RunDueAsync(CancellationToken.None);
        (await agency.RaiseAsync(agency.Olivia)).Require();
        (await agency.DecideAsync(agency.Priya, first.Request)).Require();
        await agency.SqlAsync("UPDATE Requests SET State = 'Withdrawn' WHERE State = 'Pending'");
        await agency.Get<JobRunner>().RunDueAsync(CancellationToken.None);

        Assert.Equal(["URGENT: Adam asks for emergency access to Bergmann – Google Ads", "Priya approved your emergency access to Bergmann – Google Ads"], server.Mails.Select(m => m.Subject));
        Assert.Contains("Sun 22 Nov 2026, 22:00 (America/New_York)", server.Mails.Last().TextBody, StringComparison.Ordinal);
        await using var db = await agency.ReadAsync();
        Assert.Equal("It was settled before it could go out.", (await db.Notices.SingleAsync(n => n.State == NoticeState.Dropped)).Problem);
    }

    [Fact]
    public async Task A_week_attested_and_a_case_reviewed_meanwhile_are_not_asked_for_by_mail_any_more()
    {
        await using var server = await MailServerHere.OpenAsync();
        await using var agency = await TestAgency.FoundAsync();
        await MailAsync(agency, server);
        var it = await agency.OverAsync(seen: false);
        await agency.Get<JobRunner>().RunDueAsync(CancellationToken.None);
        var before = server.Mails.Count;
        agency.Time.Advance(Duration.FromHours(24));
        await agency.SettleAsync();
        await WeekAsync(agency, "week.reminder");
        (await agency.ReviewAsync(agency.Sofia, it.Id)).Require();
        await WeekAsync(agency, "week.attested");

        await agency.Get<JobRunner>().RunDueAsync(CancellationToken.None);

        Assert.Equal(["Sofia reviewed your emergency: case 1"], server.Mails.Skip(before).Select(m => m.Subject));
    }

    [Fact]
    public async Task The_weekly_digest_carries_a_whole_signed_checkpoint_to_everybody_who_reviews()
    {
        const string note = "accesshive/test\n12\nroot=\nat 2026-11-23T03:00:00.000Z\n\n— accesshive/test/1 c2ln\n";
        await using var server = await MailServerHere.OpenAsync();
        await using var agency = await TestAgency.FoundAsync();
        await MailAsync(agency, server);
        await agency.SqlAsync($"INSERT INTO TrailCheckpoints (Size, At, Epoch, Note, Cause) VALUES (12, 0, 1, CAST('{note}' AS BLOB), 'test')");

        await WeekAsync(agency, "week.reminder");
        await agency.Get<JobRunner>().RunDueAsync(CancellationToken.None);

        Assert.Equal(["adam", "olivia", "sofia"], server.Mails.Select(m => m.To.Mailboxes.Single().LocalPart).Order());
        Assert.All(server.Mails, m => Assert.Equal("The week 2026-W48 waits to be reviewed", m.Subject));
        Assert.All(server.Mails, m => Assert.Contains(note, m.TextBody!.ReplaceLineEndings("\n"), StringComparison.Ordinal));
        Assert.All(server.Mails, m => Assert.Contains("https://hive.example/cases/weeks/2026-W48", m.TextBody!, StringComparison.Ordinal));
        Assert.Equal(1, (await agency.Get<NoticeQueries>().BellAsync(agency.Sofia)).Unread);
        await WeekAsync(agency, "week.attested");
        Assert.Equal(0, (await agency.Get<NoticeQueries>().BellAsync(agency.Sofia)).Unread);
    }

    private static Task<Result<Done>> WeekAsync(TestAgency agency, string type) => agency.Get<Work>().RunAsAsync<Done>(Actor.System, turn =>
    {
        turn.Db.Note(new OfTheWeek(turn.Now, type));
        return Task.FromResult<Result<Done>>(Done.Yes);
    }, CancellationToken.None);

    private sealed record OfTheWeek(Instant At, string What) : DomainEvent(At, Actor.System)
    {
        public override string Type => What;

        public override void Tell(Facts facts) => facts.Add("week", "2026-W48");
    }

    [Fact]
    public async Task No_name_reaches_a_header_of_the_mail_or_its_markup()
    {
        await using var server = await MailServerHere.OpenAsync();
        await using var agency = await TestAgency.FoundAsync();
        await MailAsync(agency, server);
        var (_, credential) = await agency.KeepAsync("Ads <b>bold</b>\r\nBcc: thief@evil.example\r\n\r\nbody \u202Eевил");
        agency.Presence.Enters(agency.Priya);

        (await agency.RaiseAsync(agency.Adam, credential)).Require();
        await agency.Get<JobRunner>().RunDueAsync(CancellationToken.None);

        var mail = Assert.Single(server.Mails);
        Assert.Empty(mail.Bcc);
        Assert.Equal("priya@agency.example", Assert.Single(mail.GetRecipients()).Address);
        Assert.Equal("URGENT: Adam asks for emergency access to Ads <b>bold</b>  Bcc: thief@evil.example    body евил", mail.Subject);
        Assert.DoesNotContain("<b>", mail.HtmlBody, StringComparison.Ordinal);
        Assert.Equal(2, mail.BodyParts.Count());
    }

    [Fact]
    public async Task The_password_is_sealed_is_nowhere_else_and_goes_to_no_other_server()
    {
        using var log = new LogBook();
        await using var agency = await TestAgency.FoundAsync(services => services.AddLogging(l => l.SetMinimumLevel(LogLevel.Trace).AddProvider(log)));
        var keep = agency.Get<KeepNoticeSettings>();
        Assert.Equal("not-settings-editor", (await keep.SaveAsync(agency.Sofia, Server(587), 0)).Refusal!.Code);
        Assert.Equal("mail-line-not-protected", (await keep.SaveAsync(agency.Adam, Server(25) with { Host = "smtp.agency.example", Security = MailSecurity.None }, 0)).Refusal!.Code);
        (await keep.SaveAsync(agency.Adam, Server(587) with { Host = "smtp.agency.example", Security = MailSecurity.StartTls, UserName = "hive" }, 0)).Require();
        var typed = Encoding.UTF8.GetBytes(Canary);
        (await keep.EnterPasswordAsync(agency.Adam, typed)).Require();
        Assert.All(typed, b => Assert.Equal(0, b));
        Assert.Equal("notices-changed-meanwhile", (await keep.SaveAsync(agency.Adam, Server(587), 1)).Refusal!.Code);
        Assert.True((await keep.ReadAsync(agency.Adam))!.HasPassword);
        Assert.Null(await keep.ReadAsync(agency.Priya));

        var card = (await keep.ReadAsync(agency.Adam))!;
        (await keep.SaveAsync(agency.Adam, card.Mail with { Host = "evil.example" }, card.Revision)).Require();

        Assert.False((await keep.ReadAsync(agency.Adam))!.HasPassword);
        await using (var db = await agency.ReadAsync())
            Assert.False(await db.HouseKeys.AnyAsync(k => k.Name == HousePurpose.MailPassword));
        var shown = new StringBuilder();
        for (var seq = 1; await agency.Get<ReadTrail>().DetailAsync(agency.Aiko, seq) is { } detail; seq++)
            shown.Append(detail).AppendJoin(' ', detail.Facts);
        Assert.Contains("password, forgotten", shown.ToString(), StringComparison.Ordinal);
        await agency.LeaveAsync();
        var places = Directory.GetFiles(agency.Paths.DataFolder).Select(File.ReadAllBytes)
            .Append(Encoding.UTF8.GetBytes(shown.ToString())).Append(Encoding.UTF8.GetBytes(string.Join('\n', log.Lines.Select(l => l.Text)))).ToList();
        Assert.True(log.Lines.Count > 100);
        foreach (var form in new[] { Encoding.UTF8.GetBytes(Canary), Encoding.UTF8.GetBytes(Convert.ToBase64String(Encoding.UTF8.GetBytes(Canary))), Encoding.Unicode.GetBytes(Canary) })
            Assert.DoesNotContain(places, p => p.AsSpan().IndexOf(form) >= 0);
    }

    private static MailServer Server(int port) => new(On: true, "127.0.0.1", port, MailSecurity.None, "", "access@hive.example", "https://hive.example/");

    private static Task MailAsync(TestAgency agency, MailServerHere server, MailSecurity security = MailSecurity.None, string user = "", string password = "") => MailAsync(agency, server.Port, security, user, password);

    private static async Task MailAsync(TestAgency agency, int port, MailSecurity security = MailSecurity.None, string user = "", string password = "")
    {
        (await agency.Get<KeepNoticeSettings>().SaveAsync(agency.Adam, Server(port) with { Security = security, UserName = user }, 0)).Require();
        if (password.Length > 0)
            (await agency.Get<KeepNoticeSettings>().EnterPasswordAsync(agency.Adam, Encoding.UTF8.GetBytes(password))).Require();
    }

    private static async Task WorkOffAsync(TestAgency agency, int minutes)
    {
        for (var half = 0; half <= minutes * 2; half++)
        {
            await agency.Get<JobRunner>().RunDueAsync(CancellationToken.None);
            agency.Time.Advance(Duration.FromSeconds(30));
        }
    }
}
