using AccessHive.Core.Audit.UseCases;
using AccessHive.Core.Kernel;
using AccessHive.Core.Policies;
using AccessHive.Core.Policies.UseCases;
using AccessHive.Core.Sessions;
using AccessHive.Tests.World;
using Microsoft.EntityFrameworkCore;
using NodaTime;
using Xunit;

namespace AccessHive.Tests.Policies;

public sealed class EditEmergencyPolicyTests : IAsyncLifetime
{
    private TestAgency agency = null!;

    public async ValueTask InitializeAsync() => agency = await TestAgency.FoundAsync();

    public ValueTask DisposeAsync() => agency.DisposeAsync();

    [Fact]
    public async Task Only_Owner_and_Admin_save_the_card()
    {
        foreach (var nobody in new[] { agency.Priya, agency.Ian, agency.Sofia, agency.Aiko, agency.Max })
            Assert.Equal(PolicyRefusals.NotSettingsEditor, (await agency.SaveRulesAsync(nobody, r => r with { RequireApproval = false })).Refusal);

        (await agency.SaveRulesAsync(agency.Olivia, r => r with { MaximumDuration = Duration.FromMinutes(45) })).Require();
        (await agency.SaveRulesAsync(agency.Adam, r => r with { MaximumDuration = Duration.FromMinutes(40) })).Require();

        Assert.Equal(Duration.FromMinutes(40), (await Card()).Rules.MaximumDuration);
        Assert.Equal("Adam", (await Card()).EditedBy);
        Assert.Equal(5, (await agency.TrailAsync("attempt.refused")).Count);
    }

    [Fact]
    public async Task Of_two_admins_who_edit_the_same_revision_the_second_is_told_and_overwrites_nothing()
    {
        var seen = await Card();
        (await SaveAsync(agency.Adam, seen.Rules with { MaximumDuration = Duration.FromMinutes(90) }, seen.Revision)).Require();

        var second = await SaveAsync(agency.Olivia, seen.Rules with { RequireApproval = false }, seen.Revision);

        Assert.Equal(PolicyRefusals.ChangedMeanwhile, second.Refusal);
        var now = await Card();
        Assert.Equal((Duration.FromMinutes(90), true, seen.Revision + 1), (now.Rules.MaximumDuration, now.Rules.RequireApproval, now.Revision));
    }

