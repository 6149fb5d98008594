using System.Globalization;
using System.Security.Cryptography;
using AccessHive.Core.Connectors;
using AccessHive.Core.Jobs;
using AccessHive.Core.Kernel;
using AccessHive.Core.Storage;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace AccessHive.Core.Vault.UseCases;

/// <summary>
/// One try of a rotation with a connector: store, set, log in, put in force – each in a transaction of its own. A try that
/// finds a stored version begins by asking which version logs in, because nobody knows how far the one before it came
/// (security.md, "Rotation").
/// </summary>
public sealed class RunRotation(Work work, IDbContextFactory<HiveContext> contexts, Keyring keyring, IEnumerable<IRotationConnector> connectors) : IJobHandler
{
    /// <summary>The kind of its jobs; what they are about is the rotation's id.</summary>
    public const string JobKind = "rotation";

    // Besides the pending and the current version: the one that was verified last, and the newest of the others. Not all of
    // them: a target may lock an account after many wrong logins.
    private const int MostOthers = 5;

    private readonly Dictionary<ConnectorKind, IRotationConnector> connectors = connectors.GroupBy(c => c.Kind).ToDictionary(g => g.Key, g => g.Last());

    /// <inheritdoc/>
    public string Kind => JobKind;

    /// <summary>A job for a rotation; one runs at a time on an identity.</summary>
    public static Job JobFor(Rotation rotation, Instant now) => Job.Queue(JobKind, rotation.Id.ToString(), rotation.IdentityId.ToString(), now);

    /// <inheritdoc/>
    public async Task<JobOutcome> RunAsync(JobRun run, CancellationToken cancellation)
    {
        var id = new RotationId(Guid.Parse(run.About, CultureInfo.InvariantCulture));
        var begun = await work.RunAsAsync<Course>(Actor.System, turn => BeginAsync(turn, id), cancellation);
        if (begun.IsRefused || begun.Value == Course.None)
            return JobOutcome.Done; // it is over, or waits, or a person has it
        var course = begun.Value;
        using var secrets = await OpenAsync(course, cancellation);
        var target = new RotationTarget(course.Credential, course.UserName, course.Plan, secrets.Key);
        try
        {
            return await GoAsync(new Try(run, id, course, connectors[course.Plan.Connector], target, secrets, cancellation));
        }
        catch (NotMineException)
        {
            return JobOutcome.Done;
        }
    }

    private async Task<JobOutcome> GoAsync(Try t)
    {
        var current = t.Course.Current;
        if (!t.Course.IsFresh)
        {
            var (outcome, works) = await RecoverAsync(t);
            if (outcome is not null)
                return outcome;
            current = works;
        }

        var said = await t.Connector.SetAsync(t.Target, t.Secrets[current], t.Secrets[t.Course.Pending], Order(t, current), t.Cancellation);
        if (said.Answer != TargetAnswer.Yes)
            return await FailAsync(t, Words(said));
        await ChangeAsync(t, (rotation, credential, now) => rotation.MarkSet(credential, now));
        return await LogInAsync(t, t.Course.Pending) switch
        {
            { Answer: TargetAnswer.Yes } => await VerifyAsync(t),
            { Answer: TargetAnswer.No } => await FailAsync(t, "The target said that the new password is set, but it does not log in."),
            var other => await FailAsync(t, Words(other)),
        };
    }

    // The same for every try from one version to another; with another version to begin from it is another order.
    private static string Order(Try t, int current) => string.Create(CultureInfo.InvariantCulture, $"{t.Rotation}.{current}.{t.Course.Pending}");

