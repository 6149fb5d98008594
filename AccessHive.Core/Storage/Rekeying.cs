using AccessHive.Core.Audit;
using AccessHive.Core.Kernel;
using AccessHive.Core.Vault;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace AccessHive.Core.Storage;

/// <summary>What the new key is to be.</summary>
/// <param name="ToPassphrase">Made from a passphrase, a key file, or – null – as the one before.</param>
/// <param name="Passphrase">Says the new passphrase.</param>
public sealed record RekeyWish(bool? ToPassphrase, IPassphrase Passphrase);

/// <summary>What came of it.</summary>
/// <param name="Secrets">Secrets the new key opens.</param>
/// <param name="Left">Secrets left as they were, because the old key did not open them either.</param>
/// <param name="Resumed">Whether it had been begun before.</param>
public sealed record Rekeyed(long Secrets, long Left, bool Resumed);

/// <summary>
/// Gives a house a new key-encryption key. Ends it in the middle – at whatever instant – and both keys are on the disk, the
/// database says that it is half rekeyed, and running it again goes on: new key beside the old → the house's own rows →
/// the secrets, batch by batch → the new key file over the old → the entry in the trail. The caller holds the house.
/// </summary>
public static class Rekeying
{
    /// <summary>Begins, or goes on where it stopped.</summary>
    /// <param name="paths">The house.</param>
    /// <param name="passphrase">Says the passphrase of the key so far.</param>
    /// <param name="wish">What the new key is to be.</param>
    /// <param name="progress">Told after each batch.</param>
    /// <param name="cancellation">Stops between two batches; run it again to go on.</param>
    /// <exception cref="CannotStartException">It can't be begun or resumed with these keys.</exception>
    public static async Task<Rekeyed> RunAsync(HousePaths paths, IPassphrase passphrase, RekeyWish wish, Action<RewrapProgress> progress, CancellationToken cancellation = default)
    {
        try
        {
            var before = await BeforeAsync(paths, cancellation);
            if (before is not null && !File.Exists(paths.NextKeyFile))
            {
                using var renewed = KeyFiles.OpenBegun(paths.KeyFile, wish);
                return await FinishAsync(paths, renewed, resumed: true, cancellation);
            }

            using var current = OpenHouse.TakeKey(paths, passphrase);
            await using var services = Services(paths, current);
            using var next = before is null ? await BeginAsync(paths, services, current, wish, cancellation) : await ResumeAsync(paths, services, current, before, wish, cancellation);
            await new Rewrapping(Contexts(services), current, next).SecretsAsync(progress, cancellation);
            File.Move(paths.NextKeyFile, paths.KeyFile, overwrite: true);
            return await FinishAsync(paths, next, before is not null, CancellationToken.None);
        }
        catch (Exception fault) when (OpenHouse.BecauseOf(fault) is { } broken)
        {
            throw OpenHouse.CannotOpen(broken);
        }
        finally
        {
            HiveStorage.LetGoOf(paths.Database);
        }
    }

    private static async Task<FileKeyWrapper> BeginAsync(HousePaths paths, ServiceProvider services, FileKeyWrapper current, RekeyWish wish, CancellationToken cancellation)
    {
        await OpenHouse.PrepareAsync(Contexts(services), services.GetRequiredService<HouseSeal>(), current, services.GetRequiredService<HiveClock>(), cancellation);
        // The canary has just said that the key file is the key: one that lies beside it from a start that came to nothing opens nothing.
        File.Delete(paths.NextKeyFile);
        var next = wish.ToPassphrase ?? current.IsFromPassphrase ? KeyFiles.MakeFromPassphrase(paths.NextKeyFile, wish.Passphrase) : KeyFiles.Make(paths.NextKeyFile, null);
        try
        {
            await new Rewrapping(Contexts(services), current, next).BeginAsync(cancellation);
            return next;
        }
        catch (CannotStartException)
        {
            next.Dispose();
            File.Delete(paths.NextKeyFile);
            throw;
        }
    }

