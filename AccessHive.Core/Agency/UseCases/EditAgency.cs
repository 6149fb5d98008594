using AccessHive.Core.Audit;
using AccessHive.Core.Kernel;
using AccessHive.Core.Storage;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace AccessHive.Core.Agency.UseCases;

/// <summary>What the agency's card shows.</summary>
/// <param name="Details">The values in force.</param>
/// <param name="Revision">Which edit this is; an edit names the revision it was made on.</param>
/// <param name="EditedAt">When it was last edited.</param>
/// <param name="EditedBy">Who last edited it.</param>
public sealed record AgencyCard(AgencyDetails Details, int Revision, Instant? EditedAt, string? EditedBy);

/// <summary>Reads and saves what the agency says of itself: name, zone, working hours, weekly review, review due (P12, P13).</summary>
public sealed class EditAgency(Work work, IDbContextFactory<HiveContext> contexts)
{
    /// <summary>The card as it is now.</summary>
    public async Task<AgencyCard> ReadAsync(CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var agency = await db.Agency.AsNoTracking().SingleAsync(cancellation);
        var editor = agency.EditedBy is { } id ? await db.People.Where(p => p.Id == id).Select(p => p.Name).SingleOrDefaultAsync(cancellation) : null;
        return new AgencyCard(agency.Details, agency.Revision, agency.EditedAt, editor);
    }

    /// <summary>Saves the card; in force with the commit.</summary>
    /// <param name="caller">The editor.</param>
    /// <param name="details">All values from now on.</param>
    /// <param name="madeOn">The revision the editor was looking at.</param>
    /// <param name="cancellation">Cancels before the commit.</param>
    /// <returns>Done; or what <see cref="AgencySettings.Edit"/> refuses.</returns>
    public Task<Result<Done>> SaveAsync(PersonId caller, AgencyDetails details, int madeOn, CancellationToken cancellation = default)
        => work.RunAsync(caller, new Attempt("edit the agency's settings", Emergency: false, Subject.Nothing), async turn =>
            (await turn.Db.Agency.SingleAsync(turn.Cancellation)).Edit(turn.By, details, madeOn, turn.Now), cancellation);
}
