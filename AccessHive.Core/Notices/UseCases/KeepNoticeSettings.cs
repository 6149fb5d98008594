using System.Security.Cryptography;
using AccessHive.Core.Audit;
using AccessHive.Core.Jobs;
using AccessHive.Core.Kernel;
using AccessHive.Core.Storage;
using AccessHive.Core.Vault;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace AccessHive.Core.Notices.UseCases;

/// <summary>What the Notices card shows to those who edit it.</summary>
/// <param name="Mail">The mail server.</param>
/// <param name="HasPassword">Whether a password is kept for it.</param>
/// <param name="Revision">Which edit this is; an edit names the revision it was made on.</param>
/// <param name="EditedAt">When it was last edited.</param>
/// <param name="EditedBy">Who last edited it.</param>
public sealed record NoticeCard(MailServer Mail, bool HasPassword, int Revision, Instant? EditedAt, string? EditedBy);

/// <summary>A mail that needs a person.</summary>
/// <param name="Id">The notice.</param>
/// <param name="Reader">Whom it was for.</param>
/// <param name="Title">What it tells.</param>
/// <param name="CreatedAt">When that happened.</param>
/// <param name="FailedAt">When the latest try failed.</param>
/// <param name="Problem">Why.</param>
/// <param name="IsGivenUp">Whether no other try follows by itself.</param>
public sealed record MailInTrouble(NoticeId Id, string Reader, string Title, Instant CreatedAt, Instant FailedAt, string Problem, bool IsGivenUp);

/// <summary>How mail goes.</summary>
/// <param name="Waiting">How many mails wait for their first try.</param>
/// <param name="SentToday">How many went out in the last 24 hours.</param>
/// <param name="Trouble">Those that failed, the latest first; at most <see cref="Most"/>.</param>
/// <param name="Owed">Entries of the trail of which nobody could be told yet.</param>
public sealed record MailTraffic(int Waiting, int SentToday, IReadOnlyList<MailInTrouble> Trouble, int Owed)
{
    /// <summary>Mails in trouble that are listed.</summary>
    public const int Most = 50;
}

/// <summary>The Notices card: reads, saves, tests, and tries again what was given up. Owner and Admin only.</summary>
public sealed class KeepNoticeSettings(Work work, IDbContextFactory<HiveContext> contexts, HouseSeal seal, MailPost post, HiveClock clock)
{
    /// <summary>The card as it is now; nothing for people who don't edit it.</summary>
    public async Task<NoticeCard?> ReadAsync(PersonId caller, CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        if (!(await Reader.AsActorAsync(db, caller, cancellation)).Has(RolePermissions.SettingsEditors))
            return null;
        var settings = await db.NoticeSettings.AsNoTracking().SingleOrDefaultAsync(cancellation) ?? NoticeSettings.Default();
        var editor = settings.EditedBy is { } by ? await db.People.Where(p => p.Id == by).Select(p => p.Name).SingleOrDefaultAsync(cancellation) : null;
        return new NoticeCard(settings.Mail, settings.HasPassword, settings.Revision, settings.EditedAt, editor);
    }

    /// <summary>How mail goes now; nothing for people who don't edit the card.</summary>
    public async Task<MailTraffic?> TrafficAsync(PersonId caller, CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        if (!(await Reader.AsActorAsync(db, caller, cancellation)).Has(RolePermissions.SettingsEditors))
            return null;
        var yesterday = clock.Now - Duration.FromHours(24);
        var mails = db.Notices.Where(n => n.Way == NoticeWay.Email);
        var failed = mails.Where(n => n.State == NoticeState.Failed || n.State == NoticeState.GivenUp).OrderByDescending(n => n.FailedAt).Take(MailTraffic.Most);
        var stories = await NoticeStories.OfAsync(db, failed, cancellation);
        var open = await OpenAsync(db, stories.Select(s => s.Notice), cancellation);
        var readers = stories.Select(s => s.Notice.PersonId).Distinct().ToList();
        var names = await db.People.Where(p => readers.Contains(p.Id)).ToDictionaryAsync(p => p.Id, p => p.Name, cancellation);
        return new MailTraffic(
            await mails.CountAsync(n => n.State == NoticeState.Queued, cancellation),
            await mails.CountAsync(n => n.State == NoticeState.Sent && n.SentAt > yesterday, cancellation),
            [.. stories.OrderByDescending(s => s.Notice.FailedAt).Select(s => new MailInTrouble(
                s.Notice.Id, names[s.Notice.PersonId], NoticeWords.Title(s.Story), s.Notice.CreatedAt, s.Notice.FailedAt!.Value, s.Notice.Problem, !open.Contains(s.Notice.Id)))],
            await db.NoticeDebts.CountAsync(cancellation));
    }

