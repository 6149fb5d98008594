using System.Text;
using AccessHive.Core.Agency.UseCases;
using AccessHive.Core.Audit;
using AccessHive.Core.Audit.UseCases;
using AccessHive.Core.Policies;
using AccessHive.Core.Policies.UseCases;
using AccessHive.Core.Requests;
using AccessHive.Core.Requests.UseCases;
using AccessHive.Core.Sessions;
using AccessHive.Core.Sessions.UseCases;
using AccessHive.Core.Storage;
using AccessHive.Core.Vault;
using AccessHive.Core.Vault.UseCases;
using AccessHive.Web.Demo;
using Microsoft.AspNetCore.Identity;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using NodaTime;
using Xunit;

namespace AccessHive.Tests.Demo;

public sealed class FurnishedAgencyTests(DemoHouse house) : IClassFixture<DemoHouse>
{
    [Fact]
    public async Task Everybody_of_the_cast_has_joined_with_their_roles_and_can_sign_in_with_the_shown_password()
    {
        var people = await house.Get<ManagePeople>().ListAsync();
        await using var db = await house.ReadAsync();

        foreach (var member in DemoCast.All)
        {
            var person = Assert.Single(people, p => p.Email == member.Email);
            Assert.Equal(member.Name, person.Name);
            Assert.Equal(member.Roles, person.Roles);
            Assert.NotNull(person.JoinedAt);
            Assert.Null(person.DisabledAt);
            Assert.Equal(person.Id, await house.Get<SignIns>().FindAsync(member.Email));
        }

        var id = house.Cast[DemoCast.First].Value;
        var hash = await db.Users.Where(u => u.Id == id).Select(u => u.PasswordHash).SingleAsync();
        Assert.Equal(PasswordVerificationResult.Success, house.Get<IPasswordHasher<SignInAccount>>().VerifyHashedPassword(new SignInAccount(), hash!, DemoCast.Password));
        Assert.InRange(DemoCast.Password.Length, Joining.ShortestPassword, Joining.LongestPassword);
        Assert.Null(Assert.Single(people, p => p.Email == DemoCast.Invited.Email).JoinedAt);
        Assert.Equal(DemoCast.All.Count + 1, people.Count);
        Assert.True((await db.Agency.SingleAsync()).IsDemo);
    }

    [Fact]
    public async Task It_keeps_identities_of_every_type_for_many_clients_on_many_platforms()
    {
        var rows = (await house.Get<IdentityQueries>().ListAsync(new IdentityFilter())).Rows;
        var (clients, platforms) = await house.Get<IdentityQueries>().FacetsAsync();

        Assert.InRange(rows.Count, 25, IdentityQueries.PageSize);
        Assert.Equal(Enum.GetValues<IdentityType>(), rows.Select(r => r.Type).Distinct().Order());
        Assert.InRange(clients.Count, 6, 20);
        Assert.InRange(platforms.Count, 10, 40);
        Assert.All(rows, r => Assert.InRange(r.Credentials, 1, 3));
        Assert.Contains(rows, r => r.Credentials == 3);
        Assert.Contains(rows, r => r.Owner is null);
        Assert.Contains(rows, r => r.Client.Length == 0);
        Assert.Contains(DemoVault.All, i => i.Notes.Length == 0);
        Assert.Contains(DemoVault.All, i => i.Notes.Length > 1500);
        Assert.Single((await house.Get<IdentityQueries>().ListAsync(new IdentityFilter(Archived: true))).Rows);
    }

    [Fact]
    public async Task An_urgent_request_waits_that_a_newcomer_can_decide()
    {
        var item = Assert.Single(await house.Get<RequestQueries>().InboxAsync(house.Cast[DemoCast.First]), i => i.IsEmergency);

        Assert.NotEqual(house.Cast[DemoCast.First], item.Requester);
        Assert.Equal(house.Time.Now, item.RaisedAt);
        Assert.Equal(house.Time.Now + Duration.FromMinutes(15), item.DecideBy);
        var page = await house.Get<RequestQueries>().PageAsync(item.Requester, item.Id);
        Assert.NotEmpty(page!.Asks);
    }

