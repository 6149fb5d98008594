using System.Text;
using AccessHive.Core.Connectors;
using AccessHive.Core.Vault;
using AccessHive.Tests.World.Servers;
using Xunit;

namespace AccessHive.Tests.Connectors;

/// <summary>What every connector promises, against a real server.</summary>
public abstract class ConnectorConformance
{
    private static readonly TimeSpan Promptly = TimeSpan.FromSeconds(5);

    /// <summary>Every symbol a password may be made of, in the longest password.</summary>
    private static readonly PasswordShape longest = new(PasswordShape.Longest, "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~");

    protected abstract IRotationConnector Connector { get; }

    protected abstract Task<TargetAccount> NewAccountAsync();

    /// <summary>The target as a plan has it that somebody else answers to.</summary>
    protected abstract RotationTarget Impostor(TargetAccount account);

    [Fact]
    public async Task A_password_that_was_set_logs_in_and_the_one_before_does_not()
    {
        await using var account = await NewAccountAsync();
        var next = TargetAccount.NewPassword();

        await SetAsync(TargetAnswer.Yes, account, account.Target, account.Password, next);

        Assert.True(await account.LogsInAsync(next));
        Assert.False(await account.LogsInAsync(account.Password));
        await LogInAsync(TargetAnswer.Yes, account, account.Target, next);
        await LogInAsync(TargetAnswer.No, account, account.Target, account.Password);
    }

    [Fact]
    public async Task With_a_wrong_password_the_answer_is_no_and_nothing_is_changed()
    {
        await using var account = await NewAccountAsync();

        await SetAsync(TargetAnswer.No, account, account.Target, "not-" + account.Password, TargetAccount.NewPassword());

        Assert.True(await account.LogsInAsync(account.Password));
    }

    [Fact]
    public async Task The_longest_password_with_every_symbol_logs_in()
    {
        await using var account = await NewAccountAsync();
        var (one, another) = (EverySymbol(), EverySymbol());

        await SetAsync(TargetAnswer.Yes, account, account.Target, account.Password, one);
        await SetAsync(TargetAnswer.Yes, account, account.Target, one, another);

        Assert.True(await account.LogsInAsync(another));
        await LogInAsync(TargetAnswer.Yes, account, account.Target, another);
        await LogInAsync(TargetAnswer.No, account, account.Target, one);
    }

    [Fact]
    public async Task No_password_is_in_the_servers_log()
    {
        await using var account = await NewAccountAsync();
        var (next, refused) = (TargetAccount.NewPassword(), TargetAccount.NewPassword());
        await SetAsync(TargetAnswer.Yes, account, account.Target, account.Password, next);
        await SetAsync(TargetAnswer.No, account, account.Target, account.Password, refused);
        await LogInAsync(TargetAnswer.Yes, account, account.Target, next);

        var log = await account.ReadLogAsync();

        Assert.True(log.Contains(account.UserName, StringComparison.Ordinal), "The log says nothing about this account.");
        foreach (var secret in new[] { account.Password, next, refused })
        {
            Assert.False(log.Contains(secret, StringComparison.Ordinal), "A password is in the log.");
            Assert.False(log.Contains(Convert.ToBase64String(Encoding.UTF8.GetBytes(secret)), StringComparison.Ordinal), "A password is in the log in Base64.");
        }
    }

    [Fact]
    public async Task A_target_that_is_down_is_unknown()
    {
        await using var account = await NewAccountAsync();
        var nobody = account.Behind(Machine.FreePort());

        await SetAsync(TargetAnswer.Unknown, account, nobody, account.Password, TargetAccount.NewPassword());
        await LogInAsync(TargetAnswer.Unknown, account, nobody, account.Password);
    }

    [Fact]
    public async Task A_target_that_hangs_up_is_unknown()
    {
        await using var account = await NewAccountAsync();
        await using var line = Line.Dead();

        await SetAsync(TargetAnswer.Unknown, account, account.Behind(line.Port), account.Password, TargetAccount.NewPassword());
        await LogInAsync(TargetAnswer.Unknown, account, account.Behind(line.Port), account.Password);

        Assert.True(await account.LogsInAsync(account.Password));
    }

