using System.Text;
using AccessHive.Core.Jobs;
using AccessHive.Core.Kernel;
using AccessHive.Core.Sessions;
using AccessHive.Core.Sessions.UseCases;
using AccessHive.Core.Vault;
using AccessHive.Core.Vault.UseCases;
using NodaTime;
using Xunit;

namespace AccessHive.Tests.Vault.Rotating;

/// <summary>What a rotation promises with every connector (security.md, promises 13 and 14; issue 3, "Conformance suite").</summary>
public abstract class RotationSuite : IAsyncLifetime
{
    protected RotationWorld World { get; private set; } = null!;

    public async ValueTask InitializeAsync() => World = await RotationWorld.OpenAsync(await TargetAsync());

    public async ValueTask DisposeAsync()
    {
        if (World is not null)
            await World.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task An_ended_emergency_ends_in_a_new_password_that_logged_in()
    {
        await World.SeenAsync();

        await World.WorkAsync();

        await World.IsDoneAsync();
        Assert.Equal(["rotation.opened", "rotation.stored", "rotation.set", "rotation.verified"], await World.Agency.TrailAsync("rotation."));
        Assert.Single(World.Trouble.Orders);
    }

    [Theory]
    [InlineData(DiesAt.BeforeTheFirstStep)]
    [InlineData(DiesAt.OnceStored)]
    [InlineData(DiesAt.OnceSetAtTheTarget)]
    [InlineData(DiesAt.OnceSet)]
    [InlineData(DiesAt.OnceLoggedIn)]
    [InlineData(DiesAt.OncePutInForce)]
    public async Task A_process_that_dies_anywhere_leaves_a_version_that_works_and_the_next_one_finishes(DiesAt where)
    {
        await World.SeenAsync();

        await World.DieAsync(where);
        await World.HoldsAsync();
        await World.WorkAsync();

        await World.IsDoneAsync();
    }

    [Fact]
    public async Task A_process_that_dies_again_and_again_is_finished_by_the_one_that_does_not()
    {
        await World.SeenAsync();

        foreach (var where in new[] { DiesAt.OnceStored, DiesAt.OnceSetAtTheTarget, DiesAt.OnceSet, DiesAt.OnceLoggedIn })
        {
            await World.DieAsync(where);
            await World.HoldsAsync();
        }

        await World.WorkAsync();

        await World.IsDoneAsync();
    }

    [Fact]
    public async Task A_process_that_dies_in_every_try_leaves_it_to_a_person()
    {
        await World.SeenAsync();
        for (var i = 0; i < Job.UsualTries; i++)
            await World.DieAsync(DiesAt.OnceLoggedIn);

        await World.WorkAsync();
        await World.NeedsPersonAsync();

        (await World.Agency.Get<KeepRotations>().RetryAsync(World.Agency.Ian, (await World.RotationAsync()).Id)).Require();
        await World.WorkAsync();
        await World.IsDoneAsync();
    }

    [Fact]
    public async Task A_target_that_is_down_is_asked_five_times_with_growing_pauses_and_then_a_person_is_needed()
    {
        await World.SeenAsync();
        World.Trouble.IsDown = true;
        List<Duration> pauses = [];
        for (var i = 1; i < Job.UsualTries; i++)
        {
            await World.WorkAsync();
            var job = await World.JobAsync();
            Assert.Equal((JobState.Queued, i), (job.State, job.Tries));
            pauses.Add(job.DueAt - World.Agency.Now);
            World.Agency.Time.Advance(job.DueAt - World.Agency.Now - Duration.FromMilliseconds(1));
            await World.WorkAsync();
            Assert.Equal(i, (await World.JobAsync()).Tries);
            World.Agency.Time.Advance(Duration.FromMilliseconds(1));
        }

        await World.WorkAsync();

        Assert.Equal([30, 60, 120, 240], pauses.Select(p => (int)p.TotalSeconds));
        Assert.Equal(JobState.GaveUp, (await World.JobAsync()).State);
        await World.NeedsPersonAsync();
        Assert.Equal(5, (await World.Agency.TrailAsync("rotation.try-failed")).Count);
        Assert.Single(await World.Agency.TrailAsync("rotation.needs-person"));

        World.Trouble.Heal();
        (await World.Agency.Get<KeepRotations>().RetryAsync(World.Agency.Ian, (await World.RotationAsync()).Id)).Require();
        await World.WorkAsync();
        await World.IsDoneAsync();
    }

    [Fact]
    public async Task An_answer_that_was_lost_after_success_is_found_out_by_logging_in()
    {
        await World.SeenAsync();
        World.Trouble.LosesAnswers = true;
        await World.WorkAsync();
        Assert.Equal(RotationState.Stored, (await World.RotationAsync()).State);
        await World.HoldsAsync();

        World.Trouble.Heal();
        await World.WorkItOutAsync();

        await World.IsDoneAsync();
        Assert.Single(World.Trouble.Orders);
    }

    [Fact]
    public async Task A_pending_password_that_does_not_log_in_is_not_put_in_force_but_set_again()
    {
        await World.SeenAsync();
        World.Trouble.Lies = true;
        await World.WorkAsync();
        Assert.Equal(1, (await World.ReadAsync()).CurrentVersion);
        Assert.NotNull((await World.ReadAsync()).ExposedSince);

        World.Trouble.Heal();
        await World.WorkItOutAsync();

        await World.IsDoneAsync();
        Assert.Equal(2, World.Trouble.Orders.Count);
        Assert.Single(World.Trouble.Orders.Distinct(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_target_that_will_report_back_is_asked_again_until_it_has()
    {
        await World.SeenAsync();
        World.Trouble.TakesItsTime = true;
        await World.WorkAsync();
        Assert.Equal(RotationState.Stored, (await World.RotationAsync()).State);

        World.Trouble.Heal();
        await World.WorkItOutAsync();

        await World.IsDoneAsync();
    }

    [Fact]
    public async Task A_password_that_somebody_changed_at_the_target_needs_a_person()
    {
        await World.SeenAsync();
        World.Trouble.LosesAnswers = true;
        await World.WorkAsync();
        await World.Target.ChangeOutsideAsync("changed-0utside-by-somebody");

        World.Trouble.Heal();
        await World.WorkItOutAsync();

        Assert.Equal(RotationState.NeedsPerson, (await World.RotationAsync()).State);
        Assert.Contains("None of the stored passwords", (await World.RotationAsync()).Problem, StringComparison.Ordinal);
        Assert.Equal(2, (await World.JobAsync()).Tries);

        // Somebody who keeps the vault enters what it is now, somebody else says that it works.
        var keep = World.Agency.Get<KeepRotations>();
        var id = (await World.RotationAsync()).Id;
        (await keep.EnterAsync(World.Agency.Ian, id, Encoding.UTF8.GetBytes("changed-0utside-by-somebody"))).Require();
        (await keep.ShowPendingAsync(World.Agency.Adam, id)).Require();
        (await keep.ConfirmAsync(World.Agency.Adam, id)).Require();
        await World.IsDoneAsync();
    }

    [Fact]
    public async Task A_vault_that_was_given_a_wrong_password_falls_back_to_the_one_that_logs_in()
    {
        (await World.Agency.Get<KeepIdentities>().ChangeSecretAsync(World.Agency.Ian, World.Credential, Encoding.UTF8.GetBytes("mistyped"))).Require();
        await World.SeenAsync();

        await World.WorkItOutAsync();

        await World.IsDoneAsync();
        Assert.Single(await World.Agency.TrailAsync("rotation.fell-back"));
    }

    [Fact]
    public async Task A_user_name_that_changes_underway_stops_it_and_a_person_lets_it_go_on()
    {
        await World.SeenAsync();
        World.Trouble.IsDown = true;
        await World.WorkAsync();
        (await World.Agency.Get<KeepIdentities>().EditCredentialAsync(World.Agency.Ian, World.Credential, new CredentialDetails("Password", "somebody-else", ""))).Require();

        World.Trouble.Heal();
        await World.WorkItOutAsync();

        await World.NeedsPersonAsync();
        Assert.Contains("the user name changed", (await World.RotationAsync()).Problem, StringComparison.Ordinal);
        Assert.Equal(0, World.Trouble.LogIns);

        (await World.Agency.Get<KeepIdentities>().EditCredentialAsync(World.Agency.Ian, World.Credential, new CredentialDetails("Password", World.Target.UserName, ""))).Require();
        (await World.Agency.Get<KeepRotations>().RetryAsync(World.Agency.Ian, (await World.RotationAsync()).Id)).Require();
        await World.WorkAsync();
        await World.IsDoneAsync();
    }

    [Fact]
    public async Task Ending_one_of_two_sessions_rotates_nothing_and_ending_the_last_rotates_once()
    {
        var (adam, olivia) = (await World.Agency.GrantAsync(World.Agency.Adam, credential: World.Credential), await World.Agency.GrantAsync(World.Agency.Olivia, credential: World.Credential));
        (await World.Agency.RevealAsync(World.Agency.Adam, adam)).Require();
        (await World.Agency.RevealAsync(World.Agency.Olivia, olivia)).Require();

        (await World.Agency.Get<EndSessionHandler>().EndAsync(World.Agency.Adam, adam)).Require();
        await World.WorkAsync();
        Assert.Empty(await World.Agency.TrailAsync("rotation."));
        Assert.Equal(World.Target.First, (await World.Agency.RevealAsync(World.Agency.Olivia, olivia)).Require());

        // The other one runs out by the clock.
        World.Agency.Time.AdvanceMinutes(30);
        await World.WorkAsync();

        await World.IsDoneAsync();
        await World.WorkAsync();
        Assert.Single(await World.Agency.TrailAsync("rotation.opened"));
    }

    [Fact]
    public async Task A_restart_while_a_session_runs_changes_nothing_about_what_follows()
    {
        var session = await World.Agency.GrantAsync(World.Agency.Adam, credential: World.Credential, minutes: 10);
        (await World.Agency.RevealAsync(World.Agency.Adam, session)).Require();
        await World.Agency.RestartAsync();
        await World.WorkAsync();
        Assert.Empty(await World.Agency.TrailAsync("rotation."));
        await World.Agency.LeaveAsync();
        World.Agency.Time.AdvanceMinutes(60);
        await World.Agency.RestartAsync();

        await World.WorkAsync();

        await World.IsDoneAsync();
    }

    /// <summary>The target to try it with.</summary>
    protected abstract Task<Target> TargetAsync();
}

/// <summary>The suite on a target in memory.</summary>
public sealed class RotationInMemoryTests : RotationSuite
{
    [Fact]
    public async Task A_target_that_never_answers_is_left_after_two_minutes()
    {
        await World.SeenAsync();
        World.Trouble.Hangs = true;
        var work = World.Agency.Get<Core.Jobs.UseCases.JobRunner>().RunDueAsync(CancellationToken.None);
        while (World.Trouble.Orders.Count == 0)
            await Task.Yield();

        World.Agency.Time.Advance(Job.UsualTimeOut);
        await work;

        var job = await World.JobAsync();
        Assert.Equal((JobState.Queued, "There was no answer within 120 seconds."), (job.State, job.Problem));
        World.Trouble.Heal();
        await World.WorkItOutAsync();
        await World.IsDoneAsync();
    }

    [Fact]
    public async Task A_session_that_begins_before_anything_is_stored_is_waited_for()
    {
        await World.SeenAsync();
        var session = await World.Agency.GrantAsync(World.Agency.Olivia, credential: World.Credential);

        await World.WorkAsync();
        Assert.Equal(RotationState.Waiting, (await World.RotationAsync()).State);
        Assert.Equal(1, (await World.ReadAsync()).LastVersion);

        (await World.Agency.Get<EndSessionHandler>().EndAsync(World.Agency.Olivia, session)).Require();
        await World.WorkAsync();
        await World.IsDoneAsync();
    }

    [Fact]
    public async Task Who_can_not_wait_rotates_during_a_session_and_the_holder_sees_the_new_secret()
    {
        var session = await World.Agency.GrantAsync(World.Agency.Adam, credential: World.Credential);
        (await World.Agency.RevealAsync(World.Agency.Adam, session)).Require();
        var keep = World.Agency.Get<KeepRotations>();
        var id = (await keep.StartAsync(World.Agency.Ian, World.Credential)).Require();
        await World.WorkAsync();
        Assert.Equal(RotationState.Waiting, (await World.RotationAsync()).State);

        (await keep.HurryAsync(World.Agency.Ian, id)).Require();
        await World.WorkAsync();

        await World.IsDoneAsync();
        Assert.Equal(await World.StoredAsync(2), (await World.Agency.RevealAsync(World.Agency.Adam, session)).Require());
        Assert.NotNull((await World.ReadAsync()).ExposedSince);
    }

    [Fact]
    public async Task A_cancelled_rotation_stays_cancelled_until_somebody_sees_the_secret_again()
    {
        await World.SeenAsync();
        (await World.Agency.Get<KeepRotations>().CancelAsync(World.Agency.Ian, (await World.RotationAsync()).Id)).Require();
        await World.WorkAsync();
        Assert.Equal(RotationState.Cancelled, (await World.RotationAsync()).State);
        Assert.NotNull((await World.ReadAsync()).ExposedSince);
        Assert.Empty(World.Trouble.Orders);

        World.Agency.Time.AdvanceMinutes(1);
        await World.SeenAsync();
        await World.WorkAsync();

        await World.IsDoneAsync();
    }

    [Fact]
    public async Task What_may_be_set_can_not_be_cancelled()
    {
        await World.SeenAsync();
        World.Trouble.LosesAnswers = true;
        await World.WorkAsync();

        var cancelled = await World.Agency.Get<KeepRotations>().CancelAsync(World.Agency.Ian, (await World.RotationAsync()).Id);

        Assert.Equal(RotationRefusals.RotationSetAlready, cancelled.Refusal);
    }

    [Fact]
    public async Task An_archived_credential_is_rotated_no_more()
    {
        await World.SeenAsync();
        World.Trouble.IsDown = true;
        await World.WorkAsync();
        (await World.Agency.Get<KeepIdentities>().ArchiveCredentialAsync(World.Agency.Ian, World.Credential)).Require();

        World.Trouble.Heal();
        await World.WorkItOutAsync();

        Assert.Equal(RotationState.Cancelled, (await World.RotationAsync()).State);
        Assert.Single(World.Trouble.Orders);
        Assert.False((await World.JobAsync()).IsOpen);
    }

    [Fact]
    public async Task A_session_in_which_nobody_looked_is_followed_by_nothing()
    {
        var session = await World.Agency.GrantAsync(World.Agency.Adam, credential: World.Credential);
        (await World.Agency.Get<EndSessionHandler>().EndAsync(World.Agency.Adam, session)).Require();

        await World.WorkAsync();

        Assert.Empty(await World.Agency.TrailAsync("rotation."));
    }

    [Fact]
    public async Task A_revoked_session_is_followed_by_a_rotation_too()
    {
        var session = await World.Agency.GrantAsync(World.Agency.Adam, credential: World.Credential);
        (await World.Agency.RevealAsync(World.Agency.Adam, session)).Require();
        (await World.Agency.Get<EndSessionHandler>().RevokeAsync(World.Agency.Sofia, session, "Wrong account.")).Require();

        await World.WorkAsync();

        await World.IsDoneAsync();
    }

    [Fact]
    public async Task The_login_is_tested_without_showing_or_changing_anything()
    {
        var plan = World.Agency.Get<PlanRotation>();
        Assert.Equal(Core.Connectors.TargetAnswer.Yes, (await plan.TestLoginAsync(World.Agency.Ian, World.Credential)).Require().Answer);
        await World.Target.ChangeOutsideAsync("another");
        Assert.Equal(Core.Connectors.TargetAnswer.No, (await plan.TestLoginAsync(World.Agency.Ian, World.Credential)).Require().Answer);
        Assert.Equal(VaultRefusals.NotVaultManager, (await plan.TestLoginAsync(World.Agency.Sofia, World.Credential)).Refusal);
        Assert.Equal(2, (await World.Agency.TrailAsync("rotation.login-tested")).Count);
        Assert.Null((await World.ReadAsync()).ExposedSince);
    }

    [Fact]
    public async Task A_connector_that_comes_with_the_plan_takes_over_an_open_task()
    {
        var plan = World.Agency.Get<PlanRotation>();
        (await plan.EditAsync(World.Agency.Ian, World.Credential, RotationPlan.Usual)).Require();
        await World.SeenAsync();
        await World.WorkAsync();
        Assert.Equal(RotationState.Ready, (await World.RotationAsync()).State);

        (await plan.EditAsync(World.Agency.Ian, World.Credential, World.Target.Plan)).Require();
        await World.WorkAsync();

        await World.IsDoneAsync();
    }

    protected override Task<Target> TargetAsync() => Task.FromResult<Target>(new TargetInMemory());
}
