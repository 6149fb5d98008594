using System.Security.Cryptography;
using System.Text;
using AccessHive.Core.Connectors;
using AccessHive.Core.Jobs;
using AccessHive.Core.Vault;
using AccessHive.Tests.Connectors;
using AccessHive.Tests.World.Servers;

namespace AccessHive.Tests.Vault.Rotating;

/// <summary>Something with a password at the other side, and the connector that changes it.</summary>
public abstract class Target : IAsyncDisposable
{
    /// <summary>The password it has when the test begins.</summary>
    public abstract string First { get; }

    public abstract IRotationConnector Connector { get; }

    public abstract string UserName { get; }

    public abstract RotationPlan Plan { get; }

    /// <summary>What the connector itself needs.</summary>
    public virtual byte[] Key => [];

    /// <summary>Asked without the connector: does this password log in?</summary>
    public abstract Task<bool> LogsInAsync(string password);

    /// <summary>Somebody changes it at the target, past the product.</summary>
    public abstract Task ChangeOutsideAsync(string password);

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        GC.SuppressFinalize(this);
    }

    protected virtual ValueTask CloseAsync() => ValueTask.CompletedTask;
}

/// <summary>A target in memory.</summary>
public sealed class TargetInMemory : Target, IRotationConnector
{
    private const string InTheBeginning = "first-pa55word-of-the-target";
    private string password = InTheBeginning;

    public override string First => InTheBeginning;

    public override IRotationConnector Connector => this;

    public override string UserName => "ads@bergmann.example";

    public override RotationPlan Plan { get; } = RotationPlan.Usual with { Connector = ConnectorKind.PostgreSql, Host = "db.example", Database = "shop" };

    public ConnectorKind Kind => ConnectorKind.PostgreSql;

    public override Task<bool> LogsInAsync(string password) => Task.FromResult(password == this.password);

    public override Task ChangeOutsideAsync(string password)
    {
        this.password = password;
        return Task.CompletedTask;
    }

    public Task<TargetReply> SetAsync(RotationTarget target, ReadOnlyMemory<byte> current, ReadOnlyMemory<byte> next, string idempotencyKey, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (!Is(current))
            return Task.FromResult(new TargetReply(TargetAnswer.No, "The target refused the login."));
        password = Encoding.UTF8.GetString(next.Span);
        return Task.FromResult(TargetReply.Yes);
    }

    public Task<TargetReply> LogInAsync(RotationTarget target, ReadOnlyMemory<byte> secret, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        return Task.FromResult(Is(secret) ? TargetReply.Yes : new TargetReply(TargetAnswer.No, "The target refused the login."));
    }

    private bool Is(ReadOnlyMemory<byte> secret) => CryptographicOperations.FixedTimeEquals(secret.Span, Encoding.UTF8.GetBytes(password));
}

/// <summary>An account on a real server, reached by the product's own connector.</summary>
public sealed class TargetOnServer(TargetAccount account) : Target, IRotationConnector
{
    private readonly IRotationConnector connector = Room.Connector(account.Plan.Connector);
    private string inForce = account.Password;

    public override string First => account.Password;

    public override IRotationConnector Connector => this;

    public override string UserName => account.UserName;

    public override RotationPlan Plan => account.Plan;

    public override byte[] Key => [.. account.Key];

    public ConnectorKind Kind => connector.Kind;

    public override Task<bool> LogsInAsync(string password) => account.LogsInAsync(password);

    public override async Task ChangeOutsideAsync(string password)
    {
        var said = await SetAsync(account.Target, Encoding.UTF8.GetBytes(inForce), Encoding.UTF8.GetBytes(password), TargetAccount.Fresh("outside-"), CancellationToken.None);
        Xunit.Assert.Equal(TargetAnswer.Yes, said.Answer);
    }

    public async Task<TargetReply> SetAsync(RotationTarget target, ReadOnlyMemory<byte> current, ReadOnlyMemory<byte> next, string idempotencyKey, CancellationToken cancellation)
    {
        var said = await connector.SetAsync(target, current, next, idempotencyKey, cancellation);
        if (said.Answer == TargetAnswer.Yes)
            inForce = Encoding.UTF8.GetString(next.Span);
        return said;
    }