    // What logs in decides. Either the try is over, or the version to go on from is known.
    private async Task<(JobOutcome? Outcome, int Works)> RecoverAsync(Try t)
    {
        foreach (var version in new[] { t.Course.Pending, t.Course.Current }.Concat(t.Course.Others))
        {
            var said = await LogInAsync(t, version);
            if (said.Answer == TargetAnswer.No)
                continue;
            if (said.Answer != TargetAnswer.Yes)
                return (await FailAsync(t, Words(said)), 0);
            if (version == t.Course.Pending)
                return (await VerifyAsync(t), 0);
            if (version != t.Course.Current)
                await ChangeAsync(t, (rotation, credential, now) => rotation.FallBack(credential, version, now));
            return (null, version);
        }

        const string none = "None of the stored passwords logs in: somebody has changed it at the target.";
        await ChangeAsync(t, (rotation, credential, now) => rotation.NeedPerson(credential, none, now));
        return (JobOutcome.GiveUp(none), 0);
    }

    private static Task<TargetReply> LogInAsync(Try t, int version) => t.Connector.LogInAsync(t.Target, t.Secrets[version], t.Cancellation);

    private async Task<JobOutcome> VerifyAsync(Try t)
    {
        await ChangeAsync(t, (rotation, credential, now) => rotation.Verify(credential, now));
        return JobOutcome.Done;
    }

    private async Task<JobOutcome> FailAsync(Try t, string problem)
    {
        await ChangeAsync(t, (rotation, credential, now) =>
        {
            rotation.Fail(credential, t.Run.Try, problem, now);
            if (t.Run.IsLast)
                rotation.NeedPerson(credential, problem, now);
        });
        return t.Run.IsLast ? JobOutcome.GiveUp(problem) : JobOutcome.Again(problem);
    }

    private async Task ChangeAsync(Try t, Action<Rotation, Credential, Instant> change)
    {
        var changed = await work.RunAsAsync<Done>(Actor.System, async turn =>
        {
            var rotation = await turn.Db.Rotations.SingleAsync(r => r.Id == t.Rotation, turn.Cancellation);
            // A try that was given up for its slowness must not meddle with the next one, or with a person's work.
            var isMine = rotation is { IsUnderWay: true } && rotation.PendingVersion == t.Course.Pending
                && await turn.Db.Jobs.AnyAsync(j => j.Id == t.Run.Id && j.State == JobState.Running && j.Tries == t.Run.Try, turn.Cancellation);
            if (!isMine)
                return RotationRefusals.RotationUnderWay;
            change(rotation, await turn.Db.Credentials.SingleAsync(c => c.Id == t.Course.Credential, turn.Cancellation), turn.Now);
            if (rotation.State == RotationState.Done)
                await Casebook.CloseAsync(turn, t.Course.Credential);
            return Done.Yes;
        }, t.Cancellation);
        if (changed.IsRefused)
            throw new NotMineException();
    }

    private static string Words(TargetReply said) => said.Problem.Length > 0 ? said.Problem : said.Answer switch
    {
        TargetAnswer.No => "The target refused.",
        TargetAnswer.Later => "The target took the order and will report back.",
        _ => "The target could not be asked.",
    };

    private async Task<Result<Course>> BeginAsync(Turn turn, RotationId id)
    {
        var rotation = await turn.Db.Rotations.SingleAsync(r => r.Id == id, turn.Cancellation);
        var credential = await turn.Db.Credentials.SingleAsync(c => c.Id == rotation.CredentialId, turn.Cancellation);
        if (!rotation.IsUnderWay || credential.ArchivedAt is not null || !credential.Plan.IsAutomatic)
            return RotationRefusals.RotationUnderWay;
        var isFresh = rotation.State == RotationState.Ready;
        if (isFresh && !rotation.Insists && await IsHeldAsync(turn, credential.Id))
        {
            rotation.Wait(credential, turn.Now);
            return Course.None;
        }

        if (!connectors.ContainsKey(credential.Plan.Connector))
        {
            rotation.NeedPerson(credential, "This version of AccessHive has no such connector.", turn.Now);
            return Course.None;
        }

        if (isFresh)
            Store(turn, rotation, credential);
        else if (rotation.Target.Differs(TargetPrint.Of(credential)) is { Length: > 0 } changed)
        {
            rotation.NeedPerson(credential, $"After the new password was stored, {changed} changed. Check where it has to be set, then try again.", turn.Now);
            return Course.None;
        }

        return await CourseAsync(turn, rotation, credential, isFresh);
    }