    [Fact]
    public async Task A_session_runs_that_a_newcomer_can_look_at_and_revoke()
    {
        var row = Assert.Single(await house.Get<SessionQueries>().RunningAsync(house.Cast[DemoCast.First]), s => s.Emergency);
        var page = await house.Get<SessionQueries>().PageAsync(house.Cast[DemoCast.First], row.Id);

        Assert.True(row.Emergency);
        Assert.NotEqual(house.Cast[DemoCast.First], row.Holder);
        Assert.True(page!.Remaining > Duration.FromMinutes(20), $"{page.Remaining} left");
        Assert.True(page.MayRevoke);
        Assert.Equal(1, row.Reveals);
        Assert.NotEqual(row.HolderName, page.ApprovedBy);
    }

    [Fact]
    public async Task The_usual_way_is_alive_too_one_checkout_runs_one_waits_and_one_has_one_of_two_approvals()
    {
        var inbox = (await house.Get<RequestQueries>().InboxAsync(house.Cast[DemoCast.First])).Where(i => !i.IsEmergency).ToList();

        Assert.False(Assert.Single(await house.Get<SessionQueries>().RunningAsync(house.Cast[DemoCast.First]), s => !s.Emergency).Emergency);
        Assert.Equal([(1, 0), (2, 1)], inbox.Select(i => (i.Approval.Need.Approvals, i.Approval.By.Count)).Order());
    }

    [Fact]
    public async Task Every_way_an_emergency_can_go_has_happened_in_the_week()
    {
        await using var db = await house.ReadAsync();
        var sessions = await db.Sessions.ToListAsync();
        var requests = await db.Requests.ToListAsync();

        Assert.Equal([null, .. Enum.GetValues<EndReason>().Cast<EndReason?>()], sessions.Select(s => s.EndReason).Distinct().Order());
        Assert.Equal(Enum.GetValues<RequestState>(), requests.Select(r => r.State).Distinct().Order());
        Assert.Contains(sessions, s => s.Continues is not null);
        Assert.Contains(sessions, s => s.ApprovedBy is null);
        Assert.All(sessions.Where(s => s.EndReason == EndReason.Expired), s => Assert.Equal(s.EndsAt, s.EndedAt));
        Assert.All(sessions.Where(s => s.EndReason == EndReason.Revoked), s => Assert.NotEmpty(s.EndWords));
        Assert.All(requests.Where(r => r.State == RequestState.Denied), r => Assert.NotEmpty(r.Comment));
        Assert.All(requests.Where(r => r.State == RequestState.Lapsed), r => Assert.Equal(r.DecideBy, r.ClosedAt));
        Assert.Equal(EmergencyRules.Default with { EligibleRoles = Core.Kernel.Roles.Owner | Core.Kernel.Roles.Admin | Core.Kernel.Roles.IdentityManager },
            (await house.Get<EditEmergencyPolicy>().ReadAsync()).Rules);
    }

    private static readonly string[] OnlyWithConnectors =
    [
        "rotation.waits", "rotation.began", "rotation.stored", "rotation.set", "rotation.fell-back", "rotation.try-failed", "rotation.needs-person",
        "rotation.retried", "rotation.cancelled", "rotation.login-tested", "rotation.reported",
    ];

    [Fact]
    public async Task Checkouts_are_approved_by_risk_and_one_client_and_one_identity_have_approvers_of_their_own()
    {
        var card = await house.Get<EditApprovalPolicy>().ReadAsync();
        var lists = await house.Get<KeepApprovers>().ReadAsync();

        Assert.Equal(ApprovalMode.RiskBased, card.Rules.Mode);
        Assert.Empty(card.Gaps(card.Rules));
        Assert.Equal([ApproverScope.Agency, ApproverScope.Client, ApproverScope.Identity], lists.Select(l => l.Scope));
        Assert.All(lists, l => Assert.True(l.Identities > 0 && l.Reach.Approvers > 1));
    }