    [Fact]
    public async Task Of_many_parallel_edits_on_one_revision_exactly_one_is_saved()
    {
        var seen = await Card();

        var results = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => Task.Run(
            () => SaveAsync(i % 2 == 0 ? agency.Adam : agency.Olivia, seen.Rules with { MaximumDuration = Duration.FromMinutes(100 + i) }, seen.Revision))));

        Assert.Single(results, r => !r.IsRefused);
        Assert.Equal(11, results.Count(r => r.Refusal == PolicyRefusals.ChangedMeanwhile));
        Assert.Single(await agency.TrailAsync("policy."));
    }

    [Fact]
    public async Task The_trail_says_what_each_value_was_and_is_and_that_it_belongs_to_the_emergency()
    {
        (await agency.SaveRulesAsync(_ => new EmergencyRules(Roles.Owner | Roles.Member, Duration.FromMinutes(30), RequireApproval: false, Duration.FromMinutes(10)))).Require();

        var page = await agency.Get<ReadTrail>().PageAsync(agency.Aiko, new TrailFilter(Emergency: true, Type: "policy.emergency-edited"));
        var detail = await agency.Get<ReadTrail>().DetailAsync(agency.Aiko, Assert.Single(page.Rows).Seq);

        Assert.Equal(
            [
                new("revision", "2"), new("eligible roles", "Owner, Admin → Owner, Member"), new("maximum duration", "60 min → 30 min"),
                new("require approval", "on → off"), new("approval window", "15 min → 10 min"), new("by", "Adam"),
            ],
            detail!.Facts);
    }

    [Fact]
    public async Task Saving_the_same_values_changes_nothing_and_leaves_no_entry()
    {
        var seen = await Card();

        (await SaveAsync(agency.Adam, seen.Rules, seen.Revision)).Require();

        Assert.Equal(seen.Revision, (await Card()).Revision);
        Assert.Empty(await agency.TrailAsync("policy."));
    }

    [Fact]
    public async Task What_the_rules_refuse_is_not_saved()
    {
        Assert.Equal(PolicyRefusals.MaximumOutOfRange, (await agency.SaveRulesAsync(r => r with { MaximumDuration = Duration.FromMinutes(481) })).Refusal);

        Assert.Equal(EmergencyRules.Default, (await Card()).Rules);
    }

    [Fact]
    public async Task Tightening_revokes_the_running_sessions_of_those_who_lost_the_right_with_the_reason_and_in_the_same_commit()
    {
        var lost = await agency.GrantAsync(agency.Adam);
        var other = (await agency.KeepAsync("Nordwind – Meta")).Credential;
        var kept = await agency.GrantAsync(agency.Olivia, agency.Adam, other);
        var before = (await agency.TrailAsync()).Count;

        (await agency.SaveRulesAsync(r => r with { EligibleRoles = Roles.Owner })).Require();

        Assert.Equal(["policy.emergency-edited", "session.revoked"], (await agency.TrailAsync()).Skip(before));
        await using var db = await agency.ReadAsync();
        var revoked = await db.Sessions.SingleAsync(s => s.Id == lost);
        Assert.Equal((EndReason.Revoked, (PersonId?)null), (revoked.EndReason!.Value, revoked.EndedBy));
        Assert.Contains("tightened", revoked.EndWords, StringComparison.Ordinal);
        Assert.Null((await db.Sessions.SingleAsync(s => s.Id == kept)).EndedAt);
        Assert.Equal(SessionRefusals.SessionOver, (await agency.RevealAsync(agency.Adam, lost)).Refusal);
        Assert.Equal(TestAgency.Secret, (await agency.RevealAsync(agency.Olivia, kept)).Require());
    }

    [Fact]
    public async Task When_the_revocation_can_not_be_written_the_tightening_is_not_saved_either()
    {
        await agency.GrantAsync(agency.Adam);
        await agency.SqlAsync("CREATE TRIGGER Broken BEFORE UPDATE ON Sessions BEGIN SELECT RAISE(ABORT, 'disk'); END");

        await Assert.ThrowsAsync<DbUpdateException>(() => agency.SaveRulesAsync(r => r with { EligibleRoles = Roles.Owner }));

        Assert.Equal(EmergencyRules.Default, (await Card()).Rules);
        Assert.Empty(await agency.TrailAsync("policy."));
    }

    [Fact]
    public async Task Neither_a_longer_maximum_nor_a_looser_card_lengthens_a_running_session()
    {
        var session = await agency.GrantAsync(agency.Adam, minutes: 60);
        agency.Time.AdvanceMinutes(59);

        (await agency.SaveRulesAsync(_ => new EmergencyRules(RolePermissions.CanBeEligible, Duration.FromMinutes(480), RequireApproval: false, Duration.FromMinutes(120)))).Require();

        Assert.Equal(TestAgency.Secret, (await agency.RevealAsync(agency.Adam, session)).Require());
        agency.Time.AdvanceMinutes(1);
        Assert.Equal(SessionRefusals.SessionOver, (await agency.RevealAsync(agency.Adam, session)).Refusal);
    }

    [Fact]
    public async Task A_lower_maximum_does_not_cut_a_running_session_but_tightens_a_request_that_still_waits()
    {
        var other = (await agency.KeepAsync("Nordwind – Meta")).Credential;
        var running = await agency.GrantAsync(agency.Adam, minutes: 60);
        var waiting = (await agency.RaiseAsync(agency.Adam, other, minutes: 60)).Require();

        (await agency.SaveRulesAsync(r => r with { MaximumDuration = Duration.FromMinutes(10) })).Require();
        var granted = (await agency.DecideAsync(agency.Priya, waiting.Request)).Require().Session!.Value;

        await using var db = await agency.ReadAsync();
        var tightened = await db.Sessions.SingleAsync(s => s.Id == granted);
        Assert.Equal((Duration.FromMinutes(10), Duration.FromMinutes(10)), (tightened.EndsAt - tightened.StartedAt, tightened.Limit));
        var untouched = await db.Sessions.SingleAsync(s => s.Id == running);
        Assert.Equal(Duration.FromMinutes(60), untouched.EndsAt - untouched.StartedAt);
    }

    [Fact]
    public async Task A_longer_maximum_gives_a_request_that_still_waits_no_more_than_it_asked_for()
    {
        var waiting = (await agency.RaiseAsync(agency.Adam, minutes: 60)).Require();

        (await agency.SaveRulesAsync(r => r with { MaximumDuration = Duration.FromMinutes(480) })).Require();
        var granted = (await agency.DecideAsync(agency.Priya, waiting.Request)).Require().Session!.Value;

        await using var db = await agency.ReadAsync();
        var session = await db.Sessions.SingleAsync(s => s.Id == granted);
        Assert.Equal((Duration.FromMinutes(60), Duration.FromMinutes(60)), (session.EndsAt - session.StartedAt, session.Limit));
    }

    [Fact]
    public async Task Another_window_applies_to_the_next_request_and_not_to_one_that_waits()
    {
        var waiting = (await agency.RaiseAsync(agency.Adam)).Require();
        var decideBy = agency.Now + Duration.FromMinutes(15);

        (await agency.SaveRulesAsync(r => r with { ApprovalWindow = Duration.FromMinutes(120) })).Require();

        await using var db = await agency.ReadAsync();
        Assert.Equal(decideBy, (await db.Requests.SingleAsync(r => r.Id == waiting.Request)).DecideBy);
    }

    [Fact]
    public async Task The_card_counts_whom_a_list_of_roles_would_let_in_and_who_could_decide()
    {
        var card = await Card();

        Assert.Equal(2, card.PeopleWith(card.Rules.EligibleRoles));
        Assert.Equal(0, card.PeopleWith(Roles.Auditor));
        Assert.Equal(6, card.PeopleWith(RolePermissions.All));
        Assert.Equal(3, card.Deciders);
    }

    private Task<EmergencyCard> Card() => agency.Get<EditEmergencyPolicy>().ReadAsync();

    private Task<Result<Done>> SaveAsync(PersonId by, EmergencyRules rules, int madeOn) => agency.Get<EditEmergencyPolicy>().SaveAsync(by, rules, madeOn);
}
