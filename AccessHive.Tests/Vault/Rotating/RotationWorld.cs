using System.Text;
using AccessHive.Core.Connectors;
using AccessHive.Core.Jobs;
using AccessHive.Core.Jobs.UseCases;
using AccessHive.Core.Kernel;
using AccessHive.Core.Sessions.UseCases;
using AccessHive.Core.Vault;
using AccessHive.Core.Vault.UseCases;
using AccessHive.Tests.World;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using NodaTime;
using Xunit;

namespace AccessHive.Tests.Vault.Rotating;

/// <summary>An agency with one credential that a target keeps too, and everything that may go wrong between the two.</summary>
public sealed class RotationWorld : IAsyncDisposable
{
    private RotationWorld(TestAgency agency, Target target, Trouble trouble) => (Agency, Target, Trouble) = (agency, target, trouble);

    public TestAgency Agency { get; }

    public Target Target { get; }

    public Trouble Trouble { get; }

    public IdentityId Identity { get; private set; }

    public CredentialId Credential { get; private set; }

    public static async Task<RotationWorld> OpenAsync(Target target)
    {
        var trouble = new Trouble(target.Connector);
        var agency = await TestAgency.FoundAsync(services =>
        {
            services.AddSingleton<IRotationConnector>(trouble);
            services.RemoveAll<IJobHandler>();
            services.AddSingleton<IJobHandler>(provider => new Mortal(ActivatorUtilities.CreateInstance<RunRotation>(provider), trouble));
        });
        var world = new RotationWorld(agency, target, trouble);
        var keep = agency.Get<KeepIdentities>();
        world.Identity = (await keep.AddAsync(agency.Ian, new IdentityDetails("Target", IdentityType.ManagedShared, "Server", "Bergmann Bikes", agency.Ian, ""))).Require();
        world.Credential = (await keep.AddCredentialAsync(agency.Ian, world.Identity, new CredentialDetails("Password", target.UserName, ""), Encoding.UTF8.GetBytes(target.First))).Require();
        (await agency.Get<PlanRotation>().EditAsync(agency.Ian, world.Credential, target.Plan)).Require();
        if (target.Key.Length > 0)
            (await agency.Get<PlanRotation>().ChangeKeyAsync(agency.Ian, world.Credential, target.Key)).Require();
        return world;
    }

    /// <summary>Somebody sees the secret in an emergency and is done with it; what follows from that is opened.</summary>
    public async Task SeenAsync()
    {
        var session = await Agency.GrantAsync(Agency.Adam, credential: Credential);
        (await Agency.RevealAsync(Agency.Adam, session)).Require();
        (await Agency.Get<EndSessionHandler>().EndAsync(Agency.Adam, session)).Require();
        await Agency.SettleAsync();
    }

    /// <summary>Background work as far as it is due.</summary>
    public async Task WorkAsync()
    {
        await Agency.SettleAsync();
        await Agency.Get<JobRunner>().RunDueAsync(CancellationToken.None);
        await Agency.SettleAsync();
    }

    /// <summary>Background work until nothing happens by itself any more, however long the pauses are.</summary>
    public async Task WorkItOutAsync()
    {
        await Agency.SettleAsync();
        while (await Agency.Get<JobRunner>().RunDueAsync(CancellationToken.None) is { } due)
        {
            if (due > Agency.Now)
                Agency.Time.Advance(due - Agency.Now);
        }

        await Agency.SettleAsync();
    }

