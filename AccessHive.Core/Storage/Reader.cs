using AccessHive.Core.Kernel;
using Microsoft.EntityFrameworkCore;

namespace AccessHive.Core.Storage;

/// <summary>Who reads, with the roles they have now; somebody who may not act any more reads with none.</summary>
internal static class Reader
{
    public static async Task<Actor> AsActorAsync(HiveContext db, PersonId caller, CancellationToken cancellation)
        => await db.People.AsNoTracking().SingleOrDefaultAsync(p => p.Id == caller, cancellation) is { IsActive: true } person
            ? person.AsActor()
            : new Actor(caller, "", Roles.None);
}