    /// <summary>Saves the values, in force with the commit.</summary>
    /// <returns>Done; or what <see cref="NoticeSettings.Edit"/> refuses.</returns>
    public Task<Result<Done>> SaveAsync(PersonId caller, MailServer mail, int madeOn, CancellationToken cancellation = default)
        => work.RunAsync<Done>(caller, Attempt("edit the settings of notices"), async turn =>
        {
            var settings = await SettingsAsync(turn);
            var saved = settings.Edit(turn.By, mail, madeOn, turn.Now);
            if (!saved.IsRefused && !settings.HasPassword)
                await ForgetPasswordAsync(turn);
            return saved;
        }, cancellation);

    /// <summary>Keeps the password of the mail server, sealed. The bytes are wiped, whatever comes of them.</summary>
    /// <returns>Done; or <c>mail-password-not-usable</c>, or what <see cref="NoticeSettings.EnterPassword"/> refuses.</returns>
    public async Task<Result<Done>> EnterPasswordAsync(PersonId caller, byte[] password, CancellationToken cancellation = default)
    {
        try
        {
            return await work.RunAsync<Done>(caller, Attempt("enter the password of the mail server"), async turn =>
            {
                if (password.Length is 0 or > MailServer.PasswordLength || password.AsSpan().ContainsAny((byte)'\r', (byte)'\n', (byte)0))
                    return turn.By.Has(RolePermissions.SettingsEditors) ? NoticeRefusals.MailPasswordNotUsable : NoticeRefusals.NotSettingsEditor;
                var entered = (await SettingsAsync(turn)).EnterPassword(turn.By, turn.Now);
                if (entered.IsRefused)
                    return entered.Refusal;
                await ForgetPasswordAsync(turn);
                turn.Db.HouseKeys.Add(new HouseKey { Name = HousePurpose.MailPassword, Sealed = seal.Seal(HousePurpose.MailPassword, password), KeyId = seal.KeyId });
                return Done.Yes;
            }, cancellation);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(password);
        }
    }

    /// <summary>Sends a mail to the caller's own address, by the settings as they are saved, and says what happened.</summary>
    /// <returns>What the mail server said; or <c>not-settings-editor</c>, <c>mail-is-off</c>.</returns>
    public async Task<Result<MailAnswer>> SendTestAsync(PersonId caller, CancellationToken cancellation = default)
    {
        var begun = await work.RunAsync<Test>(caller, Attempt("send a test mail"), BeginTestAsync, cancellation);
        if (begun.IsRefused)
            return begun.Refusal;
        var test = begun.Value;
        MailAnswer answer;
        try
        {
            answer = await post.SendAsync(test.Mail, test.Password, test.Message, cancellation);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(test.Password);
        }

        await work.RunAsync<Done>(caller, Attempt("send a test mail"), turn =>
        {
            turn.Db.Note(new MailTested(turn.Now, turn.By, answer.Words));
            return Task.FromResult<Result<Done>>(Done.Yes);
        }, CancellationToken.None);
        return answer;
    }

