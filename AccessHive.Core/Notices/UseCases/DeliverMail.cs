using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using AccessHive.Core.Agency;
using AccessHive.Core.Jobs;
using AccessHive.Core.Kernel;
using AccessHive.Core.Live;
using AccessHive.Core.Requests;
using AccessHive.Core.Storage;
using AccessHive.Core.Vault;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace AccessHive.Core.Notices.UseCases;

/// <summary>
/// Sends a mail of the outbox, at least once: between the moment the server has taken it and the moment this is written down,
/// a process can die. The next try sends it again under the same name (its Message-ID), by which a receiver knows it.
/// </summary>
public sealed class DeliverMail(Work work, IDbContextFactory<HiveContext> contexts, HouseSeal seal, MailPost post, LiveFeed feed, HiveClock clock) : IJobHandler
{
    /// <inheritdoc/>
    public string Kind => NoticeWriter.MailJob;

    /// <inheritdoc/>
    public async Task<JobOutcome> RunAsync(JobRun run, CancellationToken cancellation)
    {
        var id = new NoticeId(Guid.Parse(run.About, CultureInfo.InvariantCulture));
        var (letter, over) = await WriteAsync(id, cancellation);
        if (letter is null)
        {
            await ChangeAsync(id, (notice, now) => notice.Drop(over, now), cancellation);
            return JobOutcome.Done;
        }

        MailAnswer answer;
        try
        {
            answer = await post.SendAsync(letter.Server, letter.Password, letter.Mail, cancellation);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(letter.Password);
        }

        if (answer.Sent)
        {
            await ChangeAsync(id, (notice, now) => notice.MarkSent(now), CancellationToken.None);
            return JobOutcome.Done;
        }

        var isLast = answer.IsFinal || run.IsLast;
        await ChangeAsync(id, (notice, now) => notice.MarkFailed(answer.Words, isLast, now), cancellation);
        return isLast ? JobOutcome.GiveUp(answer.Words) : JobOutcome.Again(answer.Words);
    }

    private async Task ChangeAsync(NoticeId id, Action<Notice, Instant> change, CancellationToken cancellation)
    {
        Notice? changed = null;
        await work.RunAsAsync<Done>(Actor.System, async turn =>
        {
            changed = await turn.Db.Notices.SingleOrDefaultAsync(n => n.Id == id, turn.Cancellation);
            if (changed is not null)
                change(changed, turn.Now);
            return Done.Yes;
        }, cancellation);
        feed.Tell(NoticeSignals.Moved, changed?.ConcernedId, clock.Now, changed);
    }

    // Everything is read anew for each try: what was true when it was queued may be over.
    private async Task<(Ready? Ready, string Over)> WriteAsync(NoticeId id, CancellationToken cancellation)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        if (await NoticeStories.OfAsync(db, db.Notices.Where(n => n.Id == id && n.Way == NoticeWay.Email), cancellation) is not [var (notice, story)] || notice.State == NoticeState.Sent)
            return (null, "It went out before.");
        if (await db.NoticeSettings.AsNoTracking().SingleOrDefaultAsync(cancellation) is not { Mail.On: true } settings)
            return (null, "E-mail was switched off before it could go out.");
        if (await db.People.AsNoTracking().SingleAsync(p => p.Id == notice.PersonId, cancellation) is not { IsActive: true } reader)
            return (null, "The reader left before it could go out.");
        if (await IsOverAsync(db, notice, cancellation))
            return (null, "It was settled before it could go out.");
        var agency = await db.Agency.AsNoTracking().SingleAsync(cancellation);
        var zone = await db.NoticeChoices.Where(c => c.PersonId == reader.Id).Select(c => c.Zone).FirstOrDefaultAsync(cancellation);
        var letter = Letter.Of(story, agency.Name, settings.Mail.PublicAddress, LetterZone.Of(zone, agency.Zone), notice.Anchor, await CheckpointAsync(db, notice, cancellation));
        var mail = new OutgoingMail(letter, MessageIdOf(id, settings.Mail), reader.Name, reader.Email, notice.CreatedAt);
        return (new Ready(settings.Mail, await PasswordAsync(db, settings, cancellation), mail), "");
    }

    private async Task<bool> IsOverAsync(HiveContext db, Notice notice, CancellationToken cancellation)
    {
        if (notice.Kind != NoticeKind.DecisionWanted)
            return await db.Notices.AnyAsync(n => n.PersonId == notice.PersonId && n.Way == NoticeWay.InApp && n.Seq == notice.Seq && n.OverAt != null, cancellation);
        var now = clock.Now;
        return !await db.Requests.AnyAsync(r => r.Id == notice.RequestId && r.State == RequestState.Pending && r.DecideBy > now, cancellation);
    }

    // The weekly digest carries a whole signed checkpoint.
    private static async Task<string> CheckpointAsync(HiveContext db, Notice notice, CancellationToken cancellation)
        => notice.Kind == NoticeKind.WeekToReview && await db.TrailCheckpoints.OrderByDescending(c => c.Id).Select(c => c.Note).FirstOrDefaultAsync(cancellation) is { } note
            ? Encoding.UTF8.GetString(note)
            : "";

    private async Task<byte[]> PasswordAsync(HiveContext db, NoticeSettings settings, CancellationToken cancellation)
        => settings.HasPassword && await db.HouseKeys.AsNoTracking().SingleOrDefaultAsync(k => k.Name == HousePurpose.MailPassword, cancellation) is { } kept
            ? seal.Open(HousePurpose.MailPassword, kept.Sealed)
            : [];

    private static string MessageIdOf(NoticeId id, MailServer server) => $"{id.Value:n}@{server.From[(server.From.IndexOf('@', StringComparison.Ordinal) + 1)..]}";

    private sealed record Ready(MailServer Server, byte[] Password, OutgoingMail Mail);
}
