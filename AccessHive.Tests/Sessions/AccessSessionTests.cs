using AccessHive.Core.Agency;
using AccessHive.Core.Agency.UseCases;
using AccessHive.Core.Kernel;
using AccessHive.Core.Sessions;
using AccessHive.Core.Sessions.UseCases;
using AccessHive.Core.Vault;
using AccessHive.Core.Vault.UseCases;
using AccessHive.Tests.World;
using Microsoft.EntityFrameworkCore;
using NodaTime;
using Xunit;

namespace AccessHive.Tests.Sessions;

public sealed class AccessSessionTests : IAsyncLifetime
{
    private static readonly Duration OneTick = Duration.FromMilliseconds(1);
    private TestAgency agency = null!;

    public async ValueTask InitializeAsync() => agency = await TestAgency.FoundAsync();

    public ValueTask DisposeAsync() => agency.DisposeAsync();

    [Fact]
    public async Task It_runs_from_the_grant_up_to_its_end_and_not_at_its_end()
    {
        var id = await agency.GrantAsync(agency.Adam, minutes: 5);
        await using var db = await agency.ReadAsync();
        var session = await db.Sessions.SingleAsync(s => s.Id == id);

        Assert.Equal((agency.Now, agency.Now + Duration.FromMinutes(5)), (session.StartedAt, session.EndsAt));
        Assert.False(session.IsActiveAt(session.StartedAt - OneTick));
        Assert.True(session.IsActiveAt(session.StartedAt));
        Assert.True(session.IsActiveAt(session.EndsAt - OneTick));
        Assert.False(session.IsActiveAt(session.EndsAt));
        Assert.Equal(SessionRefusals.SessionStillRunning, session.Expire(session.EndsAt - OneTick).Refusal);
    }

    [Fact]
    public async Task One_tick_before_the_end_the_secret_is_revealed_and_at_the_end_it_is_not_though_nothing_swept()
    {
        var session = await agency.GrantAsync(agency.Adam, minutes: 5);
        agency.Time.Advance(Duration.FromMinutes(5) - OneTick);
        Assert.Equal(TestAgency.Secret, (await agency.RevealAsync(agency.Adam, session)).Require());

        agency.Time.Advance(OneTick);

        var refused = (await agency.RevealAsync(agency.Adam, session)).Refusal!;
        Assert.Equal((SessionRefusals.SessionOver.Code, "Expired"), (refused.Code, refused.Facts["reason"]));
        Assert.Equal(SessionRefusals.SessionOver, (await EndAsync(agency.Adam, session)).Refusal);
        Assert.Equal(SessionRefusals.SessionOver, (await RevokeAsync(agency.Olivia, session)).Refusal);
        Assert.Empty(await agency.Get<SessionQueries>().RunningAsync(agency.Olivia));
        Assert.Single(await agency.Get<SessionQueries>().PastAsync(agency.Olivia));
        Assert.Empty(await agency.TrailAsync("session.expired"));
    }

    [Fact]
    public async Task The_glass_is_told_how_long_the_session_still_runs_and_disposing_zeroes_the_bytes()
    {
        var session = await agency.GrantAsync(agency.Adam, minutes: 30);
        agency.Time.AdvanceMinutes(12);

        var revealed = (await agency.Get<RevealCredentialHandler>().HandleAsync(agency.Adam, new RevealCredential(session, RevealMode.Copied))).Require();

        Assert.Equal(Duration.FromMinutes(18), revealed.Remaining);
        var bytes = revealed.Bytes;
        revealed.Dispose();
        Assert.All(bytes.ToArray(), b => Assert.Equal(0, b));
        Assert.Single(await agency.TrailAsync("session.secret-copied"));
    }

    [Fact]
    public async Task A_wall_clock_set_back_an_hour_lengthens_and_revives_nothing()
    {
        var session = await agency.GrantAsync(agency.Adam, minutes: 30);
        agency.Time.AdvanceMinutes(10);
        agency.Time.SetWallClockBack(Duration.FromHours(1));
        Assert.Equal(Duration.FromMinutes(20), (await agency.Get<SessionQueries>().PageAsync(agency.Adam, session))!.Remaining);

        agency.Time.AdvanceMinutes(20);
        Assert.Equal(SessionRefusals.SessionOver, (await agency.RevealAsync(agency.Adam, session)).Refusal);
        agency.Time.SetWallClockBack(Duration.FromDays(30));

        Assert.Equal(SessionRefusals.SessionOver, (await agency.RevealAsync(agency.Adam, session)).Refusal);
    }

    [Fact]
    public async Task A_start_after_the_end_settles_it_before_anything_else()
    {
        var session = await agency.GrantAsync(agency.Adam, minutes: 30);
        agency.Time.AdvanceMinutes(45);

        await agency.RestartAsync();
        await agency.SettleAsync();

        await using var db = await agency.ReadAsync();
        var settled = await db.Sessions.SingleAsync(s => s.Id == session);
        Assert.Equal((EndReason.Expired, agency.Now), (settled.EndReason, settled.EndedAt));
        Assert.Equal(SessionRefusals.SessionOver, (await agency.RevealAsync(agency.Adam, session)).Refusal);
    }

