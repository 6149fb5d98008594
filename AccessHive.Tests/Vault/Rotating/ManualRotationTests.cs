using System.Text;
using AccessHive.Core.Kernel;
using AccessHive.Core.Sessions.UseCases;
using AccessHive.Core.Vault;
using AccessHive.Core.Vault.UseCases;
using AccessHive.Tests.World;
using Microsoft.EntityFrameworkCore;
using NodaTime;
using Xunit;

namespace AccessHive.Tests.Vault.Rotating;

/// <summary>Entered by one person, confirmed by another (product.md, "What nobody else has", 2).</summary>
public sealed class ManualRotationTests : IAsyncLifetime
{
    private const string New = "what-ian-has-set-there";
    private TestAgency agency = null!;
    private RotationId id;

    private KeepRotations Keep => agency.Get<KeepRotations>();

    public async ValueTask InitializeAsync()
    {
        agency = await TestAgency.FoundAsync();
        var session = await agency.GrantAsync(agency.Adam);
        (await agency.RevealAsync(agency.Adam, session)).Require();
        (await agency.Get<EndSessionHandler>().EndAsync(agency.Adam, session)).Require();
        await agency.SettleAsync();
        id = (await RowAsync()).Id;
    }

    public ValueTask DisposeAsync() => agency.DisposeAsync();

    [Fact]
    public async Task An_emergency_without_a_connector_becomes_a_task_for_a_day()
    {
        var task = await RowAsync();
        Assert.Equal((RotationState.Ready, ConnectorKind.Manual, true, agency.Now + Duration.FromHours(24)), (task.State, task.Connector, task.Emergency, task.DueAt!.Value));
        Assert.False(task.IsOverdue);

        agency.Time.AdvanceMinutes(24 * 60);
        await agency.SettleAsync();

        Assert.True((await RowAsync()).IsOverdue);
        Assert.Equal(new RotationsOpen(1, 1, 0, 0, 1), await agency.Get<RotationQueries>().CountAsync(agency.Olivia));
    }

    [Fact]
    public async Task One_person_enters_the_new_secret_and_another_looks_tries_and_confirms_it()
    {
        (await EnterAsync(agency.Ian)).Require();
        Assert.Equal(1, await VersionAsync());
        Assert.Equal(new RotationsOpen(1, 0, 1, 0, 0), await agency.Get<RotationQueries>().CountAsync(agency.Olivia));
        Assert.Equal(0, (await agency.Get<RotationQueries>().CountAsync(agency.Ian)).ToConfirm);

        Assert.Equal(New, Encoding.UTF8.GetString((await Keep.ShowPendingAsync(agency.Olivia, id)).Require()));
        (await Keep.ConfirmAsync(agency.Olivia, id)).Require();

        Assert.Equal(2, await VersionAsync());
        Assert.Equal(RotationState.Done, (await RowAsync()).State);
        Assert.Equal(["rotation.opened", "rotation.entered", "rotation.pending-shown", "rotation.verified"], await agency.TrailAsync("rotation."));
        var session = await agency.GrantAsync(agency.Olivia, agency.Adam);
        Assert.Equal(New, (await agency.RevealAsync(agency.Olivia, session)).Require());
    }

    [Fact]
    public async Task Who_entered_it_can_not_confirm_it_by_any_path()
    {
        (await EnterAsync(agency.Adam)).Require();

        foreach (var refused in new[]
        {
            (await Keep.ConfirmAsync(agency.Adam, id)).Refusal,
            (await Keep.RejectAsync(agency.Adam, id, "no")).Refusal,
            (await Keep.ShowPendingAsync(agency.Adam, id)).Refusal,
        })
            Assert.Equal(RotationRefusals.OwnEntry, refused);

        // Not with another role, not after another vault manager has looked, not after a restart.
        (await agency.Get<Core.Agency.UseCases.ManagePeople>().ChangeRolesAsync(agency.Olivia, agency.Adam, Roles.Owner | Roles.Admin | Roles.IdentityManager)).Require();
        (await Keep.ShowPendingAsync(agency.Ian, id)).Require();
        await agency.RestartAsync();
        Assert.Equal(RotationRefusals.OwnEntry, (await Keep.ConfirmAsync(agency.Adam, id)).Refusal);

        // Nor by retrying what no connector does, nor by opening another, nor by putting the same secret in force by hand.
        Assert.Equal(RotationRefusals.RotationByHand, (await Keep.RetryAsync(agency.Adam, id)).Refusal);
        Assert.Equal(RotationRefusals.RotationOpenAlready, (await Keep.StartAsync(agency.Adam, agency.AdsPassword)).Refusal);
        (await agency.Get<KeepIdentities>().ChangeSecretAsync(agency.Adam, agency.AdsPassword, Encoding.UTF8.GetBytes(New))).Require();
        await agency.SettleAsync();
        Assert.Equal(RotationState.Set, (await RowAsync()).State);
        Assert.NotNull((await CredentialAsync()).ExposedSince);
        Assert.Empty(await agency.TrailAsync("rotation.verified"));
    }