    [Fact]
    public async Task The_trail_is_dense_never_goes_back_and_covers_every_day_of_the_last_week()
    {
        await using var db = await house.ReadAsync();
        var trail = await db.Trail.OrderBy(e => e.Seq).ToListAsync();

        Assert.Equal(Enumerable.Range(1, trail.Count).Select(i => (long)i), trail.Select(e => e.Seq));
        Assert.Equal(trail.Select(e => e.RecordedAt).Order(), trail.Select(e => e.RecordedAt));
        Assert.Equal(house.Time.Now, trail[^1].At);
        Assert.InRange((house.Time.Now - trail[0].At).TotalDays, 36, 38);
        var days = trail.Select(e => (int)(house.Time.Now - e.At).TotalDays).Distinct();
        Assert.Superset(Enumerable.Range(0, 7).ToHashSet(), days.ToHashSet());
        string[] notPlayed =
        [
            "identity.restored", "credential.edited", "credential.archived", "clock.jumped",
            "session.secret-downloaded", "identities.exported", "import.finished", "credential.field-removed",
            "house.rekeyed", "house.backed-up", "house.restored",
            "case.follow-up-undone", "case.account-closed", "case.handed-over",
            "reviews.block-lifted", "notices.settings-changed", "notices.mail-tested", "notices.mail-retried", "notices.mail-chosen",
            "trail.exported", "trail.export-stopped", "trail.syslog-edited", "trail.syslog-tested",
            // Nothing here is twelve months old, and nobody asked to be forgotten.
            "trail.purge-asked", "trail.purge-withdrawn", "trail.purged", "trail.erased",
        ];
        Assert.Empty(ReadTrail.Types.Except(trail.Select(e => e.Type)).Except(notPlayed).Except(OnlyWithConnectors));
        Assert.All(trail.Zip(trail.Skip(1)), pair => Assert.Contains(Convert.ToHexStringLower(pair.First.LeafHash), Encoding.UTF8.GetString(pair.Second.Payload), StringComparison.Ordinal));
    }

    [Fact]
    public async Task No_secret_is_in_the_trail_the_logs_or_anywhere_on_disk()
    {
        await using var db = await house.ReadAsync();
        var secrets = (await db.Secrets.AsNoTracking().ToListAsync()).ConvertAll(s => Encoding.UTF8.GetString(house.Get<Keyring>().Open(s)));
        var told = await db.Trail.Select(e => e.Payload).Concat(db.TrailNotes.Select(n => n.Text)).ToListAsync();
        var logged = house.Log.Lines;
        SqliteConnection.ClearAllPools();
        var stored = Directory.GetFiles(house.Paths.DataFolder).Select(File.ReadAllBytes).ToList();

        Assert.InRange(secrets.Count, 40, 100);
        Assert.Equal(secrets.Count, secrets.Distinct(StringComparer.Ordinal).Count());
        Assert.NotEmpty(logged);
        foreach (var secret in secrets.SelectMany(s => s.Split('\n')).Where(line => line.Length >= 12 && !line.Contains("service_account", StringComparison.Ordinal)).Append(DemoCast.Password))
        {
            var bytes = Encoding.UTF8.GetBytes(secret);
            Assert.DoesNotContain(told, t => t.AsSpan().IndexOf(bytes) >= 0);
            Assert.DoesNotContain(stored, f => f.AsSpan().IndexOf(bytes) >= 0);
            Assert.DoesNotContain(logged, l => l.Text.Contains(secret, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Nothing_breaks_on_the_way()
        => Assert.Empty(house.Log.Lines.Where(l => l.Level >= LogLevel.Error).Select(l => l.Text));
}