    [Fact]
    public async Task A_start_with_the_wall_clock_set_back_never_goes_behind_the_newest_entry()
    {
        var session = await agency.GrantAsync(agency.Adam, minutes: 30);
        agency.Time.AdvanceMinutes(30);
        Assert.Equal(SessionRefusals.SessionOver, (await agency.RevealAsync(agency.Adam, session)).Refusal);
        agency.Time.SetWallClockBack(Duration.FromHours(1));

        await agency.RestartAsync();

        Assert.Equal(SessionRefusals.SessionOver, (await agency.RevealAsync(agency.Adam, session)).Refusal);
    }

    [Fact]
    public async Task Only_the_holder_reveals_and_ends_early_whatever_roles_the_others_have()
    {
        var session = await agency.GrantAsync(agency.Adam);

        foreach (var other in new[] { agency.Olivia, agency.Priya, agency.Ian, agency.Sofia, agency.Aiko, agency.Max })
        {
            Assert.Equal(SessionRefusals.NotYourSession, (await agency.RevealAsync(other, session)).Refusal);
            Assert.Equal(SessionRefusals.NotYourSession, (await EndAsync(other, session)).Refusal);
        }

        Assert.Equal(12, (await agency.TrailAsync("attempt.refused")).Count);
        (await EndAsync(agency.Adam, session)).Require();
        Assert.Equal("EndedByHolder", (await agency.RevealAsync(agency.Adam, session)).Refusal!.Facts["reason"]);
    }

    [Fact]
    public async Task Who_is_disabled_loses_the_session_in_the_same_commit()
    {
        var session = await agency.GrantAsync(agency.Adam);
        var before = (await agency.TrailAsync()).Count;

        (await agency.Get<ManagePeople>().DisableAsync(agency.Olivia, agency.Adam)).Require();

        Assert.Equal(["person.disabled", "session.revoked"], (await agency.TrailAsync()).Skip(before));
        Assert.Equal(AgencyRefusals.CallerNotActive, (await agency.RevealAsync(agency.Adam, session)).Refusal);
        (await agency.Get<ManagePeople>().EnableAsync(agency.Olivia, agency.Adam)).Require();
        Assert.Equal(SessionRefusals.SessionOver, (await agency.RevealAsync(agency.Adam, session)).Refusal);
    }

