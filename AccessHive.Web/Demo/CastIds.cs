using AccessHive.Core.Agency.UseCases;
using AccessHive.Core.Kernel;

namespace AccessHive.Web.Demo;

/// <summary>Which person each member of the cast is in this database.</summary>
public sealed class CastIds
{
    private readonly Dictionary<CastMember, PersonId> ids = [];

    /// <summary>The person.</summary>
    /// <exception cref="KeyNotFoundException">They don't belong to this agency.</exception>
    public PersonId this[CastMember member] => ids[member];

    /// <summary>Whether they belong to this agency.</summary>
    public bool Knows(CastMember member) => ids.ContainsKey(member);

    /// <summary>Takes note of somebody who just joined the cast.</summary>
    public void Add(CastMember member, PersonId id) => ids.Add(member, id);

    /// <summary>Finds the cast in a database, by their addresses.</summary>
    public static async Task<CastIds> ReadAsync(IServiceProvider services, CancellationToken cancellation)
    {
        var people = await services.GetRequiredService<ManagePeople>().ListAsync(cancellation);
        var cast = new CastIds();
        foreach (var member in DemoCast.All.Append(DemoCast.Invited))
        {
            if (people.FirstOrDefault(p => p.Email == member.Email) is { } person)
                cast.Add(member, person.Id);
        }

        return cast;
    }
}