    /// <summary>The process dies there, and a new one starts on the same files.</summary>
    public async Task DieAsync(DiesAt where)
    {
        using var process = new CancellationTokenSource();
        Trouble.Die(where, process);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Agency.Get<JobRunner>().RunDueAsync(process.Token));
        Trouble.Heal();
        await Agency.RestartAsync();
    }

    public async Task<Rotation> RotationAsync()
    {
        await using var db = await Agency.ReadAsync();
        // The open one, else the one that was over last: several may have been opened at one instant of fake time.
        return await db.Rotations.AsNoTracking().Where(r => r.CredentialId == Credential).OrderByDescending(r => r.ClosedAt == null).ThenByDescending(r => r.ClosedAt).FirstAsync();
    }

    public async Task<Credential> ReadAsync()
    {
        await using var db = await Agency.ReadAsync();
        return await db.Credentials.AsNoTracking().SingleAsync(c => c.Id == Credential);
    }

    public async Task<Job> JobAsync()
    {
        await using var db = await Agency.ReadAsync();
        return await db.Jobs.AsNoTracking().OrderByDescending(j => j.QueuedAt).FirstAsync();
    }

    /// <summary>A stored version in plain.</summary>
    public async Task<string> StoredAsync(int version)
    {
        await using var db = await Agency.ReadAsync();
        var secret = await db.Secrets.AsNoTracking().SingleAsync(s => s.CredentialId == Credential && s.Field == FieldKind.Secret && s.Version == version);
        return Encoding.UTF8.GetString(Agency.Get<Keyring>().Open(secret));
    }

    /// <summary>What holds after anything: some stored version logs in, and trail and state agree.</summary>
    public async Task HoldsAsync()
    {
        var credential = await ReadAsync();
        var works = 0;
        for (var version = 1; version <= credential.LastVersion; version++)
            works += await Target.LogsInAsync(await StoredAsync(version)) ? 1 : 0;
        Assert.True(works > 0, "None of the stored versions logs in.");

        await using var db = await Agency.ReadAsync();
        var rotations = await db.Rotations.AsNoTracking().ToListAsync();
        var trail = await db.Trail.AsNoTracking().Where(e => e.Type.StartsWith("rotation.")).OrderBy(e => e.Seq).Select(e => e.Type).ToListAsync();
        int Times(string type) => trail.Count(t => t == type);
        Assert.Equal(rotations.Count, Times("rotation.opened"));
        Assert.Equal(rotations.Count(r => r.State == RotationState.Done), Times("rotation.verified"));
        Assert.Equal(rotations.Count(r => r.State == RotationState.Cancelled), Times("rotation.cancelled"));
        Assert.Equal(rotations.Count(r => r.ClosedAt is not null), rotations.Count(r => r.State is RotationState.Done or RotationState.Cancelled));
        Assert.True(rotations.Count(r => r.PendingVersion is not null) <= Times("rotation.stored") + Times("rotation.entered"));
        Assert.True(rotations.All(r => r.State != RotationState.NeedsPerson) || Times("rotation.needs-person") > 0);
        Assert.True(rotations.Count(r => r.ClosedAt is null) <= 1);
    }

    /// <summary>The rotation is done: what is in force logs in, what was seen does not, and the exposure is over.</summary>
    public async Task IsDoneAsync()
    {
        await HoldsAsync();
        var credential = await ReadAsync();
        var rotation = await RotationAsync();
        Assert.Equal(RotationState.Done, rotation.State);
        Assert.Equal((rotation.PendingVersion, rotation.PendingVersion), (credential.CurrentVersion, credential.VerifiedVersion));
        Assert.Null(credential.ExposedSince);
        Assert.True(await Target.LogsInAsync(await StoredAsync(credential.CurrentVersion)));
        Assert.False(await Target.LogsInAsync(Target.First));
        Assert.Single(await Agency.TrailAsync("rotation.verified"));
        Assert.False((await JobAsync()).IsOpen);
    }

    /// <summary>It can't go on by itself, and says so everywhere.</summary>
    public async Task NeedsPersonAsync()
    {
        await HoldsAsync();
        Assert.Equal(RotationState.NeedsPerson, (await RotationAsync()).State);
        Assert.NotEmpty((await RotationAsync()).Problem);
        Assert.NotNull((await ReadAsync()).ExposedSince);
        Assert.Equal(1, (await Agency.Get<RotationQueries>().CountAsync(Agency.Ian)).NeedPerson);
    }

    public async ValueTask DisposeAsync()
    {
        await Agency.DisposeAsync();
        await Target.DisposeAsync();
    }
}
