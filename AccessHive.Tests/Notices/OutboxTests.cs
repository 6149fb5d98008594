using AccessHive.Core.Agency.UseCases;
using AccessHive.Core.Cases.UseCases;
using AccessHive.Core.Kernel;
using AccessHive.Core.Notices;
using AccessHive.Core.Notices.UseCases;
using AccessHive.Core.Requests;
using AccessHive.Core.Requests.UseCases;
using AccessHive.Core.Sessions.UseCases;
using AccessHive.Tests.Cases;
using AccessHive.Tests.World;
using Microsoft.EntityFrameworkCore;
using NodaTime;
using Xunit;

namespace AccessHive.Tests.Notices;

/// <summary>Who is told of what, and that a notice and what it tells are one commit.</summary>
public sealed class OutboxTests
{
    [Fact]
    public async Task An_emergency_tells_each_of_them_what_concerns_them_and_nobody_what_they_did_themselves()
    {
        await using var agency = await TestAgency.FoundAsync();
        agency.Presence.Enters(agency.Priya);
        var raised = (await agency.RaiseAsync(agency.Adam)).Require();
        Assert.Equal(["Priya: DecisionWanted !"], await ToldAsync(agency));

        var session = (await agency.DecideAsync(agency.Priya, raised.Request)).Require().Session!.Value;
        Assert.Equal(["Adam: RequestApproved", "Olivia: EmergencyStarted", "Sofia: EmergencyStarted"], await ToldAsync(agency, skip: 1));

        (await agency.Get<EndSessionHandler>().RevokeAsync(agency.Olivia, session, "Enough.")).Require();
        Assert.Equal(["Adam: AccessRevoked", "Sofia: EmergencyEnded"], await ToldAsync(agency, skip: 4));
    }

    [Fact]
    public async Task Who_approved_it_or_is_disabled_is_not_told_that_it_began_and_each_circle_is_told_once()
    {
        await using var agency = await TestAgency.FoundAsync();
        (await agency.Get<ManagePeople>().DisableAsync(agency.Adam, agency.Sofia)).Require();
        agency.Presence.Enters(agency.Olivia);
        var raised = (await agency.RaiseAsync(agency.Adam)).Require();
        agency.Time.AdvanceMinutes(4);
        await agency.SettleAsync();
        (await agency.DecideAsync(agency.Olivia, raised.Request)).Require();

        Assert.Equal(["Olivia: DecisionWanted !", "Priya: DecisionWanted !", "Adam: RequestApproved"], await ToldAsync(agency));
        await using var db = await agency.ReadAsync();
        Assert.Equal(2, await db.Notices.CountAsync(n => n.Kind == NoticeKind.DecisionWanted && n.OverAt != null));
        Assert.All(await db.Notices.ToListAsync(), n => Assert.Equal(n.CreatedAt, n.SentAt));
    }

    [Fact]
    public async Task Who_gets_a_follow_up_is_told_of_it_and_by_when()
    {
        await using var agency = await TestAgency.FoundAsync();
        var it = await agency.OverAsync(seen: false);
        var before = (await ToldAsync(agency)).Count;
        var due = agency.Now + Duration.FromDays(2);
        (await agency.Get<ReviewCases>().AddFollowUpAsync(agency.Sofia, new AddFollowUp(it.Id, "Narrow the role of Adam", agency.Max, due))).Require();
        (await agency.Get<ReviewCases>().AddFollowUpAsync(agency.Sofia, new AddFollowUp(it.Id, "Ask the client", agency.Sofia, due))).Require();

        Assert.Equal(["Max: FollowUpGiven"], await ToldAsync(agency, before));
        var row = Assert.Single((await agency.Get<NoticeQueries>().PageAsync(agency.Max)).Rows);
        Assert.Equal("Sofia gave you a follow-up of case 1", NoticeWords.Title(row.Story));
        Assert.Equal($"cases/{it.Id}", row.Story.Link);
        Assert.Contains(NoticeWords.Details(row.Story, LetterZone.Of("UTC")), d => d.StartsWith("Due by ", StringComparison.Ordinal));
        Assert.DoesNotContain("Narrow", string.Join(' ', NoticeWords.Details(row.Story, LetterZone.Of("UTC"))), StringComparison.Ordinal);
        Assert.NotNull(await agency.Get<CaseQueries>().PageAsync(agency.Max, $"{it.Id}"));
    }

    [Fact]
    public async Task What_is_rolled_back_tells_nobody_and_what_happens_in_the_usual_way_is_never_urgent()
    {
        await using var agency = await TestAgency.FoundAsync();
        await agency.SqlAsync("CREATE TRIGGER Broken BEFORE INSERT ON Trail WHEN NEW.Type = 'request.routed' BEGIN SELECT RAISE(ABORT, 'disk'); END");
        await Assert.ThrowsAnyAsync<Exception>(() => agency.CheckOutAsync(agency.Max));
        Assert.Empty(await ToldAsync(agency));

        await agency.SqlAsync("DROP TRIGGER Broken");
        (await agency.PolicyAsync(r => r with { Mode = Core.Policies.ApprovalMode.Single }, agency.Adam)).Require();
        var (_, credential) = await agency.KeepAsync("Shared", Core.Vault.IdentityType.ExternalShared);
        var raised = (await agency.CheckOutAsync(agency.Max, credential)).Require();
        Assert.Equal(["Adam: DecisionWanted", "Olivia: DecisionWanted", "Priya: DecisionWanted"], await ToldAsync(agency));

        (await agency.DecideAsync(agency.Priya, raised.Request, Verdict.Deny)).Require();
        Assert.Equal(["Max: RequestDenied"], await ToldAsync(agency, skip: 3));
    }