    /// <summary>Tries again what was given up: one mail, or all of them.</summary>
    /// <returns>How many; or <c>not-settings-editor</c>, <c>mail-is-off</c>, <c>notice-not-given-up</c>.</returns>
    public Task<Result<int>> RetryAsync(PersonId caller, NoticeId? one = null, CancellationToken cancellation = default)
        => work.RunAsync<int>(caller, Attempt("try mails again"), async turn =>
        {
            if (!turn.By.Has(RolePermissions.SettingsEditors))
                return NoticeRefusals.NotSettingsEditor;
            if (!(await SettingsAsync(turn)).Mail.On)
                return NoticeRefusals.MailIsOff;
            var failed = await turn.Db.Notices.Where(n => n.Way == NoticeWay.Email && (n.State == NoticeState.Failed || n.State == NoticeState.GivenUp) && (one == null || n.Id == one)).ToListAsync(turn.Cancellation);
            var open = await OpenAsync(turn.Db, failed, turn.Cancellation);
            var mails = failed.Where(n => !open.Contains(n.Id)).ToList();
            if (mails.Count == 0)
                return NoticeRefusals.NoticeNotGivenUp;
            foreach (var mail in mails)
            {
                mail.TryAgain().Require();
                turn.Db.Jobs.Add(NoticeWriter.JobFor(mail, turn.Now));
            }

            turn.Db.Note(new MailRetried(turn.Now, turn.By, mails.Count));
            return mails.Count;
        }, cancellation);

    // A process can die in the last try, which then is over without having said so: what counts is whether a job is left.
    private static async Task<HashSet<NoticeId>> OpenAsync(HiveContext db, IEnumerable<Notice> mails, CancellationToken cancellation)
    {
        var byJob = mails.ToDictionary(n => n.Id.ToString(), n => n.Id, StringComparer.Ordinal);
        var open = await db.Jobs.Where(j => j.Kind == NoticeWriter.MailJob && byJob.Keys.Contains(j.About) && (j.State == JobState.Queued || j.State == JobState.Running)).Select(j => j.About).ToListAsync(cancellation);
        return [.. open.Select(about => byJob[about])];
    }

    private static Attempt Attempt(string what) => new(what, Emergency: false, Subject.Nothing);

    private static async Task<NoticeSettings> SettingsAsync(Turn turn)
        => await turn.Db.NoticeSettings.SingleOrDefaultAsync(turn.Cancellation) ?? turn.Db.NoticeSettings.Add(NoticeSettings.Default()).Entity;

    private static Task<int> ForgetPasswordAsync(Turn turn) => turn.Db.HouseKeys.Where(k => k.Name == HousePurpose.MailPassword).ExecuteDeleteAsync(turn.Cancellation);

    private async Task<Result<Test>> BeginTestAsync(Turn turn)
    {
        if (!turn.By.Has(RolePermissions.SettingsEditors))
            return NoticeRefusals.NotSettingsEditor;
        var settings = await turn.Db.NoticeSettings.AsNoTracking().SingleOrDefaultAsync(turn.Cancellation);
        if (settings is not { Mail.On: true })
            return NoticeRefusals.MailIsOff;
        var reader = await turn.Db.People.AsNoTracking().SingleAsync(p => p.Id == turn.By.Id, turn.Cancellation);
        var agency = await turn.Db.Agency.AsNoTracking().SingleAsync(turn.Cancellation);
        var kept = settings.HasPassword ? await turn.Db.HouseKeys.AsNoTracking().SingleOrDefaultAsync(k => k.Name == HousePurpose.MailPassword, turn.Cancellation) : null;
        var name = $"{NoticeId.New().Value:n}@{settings.Mail.From[(settings.Mail.From.IndexOf('@', StringComparison.Ordinal) + 1)..]}";
        var message = new OutgoingMail(Letter.Test(turn.By.Name, agency.Name, settings.Mail.PublicAddress), name, reader.Name, reader.Email, turn.Now);
        return new Test(settings.Mail, kept is null ? [] : seal.Open(HousePurpose.MailPassword, kept.Sealed), message);
    }

    private sealed record Test(MailServer Mail, byte[] Password, OutgoingMail Message);
}
