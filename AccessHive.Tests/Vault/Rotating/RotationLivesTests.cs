using System.Text;
using AccessHive.Core.Jobs.UseCases;
using AccessHive.Core.Kernel;
using AccessHive.Core.Vault;
using AccessHive.Core.Vault.UseCases;
using CsCheck;
using NodaTime;
using Xunit;

namespace AccessHive.Tests.Vault.Rotating;

/// <summary>
/// Random lives of one credential: targets that are down, lie or lose answers, processes that die, people who meddle. After
/// each step some stored version logs in and the trail agrees; in the end, with the target in order, everything comes right.
/// </summary>
public sealed class RotationLivesTests
{
    private static readonly Gen<Step> Steps = Gen.Frequency(
        (4, Gen.Const(Step.See)), (5, Gen.Const(Step.Work)), (4, Gen.Const(Step.Wait)), (1, Gen.Const(Step.Restart)),
        (2, Gen.Const(Step.GoDown)), (2, Gen.Const(Step.LoseAnswers)), (2, Gen.Const(Step.Lie)), (3, Gen.Const(Step.Heal)),
        (1, Gen.Const(Step.DieStored)), (1, Gen.Const(Step.DieSet)), (1, Gen.Const(Step.DieLoggedIn)),
        (2, Gen.Const(Step.Ask)), (2, Gen.Const(Step.Retry)), (1, Gen.Const(Step.Cancel)), (1, Gen.Const(Step.EnterWrong)), (1, Gen.Const(Step.Reject)), (1, Gen.Const(Step.Mistype)));

    private enum Step
    {
        See,
        Work,
        Wait,
        Restart,
        GoDown,
        LoseAnswers,
        Lie,
        Heal,
        DieStored,
        DieSet,
        DieLoggedIn,
        Ask,
        Retry,
        Cancel,
        EnterWrong,
        Reject,
        Mistype,
    }

    [Fact]
    public Task Whatever_happens_a_stored_version_works_and_in_the_end_it_comes_right()
        => Steps.List[5, 25].SampleAsync(LiveAsync, writeLine: Console.WriteLine, iter: 25, threads: 1, print: steps => string.Join(", ", steps));

    private static async Task LiveAsync(List<Step> steps)
    {
        await using var world = await RotationWorld.OpenAsync(new TargetInMemory());
        var typed = 0;
        foreach (var step in steps)
        {
            // More wrong passwords than a target may be asked about are a person's business.
            if (step is Step.EnterWrong or Step.Mistype && ++typed > 4)
                continue;
            await DoAsync(world, step, typed);
            await world.HoldsAsync();
        }

        world.Trouble.Heal();
        world.Agency.Time.Advance(Duration.FromHours(2));
        await world.SeenAsync();
        await world.WorkItOutAsync();
        for (var i = 0; i < 3 && await IsStuckAsync(world); i++)
        {
            var rotation = await world.RotationAsync();
            if (rotation.WaitsForConfirmation)
            {
                (await world.Agency.Get<KeepRotations>().ShowPendingAsync(world.Agency.Adam, rotation.Id)).Require();
                (await world.Agency.Get<KeepRotations>().RejectAsync(world.Agency.Adam, rotation.Id, "no")).Require();
                rotation = await world.RotationAsync();
            }

            (await world.Agency.Get<KeepRotations>().RetryAsync(world.Agency.Olivia, rotation.Id)).Require();
            await world.WorkItOutAsync();
        }

        await world.HoldsAsync();
        var credential = await world.ReadAsync();
        Assert.Equal(RotationState.Done, (await world.RotationAsync()).State);
        Assert.Equal(credential.CurrentVersion, credential.VerifiedVersion);
        Assert.True(await world.Target.LogsInAsync(await world.StoredAsync(credential.CurrentVersion)));
        Assert.Null(credential.ExposedSince);
    }

    private static async Task DoAsync(RotationWorld world, Step step, int typed)
    {
        var keep = world.Agency.Get<KeepRotations>();
        switch (step)
        {
            case Step.See:
                world.Agency.Time.Advance(Duration.FromHours(2));
                await world.SeenAsync();
                break;
            case Step.Work:
                await world.WorkAsync();
                break;
            case Step.Wait:
                world.Agency.Time.Advance(Duration.FromMinutes(5));
                await world.WorkAsync();
                break;
            case Step.Restart:
                await world.Agency.RestartAsync();
                break;
            case Step.GoDown:
                world.Trouble.IsDown = true;
                break;
            case Step.LoseAnswers:
                world.Trouble.LosesAnswers = true;
                break;
            case Step.Lie:
                world.Trouble.Lies = true;
                break;
            case Step.Heal:
                world.Trouble.Heal();
                break;
            case Step.DieStored or Step.DieSet or Step.DieLoggedIn:
                await DieAsync(world, step switch { Step.DieStored => DiesAt.OnceStored, Step.DieSet => DiesAt.OnceSetAtTheTarget, _ => DiesAt.OnceLoggedIn });
                break;
            case Step.Ask:
                await keep.StartAsync(world.Agency.Ian, world.Credential);
                break;
            case Step.Retry:
                await OnOpenAsync(world, id => keep.RetryAsync(world.Agency.Ian, id));
                break;
            case Step.Cancel:
                await OnOpenAsync(world, id => keep.CancelAsync(world.Agency.Ian, id));
                break;
            case Step.EnterWrong:
                await OnOpenAsync(world, id => keep.EnterAsync(world.Agency.Ian, id, Encoding.UTF8.GetBytes($"never-set-there-{typed}")));
                break;
            case Step.Reject:
                await OnOpenAsync(world, async id =>
                {
                    await keep.ShowPendingAsync(world.Agency.Olivia, id);
                    return await keep.RejectAsync(world.Agency.Olivia, id, "It does not work.");
                });
                break;
            case Step.Mistype:
                await world.Agency.Get<KeepIdentities>().ChangeSecretAsync(world.Agency.Ian, world.Credential, Encoding.UTF8.GetBytes($"mistyped-{typed}"));
                break;
        }
    }

    // Nothing may be due at that moment, or it may go another way: then the process does not die there, and just ends.
    private static async Task DieAsync(RotationWorld world, DiesAt where)
    {
        using var process = new CancellationTokenSource();
        world.Trouble.Die(where, process);
        try
        {
            await world.Agency.Get<JobRunner>().RunDueAsync(process.Token);
        }
        catch (OperationCanceledException)
        {
            // It died.
        }

        world.Trouble.Heal();
        await world.Agency.RestartAsync();
    }

    private static async Task OnOpenAsync(RotationWorld world, Func<RotationId, Task<Result<Done>>> act)
    {
        if ((await world.Agency.Get<RotationQueries>().OpenAsync(world.Agency.Ian)).SingleOrDefault() is { } open)
            await act(open.Id);
    }

    private static async Task<bool> IsStuckAsync(RotationWorld world)
        => await world.RotationAsync() is { State: RotationState.NeedsPerson } or { WaitsForConfirmation: true };
}