    [Fact]
    public async Task An_answer_that_is_lost_after_the_change_is_unknown_and_the_new_password_is_in_force()
    {
        await using var account = await NewAccountAsync();
        var (before, next) = (await account.KeptAsync(), TargetAccount.NewPassword());
        await using var line = Line.CutOnce(account.Port, async () => await account.KeptAsync() != before);

        await SetAsync(TargetAnswer.Unknown, account, account.Behind(line.Port), account.Password, next);

        Assert.True(await account.LogsInAsync(next));
        await LogInAsync(TargetAnswer.Yes, account, account.Target, next);
    }

    [Fact]
    public async Task The_same_order_again_is_yes_and_changes_nothing()
    {
        await using var account = await NewAccountAsync();
        var next = TargetAccount.NewPassword();
        await SetAsync(TargetAnswer.Yes, account, account.Target, account.Password, next, "one-order");
        var kept = await account.KeptAsync();

        await SetAsync(TargetAnswer.Yes, account, account.Target, account.Password, next, "one-order");

        Assert.Equal(kept, await account.KeptAsync());
    }

    [Fact]
    public async Task Somebody_else_who_answers_gets_no_password()
    {
        await using var account = await NewAccountAsync();
        var before = await account.KeptAsync();

        await SetAsync(TargetAnswer.Unknown, account, Impostor(account), account.Password, TargetAccount.NewPassword());
        await LogInAsync(TargetAnswer.Unknown, account, Impostor(account), account.Password);

        Assert.Equal(before, await account.KeptAsync());
    }

    [Fact]
    public async Task A_caller_who_cancels_is_not_kept_waiting()
    {
        await using var account = await NewAccountAsync();
        await NotKeptWaitingAsync((line, end) => Connector.SetAsync(account.Behind(line), Bytes(account.Password), Bytes(TargetAccount.NewPassword()), "key", end));
        await NotKeptWaitingAsync((line, end) => Connector.LogInAsync(account.Behind(line), Bytes(account.Password), end));
    }

    protected async Task SetAsync(TargetAnswer expected, TargetAccount account, RotationTarget target, string current, string next, string? key = null)
        => Is(expected, await Connector.SetAsync(target, Bytes(current), Bytes(next), key ?? TargetAccount.Fresh("order-"), CancellationToken.None), account, current, next);

    protected async Task LogInAsync(TargetAnswer expected, TargetAccount account, RotationTarget target, string secret)
        => Is(expected, await Connector.LogInAsync(target, Bytes(secret), CancellationToken.None), account, secret);

    protected static ReadOnlyMemory<byte> Bytes(string text) => Encoding.UTF8.GetBytes(text);

    // Words for a person whenever it is not yes; and never what is nobody's business.
    private static void Is(TargetAnswer expected, TargetReply reply, TargetAccount account, params string[] secrets)
    {
        Assert.True(expected == reply.Answer, $"{reply.Answer}, not {expected}: {reply.Problem}");
        Assert.Equal(expected == TargetAnswer.Yes, reply.Problem.Length == 0);
        Assert.DoesNotContain([.. secrets.Where(s => s.Length > 0), account.UserName, account.Host], s => reply.Problem.Contains(s, StringComparison.OrdinalIgnoreCase));
    }

    private static async Task NotKeptWaitingAsync(Func<int, CancellationToken, Task<TargetReply>> ask)
    {
        await using var line = Line.Silent();
        using var end = new CancellationTokenSource();
        var asking = ask(line.Port, end.Token);
        await line.Reached.WaitAsync(Promptly);

        await end.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking.WaitAsync(Promptly));
    }

    private static string EverySymbol()
    {
        // Which of them it has is drawn; here it has all.
        var start = TargetAccount.NewPassword(longest with { Length = PasswordShape.Longest - longest.Symbols.Length });
        return start + longest.Symbols;
    }
}
