using AccessHive.Core.Kernel;
using NodaTime;

namespace AccessHive.Core.Requests;

/// <summary>
/// Whom to ask, and who next (P8): a ladder inside the approval window. At once the approvers who are here now; at 25 %
/// every Approver, at 50 % every Admin too, at 75 % every Owner too. A circle that would add nobody is passed over, so
/// that no quarter of a short window is lost. Who may decide is read anew for each circle. The standard path knows no
/// ladder: everybody on the list is asked at once.
/// </summary>
public static class ApproverRouting
{
    /// <summary>How many circles there are.</summary>
    public const int Circles = 4;

    /// <summary>The next circle that adds somebody.</summary>
    /// <param name="request">A pending request.</param>
    /// <param name="deciders">Every active person who may decide this request, as they are now.</param>
    /// <param name="here">Who has a page open now.</param>
    /// <param name="now">The transaction's instant.</param>
    /// <returns>Whom to ask; which circle that makes; when the next one is due.</returns>
    public static (IReadOnlyList<Actor> Ask, int Circles, Instant? NextAt) Next(
        AccessRequest request, IReadOnlyCollection<Actor> deciders, IReadOnlySet<PersonId> here, Instant now)
    {
        var open = deciders.Where(d => request.MayBeDecidedBy(d) is null && request.Asks.All(a => !d.Is(a.PersonId))).ToList();
        if (!request.IsEmergency)
            return (open, Circles, null);
        for (var circle = request.CirclesAsked + 1; circle <= Circles; circle++)
        {
            var asked = open.Where(d => Belongs(d, circle, here)).ToList();
            if (asked.Count > 0)
                return (asked, circle, NextAt(request, circle, now));
        }

        return ([], Circles, null);
    }

    private static bool Belongs(Actor decider, int circle, IReadOnlySet<PersonId> here) => circle switch
    {
        1 => here.Contains(decider.Id!.Value),
        2 => decider.Has(Roles.Approver),
        3 => decider.Has(Roles.Admin),
        _ => decider.Has(Roles.Owner),
    };

    private static Instant? NextAt(AccessRequest request, int circle, Instant now)
    {
        if (circle >= Circles)
            return null;
        var due = request.RaisedAt + (request.DecideBy - request.RaisedAt) * circle / Circles;
        return due > now ? due : now;
    }
}

/// <summary>Who has a page open now.</summary>
public interface IPresence
{
    /// <summary>The people who are here.</summary>
    IReadOnlySet<PersonId> Here();
}
