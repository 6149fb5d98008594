using AccessHive.Core.Kernel;
using AccessHive.Core.Requests;

namespace AccessHive.Web.Demo;

/// <summary>Who has a page open, as the story has it.</summary>
public sealed class ScenePresence : IPresence
{
    private IReadOnlySet<PersonId> here = new HashSet<PersonId>();

    /// <summary>From now on exactly these people are here.</summary>
    public void Are(params IEnumerable<PersonId> people) => Interlocked.Exchange(ref here, people.ToHashSet());

    /// <inheritdoc/>
    public IReadOnlySet<PersonId> Here() => Volatile.Read(ref here);
}
