using System.Net;
using System.Net.Sockets;
using System.Text;
using AccessHive.Core.Kernel;
using AccessHive.Core.Sessions.UseCases;
using AccessHive.Core.Vault;
using AccessHive.Core.Vault.UseCases;
using AccessHive.Tests.World;
using AccessHive.Tests.World.Servers;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using NodaTime;
using Xunit;

namespace AccessHive.Tests.Vault.Rotating;

/// <summary>
/// The product as a process of its own, killed (SIGKILL) at each step of a rotation on a real PostgreSQL, and started again
/// on the same files (security.md, promises 13 and 14).
/// </summary>
public sealed class KilledWhileRotatingTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public enum At
    {
        BeforeTheOrderReachesTheServer,
        BeforeTheAnswerComesBack,
        DuringTheVerifyingLogin,
        RightAfterItWasPutInForce,
    }

    [Theory]
    [InlineData(At.BeforeTheOrderReachesTheServer)]
    [InlineData(At.BeforeTheAnswerComesBack)]
    [InlineData(At.DuringTheVerifyingLogin)]
    [InlineData(At.RightAfterItWasPutInForce)]
    public async Task Whenever_it_is_killed_a_stored_version_works_and_the_next_process_finishes(At when)
    {
        await using var role = await PostgreSqlServer.NewRoleAsync();
        var before = await role.KeptAsync();
        await using var door = new Door(role.Port, when, async () => await role.KeptAsync() != before);
        await using var agency = await TestAgency.FoundAtAsync(Instant.FromDateTimeOffset(TimeProvider.System.GetUtcNow()) - Duration.FromMinutes(10));
        var credential = await SeenAsync(agency, role, door.Port);
        await agency.LeaveAsync();

        await using (var killed = await HouseProcess.StartAsync(agency.Paths.DataFolder))
        {
            await (when == At.RightAfterItWasPutInForce ? VerifiedAsync(agency) : door.Held).WaitAsync(Patience);
            await killed.KillAsync();
        }

        await door.OpenAsync();
        await WorksAsync(agency, role, credential);
        await using (var house = await HouseProcess.StartAsync(agency.Paths.DataFolder))
        {
            await VerifiedAsync(agency).WaitAsync(Patience);
            await house.StopAsync();
        }

        await WorksAsync(agency, role, credential);
        await agency.RestartAsync();
        await using var db = await agency.ReadAsync();
        var now = await db.Credentials.AsNoTracking().SingleAsync(c => c.Id == credential);
        Assert.Equal((2, 2, (Instant?)null), (now.CurrentVersion, now.VerifiedVersion, now.ExposedSince));
        Assert.True(await role.LogsInAsync(await PlainAsync(agency, credential, 2)));
        Assert.False(await role.LogsInAsync(role.Password));
        Assert.Single(await agency.TrailAsync("rotation.opened"));
        Assert.Single(await agency.TrailAsync("rotation.verified"));
        Assert.Equal(RotationState.Done, (await db.Rotations.SingleAsync()).State);
    }

    private static async Task<CredentialId> SeenAsync(TestAgency agency, PostgreSqlRole role, int port)
    {
        var keep = agency.Get<KeepIdentities>();
        var identity = (await keep.AddAsync(agency.Ian, new IdentityDetails("Shop database", IdentityType.ManagedShared, "PostgreSQL", "", agency.Ian, ""))).Require();
        var credential = (await keep.AddCredentialAsync(agency.Ian, identity, new CredentialDetails("Password", role.UserName, ""), Encoding.UTF8.GetBytes(role.Password))).Require();
        (await agency.Get<PlanRotation>().EditAsync(agency.Ian, credential, role.Plan with { Port = port })).Require();
        var session = await agency.GrantAsync(agency.Adam, credential: credential);
        (await agency.RevealAsync(agency.Adam, session)).Require();
        (await agency.Get<EndSessionHandler>().EndAsync(agency.Adam, session)).Require();
        return credential;
    }

    private static async Task WorksAsync(TestAgency agency, PostgreSqlRole role, CredentialId credential)
    {
        await agency.RestartAsync();
        int last;
        await using (var db = await agency.ReadAsync())
            last = (await db.Credentials.AsNoTracking().SingleAsync(c => c.Id == credential)).LastVersion;
        var works = 0;
        for (var version = 1; version <= last; version++)
            works += await role.LogsInAsync(await PlainAsync(agency, credential, version)) ? 1 : 0;
        await agency.LeaveAsync();
        Assert.Equal(1, works);
    }

    private static async Task<string> PlainAsync(TestAgency agency, CredentialId credential, int version)
    {
        await using var db = await agency.ReadAsync();
        var secret = await db.Secrets.AsNoTracking().SingleAsync(s => s.CredentialId == credential && s.Field == FieldKind.Secret && s.Version == version);
        return Encoding.UTF8.GetString(agency.Get<Keyring>().Open(secret));
    }

    // Looked up in the file itself, which another process is writing.
    private static async Task VerifiedAsync(TestAgency agency)
    {
        var file = new SqliteConnectionStringBuilder { DataSource = agency.Paths.Database, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ConnectionString;
        while (true)
        {
            await using var connection = new SqliteConnection(file);
            await connection.OpenAsync();
            await using var command = connection.CreateCommand();
            command.CommandText = "SELECT COUNT(*) FROM \"Trail\" WHERE \"Type\" = 'rotation.verified'";
            if (Convert.ToInt64(await command.ExecuteScalarAsync(), System.Globalization.CultureInfo.InvariantCulture) > 0)
                return;
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, CancellationToken.None);
        }
    }

    /// <summary>The way to the server, which is shut at one moment – until it is opened again for good.</summary>
    private sealed class Door : IAsyncDisposable
    {
        private readonly TcpListener listener = new(IPAddress.Loopback, 0);
        private readonly CancellationTokenSource end = new();
        private readonly TaskCompletionSource held = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly int port;
        private readonly At when;
        private readonly Func<Task<bool>> isChanged;
        private readonly List<Task> all = [];
        private readonly Task accepting;
        private volatile bool isOpen;

        public Door(int port, At when, Func<Task<bool>> isChanged)
        {
            (this.port, this.when, this.isChanged) = (port, when, isChanged);
            listener.Start();
            accepting = AcceptAsync();
        }

        public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

        /// <summary>The moment has come, and nothing goes through.</summary>
        public Task Held => held.Task;

        public Task OpenAsync()
        {
            isOpen = true;
            return Task.CompletedTask;
        }

        public async ValueTask DisposeAsync()
        {
            await end.CancelAsync();
            listener.Stop();
            await accepting;
            end.Dispose();
        }

        private async Task AcceptAsync()
        {
            try
            {
                while (true)
                    all.Add(CarryAsync(await listener.AcceptTcpClientAsync(end.Token)));
            }
            catch (Exception over) when (over is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                await Task.WhenAll(all);
            }
        }

        private async Task CarryAsync(TcpClient client)
        {
            using (client)
            using (var server = new TcpClient())
            {
                try
                {
                    if (when == At.DuringTheVerifyingLogin && await isChanged())
                        await HoldAsync();
                    await server.ConnectAsync(IPAddress.Loopback, port, end.Token);
                    var up = CopyAsync(client.GetStream(), server.GetStream(), bytes => when == At.BeforeTheOrderReachesTheServer && Encoding.Latin1.GetString(bytes.Span).Contains("ALTER ", StringComparison.OrdinalIgnoreCase) ? Task.FromResult(true) : Task.FromResult(false));
                    var down = CopyAsync(server.GetStream(), client.GetStream(), _ => when == At.BeforeTheAnswerComesBack ? isChanged() : Task.FromResult(false));
                    await Task.WhenAny(up, down);
                }
                catch (Exception over) when (over is OperationCanceledException or SocketException or IOException or ObjectDisposedException)
                {
                    // One side hung up, or was killed.
                }
            }
        }

        private async Task CopyAsync(NetworkStream from, NetworkStream to, Func<ReadOnlyMemory<byte>, Task<bool>> shuts)
        {
            var buffer = new byte[16 * 1024];
            try
            {
                while (await from.ReadAsync(buffer, end.Token) is > 0 and var count)
                {
                    if (!isOpen && await shuts(buffer.AsMemory(0, count)))
                        await HoldAsync();
                    await to.WriteAsync(buffer.AsMemory(0, count), end.Token);
                }
            }
            catch (Exception over) when (over is OperationCanceledException or IOException or ObjectDisposedException)
            {
                // One side hung up, or was killed.
            }
        }

        private async Task HoldAsync()
        {
            if (isOpen)
                return;
            held.TrySetResult();
            // What is held is never delivered: whoever waited for it is killed.
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, end.Token);
        }
    }
}