    [Fact]
    public async Task An_emergency_goes_on_when_nobody_can_be_told_of_it_and_everybody_is_told_later_once()
    {
        await using var agency = await TestAgency.FoundAsync();
        agency.Presence.Enters(agency.Priya);
        await agency.SqlAsync("CREATE TRIGGER Broken BEFORE INSERT ON Notices BEGIN SELECT RAISE(ABORT, 'no'); END");

        var session = await agency.GrantAsync(agency.Adam);

        Assert.Equal(Cast.Secret, (await agency.RevealAsync(agency.Adam, session)).Require());
        Assert.Empty(await ToldAsync(agency));
        await using (var db = await agency.ReadAsync())
            Assert.Equal(["request.routed", "request.approved", "session.started"], await db.NoticeDebts.OrderBy(d => d.Seq).Select(d => db.Trail.Single(t => t.Seq == d.Seq).Type).ToListAsync());
        agency.Time.Advance(Duration.FromSeconds(6));
        await agency.SettleAsync();
        Assert.Empty(await ToldAsync(agency));

        await agency.SqlAsync("DROP TRIGGER Broken");
        await agency.SettleAsync();
        Assert.Empty(await ToldAsync(agency));
        agency.Time.Advance(Duration.FromSeconds(11));
        await agency.SettleAsync();
        await agency.SettleAsync();

        Assert.Equal(["Priya: DecisionWanted !", "Adam: RequestApproved", "Olivia: EmergencyStarted", "Sofia: EmergencyStarted"], await ToldAsync(agency));
        await using (var db = await agency.ReadAsync())
        {
            Assert.Empty(await db.NoticeDebts.ToListAsync());
            Assert.Equal(0, await db.Notices.CountAsync(n => n.Kind == NoticeKind.DecisionWanted && n.OverAt == null));
        }
    }

    [Fact]
    public async Task The_database_itself_refuses_a_second_notice_of_the_same_and_to_take_back_what_went_out()
    {
        await using var agency = await TestAgency.FoundAsync();
        await agency.GrantAsync(agency.Adam);

        await Assert.ThrowsAnyAsync<Exception>(() => agency.SqlAsync("INSERT INTO Notices SELECT lower(hex(randomblob(16))), PersonId, Way, Kind, Seq, Type, Emergency, Urgent, ActorId, ConcernedId, IdentityId, CredentialId, RequestId, SessionId, Facts, Link, CreatedAt, TreeSize, TreeRoot, State, SentAt, FailedAt, Problem, ReadAt, OverAt FROM Notices"));
        await Assert.ThrowsAnyAsync<Exception>(() => agency.SqlAsync("UPDATE Notices SET State = 'Queued'"));
        await Assert.ThrowsAnyAsync<Exception>(() => agency.SqlAsync("UPDATE Notices SET PersonId = ActorId"));
        Assert.True(await agency.SqlAsync("UPDATE Notices SET ReadAt = CreatedAt") > 0);
    }

    [Fact]
    public void Every_line_of_the_plan_has_words_a_link_and_an_action()
    {
        var about = new Subject(PersonId.New(), IdentityId.New(), CredentialId.New(), RequestId.New(), SessionId.New());
        foreach (var rule in NoticePlan.Rules)
        {
            var happened = new Happening(1, Instant.FromUtc(2026, 11, 23, 3, 0), rule.Type, Emergency: true, about.Person, about, new Dictionary<string, string> { ["case id"] = "../evil", ["week"] = "2026-W48" });
            var link = NoticePlan.LinkFor(rule.Kind, happened);
            var story = new NoticeStory(rule.Kind, rule.Type, Emergency: true, Urgent: rule.WaitsForReader, happened.At, link, happened.Facts);

            Assert.DoesNotContain("..", link, StringComparison.Ordinal);
            Assert.InRange(link.Length, 1, Notice.LinkLength);
            Assert.NotEmpty(NoticeWords.Title(story));
            Assert.NotEmpty(NoticeWords.Action(story));
        }
    }

    private static async Task<IReadOnlyList<string>> ToldAsync(TestAgency agency, int skip = 0)
    {
        await using var db = await agency.ReadAsync();
        var told = await db.Notices.Where(n => n.Way == NoticeWay.InApp)
            .Join(db.People, n => n.PersonId, p => p.Id, (n, p) => new { n.Seq, p.Name, n.Kind, n.Urgent }).OrderBy(n => n.Seq).ThenBy(n => n.Name).ToListAsync();
        return [.. told.Skip(skip).Select(n => $"{n.Name}: {n.Kind}{(n.Urgent ? " !" : "")}")];
    }
}