    public Task<TargetReply> LogInAsync(RotationTarget target, ReadOnlyMemory<byte> secret, CancellationToken cancellation) => connector.LogInAsync(target, secret, cancellation);

    protected override ValueTask CloseAsync() => account.DisposeAsync();
}

/// <summary>Where a process dies.</summary>
public enum DiesAt
{
    Nowhere,
    BeforeTheFirstStep,
    OnceStored,
    OnceSetAtTheTarget,
    OnceSet,
    OnceLoggedIn,
    OncePutInForce,
}

/// <summary>What goes wrong between the product and its target. Killing the process is a cancellation that nobody survives.</summary>
public sealed class Trouble(IRotationConnector inner) : IRotationConnector
{
    private CancellationTokenSource? process;
    private DiesAt dies;

    public ConnectorKind Kind => inner.Kind;

    /// <summary>The target can't be reached.</summary>
    public bool IsDown { get; set; }

    /// <summary>The target does what it is told, and its answer is lost.</summary>
    public bool LosesAnswers { get; set; }

    /// <summary>The target says yes and does nothing.</summary>
    public bool Lies { get; set; }

    /// <summary>The target takes the order and is in no hurry.</summary>
    public bool TakesItsTime { get; set; }

    /// <summary>The target never answers.</summary>
    public bool Hangs { get; set; }

    /// <summary>The orders to set something, by their idempotency keys.</summary>
    public List<string> Orders { get; } = [];

    public int LogIns { get; private set; }

    public void Die(DiesAt where, CancellationTokenSource whole) => (dies, process) = (where, whole);

    public void Heal() => (dies, process, IsDown, LosesAnswers, Lies, TakesItsTime, Hangs) = (DiesAt.Nowhere, null, false, false, false, false, false);

    public async Task<TargetReply> SetAsync(RotationTarget target, ReadOnlyMemory<byte> current, ReadOnlyMemory<byte> next, string idempotencyKey, CancellationToken cancellation)
    {
        DieIf(DiesAt.OnceStored);
        Orders.Add(idempotencyKey);
        await HangAsync(cancellation);
        if (IsDown)
            return new TargetReply(TargetAnswer.Unknown, "The target can't be reached.");
        if (Lies)
            return TargetReply.Yes;
        if (TakesItsTime)
            return new TargetReply(TargetAnswer.Later, "The receiver took the order and will report back.");
        var said = await inner.SetAsync(target, current, next, idempotencyKey, cancellation);
        DieIf(DiesAt.OnceSetAtTheTarget);
        return LosesAnswers ? new TargetReply(TargetAnswer.Unknown, "The answer was lost.") : said;
    }

    public async Task<TargetReply> LogInAsync(RotationTarget target, ReadOnlyMemory<byte> secret, CancellationToken cancellation)
    {
        DieIf(DiesAt.OnceSet);
        LogIns++;
        await HangAsync(cancellation);
        if (IsDown)
            return new TargetReply(TargetAnswer.Unknown, "The target can't be reached.");
        var said = await inner.LogInAsync(target, secret, cancellation);
        DieIf(DiesAt.OnceLoggedIn);
        return said;
    }

    internal void DieIf(DiesAt where)
    {
        if (dies != where)
            return;
        process!.Cancel();
        process.Token.ThrowIfCancellationRequested();
    }

    private Task HangAsync(CancellationToken cancellation) => Hangs ? Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellation) : Task.CompletedTask;
}

/// <summary>The product's own handler, in a process that may die before or after it.</summary>
public sealed class Mortal(IJobHandler inner, Trouble trouble) : IJobHandler
{
    public string Kind => inner.Kind;

    public async Task<JobOutcome> RunAsync(JobRun run, CancellationToken cancellation)
    {
        trouble.DieIf(DiesAt.BeforeTheFirstStep);
        var outcome = await inner.RunAsync(run, cancellation);
        trouble.DieIf(DiesAt.OncePutInForce);
        return outcome;
    }
}