    [Fact]
    public async Task Who_is_demoted_loses_the_session_in_the_same_commit_with_the_reason()
    {
        var session = await agency.GrantAsync(agency.Adam);

        (await agency.Get<ManagePeople>().ChangeRolesAsync(agency.Olivia, agency.Adam, Roles.Member)).Require();

        Assert.Equal("Revoked", (await agency.RevealAsync(agency.Adam, session)).Refusal!.Facts["reason"]);
        Assert.Contains("roles changed", (await agency.Get<SessionQueries>().PageAsync(agency.Adam, session))!.EndWords, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Eligibility_is_asked_again_at_each_reveal_whatever_should_have_happened_before()
    {
        var session = await agency.GrantAsync(agency.Adam);
        await agency.SqlAsync("UPDATE People SET Roles = 64 WHERE Name = 'Adam'");

        Assert.Equal(SessionRefusals.NoLongerEligible, (await agency.RevealAsync(agency.Adam, session)).Refusal);
        await agency.SqlAsync("UPDATE People SET Roles = 2, DisabledAt = 1 WHERE Name = 'Adam'");
        Assert.Equal(AgencyRefusals.CallerNotActive, (await agency.RevealAsync(agency.Adam, session)).Refusal);
    }

    [Fact]
    public async Task What_is_archived_is_not_revealed_any_more()
    {
        var session = await agency.GrantAsync(agency.Adam);

        (await agency.Get<KeepIdentities>().ArchiveAsync(agency.Ian, agency.Ads, archived: true)).Require();
        Assert.Equal(VaultRefusals.Archived, (await agency.RevealAsync(agency.Adam, session)).Refusal);
        (await agency.Get<KeepIdentities>().ArchiveAsync(agency.Ian, agency.Ads, archived: false)).Require();
        Assert.Equal(TestAgency.Secret, (await agency.RevealAsync(agency.Adam, session)).Require());
        (await agency.Get<KeepIdentities>().ArchiveCredentialAsync(agency.Ian, agency.AdsPassword)).Require();
        Assert.Equal(VaultRefusals.Archived, (await agency.RevealAsync(agency.Adam, session)).Refusal);
    }

    [Fact]
    public async Task Owner_Admin_Security_Owner_and_the_approver_of_this_session_revoke_it_and_nobody_else()
    {
        var other = await agency.InviteAsync("Paul", Roles.Approver);
        PersonId[] may = [agency.Olivia, agency.Adam, agency.Priya, agency.Sofia];

        foreach (var revoker in may.Concat([other, agency.Ian, agency.Aiko, agency.Max]))
        {
            var allowed = may.Contains(revoker);
            var session = await agency.GrantAsync(agency.Olivia, minutes: 5);
            var page = await agency.Get<SessionQueries>().PageAsync(revoker, session);
            Assert.Equal(allowed, page?.MayRevoke ?? false);
            var result = await RevokeAsync(revoker, session);
            Assert.Equal(allowed ? null : SessionRefusals.NotRevoker, result.Refusal);
            agency.Time.AdvanceMinutes(15);
            await agency.SettleAsync();
        }
    }

    [Fact]
    public async Task An_approver_who_was_demoted_revokes_no_longer_what_they_approved()
    {
        var session = await agency.GrantAsync(agency.Adam);
        (await agency.Get<ManagePeople>().ChangeRolesAsync(agency.Olivia, agency.Priya, Roles.Member)).Require();

        Assert.Equal(SessionRefusals.NotRevoker, (await RevokeAsync(agency.Priya, session)).Refusal);
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [InlineData(500, true)]
    [InlineData(501, false)]
    public async Task A_revocation_has_a_reason_of_1_to_500_characters(int length, bool good)
    {
        var session = await agency.GrantAsync(agency.Adam);

        var result = await RevokeAsync(agency.Olivia, session, $"  {new string('w', length)} ");

        Assert.Equal(good ? null : SessionRefusals.RevokeReasonMissing, result.Refusal);
    }

    [Fact]
    public async Task Overlapping_sessions_of_two_people_on_one_credential_do_not_hurt_each_other()
    {
        var first = await agency.GrantAsync(agency.Adam, minutes: 10);
        var second = await agency.GrantAsync(agency.Olivia, minutes: 20);
        Assert.Equal(["Olivia"], (await agency.Get<SessionQueries>().PageAsync(agency.Adam, first))!.Others);

        (await EndAsync(agency.Adam, first)).Require();
        Assert.Equal(TestAgency.Secret, (await agency.RevealAsync(agency.Olivia, second)).Require());
        var third = await agency.GrantAsync(agency.Adam, minutes: 5);
        agency.Time.AdvanceMinutes(5);
        await agency.SettleAsync();

        Assert.Equal(TestAgency.Secret, (await agency.RevealAsync(agency.Olivia, second)).Require());
        Assert.Equal(SessionRefusals.SessionOver, (await agency.RevealAsync(agency.Adam, third)).Refusal);
    }

    [Fact]
    public async Task The_newest_version_of_the_secret_is_revealed()
    {
        var session = await agency.GrantAsync(agency.Adam);
        (await agency.Get<KeepIdentities>().ChangeSecretAsync(agency.Ian, agency.AdsPassword, "changed-meanwhile"u8.ToArray())).Require();

        Assert.Equal("changed-meanwhile", (await agency.RevealAsync(agency.Adam, session)).Require());
    }

    [Fact]
    public async Task A_session_is_seen_by_its_holder_its_approver_revokers_and_readers_of_the_trail()
    {
        (await agency.SaveRulesAsync(r => r with { EligibleRoles = Roles.Member })).Require();
        var other = await agency.InviteAsync("Paul", Roles.Approver);
        var session = await agency.GrantAsync(agency.Max);

        foreach (var seeing in new[] { agency.Max, agency.Priya, agency.Olivia, agency.Adam, agency.Sofia, agency.Aiko })
        {
            Assert.NotNull(await agency.Get<SessionQueries>().PageAsync(seeing, session));
            Assert.Single(await agency.Get<SessionQueries>().RunningAsync(seeing));
        }

        foreach (var blind in new[] { other, agency.Ian, PersonId.New() })
        {
            Assert.Null(await agency.Get<SessionQueries>().PageAsync(blind, session));
            Assert.Empty(await agency.Get<SessionQueries>().RunningAsync(blind));
        }

        Assert.Single(await agency.Get<SessionQueries>().MineAsync(agency.Max));
    }

    [Fact]
    public async Task An_unknown_session_is_not_found()
    {
        Assert.Equal(SessionRefusals.SessionNotFound, (await agency.RevealAsync(agency.Adam, SessionId.New())).Refusal);
        Assert.Equal(SessionRefusals.SessionNotFound, (await EndAsync(agency.Adam, SessionId.New())).Refusal);
        Assert.Equal(SessionRefusals.SessionNotFound, (await RevokeAsync(agency.Adam, SessionId.New())).Refusal);
    }

    private Task<Result<Done>> EndAsync(PersonId who, SessionId session) => agency.Get<EndSessionHandler>().EndAsync(who, session);

    private Task<Result<Done>> RevokeAsync(PersonId who, SessionId session, string words = "Not an emergency.") => agency.Get<EndSessionHandler>().RevokeAsync(who, session, words);
}
