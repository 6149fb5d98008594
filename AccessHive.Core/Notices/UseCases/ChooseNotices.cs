using AccessHive.Core.Audit;
using AccessHive.Core.Kernel;
using AccessHive.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace AccessHive.Core.Notices.UseCases;

/// <summary>How somebody is told by mail.</summary>
/// <param name="Wants">Whether mails come that are not urgent.</param>
/// <param name="MailIsOn">Whether the agency sends mail at all.</param>
public sealed record MailChoice(bool Wants, bool MailIsOn);

/// <summary>Each person chooses for themselves; urgent mails always come.</summary>
public sealed class ChooseNotices(Work work, IDbContextFactory<HiveContext> contexts)
{
    /// <summary>The choice as it is.</summary>
    public async Task<MailChoice> ReadAsync(PersonId caller, CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var wants = !await db.NoticeChoices.AnyAsync(c => c.PersonId == caller && !c.WantsMail, cancellation);
        return new MailChoice(wants, await db.NoticeSettings.AnyAsync(s => s.Mail.On, cancellation));
    }

    /// <summary>Chooses.</summary>
    public Task<Result<Done>> ChooseAsync(PersonId caller, bool wantsMail, CancellationToken cancellation = default)
        => work.RunAsync<Done>(caller, new Attempt("choose how to be told", Emergency: false, new Subject(caller)), async turn =>
        {
            (await OwnAsync(turn, caller)).Choose(turn.By, wantsMail, turn.Now);
            return Done.Yes;
        }, cancellation);

    /// <summary>A browser of theirs says in which zone it is: mails speak of times there. Written only when it changes.</summary>
    public async Task RememberZoneAsync(PersonId caller, string zone, CancellationToken cancellation = default)
    {
        await using (var db = await contexts.CreateDbContextAsync(cancellation))
        {
            if (await db.NoticeChoices.AnyAsync(c => c.PersonId == caller && c.Zone == zone, cancellation) || !await db.People.AnyAsync(p => p.Id == caller, cancellation))
                return;
        }

        await work.RunAsAsync<Done>(Actor.System, async turn =>
        {
            (await OwnAsync(turn, caller)).IsIn(zone);
            return Done.Yes;
        }, cancellation);
    }

    private static async Task<NoticeChoice> OwnAsync(Turn turn, PersonId person)
        => await turn.Db.NoticeChoices.FindAsync([person], turn.Cancellation) ?? turn.Db.NoticeChoices.Add(NoticeChoice.Of(person)).Entity;
}