    [Fact]
    public async Task Who_enters_it_again_takes_over_and_the_first_one_may_confirm()
    {
        (await EnterAsync(agency.Adam)).Require();
        (await EnterAsync(agency.Ian, "mended")).Require();
        Assert.Equal(RotationRefusals.OwnEntry, (await Keep.ConfirmAsync(agency.Ian, id)).Refusal);
        Assert.Equal(RotationRefusals.NotLooked, (await Keep.ConfirmAsync(agency.Adam, id)).Refusal);

        (await Keep.ShowPendingAsync(agency.Adam, id)).Require();
        (await Keep.ConfirmAsync(agency.Adam, id)).Require();

        Assert.Equal(3, await VersionAsync());
    }

    [Fact]
    public async Task Nobody_confirms_what_they_have_not_looked_at()
    {
        (await EnterAsync(agency.Ian)).Require();

        Assert.Equal(RotationRefusals.NotLooked, (await Keep.ConfirmAsync(agency.Olivia, id)).Refusal);
        Assert.Equal(RotationRefusals.NotLooked, (await Keep.RejectAsync(agency.Olivia, id, "no")).Refusal);
    }

    [Fact]
    public async Task What_does_not_work_is_a_task_again()
    {
        (await EnterAsync(agency.Ian)).Require();
        (await Keep.ShowPendingAsync(agency.Olivia, id)).Require();
        Assert.Equal(RotationRefusals.RejectionWordsMissing, (await Keep.RejectAsync(agency.Olivia, id, "  ")).Refusal);

        (await Keep.RejectAsync(agency.Olivia, id, "It says: wrong password.")).Require();

        Assert.Equal((RotationState.Ready, "It says: wrong password."), ((await RowAsync()).State, (await RowAsync()).Problem));
        Assert.Equal(RotationRefusals.NothingEntered, (await Keep.ConfirmAsync(agency.Olivia, id)).Refusal);
        Assert.Equal(1, await VersionAsync());
        (await EnterAsync(agency.Ian, "second-attempt")).Require();
        (await Keep.ShowPendingAsync(agency.Olivia, id)).Require();
        (await Keep.ConfirmAsync(agency.Olivia, id)).Require();
        Assert.Equal(3, await VersionAsync());
    }

    [Fact]
    public async Task A_new_secret_differs_from_the_current_one_and_the_one_before()
    {
        Assert.Equal(RotationRefusals.SecretSameAsBefore, (await EnterAsync(agency.Ian, Cast.Secret)).Refusal);
        (await agency.Get<KeepIdentities>().ChangeSecretAsync(agency.Ian, agency.AdsPassword, Encoding.UTF8.GetBytes("second"))).Require();
        Assert.Equal(RotationRefusals.SecretSameAsBefore, (await EnterAsync(agency.Ian, Cast.Secret)).Refusal);
        Assert.Equal(RotationRefusals.SecretSameAsBefore, (await EnterAsync(agency.Ian, "second")).Refusal);
        Assert.Equal(VaultRefusals.SecretMissing, (await EnterAsync(agency.Ian, "")).Refusal);

        (await EnterAsync(agency.Ian, "third")).Require();
    }

    [Fact]
    public async Task Only_those_who_keep_the_vault_act_and_those_who_read_the_trail_look()
    {
        foreach (var who in new[] { agency.Sofia, agency.Aiko, agency.Priya, agency.Max })
        {
            Assert.Equal(VaultRefusals.NotVaultManager, (await EnterAsync(who)).Refusal);
            Assert.Equal(VaultRefusals.NotVaultManager, (await Keep.ShowPendingAsync(who, id)).Refusal);
            Assert.Equal(VaultRefusals.NotVaultManager, (await Keep.ConfirmAsync(who, id)).Refusal);
            Assert.Equal(VaultRefusals.NotVaultManager, (await Keep.CancelAsync(who, id)).Refusal);
            Assert.Equal(VaultRefusals.NotVaultManager, (await Keep.HurryAsync(who, id)).Refusal);
            Assert.Equal(VaultRefusals.NotVaultManager, (await Keep.RetryAsync(who, id)).Refusal);
            Assert.Equal(VaultRefusals.NotVaultManager, (await Keep.RotateAllSeenByAsync(who, agency.Adam)).Refusal);
            Assert.Equal(VaultRefusals.NotVaultManager, (await agency.Get<PlanRotation>().EditAsync(who, agency.AdsPassword, RotationPlan.Usual with { Instructions = "x" })).Refusal);
        }

        Assert.Single(await agency.Get<RotationQueries>().OpenAsync(agency.Sofia));
        Assert.Single(await agency.Get<RotationQueries>().OpenAsync(agency.Aiko));
        Assert.Empty(await agency.Get<RotationQueries>().OpenAsync(agency.Priya));
        Assert.Empty(await agency.Get<RotationQueries>().OpenAsync(agency.Max));
        Assert.Null(await agency.Get<RotationQueries>().FindAsync(agency.Max, id));
    }