    private static async Task<FileKeyWrapper> ResumeAsync(HousePaths paths, ServiceProvider services, FileKeyWrapper current, HouseKey before, RekeyWish wish, CancellationToken cancellation)
    {
        if (!OpenHouse.Opens(services.GetRequiredService<HouseSeal>(), before))
            throw new CannotStartException(OpenHouse.NotThisKey(current));
        var next = KeyFiles.OpenBegun(paths.NextKeyFile, wish);
        await using var db = await Contexts(services).CreateDbContextAsync(cancellation);
        await CheckIsNextAsync(db, paths, next, cancellation);
        await OpenHouse.BringUpToDateAsync(db, () => Task.CompletedTask, cancellation);
        return next;
    }

    private static async Task<Rekeyed> FinishAsync(HousePaths paths, FileKeyWrapper key, bool resumed, CancellationToken cancellation)
    {
        await using var services = Services(paths, key);
        await using var db = await Contexts(services).CreateDbContextAsync(cancellation);
        await OpenHouse.BringUpToDateAsync(db, () => CheckIsNextAsync(db, paths, key, cancellation), cancellation);
        var secrets = await db.Secrets.LongCountAsync(s => s.WrappedBy == key.KeyId, cancellation);
        var left = await db.Secrets.LongCountAsync(cancellation) - secrets;
        (await services.GetRequiredService<Work>().RunAsAsync<Done>(Actor.Console, async turn =>
        {
            await turn.Db.HouseKeys.Where(k => k.Name == HouseKey.Before).ExecuteDeleteAsync(turn.Cancellation);
            turn.Db.Note(new HouseRekeyed(await turn.NotBeforeTheTrailAsync(), secrets, left, key.IsFromPassphrase));
            return Done.Yes;
        }, cancellation)).Require();
        // Pages with keys as they were wrapped before must not stay behind in the log.
        await db.Database.ExecuteSqlAsync($"PRAGMA wal_checkpoint(TRUNCATE)", cancellation);
        return new Rekeyed(secrets, left, resumed);
    }

    private static async Task CheckIsNextAsync(HiveContext db, HousePaths paths, FileKeyWrapper key, CancellationToken cancellation)
    {
        if (OpenHouse.Opens(new HouseSeal(key), await db.HouseKeys.AsNoTracking().SingleAsync(k => k.Name == HouseKey.Canary, cancellation)))
            return;
        throw new CannotStartException(key.IsFromPassphrase
            ? "The new passphrase is not the one that changing the key was begun with: give that one, and change again afterwards."
            : $"Changing the key was begun, and the new key is not the one it was begun with: put back {paths.NextKeyFile}, or restore a backup from before.");
    }

    private static async Task<HouseKey?> BeforeAsync(HousePaths paths, CancellationToken cancellation)
    {
        await using var services = Services(paths, new NoKey());
        await using var db = await Contexts(services).CreateDbContextAsync(cancellation);
        return await HasHouseKeysAsync(db, cancellation)
            ? await db.HouseKeys.AsNoTracking().SingleOrDefaultAsync(k => k.Name == HouseKey.Before, cancellation)
            : null;
    }

    // A file that is no house gets its sentence from the one who opens houses.
    private static async Task<bool> HasHouseKeysAsync(HiveContext db, CancellationToken cancellation)
        => await db.Database.SqlQuery<int>($"SELECT COUNT(*) AS \"Value\" FROM sqlite_master WHERE type = 'table' AND name = 'HouseKeys'").SingleAsync(cancellation) > 0;

    private static IDbContextFactory<HiveContext> Contexts(ServiceProvider services) => services.GetRequiredService<IDbContextFactory<HiveContext>>();

    private static ServiceProvider Services(HousePaths paths, IKeyWrapper key) => new ServiceCollection().AddLogging().AddAccessHive(paths, key).BuildServiceProvider();
}