    private void Store(Turn turn, Rotation rotation, Credential credential)
    {
        var made = NewPassword.Make(credential.Plan.Shape);
        try
        {
            rotation.Store(credential, keyring.Seal(credential.IdentityId, credential.Id, FieldKind.Secret, credential.NextVersion, made, null, turn.Now), turn.Now);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(made);
        }
    }

    internal static Task<bool> IsHeldAsync(Turn turn, CredentialId credential)
        => turn.Db.Sessions.AnyAsync(s => s.CredentialId == credential && s.EndedAt == null && s.EndsAt > turn.Now, turn.Cancellation);

    private static async Task<Course> CourseAsync(Turn turn, Rotation rotation, Credential credential, bool isFresh)
    {
        var pending = rotation.PendingVersion!.Value;
        var others = await turn.Db.Secrets
            .Where(s => s.CredentialId == credential.Id && s.Field == FieldKind.Secret && s.Version != pending && s.Version != credential.CurrentVersion)
            .OrderByDescending(s => s.Version == credential.VerifiedVersion).ThenByDescending(s => s.Version)
            .Select(s => s.Version).Take(MostOthers).ToListAsync(turn.Cancellation);
        var key = await turn.Db.CredentialFields.Where(f => f.CredentialId == credential.Id && f.Kind == FieldKind.ConnectorKey).Select(f => f.CurrentVersion).SingleOrDefaultAsync(turn.Cancellation);
        return new Course(credential.Id, credential.UserName, credential.Plan, pending, credential.CurrentVersion, others, key, isFresh);
    }

    private async Task<OpenSecrets> OpenAsync(Course course, CancellationToken cancellation)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var sealedSecrets = await db.Secrets.AsNoTracking().Where(s => s.CredentialId == course.Credential && (s.Field == FieldKind.Secret || s.Field == FieldKind.ConnectorKey)).ToListAsync(cancellation);
        var open = new OpenSecrets();
        try
        {
            foreach (var version in new[] { course.Pending, course.Current }.Concat(course.Others))
                open.Add(version, keyring.Open(sealedSecrets.Single(s => s.Field == FieldKind.Secret && s.Version == version)));
            if (course.KeyVersion > 0)
                open.Key = keyring.Open(sealedSecrets.Single(s => s.Field == FieldKind.ConnectorKey && s.Version == course.KeyVersion));
            return open;
        }
        catch
        {
            open.Dispose();
            throw;
        }
    }

    // The credential was archived meanwhile, or this try was too slow and another has begun.
    private sealed class NotMineException : Exception;

    private sealed record Course(CredentialId Credential, string UserName, RotationPlan Plan, int Pending, int Current, IReadOnlyList<int> Others, int KeyVersion, bool IsFresh)
    {
        public static Course None { get; } = new(default, "", RotationPlan.Usual, 0, 0, [], 0, false);
    }

    private sealed record Try(JobRun Run, RotationId Rotation, Course Course, IRotationConnector Connector, RotationTarget Target, OpenSecrets Secrets, CancellationToken Cancellation);
}

/// <summary>Plain versions of one credential while a target is asked. Disposing zeroes them.</summary>
internal sealed class OpenSecrets : IDisposable
{
    private readonly Dictionary<int, byte[]> versions = [];

    public byte[] Key { get; set; } = [];

    public byte[] this[int version] => versions[version];

    public void Add(int version, byte[] plain) => versions[version] = plain;

    public void Dispose()
    {
        foreach (var plain in versions.Values)
            CryptographicOperations.ZeroMemory(plain);
        CryptographicOperations.ZeroMemory(Key);
    }
}