    [Fact]
    public async Task What_somebody_who_leaves_has_seen_is_listed_and_rotated_in_one_go()
    {
        var (_, second) = await agency.KeepAsync("Second");
        var session = await agency.GrantAsync(agency.Adam, credential: second);
        (await agency.RevealAsync(agency.Adam, session)).Require();
        var seen = await agency.Get<ExposureQueries>().OfPersonAsync(agency.Olivia, agency.Adam);
        Assert.Equal([agency.AdsPassword, second], seen.Seen.Select(s => s.Credential).Order(Comparer<CredentialId>.Create((a, b) => a.Value.CompareTo(b.Value))));
        Assert.Empty((await agency.Get<ExposureQueries>().OfPersonAsync(agency.Max, agency.Adam)).Seen);

        (await agency.Get<Core.Agency.UseCases.ManagePeople>().DisableAsync(agency.Olivia, agency.Adam)).Require();
        var opened = (await Keep.RotateAllSeenByAsync(agency.Olivia, agency.Adam)).Require();

        Assert.Equal(1, opened); // the first one is open already
        seen = await agency.Get<ExposureQueries>().OfPersonAsync(agency.Olivia, agency.Adam);
        Assert.All(seen.Seen, s => Assert.NotNull(s.Rotation));
        Assert.Equal(new LeaveProgress(1, 0, 1), seen.Progress);
        Assert.Equal(RotationRefusals.NothingSeen, (await Keep.RotateAllSeenByAsync(agency.Olivia, agency.Max)).Refusal);
    }

    [Fact]
    public async Task Who_entered_or_confirmed_a_secret_knows_it_and_who_saw_the_old_one_does_not_any_more()
    {
        (await EnterAsync(agency.Ian)).Require();
        (await Keep.ShowPendingAsync(agency.Olivia, id)).Require();
        (await Keep.ConfirmAsync(agency.Olivia, id)).Require();

        Assert.Empty((await agency.Get<ExposureQueries>().OfPersonAsync(agency.Olivia, agency.Adam)).Seen);
        Assert.Single((await agency.Get<ExposureQueries>().OfPersonAsync(agency.Olivia, agency.Ian)).Seen);
        Assert.Single((await agency.Get<ExposureQueries>().OfPersonAsync(agency.Olivia, agency.Olivia)).Seen);
        Assert.Null((await CredentialAsync()).ExposedSince);
    }

    [Fact]
    public async Task What_is_over_is_final_in_the_database_too()
    {
        (await Keep.CancelAsync(agency.Ian, id)).Require();

        await Assert.ThrowsAsync<Microsoft.Data.Sqlite.SqliteException>(() => agency.SqlAsync("UPDATE Rotations SET State = 'Ready', ClosedAt = NULL"));
        await Assert.ThrowsAsync<Microsoft.Data.Sqlite.SqliteException>(() => agency.SqlAsync("DELETE FROM Rotations"));
        Assert.Equal(RotationRefusals.RotationOver, (await EnterAsync(agency.Ian)).Refusal);
        Assert.Equal(RotationRefusals.RotationOver, (await Keep.CancelAsync(agency.Ian, id)).Refusal);
    }

    private Task<Result<Done>> EnterAsync(PersonId who, string secret = New) => Keep.EnterAsync(who, id, Encoding.UTF8.GetBytes(secret));

    private async Task<RotationRow> RowAsync()
    {
        var queries = agency.Get<RotationQueries>();
        return (await queries.OpenAsync(agency.Olivia)).Concat(await queries.OverAsync(agency.Olivia)).First(r => r.Credential == agency.AdsPassword);
    }

    private async Task<Credential> CredentialAsync()
    {
        await using var db = await agency.ReadAsync();
        return await db.Credentials.AsNoTracking().SingleAsync(c => c.Id == agency.AdsPassword);
    }

    private async Task<int> VersionAsync() => (await CredentialAsync()).CurrentVersion;
}
